/* SPDX-License-Identifier: MIT */
/*
 * What the article's claims come to, of numbers that were made up.
 */
#include "report/pages/article_page.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { ROWS_MAX = 64 };

static struct article_row rows[ROWS_MAX];
static char python[] = "3.11.2", what[] = "c-shipped",
	    why[] = "there is no runner 'pipe-pool'; there are serial, fork, "
		    "fork-pool, pthread, pthread-pool, openmp, glib";
static struct skipped left_out[] = {{what, why, false}};

static void add(struct article *article, const char *task, uint64_t n,
		const char *system, double ms)
{
	assert_true(article->nrows < ROWS_MAX);
	article->rows[article->nrows++] =
		(struct article_row){task, n, system, ms, ms * 0.99, ms * 1.01};
}

/* A machine of two CPUs that does all as is said of it. */
static struct article made_up(void)
{
	struct article article = {.runs = 15,
				  .workers = 2,
				  .python = python,
				  .rows = rows,
				  .c_memory = {0, 1},
				  .python_memory = {0, 1},
				  .skipped = {left_out, 1}};

	add(&article, "start-join", 5, "c-processes", 0.5);
	add(&article, "start-join", 5, "c-threads", 0.05);
	add(&article, "start-join", 5, "python-processes", 5);
	add(&article, "pool", 4, "c-processes", 0.4);
	add(&article, "pool", 4, "python-processes", 10);
	add(&article, "square", 5, "c-serial", 5e-6);
	add(&article, "square", 5, "c-shared", 2e-4);
	add(&article, "square", 5, "python-list", 2e-4);
	add(&article, "square", 5, "python-pool", 0.1);
	add(&article, "square", 1000000, "c-serial", 1);
	add(&article, "square", 1000000, "c-shared", 0.5);
	add(&article, "square", 1000000, "python-list", 40);
	add(&article, "square", 1000000, "python-pool", 100);
	add(&article, "collatz", 16384, "c-serial", 2);
	add(&article, "collatz", 16384, "c-shared", 1.02);
	add(&article, "collatz", 16384, "c-threads", 1.00);
	add(&article, "collatz", 16384, "python-list", 60);
	add(&article, "collatz", 16384, "python-pool", 32);
	add(&article, "collatz", 16384, "python-threads", 61);
	return article;
}

static struct article_row *find(struct article *article, const char *task,
				uint64_t n, const char *system)
{
	for (size_t i = 0; i < article->nrows; i++)
		if (article_row(article, task, n, system) == &article->rows[i])
			return &article->rows[i];
	fail_msg("no %s of %s", task, system);
	return NULL;
}

static void set(struct article *article, const char *task, uint64_t n,
		const char *system, double ms)
{
	struct article_row *row = find(article, task, n, system);

	row->ms = ms;
	row->lo = ms * 0.99;
	row->hi = ms * 1.01;
}

static char *answer(const struct article *article, size_t claim,
		    json_t *numbers)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	article_claims[claim].answer(article, out, numbers);
	fclose(out);
	return text;
}

static void assert_answer(const struct article *article, size_t claim,
			  const char *part)
{
	json_t *numbers = json_object();
	char *text = answer(article, claim, numbers);

	if (!strstr(text, part))
		fail_msg("'%s' is not in '%s'", part, text);
	free(text);
	json_decref(numbers);
}

enum { MEMORY, COMPUTE, CREATING, CHOOSING };

static void memory_is_answered_by_what_was_read(void **state)
{
	struct article article = made_up();

	(void)state;
	assert_answer(&article, MEMORY, "In C yes: ");
	assert_answer(&article, MEMORY, "In Python yes: ");
	article.c_memory.process = 1;
	assert_answer(&article, MEMORY, "In C NO: ");
	article.python_memory.thread = -1;
	assert_answer(&article, MEMORY, "In Python: not measured");
}

static void computing_is_judged_in_each_language(void **state)
{
	struct article article = made_up();

	(void)state;
	assert_answer(&article, COMPUTE,
		      "In Python yes: processes run it 1.88 times as fast as "
		      "one alone, threads 0.98 times.");
	assert_answer(&article, COMPUTE, "In C no, threads gain as much: ");
	set(&article, "collatz", 16384, "c-threads", 0.5);
	assert_answer(&article, COMPUTE, "In C no, threads gain more: ");
	set(&article, "collatz", 16384, "python-pool", 70);
	assert_answer(&article, COMPUTE, "In Python no, neither gains: ");
	find(&article, "collatz", 16384, "c-threads")->hi = 5;
	assert_answer(&article, COMPUTE, "In C it cannot be told: ");
}

/* As beside others on a busy machine, where intervals are wide. */
static void what_is_not_proven_is_no_no(void **state)
{
	struct article article = made_up();

	(void)state;
	find(&article, "collatz", 16384, "c-shared")->hi = 3;
	find(&article, "collatz", 16384, "c-threads")->hi = 3;
	assert_answer(&article, COMPUTE,
		      "In C it cannot be told: processes run it 1.96 times as "
		      "fast as one alone, threads 2.00 times.");
	/* Both gain, and nearly the same, as far as medians tell. */
	find(&article, "collatz", 16384, "c-shared")->hi = 1.5;
	find(&article, "collatz", 16384, "c-threads")->hi = 1.5;
	assert_answer(&article, COMPUTE, "In C it cannot be told: ");
	find(&article, "square", 5, "python-pool")->lo = 1e-5;
	assert_answer(&article, CREATING,
		      "2.50 at n = 1,000,000: no size is proven to pay "
		      "here, and it cannot be told at n = 5. ");
	find(&article, "square", 5, "c-shared")->lo = 1e-6;
	assert_answer(&article, CREATING,
		      "it pays at n = 1,000,000; it cannot be told at n = 5.");
}

