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

/* Kind 0: nothing failed. */
struct error {
	enum error_kind kind;
	char text[ERROR_TEXT_MAX];
};

/* Set both, and return the kind, as in `return error_set(error, ...);`. */
int error_set(struct error *error, enum error_kind kind, const char *format,
	      ...) __attribute__((format(printf, 3, 4)));

/* Write more behind the text, and set the kind. Returns the kind. */
int error_append(struct error *error, enum error_kind kind, const char *format,
		 ...) __attribute__((format(printf, 3, 4)));

/* The text, or "out of memory" if there is none: then nothing else failed. */
const char *error_text(const struct error *error);

/* Indexed by enum error_kind: NULL, "usage", "skipped", ..., as hosts and
 * records write them. ERROR_MEMORY is "failed". */
extern const char *const error_kind_names[];

#endif
