/* SPDX-License-Identifier: MIT */
#include "report/pages/survey_page.h"

#include "report/chart/html_chart.h"
#include "report/doc/doc.h"
#include "report/doc/text.h"
#include "report/pages/start_cell.h"
#include "report/pages/survey_charts.h"
#include "report/pages/survey_view.h"
#include "results/json_value.h"

#include <math.h>
#include <string.h>

enum { DIGITS = 9 };

/* ------------------------------------------------------------- machines */

static unsigned cpus_of(const struct survey_run *run)
{
	return (unsigned)json_integer_value(
		json_object_get(survey_machine(run), "allowed"));
}

/* What a runner took to be created; NaN: not known. */
static double created_ns(const struct survey_run *run, const char *runner)
{
	return chart_created_ns(run->findings, runner,
				findings_most_workers(run->findings));
}

static void put_machine(struct doc *doc, const struct survey *survey,
			size_t index)
{
	static const char *const pools[] = {"fork-pool", "pthread-pool"};
	const struct survey_run *run = &survey->runs[index];

	survey_put_label(doc_row(doc), survey, index);
	fprintf(doc_cell(doc), "%u", cpus_of(run));
	fprintf(doc_cell(doc), "%u", findings_most_workers(run->findings));
	doc_time(doc, run->findings->checks.trip_ns[1]);
	for (size_t i = 0; i < sizeof(pools) / sizeof(*pools); i++)
		doc_time(doc, created_ns(run, pools[i]));
	fputs(run->findings->trusted ? "yes" : "no", doc_cell(doc));
}

static void put_machines(struct doc *doc, const struct survey *survey)
{
	static const char *const heads[] = {"CPUs",	    "workers",
					    "line's trip",  "fork-pool",
					    "pthread-pool", "trusted"};

	fputs("Machines: a cache line to the next CPU and back, and what "
	      "creating a pool takes",
	      doc_table(doc));
	fputs("CPU", doc_column(doc, DOC_LEFT));
	for (size_t i = 0; i < sizeof(heads) / sizeof(*heads); i++)
		fputs(heads[i], doc_column(doc, DOC_RIGHT));
	for (size_t i = 0; i < survey->count; i++)
		put_machine(doc, survey, i);
}

static void put_names(struct doc *doc, const struct survey *survey)
{
	for (size_t i = 0; i < survey->count; i++) {
		const char *host = json_string_in(
			survey_machine(&survey->runs[i]), "hostname");

		survey_put_letter(doc_term(doc), i);
		text_clean(doc_meaning(doc), host ? host : "no name", true);
		fputs(", ", doc_meaning(doc));
		text_clean(doc_meaning(doc), survey->runs[i].path, true);
	}
}

/* ------------------------------------------------------------- kernels */

struct survey_row {
	struct doc *doc;
	const struct survey *survey;
	const struct survey_run *run;	 /* NULL: the heads */
	const struct pictures *pictures; /* NULL: the format has none */
	unsigned *chart;		 /* id of the next one */
};

/* What the page is made of. */
struct survey_page {
	const struct survey *survey;
	const struct pictures *pictures;
};

static void put_field(void *data, const struct pair *pair)
{
	struct survey_row *row = data;

	if (!row->run)
		text_clean(doc_column(row->doc, DOC_RIGHT), pair->runner, true);
	else
		start_put_cell(row->doc, survey_find(row->run, pair->kernel,
						     pair->runner));
}

static void put_kernel(void *data, const struct pair *pair)
{
	struct survey_row row = *(struct survey_row *)data;

	if (row.pictures)
		survey_put_chart(row.doc, row.survey, row.pictures,
				 pair->kernel, (*row.chart)++);
	text_clean(doc_table(row.doc), pair->kernel, true);
	fputs("CPU", doc_column(row.doc, DOC_LEFT));
	survey_each(row.survey, pair->kernel, put_field, &row);
	for (size_t r = 0; r < row.survey->count; r++) {
		row.run = &row.survey->runs[r];
		if (!survey_has_kernel(row.survey, row.run, pair->kernel))
			continue;
		survey_put_label(doc_row(row.doc), row.survey, r);
		survey_each(row.survey, pair->kernel, put_field, &row);
	}
}

