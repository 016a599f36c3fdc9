/* SPDX-License-Identifier: MIT */
#include "analysis/analyse.h"
#include "report/doc/text.h"
#include "report/doc/words.h"
#include "report/pages/report.h"
#include "tests/analysis/made_up.h"

#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define NASTY "killed, \"hard\" | by\n\x1b[31msignal 9 \xc2\xb5"

static const struct report_style plain = {
	.detail = STYLE_ALL, .columns = 100, .count = 1};

static const struct made_up_runner five[] = {
	{"fork", 60000, 1.7},	 {"pthread", 12000, 1.8},
	{"fork-pool", 560, 1.8}, {"pthread-pool", 500, 1.8},
	{"openmp", 1, 1.9},
};

static char *format_with(const char *format, const struct record *record,
			 const struct report_style *style)
{
	struct findings *findings = findings_make(record);
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(findings);
	assert_non_null(report_find(format));
	assert_int_equal(
		report_find(format)->write(out, record, findings, style), 0);
	fclose(out);
	findings_free(findings);
	return text;
}

static void assert_says(const char *text, const char *words)
{
	assert_non_null(text);
	if (text && !strstr(text, words))
		fail_msg("\"%s\" is not in:\n%s", words, text);
}

static void assert_silent(const char *text, const char *words)
{
	assert_non_null(text);
	if (text && strstr(text, words))
		fail_msg("\"%s\" is in:\n%s", words, text);
}

/* Five runners over a wide range, with notes of every kind. */
static struct record *full_record(void)
{
	struct record *record = made_up_record();

	made_up_scan(record, "sum", 9, 6, five, 5);
	made_up_scan(record, "dot", 9, 6, five, 5);
	made_up_note(record, "failed", "dot", "fork", 1 << 18, NASTY);
	made_up_note(record, "skipped", NULL, "mpi", 0, "not installed");
	record_put_end(record, true, NULL);
	return record;
}

/* ------------------------------------------------------------- json */

static void assert_number(const json_t *object, const char *key, double value)
{
	const json_t *number = json_object_get(object, key);

	assert_non_null(number);
	if (isfinite(value))
		assert_true(fabs(json_number_value(number) - value) <=
			    1e-8 * fabs(value));
	else
		assert_true(json_is_null(number));
}

static void assert_string(const json_t *object, const char *key,
			  const char *value)
{
	const char *text = json_string_value(json_object_get(object, key));

	assert_non_null(text);
	assert_string_equal(text, value);
}

static double speedup(double log_ratio)
{
	return isfinite(log_ratio) ? exp(log_ratio) : NAN;
}

static void check_pair(const json_t *object, const struct pair *pair)
{
	assert_string(object, "kernel", pair->kernel);
	assert_string(object, "runner", pair->runner);
	assert_number(object, "workers", pair->workers);
	assert_string(object, "placement", pair->placement);
	assert_string(object, "regime", pair->regime);
	assert_string(object, "base", pair->base);
}

static void check_cell(const json_t *object, const struct cell *cell)
{
	check_pair(object, &cell->pair);
	assert_number(object, "n", (double)cell->n);
	assert_number(object, "serial_ns", cell->serial_ns);
	assert_number(object, "runner_ns", cell->runner_ns);
	assert_number(object, "speedup", speedup(cell->log_ratio));
	assert_number(object, "speedup_lo", speedup(cell->interval.lo));
	assert_number(object, "speedup_hi", speedup(cell->interval.hi));
	assert_number(object, "proof_lo", speedup(cell->proof.lo));
	assert_number(object, "proof_hi", speedup(cell->proof.hi));
	assert_string(object, "verdict", cell_verdict_names[cell->verdict]);
}

static void check_crossing(const json_t *object,
			   const struct crossing *crossing)
{
	check_pair(object, &crossing->pair);
	assert_number(object, "n_star", crossing->at.n_star);
	assert_number(object, "n_lo", crossing->at.n_lo);
	assert_number(object, "n_hi", crossing->at.n_hi);
	assert_number(object, "n_end", crossing->at.n_end);
	assert_number(object, "n_end_lo", crossing->at.n_end_lo);
	assert_number(object, "n_end_hi", crossing->at.n_end_hi);
	assert_string(object, "verdict",
		      breakeven_verdict_names[crossing->at.verdict]);
}

