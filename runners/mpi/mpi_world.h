/* SPDX-License-Identifier: MIT */
/*
 * MPI ranks, on this machine or on those that the launcher starts them on. A
 * call is a step of an SPMD program: each rank runs its share of the data that
 * it has, and all meet, by MPI_Allgather of the partials in a reduction and by
 * MPI_Barrier in a map. `data=shipped`: the data lies in rank 0, which sends
 * each its part, and gets back what it wrote. `mode=shm`: all ranks share one
 * window of memory, within one machine.
 *
 * Each runner of these is a module that its own hosts alone load, built for one
 * MPI library, whose launcher it executes.
 */
#ifndef BREAKEVEN_RUNNERS_MPI_MPI_WORLD_H
#define BREAKEVEN_RUNNERS_MPI_MPI_WORLD_H

#include "runners/runner.h"

#include <mpi.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* The options of each such runner, for its table. */
enum {
	MPI_OPTION_DATA,
	MPI_OPTION_MODE,
	MPI_OPTION_THREADS, /* of a rank; and behind it, what those take */
	MPI_OPTION_OF_THREADS,
};
enum { MPI_DATA_STAYS, MPI_DATA_GOES };
enum { MPI_MODE_MESSAGES, MPI_MODE_SHM };
#define MPI_OPTIONS                                                            \
	[MPI_OPTION_DATA] = {.key = "data",                                    \
			     .type = OPTION_CHOICE,                            \
			     .choices = "resident|shipped",                    \
			     .fallback = "resident",                           \
			     .help = "the ranks have it, or rank 0 sends it, " \
				     "and gets the results"},                  \
	[MPI_OPTION_MODE] = {.key = "mode",                                    \
			     .type = OPTION_CHOICE,                            \
			     .choices = "messages|shm",                        \
			     .fallback = "messages",                           \
			     .help = "shm: one shared window, within one "     \
				     "machine"}

#define MPI_THREADS_OPTION                                                     \
	[MPI_OPTION_THREADS] = {.key = "threads",                              \
				.type = OPTION_COUNT,                          \
				.fallback = "1",                               \
				.min = 1,                                      \
				.max = 4096,                                   \
				.help = "of a rank; if it is not named, each " \
					"number that divides the workers"}

/* All fields of such a runner except name, summary, options and open; and caps
 * and environment, which are of its threads. */
#define MPI_RUNNER                                                             \
	.abi = RUNNER_ABI, .unit = UNIT_PROCESS, .lifetime = LIFETIME_POOLED,  \
	.data = DATA_RESIDENT, .dispatch = mpi_dispatch, .close = mpi_close,   \
	.ranks = &mpi_ranks

/* What a rank has written in the last pass. */
struct mpi_written {
	struct span spans[SPANS_MAX];
	size_t count;
};

/* team->state of a rank, from joining on. */
struct mpi_world {
	size_t announced; /* calls that are still to come */
	int64_t used;	  /* CPU time in calls of those that follow, in ns */
	MPI_Win window;	  /* where ranks share memory */
	bool shares;	  /* there is one */
	MPI_Request *requests; /* of data that goes */
	size_t room, pending;
	bool far;      /* from rank 0's machine */
	unsigned here; /* ranks on this machine */
	bool together; /* all are on one machine */
	pid_t *others; /* in rank 0: those on this machine */
	size_t nothers;
	struct mpi_written *written;  /* by rank, of kernels with passes */
	bool wrote;		      /* in these calls */
	const struct runner *threads; /* that run the share of a rank; NULL: it
					 does so by itself */
	struct team team;	      /* of those */
	struct plan plan;	      /* of the last share, for them */
	int *bound;		      /* CPUs of this rank's workers */
};

static inline struct mpi_world *mpi_world(const struct team *team)
{
	return team->state;
}

/* Memory for control structures, as realloc() gives it: a rank that has none
 * ends them all. */
void *mpi_take(void *old, size_t bytes);

/* ------------------------------------------------------------- the runner */

extern const struct ranks mpi_ranks;

/* open(), with the runner whose workers are the threads of a rank, and which
 * needs nothing of a team but what mpi_make_threads() gives; NULL: a rank has
 * none. */
int mpi_open(struct team *team, const struct runner *threads);

/* The team of such a runner in this rank, which has the CPUs from place `first`
 * on of those that the workers are bound to. `bound` and `oversubscribed` are
 * still those of all workers: mpi_open() sets both. */
struct team mpi_make_threads(const struct team *team, unsigned first);

int mpi_dispatch(struct team *team, const struct job *job);
int mpi_close(struct team *team);

/* ------------------------------------------------------------- its parts */

/* launch() and join() of mpi_ranks. */
int mpi_launch(struct team *team, char *order);
int mpi_join(struct team *team, const char *token, int descriptors[2]);

/* repeat() of mpi_ranks. */
int mpi_repeat(struct team *team, size_t count);

/* Have the threads of this rank run a job of their own. If they fail, all ranks
 * end: the others wait for this one. */
void mpi_run_threads(struct mpi_world *world, const struct job *job);

/* Run the share of this rank. */
void mpi_run_share(const struct team *team, const struct job *job);

/* The same where rank 0 has the data: it sends each other rank what its share
 * reads, and gets what that has written. */
void mpi_run_shipped(const struct team *team, const struct job *job);

/*
 * Where rank data stays, a pass may read what other ranks have written in the
 * pass before, as a stencil does at the ends of its share: that is sent. All
 * ranks lay out their memory alike, so each finds out by itself what it has to
 * send and to receive.
 */

/* Send to each rank what it reads in this pass of what this one has written in
 * the last, and get what others have written. */
void mpi_exchange_written(const struct team *team, const struct job *job);

/* What all write in this pass, for the next. */
void mpi_note_written(const struct team *team, const struct job *job);

#endif
