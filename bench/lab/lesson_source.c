/* SPDX-License-Identifier: MIT */
#include "bench/lab/lesson_source.h"

#include "analysis/analyse.h"
#include "analysis/samples.h"
#include "bench/cli/list.h"
#include "bench/studies/self_run.h"
#include "report/pages/study_page.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { WORD_MAX = 96, COMMAND_MAX = 512 };

/* ------------------------------------------------------------- running */

static int source_run_demo(struct lesson_source *source, const char *name,
			   char why[ERROR_TEXT_MAX])
{
	int rc;

	source->demo = demo_find(name);
	if (!source->demo) {
		snprintf(why, ERROR_TEXT_MAX, "there is no demo '%s'", name);
		return 2;
	}
	for (size_t i = 0; i < DEMO_VALUES_MAX; i++)
		source->shown[i].name = source->demo->names[i];
	rc = source->demo->run(source->shown);
	if (rc)
		snprintf(why, ERROR_TEXT_MAX, "%s", strerror(-rc));
	return rc ? 1 : 0;
}

static int source_read(struct lesson_source *source, char why[ERROR_TEXT_MAX])
{
	int rc = 0;

	if (source->record->study)
		rc = study_read_values(source->record, &source->values);
	else
		source->findings = findings_make(source->record);
	if (rc == 0 && (source->record->study || source->findings))
		return 0;
	snprintf(why, ERROR_TEXT_MAX, "its record cannot be read");
	return 1;
}

int lesson_source_run(struct lesson_source *source, const char *command,
		      char why[ERROR_TEXT_MAX])
{
	const char *words[SELF_RUN_WORDS_MAX + 1] = {NULL};
	char text[COMMAND_MAX], *rest = text, *word;
	size_t count = 0;
	int status;

	*source = (struct lesson_source){.record = NULL};
	if (snprintf(text, sizeof(text), "%s", command) >= COMMAND_MAX) {
		snprintf(why, ERROR_TEXT_MAX, "the command is too long");
		return 2;
	}
	while ((word = strtok_r(rest, " `", &rest)) &&
	       count < SELF_RUN_WORDS_MAX)
		words[count++] = word;
	if (count > 1 && strcmp(words[0], "demo") == 0)
		return source_run_demo(source, words[1], why);
	status = self_run(words, &source->record, why);
	return status ? status : source_read(source, why);
}

void lesson_source_free(struct lesson_source *source)
{
	findings_free(source->findings);
	study_values_free(&source->values);
	record_free(source->record);
	*source = (struct lesson_source){.record = NULL};
}

/* ------------------------------------------------------------- cells */

/* What is asked of a run: a kernel, a runner, a size or 0 for the largest. */
struct source_question {
	char kind[WORD_MAX], kernel[WORD_MAX], runner[WORD_MAX];
	uint64_t n;
};

static bool question_read(const char *what, struct source_question *question)
{
	char size[WORD_MAX] = "";
	uint64_t hi;
	int got = sscanf(what, "%95s %95s %95s %95s", question->kind,
			 question->kernel, question->runner, size);

	question->n = 0;
	return got >= 3 &&
	       (got < 4 || list_sizes(size, &question->n, &hi) == 0);
}

/* A runner is held against serial of its own language. */
static bool question_is_pair(const struct source_question *question,
			     const struct lesson_source *source,
			     const struct pair *pair)
{
	const struct findings *findings = source->findings;
	const char *base = samples_base(source->record, pair->runner);

	return strcmp(pair->base, base ? base : "serial") == 0 &&
	       strcmp(pair->kernel, question->kernel) == 0 &&
	       strcmp(pair->runner, question->runner) == 0 &&
	       strcmp(pair->placement, findings->placements[0]) == 0;
}

static const struct cell *source_find_cell(
	const struct lesson_source *source,
	const struct source_question *question)
{
	const struct findings *findings = source->findings;
	const struct cell *found = NULL;

	for (size_t i = 0; i < findings->ncells; i++) {
		const struct cell *cell = &findings->cells[i];

		if (!question_is_pair(question, source, &cell->pair) ||
		    cell->rounds == 0 || cell->reason ||
		    (question->n && cell->n != question->n))
			continue;
		if (!found || cell->n > found->n)
			found = cell;
	}
	return found;
}

/* The samples of the cell as log-ratios, with their generations; returns how
 * many. */
static size_t source_take_ratios(const struct samples *samples,
				 const struct cell *cell,
				 struct stats_value *values)
{
	size_t count = 0;

	for (size_t i = 0; i < samples->count; i++) {
		const struct sample *sample = &samples->list[i];
		const struct key *key = &sample->key;
		double ratio = sample_log_ratio(sample);

		if (key->n == cell->n && key->workers == cell->pair.workers &&
		    strcmp(samples->kernels.list[key->kernel],
			   cell->pair.kernel) == 0 &&
		    strcmp(samples->runners.list[key->runner],
			   cell->pair.runner) == 0 &&
		    (key->base != 0) ==
			    (strcmp(cell->pair.base, "serial") != 0) &&
		    strcmp(samples->placements[key->placement],
			   cell->pair.placement) == 0 &&
		    !isnan(ratio))
			values[count++] =
				(struct stats_value){ratio, sample->generation};
	}
	return count;
}

