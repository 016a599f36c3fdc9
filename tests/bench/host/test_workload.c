/* SPDX-License-Identifier: MIT */
/*
 * That a kernel is called as kernels/kernel.h says, with all of its passes and
 * lines, by the reference and by epochs through a runner, however it is cut.
 */
#include "bench/host/epoch.h"
#include "bench/host/registry.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

enum { SIZE = 16 << 20, ITEMS = 1000, CALLS = 3 };

extern const struct runner runner_serial;

static struct workload workload;

static void prepare(const char *spec)
{
	struct error error;

	if (workload_prepare(&workload, spec, ITEMS, true, &error))
		fail_msg("%s: %s", spec, error.text);
	workload_poison(&workload);
}

static void verify(const char *by)
{
	struct error error;

	if (!workload_verify(&workload, &error))
		fail_msg("%s: %s", by, error.text);
}

static void time_calls(const char *spec, unsigned workers)
{
	struct team team = {.workers = 1, .bound = workload.common->bound};
	struct epoch epoch = {
		.runner = &runner_serial, .team = &team, .workload = &workload};

	assert_int_equal(runner_serial.open(&team), 0);
	workload_cut(&workload, workers);
	workload_poison(&workload);
	if (epoch_time(&epoch, CALLS) < 0)
		fail_msg("%s: %s", spec, team.error);
	assert_int_equal(runner_serial.close(&team), 0);
}

static void check_calls(const char *spec)
{
	prepare(spec);
	workload_reference(&workload);
	verify("the reference");
	time_calls(spec, 1);
	verify("an epoch");
	time_calls(spec, 3);
	verify("an epoch over tiles");
	time_calls(spec, 1);
	verify("an epoch after one over tiles");
}

static void every_way_to_call_is_the_same(void **state)
{
	(void)state;
	for (size_t k = 0; registry_kernels()[k]; k++)
		check_calls(registry_kernels()[k]->name);
}

static void check_by_hand(const struct registry_control *pair, size_t n)
{
	struct error error;
	const struct control *control =
		registry_control(pair->kernel, pair->runner, &error);

	if (!control) {
		fail_msg("%s", error.text);
		return;
	}
	assert_string_equal(control->kernel, pair->kernel);
	if (workload_prepare(&workload, pair->kernel, n, true, &error))
		fail_msg("%s", error.text);
	workload_poison(&workload);
	control->run(workload.job.ctx, n, &workload.result);
	verify("a loop by hand");
	workload_poison(&workload);
	assert_false(workload_verify(&workload, &error));
}

/* Small ones, ends of vectors, and what is large enough to be streamed. */
static void loops_by_hand_compute_the_same(void **state)
{
	static const size_t sizes[] = {1, 7, 33, 1000, 300001};

	(void)state;
	for (size_t c = 0; registry_controls[c].kernel; c++)
		for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++)
			check_by_hand(&registry_controls[c], sizes[i]);
	/* A build for any CPU, or by clang, has none. */
	assert_int_equal(
		registry_has_control("triad:store=stream", "openmp:x=1"),
		registry_controls[0].kernel != NULL);
	assert_false(registry_has_control("triad", "pthread"));
	assert_false(registry_has_control("sum", "openmp"));
}

/* What is said of the size is what preparing takes, partials and all, however
 * it is cut; and what the kernel takes lies before them. */
static void partials_count_as_memory(void **state)
{
	static const unsigned cuts[] = {1, 2, 7, 300, 100000};
	struct error error;
	size_t said = workload_size("relay", ITEMS, &error);
	size_t width;

	(void)state;
	prepare("relay");
	width = kernel_width(workload.kernel) * sizeof(struct partial);
	assert_true(said >= workload.arena.used);
	for (size_t c = 0; c < sizeof(cuts) / sizeof(*cuts); c++) {
		workload_cut(&workload, cuts[c]);
		assert_true((char *)workload.job.partials +
				    workload.job.plan.tiles * width <=
			    (char *)workload.arena.base + workload.arena.used);
		assert_true((char *)workload.job.partials >=
			    (char *)workload.arena.base + workload.taken);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_way_to_call_is_the_same),
		cmocka_unit_test(loops_by_hand_compute_the_same),
		cmocka_unit_test(partials_count_as_memory),
	};
	int fd = memfd_create("test_workload", 0), failed;

	if (fd < 0 || ftruncate(fd, SIZE) < 0 ||
	    workload_map(&workload, MEMORY_SHARED, fd, SIZE, 1, false) < 0)
		return 1;
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	workload_unmap(&workload);
	close(fd);
	return failed;
}
