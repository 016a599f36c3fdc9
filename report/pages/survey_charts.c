/* SPDX-License-Identifier: MIT */
#include "report/pages/survey_charts.h"

#include "report/doc/text.h"
#include "report/pages/survey_view.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

/* ------------------------------------------------------------- drawing */

struct survey_script {
	const struct survey *survey;
	FILE *out;
	unsigned id;
	int rc;
	/* Of the kernel at hand. */
	const char *kernel;
	struct chart_start *starts;
	size_t count, room, nlines;
	char **rows; /* labels of the runs that have it */
	size_t nrows;
};

/* A break-even size of a runner that is known, with its interval. */
static bool survey_is_known(const struct crossing *crossing)
{
	return crossing && isfinite(crossing->at.n_star) &&
	       crossing->at.n_lo > 0 && isfinite(crossing->at.n_hi);
}

/* The next line: where this runner begins to pay, on each machine. */
static void survey_add_line(void *data, const struct pair *pair)
{
	struct survey_script *script = data;
	size_t line = script->nlines++, row = 0;

	for (size_t r = 0; r < script->survey->count; r++) {
		const struct survey_run *run = &script->survey->runs[r];
		const struct crossing *crossing =
			survey_find(run, pair->kernel, pair->runner);

		if (!survey_has_kernel(script->survey, run, pair->kernel))
			continue;
		if (script->count < script->room && survey_is_known(crossing))
			script->starts[script->count++] = (struct chart_start){
				&crossing->at, pair->runner, line, row};
		row++;
	}
}

static char *survey_make_label(const struct survey *survey, size_t run)
{
	struct draft_text draft;
	FILE *out = text_begin(&draft);

	if (out)
		survey_put_label(out, survey, run);
	return text_end(&draft);
}

static void survey_name_rows(struct survey_script *script)
{
	const struct survey *survey = script->survey;

	script->nrows = 0;
	for (size_t r = 0; script->rc == 0 && r < survey->count; r++) {
		char *label;

		if (!survey_has_kernel(survey, &survey->runs[r],
				       script->kernel))
			continue;
		label = survey_make_label(survey, r);
		if (label)
			script->rows[script->nrows++] = label;
		else
			script->rc = -ENOMEM;
	}
}

static void survey_draw_kernel(void *data, const struct pair *pair)
{
	struct survey_script *script = data;
	const struct chart chart = {.use = CHART_PAGE, .id = script->id++};

	script->kernel = pair->kernel;
	script->count = script->nlines = 0;
	survey_name_rows(script);
	survey_each(script->survey, pair->kernel, survey_add_line, script);
	if (script->rc == 0)
		chart_starts(script->out, &chart, script->starts, script->count,
			     script->nlines, script->rows, script->nrows);
	for (size_t r = 0; r < script->nrows; r++)
		free(script->rows[r]);
}

static size_t survey_count_crossings(const struct survey *survey)
{
	size_t count = 0;

	for (size_t r = 0; r < survey->count; r++)
		count += survey->runs[r].findings->ncrossings;
	return count;
}

static int survey_put_script(FILE *out, void *data)
{
	struct survey_script *script = data;
	const struct chart marks = {.use = CHART_PAGE, .id = PICTURES_MARKS};

	script->out = out;
	script->room = survey_count_crossings(script->survey);
	script->starts = calloc(script->room + 1, sizeof(*script->starts));
	script->rows = calloc(script->survey->count + 1, sizeof(*script->rows));
	script->rc = script->starts && script->rows ? 0 : -ENOMEM;
	if (script->rc == 0)
		survey_each(script->survey, NULL, survey_draw_kernel, script);
	chart_marks_only(out, &marks);
	free(script->starts);
	free(script->rows);
	return script->rc;
}

int survey_draw_charts(const struct survey *survey, struct pictures *pictures)
{
	struct survey_script script = {.survey = survey};

	return pictures_draw(survey_put_script, &script, pictures);
}

/* ------------------------------------------------------------- the page */

struct survey_key {
	FILE *out;
	size_t line;
};

static void survey_put_key(void *data, const struct pair *pair)
{
	struct survey_key *key = data;

	pictures_put_key(key->out, chart_line_look(key->line++), pair->runner);
}

/* NULL: out of memory. */
static char *survey_make_caption(const char *kernel)
{
	struct draft_text draft;
	FILE *out = text_begin(&draft);

	if (!out)
		return NULL;
	text_clean(out, kernel, true);
	fputs(": from how many items on it is faster than serial, with the "
	      "interval of that size. No mark: always, never, or it is not "
	      "known.",
	      out);
	return text_end(&draft);
}

void survey_put_chart(struct doc *doc, const struct survey *survey,
		      const struct pictures *pictures, const char *kernel,
		      unsigned id)
{
	struct survey_key key = {.line = 0};
	char *caption;

	if (!pictures_has(pictures, id))
		return;
	caption = survey_make_caption(kernel);
	key.out = doc_html(doc);
	fputs("<figure class=\"bars\">\n<ul class=\"key lines\">", key.out);
	survey_each(survey, kernel, survey_put_key, &key);
	fputs("</ul>\n", key.out);
	if (caption && pictures_put(key.out, pictures, id, caption, ""))
		pictures_put_caption(key.out, id, caption);
	fputs("</figure>\n", key.out);
	free(caption);
}
