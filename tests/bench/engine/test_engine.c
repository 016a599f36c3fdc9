/* SPDX-License-Identifier: MIT */
/*
 * What an engine knows and holds, without measuring anything.
 */
#include "bench/engine/contender.h"
#include "bench/engine/engine.h"
#include "bench/engine/exclusion.h"
#include "bench/engine/lineup.h"
#include "tests/this_machine.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static char sum[] = "sum", pool[] = "fork-pool";
static char *kernels[] = {sum};

static void be_silent(const char *text)
{
	(void)text;
}

static void open_one(struct engine *engine, struct record *record)
{
	char *specs[] = {pool};
	unsigned workers = 1;

	*engine = (struct engine){
		.topology = topology,
		.pin = PIN_CORE,
		.kernels = kernels,
		.nkernels = 1,
		.interrupt_fd = -1,
		.record = record,
		.notice = be_silent,
	};
	assert_int_equal(lineup_open(engine, specs, 1, &workers, 1), 0);
}

static void one_that_was_never_opened_holds_nothing(void **state)
{
	struct engine engine = {.interrupt_fd = -1};
	int fd = open("/dev/null", O_RDONLY);

	(void)state;
	/* Descriptor 0 is what a structure of zeros has. */
	assert_int_equal(dup2(fd, 0), 0);
	engine_close(&engine);
	assert_true(fcntl(0, F_GETFD) >= 0);
	close(fd);
}

/* A run sizes its kernels with an engine of their own, in between. */
static void one_within_another_leaves_us_where_we_sat(void **state)
{
	struct engine outer, inner;
	int sat;

	(void)state;
	open_one(&outer, NULL);
	sat = topology_bound(topology);
	if (sat < 0) {
		engine_close(&outer);
		skip();
	}
	assert_int_equal(sat, outer.cpus[0]);
	open_one(&inner, NULL);
	engine_close(&inner);
	assert_int_equal(topology_bound(topology), sat);
	engine_close(&outer);
	assert_int_equal(topology_bound(topology), outer.sat);
}

/* What a record says was lost at 4096 items. */
static void recall(struct engine *engine, bool beyond, const char *reason)
{
	static struct note note;
	static struct record record;

	note = (struct note){.kind = "failed",
			     .kernel = "sum",
			     .runner = "fork-pool",
			     .workers = 1,
			     .n = 4096,
			     .beyond = beyond,
			     .reason = reason};
	record = (struct record){.notes = &note, .nnotes = 1};
	open_one(engine, &record);
	assert_int_equal(engine_restore_exclusions(engine), 0);
}

static bool takes(const struct engine *engine, size_t contender, uint64_t n)
{
	return !engine_is_excluded(engine, contender, 0, n);
}

static void what_was_lost_is_recalled(void **state)
{
	struct engine engine;

	(void)state;
	recall(&engine, false, "worker 1 died");
	assert_true(takes(&engine, 1, 1024));
	assert_false(takes(&engine, 1, 4096));
	assert_true(takes(&engine, 1, 16384));
	assert_true(takes(&engine, ENGINE_BASE, 4096));
	engine_close(&engine);
}

static void what_memory_ran_out_for_is_lost_beyond(void **state)
{
	struct engine engine;

	(void)state;
	recall(&engine, true, "out of memory");
	assert_true(takes(&engine, 1, 1024));
	assert_false(takes(&engine, 1, 16384));
	assert_true(takes(&engine, ENGINE_BASE, 16384));
	engine_close(&engine);
}

static void what_the_base_lost_is_lost_to_it(void **state)
{
	struct engine engine;

	(void)state;
	recall(&engine, true, "the serial base: out of memory");
	assert_false(takes(&engine, 1, 4096));
	assert_true(takes(&engine, ENGINE_BASE, 1024));
	assert_false(takes(&engine, ENGINE_BASE, 4096));
	assert_false(takes(&engine, ENGINE_BASE, 16384));
	engine_close(&engine);
}

static void assert_placed(const struct engine *engine, unsigned workers,
			  bool are_ranks, const int *expected, size_t count)
{
	int *cpus = engine_place_workers(engine, workers, are_ranks);

	assert_non_null(cpus);
	assert_memory_equal(cpus, expected, count * sizeof(*cpus));
	free(cpus);
}

/* Two packages of two cores of two threads: CPUs 0 to 3, and 4 to 7. */
static void neighbours_in_number_are_neighbours_in_the_machine(void **state)
{
	static const int scattered[] = {0, 4, 2, 6, 1, 5, 3, 7};
	static const int four[] = {0, 2, 4, 6}, five[] = {0, 1, 2, 4, 6};
	static const int all[] = {0, 1, 2, 3, 4, 5, 6, 7};
	struct engine engine = {.pin = PIN_SCATTER, .interrupt_fd = -1};
	struct topology *made;
	struct error error;
	struct contender worker = {.workers = 9};

	(void)state;
	assert_int_equal(topology_load("pack:2 core:2 pu:2", &made, &error), 0);
	engine.topology = made;
	engine.ncpus = topology_order(engine.topology, PIN_SCATTER, NULL, 0);
	engine.cpus = calloc(engine.ncpus, sizeof(int));
	topology_order(engine.topology, PIN_SCATTER, engine.cpus, 8);
	assert_memory_equal(engine.cpus, scattered, sizeof(scattered));
	assert_placed(&engine, 4, false, four, 4);
	assert_placed(&engine, 5, false, five, 5);
	assert_placed(&engine, 9, false, all, 8);
	/* A machine of two takes two of them that lie apart. */
	assert_placed(&engine, 4, true, scattered, 4);
	worker.cpus = engine_place_workers(&engine, 9, false);
	assert_int_equal(engine_choose_cpu(&engine, &worker, 8), 0);
	free(worker.cpus);
	engine.pin = PIN_NONE;
	assert_placed(&engine, 4, false, scattered, 4);
	free(engine.cpus);
	topology_free(made);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_that_was_never_opened_holds_nothing),
		cmocka_unit_test(one_within_another_leaves_us_where_we_sat),
		cmocka_unit_test(
			neighbours_in_number_are_neighbours_in_the_machine),
		cmocka_unit_test(what_was_lost_is_recalled),
		cmocka_unit_test(what_memory_ran_out_for_is_lost_beyond),
		cmocka_unit_test(what_the_base_lost_is_lost_to_it),
	};

	return cmocka_run_group_tests(tests, load, unload);
}
