/* SPDX-License-Identifier: MIT */
/*
 * One line on standard error that says what is being done and how long it will
 * take. Only on a terminal, and none that is dumb. Elsewhere, a notice says
 * once how long all of it takes, as soon as that is known.
 */
#ifndef BREAKEVEN_BENCH_CLI_PROGRESS_H
#define BREAKEVEN_BENCH_CLI_PROGRESS_H

#include <stdbool.h>

struct progress {
	bool on;
	bool told;	   /* how long it takes, or that is not to be told */
	double start, end; /* seconds of now_s(); end 0: not known */
	double part_start; /* when the part began that the end follows from */
	double shown;	   /* when last; 0: there is no line */
	const char *what;  /* the format of that line */
};

void progress_init(struct progress *progress, bool quiet, double end);

/* So much of the work is done, from 0, where it begins, to 1: from that follows
 * the end, of which a notice is given once. */
void progress_part(struct progress *progress, double done);

/* Say what is being done; ten times a second at most, but at once where the
 * format is another one. A line that is too long is cut. */
void progress_show(struct progress *progress, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Take the line away. */
void progress_clear(struct progress *progress);

/* The same for those who do not know it, before they write to standard error:
 * on a terminal, take away what stands on its last line. */
void progress_make_way(void);

/* What another process wrote, which ends its line, on standard error. */
void progress_relay(const char *words);

/* Tell the user something on a line of its own, terminal or not; the same thing
 * once. */
void progress_notice(const char *text);

#endif
