/* SPDX-License-Identifier: MIT */
/*
 * What a kernel or a runner is. The controller itself never loads a kernel of a
 * user's own, nor a runner's module: for those it asks a host that does.
 */
#ifndef BREAKEVEN_BENCH_ENGINE_DESCRIBE_H
#define BREAKEVEN_BENCH_ENGINE_DESCRIBE_H

#include "core/error.h"

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

/*
 * *facts becomes a new reference to what facts_kernel() says of it. 0, or an
 * enum error_kind with `error` filled: ERROR_USAGE if the spec makes no
 * sense, ERROR_FAILED if a kernel of the user's own crashed or gave no answer.
 */
int describe_kernel(const char *program, const char *spec, uint64_t n,
		    json_t **facts, struct error *error);

/* Its size alone. 0 or an enum error_kind. */
int describe_size(const char *program, const char *spec, uint64_t n,
		  size_t *size, struct error *error);

/*
 * *facts becomes a new reference to what facts_runner() says of it, once the
 * options in `spec` are found to be right. 0, or an enum error_kind with
 * `error` filled: ERROR_SKIPPED if its module was not built.
 */
int describe_runner(const char *program, const char *spec, json_t **facts,
		    struct error *error);

/*
 * *build becomes a new reference to what the program was built from, as
 * build_json() has it, and its path; less is known of a program that is older
 * than this question. 0, or an enum error_kind with `error` filled: it does not
 * answer as a host does.
 */
int describe_build(const char *program, json_t **build, struct error *error);

/* Have a host fill, run and check a kernel, twice on the same n items. 0 or an
 * enum error_kind: ERROR_INVALID if results are wrong. */
int describe_try(const char *spec, uint64_t n, struct error *error);

#endif