static void json_equals_the_findings(void **state)
{
	struct record *record = full_record();
	struct findings *findings = findings_make(record);
	char *text = format_with("json", record, &plain);
	json_t *report = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
	const json_t *cells = json_object_get(report, "cells");
	const json_t *crossings = json_object_get(report, "breakeven");

	(void)state;
	assert_true(json_is_true(json_object_get(report, "complete")));
	assert_true(json_is_boolean(json_object_get(report, "trusted")));
	assert_string(json_object_get(report, "machine"), "model",
		      "Made-up 9000");
	assert_int_equal(json_array_size(cells), findings->ncells);
	for (size_t i = 0; i < findings->ncells; i++)
		check_cell(json_array_get(cells, i), &findings->cells[i]);
	assert_int_equal(json_array_size(crossings), findings->ncrossings);
	for (size_t i = 0; i < findings->ncrossings; i++)
		check_crossing(json_array_get(crossings, i),
			       &findings->crossings[i]);
	json_decref(report);
	free(text);
	findings_free(findings);
	record_free(record);
}

/* ------------------------------------------------------------- csv */

/* One field off the front of *text; *end: it was the last of its row. */
static char *take_field(const char **text, bool *end)
{
	char *field = calloc(1, strlen(*text) + 1), *out = field;
	const char *c = *text;

	if (*c == '"') {
		for (c++; *c && (*c != '"' || c[1] == '"'); c++) {
			*out++ = *c;
			c += *c == '"';
		}
		assert_int_equal(*c++, '"');
	} else {
		while (!strchr(",\r\n\"", *c))
			*out++ = *c++;
	}
	*end = *c != ',';
	if (*end)
		assert_memory_equal(c, "\r\n", 2);
	*text = c + (*end ? 2 : 1);
	return field;
}

static void csv_is_rectangular(void **state)
{
	struct record *record = full_record();
	struct findings *findings = findings_make(record);
	char *text = format_with("csv", record, &plain);
	size_t width = 0, rows = 0, cells = 0, nasty = 0;
	const char *rest = text;

	(void)state;
	while (*rest) {
		size_t columns = 0;
		bool end = false;

		while (!end) {
			char *field = take_field(&rest, &end);

			if (columns == 0 && strcmp(field, "cell") == 0)
				cells++;
			nasty += strcmp(field, NASTY) == 0;
			free(field);
			columns++;
		}
		if (rows++ == 0)
			width = columns;
		assert_int_equal(columns, width);
	}
	assert_int_equal(cells, findings->ncells);
	assert_int_equal(rows, 1 + findings->ncells + findings->ncrossings);
	assert_int_equal(nasty, 1);
	assert_memory_equal(text, "table,kernel,runner,", 20);
	assert_silent(text, "inf");
	assert_silent(text, "nan");
	free(text);
	findings_free(findings);
	record_free(record);
}

/* ------------------------------------------------------------- table */

static size_t longest_line(const char *text)
{
	size_t longest = 0;

	while (*text) {
		size_t bytes = strcspn(text, "\n");
		char *line = strndup(text, bytes);
		size_t width = text_width(line);

		longest = width > longest ? width : longest;
		free(line);
		text += bytes + (text[bytes] == '\n');
	}
	return longest;
}

static size_t count_of(const char *text, const char *words)
{
	size_t count = 0;

	for (; (text = strstr(text, words)); text++)
		count++;
	return count;
}

static void five_runners_fit(void **state)
{
	static const unsigned widths[] = {60, 80, 100, 160};
	struct record *record = full_record();

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		struct report_style style = {.detail = STYLE_ALL,
					     .utf8 = i % 2,
					     .columns = widths[i],
					     .count = 1};
		char *text = format_with("table", record, &style);

		assert_true(longest_line(text) <= widths[i]);
		/* Two kernels with two tables each: whole, or in parts. */
		if (widths[i] >= 100)
			assert_int_equal(count_of(text, "\n items"), 4);
		else
			assert_true(count_of(text, "\n items") > 4);
		free(text);
	}
	record_free(record);
}

