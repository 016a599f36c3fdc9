/* SPDX-License-Identifier: MIT */
/*
 * MPI ranks, each of which runs its share by an OpenMP parallel for.
 */
#include "runners/mpi/mpi_world.h"
#include "runners/openmp.h"
#include "runners/pool/tile_queue.h"

#include <omp.h>

/* Behind those of the ranks stand OpenMP's, in their order. Chunks would be of
 * items, and the threads of a rank get tiles. */
static const struct option_spec mpi_openmp_options[] = {
	MPI_OPTIONS,
	MPI_THREADS_OPTION,
	[MPI_OPTION_OF_THREADS + OPENMP_SCHEDULE] = TILE_QUEUE_SCHEDULE_OPTION,
	[MPI_OPTION_OF_THREADS + OPENMP_WAIT] = OPENMP_WAIT_OPTION,
	{.key = NULL},
};

/* Which places there are depends on the rank, whose number is not known when
 * the runtime is loaded: each thread is bound here, and stays so. */
static int mpi_openmp_open_threads(struct team *team)
{
#pragma omp parallel num_threads(team->workers)
	team_bind(team, (unsigned)omp_get_thread_num());
	return openmp_open(team);
}

static const struct runner mpi_openmp_threads = {
	OPENMP_RUNNER,
	.open = mpi_openmp_open_threads,
	.name = "openmp",
};

static int mpi_openmp_environment(const struct team *team)
{
	struct team threads = mpi_make_threads(team, 0);

	threads.cpus = NULL;
	return openmp_environment(&threads);
}

static int mpi_openmp_open(struct team *team)
{
	return mpi_open(team, &mpi_openmp_threads);
}

const struct runner runner_mpi_openmp = {
	MPI_RUNNER,
	.name = "mpi+openmp",
	.summary = "MPI ranks that run their shares by OpenMP (libgomp)",
	.options = mpi_openmp_options,
	.caps = RUNNER_SPLIT,
	.environment = mpi_openmp_environment,
	.open = mpi_openmp_open,
};
