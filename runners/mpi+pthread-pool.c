/* SPDX-License-Identifier: MIT */
/*
 * MPI ranks, each of which runs its share on a pool of threads.
 */
#include "runners/mpi/mpi_world.h"
#include "runners/pool/worker_pool.h"

extern const struct runner runner_pthread_pool;

/* Behind those of the ranks stand the pool's, in their order. Chunks would be
 * of items, and the threads of a rank get tiles. */
static const struct option_spec mpi_pool_options[] = {
	MPI_OPTIONS,
	MPI_THREADS_OPTION,
	[MPI_OPTION_OF_THREADS + WORKER_POOL_WAIT] = WORKER_POOL_WAIT_OPTION,
	[MPI_OPTION_OF_THREADS + WORKER_POOL_SCHEDULE] =
		TILE_QUEUE_SCHEDULE_OPTION,
	{.key = NULL},
};

static int mpi_pool_open(struct team *team)
{
	return mpi_open(team, &runner_pthread_pool);
}

const struct runner runner_mpi_pthread_pool = {
	MPI_RUNNER,
	.name = "mpi+pthread-pool",
	.summary = "MPI ranks that run their shares on pools of threads",
	.options = mpi_pool_options,
	.caps = RUNNER_SPLIT,
	.open = mpi_pool_open,
};
