/* SPDX-License-Identifier: MIT */
/*
 * What `bench` and `grid` have in common: options, the record, the engine.
 */
#ifndef BREAKEVEN_BENCH_SESSION_SESSION_H
#define BREAKEVEN_BENCH_SESSION_SESSION_H

#include "bench/cli/progress.h"
#include "bench/engine/engine.h"
#include "bench/session/sizing.h"

#include <argp.h>
#include <stdbool.h>

enum { SESSION_WORKERS_MAX = 64 };

/* Options without a letter. */
enum {
	SESSION_BUDGET = 256,
	SESSION_PRECISION,
	SESSION_SEED,
	SESSION_PIN,
	SESSION_QUIET,
	SESSION_ARENA,
	SESSION_ROUNDS,
	SESSION_GENERATIONS,
	SESSION_OVERSUBSCRIBE,
	SESSION_EPOCH,
};

/* What the user asked for. */
struct wishes {
	const char *kernels, *runners, *workers, *sizes, *out; /* NULL: ours */
	enum pin_policy pin;
	enum memory memory;
	double budget;	  /* seconds; 0: ours */
	double precision; /* of break-even sizes, 0.02: 2 %; 0: ours */
	unsigned rounds, generations; /* the plan; 0: ours */
	double epoch_ns;	      /* 0: ours */
	uint64_t seed;
	bool have_seed, quiet, oversubscribe;
};

/* Does the plan end with a number of rounds, whatever the time? */
bool wishes_counted(const struct wishes *wishes);

struct session {
	struct wishes wishes;
	const char *command; /* "bench" */
	int argc;	     /* as the user typed it, for the record */
	char **argv;
	struct topology *topology;
	struct engine engine;
	struct progress progress;
	size_t rounds;	      /* of the first pass, in each generation: the
				 command's own, unless wished otherwise */
	unsigned generations; /* of the first pass */
	struct sizes *sizes;  /* by kernel */
	size_t nlisted;	      /* of engine.kernels, the uncounted one too */
	char **runners;
	size_t nrunners;
	unsigned workers[SESSION_WORKERS_MAX];
	size_t nworkers;
	uint64_t lo, hi;
	const uint64_t *sets; /* bytes that all sizes are to touch instead */
	size_t nsets;	      /* 0: sizes are found */
	bool proof;	      /* the run makes self-checks */
	json_t *splits;	      /* for the end of the record, or NULL */
	const char *resume;   /* the record of a run to go on with; or NULL */
	char *out;	      /* path of the record */
	bool empty;	      /* nothing was measured, so there is no record */
	double start;	      /* now_s() */
};

/* The options that both take, and their argp parser, whose input is a struct
 * wishes. */
extern const struct argp_option session_options[];
error_t session_parse(int key, char *arg, struct argp_state *state);

/*
 * Understand the wishes, find the sizes, start the record with its header, and
 * describe the runners. 0, or the exit status, with the reason told on
 * standard error. session_close() is due in any case.
 */
int session_open(struct session *session);

/*
 * End the record and all hosts. rc: 0, or the enum error_kind that ended the
 * run, with `error`. A record of nothing is removed. Returns the exit status:
 * 0; 1; 130 or 143 when interrupted.
 */
int session_close(struct session *session, int rc, const char *error);

/* Free what the session holds. */
void session_free(struct session *session);

#endif
