/* SPDX-License-Identifier: MIT */
/*
 * Runners in Python: scripts/python_host.py takes the place of their host, and
 * keeps the contract of host.h. It computes square_map and sum.
 */
#ifndef BREAKEVEN_RUNNERS_PROCESS_PYTHON_H
#define BREAKEVEN_RUNNERS_PROCESS_PYTHON_H

#include "runners/runner.h"

/* Its name on the PATH. */
#define PYTHON_PROGRAM "python3"

/* The runner that they are compared with besides serial. */
#define PYTHON_BASE "python-serial"

/* The options of those that distribute chunks. */
extern const struct option_spec python_options[];

/* The kernels of scripts/python_host.py. */
extern const char *const python_kernels[];

/*
 * The runner's replace: execute python3 from the PATH with the script, which is
 * in modules/ beside the command, or in ../lib/breakeven if installed.
 * -ENOTSUP: there is no python3.
 */
int python_replace(struct team *team, char *order);

#endif
