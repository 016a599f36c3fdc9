/* SPDX-License-Identifier: MIT */
/*
 * What commands do alike that measure a session and print a report of it.
 */
#ifndef BREAKEVEN_BENCH_COMMANDS_RUN_H
#define BREAKEVEN_BENCH_COMMANDS_RUN_H

#include "analysis/findings.h"
#include "bench/session/session.h"

/* Measure the session's sizes under google-benchmark, which keeps silent: its
 * rounds in each of its generations, controls too. 0 or an enum error_kind,
 * told in `error`. run_more() does the same in further generations, without
 * google-benchmark, which runs only once in a process, as this does with those
 * beyond the sixth. */
int run_grid(struct session *session, char error[ERROR_TEXT_MAX]);
int run_more(struct session *session, unsigned generations,
	     char error[ERROR_TEXT_MAX]);

/* What becomes of a closed session's exit status where its record shows that
 * no runner was measured, and says why: 0 becomes 1, and the user is told. */
int run_judge(const struct session *session, const struct findings *findings,
	      int status);

/*
 * session_close(), then print the record in `format`, as report_find() knows
 * it, and say where it is. Returns the exit status, as of run_judge().
 */
int run_end(struct session *session, int rc, const char *error,
	    const char *format);

#endif
