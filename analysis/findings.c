/* SPDX-License-Identifier: MIT */
#include "analysis/findings.h"

#include "analysis/controls.h"
#include "analysis/costs.h"
#include "analysis/proof.h"
#include "analysis/samples.h"
#include "analysis/straight_line.h"
#include "analysis/trust.h"
#include "core/number.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ERROR_RATE 0.05 /* of all comparisons of a table */

/* A cell and where it stands. n == 0: a pair of which nothing is known but a
 * note; it gets a crossing, and no cell. */
struct draft {
	struct key key;
	struct cell cell;
};

struct analysis {
	const struct record *record;
	bool gate; /* leave out rounds that a canary says were disturbed */
	struct samples samples;
	size_t count, room;
	struct draft *drafts;
	struct findings *findings;
};

bool pair_equal(const struct pair *a, const struct pair *b)
{
	return strcmp(a->kernel, b->kernel) == 0 &&
	       strcmp(a->base, b->base) == 0 &&
	       strcmp(a->runner, b->runner) == 0 && a->workers == b->workers &&
	       strcmp(a->placement, b->placement) == 0;
}

static const struct interval unknown = {-INFINITY, INFINITY};

/* ------------------------------------------------------------- drafts */

static struct pair pair_of(const struct analysis *analysis,
			   const struct key *key)
{
	const struct record *record = analysis->record;
	const struct samples *samples = &analysis->samples;
	struct pair pair = {
		.kernel = samples->kernels.list[key->kernel],
		.runner = samples->runners.list[key->runner],
		.workers = key->workers,
		.placement = samples->placements[key->placement],
		.base = key->base ? samples->runners.list[key->base - 1]
				  : "serial",
		.regime = "unknown",
	};

	for (size_t r = record->nrunners; r-- > 0;)
		if (strcmp(record->runners[r].spec, pair.runner) == 0)
			pair.regime = record->runners[r].regime;
	return pair;
}

static struct draft *add_draft(struct analysis *analysis, const struct key *key)
{
	struct draft *draft;

	if (analysis->count == analysis->room) {
		size_t room = analysis->room ? 2 * analysis->room : 64;
		struct draft *grown =
			reallocarray(analysis->drafts, room, sizeof(*grown));

		if (!grown)
			return NULL;
		analysis->drafts = grown;
		analysis->room = room;
	}
	draft = &analysis->drafts[analysis->count++];
	*draft = (struct draft){
		.key = *key,
		.cell = {.pair = pair_of(analysis, key),
			 .n = key->n,
			 .serial_ns = NAN,
			 .runner_ns = NAN,
			 .direct_ns = NAN,
			 .log_ratio = NAN,
			 .interval = unknown,
			 .cpu_log_ratio = NAN,
			 .cpu_interval = unknown,
			 .verdict = CELL_UNRESOLVED},
	};
	return draft;
}

/* ------------------------------------------------------------- cells */

/* What one number of a sample is. */
typedef double sample_value(const struct sample *sample);

static double serial_ns(const struct sample *sample)
{
	return sample->serial_ns;
}

static double runner_ns(const struct sample *sample)
{
	return sample->runner_ns;
}

static double direct_ns(const struct sample *sample)
{
	return sample->direct_ns;
}

/* NaN where the clock could not tell. */
static double log_ratio(const struct sample *sample)
{
	if (!(sample->serial_ns > 0 && sample->runner_ns > 0))
		return NAN;
	return log(sample->serial_ns / sample->runner_ns);
}

/* Values of samples that count; returns how many there are. */
static size_t values_of(const struct sample *samples, size_t count,
			sample_value *value, double *out)
{
	size_t kept = 0;

	for (size_t i = 0; i < count; i++) {
		double x = value(&samples[i]);

		if (!isnan(log_ratio(&samples[i])) && !isnan(x))
			out[kept++] = x;
	}
	return kept;
}

static double median_of(const struct sample *samples, size_t count,
			sample_value *value, double *scratch)
{
	size_t kept = values_of(samples, count, value, scratch);

	return stats_find_median(scratch, kept);
}

