/* SPDX-License-Identifier: MIT */
#include "bench/build_facts.h"

/* The macros come from the build system. */
const struct build_facts build_facts = {
	.version = BUILD_VERSION,
	.commit = BUILD_COMMIT,
	.type = BUILD_TYPE,
	.sanitizer = BUILD_SANITIZER,
	.compiler = BUILD_COMPILER,
	.flags = BUILD_FLAGS,
};
