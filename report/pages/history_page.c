/* SPDX-License-Identifier: MIT */
#include "report/pages/history_page.h"

#include "report/doc/doc.h"
#include "report/doc/text.h"
#include "report/doc/words.h"
#include "results/json_value.h"

#include <errno.h>
#include <math.h>
#include <string.h>

enum { DIGITS = 17 };

static const char *string_in(const json_t *object, const char *key)
{
	const char *text = json_string_in(object, key);

	return text ? text : "";
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

bool history_says(const struct history *history)
{
	if (!history->kernel && !history->runner)
		return true;
	for (size_t i = 0; i < history->count; i++)
		if (has_wanted(history, &history->runs[i]))
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

/* "": the record does not say. */
static const char *state_of(const struct history_run *run)
{
	const json_t *trusted = trust_of(run);

	if (!run->glance.complete)
		return "INTERRUPTED";
	if (!trusted)
		return "";
	return json_is_false(trusted) ? "NOT TRUSTED" : "trusted";
}

static void put_machine(FILE *out, const json_t *header)
{
	const json_t *machine = json_object_get(header, "machine");

	fputs(string_in(machine, "model"), out);
	fprintf(out, ", %lld CPUs",
		(long long)json_integer_value(
			json_object_get(machine, "allowed")));
}

/* A runner with several numbers of workers stands there for each. */
static void put_names(FILE *out, const json_t *list)
{
	const char *last = "";

	for (size_t i = 0; i < json_array_size(list); i++) {
		const char *name = string_in(json_array_get(list, i), "name");

		if (strcmp(name, last) != 0)
			fprintf(out, "%s%s", i ? "," : " ", name);
		last = name;
	}
}

static bool is_window(const json_t *verdict)
{
	return strcmp(string_in(verdict, "verdict"), "window") == 0;
}

/* "26,401 [25,380 .. 26,867]", "never". */
static void put_found(struct doc *doc, const json_t *verdict)
{
	double n = json_number_in(verdict, "n_star");
	double lo = json_number_in(verdict, "n_lo"),
	       hi = json_number_in(verdict, "n_hi");
	FILE *out = doc_cell(doc);

	if (isnan(n)) {
		fputs(string_in(verdict, "verdict"), out);
		return;
	}
	fprintf(out, "%s%s", is_window(verdict) ? "window from " : "",
		words_size(n, lo, hi).s);
	doc_number(doc, n);
	words_range(doc_range(doc), lo, hi);
}

/* Does the run tell more than one verdict of this kernel under this runner,
 * which differ in `key`? */
static bool has_several(const struct history_run *run, const json_t *verdict,
			const char *key)
{
	const json_t *verdicts = run->glance.verdicts;

	for (size_t i = 0; i < json_array_size(verdicts); i++) {
		const json_t *other = json_array_get(verdicts, i);

		if (strcmp(string_in(other, "kernel"),
			   string_in(verdict, "kernel")) == 0 &&
		    strcmp(string_in(other, "runner"),
			   string_in(verdict, "runner")) == 0 &&
		    !json_equal(json_object_get(other, key),
				json_object_get(verdict, key)))
			return true;
	}
	return false;
}

/* "pthread-pool with 2, near": with what tells it from the run's other
 * verdicts of this runner. */
static void put_runner(FILE *out, const struct history_run *run,
		       const json_t *verdict, bool workers)
{
	const char *placement = string_in(verdict, "placement");

	fputs(string_in(verdict, "runner"), out);
	if (workers || has_several(run, verdict, "workers"))
		fprintf(out, " with %lld",
			(long long)json_integer_value(
				json_object_get(verdict, "workers")));
	if (strcmp(placement, "near") == 0 || strcmp(placement, "far") == 0)
		fprintf(out, ", CPUs %s", placement);
}

static void put_line(struct doc *doc, const struct history_run *run,
		     const json_t *verdict)
{
	fputs(short_time(run->glance.header).s, doc_row(doc));
	fputs(string_in(verdict, "kernel"), doc_cell(doc));
	put_runner(doc_cell(doc), run, verdict, true);
	put_found(doc, verdict);
	fputs(state_of(run), doc_cell(doc));
	put_machine(doc_cell(doc), run->glance.header);
}

/* Is this the run's first verdict of its kernel? */
static bool opens_kernel(const struct history *history,
			 const struct history_run *run, size_t index)
{
	const json_t *verdicts = run->glance.verdicts;
	const char *kernel =
		string_in(json_array_get(verdicts, index), "kernel");

	for (size_t i = 0; i < index; i++) {
		const json_t *verdict = json_array_get(verdicts, i);

		if (is_wanted(history, verdict) &&
		    strcmp(string_in(verdict, "kernel"), kernel) == 0)
			return false;
	}
	return true;
}

/* "fork never; pthread 1,703,161" */
static void put_kernel(struct doc *doc, const struct history *history,
		       const struct history_run *run, const char *kernel)
{
	const json_t *verdicts = run->glance.verdicts;
	const char *before = "";
	FILE *out;

	fputs(kernel, doc_term(doc));
	out = doc_meaning(doc);
	for (size_t i = 0; i < json_array_size(verdicts); i++) {
		const json_t *verdict = json_array_get(verdicts, i);

		if (!is_wanted(history, verdict) ||
		    strcmp(string_in(verdict, "kernel"), kernel) != 0)
			continue;
		fputs(before, out);
		before = "; ";
		put_runner(out, run, verdict, false);
		if (isnan(json_number_in(verdict, "n_star")))
			fprintf(out, " %s", string_in(verdict, "verdict"));
		else
			fprintf(out, " %s%s",
				is_window(verdict) ? "window from " : "",
				text_count(json_number_in(verdict, "n_star"))
					.s);
	}
}

/* Those of a kernel together. */
static void put_verdicts(struct doc *doc, const struct history *history,
			 const struct history_run *run)
{
	const json_t *verdicts = run->glance.verdicts;

	for (size_t i = 0; i < json_array_size(verdicts); i++) {
		const json_t *verdict = json_array_get(verdicts, i);

		if (is_wanted(history, verdict) &&
		    opens_kernel(history, run, i))
			put_kernel(doc, history, run,
				   string_in(verdict, "kernel"));
	}
}

static void put_study(struct doc *doc, const struct history_run *run)
{
	for (size_t i = 0; i < json_array_size(run->glance.verdicts); i++)
		text_clean(doc_item(doc),
			   string_in(json_array_get(run->glance.verdicts, i),
				     "says"),
			   true);
}

static void put_run(struct doc *doc, const struct history *history,
		    const struct history_run *run)
{
	const json_t *header = run->glance.header;
	const json_t *kernels = json_object_get(header, "kernels");
	const char *command = json_string_value(
		json_array_get(json_object_get(header, "command"), 1));
	FILE *out = doc_heading(doc, 3);

	fprintf(out, "%s  ", short_time(header).s);
	put_machine(out, header);
	fprintf(out, ": %s", command ? command : "a run");
	if (kernels) {
		fputs(" of", out);
		put_names(out, kernels);
		fputs(" under", out);
		put_names(out, json_object_get(header, "runners"));
	}
	fprintf(out, "%s%s", *state_of(run) ? ", " : "", state_of(run));
	if (kernels)
		put_verdicts(doc, history, run);
	else
		put_study(doc, run);
	fputs(run->path, doc_item(doc));
}

static void put_narrow(struct doc *doc, const struct history *history,
		       const struct history_run *run)
{
	const json_t *verdicts = run->glance.verdicts;

	for (size_t i = 0; i < json_array_size(verdicts); i++)
		if (is_wanted(history, json_array_get(verdicts, i)))
			put_line(doc, run, json_array_get(verdicts, i));
}

static void put_lines(struct doc *doc, const struct history *history)
{
	static const char *const heads[] = {"kernel", "runner", "from items",
					    "state"};

	doc_table(doc);
	fputs("run", doc_column(doc, DOC_LEFT));
	for (size_t i = 0; i < sizeof(heads) / sizeof(*heads); i++)
		fputs(heads[i], doc_column(doc, DOC_LEFT));
	fputs("machine", doc_column(doc, DOC_WRAP));
	for (size_t i = 0; i < history->count; i++)
		if (!history->runs[i].error[0])
			put_narrow(doc, history, &history->runs[i]);
}

static int build_history(struct doc *doc, const void *data)
{
	const struct history *history = data;

	if (history_says(history))
		fputs("Runs so far", doc_heading(doc, 1));
	if (history->kernel || history->runner) {
		put_lines(doc, history);
		return 0;
	}
	for (size_t i = 0; i < history->count; i++)
		if (!history->runs[i].error[0])
			put_run(doc, history, &history->runs[i]);
	return 0;
}

int history_table(const struct history *history, FILE *out,
		  const struct report_style *style)
{
	return doc_print(build_history, history, out, style);
}

/* ------------------------------------------------------------- nothing */

/* Is the name in this list of one of the runs up to `runs`, and of that one's
 * first `names`? */
static bool is_named(const struct history *history, const char *list,
		     const char *name, size_t runs, size_t names)
{
	for (size_t i = 0; i <= runs && i < history->count; i++) {
		const json_t *all =
			json_object_get(history->runs[i].glance.header, list);
		size_t count = json_array_size(all);

		if (i == runs && names < count)
			count = names;
		for (size_t k = 0; k < count; k++)
			if (strcmp(string_in(json_array_get(all, k), "name"),
				   name) == 0)
				return true;
	}
	return false;
}

/* Each name of this list once. */
static void put_all_names(FILE *out, const struct history *history,
			  const char *list)
{
	const char *before = "; there is ";

	for (size_t i = 0; i < history->count; i++) {
		const json_t *all =
			json_object_get(history->runs[i].glance.header, list);

		for (size_t k = 0; k < json_array_size(all); k++) {
			const char *name =
				string_in(json_array_get(all, k), "name");

			if (is_named(history, list, name, i, k))
				continue;
			fputs(before, out);
			text_clean(out, name, false);
			before = ", ";
		}
	}
}

static bool put_unknown(FILE *out, const struct history *history,
			const char *what, const char *list, const char *name)
{
	if (!name || is_named(history, list, name, history->count, 0))
		return false;
	fprintf(out, "no run here measured the %s '", what);
	text_clean(out, name, false);
	fputc('\'', out);
	put_all_names(out, history, list);
	return true;
}

void history_put_nothing(FILE *out, const struct history *history)
{
	if (put_unknown(out, history, "kernel", "kernels", history->kernel) ||
	    put_unknown(out, history, "runner", "runners", history->runner))
		return;
	fputs("no run here concluded anything about ", out);
	text_clean(out, history->kernel ? history->kernel : "any kernel",
		   false);
	fputs(" under ", out);
	text_clean(out, history->runner ? history->runner : "any runner",
		   false);
	fputs(": a run that was interrupted has no conclusions, and "
	      "`breakeven report FILE` computes what its record can say",
	      out);
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

		if (is_wanted(history, verdict) ||
		    json_object_get(verdict, "says"))
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
