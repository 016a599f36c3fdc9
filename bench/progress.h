/* SPDX-License-Identifier: MIT */
/*
 * One line on standard error that says what is being done and how long it will
 * take. Only on a terminal.
 */
#ifndef BREAKEVEN_BENCH_PROGRESS_H
#define BREAKEVEN_BENCH_PROGRESS_H

#include <stdbool.h>

struct progress {
	bool on;
	double start, end; /* seconds of engine_now(); end 0: not known */
	double shown;	   /* when last */
};

void progress_init(struct progress *progress, bool quiet, double end);

/* Say what is being done; ten times a second at most. */
void progress_show(struct progress *progress, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Take the line away. */
void progress_clear(struct progress *progress);

/* Tell the user something on a line of its own, terminal or not. */
void progress_notice(const char *text);

#endif
