/* SPDX-License-Identifier: MIT */
/*
 * The code of the runner `openmp`, linked to LLVM's runtime. Preloading libomp
 * is no alternative: libgomp would stay loaded, bind the process first, and
 * leave libomp one CPU.
 */
#include "runners/openmp.h"

#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

/*
 * libomp marks its presence, for a second copy of itself in the process, by a
 * file in /dev/shm that it removes at exit. A killed process would leave the
 * file behind. There is only one copy here, so remove the file at once.
 */
static int openmp_llvm_open(struct team *team)
{
	int error = openmp_open(team);
	char name[64];

	snprintf(name, sizeof(name), "/__KMP_REGISTERED_LIB_%ld_%ld",
		 (long)getpid(), (long)getuid());
	(void)shm_unlink(name);
	return error;
}

const struct runner runner_openmp_llvm = {
	OPENMP_RUNNER,
	.open = openmp_llvm_open,
	.name = "openmp-llvm",
	.summary = "the same OpenMP loop under LLVM's runtime (libomp)",
};
