/* SPDX-License-Identifier: MIT */
/*
 * How much of the memory is for data, given the processes of a run.
 */
#include "bench/engine/capacity.h"
#include "bench/engine/contender.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { KIB = 1 << 10, MIB = 1 << 20 };

/* The base, serial, and a runner of four workers. */
struct capacity_pair {
	struct contender contenders[2];
	struct engine engine;
};

static void set_up(struct capacity_pair *pair, json_t *facts)
{
	*pair = (struct capacity_pair){
		.contenders = {{.workers = 1}, {.workers = 4, .facts = facts}},
		.engine = {.contenders = pair->contenders, .ncontenders = 2},
	};
}

static uint64_t processes_beside(json_t *facts, uint64_t process)
{
	struct capacity_pair pair;
	uint64_t bytes;

	set_up(&pair, facts);
	bytes = capacity_processes(&pair.engine, process);
	json_decref(facts);
	/* The probe's and the base's. */
	return bytes - 2 * process;
}

static void processes_take_memory_and_threads_do_not(void **state)
{
	(void)state;
	assert_int_equal(
		processes_beside(json_pack("{s:s}", "unit", "thread"), KIB),
		KIB);
	assert_int_equal(
		processes_beside(json_pack("{s:s}", "unit", "process"), KIB),
		4 * KIB);
	assert_true(processes_beside(json_pack("{s:s,s:b}", "unit", "process",
					       "foreign", 1),
				     KIB) >= 4 * MIB);
}

/* Of four workers, as ranks of so many threads: how often data is held, and how
 * many processes they are. */
static size_t copies_of_ranks(char *bare, size_t *processes)
{
	struct capacity_pair pair;
	json_t *facts =
		json_pack("{s:s,s:s}", "data", "resident", "unit", "process");
	size_t count;

	set_up(&pair, facts);
	pair.contenders[1].bare = bare;
	count = capacity_copies(&pair.engine);
	*processes = capacity_processes(&pair.engine, KIB) / KIB - 2;
	json_decref(facts);
	return count;
}

static void each_rank_holds_the_data(void **state)
{
	static char alone[] = "mpi", none[] = "mpi+openmp:threads=8",
		    window[] = "mpi:mode=shm",
		    hybrid[] = "mpi+openmp:data=shipped:threads=2";

	size_t processes;

	(void)state;
	assert_int_equal(copies_of_ranks(alone, &processes), 1 + 3);
	assert_int_equal(processes, 4);
	assert_int_equal(copies_of_ranks(none, &processes), 1);
	assert_int_equal(copies_of_ranks(window, &processes), 1 + 1);
	assert_int_equal(processes, 4);
	assert_int_equal(copies_of_ranks(hybrid, &processes), 1 + 1);
	assert_int_equal(processes, 2);
}

static size_t copies(enum memory memory, json_t *facts, unsigned out)
{
	struct capacity_pair pair;
	size_t count;

	set_up(&pair, facts);
	pair.engine.memory = memory;
	pair.contenders[1].out = out;
	count = capacity_copies(&pair.engine);
	json_decref(facts);
	return count;
}

static void data_is_held_as_often_as_it_is_copied(void **state)
{
	(void)state;
	assert_int_equal(
		copies(MEMORY_SHARED, json_pack("{s:s}", "data", "shared"), 0),
		1);
	assert_int_equal(
		copies(MEMORY_SHARED, json_pack("{s:s}", "data", "shipped"), 0),
		2);
	assert_int_equal(
		copies(MEMORY_HUGE, json_pack("{s:s}", "data", "inherited"), 0),
		2);
	assert_int_equal(copies(MEMORY_PRIVATE,
				json_pack("{s:s}", "data", "in place"), 0),
			 2);
	assert_int_equal(copies(MEMORY_PRIVATE,
				json_pack("{s:s}", "data", "shipped"), 0),
			 3);
	assert_int_equal(copies(MEMORY_PRIVATE,
				json_pack("{s:s}", "data", "shipped"),
				ERROR_SKIPPED),
			 1);
}

/* However many processes there are, there is something to try. */
static void some_data_is_left(void **state)
{
	struct capacity_pair pair;

	(void)state;
	set_up(&pair, json_pack("{s:s}", "unit", "process"));
	capacity_find(&pair.engine);
	assert_true(pair.engine.arena_size >= MIB);
	assert_int_equal(pair.engine.arena_size % (size_t)sysconf(_SC_PAGESIZE),
			 0);
	assert_non_null(pair.engine.memory_limit);
	pair.contenders[1].workers = 1U << 31;
	capacity_find(&pair.engine);
	assert_int_equal(pair.engine.arena_size, MIB);
	json_decref(pair.contenders[1].facts);
}

static void data_that_does_not_fit_is_refused(void **state)
{
	struct capacity_pair pair;

	(void)state;
	set_up(&pair, json_pack("{s:s}", "data", "shared"));
	pair.engine.arena_size = MIB;
	assert_int_equal(capacity_check(&pair.engine), 0);
	pair.engine.arena_size = (size_t)1 << 60;
	assert_int_equal(capacity_check(&pair.engine), ERROR_FAILED);
	assert_non_null(
		strstr(pair.engine.error.text, "take 1099511627776 MiB"));
	assert_non_null(strstr(pair.engine.error.text, "fewer items"));
	json_decref(pair.contenders[1].facts);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(processes_take_memory_and_threads_do_not),
		cmocka_unit_test(data_is_held_as_often_as_it_is_copied),
		cmocka_unit_test(each_rank_holds_the_data),
		cmocka_unit_test(some_data_is_left),
		cmocka_unit_test(data_that_does_not_fit_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
