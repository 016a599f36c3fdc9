/* SPDX-License-Identifier: MIT */
/*
 * Which kernels and runners this build has. The tables are generated from the
 * add_kernel() and add_runner() lines.
 */
#ifndef BREAKEVEN_BENCH_HOST_REGISTRY_H
#define BREAKEVEN_BENCH_HOST_REGISTRY_H

#include "core/error.h"
#include "kernels/control.h"
#include "kernels/kernel.h"
#include "runners/runner.h"

/* The kernels, compiled for one instruction set. */
struct registry_level {
	const char *name;   /* as REGISTRY_ISA takes it: "native", "v3", ... */
	const char *label;  /* for people: "native", "x86-64-v3", ... */
	bool (*here)(void); /* has this CPU got it? NULL: any has */
	const struct kernel *const *kernels; /* ends with NULL */
};

/* The environment variable by which a user asks for a level. */
#define REGISTRY_ISA "BREAKEVEN_ISA"

/* Built in. Levels, the best first, end with name == NULL; runners with
 * NULL. */
extern const struct registry_level registry_levels[];
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

/* Does registry_runner() load a module for this spec? Runners that are a part
 * of the command need none. */
bool registry_in_module(const char *spec);

/* Is there such a loop for the kernel and runner that these specs name? */
bool registry_has_control(const char *kernel, const char *runner);

/* Load it, in the host of its runner. NULL: `error` says why not. */
const struct control *registry_control(const char *kernel, const char *runner,
				       struct error *error);

/* Has this CPU got them? Only in builds that have such levels. */
bool registry_has_v3(void);
bool registry_has_v4(void);

/*
 * The level called `wanted`, or with NULL the best, among those that the CPU
 * has. NULL where there is none: `error` then lists the valid ones.
 */
const struct registry_level *registry_choose(
	const struct registry_level *levels, const char *wanted,
	struct error *error);

/* What registry_choose() says of this build and REGISTRY_ISA. It is the same
 * whenever it is asked, here and in the hosts. */
const struct registry_level *registry_level(struct error *error);

/* The kernels of that level, ending with NULL; none where there is none. */
const struct kernel *const *registry_kernels(void);

/* The kernel, at registry_level(), or runner that a spec names, or NULL. They
 * load the module, or the kernel of a user's own, where they must: hosts call
 * them, the controller asks facts.h. On NULL `error` says what
 * was asked for and lists what there is. */
const struct kernel *registry_kernel(const char *spec, struct error *error);
const struct runner *registry_runner(const char *spec, struct error *error);

#endif