/* NaN where CPU times are not known. */
static double cpu_log_ratio(const struct sample *sample)
{
	if (!(sample->serial_cpu_ns > 0 && sample->runner_cpu_ns > 0))
		return NAN;
	return log(sample->serial_cpu_ns / sample->runner_cpu_ns);
}

/* Of so many samples of one cell; `comparisons` cells share the error rate. */
static struct stats_estimate estimate_of(const struct sample *samples,
					 size_t count, sample_value *value,
					 size_t comparisons, double *scratch,
					 struct stats_value *values)
{
	size_t kept = 0;

	for (size_t i = 0; i < count; i++)
		if (!isnan(value(&samples[i])))
			values[kept++] = (struct stats_value){
				value(&samples[i]), samples[i].generation};
	return stats_estimate(
		values, kept,
		ERROR_RATE * stats_look_share(kept) / (double)comparisons,
		FINDINGS_GENERATIONS_SHARE * ERROR_RATE / (double)comparisons,
		scratch);
}

static void measure_cell(struct cell *cell, const struct sample *samples,
			 size_t count, size_t comparisons, double *scratch,
			 struct stats_value *values)
{
	struct stats_estimate estimate = estimate_of(
		samples, count, log_ratio, comparisons, scratch, values);
	struct stats_estimate cpu;

	cell->tiles = samples->tiles;
	cell->rounds = estimate.count;
	cell->generations = estimate.generations;
	if (cell->rounds == 0) {
		cell->reason = "below the clock's resolution";
		return;
	}
	cell->log_ratio = estimate.median;
	cell->interval = estimate.interval;
	cell->verdict = stats_verdict(cell->interval);
	cpu = estimate_of(samples, count, cpu_log_ratio, comparisons, scratch,
			  values);
	cell->cpu_log_ratio = cpu.median;
	cell->cpu_interval = cpu.interval;
	cell->serial_ns = median_of(samples, count, serial_ns, scratch);
	cell->runner_ns = median_of(samples, count, runner_ns, scratch);
	cell->direct_ns = median_of(samples, count, direct_ns, scratch);
}

/* Cells of the same kernel, base and placement: those that are read
 * together. */
static size_t count_comparisons(const struct samples *samples,
				const struct key *key)
{
	size_t count = 0;

	for (size_t i = 0; i < samples->count; i = samples_cell_end(samples, i))
		count += samples->list[i].key.kernel == key->kernel &&
			 samples->list[i].key.base == key->base &&
			 samples->list[i].key.placement == key->placement;
	return count;
}

static int make_cells(struct analysis *analysis)
{
	const struct samples *samples = &analysis->samples;
	double *scratch = calloc(samples->count + 1, sizeof(*scratch));
	struct stats_value *values =
		calloc(samples->count + 1, sizeof(*values));
	struct key last = {.kernel = SIZE_MAX};
	size_t comparisons = 0, end;
	int rc = scratch && values ? 0 : -ENOMEM;

	for (size_t begin = 0; rc == 0 && begin < samples->count; begin = end) {
		const struct key *key = &samples->list[begin].key;
		struct draft *draft = add_draft(analysis, key);

		end = samples_cell_end(samples, begin);
		if (!draft) {
			rc = -ENOMEM;
			break;
		}
		if (last.kernel != key->kernel || last.base != key->base ||
		    last.placement != key->placement)
			comparisons = count_comparisons(samples, key);
		last = *key;
		measure_cell(&draft->cell, samples->list + begin, end - begin,
			     comparisons, scratch, values);
	}
	free(scratch);
	free(values);
	return rc;
}

/* ------------------------------------------------------------- notes */

static enum cell_verdict note_verdict(const struct note *note)
{
	for (int v = CELL_INVALID; v <= CELL_FAILED; v++)
		if (strcmp(note->kind, cell_verdict_names[v]) == 0)
			return (enum cell_verdict)v;
	return CELL_FAILED;
}

