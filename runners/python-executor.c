/* SPDX-License-Identifier: MIT */
/*
 * concurrent.futures.ProcessPoolExecutor.map over forked processes that stay.
 */
#include "runners/process/python.h"

const struct runner runner_python_executor = {
	.abi = RUNNER_ABI,
	.name = "python-executor",
	.summary = "Python's concurrent.futures.ProcessPoolExecutor.map",
	.unit = UNIT_PROCESS,
	.lifetime = LIFETIME_POOLED,
	.data = DATA_SHIPPED,
	.options = python_options,
	.replace = python_replace,
	.program = PYTHON_PROGRAM,
	.kernels = python_kernels,
	.base = PYTHON_BASE,
};
