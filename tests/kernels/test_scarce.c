/* SPDX-License-Identifier: MIT */
/*
 * Kernels that take something from the system: nothing of it is left when a
 * tile ends; if the system refuses it, the result is wrong, but no process
 * dies.
 */
#include "bench/host/registry.h"
#include "runners/runner.h"

#include <dirent.h>
#include <malloc.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

#include <cmocka.h>

#if defined(__SANITIZE_ADDRESS__)
/* Its allocator is not the C library's, may not fail, and gives memory back
 * when it likes. */
#	define OWN_HEAP true
#else
#	define OWN_HEAP false
#endif

enum { ITEMS = 600 };

static struct partial partials[ITEMS];
alignas(CACHE_LINE) static char ctx[256];

/* One call of the kernel. Is its result right? */
static bool call(const char *spec)
{
	struct arena none = {.size = 0};
	union option_value options[SPEC_OPTIONS_MAX];
	struct error error;
	const struct kernel *kernel = registry_kernel(spec, &error);
	struct partial result;
	struct job job = {.run = kernel->run,
			  .ctx = ctx,
			  .partials = partials,
			  .width = 1,
			  .plan = plan_make(ITEMS, kernel->grain, 2)};

	memset(ctx, 0, sizeof(ctx));
	if (kernel->ctx_size > sizeof(ctx) ||
	    spec_parse(spec, kernel->options, options, &error) ||
	    kernel->setup(ctx, &none, ITEMS, options) < 0)
		return false;
	job_run(&job, 0, job.plan.tiles);
	kernel->combine(partials, job.plan.tiles, &result);
	return kernel->expect(ctx, ITEMS, &result);
}

static bool call_within(const char *spec, __rlimit_resource_t resource,
			rlim_t max)
{
	struct rlimit usual, scarce;
	bool good;

	assert_int_equal(getrlimit(resource, &usual), 0);
	scarce = usual;
	scarce.rlim_cur = max;
	assert_int_equal(setrlimit(resource, &scarce), 0);
	good = call(spec);
	assert_int_equal(setrlimit(resource, &usual), 0);
	return good;
}

static void what_is_not_to_be_had_makes_results_wrong(void **state)
{
	static const struct {
		const char *spec;
		__rlimit_resource_t resource;
	} cases[] = {
		{"fd_churn", RLIMIT_NOFILE},
		{"fd_churn:call=eventfd", RLIMIT_NOFILE},
		{"page_touch", RLIMIT_AS},
		{"heap_churn:top=16777216", RLIMIT_AS},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const char *spec = cases[i].spec;

		if (OWN_HEAP && strncmp(spec, "heap", 4) == 0)
			continue;
		if (!call(spec))
			fail_msg("%s is wrong with all that it needs", spec);
		if (call_within(spec, cases[i].resource, 0))
			fail_msg("%s does not notice what it lacks", spec);
		if (!call(spec))
			fail_msg("%s is wrong after it lacked something", spec);
	}
}

static size_t count_descriptors(void)
{
	DIR *folder = opendir("/proc/self/fd");
	size_t count = 0;

	assert_non_null(folder);
	while (readdir(folder))
		count++;
	closedir(folder);
	return count;
}

static size_t count_mappings(void)
{
	static char line[512];
	size_t count = 0;
	FILE *maps;

	if (OWN_HEAP)
		return 0;
	maps = fopen("/proc/self/maps", "r");
	assert_non_null(maps);
	while (fgets(line, sizeof(line), maps))
		count += strchr(line, '\n') != NULL;
	fclose(maps);
	return count;
}

static size_t count_heap(void)
{
	return OWN_HEAP ? 0 : mallinfo2().uordblks;
}

static void nothing_is_left(void **state)
{
	static const char *const specs[] = {
		"page_touch",
		"fd_churn",
		"fd_churn:call=eventfd",
		"heap_churn",
		"heap_churn:top=1048576",
		"locale_print",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(specs) / sizeof(*specs); i++) {
		size_t descriptors, mappings, heap;

		/* Once before, for what a library keeps from its first call. */
		assert_true(call(specs[i]));
		descriptors = count_descriptors();
		mappings = count_mappings();
		heap = count_heap();
		assert_true(call(specs[i]));
		assert_int_equal(count_heap(), heap);
		assert_int_equal(count_descriptors(), descriptors);
		assert_int_equal(count_mappings(), mappings);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_not_to_be_had_makes_results_wrong),
		cmocka_unit_test(nothing_is_left),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
