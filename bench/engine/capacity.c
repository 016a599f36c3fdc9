/* SPDX-License-Identifier: MIT */
#include "bench/engine/capacity.h"

#include "bench/engine/contender.h"
#include "bench/protocol/request.h"
#include "core/spec.h"
#include "system/headroom.h"
#include "system/sysfile.h"

#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

enum { PROCESS_MIN = 1 << 20, FOREIGN_PROCESS = 8 << 20, DATA_MIN = 1 << 20 };

static const double MIB = 1 << 20;

/* Of a contender with ranks; none if its threads do not divide its workers,
 * which is refused later. */
static size_t capacity_count_ranks(const struct contender *contender)
{
	char value[16];
	unsigned long threads = 1;

	if (spec_read(contender->bare, RUNNER_OPTION_THREADS, value,
		      sizeof(value)) > 0)
		threads = strtoul(value, NULL, 10);
	return contender->workers / (threads ? threads : 1);
}

/* The caller is one of the workers. A runner that creates its processes at each
 * call has all of them during a call. */
static size_t capacity_count_processes(const struct contender *contender)
{
	if (contender_has_ranks(contender))
		return capacity_count_ranks(contender);
	return contender_is_one_of(contender, "unit", "process")
		       ? contender->workers
		       : 1;
}

uint64_t capacity_processes(const struct engine *engine, uint64_t process)
{
	uint64_t bytes = process; /* the probe */

	for (size_t m = 0; m < engine->ncontenders + engine->nself_checks;
	     m++) {
		const struct contender *contender = &engine->contenders[m];
		uint64_t one = process;

		if (contender->out)
			continue;
		if (contender_is(contender, "foreign") && one < FOREIGN_PROCESS)
			one = FOREIGN_PROCESS;
		bytes += one * capacity_count_processes(contender);
	}
	return bytes;
}

/* All ranks share one window; or else each has the data in memory of its own,
 * but rank 0, which has the host's. */
static size_t capacity_rank_copies(const struct contender *contender)
{
	char mode[16];
	size_t ranks;

	if (!contender_has_ranks(contender))
		return 0;
	if (spec_read(contender->bare, "mode", mode, sizeof(mode)) > 0 &&
	    strcmp(mode, "shm") == 0)
		return 1;
	ranks = capacity_count_ranks(contender);
	return ranks ? ranks - 1 : 0;
}

size_t capacity_copies(const struct engine *engine)
{
	bool private = engine->memory == MEMORY_PRIVATE;
	size_t copies = private ? 0 : 1;

	for (size_t m = 0; m < engine->ncontenders + engine->nself_checks;
	     m++) {
		const struct contender *contender = &engine->contenders[m];

		if (contender->out)
			continue;
		copies += private;
		copies += contender_is_one_of(contender, "data", "inherited") ||
			  contender_is_one_of(contender, "data", "shipped");
		copies += capacity_rank_copies(contender);
	}
	return copies ? copies : 1;
}

/* Hosts are the same program as we, sanitizers included. */
static uint64_t capacity_process_size(void)
{
	uint64_t kib = sysfile_number("/proc/self/status", "RssAnon:", 0);

	return kib << 10 > PROCESS_MIN ? kib << 10 : PROCESS_MIN;
}

static uint64_t capacity_page_size(void)
{
	return (uint64_t)sysconf(_SC_PAGESIZE);
}

/* Bytes of data, each copy of it. */
static uint64_t capacity_find_room(const struct engine *engine,
				   const char **limit)
{
	unsigned runs = 1 + engine->sharers;
	uint64_t processes =
		runs * capacity_processes(engine, capacity_process_size());
	uint64_t bytes = headroom_plan("", processes, limit);

	return bytes / runs / capacity_copies(engine) / capacity_page_size() *
	       capacity_page_size();
}

void capacity_find(struct engine *engine)
{
	uint64_t bytes = capacity_find_room(engine, &engine->memory_limit);
	struct rlimit file;

	if (engine->memory != MEMORY_PRIVATE &&
	    getrlimit(RLIMIT_FSIZE, &file) == 0 && file.rlim_cur < bytes) {
		engine->memory_limit =
			"the size that a file may have (ulimit -f)";
		bytes = file.rlim_cur / capacity_page_size() *
			capacity_page_size();
	}
	engine->arena_size = bytes > DATA_MIN ? (size_t)bytes : DATA_MIN;
}

int capacity_check(struct engine *engine)
{
	const char *limit;
	uint64_t bytes = capacity_find_room(engine, &limit);
	double copies = (double)capacity_copies(engine);

	if (engine->arena_size <= bytes || engine->arena_size <= DATA_MIN)
		return 0;
	return error_set(
		&engine->error, ERROR_FAILED,
		"the data and its copies take %.0f MiB; planned for them are "
		"%.0f MiB at most, half of %s: take fewer items",
		copies * (double)engine->arena_size / MIB,
		copies * (double)bytes / MIB, limit);
}
