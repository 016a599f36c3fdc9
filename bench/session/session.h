/* SPDX-License-Identifier: MIT */
/*
 * What `bench`, `grid`, `ab` and `roof` have in common: the record, the engine.
 */
#ifndef BREAKEVEN_BENCH_SESSION_SESSION_H
#define BREAKEVEN_BENCH_SESSION_SESSION_H

#include "bench/cli/progress.h"
#include "bench/engine/engine.h"
#include "bench/session/session_plan.h"

#include <stdbool.h>

struct session {
	struct session_plan plan;
	struct topology *topology;  /* NULL: it is found by session_open() */
	struct topology *pretended; /* the machine to be; or NULL: that one */
	struct engine engine;
	struct progress progress;
	size_t nlisted; /* of engine.kernels, the uncounted one too */
	char **runners;
	size_t nrunners;
	json_t *splits;	    /* for the end of the record, or NULL */
	const char *resume; /* the record of a run to go on with; or NULL */
	char *out;	    /* path of the record */
	bool empty;	    /* nothing was measured, so there is no record */
	double start;	    /* now_s() */
};

/* A number that no other run has drawn, as far as chance goes; short enough to
 * be typed again. */
uint64_t session_draw_number(void);

/* Understand the names of kernels and runners, of which session_open() is the
 * rest: until then, signals end the program. Likewise. */
int session_understand(struct session *session);

/*
 * Understand the options, find the sizes, start the record with its header, and
 * describe the runners. 0, or the exit status, with the reason told on
 * standard error: then engine_close() is due, else session_close().
 */
int session_open(struct session *session);

/*
 * End the record and all hosts. rc: 0, or the enum error_kind that ended the
 * run, which the record's failure explains, or else the engine's error; or
 * ERROR_LATE: it is cut off, and the caller says why. A
 * record of nothing is removed. Returns the exit status: 0; 1; 130 or 143 when
 * interrupted.
 */
int session_close(struct session *session, int rc);

/* Free what the session holds. */
void session_free(struct session *session);

#endif