static void colour_only_repeats(void **state)
{
	static const struct report_style coloured = {.detail = STYLE_ALL,
						     .colour = true,
						     .columns = 100,
						     .count = 1};
	struct record *record = full_record();
	char *with = format_with("table", record, &coloured), *out = with;
	char *without = format_with("table", record, &plain);

	(void)state;
	assert_says(with, "\033[32m");
	assert_says(with, "\033[31m");
	for (const char *c = with; *c; c++) {
		if (*c == '\033')
			c += strcspn(c, "m");
		else
			*out++ = *c;
	}
	*out = '\0';
	assert_string_equal(with, without);
	free(with);
	free(without);
	record_free(record);
}

static void foreign_text_does_no_harm(void **state)
{
	static const struct report_style utf8 = {
		.detail = STYLE_ALL, .utf8 = true, .columns = 100, .count = 1};
	struct record *record = full_record();
	char *ascii = format_with("table", record, &plain);
	char *wide = format_with("table", record, &utf8);

	(void)state;
	for (const char *c = ascii; *c; c++)
		assert_true(*c == '\n' || isprint((unsigned char)*c));
	for (const char *c = wide; *c; c++)
		assert_true(*c == '\n' || !iscntrl((unsigned char)*c));
	assert_says(wide, "signal 9 \u00b5");
	assert_says(wide, "\u00b5s");
	assert_says(ascii, "signal 9 u");
	free(ascii);
	free(wide);
	record_free(record);
}

static void says_it_in_words(void **state)
{
	static const struct made_up_runner late = {"pthread-pool", 0, 0.8};
	static const struct report_style wide = {
		.detail = STYLE_ALL, .columns = 400, .count = 1};
	struct record *record = full_record(), *window = made_up_record();
	char *text = format_with("table", record, &wide);

	(void)state;
	assert_says(text, "Made-up 9000, 2 CPUs: trusted.");
	assert_says(text, "A call takes 16.0 ns (sum, 16 items) to 1.05 ms");
	assert_says(text, "sum: s += a[i], 8 bytes and 1 flop an item");
	assert_says(text, "openmp (warm):       pays from the smallest size "
			  "measured (16 items) on; 1.90 x");
	assert_says(text, "pthread (one-shot):  from ");
	assert_says(text, "x what openmp needs");
	assert_says(text, "never up to 64 Ki items");
	assert_says(text, "failed at 256 Ki items, so larger sizes do not "
			  "count: killed, \"hard\" | by");
	assert_says(text, "mpi:                 skipped: not installed");
	assert_says(text, "failed: fork with 2 workers at dot, 256 Ki items: "
			  "killed");
	assert_says(text, "skipped: mpi with 2 workers at all kernels: not");
	assert_null(strstr(text, "unknown]"));
	assert_says(text, "Beside speed: code that may crash costs a pool of");
	assert_says(text, "Built: breakeven 0.1.0, abcdef0, RelWithDebInfo");
	assert_says(text, "Again: breakeven bench '-k sum' --seed 42\n");
	free(text);
	record_free(record);
	for (unsigned g = 1; g <= 6; g++)
		for (size_t i = 0; i < 8; i++)
			made_up_block(window, g, "sum", UINT64_C(16) << 2 * i,
				      NAN, i < 6 ? &five[3] : &late, 1);
	text = format_with("table", window, &wide);
	assert_says(text, "a window: from 1,");
	assert_says(text, " items [16,384 .. 65,536]");
	assert_says(text, "NOT TRUSTED: the run was interrupted");
	free(text);
	record_free(window);
}

static void says_why_it_cannot_tell(void **state)
{
	struct record *record = made_up_record();
	char *text;

	(void)state;
	made_up_scan(record, "sum", 5, 2, five, 1);
	text = format_with("table", record, &plain);
	assert_says(text, "cannot tell: not enough data, 2 of 6");
	assert_says(text, "--budget");
	assert_says(text, "[unknown] ?");
	assert_says(text, "Where an interval is [unknown], too little");
	free(text);
	text = format_with("markdown", record, &plain);
	assert_says(text, "[unknown] ?");
	assert_says(text, "Where an interval is [unknown], too little");
	free(text);
	record_free(record);
}

/* On whichever side of serial the noise puts it. */
static void equal_at_the_largest_size_is_told_as_that(void **state)
{
	static const struct made_up_runner sides[] = {
		{"pthread-pool", 100, 1.001}, {"pthread-pool", 100, 0.999}};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct record *record = made_up_record();
		char *text;

		made_up_scan(record, "sum", 9, 6, &sides[i], 1);
		text = format_with("table", record, &plain);
		assert_says(text, "never up to 1 Mi items: equal there, within "
				  "2 %; 1.00 x [");
		assert_null(strstr(text, "cannot tell: "));
		free(text);
		record_free(record);
	}
}

