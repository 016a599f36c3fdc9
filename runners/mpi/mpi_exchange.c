/* SPDX-License-Identifier: MIT */
#include "runners/mpi/mpi_world.h"

enum {
	MPI_MESSAGE_MAX = 1 << 30, /* bytes; MPI counts in int */
	MPI_TAG_IN = 1,
	MPI_TAG_OUT,
	MPI_TAG_HALO,
};

/* Post what moves `size` bytes at `base` from or to a rank. */
static void mpi_post(struct mpi_world *world, char *base, size_t size,
		     bool send, int rank, int tag)
{
	for (size_t at = 0; at < size; at += MPI_MESSAGE_MAX) {
		int part = (int)(size - at < MPI_MESSAGE_MAX ? size - at
							     : MPI_MESSAGE_MAX);

		if (world->pending == world->room) {
			world->room = 2 * world->room + 16;
			world->requests =
				mpi_take(world->requests,
					 world->room * sizeof(MPI_Request));
		}
		if (send)
			MPI_Isend(base + at, part, MPI_BYTE, rank, tag,
				  MPI_COMM_WORLD,
				  &world->requests[world->pending++]);
		else
			MPI_Irecv(base + at, part, MPI_BYTE, rank, tag,
				  MPI_COMM_WORLD,
				  &world->requests[world->pending++]);
	}
}

/* What the tiles of a worker read, or write. Returns how many. */
static size_t mpi_find_spans(const struct team *team, const struct job *job,
			     unsigned worker, bool out,
			     struct span spans[SPANS_MAX])
{
	struct range tiles = plan_share(&job->plan, team->ranks, worker);
	struct range items;
	size_t count, kept = 0;

	if (!job->spans || tiles.begin == tiles.end)
		return 0;
	items = job_items(job, tiles.begin, tiles.end);
	count = job->spans(job->ctx, items.begin, items.end, spans);
	for (size_t i = 0; i < count; i++)
		if (spans[i].out == out)
			spans[kept++] = spans[i];
	return kept;
}

/* Post the parts of a worker's share that go in, or come out. `send` is the
 * side that has them. */
static void mpi_post_share(const struct team *team, const struct job *job,
			   unsigned worker, bool out, bool send)
{
	struct span spans[SPANS_MAX];
	size_t count = mpi_find_spans(team, job, worker, out, spans);

	for (size_t i = 0; i < count; i++)
		mpi_post(mpi_world(team), spans[i].base, spans[i].size, send,
			 team->self ? 0 : (int)worker,
			 out ? MPI_TAG_OUT : MPI_TAG_IN);
}

static void mpi_wait(struct mpi_world *world)
{
	MPI_Waitall((int)world->pending, world->requests, MPI_STATUSES_IGNORE);
	world->pending = 0;
}

/* Rank 0 runs its share while the others get theirs. */
static void mpi_ship_as_first(const struct team *team, const struct job *job)
{
	for (unsigned w = 1; w < team->ranks; w++)
		mpi_post_share(team, job, w, false, true);
	for (unsigned w = 1; w < team->ranks; w++)
		mpi_post_share(team, job, w, true, false);
	mpi_run_share(team, job);
	mpi_wait(mpi_world(team));
}

static void mpi_ship_as_other(const struct team *team, const struct job *job)
{
	mpi_post_share(team, job, team->self, false, false);
	mpi_wait(mpi_world(team));
	mpi_run_share(team, job);
	mpi_post_share(team, job, team->self, true, true);
	mpi_wait(mpi_world(team));
}

/* Post what both sides have in common. */
static void mpi_post_common(struct mpi_world *world, const struct span *reads,
			    size_t count, const struct mpi_written *written,
			    bool send, int rank)
{
	for (size_t r = 0; r < count; r++)
		for (size_t w = 0; w < written->count; w++) {
			const struct span *wrote = &written->spans[w];
			char *begin = reads[r].base, *from = wrote->base;
			char *end = begin + reads[r].size;
			char *to = from + wrote->size;

			begin = begin > from ? begin : from;
			end = end < to ? end : to;
			if (begin < end)
				mpi_post(world, begin, (size_t)(end - begin),
					 send, rank, MPI_TAG_HALO);
		}
}

void mpi_exchange_written(const struct team *team, const struct job *job)
{
	struct mpi_world *world = mpi_world(team);
	struct span ours[SPANS_MAX], theirs[SPANS_MAX];
	size_t count = mpi_find_spans(team, job, team->self, false, ours);

	for (unsigned w = 0; w < team->ranks; w++) {
		size_t reads;

		if (w == team->self)
			continue;
		reads = mpi_find_spans(team, job, w, false, theirs);
		mpi_post_common(world, ours, count, &world->written[w], false,
				(int)w);
		mpi_post_common(world, theirs, reads,
				&world->written[team->self], true, (int)w);
	}
	mpi_wait(mpi_world(team));
}

void mpi_note_written(const struct team *team, const struct job *job)
{
	struct mpi_world *world = mpi_world(team);

	for (unsigned w = 0; w < team->ranks; w++)
		world->written[w].count = mpi_find_spans(
			team, job, w, true, world->written[w].spans);
	world->wrote = true;
}

void mpi_run_shipped(const struct team *team, const struct job *job)
{
	if (team->self == 0)
		mpi_ship_as_first(team, job);
	else
		mpi_ship_as_other(team, job);
}
