/* SPDX-License-Identifier: MIT */
/*
 * Runners that Python is: scripts/python_host.py takes the place of their host,
 * and does what host.h says of one. It computes square_map and sum.
 */
#ifndef BREAKEVEN_RUNNERS_PROCESS_PYTHON_H
#define BREAKEVEN_RUNNERS_PROCESS_PYTHON_H

#include "runners/runner.h"

/* As PATH finds it. */
#define PYTHON_PROGRAM "python3"

/* What they are compared with besides serial. */
#define PYTHON_BASE "python-serial"

/* The options of all that hand out chunks. */
extern const struct option_spec python_options[];

/* What scripts/python_host.py computes. */
extern const char *const python_kernels[];

/*
 * The runner's replace: execute python3, as PATH finds it, with the script,
 * which stands in modules/ beside the command, or in ../lib/breakeven when
 * installed. -ENOTSUP where there is no python3.
 */
int python_replace(struct team *team, char *order);

#endif
