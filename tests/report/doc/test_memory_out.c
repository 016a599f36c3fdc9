/* SPDX-License-Identifier: MIT */
/*
 * Reports while memory runs out: the linker sends our allocations here (see
 * tests/CMakeLists.txt), and each of them fails once. What is told is then that
 * there is no memory, or the whole report; never a crash.
 */
#include "analysis/analyse.h"
#include "report/chart/chart.h"
#include "report/pages/report.h"
#include "tests/analysis/made_up.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

/* The allocation that fails, counted down; 0: none. */
static size_t failing, counted;

static bool fails(void)
{
	counted++;
	if (failing == 0)
		return false;
	failing--;
	return failing == 0;
}

/* What the linker calls in place of a function, and the function. */
void *__real_malloc(size_t size);
void *__wrap_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__real_reallocarray(void *old, size_t count, size_t size);
void *__wrap_reallocarray(void *old, size_t count, size_t size);
char *__real_strdup(const char *text);
char *__wrap_strdup(const char *text);
char *__real_strndup(const char *text, size_t size);
char *__wrap_strndup(const char *text, size_t size);
FILE *__real_open_memstream(char **text, size_t *size);
FILE *__wrap_open_memstream(char **text, size_t *size);

void *__wrap_malloc(size_t size)
{
	return fails() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
	return fails() ? NULL : __real_calloc(count, size);
}

void *__wrap_reallocarray(void *old, size_t count, size_t size)
{
	return fails() ? NULL : __real_reallocarray(old, count, size);
}

char *__wrap_strdup(const char *text)
{
	return fails() ? NULL : __real_strdup(text);
}

char *__wrap_strndup(const char *text, size_t size)
{
	return fails() ? NULL : __real_strndup(text, size);
}

FILE *__wrap_open_memstream(char **text, size_t *size)
{
	return fails() ? NULL : __real_open_memstream(text, size);
}

/* ------------------------------------------------------------- reports */

static const struct report_style plain = {
	.detail = STYLE_ALL, .columns = 100, .count = 1};

/* Of all kinds of lines, but no more than is needed. */
static struct record *small_record(void)
{
	static const struct made_up_runner two[] = {{"fork-pool", 560, 1.8},
						    {"pthread-pool", 500, 1.8}};
	struct record *record = made_up_record();

	made_up_scan(record, "sum", 4, 6, two, 2);
	for (size_t b = 0; b < record->nblocks; b++)
		for (size_t s = 0; s < record->blocks[b].nseries; s++)
			record->blocks[b].series[s].open_ns = 1e5;
	made_up_note(record, "failed", "dot", "openmp", 0, "killed");
	record_put_end(record, true, NULL);
	return record;
}

/* One thing that takes memory; 0, or what is said where there is none. */
typedef int take_fn(FILE *out, const struct record *record,
		    const struct findings *findings, const void *what);

static int take_findings(FILE *out, const struct record *record,
			 const struct findings *findings, const void *what)
{
	struct findings *anew = findings_make(record);

	(void)out, (void)findings, (void)what;
	findings_free(anew);
	return anew ? 0 : -ENOMEM;
}

static int take_format(FILE *out, const struct record *record,
		       const struct findings *findings, const void *what)
{
	const struct report_format *format = what;

	return format->write(out, record, findings, &plain);
}

static int take_chart(FILE *out, const struct record *record,
		      const struct findings *findings, const void *what)
{
	const struct chart chart = {.record = record, .findings = findings};

	(void)what;
	return chart_creation(out, &chart) ? 0 : -ENOMEM;
}

/* Returns how many of its allocations failed, one after the other. */
static size_t exhaust(take_fn *take, const struct record *record,
		      const struct findings *findings, const void *what)
{
	FILE *out = fopen("/dev/null", "we");
	size_t all;

	assert_non_null(out);
	counted = failing = 0;
	assert_int_equal(take(out, record, findings, what), 0);
	all = counted;
	for (size_t k = 1; k <= all; k++) {
		int rc;

		failing = k;
		rc = take(out, record, findings, what);
		failing = 0;
		if (rc != 0 && rc != -ENOMEM)
			fail_msg("allocation %zu of %zu: %d", k, all, rc);
	}
	fclose(out);
	return all;
}

static void every_allocation_may_fail(void **state)
{
	struct record *record = small_record();
	struct findings *findings = findings_make(record);

	(void)state;
	assert_non_null(findings);
	/* Charts of a page need gnuplot, which takes long; not here. */
	setenv("PATH", "/nonexistent", 1);
	assert_true(exhaust(take_findings, record, findings, NULL) > 10);
	assert_true(exhaust(take_chart, record, findings, NULL) > 0);
	for (const struct report_format *f = report_formats; f->name; f++)
		if (f->write)
			exhaust(take_format, record, findings, f);
	findings_free(findings);
	record_free(record);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_allocation_may_fail),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
