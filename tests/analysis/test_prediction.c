/* SPDX-License-Identifier: MIT */
/*
 * In the made-up records serial takes n ns, so a runner that hands out in D ns
 * to p workers pays from D p / (p - 1) items on.
 */
#include "analysis/analyse.h"
#include "analysis/prediction.h"
#include "tests/analysis/made_up.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static const struct prediction_part parts[] = {
	{"fork-pool", 2, 1000, {1000, 1000}, false, true},
	{"openmp", 2, 1000, {1000, 1000}, false, false},
	{"openmp", 8, 3000, {3000, 3000}, false, false},
	{"fork", 2, 60000, {60000, 60000}, true, true},
	{"spawn", 2, 1e9, {1e9, 1e9}, true, true},
	{"pthread", 2, 60000, {50000, 70000}, true, false},
	{"tbb", 1, 500, {500, 500}, false, false},
};

/* A run of runners, all of two workers, and what it asks. */
struct run {
	struct record *record;
	struct findings *findings;
	struct prediction_question asked;
};

static struct run make_run(const struct made_up_runner *runners, size_t count)
{
	struct run run = {.record = made_up_record()};

	made_up_scan(run.record, "sum", 9, 6, runners, count);
	record_put_end(run.record, true, NULL);
	run.findings = findings_make(run.record);
	assert_non_null(run.findings);
	run.asked = (struct prediction_question){
		.record = run.record,
		.findings = run.findings,
		.placement = run.findings->placements[0],
		.parts = parts,
		.nparts = sizeof(parts) / sizeof(*parts),
	};
	return run;
}

static void free_run(struct run *run)
{
	findings_free(run->findings);
	record_free(run->record);
}

static const struct made_up_runner pool = {"fork-pool", 1000, 2};

static bool is_near(double x, double y, double share)
{
	return fabs(x - y) <= share * fabs(y);
}

/* One of them; false: it is not predicted. */
static bool predict(const struct prediction_question *asked, const char *kernel,
		    const char *runner, unsigned workers,
		    struct prediction *one)
{
	struct prediction_question question = *asked;
	struct predictions all;
	bool found;

	question.kernel = kernel;
	question.runner = runner;
	question.workers = &workers;
	question.nworkers = 1;
	assert_int_equal(predictions_make(&question, &all), 0);
	found = all.count > 0;
	assert_true(all.count <= 1);
	if (found)
		*one = all.list[0];
	predictions_free(&all);
	return found;
}

/* ------------------------------------------------------------- handing out */

static struct prediction_range cost_of(const struct run *run,
				       const char *runner, unsigned workers)
{
	return prediction_cost(&run->asked, "sum", runner, workers);
}

/* What it costs by either law, over what two workers cost. */
static void assert_laws(const struct run *run, const char *runner,
			unsigned workers, double least, double most)
{
	struct prediction_range two = cost_of(run, runner, 2);
	struct prediction_range cost = cost_of(run, runner, workers);

	assert_true(is_near(cost.lo / two.lo, least, 1e-3));
	assert_true(is_near(cost.hi / two.hi, most, 1e-3));
	assert_true(is_near(cost.mid / two.mid, sqrt(least * most), 1e-3));
}

static void handing_out_lies_between_two_laws(void **state)
{
	struct run run = make_run(&pool, 1);

	(void)state;
	/* A tree of so many levels, or so many workers one after the other. */
	assert_laws(&run, "fork-pool", 4, 2, 3);
	assert_laws(&run, "fork-pool", 128, 7, 127);
	/* Between two parts, at them, and on from them. */
	assert_laws(&run, "openmp", 4, 5. / 3, 2);
	assert_laws(&run, "openmp", 8, 3, 3);
	assert_laws(&run, "openmp", 16, 4, 17. / 3);
	/* These hand out to nobody, or nothing is known of them. */
	assert_true(isnan(cost_of(&run, "tbb", 2).mid));
	assert_true(isnan(cost_of(&run, "fork-pool", 1).mid));
	assert_true(isnan(cost_of(&run, "glib", 2).mid));
	free_run(&run);
}

