/* SPDX-License-Identifier: MIT */
/*
 * What a kernel or a runner says of itself, as JSON, in the process that has
 * loaded it. bench/engine/describe.h asks for it from outside.
 */
#ifndef BREAKEVEN_BENCH_HOST_FACTS_H
#define BREAKEVEN_BENCH_HOST_FACTS_H

#include "core/error.h"
#include "runners/runner.h"

#include <jansson.h>
#include <stdint.h>

/*
 * A new reference to {"name", "formula", "bytes", "flops", "grain", "passes",
 * "reduction", "options": [...], "size"} of the kernel that `spec` names: size
 * is how many bytes of the arena n items take. NULL: `error` says why not.
 */
json_t *facts_kernel(const char *spec, uint64_t n, struct error *error);

/*
 * A new reference to {"name", "summary", "unit", "lifetime", "data", "solo",
 * "planted", "split", "foreign", "program", "base", "kernels", "options":
 * [...]}; NULL when memory runs out.
 */
json_t *facts_runner(const struct runner *runner);

#endif
