/* SPDX-License-Identifier: MIT */
/*
 * A runner: a way to run a job in parallel. A job is a function over tiles; a
 * runner does not know the kernel behind it. docs/adding-a-runner.md explains
 * one.
 */
#ifndef BREAKEVEN_RUNNERS_RUNNER_H
#define BREAKEVEN_RUNNERS_RUNNER_H

#include "core/spec.h"
#include "core/tile.h"
#include "runners/pool/plan.h"
#include "runners/ranks.h"
#include "system/topology.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#ifdef __cplusplus
extern "C" {
#endif

#define RUNNER_ABI 8

/* What a worker is. */
enum unit { UNIT_NONE, UNIT_THREAD, UNIT_PROCESS };

/* How long a worker lives. */
enum lifetime { LIFETIME_CALL, LIFETIME_POOLED };

/* How a worker gets the data. */
enum data {
	DATA_IN_PLACE,	/* the caller's own memory */
	DATA_SHARED,	/* a mapping shared with the caller */
	DATA_INHERITED, /* a copy-on-write image of the caller */
	DATA_SHIPPED,	/* copied in and out through a channel */
	DATA_RESIDENT,	/* in memory of its own, where it stays */
};

enum runner_caps {
	RUNNER_SOLO = 1 << 0,	 /* one worker unless its spec says workers= */
	RUNNER_PLANTED = 1 << 1, /* computes less than it should, on purpose:
				    its results are not verified */
	RUNNER_TURNS = 1 << 2,	 /* one worker runs at a time: a tile must not
				    wait for another worker */
	RUNNER_SPLIT = 1 << 3,	 /* its workers are processes of `threads=`
				    threads each */
};

/* The results that lie in a worker's memory after a call. */
enum part {
	PART_ALL,
	PART_SHARE, /* of its own share */
	PART_NONE,
};

enum { TEAM_ERROR_MAX = 256 };

/* A mapping that holds memory of jobs. */
struct team_map {
	void *base;
	size_t size; /* bytes; 0: there is none */
	int fd;	     /* of the mapped file, from its beginning; -1: none */
};

/* The mappings of a team. */
enum {
	TEAM_DATA,   /* the data of kernels, and partials */
	TEAM_COMMON, /* contexts, and other memory that the host shares */
	TEAM_STAMPS, /* time stamps, if there are any: bench/host/stamps.h */
	TEAM_MAPS
};

/*
 * The workers of one open runner. The caller is worker 0, unless workers are
 * ranks. The host fills the first part; open() fills the second part.
 */
struct team {
	unsigned workers;
	bool oversubscribed; /* more workers than CPUs: pollers yield */
	const int *cpus;     /* worker i is bound to cpus[i]; NULL: none is */
	const struct topology
		*topology; /* of the cpus; may be NULL with them */
	/* By worker: what lies between its CPU and that of the one before it,
	 * an enum topology_border; NULL with the cpus. */
	const uint8_t *borders;
	union option_value options[SPEC_OPTIONS_MAX];
	int *bound; /* by worker, in memory shared with all: the CPU that it is
		       bound to, as read back; -1: not to a single one */
	struct team_map maps[TEAM_MAPS];

	/* Of ranks: how many there are, among which the workers are shared out
	 * evenly (as many as workers, unless join() says otherwise), which of
	 * them this is, what it has, and when the launcher was executed (0: not
	 * known), by CLOCK_MONOTONIC. */
	unsigned ranks;
	unsigned self;
	enum part part;
	int64_t began_ns;

	size_t control; /* bytes of control structures that the workers share;
			   0: not known */
	void *state;	/* owned by the runner */
	char error[TEAM_ERROR_MAX]; /* the last failure, in words */
};

/* Bind the calling thread to the CPU of `worker`, and write to team->bound what
 * it is bound to now. Failing to bind is no error. */
void team_bind(struct team *team, unsigned worker);

/*
 * One call:
 *
 *	for (t = 0; t < plan.tiles; t++)
 *		run(ctx, plan_tile(t).begin, plan_tile(t).end,
 *		    &partials[t * width]);
 *
 * If workers share memory (DATA_SHARED), ctx and partials lie in the mappings
 * of the team, or in memory that children inherit as shared. For other workers
 * the second part says what to send and to bring back.
 */
struct job {
	tile_fn *run;
	const void *ctx;
	struct partial *partials; /* `width` per tile */
	size_t width;		  /* 1 to PARTIAL_WIDTH_MAX; 0: all tiles share
				     one partial, and do not write it */
	struct plan plan;

	/* Bytes of *ctx, at most JOB_CTX_MAX; no pointer in it points into it.
	 * 0: ctx is not sent to workers. */
	size_t ctx_size;
	spans_fn *spans;   /* NULL: items touch nothing but ctx and partials */
	size_t accumulate; /* 1: tiles read what their partials hold before;
			    else 0. A word, so that jobs compare by memcmp() */
};

enum { JOB_CTX_MAX = 4096 };

/* Where tile t contributes. */
static inline struct partial *job_partial(const struct job *job, size_t t)
{
	return &job->partials[t * job->width];
}

/*
 * Every int below is 0 or -errno; after an error team->error says what
 * happened, and to which worker. -ENOTSUP from open() means that the runner
 * cannot run on this machine, and is skipped with that reason. No runner calls
 * exit().
 */
struct runner {
	unsigned abi;	     /* RUNNER_ABI */
	const char *name;    /* equals the file's stem */
	const char *summary; /* one line, no full stop */
	enum unit unit;
	enum lifetime lifetime;
	enum data data;
	unsigned caps;
	const struct option_spec *options; /* ends with key == NULL, or NULL */

	/*
	 * Set, with setenv and unsetenv, the variables that a library of the
	 * runner reads when it is loaded. The host then executes itself again.
	 * NULL: there is nothing to set.
	 */
	int (*environment)(const struct team *team);

	/*
	 * Create the workers, bind them, and return when all have checked in.
	 * On failure nothing is left behind.
	 */
	int (*open)(struct team *team);

	/*
	 * Run every tile of the job exactly once, then join: when it returns
	 * 0, all partials and outputs are visible to the caller. After an
	 * error the team only takes close().
	 */
	int (*dispatch)(struct team *team, const struct job *job);

	/*
	 * Reap the workers and free the state. < 0 if a worker failed; the
	 * team is closed even so.
	 */
	int (*close)(struct team *team);

	/*
	 * Execute another program in place of the host, with `order` (JSON, as
	 * the host got it) as its argument. From then on that program speaks
	 * docs/protocol.md, and computes, times and verifies by itself.
	 * Returns only on failure. Such a runner has no open, dispatch and
	 * close. NULL: the host stays.
	 */
	int (*replace)(struct team *team, char *order);

	/* How its workers are started and told what to do, where they are hosts
	 * of their own. NULL: they are its host's. */
	const struct ranks *ranks;

	/* The name of that program on the PATH; records hold its file and
	 * version. NULL: records name no program. */
	const char *program;

	/* The name of another runner to compare with besides serial: the
	 * serial one of the same language. NULL: none. */
	const char *base;

	/* Names of the only kernels that it computes, ended by NULL. NULL:
	 * it computes any. */
	const char *const *kernels;
};

/* Announce `count` calls of dispatch(), one after the other, of one job: where
 * workers are ranks, they need no word for each. 0 or -errno. */
static inline int runner_repeat(const struct runner *runner, struct team *team,
				size_t count)
{
	return runner->ranks ? runner->ranks->repeat(team, count) : 0;
}

/* CPU time in ns of workers that are ranks, other than this one; else 0. */
static inline int64_t runner_ranks_ns(const struct runner *runner,
				      struct team *team)
{
	return runner->ranks ? runner->ranks->used_ns(team) : 0;
}

/* Record a failure: format into team->error, return `error` (-errno). */
int team_fail(struct team *team, int error, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* The items of tiles [first, last); at least one tile. */
static inline struct range job_items(const struct job *job, size_t first,
				     size_t last)
{
	return (struct range){plan_tile(&job->plan, first).begin,
			      plan_tile(&job->plan, last - 1).end};
}

/* Run tiles [first, last) of the job, one after the other. */
static inline void job_run(const struct job *job, size_t first, size_t last)
{
	for (size_t t = first; t < last; t++) {
		struct range items = plan_tile(&job->plan, t);

		job->run(job->ctx, items.begin, items.end, job_partial(job, t));
	}
}

#ifdef __cplusplus
}
#endif

#endif
