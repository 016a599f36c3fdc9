/* SPDX-License-Identifier: MIT */
/* How many workers are best, from records whose speed-ups follow a law. */
#include "analysis/analyse.h"
#include "analysis/scaling.h"
#include "tests/analysis/made_up.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

enum { COUNTS = 4, SIZES = 8, SIX = 6 };

static const unsigned workers[COUNTS] = {2, 4, 8, 16};

static double speedup(double contention, double coherence, unsigned w)
{
	return w / (1 + contention * (w - 1) + coherence * w * (w - 1));
}

/* A call of the pool takes so much more with each worker. */
static double each_ns;

static struct record *record_of(double contention, double coherence)
{
	struct made_up_runner runners[COUNTS];
	struct record *record = made_up_record();

	for (size_t i = 0; i < COUNTS; i++)
		runners[i] = (struct made_up_runner){
			"pthread-pool", each_ns * workers[i],
			speedup(contention, coherence, workers[i])};
	made_up_scan(record, "sum", SIZES, SIX, runners, COUNTS);
	for (size_t b = 0; b < record->nblocks; b++)
		for (size_t i = 0; i < COUNTS; i++)
			record->blocks[b].series[2 + i].workers = workers[i];
	record_put_end(record, true, NULL);
	return record;
}

static void check(double contention, double coherence, double each,
		  void (*judge)(const struct scaling *scaling))
{
	struct record *record;
	struct findings *findings;
	struct scaling scaling;

	each_ns = each;
	record = record_of(contention, coherence);
	findings = findings_make(record);

	assert_non_null(findings);
	assert_int_equal(scaling_make(record, findings, &scaling), 0);
	judge(&scaling);
	scaling_free(&scaling);
	findings_free(findings);
	record_free(record);
}

static void near(double value, double expected, double share)
{
	if (!(fabs(value - expected) <= share * fabs(expected)))
		fail_msg("%g instead of %g", value, expected);
}

static void judge_line(const struct scaling *scaling)
{
	const struct scaling_line *line = scaling->lines;

	assert_int_equal(scaling->nworkers, COUNTS);
	assert_int_equal(scaling->nlines, 1);
	assert_string_equal(line->kernel, "sum");
	assert_string_equal(line->runner, "pthread-pool");
	assert_int_equal(line->n, 16 << 2 * (SIZES - 1));
	assert_int_equal(line->npoints, COUNTS);
	for (size_t p = 0; p < COUNTS; p++) {
		const struct scaling_point *point = &line->points[p];
		double n = (double)line->n;
		double exact = n / (each_ns * workers[p] +
				    n / speedup(0.02, 0.002, workers[p]));

		assert_int_equal(point->workers, workers[p]);
		near(point->speedup, exact, 0.01);
		near(point->efficiency, exact / workers[p], 0.01);
		near(point->serial_share,
		     (1 / exact - 1.0 / workers[p]) / (1 - 1.0 / workers[p]),
		     0.1);
		assert_true(point->interval.lo <= point->speedup &&
			    point->speedup <= point->interval.hi);
	}
}

static void a_line_has_a_point_for_each_number(void **state)
{
	(void)state;
	check(0.02, 0.002, 200, judge_line);
}

static void judge_laws(const struct scaling *scaling)
{
	const struct scaling_line *line = scaling->lines;

	near(line->contention.median, 0.02, 0.2);
	near(line->coherence.median, 0.002, 0.2);
	assert_true(line->contention.interval.lo <= line->contention.median);
	assert_true(line->contention.interval.hi >= line->contention.median);
	near(line->peak.median, sqrt(0.98 / 0.002), 0.1);
	assert_true(line->peak.interval.lo <= line->peak.median &&
		    line->peak.median <= line->peak.interval.hi);
	assert_true(line->serial_share.median > 0.02);
}

static void laws_are_found(void **state)
{
	(void)state;
	check(0.02, 0.002, 2, judge_laws);
}

/* As many items each: serial's n / 16 items against all of n. */
static void judge_weak(const struct scaling *scaling)
{
	const struct scaling_line *line = scaling->lines;
	double share = (double)line->n / 16;

	near(line->points[3].weak,
	     share / (each_ns * 16 + (double)line->n / speedup(0.05, 0, 16)),
	     0.02);
	near(line->points[0].weak,
	     share / (each_ns * 2 + 2 * share / speedup(0.05, 0, 2)), 0.02);
}

static void weak_scaling_keeps_the_items_of_each(void **state)
{
	(void)state;
	check(0.05, 0, 200, judge_weak);
}

/* Serial first, then few workers, then more, and never fewer again. */
static void judge_best(const struct scaling *scaling)
{
	unsigned last = 0;

	assert_int_equal(scaling->nbest, SIZES);
	assert_null(scaling->best[0].cell);
	assert_true(scaling->best[0].serial);
	for (size_t i = 0; i < SIZES; i++) {
		const struct cell *cell = scaling->best[i].cell;

		assert_int_equal(scaling->best[i].n, UINT64_C(16) << 2 * i);
		if (cell) {
			assert_true(cell->pair.workers >= last);
			last = cell->pair.workers;
		}
	}
	assert_int_equal(last, 16);
}

static void more_items_want_more_workers(void **state)
{
	(void)state;
	check(0, 0, 200, judge_best);
}

/* From 8 workers to 16 nothing is gained: 8 are best. */
static void judge_tie(const struct scaling *scaling)
{
	const struct cell *cell = scaling->best[SIZES - 1].cell;

	assert_non_null(cell);
	assert_int_equal(cell->pair.workers, 8);
}

static void of_equals_the_fewest_workers_are_best(void **state)
{
	(void)state;
	check(0, 0.0069, 200, judge_tie);
}

static void judge_peak(const struct scaling *scaling)
{
	assert_true(scaling->lines[0].peak.median > 16);
}

static void without_coherence_there_is_no_peak(void **state)
{
	(void)state;
	check(0.01, 0, 2, judge_peak);
}

static void one_number_of_workers_makes_no_line(void **state)
{
	static const struct made_up_runner one[] = {{"openmp", 500, 1.9}};
	struct record *record = made_up_record();
	struct findings *findings;
	struct scaling scaling;

	(void)state;
	made_up_scan(record, "sum", SIZES, SIX, one, 1);
	record_put_end(record, true, NULL);
	findings = findings_make(record);
	assert_non_null(findings);
	assert_int_equal(scaling_make(record, findings, &scaling), 0);
	assert_int_equal(scaling.nworkers, 1);
	assert_int_equal(scaling.nlines, 0);
	assert_int_equal(scaling.nbest, SIZES);
	scaling_free(&scaling);
	findings_free(findings);
	record_free(record);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_line_has_a_point_for_each_number),
		cmocka_unit_test(laws_are_found),
		cmocka_unit_test(weak_scaling_keeps_the_items_of_each),
		cmocka_unit_test(more_items_want_more_workers),
		cmocka_unit_test(of_equals_the_fewest_workers_are_best),
		cmocka_unit_test(without_coherence_there_is_no_peak),
		cmocka_unit_test(one_number_of_workers_makes_no_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
