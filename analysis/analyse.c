/* SPDX-License-Identifier: MIT */
#include "analysis/analyse.h"

#include "analysis/controls.h"
#include "analysis/costs.h"
#include "analysis/draft.h"
#include "analysis/proofs.h"
#include "analysis/self_checks.h"
#include "analysis/straight_line.h"
#include "analysis/trust.h"

#include <errno.h>
#include <stdlib.h>

/* Findings from the drafts: cells, crossings, and what the samples count. */
static int analyse_publish(const struct drafts *drafts,
			   struct findings *findings)
{
	const struct samples *samples = &drafts->samples;

	findings->cells = calloc(drafts->count + 1, sizeof(struct cell));
	findings->crossings =
		calloc(drafts->count + 1, sizeof(struct crossing));
	if (!findings->cells || !findings->crossings)
		return -ENOMEM;
	for (size_t i = 0; i < drafts->count; i++)
		if (drafts->list[i].key.n > 0)
			findings->cells[findings->ncells++] =
				drafts->list[i].cell;
	findings->rounds = samples->rounds;
	findings->dropped = samples->dropped;
	findings->gated = samples->gated;
	for (int p = 0; p < 2 && samples->placements[p]; p++)
		findings->placements[findings->nplacements++] =
			samples->placements[p];
	return crossings_make(drafts, findings);
}

static int analyse_samples(struct drafts *drafts, bool gate,
			   struct findings *findings)
{
	int rc = samples_make(drafts->record, gate, &drafts->samples);

	if (rc == 0)
		rc = cells_make(drafts);
	if (rc == 0)
		rc = proofs_judge(drafts);
	if (rc == 0)
		rc = notes_apply(drafts);
	if (rc)
		return rc;
	drafts_sort(drafts);
	return analyse_publish(drafts, findings);
}

/* What is said besides cells and crossings. */
static int analyse_rest(const struct drafts *drafts, struct findings *findings)
{
	const struct record *record = drafts->record;
	int rc = samples_harness(record, &findings->harness_ns);

	if (rc == 0)
		rc = controls_judge(findings, record);
	if (rc == 0)
		rc = self_checks_judge(findings, record,
				       drafts->samples.longest_ns);
	if (rc == 0)
		rc = costs_judge(findings, record);
	if (rc == 0)
		rc = model_judge(findings, record);
	return rc ? rc : trust_judge(findings, record);
}

/* `gate`: leave out disturbed rounds; else give cells and crossings only. */
static struct findings *analyse_rounds(const struct record *record, bool gate)
{
	struct drafts drafts = {.record = record};
	struct findings *findings = calloc(1, sizeof(*findings));

	if (!findings)
		return NULL;
	if (analyse_samples(&drafts, gate, findings) < 0 ||
	    (gate && analyse_rest(&drafts, findings) < 0)) {
		findings_free(findings);
		findings = NULL;
	}
	drafts_free(&drafts);
	return findings;
}

/* What would be said if no round was left out. */
static void analyse_note_ungated(struct findings *findings,
				 const struct findings *ungated)
{
	for (size_t i = 0; i < findings->ncrossings; i++) {
		struct crossing *crossing = &findings->crossings[i];

		crossing->ungated = crossing->at;
		for (size_t k = 0; k < ungated->ncrossings; k++)
			if (pair_equal(&crossing->pair,
				       &ungated->crossings[k].pair))
				crossing->ungated = ungated->crossings[k].at;
	}
}

struct findings *findings_make(const struct record *record)
{
	struct findings *findings = analyse_rounds(record, true), *ungated;

	if (!findings)
		return NULL;
	ungated = findings->gated ? analyse_rounds(record, false) : findings;
	if (!ungated) {
		findings_free(findings);
		return NULL;
	}
	analyse_note_ungated(findings, ungated);
	if (ungated != findings)
		findings_free(ungated);
	return findings;
}
