/* SPDX-License-Identifier: MIT */
/*
 * Runners that are compared with two bases: serial, and the serial runner of
 * their own language.
 */
#include "analysis/analyse.h"
#include "analysis/samples.h"
#include "report/doc/text.h"
#include "report/pages/report.h"
#include "tests/analysis/made_up.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

/* Over serial never, over its own base from 3000 items on. */
static const struct made_up_runner slow[] = {
	{"python-serial", 0, 0.01},
	{"python-pool", 1e5, 0.015},
	{"fork-pool", 1000, 2},
};

/* `base`: of python-pool; NULL: the record does not say. */
static struct record *record_with(const char *base)
{
	struct record *record = record_new();
	json_t *header = made_up_header("RelWithDebInfo", "");
	json_t *runners = json_object_get(header, "runners");
	json_t *pool = json_pack("{s:s,s:s}", "name", "python-pool", "regime",
				 "warm+ship");

	assert_non_null(record);
	if (base)
		json_object_set_new(pool, "base", json_string(base));
	json_array_append_new(runners, pool);
	json_array_append_new(runners, json_pack("{s:s,s:s,s:s}", "name",
						 "python-serial", "regime",
						 "warm", "base", "serial"));
	assert_int_equal(record_put_header(record, header), 0);
	return record;
}

static struct record *two_bases(void)
{
	struct record *record = record_with("python-serial");

	made_up_scan(record, "sum", 8, 6, slow, 3);
	return record;
}

static struct findings *finish(struct record *record)
{
	struct findings *findings;

	record_put_end(record, true, NULL);
	findings = findings_make(record);
	assert_non_null(findings);
	return findings;
}

static void drop(struct findings *findings, struct record *record)
{
	findings_free(findings);
	record_free(record);
}

static bool is(const struct pair *pair, const char *runner, const char *base)
{
	return strcmp(pair->runner, runner) == 0 &&
	       strcmp(pair->base, base) == 0;
}

static const struct cell *cell_of(const struct findings *findings,
				  const char *runner, const char *base,
				  uint64_t n)
{
	for (size_t i = 0; i < findings->ncells; i++)
		if (is(&findings->cells[i].pair, runner, base) &&
		    findings->cells[i].n == n)
			return &findings->cells[i];
	return NULL;
}

static const struct crossing *crossing_of(const struct findings *findings,
					  const char *runner, const char *base)
{
	for (size_t i = 0; i < findings->ncrossings; i++)
		if (is(&findings->crossings[i].pair, runner, base))
			return &findings->crossings[i];
	return NULL;
}

/* ------------------------------------------------------------- findings */

static void each_base_has_its_answer(void **state)
{
	struct record *record = two_bases();
	struct findings *findings = finish(record);
	const struct crossing *own;
	const struct cell *cell;

	(void)state;
	assert_int_equal(findings->ncrossings, 4);
	assert_int_equal(findings->ncells, 4 * 8);
	assert_int_equal(
		crossing_of(findings, "python-pool", "serial")->at.verdict,
		BREAKEVEN_NEVER);
	own = crossing_of(findings, "python-pool", "python-serial");
	assert_int_equal(own->at.verdict, BREAKEVEN_AT);
	assert_true(own->at.n_lo == 1024 && own->at.n_hi == 4096);
	assert_true(own->at.n_star > 2000 && own->at.n_star < 4000);
	assert_string_equal(own->pair.regime, "warm+ship");
	cell = cell_of(findings, "python-pool", "python-serial", 1 << 18);
	assert_true(fabs(exp(cell->log_ratio) - 1.5) < 0.01);
	assert_true(fabs(cell->serial_ns / (100 * (1 << 18)) - 1) < 0.01);
	assert_true(isnan(cell->direct_ns));
	cell = cell_of(findings, "python-pool", "serial", 1 << 18);
	assert_true(fabs(exp(cell->log_ratio) - 0.015) < 0.001);
	assert_true(findings->trusted);
	drop(findings, record);
}

