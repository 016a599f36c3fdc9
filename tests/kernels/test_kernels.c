/* SPDX-License-Identifier: MIT */
/*
 * Every kernel passes its own check and closed form, at awkward sizes. Its
 * tiles give the same bits in any order, and in memory that holds only what
 * their spans read. And it notices an error.
 */
#include "bench/host/registry.h"
#include "runners/runner.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum {
	ARENA = 16 << 20,
	CTX = 4096,
	CALLS = 2,
	FITS = 1000, /* so many items of every kernel fit the arena */
	SPLIT_MAX = 4096,
	SYSTEM_MAX = 4096, /* items that each call the system */
	SHARES = 3,	   /* workers that calls are cut for */
};

static const size_t sizes[] = {0,   1,	 2,   7,    31,	  32,	 33,
			       127, 128, 129, 1000, 4096, 65537, 300000};

/* Beside every kernel as it is. */
static const char *const variants[] = {
	"spin:ops=3",
	"square_map:store=stream",
	"square_map_f64:store=stream",
	"triad:store=stream",
	"copy:store=stream",
	"fill:store=stream",
	"page_touch:pages=1",
	"fd_churn:call=eventfd",
	"heap_churn:top=300000",
	"false_sharing:padded=yes",
	"locale_print:call=number",
	"locale_print:call=random",
};

struct kernel_stage {
	const struct kernel *kernel;
	alignas(CACHE_LINE) char ctx[CTX];
	struct arena arena;
	struct partial result;
	struct job job;
};

static struct kernel_stage stage;

static size_t slots(const struct job *job)
{
	return job->plan.tiles * job->width;
}

/* Spoil what a call writes. */
static void spoil(void)
{
	memset(stage.job.partials, 0xff,
	       slots(&stage.job) * sizeof(struct partial));
	if (stage.kernel->poison)
		stage.kernel->poison(stage.ctx, 0, stage.job.plan.n);
}

/* Cut for so many workers, with the kernel's own grain where grain is 0. False
 * where n items do not fit the arena. */
static bool set_stage_for(const char *spec, size_t n, size_t grain,
			  unsigned workers)
{
	union option_value options[SPEC_OPTIONS_MAX];
	struct error error;
	const struct kernel *kernel = registry_kernel(spec, &error);
	int rc;

	assert_non_null(kernel);
	stage.kernel = kernel;
	assert_true(kernel->ctx_size <= CTX);
	memset(stage.ctx, 0, CTX);
	arena_reset(&stage.arena);
	assert_int_equal(spec_parse(spec, kernel->options, options, &error), 0);
	if (grain == 0)
		grain = kernel->grain_for ? kernel->grain_for(options)
					  : kernel->grain;
	assert_true(grain >= 1);
	stage.job = (struct job){.run = kernel->run,
				 .ctx = stage.ctx,
				 .width = kernel_width(kernel),
				 .plan = plan_make(n, grain, workers),
				 .spans = kernel->spans,
				 .accumulate = kernel_passes(kernel) > 1};
	stage.job.partials = arena_take(&stage.arena, slots(&stage.job),
					sizeof(struct partial));
	assert_non_null(stage.job.partials);
	rc = kernel->setup(stage.ctx, &stage.arena, n, options);
	if (rc == -ENOMEM && n > FITS)
		return false;
	assert_int_equal(rc, 0);
	if (kernel->fill)
		kernel->fill(stage.ctx, 0, n, NULL);
	spoil();
	return true;
}

static bool set_stage(const char *spec, size_t n, size_t grain)
{
	return set_stage_for(spec, n, grain, SHARES);
}

static void run_forward(size_t tiles)
{
	job_run(&stage.job, 0, tiles);
}

static void run_backward(size_t tiles)
{
	while (tiles-- > 0)
		job_run(&stage.job, tiles, tiles + 1);
}

/* A call, with `tiles` of the tiles. */
static void call(void (*run)(size_t), size_t tiles)
{
	const struct kernel *kernel = stage.kernel;

	for (unsigned p = 0; p < kernel_passes(kernel); p++) {
		run(tiles);
		if (kernel->between)
			kernel->between(stage.ctx, p, stage.job.partials,
					stage.job.plan.tiles);
	}
}

