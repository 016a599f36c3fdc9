/* SPDX-License-Identifier: MIT */
/*
 * How a call is split by made-up stamps, and that stamps of real calls are
 * complete.
 */
#include "bench/host/registry.h"
#include "bench/host/stamps.h"

#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

enum { CALLER = 100, OTHER = 101 };
enum { SIZE = 16 << 20, WORKERS = 2, CALLS = 3 };

static void assert_near(double a, double b)
{
	if (fabs(a - b) > 1e-6)
		fail_msg("%f is not %f", a, b);
}

static double sum_of(const struct stamps_parts *parts)
{
	return parts->create + parts->dispatch + parts->compute + parts->wait +
	       parts->join + parts->collect;
}

/*
 *	      1000   1010              1050 1060 1070      1100
 *	caller |       tile 0   |tile 1|
 *	other  |            | tile 2   |    |tile 3|
 */
static const struct stamp two_workers[] = {
	{.begin = 1010, .end = 1030, .tid = CALLER},
	{.begin = 1035, .end = 1050, .tid = CALLER},
	{.begin = 1020, .end = 1050, .tid = OTHER},
	{.begin = 1060, .end = 1070, .tid = OTHER},
};

static const struct stamps_pass pass = {.called = 1000, .joined = 1100};

static void parts_add_up_to_the_call(void **state)
{
	struct stamps_parts parts = {.call = 0};

	(void)state;
	assert_int_equal(
		stamps_add(two_workers, 4, CALLER, false, &pass, &parts), 0);
	assert_near(parts.call, 100);
	assert_near(parts.create, 0);
	/* 10 + 5 of the caller's, 20 + 10 of the other's. */
	assert_near(parts.dispatch, 45 / 2.0);
	assert_near(parts.compute, (35 + 40) / 2.0);
	assert_near(parts.wait, 20 / 2.0);
	assert_near(parts.join, 30);
	assert_near(parts.workers, 2);
	assert_near(sum_of(&parts), parts.call);
}

/* Creating ends when the first created worker begins; the caller began before,
 * and was done with it then. */
static void creating_is_told_from_dispatch(void **state)
{
	struct stamps_parts parts = {.call = 0};
	struct stamp late[4];

	(void)state;
	assert_int_equal(
		stamps_add(two_workers, 4, CALLER, true, &pass, &parts), 0);
	assert_near(parts.create, (10 + 20) / 2.0);
	assert_near(parts.dispatch, (5 + 10) / 2.0);
	assert_near(sum_of(&parts), 100);

	/* A third worker, much later than the first that was created. */
	memcpy(late, two_workers, sizeof(late));
	late[3].tid = OTHER + 1;
	parts = (struct stamps_parts){.call = 0};
	assert_int_equal(stamps_add(late, 4, CALLER, true, &pass, &parts), 0);
	assert_near(parts.create, (10 + 20 + 20) / 3.0);
	assert_near(parts.dispatch, (5 + 0 + 40) / 3.0);
	assert_near(parts.workers, 3);
	assert_near(sum_of(&parts), 100);
}

/* Nobody was created in time: the caller did it all. */
static void who_ran_nothing_is_in_no_part(void **state)
{
	struct stamps_parts parts = {.call = 0};

	(void)state;
	assert_int_equal(
		stamps_add(two_workers, 2, CALLER, true, &pass, &parts), 0);
	assert_near(parts.workers, 1);
	assert_near(parts.create, 0);
	assert_near(parts.wait, 0);
	assert_near(parts.compute, 35);
	assert_near(parts.join, 50);
	assert_near(sum_of(&parts), 100);
}

static void passes_add_up(void **state)
{
	struct stamps_parts parts = {.call = 0};

	(void)state;
	for (int i = 0; i < 2; i++)
		assert_int_equal(stamps_add(two_workers, 4, CALLER, false,
					    &pass, &parts),
				 0);
	assert_near(parts.call, 200);
	assert_near(parts.compute, 75);
	assert_near(sum_of(&parts), 200);
}

/* A stamp of the call before, or none. */
static void a_stamp_that_is_missing_is_noticed(void **state)
{
	const struct stamps_pass later = {.called = 1011, .joined = 1100};
	struct stamps_parts parts = {.call = 0};

	(void)state;
	assert_int_equal(
		stamps_add(two_workers, 4, CALLER, false, &later, &parts),
		-EINVAL);
	assert_near(parts.call, 0);
}

static void bursts_are_not_typical(void **state)
{
	struct stamps_parts calls[9], typical;

	(void)state;
	for (int i = 0; i < 9; i++)
		calls[i] = (struct stamps_parts){.call = 100 + i,
						 .compute = 60 + i,
						 .wait = 40,
						 .workers = 2};
	calls[4].call = calls[4].wait = 1e6;
	calls[7].call = 1;
	typical = stamps_typical(calls, 9);
	assert_near(sum_of(&typical), typical.call);
	assert_true(typical.call > 101 && typical.call < 106);
	assert_near(typical.wait, 40);
	assert_near(typical.workers, 2);
}

