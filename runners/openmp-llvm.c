/* SPDX-License-Identifier: MIT */
/*
 * The code of the runner `openmp`, linked to LLVM's runtime. It cannot be had
 * by preloading: libgomp would stay loaded, bind the process first, and leave
 * libomp one CPU.
 */
#include "runners/openmp.h"

const struct runner runner_openmp_llvm = {
	OPENMP_RUNNER,
	.name = "openmp-llvm",
	.summary = "the same OpenMP loop under LLVM's runtime (libomp)",
};