/* Of the kernel, in the header. */
static void set_fact(struct run *run, const char *key, json_t *value)
{
	json_t *kernels = json_object_get(run->record->header, "kernels");

	json_object_set_new(json_array_get(kernels, 0), key, value);
}

static void an_empty_job_leaves_something_out(void **state)
{
	struct run run = make_run(&pool, 1);
	struct prediction_range pooled = cost_of(&run, "fork-pool", 2);
	struct prediction_range created = cost_of(&run, "pthread", 2);
	struct prediction_range reduced;

	(void)state;
	assert_true(pooled.lo < 1000 && pooled.hi > 1000);
	assert_true(pooled.lo < pooled.mid && pooled.mid < pooled.hi);
	assert_true(created.lo < 50000 && created.hi > 70000);
	assert_true(created.hi / 70000 > pooled.hi / 1000);
	/* A line from each worker, of a kernel that returns something; many,
	 * of one that returns more. */
	run.findings->checks.trip_ns[1] = 400;
	set_fact(&run, "reduction", json_true());
	reduced = cost_of(&run, "fork-pool", 2);
	assert_true(is_near(reduced.hi, pooled.hi + 200, 1e-9));
	assert_true(is_near(reduced.mid, pooled.mid + 200, 1e-9));
	assert_true(is_near(reduced.lo, pooled.lo, 1e-9));
	set_fact(&run, "width", json_integer(32));
	reduced = cost_of(&run, "fork-pool", 2);
	assert_true(is_near(reduced.hi, pooled.hi + 32 * 200, 1e-9));
	assert_true(reduced.mid > pooled.mid + 200);
	assert_true(reduced.mid < pooled.mid + 32 * 200);
	free_run(&run);
}

/* ------------------------------------------------------------- sizes */

static void what_was_measured_is_predicted(void **state)
{
	static const struct made_up_runner runners[] = {{"fork-pool", 1000, 2},
							{"spawn", 1e9, 2}};
	struct run run = make_run(runners, 2);
	struct prediction one;

	(void)state;
	assert_true(predict(&run.asked, "sum", "fork-pool", 2, &one));
	assert_true(is_near(one.n.mid, 2000, 0.1));
	assert_true(one.n.lo < 2000 && one.n.lo > 1500);
	assert_true(one.n.hi > 2000 && one.n.hi < 2800);
	assert_true(prediction_is_checked(&one) && prediction_holds(&one));
	assert_true(predict(&run.asked, "sum", "spawn", 2, &one));
	assert_true(isinf(one.n.mid) && isinf(one.n.lo));
	assert_int_equal(one.n_max, 1 << 20);
	assert_true(prediction_is_checked(&one) && prediction_holds(&one));
	/* Nothing to hold it against; nothing to predict it from. */
	assert_true(predict(&run.asked, "sum", "openmp", 2, &one));
	assert_false(prediction_is_checked(&one));
	assert_false(predict(&run.asked, "dot", "fork-pool", 2, &one));
	assert_false(predict(&run.asked, "sum", "tbb", 2, &one));
	free_run(&run);
}

/* By number of workers, then by runner in the order of its first part. */
static void all_are_listed_in_order(void **state)
{
	static const unsigned workers[] = {8, 2};
	static const char *const runners[] = {"fork-pool", "openmp", "fork",
					      "spawn", "pthread"};
	struct run run = make_run(&pool, 1);
	struct predictions all;

	(void)state;
	run.asked.workers = workers;
	run.asked.nworkers = 2;
	assert_int_equal(predictions_make(&run.asked, &all), 0);
	assert_int_equal(all.count, 10);
	for (size_t i = 0; i < all.count; i++) {
		assert_int_equal(all.list[i].workers, workers[i / 5]);
		assert_string_equal(all.list[i].runner, runners[i % 5]);
		assert_true(!all.list[i].measured == (i != 5));
	}
	predictions_free(&all);
	free_run(&run);
}

static void a_wrong_prediction_is_called_one(void **state)
{
	static const struct made_up_runner dear = {"fork-pool", 5000, 2};
	struct run run = make_run(&dear, 1);
	struct prediction one;

	(void)state;
	assert_true(predict(&run.asked, "sum", "fork-pool", 2, &one));
	assert_true(prediction_is_checked(&one));
	assert_false(prediction_holds(&one));
	free_run(&run);
}