static void one_call_is_typical_of_itself(void **state)
{
	struct stamps_parts call = {.call = 7, .join = 7};

	(void)state;
	assert_near(stamps_typical(&call, 1).call, 7);
	assert_near(stamps_typical(&call, 1).join, 7);
}

/* ------------------------------------------------------------- real calls */

static struct workload workload;

static void check_call(const struct stamps_times *times, const char *what)
{
	for (size_t p = 0; p < times->passes; p++)
		for (size_t t = 0; t < times->tiles; t++) {
			const struct stamp *stamp =
				&times->stamps[p * times->tiles + t];

			if (stamp->begin < times->pass[p].called ||
			    stamp->end < stamp->begin ||
			    stamp->end > times->pass[p].joined ||
			    stamp->tid <= 0 || stamp->cpu < 0)
				fail_msg("%s: tile %zu of pass %zu", what, t,
					 p);
		}
	assert_true(times->collected >= times->pass[times->passes - 1].joined);
	assert_true(times->parts.workers >= 1);
	assert_true(times->parts.workers <= WORKERS);
	assert_true(times->parts.compute > 0);
	assert_true(times->plain_ns > 0 && times->stamped_ns > 0);
	if (fabs(sum_of(&times->parts) - times->parts.call) > 1)
		fail_msg("%s: parts of %f ns do not add up to %f ns", what,
			 sum_of(&times->parts), times->parts.call);
}

static void measure(struct stamps *stamps, struct epoch *epoch,
		    const char *kernel, size_t n, const char *what)
{
	struct error error;
	struct stamps_times times;

	if (workload_prepare(&workload, kernel, n, true, &error))
		fail_msg("%s: %s", what, error.text);
	workload_cut(&workload, epoch->team->workers);
	if (stamps_measure(stamps, epoch, CALLS, &times) < 0)
		fail_msg("%s: %s", what, epoch->team->error);
	if (!workload_verify(&workload, &error))
		fail_msg("%s: %s", what, error.text);
	assert_int_equal(times.caller, gettid());
	assert_int_equal(times.tiles, workload.job.plan.tiles);
	assert_int_equal(times.passes, kernel_passes(workload.kernel));
	check_call(&times, what);
}

/* A reduction, a map of several passes, and one of many tiles: 2 ragged. */
static void measure_all(const char *spec)
{
	static const struct {
		const char *kernel;
		size_t n;
	} cases[] = {{"sum", 100001}, {"stencil", 65543}, {"collatz", 5000}};
	struct error error;
	char what[128];
	struct stamps *stamps = stamps_open();
	struct team team = {.workers = WORKERS,
			    .oversubscribed = true,
			    .bound = workload.common->bound};
	struct epoch epoch = {.runner = registry_runner(spec, &error),
			      .team = &team,
			      .workload = &workload};

	assert_non_null(stamps);
	assert_non_null(epoch.runner);
	if (spec_parse(spec, epoch.runner->options, team.options, &error))
		fail_msg("%s", error.text);
	if (epoch.runner->open(&team) < 0)
		fail_msg("%s: %s", spec, team.error);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		snprintf(what, sizeof(what), "%s under %s", cases[i].kernel,
			 spec);
		measure(stamps, &epoch, cases[i].kernel, cases[i].n, what);
	}
	assert_int_equal(epoch.runner->close(&team), 0);
	stamps_close(stamps);
}

static void stamps_of_real_calls_are_whole(void **state)
{
	static const char *const specs[] = {
		"fork-pool",
		"fork",
		"fork-pool:schedule=dynamic",
		"pthread",
		"pthread-pool:schedule=guided",
		"serial",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(specs) / sizeof(*specs); i++)
		measure_all(specs[i]);
}

int main(void)
{
	int fd, status;
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(parts_add_up_to_the_call),
		cmocka_unit_test(creating_is_told_from_dispatch),
		cmocka_unit_test(who_ran_nothing_is_in_no_part),
		cmocka_unit_test(passes_add_up),
		cmocka_unit_test(a_stamp_that_is_missing_is_noticed),
		cmocka_unit_test(bursts_are_not_typical),
		cmocka_unit_test(one_call_is_typical_of_itself),
		cmocka_unit_test(stamps_of_real_calls_are_whole),
	};

	fd = memfd_create("arena", MFD_CLOEXEC);
	if (fd < 0 || ftruncate(fd, SIZE) < 0 ||
	    workload_map(&workload, MEMORY_SHARED, fd, SIZE, WORKERS, false) <
		    0)
		return 1;
	status = cmocka_run_group_tests(tests, NULL, NULL);
	workload_unmap(&workload);
	close(fd);
	return status;
}
