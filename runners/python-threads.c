/* SPDX-License-Identifier: MIT */
/*
 * multiprocessing.pool.ThreadPool.map: the same pool, but of threads, and the
 * interpreter runs one of them at a time.
 */
#include "runners/process/python.h"

const struct runner runner_python_threads = {
	.abi = RUNNER_ABI,
	.name = "python-threads",
	.summary = "Python's multiprocessing.pool.ThreadPool.map",
	.unit = UNIT_THREAD,
	.lifetime = LIFETIME_POOLED,
	.data = DATA_IN_PLACE,
	.options = python_options,
	.replace = python_replace,
	.program = PYTHON_PROGRAM,
	.kernels = python_kernels,
	.base = PYTHON_BASE,
};
