/* SPDX-License-Identifier: MIT */
/*
 * What `breakeven dispatch` makes of hosts whose times are known: each number
 * where it belongs, rounds of one placement alone, and no rows of a runner that
 * failed.
 */
#include "analysis/studies/dispatch_result.h"
#include "bench/commands/commands.h"
#include "bench/studies/dispatch.h"
#include "results/study_record.h"
#include "tests/bench/fake_host.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define FAST "fork-pool"
#define SLOW "pthread-pool"
#define COSTS                                                                  \
	"\"runners\":{\"" FAST "\":{\"alpha_ns\":500},"                        \
	"\"" SLOW "\":{\"alpha_ns\":4000}}"

struct found {
	struct fake_run run;
	json_t *object;
	struct dispatch dispatch;
};

static struct found dispatch_over(const char *model, const char *arguments)
{
	struct found found = {
		.run = fake_command(&command_dispatch, model, arguments)};

	assert_non_null(found.run.record);
	found.object = study_record_object(found.run.record);
	assert_int_equal(dispatch_read(found.object, &found.dispatch), 0);
	return found;
}

static void forget(struct found *found)
{
	dispatch_free(&found->dispatch);
	json_decref(found->object);
	fake_free(&found->run);
}

static bool is_near(double value, double truth)
{
	return fabs(value / truth - 1) < 0.03;
}

/* Both patterns after each gap, of each runner. */
static void each_number_is_where_it_belongs(void **state)
{
	struct found found = dispatch_over(
		"{" COSTS "}", "-r " FAST "," SLOW " --gaps 0,100 --rounds 2");
	const struct dispatch *dispatch = &found.dispatch;

	(void)state;
	assert_int_equal(found.run.status, 0);
	assert_int_equal(dispatch->workers, 2);
	assert_int_equal(dispatch->nsweeps, 4);
	assert_int_equal(dispatch->nrows, 8);
	assert_int_equal(dispatch->rounds, 2 * DISPATCH_GENERATIONS);
	for (size_t i = 0; i < dispatch->nrows; i++) {
		const struct dispatch_row *row = &dispatch->rows[i];
		double truth = strcmp(row->runner, FAST) == 0 ? 500 : 4000;

		assert_true(is_near(dispatch_median(dispatch, row, row->ns),
				    truth));
		assert_true(is_near(dispatch_median(dispatch, row, row->cpu_ns),
				    2 * truth));
		assert_true(is_near(dispatch_median(dispatch, row, row->p99),
				    3 * truth));
	}
	forget(&found);
}

/* Two generations near, one far. */
static void rounds_of_one_placement_count(void **state)
{
	struct found found;
	const struct dispatch *dispatch = &found.dispatch;

	(void)state;
	if (!fake_two_cpus())
		skip();
	found = dispatch_over("{\"trips\":[50,350,50]," COSTS "}",
			      "-r " FAST " --gaps 0 --rounds 4");
	assert_string_equal(dispatch->placement, "near");
	assert_true(is_near(dispatch->raw_ns, 50));
	assert_int_equal(dispatch->ncounted,
			 dispatch->nsweeps * dispatch->rounds * 2 / 3);
	forget(&found);
}

static void a_runner_that_fails_has_no_rows(void **state)
{
	struct found found = dispatch_over(
		"{\"faults\":[{\"runner\":\"" SLOW
		"\",\"op\":\"forkjoin\",\"does\":\"die\"}]," COSTS "}",
		"-r " FAST "," SLOW " --gaps 0 --rounds 2");
	const struct dispatch *dispatch = &found.dispatch;

	(void)state;
	assert_int_equal(found.run.status, 1);
	assert_int_equal(dispatch->nrows, 2);
	assert_string_equal(dispatch->rows[0].runner, FAST);
	assert_false(dispatch_is_whole(dispatch));
	assert_int_equal(dispatch->skipped.count, 1);
	assert_true(dispatch->skipped.items[0].failed);
	assert_string_equal(dispatch->skipped.items[0].what, SLOW);
	assert_non_null(strstr(dispatch->skipped.items[0].why, "signal 15"));
	assert_non_null(strstr(found.run.text, "NOT WHOLE"));
	forget(&found);
}

static void memory_is_told_on_request(void **state)
{
	struct found found = dispatch_over(
		"{" COSTS "}", "-r " FAST " --gaps 0 --rounds 1 --memory");

	(void)state;
	assert_int_equal(found.dispatch.nmemory, 1);
	assert_string_equal(found.dispatch.memory[0].runner, FAST);
	assert_true(found.dispatch.memory[0].pss_kib == 300);
	forget(&found);
}

/* One pattern, of so many tiles. */
static void tiles_leave_no_rendezvous(void **state)
{
	struct found found = dispatch_over(
		"{" COSTS "}", "-r " FAST " --gaps 0 --rounds 1 --tiles 64");

	(void)state;
	assert_int_equal(found.dispatch.tiles, 64);
	assert_int_equal(found.dispatch.nsweeps, 1);
	assert_string_equal(found.dispatch.sweeps[0].pattern, "empty");
	forget(&found);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_number_is_where_it_belongs),
		cmocka_unit_test(rounds_of_one_placement_count),
		cmocka_unit_test(a_runner_that_fails_has_no_rows),
		cmocka_unit_test(memory_is_told_on_request),
		cmocka_unit_test(tiles_leave_no_rendezvous),
	};

	fake_host(argc, argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