/* The best at the largest size of a kernel that few generations saw is not
 * serial. */
static void best_is_what_is_proven(void **state)
{
	static const struct made_up_runner slow[] = {{"fork", 1e12, 1.7}};
	static const struct made_up_runner equal[] = {{"fork-pool", 0, 1.0}};
	struct record *record = made_up_record();
	char *text;

	(void)state;
	made_up_scan(record, "sum", 9, 6, five, 5);
	made_up_scan(record, "dot", 7, 6, slow, 1);
	made_up_scan(record, "copy", 9, 2, five, 5);
	/* As fast as serial, and faster at smaller sizes than were looked at.
	 */
	made_up_scan(record, "fill", 9, 6, equal, 1);
	made_up_scan(record, "fill", 8, 6, five + 4, 1);
	record_put_end(record, true, NULL);
	text = format_with("table", record, &plain);
	assert_says(text, "best at its largest size\n");
	assert_says(text, "1.90 x openmp at 1 Mi\n");
	assert_says(text, " serial at 64 Ki\n");
	assert_says(text, "1.90 x openmp ? at 1 Mi\n");
	assert_says(text, " serial at 1 Mi\n");
	assert_says(text, "? is not proven either way (5 of 13)");
	free(text);
	record_free(record);

	record = full_record();
	text = format_with("table", record, &plain);
	assert_says(text, "best at 1 Mi\n");
	assert_silent(text, "? is not proven either way");
	free(text);
	record_free(record);
}

/* Nothing was written of CPU time, nor of how long creation took. */
static void rows_of_costs_that_say_nothing_are_left_out(void **state)
{
	static const char *const formats[] = {"table", "markdown"};
	struct record *record = full_record(), *little = made_up_record();

	(void)state;
	made_up_scan(little, "sum", 5, 2, five, 1);
	for (size_t i = 0; i < 2; i++) {
		char *text = format_with(formats[i], record, &plain);

		assert_says(text, "What it costs beside");
		assert_says(text, "task, half of use");
		assert_null(strstr(text, "CPU time"));
		assert_null(strstr(text, "created in"));
		free(text);
		text = format_with(formats[i], little, &plain);
		assert_null(strstr(text, "What it costs beside"));
		free(text);
	}
	record_free(record);
	record_free(little);
}

/* Only sizes of the grid are rows; the others are counted. */
static void a_window_has_an_end(void **state)
{
	struct crossing crossing = {
		.at = {BREAKEVEN_WINDOW, NAN, NAN, 16, 6616, 6000, 7000},
		.cpu_at = {BREAKEVEN_WINDOW, 3726, 3000, 4000, 6616, 6000,
			   7000},
		.cpu_log_ratio = -log(1.56),
	};
	unsigned row = 0;

	(void)state;
	while (strcmp(words_costs[row], "saves CPU time") != 0)
		row++;
	assert_string_equal(words_cost(&crossing, row).s,
			    "from 3,726 to 6,616");
	crossing.cpu_at.n_star = NAN;
	assert_string_equal(words_cost(&crossing, row).s, "to 6,616");
	crossing.cpu_at.verdict = BREAKEVEN_NEVER;
	assert_string_equal(words_cost(&crossing, row).s, "never");
}

/* A runner that loses beyond 8 Ki items, in one record; which wins at first. */
static struct record *window_record(double first)
{
	struct record *record = made_up_record();

	for (unsigned g = 1; g <= 6; g++)
		for (size_t i = 0; i < 8; i++) {
			const struct made_up_runner runner = {"openmp", 0,
							      i == 0  ? first
							      : i < 5 ? 1.8
								      : 0.5};

			made_up_block(record, g, "sum", UINT64_C(16) << 2 * i,
				      NAN, &runner, 1);
		}
	record_put_end(record, true, NULL);
	return record;
}

/* Words of the glossary are links on a page: take these away, in place. */
static char *take_links(char *text)
{
	char *to = text;

	for (const char *from = text; *from;) {
		size_t length = strncmp(from, "<a class", 8) == 0
					? strcspn(from, ">") + 1
				: strncmp(from, "</a>", 4) == 0 ? 4
								: 0;

		if (length)
			from += length;
		else
			*to++ = *from++;
	}
	*to = '\0';
	return text;
}

