/* SPDX-License-Identifier: MIT */
#include "bench/build_facts.h"

#include "bench/registry.h"

/* The macros come from the build system. */
const struct build_facts build_facts = {
	.version = BUILD_VERSION,
	.commit = BUILD_COMMIT,
	.type = BUILD_TYPE,
	.sanitizer = BUILD_SANITIZER,
	.compiler = BUILD_COMPILER,
	.flags = BUILD_FLAGS,
};

json_t *build_json(void)
{
	char error[SPEC_ERROR_MAX];
	const struct registry_level *level = registry_level(error);

	return json_pack("{s:s,s:s,s:s,s:s,s:s,s:s?}", "compiler",
			 build_facts.compiler, "flags", build_facts.flags,
			 "type", build_facts.type, "sanitizer",
			 build_facts.sanitizer, "commit", build_facts.commit,
			 "kernels", level ? level->label : NULL);
}
