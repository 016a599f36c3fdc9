/* SPDX-License-Identifier: MIT */
/*
 * MPI ranks, each of which runs its share by itself.
 */
#include "runners/mpi/mpi_world.h"

static const struct option_spec mpi_options[] = {
	MPI_OPTIONS,
	{.key = NULL},
};

static int mpi_open_alone(struct team *team)
{
	return mpi_open(team, NULL);
}

const struct runner runner_mpi = {
	MPI_RUNNER,
	.name = "mpi",
	.summary = "MPI ranks that run their shares, and meet",
	.options = mpi_options,
	.open = mpi_open_alone,
};