static void windows_are_told_whole(void **state)
{
	struct record *record = window_record(0.5);
	char *text = take_links(format_with("html", record, &plain));

	(void)state;
	assert_says(text, "openmp (warm): a window: from ");
	assert_says(text, "</data> <small>[");
	free(text);
	record_free(record);
	record = window_record(1.8);
	text = take_links(format_with("html", record, &plain));
	assert_says(text, "16 or less to ");
	assert_silent(text, "nan");
	free(text);
	record_free(record);
}

static void check_header(const struct record *record, size_t unknown,
			 const char *expect)
{
	struct findings *findings = findings_make(record);
	char *text = format_with("header", record, &plain);

	assert_says(text, expect);
	assert_int_equal(report_find("header")->unknown(findings), unknown);
	free(text);
	findings_free(findings);
}

static void a_header_tells_never_from_unknown(void **state)
{
	const struct made_up_runner two[] = {{"fork", 600000, 1.7},
					     {"openmp", 1, 1.9}};
	struct record *record = made_up_record();

	(void)state;
	made_up_scan(record, "sum", 6, 6, two, 2);
	made_up_note(record, "failed", "dot", "openmp", 0, "killed");
	record_put_end(record, true, NULL);
	check_header(record, 1,
		     "_FORK SIZE_MAX\n#define BREAKEVEN_SUM_FORK_"
		     "KNOWN 1\n");
	check_header(record, 1, "#define BREAKEVEN_SUM_OPENMP_KNOWN 1\n");
	check_header(record, 1,
		     "_OPENMP SIZE_MAX\n#define BREAKEVEN_DOT_"
		     "OPENMP_KNOWN 0\n");
	record_free(record);
	record = made_up_record();
	made_up_scan(record, "sum", 6, 5, two, 2);
	record_put_end(record, true, NULL);
	check_header(record, 2, "#define BREAKEVEN_SUM_FORK_KNOWN 0\n");
	record_free(record);
	assert_null(report_find("json")->unknown);
}

static void added_sizes_are_counted(void **state)
{
	struct record *record = record_new();
	json_t *header = made_up_header("Release", "");
	char *table, *csv;

	(void)state;
	json_object_set_new(
		header, "plan",
		json_pack("{s:[i,i,i]}", "sizes", 16, 4096, 1 << 20));
	record_put_header(record, header);
	for (unsigned g = 1; g <= 6; g++) {
		made_up_block(record, g, "sum", 16, NAN, &five[3], 1);
		made_up_block(record, g, "sum", 1111, NAN, &five[3], 1);
		made_up_block(record, g, "sum", 1222, NAN, &five[3], 1);
		made_up_block(record, g, "sum", 4096, NAN, &five[3], 1);
	}
	table = format_with("table", record, &plain);
	csv = format_with("csv", record, &plain);
	assert_says(table, "and 2 sizes more near the break-even points");
	assert_int_equal(count_of(table, "\n 1,111 "), 0);
	assert_int_equal(count_of(csv, ",serial,1111,"), 1);
	free(table);
	free(csv);
	record_free(record);
}

static struct record *two_placements(unsigned far)
{
	struct record *record = made_up_record();

	for (unsigned g = 1; g <= 16; g++)
		for (size_t i = 0; i < 8; i++)
			made_up_block(record, g, "sum", UINT64_C(16) << 2 * i,
				      g <= far ? 380 : 58, &five[3], 1);
	record_put_end(record, true, NULL);
	return record;
}

static void placements_have_tables_of_their_own(void **state)
{
	struct record *both = two_placements(6), *rare = two_placements(5);
	char *text = format_with("table", both, &plain);

	(void)state;
	assert_says(text, "CPUs near to one another\n");
	assert_says(text, "CPUs far from one another\n");
	assert_int_equal(count_of(text, "Speed-up over serial"), 2);
	free(text);
	text = format_with("table", rare, &plain);
	assert_int_equal(count_of(text, "Speed-up over serial"), 1);
	assert_says(text, "far from one another: seen too rarely");
	free(text);
	record_free(both);
	record_free(rare);
}

/* ------------------------------------------------------------- all */

/* In each format that is one text. */
static void all_say(const struct record *record, const char *words)
{
	for (const struct report_format *f = report_formats; f->name; f++) {
		char *text =
			f->write ? format_with(f->name, record, &plain) : NULL;

		if (text)
			assert_says(text, words);
		free(text);
	}
}