/* Who has no other base is compared with serial alone. */
static void others_have_one(void **state)
{
	struct record *record = two_bases();
	struct findings *findings = finish(record);

	(void)state;
	assert_non_null(crossing_of(findings, "python-serial", "serial"));
	assert_null(crossing_of(findings, "python-serial", "python-serial"));
	assert_null(crossing_of(findings, "fork-pool", "python-serial"));
	for (size_t i = 1; i < findings->ncrossings; i++)
		assert_true(strcmp(findings->crossings[i - 1].pair.base,
				   "python-serial") != 0 ||
			    strcmp(findings->crossings[i].pair.base,
				   "python-serial") == 0);
	drop(findings, record);
}

static void without_it_there_is_serial(void **state)
{
	static const char *const bases[] = {NULL, "serial", "python-serial",
					    "nobody"};

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		struct record *record = record_with(bases[i]);
		struct findings *findings;

		/* The base of the third was not measured. */
		made_up_scan(record, "sum", 8, 6, slow + (i == 2),
			     3 - (i == 2));
		findings = finish(record);
		assert_int_equal(findings->ncrossings, i == 2 ? 2 : 3);
		for (size_t c = 0; c < findings->ncrossings; c++)
			assert_string_equal(findings->crossings[c].pair.base,
					    "serial");
		drop(findings, record);
	}
}

/* The cells over another base are a table of their own, and share no error
 * rate with those over serial. */
static void each_table_has_its_error_rate(void **state)
{
	struct interval serial[2];

	(void)state;
	for (int both = 0; both < 2; both++) {
		struct record *record =
			record_with(both ? "python-serial" : NULL);
		struct findings *findings;
		const struct cell *cell;

		made_up_scan(record, "sum", 20, 6, slow, 3);
		findings = finish(record);
		cell = cell_of(findings, "python-pool", "serial", 16);
		serial[both] = cell->interval;
		cell = cell_of(findings, "python-pool", "python-serial", 16);
		assert_int_equal(cell != NULL, both);
		drop(findings, record);
	}
	assert_true(serial[0].lo == serial[1].lo);
	assert_true(serial[0].hi == serial[1].hi);
}

static void notes_reach_both_bases(void **state)
{
	struct record *record = two_bases();
	struct findings *findings;

	(void)state;
	made_up_note(record, "skipped", "sum", "python-pool", 64, "no room");
	made_up_note(record, "skipped", "sum", "python-pool", 1 << 20, "big");
	made_up_note(record, "skipped", "dot", "python-pool", 0, "no dot");
	findings = finish(record);
	for (int own = 0; own < 2; own++) {
		const char *base = own ? "python-serial" : "serial";
		const struct cell *cell =
			cell_of(findings, "python-pool", base, 64);

		assert_int_equal(cell->verdict, CELL_SKIPPED);
		assert_true(isnan(cell->serial_ns));
		cell = cell_of(findings, "python-pool", base, 1 << 20);
		assert_int_equal(cell->verdict, CELL_SKIPPED);
		cell = cell_of(findings, "python-pool", base, 256);
		assert_int_equal(cell->verdict, CELL_SLOWER);
	}
	/* Nothing of it was measured at dot: that is said once. */
	assert_int_equal(findings->ncrossings, 5);
	drop(findings, record);
}

static void what_is_said_of_a_base_holds_for_all_over_it(void **state)
{
	struct record *record = two_bases();
	struct findings *findings;
	const struct cell *cell;

	(void)state;
	made_up_note(record, "invalid", "sum", "python-serial", 64, "wrong");
	findings = finish(record);
	cell = cell_of(findings, "python-pool", "python-serial", 64);
	assert_int_equal(cell->verdict, CELL_INVALID);
	assert_string_equal(cell->reason, "wrong");
	cell = cell_of(findings, "python-pool", "serial", 64);
	assert_int_equal(cell->verdict, CELL_SLOWER);
	cell = cell_of(findings, "python-serial", "serial", 64);
	assert_int_equal(cell->verdict, CELL_INVALID);
	drop(findings, record);
}