static void more_workers_need_more_items(void **state)
{
	struct run run = make_run(&pool, 1);
	double before = 0;
	struct prediction one;

	(void)state;
	for (unsigned workers = 2; workers <= 256; workers *= 2) {
		struct prediction_range cost =
			cost_of(&run, "fork-pool", workers);
		double pays = workers / (workers - 1.);

		assert_true(
			predict(&run.asked, "sum", "fork-pool", workers, &one));
		assert_true(is_near(one.n.lo, cost.lo * pays, 0.02));
		/* At least a half is gained, as was measured. */
		assert_true(one.n.hi >= cost.hi * pays * 0.99);
		assert_true(one.n.hi <= cost.hi * 2.2);
		assert_true(one.n.lo < one.n.mid && one.n.mid < one.n.hi);
		assert_true(one.n.mid > before);
		before = one.n.mid;
	}
	free_run(&run);
}

/* Where memory is the limit, more workers may gain no more than two did. */
static void a_ceiling_that_was_seen_may_stay(void **state)
{
	static const struct made_up_runner limited = {"fork-pool", 1000, 1.2};
	struct run run = make_run(&limited, 1);
	struct prediction one;

	(void)state;
	assert_true(predict(&run.asked, "sum", "pthread", 2, &one));
	assert_true(one.n.lo > 200000 && one.n.lo < 360000);
	assert_true(one.n.mid > 360000 && one.n.mid < 600000);
	assert_true(predict(&run.asked, "sum", "pthread", 8, &one));
	assert_true(one.n.lo < 250000);
	assert_true(isinf(one.n.hi));
	/* A ceiling that nobody saw is none. */
	run.asked.parts = &parts[5];
	run.asked.nparts = 1;
	assert_true(predict(&run.asked, "sum", "pthread", 2, &one));
	assert_true(one.n.lo < 100000 && one.n.hi < 260000);
	free_run(&run);
}

/* Each pass is handed out; and what cutting costs is what long calls lose. */
static void each_pass_is_a_call(void **state)
{
	static const struct made_up_runner twice = {"fork-pool", 2000, 1.6};
	struct run run = make_run(&twice, 1);
	struct prediction_range once = cost_of(&run, "fork-pool", 2), cost;
	struct prediction one;

	(void)state;
	set_fact(&run, "passes", json_integer(2));
	cost = cost_of(&run, "fork-pool", 2);
	assert_true(is_near(cost.lo, 2 * once.lo, 1e-9));
	assert_true(is_near(cost.mid, 2 * once.mid, 1e-9));
	assert_true(is_near(cost.hi, 2 * once.hi, 1e-9));
	assert_true(predict(&run.asked, "sum", "fork-pool", 2, &one));
	assert_true(is_near(one.n.mid, 2000 / (1 - 1 / 1.6), 0.1));
	assert_true(prediction_holds(&one));
	free_run(&run);
}

/* A page of 512 items takes serial 512 ns, and each of two processes half a
 * fault: at most 1,000 ns, at least 50. */
static void created_processes_fault_in_what_they_touch(void **state)
{
	struct run run = make_run(&pool, 1);
	struct prediction threads, processes;

	(void)state;
	assert_true(predict(&run.asked, "sum", "pthread", 2, &threads));
	assert_true(predict(&run.asked, "sum", "fork", 2, &processes));
	assert_true(isfinite(threads.n.hi));
	assert_true(isfinite(processes.n.lo) && processes.n.lo > threads.n.lo);
	assert_true(isinf(processes.n.hi));
	free_run(&run);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(handing_out_lies_between_two_laws),
		cmocka_unit_test(an_empty_job_leaves_something_out),
		cmocka_unit_test(what_was_measured_is_predicted),
		cmocka_unit_test(all_are_listed_in_order),
		cmocka_unit_test(a_wrong_prediction_is_called_one),
		cmocka_unit_test(more_workers_need_more_items),
		cmocka_unit_test(a_ceiling_that_was_seen_may_stay),
		cmocka_unit_test(each_pass_is_a_call),
		cmocka_unit_test(created_processes_fault_in_what_they_touch),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