static void nothing_measured_is_no_trouble(void **state)
{
	struct record *record = made_up_record();

	(void)state;
	all_say(record, "e");
	made_up_note(record, "failed", NULL, "fork", 0, "no memory");
	all_say(record, "no memory");
	record_free(record);
}

static void what_is_not_known_is_said_in_words(void **state)
{
	const struct findings findings = {
		.harness_ns = NAN,
		.checks = {.compute = 0.97,
			   .compute_interval = {-INFINITY, INFINITY},
			   .known_truth = NAN,
			   .trip_ns = {NAN, NAN, NAN}},
	};
	const struct control_cost cost = {
		.kernel = "dot",
		.runner = "openmp",
		.workers = 2,
		.interval = {-INFINITY, INFINITY},
	};
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	(void)state;
	for (unsigned i = 0; i < WORDS_PROOFS; i++)
		words_proof(out, &findings, i);
	words_control(out, &cost);
	fclose(out);
	assert_says(text, "keeps 97 % [unknown] of its speed");
	assert_says(text, "costs 0.0 % [unknown] over a loop");
	free(text);
	assert_string_equal(text_range(97.4, 99, 0).s, "[97,99]");
	assert_string_equal(text_range(NAN, NAN, 0).s, "[unknown]");
	assert_string_equal(text_range(-INFINITY, 99, 0).s, "[at most 99]");
	assert_string_equal(text_interval(log(1.5), INFINITY, false).s,
			    "[at least 1.50]");
	assert_string_equal(text_interval(-INFINITY, 0, false).s,
			    "[at most 1.00]");
}

/* Two generations give no interval. */
static void no_format_prints_infinity(void **state)
{
	static const char *const numbers[] = {"[inf", "-inf",  ",inf",
					      "nan,", ", nan", "[nan"};
	struct record *record = made_up_record();

	(void)state;
	made_up_scan(record, "sum", 9, 2, five, 5);
	record_put_end(record, true, NULL);
	for (const struct report_format *f = report_formats; f->name; f++) {
		char *text =
			f->write ? format_with(f->name, record, &plain) : NULL;

		for (size_t i = 0; text && i < 6; i++)
			assert_silent(text, numbers[i]);
		free(text);
	}
	record_free(record);
}

static void full_disks_are_noticed(void **state)
{
	struct record *record = full_record();
	struct findings *findings = findings_make(record);

	(void)state;
	for (const struct report_format *f = report_formats; f->name; f++) {
		FILE *full = fopen("/dev/full", "w");

		assert_non_null(full);
		if (f->write)
			assert_true(f->write(full, record, findings, &plain) <
				    0);
		fclose(full);
	}
	findings_free(findings);
	record_free(record);
}

/* A small one, with a line of each kind, at `path`. */
static off_t write_small(const char *path)
{
	struct record *record = record_new();
	char error[ERROR_TEXT_MAX];
	off_t size;

	assert_int_equal(record_attach(record, path, error), 0);
	record_put_header(record, made_up_header("RelWithDebInfo", ""));
	made_up_block(record, 1, "sum", 64, NAN, five, 2);
	made_up_note(record, "failed", "dot", "fork", 0, "no memory");
	record_put_verdict(record, json_pack("{s:b}", "trusted", 1));
	record_put_end(record, true, NULL);
	size = lseek(record->fd, 0, SEEK_END);
	record_free(record);
	return size;
}

/* FAULTS 35: of a record that was cut off, no report looks whole. */
static void records_cut_off_anywhere_are_told(void **state)
{
	char path[] = "/tmp/test_formats.XXXXXX", error[ERROR_TEXT_MAX];
	int fd = mkstemp(path);
	off_t size;

	(void)state;
	assert_true(fd >= 0);
	unlink(path);
	size = write_small(path);
	for (off_t length = size - 1; length > 0; length--) {
		struct record *record;

		assert_int_equal(truncate(path, length), 0);
		if (record_read(path, &record, error) < 0) {
			assert_non_null(strstr(error, path));
			continue;
		}
		for (const struct report_format *f = report_formats; f->name;
		     f++) {
			char *text =
				strcmp(f->name, "html") != 0 && f->write
					? format_with(f->name, record, &plain)
					: NULL;

			if (text && strcmp(f->name, "table") == 0 &&
			    !record->complete)
				assert_says(text, "interrupted");
			free(text);
		}
		record_free(record);
	}
	unlink(path);
	close(fd);
}

