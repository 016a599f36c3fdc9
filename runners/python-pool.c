/* SPDX-License-Identifier: MIT */
/*
 * multiprocessing.Pool.map over forked processes that stay. Every call pickles
 * the items to them, and they pickle the results back.
 */
#include "runners/process/python.h"

const struct runner runner_python_pool = {
	.abi = RUNNER_ABI,
	.name = "python-pool",
	.summary = "Python's multiprocessing.Pool.map, processes",
	.unit = UNIT_PROCESS,
	.lifetime = LIFETIME_POOLED,
	.data = DATA_SHIPPED,
	.options = python_options,
	.replace = python_replace,
	.program = PYTHON_PROGRAM,
	.kernels = python_kernels,
	.base = PYTHON_BASE,
};
