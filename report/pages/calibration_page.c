/* SPDX-License-Identifier: MIT */
#include "report/pages/calibration_page.h"

#include "report/doc/doc.h"
#include "report/doc/text.h"
#include "results/json_value.h"

#include <math.h>

enum { DIGITS = 6 };

static json_t *tally_json(const struct truth_tally *tally)
{
	return json_pack(
		"{s:I,s:I,s:I,s:I,s:I,s:I,s:o,s:o,s:o,s:o,s:o}", "runs",
		(json_int_t)tally->runs, "found", (json_int_t)tally->found,
		"covered", (json_int_t)tally->covered, "unresolved",
		(json_int_t)tally->unresolved, "untrusted",
		(json_int_t)tally->untrusted, "failed",
		(json_int_t)tally->failed, "median_width",
		json_number(truth_tally_quantile(tally, tally->widths, 0.5)),
		"median_error",
		json_number(truth_tally_quantile(tally, tally->errors, 0.5)),
		"p95_error",
		json_number(truth_tally_quantile(tally, tally->errors, 0.95)),
		"worst_error",
		json_number(truth_tally_quantile(tally, tally->errors, 1)),
		"details", json_incref(tally->details));
}

int calibration_json(const struct calibration_result *calibration,
		     const json_t *header, FILE *out)
{
	const struct truth_tally *burst = &calibration->tallies[TALLY_BURST];
	json_t *bursts = tally_json(burst);
	const json_t *build = json_object_get(header, "build");

	json_object_set_new(bursts, "cells",
			    json_integer((json_int_t)burst->cells));
	json_object_set_new(bursts, "wrong_sign",
			    json_integer((json_int_t)burst->wrong_sign));
	return json_put(
		out,
		json_pack("{s:s?,s:s?,s:s?,s:O?,s:o,s:o,s:{s:I,s:I},s:o,s:o,"
			  "s:I,s:I}",
			  "version", json_string_in(header, "version"),
			  "commit", json_string_in(build, "commit"), "time",
			  json_string_in(header, "time"), "machine",
			  json_object_get(header, "machine"), "planted",
			  tally_json(&calibration->tallies[TALLY_QUIET]),
			  "burst", bursts, "aa", "tables",
			  (json_int_t)calibration->tables, "false_calls",
			  (json_int_t)calibration->false_calls, "simulated",
			  tally_json(&calibration->tallies[TALLY_SIMULATED]),
			  "budget_s",
			  calibration->generations
				  ? json_null()
				  : json_real(calibration->budget_s),
			  "generations", (json_int_t)calibration->generations,
			  "seed", (json_int_t)calibration->seed),
		DIGITS);
}

/* "1.134", "-" where nothing was found. */
static struct text figure(double value, int digits, const char *unit)
{
	struct text text = {"-"};

	if (isfinite(value))
		snprintf(text.s, sizeof(text.s), "%.*f%s", digits, value, unit);
	return text;
}

static void put_tally(struct doc *doc, const char *name,
		      const struct truth_tally *tally)
{
	double share = (double)tally->covered / (double)tally->found;
	const size_t counts[] = {tally->runs, tally->found, tally->covered};
	const double ranks[] = {0.5, 0.95, 1};

	fputs(name, doc_row(doc));
	for (size_t i = 0; i < 3; i++)
		fprintf(doc_cell(doc), "%zu", counts[i]);
	fputs(figure(100 * share, 1, " %").s, doc_cell(doc));
	fputs(figure(truth_tally_quantile(tally, tally->widths, 0.5), 3, "").s,
	      doc_cell(doc));
	for (size_t i = 0; i < 3; i++)
		fputs(figure(100 * truth_tally_quantile(tally, tally->errors,
							ranks[i]),
			     2, " %")
			      .s,
		      doc_cell(doc));
}

static void put_counts(struct doc *doc,
		       const struct calibration_result *calibration)
{
	const struct truth_tally *quiet = &calibration->tallies[TALLY_QUIET];
	const struct truth_tally *burst = &calibration->tallies[TALLY_BURST];

	fputs("Found: runs that could tell a size. Inside: of these, the "
	      "interval holds the truth. Width: of the interval, its end over "
	      "its beginning. Error: how far the size was off in the median "
	      "run, at the 95 % point, and at worst.",
	      doc_paragraph(doc));
	fprintf(doc_paragraph(doc),
		"No size was told by %zu and %zu runs: too little was proven, "
		"which is no error. %zu and %zu runs did not trust "
		"themselves, and %zu failed.",
		quiet->unresolved, burst->unresolved, quiet->untrusted,
		burst->untrusted, quiet->failed + burst->failed);
	fprintf(doc_paragraph(doc),
		"With bursts, %zu of %zu cells beyond 5 %% were called the "
		"other way; quiet, %zu of %zu.",
		burst->wrong_sign, burst->cells, quiet->wrong_sign,
		quiet->cells);
	fprintf(doc_paragraph(doc),
		"Serial against itself: %zu of %zu tables call a difference.",
		calibration->false_calls, calibration->tables);
}

static int build_calibration(struct doc *doc, const void *data)
{
	static const char *const heads[] = {"runs", "found", "inside",
					    "",	    "width", "error",
					    "95 %", "worst"};
	const struct calibration_result *calibration = data;
	FILE *out = doc_table(doc);

	fputs("Break-even sizes that are known, each found by a run of ", out);
	if (calibration->generations)
		fprintf(out, "%u generation%s", calibration->generations,
			calibration->generations == 1 ? "" : "s");
	else
		fprintf(out, "%g s", calibration->budget_s);
	doc_column(doc, DOC_LEFT);
	for (size_t i = 0; i < sizeof(heads) / sizeof(*heads); i++)
		fputs(heads[i], doc_column(doc, DOC_RIGHT));
	put_tally(doc, "simulated", &calibration->tallies[TALLY_SIMULATED]);
	put_tally(doc, "planted, quiet", &calibration->tallies[TALLY_QUIET]);
	put_tally(doc, "planted, with bursts",
		  &calibration->tallies[TALLY_BURST]);
	put_counts(doc, calibration);
	if (calibration->interrupted)
		fputs("it was interrupted: these are the runs until then",
		      doc_note(doc, DOC_WARNING));
	return 0;
}

int calibration_table(const struct calibration_result *calibration, FILE *out,
		      const struct report_style *style)
{
	return doc_print(build_calibration, calibration, out, style);
}
