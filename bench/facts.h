/* SPDX-License-Identifier: MIT */
/*
 * What the conductor knows of a kernel. It never loads one of a user's own: a
 * host does, and tells.
 */
#ifndef BREAKEVEN_BENCH_FACTS_H
#define BREAKEVEN_BENCH_FACTS_H

#include "bench/remote.h"
#include "core/spec.h"

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

#endif
