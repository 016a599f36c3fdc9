/* SPDX-License-Identifier: MIT */
/*
 * What a runner or a kernel is, learnt from a host that loads it: the conductor
 * itself never loads a module, nor a user's kernel.
 */
#ifndef BREAKEVEN_BENCH_ENGINE_DESCRIBE_H
#define BREAKEVEN_BENCH_ENGINE_DESCRIBE_H

#include "bench/engine/remote.h"
#include "core/spec.h"

/*
 * Ask a host for the facts of the runner that `spec` names, whose module it
 * loads. 0 and *out, as facts_of_runner() has them; or an enum remote_error
 * with `error` filled.
 */
int describe_runner(const char *spec, json_t **out,
		    char error[REMOTE_ERROR_MAX]);

/*
 * The same of a kernel from a file, whose code may do anything: facts_of() says
 * what comes out.
 */
int describe_kernel(const char *spec, uint64_t n, json_t **out,
		    char error[REMOTE_ERROR_MAX]);

/* Have a host fill, run and check it, twice on the same n items. 0 or an enum
 * remote_error: REMOTE_INVALID where results are wrong. */
int describe_try(const char *spec, uint64_t n, char error[REMOTE_ERROR_MAX]);

#endif
