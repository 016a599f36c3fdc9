/* SPDX-License-Identifier: MIT */
/*
 * The kernels compiled for each instruction set: which is taken, and that all
 * compute the same bits, in results and in memory.
 */
#include "bench/host/registry.h"
#include "runners/runner.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include <cmocka.h>

enum { ARENA = 4 << 20, CTX = 4096, SYSTEM_MAX = 1000 /* items */ };

static const size_t sizes[] = {0, 1, 7, 31, 33, 100, 1000, 2049, 4200, 65537};

static const char *const reductions[] = {"sum", "dot", "minmax"};

static char *memory;

static void call(const struct kernel *kernel, const struct job *job, void *ctx)
{
	for (unsigned p = 0; p < kernel_passes(kernel); p++) {
		job_run(job, 0, job->plan.tiles);
		if (kernel->between)
			kernel->between(ctx, p, job->partials, job->plan.tiles);
	}
}

static uint64_t digest(uint64_t hash, const void *data, size_t size)
{
	const unsigned char *bytes = data;

	for (size_t i = 0; i < size; i++)
		hash = (hash ^ bytes[i]) * UINT64_C(1099511628211);
	return hash;
}

/* A digest of all that a call leaves: input, output, partials and result. 0: n
 * items do not fit. */
static uint64_t digest_call(const struct kernel *kernel, const char *spec,
			    size_t n)
{
	alignas(CACHE_LINE) static char ctx[CTX];
	struct arena arena = {.base = memory, .size = ARENA};
	struct job job = {
		.run = kernel->run, .ctx = ctx, .width = kernel_width(kernel)};
	union option_value options[SPEC_OPTIONS_MAX];
	struct partial result = {.u64 = {0}};
	struct error error;

	memset(ctx, 0, sizeof(ctx));
	memset(memory, 0, ARENA);
	assert_int_equal(spec_parse(spec, kernel->options, options, &error), 0);
	job.plan = plan_make(n,
			     kernel->grain_for ? kernel->grain_for(options)
					       : kernel->grain,
			     2);
	job.partials = arena_take(&arena, job.plan.tiles,
				  job.width * sizeof(struct partial));
	assert_non_null(job.partials);
	if (kernel->setup(ctx, &arena, n, options) < 0)
		return 0;
	if (kernel->fill)
		kernel->fill(ctx, 0, n, NULL);
	call(kernel, &job, ctx);
	if (kernel->combine)
		kernel->combine(job.partials, job.plan.tiles, &result);
	return digest(
		digest(UINT64_C(14695981039346656037), memory, arena.used),
		&result, sizeof(result));
}

static bool is_here(const struct registry_level *level)
{
	return !level->here || level->here();
}

static void check_kernel(size_t k, const char *spec, size_t n)
{
	const struct registry_level *best = NULL;
	uint64_t first = 0;

	for (const struct registry_level *l = registry_levels; l->name; l++) {
		uint64_t bits;

		if (!is_here(l))
			continue;
		bits = digest_call(l->kernels[k], spec, n);
		if (best && bits != first)
			fail_msg("%s of %zu items: %s and %s differ", spec, n,
				 best->label, l->label);
		if (!best) {
			best = l;
			first = bits;
		}
	}
}

/* Where a system call per item takes the time, few items show as much. */
static bool calls_system(const struct kernel *kernel)
{
	static const char *const names[] = {"page_touch", "fd_churn",
					    "heap_churn", "locale_print"};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (strcmp(kernel->name, names[i]) == 0)
			return true;
	return false;
}

static bool can_stream(const struct kernel *kernel)
{
	return kernel->options && strcmp(kernel->options->key, "store") == 0;
}

static void all_levels_compute_the_same_bits(void **state)
{
	const struct kernel *const *kernels = registry_levels->kernels;
	char spec[SPEC_NAME_MAX + 16];

	(void)state;
	for (size_t k = 0; kernels[k]; k++)
		for (size_t s = 0; s < sizeof(sizes) / sizeof(*sizes); s++) {
			if (sizes[s] > SYSTEM_MAX && calls_system(kernels[k]))
				break;
			check_kernel(k, kernels[k]->name, sizes[s]);
			if (!can_stream(kernels[k]))
				continue;
			snprintf(spec, sizeof(spec), "%s:store=stream",
				 kernels[k]->name);
			check_kernel(k, spec, sizes[s]);
		}
}

/* ------------------------------------------------------- at memory's end */

enum {
	GUARD = 65536, /* bytes that no access may reach */
	LAST = 512,    /* items of an array */
	SHORT = 200,
};

/* Run kernel k of a level on arrays, the last of which ends at the end of
 * memory: digests of tiles of 0 to SHORT items go to hashes[]. */
