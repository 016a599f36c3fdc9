/* SPDX-License-Identifier: MIT */
/*
 * What `breakeven trace` makes of hosts whose times are known: parts that add
 * up, what the stamps cost, and no rows of a runner that failed.
 */
#include "analysis/studies/split.h"
#include "bench/commands/commands.h"
#include "bench/studies/tracing.h"
#include "results/study_record.h"
#include "tests/bench/fake_host.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define FAST  "fork-pool"
#define SLOW  "pthread-pool"
#define COSTS "\"runners\":{\"" FAST "\":{\"alpha_ns\":500,\"speedup\":2}}"
#define ARGS  "-k sum -n 10000 -r " FAST "," SLOW " --rounds 2"

struct found {
	struct fake_run run;
	json_t *object;
	struct split split;
};

static struct found trace_over(const char *model, const char *arguments)
{
	struct found found = {
		.run = fake_command(&command_trace, model, arguments)};

	if (!found.run.record)
		return found;
	found.object = study_record_object(found.run.record);
	assert_int_equal(split_read(found.object, &found.split), 0);
	return found;
}

static void forget(struct found *found)
{
	split_free(&found->split);
	json_decref(found->object);
	fake_free(&found->run);
}

static bool is_near(double value, double truth)
{
	return fabs(value / truth - 1) < 0.05;
}

static void parts_add_up_to_the_call(void **state)
{
	struct found found = trace_over("{" COSTS "}", ARGS);
	const struct split *split = &found.split;

	(void)state;
	assert_int_equal(found.run.status, 0);
	assert_string_equal(split->kernel, "sum");
	assert_int_equal(split->n, 10000);
	assert_int_equal(split->nrows, 2);
	for (size_t i = 0; i < split->nrows; i++) {
		const struct split_row *row = &split->rows[i];
		double sum = 0;

		for (unsigned p = 0; p < SPLIT_PARTS; p++)
			sum += split_part_ns(row, p);
		assert_true(fabs(sum / row->call_ns - 1) < 1e-9);
		assert_true(is_near(row->call_ns, strcmp(row->runner, FAST) == 0
							  ? 5500
							  : 10000));
		assert_true(is_near(row->compute_ns / row->call_ns, 0.7));
		assert_true(fabs(row->stamps - 0.1) < 1e-3);
		assert_int_equal(row->workers, 2);
	}
	forget(&found);
}

static void a_runner_that_fails_has_no_row(const char *does, const char *why)
{
	char model[512];
	struct found found;

	snprintf(model, sizeof(model),
		 "{\"faults\":[{\"runner\":\"" SLOW
		 "\",\"op\":\"split\",\"does\":\"%s\"}]," COSTS "}",
		 does);
	found = trace_over(model, ARGS);
	assert_int_equal(found.run.status, 1);
	if (found.split.nrows != 1 || !found.split.rows ||
	    found.split.skipped.count != 1 || !found.split.skipped.items) {
		fail_msg("%s: %s", does, found.run.text);
		return;
	}
	assert_string_equal(found.split.rows[0].runner, FAST);
	assert_false(split_is_whole(&found.split));
	assert_string_equal(found.split.skipped.items[0].what, SLOW);
	assert_non_null(strstr(found.split.skipped.items[0].why, why));
	forget(&found);
}

static void what_fails_is_named_and_the_rest_goes_on(void **state)
{
	(void)state;
	a_runner_that_fails_has_no_row("die", "signal 15");
	a_runner_that_fails_has_no_row("leave", "status 3");
	a_runner_that_fails_has_no_row("differ", "differs from serial's");
	a_runner_that_fails_has_no_row("failed", "as the model has it");
}

/* Without what all are held against, there is nothing to tell. */
static void a_base_that_fails_ends_it(void **state)
{
	struct found found = trace_over(
		"{\"faults\":[{\"runner\":\"serial\",\"op\":\"prepare\","
		"\"does\":\"failed\"}]," COSTS "}",
		ARGS);

	(void)state;
	assert_int_equal(found.run.status, 1);
	assert_null(found.run.record);
	assert_non_null(strstr(found.run.text, "as the model has it"));
	forget(&found);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(parts_add_up_to_the_call),
		cmocka_unit_test(what_fails_is_named_and_the_rest_goes_on),
		cmocka_unit_test(a_base_that_fails_ends_it),
	};

	fake_host(argc, argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