static void note_any(void *data, const struct pair *pair)
{
	(void)pair;
	*(bool *)data = true;
}

bool survey_has_any(const struct survey *survey)
{
	bool any = false;

	survey_each(survey, NULL, note_any, &any);
	return any;
}

/* ------------------------------------------------------------- the page */

static int build_survey(struct doc *doc, const void *data)
{
	const struct survey_page *page = data;
	const struct survey *survey = page->survey;
	unsigned chart = 0;
	struct survey_row row = {doc, survey, NULL, page->pictures, &chart};

	fprintf(doc_heading(doc, 1), "%zu record%s beside one another",
		survey->count, survey->count == 1 ? "" : "s");
	if (page->pictures)
		pictures_put_opening(doc, page->pictures, true);
	put_machines(doc, survey);
	if (survey->named)
		put_names(doc, survey);
	fputs("From how many items on it is faster than serial, with as many "
	      "workers as stand above:",
	      doc_paragraph(doc));
	survey_each(survey, NULL, put_kernel, &row);
	return 0;
}

int survey_write(FILE *out, const struct survey *survey,
		 const struct report_style *style)
{
	struct pictures pictures = {.count = 0};
	bool drawn = style->form == DOC_HTML;
	const struct survey_page page = {survey, drawn ? &pictures : NULL};
	int rc = drawn ? survey_draw_charts(survey, &pictures) : 0;

	if (rc == 0)
		rc = doc_print(build_survey, &page, out, style);
	pictures_free(&pictures);
	return rc;
}

/* ------------------------------------------------------------- json */

static json_t *start_json(const struct crossing *crossing)
{
	const struct breakeven *at = &crossing->at;

	return json_pack("{s:s,s:s,s:I,s:s,s:o,s:o,s:o}", "kernel",
			 crossing->pair.kernel, "runner", crossing->pair.runner,
			 "workers", (json_int_t)crossing->pair.workers,
			 "verdict", breakeven_verdict_names[at->verdict],
			 "n_star", json_number(at->n_star), "n_lo",
			 json_number(at->n_lo), "n_hi", json_number(at->n_hi));
}

static json_t *run_json(const struct survey *survey,
			const struct survey_run *run)
{
	const struct findings *findings = run->findings;
	json_t *starts = json_array(), *json;

	for (size_t i = 0; i < findings->ncrossings; i++) {
		const struct crossing *crossing = &findings->crossings[i];

		if (findings_is_usual(findings, crossing) &&
		    survey_wants(survey, crossing->pair.kernel,
				 crossing->pair.runner))
			json_array_append_new(starts, start_json(crossing));
	}
	json = json_pack(
		"{s:s,s:I,s:I,s:b,s:o,s:o,s:o,s:o}", "cpu", survey_model(run),
		"cpus", (json_int_t)cpus_of(run), "workers",
		(json_int_t)findings_most_workers(run->findings), "trusted",
		(int)findings->trusted, "trip_ns",
		json_number(findings->checks.trip_ns[1]), "fork_pool_ns",
		json_number(created_ns(run, "fork-pool")), "pthread_pool_ns",
		json_number(created_ns(run, "pthread-pool")), "breakeven",
		starts);
	if (json && survey->named) {
		json_object_set_new(json, "path", json_string(run->path));
		json_object_set(
			json, "hostname",
			json_object_get(survey_machine(run), "hostname"));
	}
	return json;
}

int survey_json_write(FILE *out, const struct survey *survey)
{
	json_t *runs = json_array();
	int rc;

	for (size_t i = 0; i < survey->count; i++)
		json_array_append_new(runs, run_json(survey, &survey->runs[i]));
	rc = json_put(out, json_pack("{s:o}", "machines", runs), DIGITS);
	return rc ? rc : report_flush(out);
}