/* Wrong is worse than failed, and that worse than skipped. */
static int severity(enum cell_verdict verdict)
{
	switch (verdict) {
	case CELL_INVALID:
		return 3;
	case CELL_FAILED:
		return 2;
	case CELL_SKIPPED:
		return 1;
	default:
		return 0;
	}
}

/* No time is published, whatever was seen. */
static void void_cell(struct cell *cell, const struct note *note)
{
	enum cell_verdict verdict = note_verdict(note);

	if (severity(verdict) <= severity(cell->verdict))
		return;
	*cell = (struct cell){
		.pair = cell->pair,
		.n = cell->n,
		.tiles = cell->tiles,
		.serial_ns = NAN,
		.runner_ns = NAN,
		.direct_ns = NAN,
		.log_ratio = NAN,
		.interval = unknown,
		.cpu_log_ratio = NAN,
		.cpu_interval = unknown,
		.verdict = verdict,
		.reason = note->reason,
	};
}

/* What is said of a base, besides serial, is said of all that is compared with
 * it there. */
static void apply_to_compared(struct analysis *analysis,
			      const struct note *note, const struct key *key)
{
	for (size_t i = 0; i < analysis->count; i++) {
		struct draft *draft = &analysis->drafts[i];

		if (draft->key.kernel == key->kernel &&
		    draft->key.base == key->runner + 1 &&
		    (note->n == 0 || draft->key.n == note->n))
			void_cell(&draft->cell, note);
	}
}

/* To a runner over the base of `key`: its cells, or else a new one. */
static int apply_note(struct analysis *analysis, const struct note *note,
		      struct key key)
{
	bool placed = false, found = false;
	struct draft *draft;

	for (size_t i = 0; i < analysis->count; i++) {
		draft = &analysis->drafts[i];
		if (draft->key.kernel != key.kernel ||
		    draft->key.base != key.base ||
		    draft->key.runner != key.runner ||
		    draft->key.workers != key.workers)
			continue;
		if (!placed || draft->key.placement < key.placement)
			key.placement = draft->key.placement;
		placed = true;
		if (note->n != 0 && draft->key.n != note->n)
			continue;
		void_cell(&draft->cell, note);
		found = true;
	}
	/* Over another base nothing is said of what was not measured. */
	if (found || (key.base && !placed))
		return 0;
	draft = add_draft(analysis, &key);
	if (!draft)
		return -ENOMEM;
	void_cell(&draft->cell, note);
	return 0;
}

/* At one kernel, over each base. */
static int apply_at(struct analysis *analysis, const struct note *note,
		    struct key key)
{
	const char *other = samples_base(analysis->record, note->runner);
	int rc = apply_note(analysis, note, key);

	apply_to_compared(analysis, note, &key);
	if (rc || !other)
		return rc;
	key.base = 1 + names_find(&analysis->samples.runners, other);
	return apply_note(analysis, note, key);
}

static int apply_notes(struct analysis *analysis)
{
	const struct record *record = analysis->record;
	struct names *kernels = &analysis->samples.kernels;
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < record->nnotes; i++) {
		const struct note *note = &record->notes[i];
		struct key key = {
			.runner = names_find(&analysis->samples.runners,
					     note->runner),
			.workers = note->workers,
			.n = note->n,
		};

		if (note->kernel) {
			key.kernel = names_find(kernels, note->kernel);
			rc = apply_at(analysis, note, key);
			continue;
		}
		for (; rc == 0 && key.kernel < kernels->count; key.kernel++)
			rc = apply_at(analysis, note, key);
	}
	return rc;
}

/* ------------------------------------------------------------- crossings */

/* A string that lives as long as the findings; NULL: out of memory. */
__attribute__((format(printf, 2, 3))) static const char *make_text(
	struct findings *findings, const char *format, ...)
{
	char **grown = reallocarray(findings->made, findings->nmade + 1,
				    sizeof(*grown));
	char *text;
	va_list args;
	int length;

	if (!grown)
		return NULL;
	findings->made = grown;
	va_start(args, format);
	length = vasprintf(&text, format, args);
	va_end(args);
	if (length < 0)
		return NULL;
	findings->made[findings->nmade++] = text;
	return text;
}

