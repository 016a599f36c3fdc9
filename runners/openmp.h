/* SPDX-License-Identifier: MIT */
/*
 * What the OpenMP runners share: one source, linked to either runtime.
 */
#ifndef BREAKEVEN_RUNNERS_OPENMP_H
#define BREAKEVEN_RUNNERS_OPENMP_H

#include "runners/runner.h"

enum { OPENMP_SCHEDULE, OPENMP_WAIT, OPENMP_CHUNK };
#define OPENMP_WAIT_OPTION                                                     \
	{                                                                      \
		.key = "wait", .type = OPTION_CHOICE,                          \
		.choices = "default|active|passive", .fallback = "default",    \
		.help = "OMP_WAIT_POLICY"                                      \
	}
extern const struct option_spec openmp_options[];

int openmp_environment(const struct team *team);
int openmp_open(struct team *team);
int openmp_dispatch(struct team *team, const struct job *job);
int openmp_close(struct team *team);

/* All fields of such a runner except name, summary and open(). */
#define OPENMP_RUNNER                                                          \
	.abi = RUNNER_ABI, .unit = UNIT_THREAD, .lifetime = LIFETIME_POOLED,   \
	.data = DATA_IN_PLACE, .options = openmp_options,                      \
	.environment = openmp_environment, .dispatch = openmp_dispatch,        \
	.close = openmp_close

#endif
