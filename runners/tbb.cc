/* SPDX-License-Identifier: MIT */
/*
 * oneTBB's parallel_for over the tiles: tasks that idle workers steal. C++
 * behind the same C interface.
 */
#include "runners/pool/bind_barrier.h"

#include <cerrno>
#include <new>
#include <tbb/global_control.h>
#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>

namespace
{

enum { TBB_PARTITIONER };
enum { PARTITION_AUTO, PARTITION_SIMPLE, PARTITION_STATIC };

const option_spec options[] = {
	{"partitioner", OPTION_CHOICE, "auto|simple|static", "auto", 0, 0,
	 "how a loop is cut into tasks"},
	{nullptr, OPTION_CHOICE, nullptr, nullptr, 0, 0, nullptr},
};

struct tbb_team {
	tbb::global_control limit;
	tbb::task_arena arena;

	explicit tbb_team(unsigned workers)
	    : limit(tbb::global_control::max_allowed_parallelism, workers),
	      arena(static_cast<int>(workers))
	{
	}
};

/* A thread keeps its slot only while it is in the arena, but stays bound to the
 * CPU of its first slot. */
void bind_all(tbb_team *tbb, team *team)
{
	bind_barrier barrier = {team, 0};

	tbb->arena.execute([&] {
		tbb::parallel_for(
			0U, team->workers,
			[&](unsigned) {
				bind_barrier_wait(
					&barrier,
					tbb::this_task_arena::
						current_thread_index());
			},
			tbb::simple_partitioner());
	});
}

int tbb_open(team *team)
{
	try {
		auto *tbb = new tbb_team(team->workers);

		bind_all(tbb, team);
		team->state = tbb;
	} catch (...) {
		return team_fail(team, -ENOMEM, "no arena of %u threads",
				 team->workers);
	}
	return 0;
}

template <typename Partitioner>
void run(const job *job, const Partitioner &partitioner)
{
	tbb::parallel_for(
		size_t{0}, job->plan.tiles,
		[job](size_t tile) { job_run(job, tile, tile + 1); },
		partitioner);
}

int tbb_dispatch(team *team, const job *job)
{
	auto *tbb = static_cast<tbb_team *>(team->state);
	unsigned choice = team->options[TBB_PARTITIONER].choice;

	try {
		tbb->arena.execute([&] {
			if (choice == PARTITION_SIMPLE)
				run(job, tbb::simple_partitioner());
			else if (choice == PARTITION_STATIC)
				run(job, tbb::static_partitioner());
			else
				run(job, tbb::auto_partitioner());
		});
	} catch (...) {
		return team_fail(team, -ENOMEM, "no memory for tasks");
	}
	return 0;
}

int tbb_close(team *team)
{
	delete static_cast<tbb_team *>(team->state);
	team->state = nullptr;
	return 0;
}

} // namespace

extern "C" const struct runner runner_tbb = {
	RUNNER_ABI,
	"tbb",
	"oneTBB's parallel_for: tasks that idle workers steal",
	UNIT_THREAD,
	LIFETIME_POOLED,
	DATA_IN_PLACE,
	0,
	options,
	nullptr,
	tbb_open,
	tbb_dispatch,
	tbb_close,
	nullptr,
	nullptr,
	nullptr,
	nullptr,
	nullptr,
};