static bool measured(const struct draft *draft)
{
	return draft->cell.rounds > 0;
}

/* The first that broke, and with it what is said of larger sizes. */
static const struct draft *first_broken(const struct draft *drafts,
					size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (severity(drafts[i].cell.verdict) > severity(CELL_SKIPPED))
			return &drafts[i];
	return NULL;
}

static const struct draft *worst(const struct draft *drafts, size_t count)
{
	const struct draft *worst = drafts;

	for (size_t i = 1; i < count; i++)
		if (severity(drafts[i].cell.verdict) >
		    severity(worst->cell.verdict))
			worst = &drafts[i];
	return worst;
}

static size_t points_of(const struct draft *drafts, size_t count,
			const struct draft *broken, struct stats_point *points,
			struct crossing *crossing)
{
	size_t kept = 0;

	for (size_t i = 0; i < count && &drafts[i] != broken; i++) {
		const struct cell *cell = &drafts[i].cell;

		if (!measured(&drafts[i]))
			continue;
		points[kept++] = (struct stats_point){
			.n = (double)cell->n,
			.log_ratio = cell->log_ratio,
			.weight = (double)cell->rounds,
			.interval = cell->interval,
		};
		crossing->n_max = cell->n;
		crossing->asymptote = cell->log_ratio;
		crossing->asymptote_interval = cell->interval;
	}
	return kept;
}

/* Nothing was measured: the notes are all there is. */
static void judge_notes(struct crossing *crossing, const struct draft *drafts,
			size_t count)
{
	const struct cell *cell = &worst(drafts, count)->cell;

	crossing->reason = cell->reason;
	switch (cell->verdict) {
	case CELL_INVALID:
		crossing->at.verdict = BREAKEVEN_INVALID;
		break;
	case CELL_FAILED:
		crossing->at.verdict = BREAKEVEN_FAILED;
		break;
	case CELL_SKIPPED:
		crossing->at.verdict = BREAKEVEN_SKIPPED;
		break;
	default:
		break;
	}
}

static unsigned most_generations(const struct draft *drafts, size_t count)
{
	unsigned most = 0;

	for (size_t i = 0; i < count; i++)
		if (drafts[i].cell.generations > most)
			most = drafts[i].cell.generations;
	return most;
}

static int explain(struct findings *findings, struct crossing *crossing,
		   const struct draft *drafts, size_t count,
		   const struct draft *broken)
{
	unsigned generations = most_generations(drafts, count);

	if (broken)
		crossing->reason = make_text(
			findings,
			"%s at %s items, so larger sizes do not count: %s",
			cell_verdict_names[broken->cell.verdict],
			text_size(broken->cell.n).s, broken->cell.reason);
	else if (crossing->at.verdict == BREAKEVEN_UNRESOLVED &&
		 generations < FINDINGS_GENERATIONS)
		crossing->reason = make_text(
			findings, "seen in %u generation%s, it takes six",
			generations, generations == 1 ? "" : "s");
	else if (crossing->at.verdict == BREAKEVEN_UNRESOLVED &&
		 strcmp(crossing->pair.placement, findings->placements[0]) != 0)
		crossing->reason = make_text(
			findings, "the CPUs were %s at some sizes only",
			crossing->pair.placement);
	else
		return 0;
	return crossing->reason ? 0 : -ENOMEM;
}

/* All samples of a pair, which lie next to one another. */
static size_t samples_of_pair(const struct samples *samples,
			      const struct key *pair, struct stats_sample *out)
{
	size_t kept = 0;

	for (size_t i = 0; i < samples->count; i++) {
		const struct sample *sample = &samples->list[i];

		if (key_compare_pair(&sample->key, pair) == 0 &&
		    !isnan(log_ratio(sample)))
			out[kept++] = (struct stats_sample){
				.n = (double)sample->key.n,
				.log_ratio = log_ratio(sample),
				.generation = sample->generation,
			};
	}
	return kept;
}

