/* SPDX-License-Identifier: MIT */
#include "report/history.h"

#include "report/json_value.h"
#include "report/text.h"
#include "report/words.h"

#include <errno.h>
#include <math.h>
#include <string.h>

enum { DIGITS = 17, SHORT = 25 };

static const char *string_in(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "";
}

static double number_in(const json_t *object, const char *key)
{
	const json_t *number = json_object_get(object, key);

	return json_is_number(number) ? json_number_value(number) : NAN;
}

/* Is it what the user asked for, over serial? */
static bool is_wanted(const struct history *history, const json_t *verdict)
{
	const char *base = string_in(verdict, "base"); /* "": an old record */

	return *string_in(verdict, "kernel") &&
	       (!*base || strcmp(base, "serial") == 0) &&
	       (!history->kernel ||
		strcmp(string_in(verdict, "kernel"), history->kernel) == 0) &&
	       (!history->runner ||
		strcmp(string_in(verdict, "runner"), history->runner) == 0);
}

static bool has_wanted(const struct history *history,
		       const struct history_run *run)
{
	for (size_t i = 0; i < json_array_size(run->glance.verdicts); i++)
		if (is_wanted(history, json_array_get(run->glance.verdicts, i)))
			return true;
	return false;
}

/* NULL: the record is of a version that does not say. */
static const json_t *trust_of(const struct history_run *run)
{
	const json_t *trusted = NULL;

	for (size_t i = 0; i < json_array_size(run->glance.verdicts); i++) {
		const json_t *said = json_object_get(
			json_array_get(run->glance.verdicts, i), "trusted");

		trusted = said ? said : trusted;
	}
	return trusted;
}

/* ------------------------------------------------------------- table */

/* "2026-11-25 04:11", of "2026-11-25T04:11:32Z". */
static struct text short_time(const json_t *header)
{
	struct text text;
	char *gap;

	snprintf(text.s, sizeof(text.s), "%.16s", string_in(header, "time"));
	gap = strchr(text.s, 'T');
	if (gap)
		*gap = ' ';
	return text;
}

static void put_state(FILE *out, const struct history_run *run)
{
	const json_t *trusted = trust_of(run);

	if (!run->glance.complete)
		fputs(", INTERRUPTED", out);
	else if (json_is_false(trusted))
		fputs(", NOT TRUSTED", out);
	else if (trusted)
		fputs(", trusted", out);
}

static void put_machine(FILE *out, const json_t *header,
			const struct report_style *style)
{
	const json_t *machine = json_object_get(header, "machine");

	text_clean(out, string_in(machine, "model"), style->utf8);
	fprintf(out, ", %lld CPUs",
		(long long)json_integer_value(
			json_object_get(machine, "allowed")));
}

static void put_names(FILE *out, const json_t *list,
		      const struct report_style *style)
{
	for (size_t i = 0; i < json_array_size(list); i++) {
		fputs(i ? "," : " ", out);
		text_clean(out, string_in(json_array_get(list, i), "name"),
			   style->utf8);
	}
}

/* "from 26,401 [25,380, 26,867]", "never". */
static void put_found(FILE *out, const json_t *verdict)
{
	double n = number_in(verdict, "n_star");

	if (isnan(n)) {
		fputs(string_in(verdict, "verdict"), out);
		return;
	}
	words_edge(out, n, number_in(verdict, "n_lo"),
		   number_in(verdict, "n_hi"), "");
}

static int print_line(const struct history *history, FILE *out,
		      const struct history_run *run, const json_t *verdict,
		      const struct report_style *style)
{
	struct draft_text draft;

	if (!text_begin(&draft))
		return -ENOMEM;
	fprintf(draft.file, "%s  ", short_time(run->glance.header).s);
	if (!history->kernel || !history->runner) {
		text_clean(draft.file, string_in(verdict, "kernel"),
			   style->utf8);
		fputs(" under ", draft.file);
		text_clean(draft.file, string_in(verdict, "runner"),
			   style->utf8);
		fprintf(draft.file, " with %lld: ",
			(long long)json_integer_value(
				json_object_get(verdict, "workers")));
	}
	put_found(draft.file, verdict);
	if (strcmp(string_in(verdict, "placement"), "near") == 0 ||
	    strcmp(string_in(verdict, "placement"), "far") == 0)
		fprintf(draft.file, ", %s", string_in(verdict, "placement"));
	put_state(draft.file, run);
	fputs("; ", draft.file);
	put_machine(draft.file, run->glance.header, style);
	return text_end_paragraph(out, &draft, style->columns, SHORT - 7);
}

