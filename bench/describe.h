/* SPDX-License-Identifier: MIT */
/*
 * What a runner is, learnt from a host that loads it: the conductor itself
 * never loads a module.
 */
#ifndef BREAKEVEN_BENCH_DESCRIBE_H
#define BREAKEVEN_BENCH_DESCRIBE_H

#include "bench/remote.h"

/*
 * Ask a host to describe the runner that `spec` names, and to check the spec's
 * options. 0 and *out, a new reference to {"name", "summary", "unit",
 * "lifetime", "data", "solo", "planted", "foreign", "base", "options": [...]};
 * or an enum remote_error with `error` filled.
 */
int describe_runner(const char *spec, json_t **out,
		    char error[REMOTE_ERROR_MAX]);

#endif