/*
 * The sizes have proven that there is a break-even size between two of them:
 * all samples about it together say where. Not outside of what is proven.
 */
static int sharpen(const struct analysis *analysis, const struct draft *first,
		   struct crossing *found)
{
	struct breakeven *at = &found->at;
	struct stats_sample *list =
		calloc(analysis->samples.count + 1, sizeof(*list));
	struct stats_crossing crossing;
	int rc = -ENOMEM;

	if (list)
		rc = stats_crossing(
			list,
			samples_of_pair(&analysis->samples, &first->key, list),
			at->n_star, FINDINGS_CROSSING_RATE,
			FINDINGS_CROSSING_GENERATIONS_RATE, &crossing);
	free(list);
	if (rc == 0 && crossing.n_star >= at->n_lo &&
	    crossing.n_star <= at->n_hi) {
		found->sensitivity = crossing.sensitivity;
		at->n_star = crossing.n_star;
		at->n_lo = fmax(at->n_lo, crossing.n.lo);
		at->n_hi = fmin(at->n_hi, crossing.n.hi);
	}
	return rc == -ENOMEM ? rc : 0;
}

/* The smallest and the largest size of a pair in any placement. */
static void pair_range(const struct analysis *analysis, const struct key *pair,
		       uint64_t *lo, uint64_t *hi)
{
	*lo = UINT64_MAX;
	*hi = 0;
	for (size_t i = 0; i < analysis->count; i++) {
		const struct draft *draft = &analysis->drafts[i];

		if (draft->key.kernel != pair->kernel ||
		    draft->key.runner != pair->runner ||
		    draft->key.workers != pair->workers || !measured(draft))
			continue;
		*lo = draft->key.n < *lo ? draft->key.n : *lo;
		*hi = draft->key.n > *hi ? draft->key.n : *hi;
	}
}

/* "Always" and "never" are of all sizes. A placement that was met by and by was
 * seen at some of them only. */
static void heed_range(const struct analysis *analysis, const struct key *pair,
		       const struct stats_point *points, size_t count,
		       struct breakeven *at)
{
	uint64_t lo, hi;

	pair_range(analysis, pair, &lo, &hi);
	if ((at->verdict == BREAKEVEN_ALWAYS && points[0].n > (double)lo) ||
	    (at->verdict == BREAKEVEN_NEVER &&
	     points[count - 1].n < (double)hi))
		at->verdict = BREAKEVEN_UNRESOLVED;
}

static int make_crossing(struct analysis *analysis, const struct draft *drafts,
			 size_t count, struct stats_point *points)
{
	struct findings *findings = analysis->findings;
	struct crossing *crossing =
		&findings->crossings[findings->ncrossings++];
	const struct draft *broken = first_broken(drafts, count);
	size_t kept;

	*crossing = (struct crossing){
		.pair = drafts->cell.pair,
		.at = {BREAKEVEN_UNRESOLVED, NAN, NAN, NAN, NAN, NAN, NAN},
		.cpu_at = {BREAKEVEN_UNRESOLVED, NAN, NAN, NAN, NAN, NAN, NAN},
		.sensitivity = NAN,
		.model = NAN,
		.cpu_log_ratio = NAN,
		.metg_ns = NAN,
		.open_ns = NAN,
		.amortised = NAN,
		.asymptote = NAN,
		.asymptote_interval = unknown,
	};
	kept = points_of(drafts, count, broken, points, crossing);
	if (kept == 0) {
		judge_notes(crossing, drafts, count);
		return 0;
	}
	crossing->at = stats_breakeven(points, kept);
	if (!broken)
		heed_range(analysis, &drafts->key, points, kept, &crossing->at);
	if (!isnan(crossing->at.n_star) &&
	    sharpen(analysis, drafts, crossing) < 0)
		return -ENOMEM;
	return explain(findings, crossing, drafts, count, broken);
}