/* A verdict after the other, those of one kernel together. */
static int print_verdicts(const struct history *history, FILE *out,
			  const struct history_run *run,
			  const struct report_style *style)
{
	const json_t *verdicts = run->glance.verdicts;
	const char *kernel = "";
	struct draft_text draft;
	bool begun = false;
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < json_array_size(verdicts); i++) {
		const json_t *verdict = json_array_get(verdicts, i);

		if (!is_wanted(history, verdict))
			continue;
		if (strcmp(kernel, string_in(verdict, "kernel")) != 0) {
			if (begun)
				rc = text_end_paragraph(out, &draft,
							style->columns, 4);
			kernel = string_in(verdict, "kernel");
			if (rc || !text_begin(&draft))
				return -ENOMEM;
			fputs("  ", draft.file);
			text_clean(draft.file, kernel, style->utf8);
			begun = true;
		}
		fputs(ftell(draft.file) > (long)strlen(kernel) + 2 ? "; "
								   : ": ",
		      draft.file);
		text_clean(draft.file, string_in(verdict, "runner"),
			   style->utf8);
		fputc(' ', draft.file);
		if (isnan(number_in(verdict, "n_star")))
			fputs(string_in(verdict, "verdict"), draft.file);
		else
			fputs(text_count(number_in(verdict, "n_star")).s,
			      draft.file);
	}
	if (rc == 0 && begun)
		rc = text_end_paragraph(out, &draft, style->columns, 4);
	return rc;
}

static int print_run(const struct history *history, FILE *out,
		     const struct history_run *run,
		     const struct report_style *style)
{
	const json_t *header = run->glance.header;
	struct draft_text draft;
	int rc;

	if (!text_begin(&draft))
		return -ENOMEM;
	fprintf(draft.file, "%s  ", short_time(header).s);
	put_machine(draft.file, header, style);
	fprintf(draft.file, ": %s of",
		json_string_value(
			json_array_get(json_object_get(header, "command"), 1))
			? json_string_value(json_array_get(
				  json_object_get(header, "command"), 1))
			: "a run");
	put_names(draft.file, json_object_get(header, "kernels"), style);
	fputs(" under", draft.file);
	put_names(draft.file, json_object_get(header, "runners"), style);
	put_state(draft.file, run);
	rc = text_end_paragraph(out, &draft, style->columns, 2);
	if (rc == 0)
		rc = print_verdicts(history, out, run, style);
	fputs("  ", out);
	text_clean(out, run->path, style->utf8);
	fputc('\n', out);
	return rc;
}

static int print_narrow(const struct history *history, FILE *out,
			const struct history_run *run,
			const struct report_style *style)
{
	const json_t *verdicts = run->glance.verdicts;
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < json_array_size(verdicts); i++)
		if (is_wanted(history, json_array_get(verdicts, i)))
			rc = print_line(history, out, run,
					json_array_get(verdicts, i), style);
	return rc;
}

int history_table(const struct history *history, FILE *out,
		  const struct report_style *style)
{
	bool narrow = history->kernel || history->runner;
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < history->count; i++) {
		const struct history_run *run = &history->runs[i];

		if (run->error[0])
			continue;
		rc = narrow ? print_narrow(history, out, run, style)
			    : print_run(history, out, run, style);
	}
	return rc;
}

/* ------------------------------------------------------------- JSON */

static json_t *run_json(const struct history *history,
			const struct history_run *run)
{
	const json_t *header = run->glance.header;
	const json_t *trusted = trust_of(run);
	json_t *verdicts = json_array();

	for (size_t i = 0; i < json_array_size(run->glance.verdicts); i++) {
		json_t *verdict = json_array_get(run->glance.verdicts, i);

		if (is_wanted(history, verdict))
			json_array_append(verdicts, verdict);
	}
	return json_pack("{s:s,s:O?,s:O?,s:O?,s:b,s:o,s:o}", "file", run->path,
			 "time", json_object_get(header, "time"), "command",
			 json_object_get(header, "command"), "machine",
			 json_object_get(header, "machine"), "complete",
			 (int)run->glance.complete, "trusted",
			 trusted ? json_boolean(json_is_true(trusted))
				 : json_null(),
			 "verdicts", verdicts);
}

int history_json(const struct history *history, FILE *out)
{
	bool narrow = history->kernel || history->runner;
	json_t *runs = json_array();

	for (size_t i = 0; i < history->count; i++) {
		const struct history_run *run = &history->runs[i];

		if (run->error[0])
			json_array_append_new(
				runs, json_pack("{s:s,s:s}", "file", run->path,
						"error", run->error));
		else if (!narrow || has_wanted(history, run))
			json_array_append_new(runs, run_json(history, run));
	}
	return json_put(out, runs, DIGITS);
}
