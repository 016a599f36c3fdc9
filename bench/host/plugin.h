/* SPDX-License-Identifier: MIT */
/*
 * Kernels of a user's own, from a shared object. Whoever loads one runs its
 * code, in its constructors too: hosts do, the controller never does.
 */
#ifndef BREAKEVEN_BENCH_HOST_PLUGIN_H
#define BREAKEVEN_BENCH_HOST_PLUGIN_H

#include "core/error.h"
#include "kernels/kernel.h"

/* What a shared object calls its kernel. */
#define PLUGIN_SYMBOL "breakeven_kernel"

/* Does the spec name a file, "./mine.so:option=1"? Then its name holds a
 * slash. */
bool plugin_is(const char *spec);

/*
 * Load it, or find it where it is loaded already, and check all of it that can
 * be checked without running it. It stays loaded. NULL: `error` says what is
 * wrong, where, and what to do.
 */
const struct kernel *plugin_load(const char *spec, struct error *error);

#endif