static int make_crossings(struct analysis *analysis)
{
	const struct draft *drafts = analysis->drafts;
	struct stats_point *points =
		calloc(analysis->count + 1, sizeof(*points));
	int rc = points ? 0 : -ENOMEM;
	size_t end;

	for (size_t begin = 0; rc == 0 && begin < analysis->count;
	     begin = end) {
		end = begin + 1;
		while (end < analysis->count &&
		       key_compare_pair(&drafts[end].key, &drafts[begin].key) ==
			       0)
			end++;
		rc = make_crossing(analysis, drafts + begin, end - begin,
				   points);
	}
	free(points);
	return rc;
}

/* ------------------------------------------------------------- findings */

static int by_key(const void *a, const void *b)
{
	const struct draft *x = a, *y = b;

	return key_compare(&x->key, &y->key);
}

static int publish(struct analysis *analysis)
{
	struct findings *findings = analysis->findings;

	findings->cells = calloc(analysis->count + 1, sizeof(struct cell));
	findings->crossings =
		calloc(analysis->count + 1, sizeof(struct crossing));
	if (!findings->cells || !findings->crossings)
		return -ENOMEM;
	for (size_t i = 0; i < analysis->count; i++)
		if (analysis->drafts[i].key.n > 0)
			findings->cells[findings->ncells++] =
				analysis->drafts[i].cell;
	findings->rounds = analysis->samples.rounds;
	findings->dropped = analysis->samples.dropped;
	findings->gated = analysis->samples.gated;
	for (int p = 0; p < 2 && analysis->samples.placements[p]; p++)
		findings->placements[findings->nplacements++] =
			analysis->samples.placements[p];
	return make_crossings(analysis);
}

static int analyse(struct analysis *analysis)
{
	int rc = samples_of(analysis->record, analysis->gate,
			    &analysis->samples);

	if (rc == 0)
		rc = make_cells(analysis);
	if (rc == 0)
		rc = apply_notes(analysis);
	if (rc)
		return rc;
	if (analysis->count)
		qsort(analysis->drafts, analysis->count,
		      sizeof(*analysis->drafts), by_key);
	return publish(analysis);
}

/* What is said beside cells and crossings. */
static int judge(struct analysis *analysis)
{
	struct findings *findings = analysis->findings;
	const struct record *record = analysis->record;
	int rc = samples_harness(record, &findings->harness_ns);

	if (rc == 0)
		rc = controls_judge(findings, record);
	if (rc == 0)
		rc = proof_judge(findings, record,
				 analysis->samples.longest_ns);
	if (rc == 0)
		rc = costs_judge(findings, record);
	if (rc == 0)
		rc = model_judge(findings, record);
	return rc ? rc : trust_judge(findings, record);
}

/* With all rounds, no more than cells and crossings. */
static struct findings *analyse_gated(const struct record *record, bool gate)
{
	struct analysis analysis = {
		.record = record,
		.gate = gate,
		.findings = calloc(1, sizeof(struct findings)),
	};

	if (!analysis.findings)
		return NULL;
	if (analyse(&analysis) < 0 || (gate && judge(&analysis) < 0)) {
		findings_free(analysis.findings);
		analysis.findings = NULL;
	}
	samples_free(&analysis.samples);
	free(analysis.drafts);
	return analysis.findings;
}

/* What would be said if no round was left out. */
static void note_ungated(struct findings *findings,
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

struct findings *findings_of(const struct record *record)
{
	struct findings *findings = analyse_gated(record, true), *ungated;

	if (!findings)
		return NULL;
	ungated = findings->gated ? analyse_gated(record, false) : findings;
	if (!ungated) {
		findings_free(findings);
		return NULL;
	}
	note_ungated(findings, ungated);
	if (ungated != findings)
		findings_free(ungated);
	return findings;
}

void findings_free(struct findings *findings)
{
	if (!findings)
		return;
	for (size_t i = 0; i < findings->nmade; i++)
		free(findings->made[i]);
	free(findings->made);
	free(findings->cells);
	free(findings->crossings);
	free(findings->controls);
	free(findings);
}

bool findings_measured(const struct findings *findings)
{
	for (size_t i = 0; i < findings->ncells; i++)
		if (findings->cells[i].rounds > 0)
			return true;
	return false;
}
