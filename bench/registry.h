/* SPDX-License-Identifier: MIT */
/*
 * Which kernels and runners this build has. The tables are generated from the
 * add_kernel() and add_runner() lines.
 */
#ifndef BREAKEVEN_BENCH_REGISTRY_H
#define BREAKEVEN_BENCH_REGISTRY_H

#include "kernels/control.h"
#include "kernels/kernel.h"
#include "runners/runner.h"

/* Built in; each ends with NULL. */
extern const struct kernel *const registry_kernels[];
extern const struct runner *const registry_runners[];

/* Runners that need a library: loaded by their own hosts alone. */
struct registry_module {
	const char *name;
	const char *missing; /* the library that the build did not find, or
				NULL when the module was built */
};
extern const struct registry_module registry_modules[]; /* ends with NULL */

/* Loops written by hand: which kernel's, for which runner. */
struct registry_control {
	const char *kernel, *runner;
};
extern const struct registry_control registry_controls[]; /* ends with NULL */

/* Is there such a loop for the kernel and runner that these specs name? */
bool registry_has_control(const char *kernel, const char *runner);

/* Load it, in the host of its runner. NULL: `error` says why not. */
const struct control *registry_control(const char *kernel, const char *runner,
				       char error[SPEC_ERROR_MAX]);

/* The kernel or runner that a spec names, or NULL. registry_runner() loads
 * the module where it must: hosts call it, the conductor never does. On NULL
 * `error` says what was asked for and lists what there is. */
const struct kernel *registry_kernel(const char *spec,
				     char error[SPEC_ERROR_MAX]);
const struct runner *registry_runner(const char *spec,
				     char error[SPEC_ERROR_MAX]);

#endif
