/* SPDX-License-Identifier: MIT */
/*
 * What the user asks of a run of `bench`, `grid`, `ab` or `roof`.
 */
#ifndef BREAKEVEN_BENCH_SESSION_SESSION_OPTIONS_H
#define BREAKEVEN_BENCH_SESSION_SESSION_OPTIONS_H

#include "bench/cli/turn.h"
#include "bench/engine/page_policy.h"

struct session_options {
	const char *kernels, *runners;
	const char *out;	   /* NULL: ours */
	struct cli_counts workers; /* none: ours */
	struct cli_range sizes;	   /* in items; hi 0: ours */
	int pin;		   /* an enum pin_policy */
	const char *pretend;	   /* the machine to be, or NULL: this one */
	int memory;		   /* an enum memory */
	struct page_policy pages;
	double budget;	  /* seconds; 0: ours */
	double precision; /* of break-even sizes, 0.02: 2 %; 0: ours */
	unsigned rounds, generations; /* the plan; 0: ours */
	double epoch_us;	      /* 0: ours */
	uint64_t seed;		      /* SESSION_NO_SEED: a random one */
	struct turn_options turn;
	bool quiet, oversubscribe, require_trust;
};

#define SESSION_NO_SEED UINT64_MAX

/* What holds where the user says nothing. */
extern const struct session_options session_defaults;

/* The rows of `bench` and `grid`; and, as parts of them, what is to be
 * measured, which `ab` has, too, and the rest, which also `roof` has. */
extern const struct cli_option session_table[];
extern const struct cli_option session_work_table[];
extern const struct cli_option session_common_table[];

/* Does the plan end with a number of rounds, whatever the time? */
bool session_is_counted(const struct session_options *options);

/* How long an epoch is to be: what was asked for, or a millisecond. */
double session_epoch_ns(const struct session_options *options);

#endif
