/* SPDX-License-Identifier: MIT */
/*
 * Why something was not done: a kind, by which callers decide what follows, and
 * a text for people.
 */
#ifndef BREAKEVEN_CORE_ERROR_H
#define BREAKEVEN_CORE_ERROR_H

enum { ERROR_TEXT_MAX = 512 };

enum error_kind {
	ERROR_USAGE = 1,   /* the user's mistake */
	ERROR_SKIPPED,	   /* this machine does not have it */
	ERROR_FAILED,	   /* a process died, hung, or gave up */
	ERROR_INVALID,	   /* a result is wrong */
	ERROR_INTERRUPTED, /* the user wants to stop */
	ERROR_LATE,	   /* the budget has ended: stop, and report */
	ERROR_MEMORY, /* failed, too: the kernel killed it for lack of memory */
};

/* Indexed by enum error_kind: NULL, "usage", "skipped", ..., as hosts and
 * records write them. ERROR_MEMORY is "failed". */
extern const char *const error_kind_names[];

#endif