static void creation_is_held_against_the_work(void **state)
{
	struct article article = made_up();

	(void)state;
	/* 10 ms against 40 ms for a million. */
	assert_answer(&article, CREATING, "one alone squares 250,000 numbers");
	assert_answer(&article, CREATING, "one alone squares 400,000 numbers");
	assert_answer(&article, CREATING,
		      "500 at n = 5, 2.50 at n = 1,000,000: it never pays "
		      "here.");
	assert_answer(&article, CREATING, "it pays at n = 1,000,000");
	set(&article, "square", 1000000, "python-pool", 20);
	set(&article, "square", 1000000, "c-shared", 1.5);
	assert_answer(&article, CREATING,
		      "0.50 at n = 1,000,000: it pays at n = 1,000,000.");
	assert_answer(&article, CREATING,
		      "1.50 at n = 1,000,000: it never pays here");
}

static void who_cannot_be_told_apart_wins_together(void **state)
{
	struct article article = made_up();

	(void)state;
	assert_answer(&article, CHOOSING,
		      "square of 5: c-serial, python-list.");
	assert_answer(&article, CHOOSING,
		      "collatz of 16,384: c-shared or c-threads, "
		      "python-pool.");
}

/* As where there is no python3. */
static void a_language_may_be_missing(void **state)
{
	struct article article = made_up();
	size_t kept = 0;

	(void)state;
	for (size_t i = 0; i < article.nrows; i++)
		if (strncmp(rows[i].system, "python", 6) != 0)
			rows[kept++] = rows[i];
	article.nrows = kept;
	article.python = NULL;
	assert_answer(&article, COMPUTE, "In Python: not measured. In C no");
	assert_answer(&article, CREATING, "With a pool that is up: C's over ");
	find(&article, "collatz", 16384, "c-threads")->n = 1;
	find(&article, "collatz", 1, "c-threads")->what = "";
	assert_answer(&article, COMPUTE,
		      "In C it cannot be told: processes run it 1.96 times as "
		      "fast as one alone, threads an unknown number of times.");
}

static void races_are_ratios(void **state)
{
	struct article article = made_up();

	(void)state;
	assert_true(article_race(&article, &article_races[0]) == 200);
	assert_true(isnan(article_race(&article, &article_races[1])));
	assert_true(article_race(&article, &article_races[2]) == 25);
	assert_true(article_race(&article, &article_races[3]) == 10);
}

static char *written(const struct article *article, bool json)
{
	const struct report_style style = {.columns = 80};
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	assert_int_equal(json ? article_json(article, out)
			      : article_table(article, out, &style),
			 0);
	fclose(out);
	return text;
}

static void the_table_fits_80_columns(void **state)
{
	struct article article = made_up();
	char *text = written(&article, false);

	(void)state;
	for (const char *line = text; *line;) {
		size_t length = strcspn(line, "\n");

		if (length > 80)
			fail_msg("%.*s", (int)length, line);
		line += length + (line[length] == '\n');
	}
	assert_non_null(strstr(text, "Map square over 1,000,000 numbers"));
	assert_non_null(strstr(text, "c-shared"));
	assert_non_null(strstr(text, "500 us"));
	assert_non_null(strstr(text, "Left out: c-shipped: "));
	free(text);
}

static void json_holds_every_row(void **state)
{
	struct article article = made_up();
	char *text = written(&article, true);
	json_t *root = json_loads(text, 0, NULL), *list, *claims;

	(void)state;
	assert_non_null(root);
	list = json_object_get(root, "rows");
	assert_int_equal(json_array_size(list), article.nrows);
	for (size_t i = 0; i < article.nrows; i++) {
		const struct article_row *row = &article.rows[i];
		const json_t *one = json_array_get(list, i);
		const char *system =
			json_string_value(json_object_get(one, "system"));
		double ms = json_number_value(json_object_get(one, "ms"));
		double hi = json_number_value(json_object_get(one, "hi"));

		assert_string_equal(system, row->system);
		assert_true(fabs(ms / row->ms - 1) < 1e-6);
		assert_true(fabs(hi / row->hi - 1) < 1e-6);
		assert_int_equal(json_integer_value(json_object_get(one, "n")),
				 row->n);
	}
	claims = json_object_get(root, "claims");
	assert_int_equal(json_array_size(claims), 4);
	for (size_t i = 0; i < 4; i++) {
		const json_t *claim = json_array_get(claims, i);

		assert_true(json_is_string(json_object_get(claim, "answer")));
		assert_true(json_object_size(
				    json_object_get(claim, "numbers")) > 0);
	}
	json_decref(root);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(memory_is_answered_by_what_was_read),
		cmocka_unit_test(computing_is_judged_in_each_language),
		cmocka_unit_test(what_is_not_proven_is_no_no),
		cmocka_unit_test(creation_is_held_against_the_work),
		cmocka_unit_test(who_cannot_be_told_apart_wins_together),
		cmocka_unit_test(a_language_may_be_missing),
		cmocka_unit_test(races_are_ratios),
		cmocka_unit_test(the_table_fits_80_columns),
		cmocka_unit_test(json_holds_every_row),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
