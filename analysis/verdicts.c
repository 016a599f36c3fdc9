/* SPDX-License-Identifier: MIT */
#include "analysis/verdicts.h"
#include "analysis/analyse.h"

#include "analysis/findings.h"
#include "results/json_value.h"

#include <errno.h>

static int verdict_put_verdict(struct record *record,
			       const struct crossing *crossing)
{
	const struct pair *pair = &crossing->pair;
	const struct breakeven *at = &crossing->at;

	return record_put_verdict(
		record,
		json_pack("{s:s,s:s,s:s,s:i,s:s,s:s,s:o,s:o,s:o}", "kernel",
			  pair->kernel, "runner", pair->runner, "base",
			  pair->base, "workers", (int)pair->workers,
			  "placement", pair->placement, "verdict",
			  breakeven_verdict_names[at->verdict], "n_star",
			  json_number(at->n_star), "n_lo",
			  json_number(at->n_lo), "n_hi",
			  json_number(at->n_hi)));
}

int verdicts_put(struct record *record)
{
	struct record whole = *record;
	struct findings *findings;
	int rc = 0;

	whole.ended = whole.complete = true;
	findings = findings_make(&whole);
	if (!findings)
		return -ENOMEM;
	for (size_t i = 0; rc == 0 && i < findings->ncrossings; i++)
		rc = verdict_put_verdict(record, &findings->crossings[i]);
	if (rc == 0)
		rc = record_put_verdict(
			record,
			json_pack("{s:b}", "trusted", (int)findings->trusted));
	findings_free(findings);
	return rc;
}
