/* SPDX-License-Identifier: MIT */
/*
 * What a kernel or a runner is. The controller itself never loads a kernel of a
 * user's own, nor a runner's module: for those it asks a host that does.
 */
#ifndef BREAKEVEN_BENCH_ENGINE_DESCRIBE_H
#define BREAKEVEN_BENCH_ENGINE_DESCRIBE_H

#include "bench/engine/host_process.h"

#include <stddef.h>
#include <stdint.h>

/*
 * *facts becomes a new reference to what facts_kernel() says of it. 0, or an
 * enum remote_error with `error` filled: REMOTE_USAGE if the spec makes no
 * sense, REMOTE_FAILED if a kernel of the user's own crashed or gave no answer.
 */
int describe_kernel(const char *spec, uint64_t n, json_t **facts,
		    char error[REMOTE_ERROR_MAX]);

/* Its size alone. 0 or an enum remote_error. */
int describe_size(const char *spec, uint64_t n, size_t *size,
		  char error[REMOTE_ERROR_MAX]);

/*
 * *facts becomes a new reference to what facts_runner() says of it, once the
 * options in `spec` are found to be right. 0, or an enum remote_error with
 * `error` filled: REMOTE_SKIPPED if its module was not built.
 */
int describe_runner(const char *spec, json_t **facts,
		    char error[REMOTE_ERROR_MAX]);

/* Have a host fill, run and check a kernel, twice on the same n items. 0 or an
 * enum remote_error: REMOTE_INVALID if results are wrong. */
int describe_try(const char *spec, uint64_t n, char error[REMOTE_ERROR_MAX]);

#endif
