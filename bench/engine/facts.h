/* SPDX-License-Identifier: MIT */
/*
 * What the conductor knows of a kernel or a runner. It never loads a kernel of
 * a user's own, nor a runner's module: a host does, and tells.
 */
#ifndef BREAKEVEN_BENCH_ENGINE_FACTS_H
#define BREAKEVEN_BENCH_ENGINE_FACTS_H

#include "bench/engine/remote.h"
#include "core/spec.h"
#include "runners/runner.h"

#include <stddef.h>
#include <stdint.h>

/*
 * A new reference to {"name", "formula", "bytes", "flops", "grain",
 * "reduction", "options": [...], "size"}: size is how many bytes of the arena
 * n items take. 0, or an enum remote_error with `error` filled: REMOTE_USAGE
 * for specs that make no sense, REMOTE_FAILED where a kernel of the user's own
 * crashed or gave no answer.
 */
int facts_of(const char *spec, uint64_t n, json_t **facts,
	     char error[REMOTE_ERROR_MAX]);

/* The size alone. 0 or an enum remote_error. */
int facts_size(const char *spec, uint64_t n, size_t *size,
	       char error[REMOTE_ERROR_MAX]);

/* What a host answers who was asked. NULL: `error` says why not. */
json_t *facts_here(const char *spec, uint64_t n, char error[SPEC_ERROR_MAX]);

/*
 * A new reference to {"name", "summary", "unit", "lifetime", "data", "solo",
 * "planted", "foreign", "program", "base", "kernels", "options": [...]}, once
 * the spec's options are found to be right. 0, or an enum remote_error with
 * `error` filled: REMOTE_SKIPPED where the module was not built.
 */
int facts_of_runner(const char *spec, json_t **facts,
		    char error[REMOTE_ERROR_MAX]);

/* The same of one that is loaded; NULL when memory runs out. */
json_t *facts_runner_here(const struct runner *runner);

#endif