/* With fewer generations than an interval of 95 % takes: their least and their
 * most, which miss the median as often as all of them lie on one side of it. */
static void source_take_few(const struct record *record,
			    const struct cell *cell, struct lab_value *value)
{
	struct samples samples;
	struct stats_value *values = NULL;
	double *medians = NULL;
	size_t count = 0;

	if (samples_make(record, true, &samples) == 0) {
		values = calloc(samples.count + 1, sizeof(*values));
		medians = calloc(samples.count + 1, sizeof(*medians));
	}
	if (values && medians)
		count = stats_generation_medians(
			values, source_take_ratios(&samples, cell, values),
			medians);
	if (count > 1) {
		value->interval = (struct interval){exp(medians[0]),
						    exp(medians[count - 1])};
		value->confidence = 100 * (1 - exp2(1 - (double)count));
	}
	free(medians);
	free(values);
	samples_free(&samples);
}

static bool source_take_speed_up(const struct lesson_source *source,
				 const struct source_question *question,
				 struct lab_value *value)
{
	const struct cell *cell = source_find_cell(source, question);

	if (!cell || !isfinite(cell->log_ratio))
		return false;
	value->kind = LAB_RATIO;
	value->value = exp(cell->log_ratio);
	value->interval = (struct interval){exp(cell->interval.lo),
					    exp(cell->interval.hi)};
	value->confidence = 100 * (1 - FINDINGS_RATE);
	if (!isfinite(cell->interval.lo) || !isfinite(cell->interval.hi))
		source_take_few(source->record, cell, value);
	return true;
}

static bool source_take_time(const struct lesson_source *source,
			     const struct source_question *question,
			     struct lab_value *value)
{
	const struct cell *cell = source_find_cell(source, question);

	if (!cell || !isfinite(cell->runner_ns))
		return false;
	value->kind = LAB_TIME;
	value->value = cell->runner_ns;
	value->interval = (struct interval){-INFINITY, INFINITY};
	return true;
}

/* ------------------------------------------------------------- sizes */

static bool source_take_break_even(const struct lesson_source *source,
				   const struct source_question *question,
				   struct lab_value *value)
{
	const struct findings *findings = source->findings;
	const struct crossing *found = NULL;

	for (size_t i = 0; !found && i < findings->ncrossings; i++)
		if (question_is_pair(question, source,
				     &findings->crossings[i].pair))
			found = &findings->crossings[i];
	if (!found)
		return false;
	value->kind = LAB_ITEMS;
	value->value = NAN;
	value->interval = (struct interval){0, INFINITY};
	value->confidence = 100 * (1 - FINDINGS_SIZE_RATE);
	switch (found->at.verdict) {
	case BREAKEVEN_AT:
	case BREAKEVEN_WINDOW:
		value->value = found->at.n_star;
		value->interval =
			(struct interval){found->at.n_lo, found->at.n_hi};
		return true;
	case BREAKEVEN_ALWAYS:
		value->value = found->at.n_hi;
		value->interval = (struct interval){0, found->at.n_hi};
		return true;
	case BREAKEVEN_NEVER:
		value->value = INFINITY;
		value->interval = (struct interval){INFINITY, INFINITY};
		return true;
	case BREAKEVEN_UNRESOLVED:
		return true;
	default:
		return false;
	}
}

/* ------------------------------------------------------------- the rest */

static bool source_take_value(const struct lesson_source *source,
			      const char *name, struct lab_value *value)
{
	const struct study_value *found =
		study_values_find(&source->values, name);

	if (!found)
		return false;
	value->kind = strcmp(found->unit, "ns") == 0 ? LAB_TIME : LAB_COUNT;
	value->value = found->value;
	value->interval = found->interval;
	value->confidence =
		isfinite(found->interval.lo) && isfinite(found->interval.hi)
			? 100 * (1 - FINDINGS_RATE)
			: 0;
	return true;
}

static bool source_take_shown(const struct lesson_source *source,
			      const char *name, struct lab_value *value)
{
	for (size_t i = 0; source->demo && i < DEMO_VALUES_MAX; i++) {
		double shown = source->shown[i].value;

		if (!source->shown[i].name ||
		    strcmp(source->shown[i].name, name) != 0)
			continue;
		value->kind = LAB_COUNT;
		value->value = shown;
		value->interval = (struct interval){shown, shown};
		value->confidence = 0;
		return true;
	}
	return false;
}

bool lesson_source_take(const struct lesson_source *source, const char *what,
			struct lab_value *value)
{
	struct source_question question;

	if (strncmp(what, "demo ", 5) == 0)
		return source_take_shown(source, what + 5, value);
	if (strncmp(what, "value ", 6) == 0)
		return source_take_value(source, what + 6, value);
	if (!source->findings || !question_read(what, &question))
		return false;
	if (strcmp(question.kind, "speed-up") == 0)
		return source_take_speed_up(source, &question, value);
	if (strcmp(question.kind, "time") == 0)
		return source_take_time(source, &question, value);
	return strcmp(question.kind, "break-even") == 0 &&
	       source_take_break_even(source, &question, value);
}
