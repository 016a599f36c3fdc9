/* SPDX-License-Identifier: MIT */
/* What runs concluded, and how they are listed. */
#include "analysis/analyse.h"
#include "analysis/findings.h"
#include "analysis/verdicts.h"
#include "report/pages/history_page.h"
#include "tests/analysis/made_up.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { SIX = 6, SIZES = 6 };

static const struct report_style plain = {.columns = 500, .count = 1};

/* ------------------------------------------------------------- verdicts */

/* What `history` sees of a run in six or fewer generations, which is whole. */
static void conclude(unsigned generations, struct record_summary *summary)
{
	const struct made_up_runner pool = {"fork-pool", 500, 1.5};
	char path[] = "history-XXXXXX", error[ERROR_TEXT_MAX];
	struct record *record = record_new();
	struct findings *findings;

	assert_true(mkstemp(path) >= 0);
	unlink(path);
	assert_int_equal(record_attach(record, path, error), 0);
	record_put_header(record, made_up_header("RelWithDebInfo", ""));
	made_up_scan(record, "sum", SIZES, generations, &pool, 1);
	assert_int_equal(verdicts_put(record), 0);
	assert_false(record->ended || record->complete);
	assert_int_equal(record_put_end(record, true, NULL), 0);
	assert_int_equal(record_summary_read(path, summary, error), 0);
	unlink(path);
	findings = findings_make(record);
	assert_int_equal(findings->trusted, generations == SIX);
	findings_free(findings);
	record_free(record);
}

/* The last of the verdicts. */
static const json_t *trusted(const struct record_summary *summary)
{
	return json_object_get(
		json_array_get(summary->verdicts,
			       json_array_size(summary->verdicts) - 1),
		"trusted");
}

static void a_record_says_what_its_report_says(void **state)
{
	struct record_summary summary;

	(void)state;
	conclude(SIX, &summary);
	assert_true(summary.complete);
	assert_true(json_is_true(trusted(&summary)));
	assert_string_equal(
		json_string_value(json_object_get(
			json_array_get(summary.verdicts, 0), "verdict")),
		"at");
	record_summary_free(&summary);
	conclude(SIX - 1, &summary);
	assert_true(json_is_false(trusted(&summary)));
	record_summary_free(&summary);
}

/* ------------------------------------------------------------- lists */

static json_t *verdict(const char *kernel, const char *runner, int workers,
		       const char *placement, const char *what, double n)
{
	return json_pack("{s:s,s:s,s:i,s:s,s:s,s:o,s:f,s:f}", "kernel", kernel,
			 "runner", runner, "workers", workers, "placement",
			 placement, "verdict", what, "n_star",
			 isnan(n) ? json_null() : json_real(n), "n_lo", 100.0,
			 "n_hi", 90000.0);
}

/* A trusted run that concluded this; the array's reference is stolen. */
static struct history_run run_of(json_t *verdicts)
{
	struct history_run run = {.path = "run.jsonl"};
	json_t *header = made_up_header("RelWithDebInfo", "");

	json_array_append_new(verdicts, json_pack("{s:b}", "trusted", 1));
	json_object_set_new(header, "time",
			    json_string("2026-11-25T04:11:32Z"));
	run.glance = (struct record_summary){header, verdicts, true};
	return run;
}

/* To be freed. */
static char *table(const struct history *history)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_int_equal(history_table(history, out, &plain), 0);
	fclose(out);
	return text;
}

static void has(const struct history *history, const char *expect)
{
	char *text = table(history);

	if (!strstr(text, expect))
		fail_msg("no '%s' in:\n%s", expect, text);
	free(text);
}

static void what_differs_is_told_apart(void **state)
{
	struct history_run run = run_of(json_pack(
		"[o,o,o,o]", verdict("sum", "fork-pool", 2, "near", "at", 1200),
		verdict("sum", "fork-pool", 2, "far", "at", 6400),
		verdict("sum", "openmp", 2, "one", "never", NAN),
		verdict("sum", "openmp", 4, "one", "window", 7000)));
	struct history history = {.count = 1, .runs = &run};

	(void)state;
	has(&history, "fork-pool, CPUs near 1,200; fork-pool, CPUs far 6,400; "
		      "openmp with 2 never;");
	has(&history, "openmp with 4 window from 7,000");
	has(&history, ", trusted");
	history.kernel = "sum";
	history.runner = "fork-pool";
	has(&history, "sum      fork-pool with 2, CPUs near   1,200");
	has(&history, "sum      fork-pool with 2, CPUs far    6,400");
	record_summary_free(&run.glance);
}

static void kernels_stand_together(void **state)
{
	struct history_run run = run_of(json_pack(
		"[o,o,o]", verdict("sum", "fork", 2, "one", "never", NAN),
		verdict("dot", "fork", 2, "one", "at", 500),
		verdict("sum", "openmp", 2, "one", "at", 700)));
	const struct history history = {.count = 1, .runs = &run};

	(void)state;
	has(&history, "  sum: fork never; openmp 700\n  dot: fork 500\n");
	record_summary_free(&run.glance);
}

/* ------------------------------------------------------------- nothing */

static void says_nothing(const struct history *history, const char *expect)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_false(history_says(history));
	history_put_nothing(out, history);
	fclose(out);
	if (!strstr(text, expect))
		fail_msg("no '%s' in: %s", expect, text);
	free(text);
}

static void nothing_to_list_is_explained(void **state)
{
	struct history_run runs[] = {
		run_of(json_pack(
			"[o]", verdict("sum", "openmp", 2, "one", "at", 700))),
		run_of(json_array()),
	};
	struct history history = {.count = 2, .runs = runs};

	(void)state;
	assert_true(history_says(&history));
	history.kernel = "sum";
	assert_true(history_says(&history));
	history.kernel = "nope";
	says_nothing(&history, "the kernel 'nope'; there is sum, dot");
	history.kernel = "sum";
	history.runner = "nope";
	says_nothing(&history, "the runner 'nope'; there is fork, pthread, "
			       "fork-pool, pthread-pool, openmp");
	history.runner = "\033[31mred\n";
	says_nothing(&history, "the runner ' [31mred '; there is fork");
	history.runner = "fork";
	says_nothing(&history, "concluded anything about sum under fork");
	record_summary_free(&runs[0].glance);
	record_summary_free(&runs[1].glance);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_record_says_what_its_report_says),
		cmocka_unit_test(what_differs_is_told_apart),
		cmocka_unit_test(kernels_stand_together),
		cmocka_unit_test(nothing_to_list_is_explained),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