static void markdown_is_well_formed(void **state)
{
	struct record *record = full_record();
	char *text = format_with("markdown", record, &plain), *rest = text;
	size_t width = 0, rules = 0;

	(void)state;
	for (char *line; (line = strsep(&rest, "\n"));) {
		size_t bars = count_of(line, "|") - count_of(line, "\\|");

		if (line[0] != '|') {
			assert_int_equal(bars, 0);
			width = 0;
			continue;
		}
		if (width == 0)
			width = bars;
		assert_int_equal(bars, width);
		rules += strstr(line, "---") != NULL;
	}
	assert_int_equal(rules, 7);
	free(text);
	record_free(record);
}

static void formats_are_found(void **state)
{
	(void)state;
	assert_non_null(report_find("markdown"));
	assert_null(report_find("xml"));
	assert_null(report_find(""));
}

/* ------------------------------------------------------------- numbers */

static void numbers_adapt_their_digits(void **state)
{
	static const struct {
		double ratio;
		const char *roomy, *narrow;
	} ratios[] = {
		{0, "0", "0"},
		{1e-9, "1e-09", "1e-09"},
		{0.0012, "0.0012", "0.0012"},
		{0.0123, "0.012", "0.01"},
		{0.0999, "0.10", "0.10"},
		{0.1234, "0.12", "0.12"},
		{1.834, "1.83", "1.83"},
		{9.996, "10.0", "10.0"},
		{12.34, "12.3", "12.3"},
		{99.96, "100", "100"},
		{1234, "1234", "1234"},
	};
	static const struct {
		double ns;
		const char *text;
	} times[] = {
		{0.523, "0.52 ns"},	 {999.4, "999 ns"},
		{999.6, "1.00 \u00b5s"}, {12340, "12.3 \u00b5s"},
		{4.5e7, "45.0 ms"},	 {3.21e12, "3210 s"},
	};
	static const struct {
		uint64_t n;
		const char *text;
	} sizes[] = {
		{1, "1"},
		{1024, "1,024"},
		{4096, "4 Ki"},
		{5000, "5,000"},
		{5120, "5 Ki"},
		{1 << 24, "16 Mi"},
		{1 << 20, "1 Mi"},
		{1000003, "1,000,003"},
		{3 << 19, "1,536 Ki"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(ratios) / sizeof(ratios[0]); i++) {
		assert_string_equal(text_ratio(ratios[i].ratio, false).s,
				    ratios[i].roomy);
		assert_string_equal(text_ratio(ratios[i].ratio, true).s,
				    ratios[i].narrow);
	}
	for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++)
		assert_string_equal(text_time(times[i].ns).s, times[i].text);
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
		assert_string_equal(text_size(sizes[i].n).s, sizes[i].text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(json_equals_the_findings),
		cmocka_unit_test(csv_is_rectangular),
		cmocka_unit_test(five_runners_fit),
		cmocka_unit_test(colour_only_repeats),
		cmocka_unit_test(foreign_text_does_no_harm),
		cmocka_unit_test(says_it_in_words),
		cmocka_unit_test(says_why_it_cannot_tell),
		cmocka_unit_test(equal_at_the_largest_size_is_told_as_that),
		cmocka_unit_test(best_is_what_is_proven),
		cmocka_unit_test(rows_of_costs_that_say_nothing_are_left_out),
		cmocka_unit_test(a_window_has_an_end),
		cmocka_unit_test(windows_are_told_whole),
		cmocka_unit_test(a_header_tells_never_from_unknown),
		cmocka_unit_test(added_sizes_are_counted),
		cmocka_unit_test(placements_have_tables_of_their_own),
		cmocka_unit_test(nothing_measured_is_no_trouble),
		cmocka_unit_test(what_is_not_known_is_said_in_words),
		cmocka_unit_test(no_format_prints_infinity),
		cmocka_unit_test(full_disks_are_noticed),
		cmocka_unit_test(records_cut_off_anywhere_are_told),
		cmocka_unit_test(markdown_is_well_formed),
		cmocka_unit_test(formats_are_found),
		cmocka_unit_test(numbers_adapt_their_digits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
