/* SPDX-License-Identifier: MIT */
/*
 * Jobs that do nothing run every tile once, and their times are counted as
 * bench/host/forkjoin.h says, under a runner that counts what it is given.
 */
#include "bench/host/forkjoin.h"
#include "bench/host/registry.h"
#include "runners/pool/plan.h"

#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static size_t calls, tiles_run;
static int failing; /* -errno of the next call; 0: none fails */

/* All tiles, the caller's last: the other one must have begun then. */
static int count_dispatch(struct team *team, const struct job *job)
{
	calls++;
	if (failing) {
		snprintf(team->error, sizeof(team->error), "as it was asked");
		return failing;
	}
	for (size_t t = job->plan.tiles; t-- > 0;) {
		job->run(job->ctx, t, t + 1, job_partial(job, t));
		tiles_run++;
	}
	return 0;
}

static const struct runner counting = {.dispatch = count_dispatch};

struct scene {
	void *memory;
	struct team team;
	struct forkjoin forkjoin;
};

static void begin(struct scene *scene, enum empty_job kind, size_t tiles)
{
	size_t size = empty_job_size(PLAN_TILES_MAX);
	struct arena arena;

	*scene = (struct scene){.team = {.workers = (unsigned)tiles}};
	assert_int_equal(posix_memalign(&scene->memory, 4096, size), 0);
	memset(scene->memory, 0, size);
	arena = (struct arena){.base = scene->memory, .size = size};
	scene->forkjoin = (struct forkjoin){
		.runner = &counting, .team = &scene->team, .kind = kind};
	assert_int_equal(
		empty_job_make(kind, tiles, &arena, &scene->forkjoin.job), 0);
	calls = tiles_run = 0;
	failing = 0;
}

static void end(struct scene *scene)
{
	free(scene->memory);
}

static void every_tile_is_run_in_every_call(void **state)
{
	struct forkjoin_times times;
	struct scene scene;

	(void)state;
	for (int kind = EMPTY_JOB_PLAIN; kind <= EMPTY_JOB_RENDEZVOUS; kind++) {
		begin(&scene, (enum empty_job)kind, 2);
		assert_int_equal(scene.forkjoin.job.plan.tiles, 2);
		assert_int_equal(forkjoin_time(&scene.forkjoin, &times), 0);
		assert_true(calls > 0 && tiles_run == 2 * calls);
		assert_in_range(times.samples, 1, FORKJOIN_SAMPLES);
		for (size_t i = 0; i < times.samples; i++)
			assert_true(times.ns[i] >= 0 && times.ns[i] < 1e9);
		assert_false(empty_job_missed(&scene.forkjoin.job));
		end(&scene);
	}
}

/* The caller is busy before a call, and that is not the call's. */
static void a_gap_is_no_part_of_a_call(void **state)
{
	enum { GAP_NS = 2000000 };
	struct forkjoin_times times;
	struct scene scene;
	size_t below = 0;

	(void)state;
	begin(&scene, EMPTY_JOB_PLAIN, 2);
	scene.forkjoin.gap_ns = GAP_NS;
	assert_int_equal(forkjoin_time(&scene.forkjoin, &times), 0);
	for (size_t i = 0; i < times.samples; i++)
		below += times.ns[i] < GAP_NS / 2;
	assert_true(2 * below > times.samples);
	end(&scene);
}

static void a_call_that_fails_ends_it(void **state)
{
	struct forkjoin_times times;
	struct scene scene;

	(void)state;
	begin(&scene, EMPTY_JOB_PLAIN, 2);
	failing = -EIO;
	assert_int_equal(forkjoin_time(&scene.forkjoin, &times), -EIO);
	assert_int_equal(calls, 1);
	assert_string_equal(scene.team.error, "as it was asked");
	end(&scene);
}

static void an_arena_may_be_too_small(void **state)
{
	static char few[64] __attribute__((aligned(64)));
	struct arena arena;
	struct job job;

	(void)state;
	arena = (struct arena){.base = few, .size = sizeof(few)};
	assert_int_equal(
		empty_job_make(EMPTY_JOB_RENDEZVOUS, 4096, &arena, &job),
		-ENOMEM);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_tile_is_run_in_every_call),
		cmocka_unit_test(a_gap_is_no_part_of_a_call),
		cmocka_unit_test(a_call_that_fails_ends_it),
		cmocka_unit_test(an_arena_may_be_too_small),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