/* ------------------------------------------------------------- formats */

static char *format_with(const char *format, const struct record *record,
			 unsigned columns)
{
	const struct report_style style = {
		.detail = STYLE_ALL, .columns = columns, .count = 1};
	struct findings *findings = findings_make(record);
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(findings);
	assert_int_equal(
		report_find(format)->write(out, record, findings, &style), 0);
	fclose(out);
	findings_free(findings);
	return text;
}

static const char *after(const char *text, const char *words)
{
	const char *found;

	assert_non_null(text);
	found = strstr(text, words);
	if (!found)
		fail_msg("\"%s\" is not in:\n%s", words, text);
	return found;
}

static void people_see_both_tables(void **state)
{
	static const char *const formats[] = {"table", "markdown"};
	struct record *record = two_bases();

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		char *text = format_with(formats[i], record, 100);
		const char *at = after(text, "The base is serial"), *end;

		at = after(at, "A call takes 16.0 ns");
		at = after(at, "Break-even size [interval]");
		at = after(at, "never up to 256 Ki items");
		at = after(at, "Speed-up over serial with 2");
		at = after(at, "Median time of a call");
		at = after(at, "Break-even size over python-serial [int");
		at = after(at, "from 3,");
		at = after(at, "Speed-up over python-serial with 2");
		end = after(at, "Creating the workers");
		assert_null(memmem(at, (size_t)(end - at), "fork-pool", 9));
		assert_null(strstr(at, "Median time of a call"));
		free(text);
	}
	record_free(record);
}

static void lines_keep_their_width(void **state)
{
	struct record *record = record_with("python-serial");

	(void)state;
	for (unsigned g = 1; g <= 16; g++)
		for (size_t i = 0; i < 8; i++)
			made_up_block(record, g, "sum", UINT64_C(16) << 2 * i,
				      g <= 6 ? 380 : 58, slow, 3);
	record_put_end(record, true, NULL);
	for (unsigned columns = 60; columns <= 100; columns += 20) {
		char *text = format_with("table", record, columns);

		after(text, "python-serial");
		for (char *line = text; *line; line += *line == '\n') {
			size_t length = strcspn(line, "\n");

			assert_true(length <= columns);
			line += length;
		}
		free(text);
	}
	record_free(record);
}

static void programs_read_the_base(void **state)
{
	struct record *record = two_bases();
	char *csv = format_with("csv", record, 80);
	char *json = format_with("json", record, 80);
	json_t *report = json_loads(json, JSON_REJECT_DUPLICATES, NULL), *one;
	size_t i, own = 0;

	(void)state;
	after(csv, "\ncell,sum,python-pool,2,unknown,warm+ship,serial,16,");
	after(csv, "\ncell,sum,python-pool,2,unknown,warm+ship,python-serial,");
	after(csv, "\nbreakeven,sum,python-pool,2,unknown,warm+ship,"
		   "python-serial,262144,");
	json_array_foreach(json_object_get(report, "breakeven"), i, one)
	{
		const char *base =
			json_string_value(json_object_get(one, "base"));

		own += strcmp(base, "python-serial") == 0 &&
		       json_is_number(json_object_get(one, "n_star"));
	}
	assert_int_equal(own, 1);
	json_decref(report);
	free(csv);
	free(json);
	record_free(record);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_base_has_its_answer),
		cmocka_unit_test(others_have_one),
		cmocka_unit_test(without_it_there_is_serial),
		cmocka_unit_test(each_table_has_its_error_rate),
		cmocka_unit_test(notes_reach_both_bases),
		cmocka_unit_test(what_is_said_of_a_base_holds_for_all_over_it),
		cmocka_unit_test(people_see_both_tables),
		cmocka_unit_test(lines_keep_their_width),
		cmocka_unit_test(programs_read_the_base),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