static void digest_ends(const struct kernel *kernel, char *end,
			uint64_t hashes[SHORT + 1])
{
	alignas(CACHE_LINE) static char ctx[CTX];
	struct arena arena = {.size = 0};

	arena.base = end;
	memset(ctx, 0, sizeof(ctx));
	do {
		arena.base -= CACHE_LINE;
		arena.size += CACHE_LINE;
		arena_reset(&arena);
	} while (kernel->setup(ctx, &arena, LAST, NULL) < 0);
	kernel->fill(ctx, 0, LAST, NULL);
	for (size_t n = 0; n <= SHORT; n++) {
		struct partial out = {.u64 = {0}};

		kernel->run(ctx, LAST - n, LAST, &out);
		hashes[n] = digest(1, &out, sizeof(out));
	}
}

static const struct kernel *find(const struct registry_level *level,
				 const char *name)
{
	for (size_t k = 0; level->kernels[k]; k++)
		if (strcmp(level->kernels[k]->name, name) == 0)
			return level->kernels[k];
	fail_msg("%s: there is no %s", level->label, name);
	return NULL;
}

static void check_ends(const char *name, char *end)
{
	uint64_t first[SHORT + 1], hashes[SHORT + 1];
	bool any = false;

	for (const struct registry_level *l = registry_levels; l->name; l++) {
		if (!is_here(l))
			continue;
		digest_ends(find(l, name), end, any ? hashes : first);
		for (size_t n = 0; any && n <= SHORT; n++)
			if (hashes[n] != first[n])
				fail_msg("%s of the last %zu items differs: %s",
					 name, n, l->label);
		any = true;
	}
}

static void short_tiles_read_nothing_behind_them(void **state)
{
	size_t size = 4 * LAST * sizeof(double);
	char *map = mmap(NULL, size + GUARD, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	(void)state;
	assert_ptr_not_equal(map, MAP_FAILED);
	assert_int_equal(mprotect(map + size, GUARD, PROT_NONE), 0);
	for (size_t k = 0; k < sizeof(reductions) / sizeof(*reductions); k++)
		check_ends(reductions[k], map + size);
	munmap(map, size + GUARD);
}

static bool nowhere(void)
{
	return false;
}

static const struct registry_level made_up[] = {
	{"v9", "x86-64-v9", nowhere, NULL},
	{"v3", "x86-64-v3", NULL, NULL},
	{"baseline", "baseline", NULL, NULL},
	{NULL, NULL, NULL, NULL},
};

static void the_best_that_is_here_is_taken(void **state)
{
	struct error error;

	(void)state;
	assert_ptr_equal(registry_choose(made_up, NULL, &error), &made_up[1]);
	assert_ptr_equal(registry_choose(made_up, "v3", &error), &made_up[1]);
	assert_ptr_equal(registry_choose(made_up, "baseline", &error),
			 &made_up[2]);
}

static void what_cannot_be_is_refused(void **state)
{
	struct error error;

	(void)state;
	assert_null(registry_choose(made_up, "v9", &error));
	assert_non_null(strstr(error.text, "=v9"));
	assert_non_null(strstr(error.text, "lacks"));
	assert_non_null(strstr(error.text, "v3, baseline"));
	error.text[0] = '\0';
	assert_null(registry_choose(made_up, "", &error));
	assert_non_null(strstr(error.text, "v3, baseline"));
	assert_null(registry_choose(made_up, "v1", &error));
	assert_non_null(strstr(error.text, "no kernels"));
}

static bool has(const struct registry_level *level, const struct kernel *kernel)
{
	for (size_t k = 0; level->kernels[k]; k++)
		if (level->kernels[k] == kernel)
			return true;
	return false;
}

static void the_environment_is_obeyed(void **state)
{
	struct error error;

	(void)state;
	for (const struct registry_level *l = registry_levels; l->name; l++) {
		const struct kernel *sum;

		setenv(REGISTRY_ISA, l->name, 1);
		sum = registry_kernel("sum", &error);
		assert_int_equal(sum != NULL, is_here(l));
		assert_ptr_equal(registry_level(&error), sum ? l : NULL);
		assert_true(!sum || has(l, sum));
	}
	setenv(REGISTRY_ISA, "nonsense", 1);
	assert_null(registry_kernel("sum", &error));
	assert_non_null(strstr(error.text, "nonsense"));
	unsetenv(REGISTRY_ISA);
	assert_non_null(registry_kernel("sum", &error));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_levels_compute_the_same_bits),
		cmocka_unit_test(short_tiles_read_nothing_behind_them),
		cmocka_unit_test(the_best_that_is_here_is_taken),
		cmocka_unit_test(what_cannot_be_is_refused),
		cmocka_unit_test(the_environment_is_obeyed),
	};

	memory = aligned_alloc(4096, ARENA);
	if (!memory)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