static bool good(void)
{
	const struct kernel *kernel = stage.kernel;
	size_t n = stage.job.plan.n;

	if (kernel->combine)
		kernel->combine(stage.job.partials, stage.job.plan.tiles,
				&stage.result);
	if (kernel->check && !kernel->check(stage.ctx, 0, n))
		return false;
	return !kernel->expect || kernel->expect(stage.ctx, n, &stage.result);
}

/* Items of these take microseconds, and more of them show no more. */
static bool calls_system(const char *spec)
{
	static const char *const names[] = {"page_touch", "fd_churn",
					    "heap_churn:"};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (strncmp(spec, names[i], strlen(names[i])) == 0)
			return true;
	return false;
}

static void each_size(void (*test)(const char *, size_t), const char *spec)
{
	for (size_t s = 0; s < sizeof(sizes) / sizeof(*sizes); s++)
		if (sizes[s] <= SYSTEM_MAX || !calls_system(spec))
			test(spec, sizes[s]);
}

static void each(void (*test)(const char *, size_t))
{
	for (size_t k = 0; registry_kernels()[k]; k++)
		each_size(test, registry_kernels()[k]->name);
	for (size_t v = 0; v < sizeof(variants) / sizeof(*variants); v++)
		each_size(test, variants[v]);
}

static bool same_bits(const struct partial *a, const struct partial *b)
{
	for (size_t i = 0; i < sizeof(a->u64) / sizeof(*a->u64); i++)
		if (a->u64[i] != b->u64[i])
			return false;
	return true;
}

static void check_order(const char *spec, size_t n)
{
	struct partial forward;

	if (!set_stage(spec, n, 0))
		return;
	/* One call must leave things ready for the next. */
	for (int i = 0; i < CALLS; i++) {
		spoil();
		call(run_forward, stage.job.plan.tiles);
		if (!good())
			fail_msg("call %d of %s of %zu items is wrong", i, spec,
				 n);
	}
	forward = stage.result;
	set_stage(spec, n, 0);
	call(run_backward, stage.job.plan.tiles);
	if (!good() || !same_bits(&forward, &stage.result))
		fail_msg("%s of %zu items depends on the order of tiles", spec,
			 n);
}

static void results_are_right_in_any_order(void **state)
{
	(void)state;
	each(check_order);
}

static void check_split(const char *spec, size_t n)
{
	static const size_t grains[] = {1, 3, 100, 2000, SPLIT_MAX + 1};

	for (size_t g = 0; g < sizeof(grains) / sizeof(*grains); g++) {
		if (n > SPLIT_MAX || !set_stage(spec, n, grains[g]))
			return;
		call(run_backward, stage.job.plan.tiles);
		if (!good())
			fail_msg("%s of %zu items with a grain of %zu is wrong",
				 spec, n, grains[g]);
	}
}

/* Tiles may begin and end anywhere: grains of few items keep to no lines. */
static void results_are_right_in_any_split(void **state)
{
	(void)state;
	each(check_split);
}

/* Serial: one tile, which is the plain loop. */
static void check_whole(const char *spec, size_t n)
{
	if (!set_stage_for(spec, n, 0, 1))
		return;
	assert_true(stage.job.plan.tiles <= 1);
	call(run_forward, stage.job.plan.tiles);
	if (!good())
		fail_msg("%s of %zu items in one tile is wrong", spec, n);
}

static void the_plain_loop_is_right(void **state)
{
	(void)state;
	each(check_whole);
}

/* A kernel that can be checked must notice that its last tile is missing. */
static void check_skip(const char *spec, size_t n)
{
	if (n == 0 || !set_stage(spec, n, 0))
		return;
	if (!stage.kernel->check && !stage.kernel->expect)
		return;
	call(run_forward, stage.job.plan.tiles - 1);
	if (good())
		fail_msg("%s of %zu items does not notice a missing tile", spec,
			 n);
}

