/* SPDX-License-Identifier: MIT */
/*
 * What commands do alike that measure a session and print a report of it.
 */
#ifndef BREAKEVEN_BENCH_COMMANDS_COMMON_RUN_H
#define BREAKEVEN_BENCH_COMMANDS_COMMON_RUN_H

#include "analysis/findings.h"
#include "bench/session/session.h"
#include "report/doc/style.h"

/* Measure the session's sizes under google-benchmark, which keeps silent: its
 * rounds in each of its generations, controls too. 0 or an enum error_kind,
 * which the engine's error explains. run_more() does the same in further
 * generations, without google-benchmark, which runs only once in a process, as
 * this does with those beyond the sixth. */
int run_grid(struct session *session);
int run_more(struct session *session, unsigned generations);

/* run_grid(), and what the rest of the budget can add: generations that are
 * missing, and sizes near break-even; then write the verdicts. A budget that
 * ends is no error. */
int run_whole(struct session *session);

/* Exit status: it was measured, and is not trusted, with --require-trust. */
enum { RUN_UNTRUSTED = 3 };

/* The exit status of a closed session, from the one so far: 1 if its record
 * shows that no runner was measured, RUN_UNTRUSTED if trust is required. Says
 * why it is no longer 0. */
int run_judge(const struct session *session, const struct findings *findings,
	      int status);

/* How a run is printed. */
struct run_print {
	const char *format; /* as report_find() knows it */
	enum doc_form form; /* of "roof" */
	enum report_detail detail;
};

/* session_close(), then print the record, and say where it is. Returns the exit
 * status, as of run_judge(). */
int run_end(struct session *session, int rc, const struct run_print *print);

#endif
