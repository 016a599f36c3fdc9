/* SPDX-License-Identifier: MIT */
/*
 * A list comprehension in Python, [square(x) for x in xs] or sum(xs): what the
 * other Python runners are compared with.
 */
#include "runners/process/python.h"

const struct runner runner_python_serial = {
	.abi = RUNNER_ABI,
	.name = "python-serial",
	.summary = "Python, one list comprehension: Python's base case",
	.unit = UNIT_NONE,
	.lifetime = LIFETIME_POOLED,
	.data = DATA_IN_PLACE,
	.caps = RUNNER_SOLO,
	.replace = python_replace,
	.program = PYTHON_PROGRAM,
	.kernels = python_kernels,
};