static void a_missing_tile_is_noticed(void **state)
{
	(void)state;
	each(check_skip);
}

/* ----------------------------------------------------- memory of one's own */

/* Copies of the arena: as a pass begins, and as it ends. */
struct images {
	char *before, *after;
};

static void copy_span(char *to, const char *from, const void *at, size_t size)
{
	size_t offset = (size_t)((const char *)at - stage.arena.base);

	assert_true(size <= stage.arena.used &&
		    offset <= stage.arena.used - size);
	memcpy(to + offset, from + offset, size);
}

static void ship_spans(char *to, const char *from, struct range tiles, bool out)
{
	struct range items = job_items(&stage.job, tiles.begin, tiles.end);
	struct span spans[SPANS_MAX];
	size_t count = 0;

	if (stage.job.spans)
		count = stage.job.spans(stage.ctx, items.begin, items.end,
					spans);
	assert_true(count <= SPANS_MAX);
	for (size_t s = 0; s < count; s++)
		if (spans[s].out == out)
			copy_span(to, from, spans[s].base, spans[s].size);
	if (out || stage.job.accumulate)
		copy_span(to, from, job_partial(&stage.job, tiles.begin),
			  (tiles.end - tiles.begin) * stage.job.width *
				  sizeof(struct partial));
}

/* One share, where all else is rubbish; what it writes goes to images.after. */
static void run_share(const struct images *images, struct range tiles)
{
	char *base = stage.arena.base;

	memset(base, 0xa5, stage.arena.used);
	ship_spans(base, images->before, tiles, false);
	job_run(&stage.job, tiles.begin, tiles.end);
	ship_spans(images->after, base, tiles, true);
}

static void run_pass(const struct images *images)
{
	size_t used = stage.arena.used;

	memcpy(images->before, stage.arena.base, used);
	memcpy(images->after, stage.arena.base, used);
	for (unsigned share = 0; share < SHARES; share++) {
		struct range tiles = plan_share(&stage.job.plan, SHARES, share);

		if (tiles.begin < tiles.end)
			run_share(images, tiles);
	}
	memcpy(stage.arena.base, images->after, used);
}

static void check_spans(const char *spec, size_t n)
{
	struct images images;

	if (!set_stage(spec, n, 0))
		return;
	images.before = malloc(stage.arena.used + 1);
	images.after = malloc(stage.arena.used + 1);
	assert_non_null(images.before);
	assert_non_null(images.after);
	for (unsigned p = 0; p < kernel_passes(stage.kernel); p++) {
		run_pass(&images);
		if (stage.kernel->between)
			stage.kernel->between(stage.ctx, p, stage.job.partials,
					      stage.job.plan.tiles);
	}
	if (!good())
		fail_msg("%s of %zu items: the spans are not what it touches",
			 spec, n);
	free(images.before);
	free(images.after);
}

static void spans_are_what_a_share_touches(void **state)
{
	(void)state;
	each(check_spans);
}

static void every_kernel_is_whole(void **state)
{
	(void)state;
	for (size_t k = 0; registry_kernels()[k]; k++) {
		const struct kernel *kernel = registry_kernels()[k];

		assert_int_equal(kernel->abi, KERNEL_ABI);
		assert_non_null(kernel->setup);
		assert_non_null(kernel->run);
		assert_true(!kernel->poison == !kernel->check);
		assert_true(!kernel->check || !kernel->combine);
		assert_true(kernel->grain >= 1 || kernel->grain_for);
		assert_true(kernel->width <= PARTIAL_WIDTH_MAX);
		assert_true(kernel->passes <= 1 || kernel->between);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_kernel_is_whole),
		cmocka_unit_test(results_are_right_in_any_order),
		cmocka_unit_test(results_are_right_in_any_split),
		cmocka_unit_test(the_plain_loop_is_right),
		cmocka_unit_test(a_missing_tile_is_noticed),
		cmocka_unit_test(spans_are_what_a_share_touches),
	};

	stage.arena.size = ARENA;
	stage.arena.base = aligned_alloc(4096, ARENA);
	if (!stage.arena.base)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
