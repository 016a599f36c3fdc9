/* SPDX-License-Identifier: MIT */
/*
 * A process that creates others and times that. Its size is set, since a fork
 * copies the page tables of all its memory. The controller forks one and waits
 * for it.
 */
#ifndef BREAKEVEN_BENCH_STUDIES_SPAWN_PARENT_H
#define BREAKEVEN_BENCH_STUDIES_SPAWN_PARENT_H

#include "bench/host/memory.h"
#include "core/error.h"
#include "system/topology.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SPAWN_STACK = 64 << 10 };

/* What the ops of one parent share. */
struct spawn_context {
	bool huge;	     /* memory is to be of huge pages */
	char *stack;	     /* the end of SPAWN_STACK bytes, for a clone */
	char *region;	     /* address space for faults, */
	size_t region_bytes; /* so much of it; 0: none is wanted */
	int *bound;	     /* room for a team's workers */
	const struct topology *topology; /* of the parent */
	/* What children write and their parent reads. */
	struct spawn_note {
		int64_t ns, count;
	} * note;
	char *error; /* ERROR_TEXT_MAX bytes: why an op failed */
};

/* What one op took, and what it counted, if anything. */
struct spawn_sample {
	int64_t ns, count;
};

struct spawn_op {
	const char *name; /* as JSON has it */
	/* Do it once. 0 or -errno, told in context->error or by its number. */
	int (*once)(const struct spawn_context *context,
		    const struct spawn_op *op, struct spawn_sample *sample);
	const char *runner; /* of ops that open a pool */
	unsigned workers;
};

/* How it went with one op of a parent's. */
struct spawn_op_end {
	int rc; /* 0: whole; else -errno, and its values are not known */
	char error[ERROR_TEXT_MAX];
};

struct spawn_parent {
	/* Set by the caller. */
	size_t ballast; /* bytes that are resident before anything is timed */
	size_t region;	/* bytes of address space for faults */
	bool huge;	/* in huge pages, of madvise(); else in small ones */
	const struct spawn_op *ops;
	size_t nops, runs;
	size_t first; /* which op begins the first run; they take turns */
	const struct topology *topology; /* by which pools are bound; NULL: they
					    are not. The rest runs anywhere */
	int interrupt_fd;

	/* By op and run; NAN: not known. Room for nops * runs each. */
	double *ns, *count;
	struct spawn_op_end *ends; /* by op; room for nops */
	double rss_mib;		   /* with all its ballast */
	struct error error;
};

/*
 * Fork a parent, have it do all ops `runs` times in turn, and reap it. A short
 * op is repeated within a run, and ns is the mean. An op that fails is told
 * in its end, and not done again; the others go on. 0, or an enum error_kind
 * told in parent->error: ERROR_SKIPPED where huge pages were wanted and did
 * not come. All processes that it created are gone on return.
 */
int spawn_parent_run(struct spawn_parent *parent);

#endif
