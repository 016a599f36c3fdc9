/* SPDX-License-Identifier: MIT */
#include "runners/mpi/mpi_world.h"

#include <stdio.h>
#include <stdlib.h>

/* What the threads of a rank run: each item of theirs is a tile of the rank's
 * share. */
struct mpi_share {
	const struct job *job;
	size_t first;
};

static void mpi_run_tiles(const void *ctx, size_t begin, size_t end,
			  struct partial *partial)
{
	const struct mpi_share *share = ctx;

	(void)partial;
	job_run(share->job, share->first + begin, share->first + end);
}

void mpi_run_threads(struct mpi_world *world, const struct job *job)
{
	if (world->threads->dispatch(&world->team, job) == 0)
		return;
	fprintf(stderr, "a rank: %s\n", world->team.error);
	MPI_Abort(MPI_COMM_WORLD, 1);
}

static void mpi_run_by_threads(struct mpi_world *world, const struct job *job,
			       struct range tiles)
{
	struct mpi_share share = {job, tiles.begin};
	struct partial unused;
	struct job inner = {
		.run = mpi_run_tiles,
		.ctx = &share,
		.partials = &unused,
	};
	size_t count = tiles.end - tiles.begin;

	if (world->plan.n != count)
		world->plan = plan_make(count, 1, world->team.workers);
	inner.plan = world->plan;
	mpi_run_threads(world, &inner);
}

void mpi_run_share(const struct team *team, const struct job *job)
{
	struct range tiles = plan_share(&job->plan, team->ranks, team->self);
	struct mpi_world *world = mpi_world(team);

	if (!world->threads)
		job_run(job, tiles.begin, tiles.end);
	else if (tiles.begin < tiles.end)
		mpi_run_by_threads(world, job, tiles);
}

/* Where there are as many shares as ranks, all partials come in parts of one
 * size; else the first ranks have none, or more. */
static void mpi_gather_partials(const struct team *team, const struct job *job)
{
	size_t bytes = job->width * sizeof(struct partial);
	int *counts, *places;

	if (job->plan.tiles == team->workers * job->plan.each) {
		MPI_Allgather(MPI_IN_PLACE, 0, MPI_DATATYPE_NULL, job->partials,
			      (int)(job->plan.tiles / team->ranks * bytes),
			      MPI_BYTE, MPI_COMM_WORLD);
		return;
	}
	counts = mpi_take(NULL, 2 * team->ranks * sizeof(*counts));
	places = counts + team->ranks;
	for (unsigned w = 0; w < team->ranks; w++) {
		struct range share = plan_share(&job->plan, team->ranks, w);

		counts[w] = (int)((share.end - share.begin) * bytes);
		places[w] = (int)(share.begin * bytes);
	}
	MPI_Allgatherv(MPI_IN_PLACE, 0, MPI_DATATYPE_NULL, job->partials,
		       counts, places, MPI_BYTE, MPI_COMM_WORLD);
	free(counts);
}

static void mpi_meet(const struct team *team, const struct job *job)
{
	const struct mpi_world *world = mpi_world(team);

	/* What is written to a window is seen behind this and a barrier. */
	if (world->shares)
		MPI_Win_sync(world->window);
	if (job->width)
		mpi_gather_partials(team, job);
	else
		MPI_Barrier(MPI_COMM_WORLD);
	if (world->shares)
		MPI_Win_sync(world->window);
}

static void mpi_run_resident(const struct team *team, const struct job *job)
{
	const struct mpi_world *world = mpi_world(team);
	bool moves = job->accumulate && job->spans && !world->shares;

	if (moves && world->wrote)
		mpi_exchange_written(team, job);
	mpi_run_share(team, job);
	if (moves)
		mpi_note_written(team, job);
}

int mpi_dispatch(struct team *team, const struct job *job)
{
	struct mpi_world *world = mpi_world(team);

	if (world->announced == 0)
		mpi_repeat(team, 1);
	world->announced--;
	if (team->options[MPI_OPTION_DATA].choice == MPI_DATA_STAYS)
		mpi_run_resident(team, job);
	else
		mpi_run_shipped(team, job);
	mpi_meet(team, job);
	return 0;
}
