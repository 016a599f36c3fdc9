/* SPDX-License-Identifier: MIT */
#include "bench/host/build_facts.h"

#include "bench/host/registry.h"

/* The macros come from the build system. */
const struct build_facts build_facts = {
	.version = BUILD_VERSION,
	.commit = BUILD_COMMIT,
	.type = BUILD_TYPE,
	.sanitizer = BUILD_SANITIZER,
	.compiler = BUILD_COMPILER,
	.flags = BUILD_FLAGS,
	.libraries = BUILD_LIBRARIES,
};

json_t *build_json(void)
{
	struct error error;
	const struct registry_level *level = registry_level(&error);

	return json_pack("{s:s,s:s,s:s,s:s,s:s,s:s?}", "compiler",
			 build_facts.compiler, "flags", build_facts.flags,
			 "type", build_facts.type, "sanitizer",
			 build_facts.sanitizer, "commit", build_facts.commit,
			 "kernels", level ? level->label : NULL);
}

static void build_print_modules(FILE *out, bool built)
{
	const struct registry_module *module = registry_modules;
	bool begun = false;

	for (; module->name; module++) {
		if (!module->missing != built)
			continue;
		fprintf(out, "%s%s",
			begun	? ", "
			: built ? "modules:   "
				: "not built: ",
			module->name);
		if (!built)
			fprintf(out, " (%s was not found)", module->missing);
		begun = true;
	}
	fputs(begun ? "\n" : "", out);
}

void build_print(FILE *out)
{
	struct error error;
	const struct registry_level *level = registry_level(&error);
	const char *commit = build_facts.commit;

	fprintf(out, "breakeven %s\n", build_facts.version);
	fprintf(out, "commit:    %s\n", *commit ? commit : "unknown");
	fprintf(out, "compiler:  %s, %s%s%s\n", build_facts.compiler,
		build_facts.type, *build_facts.sanitizer ? ", sanitizers " : "",
		build_facts.sanitizer);
	fprintf(out, "flags:     %s\n", build_facts.flags);
	fprintf(out, "kernels:   %s\n", level ? level->label : error.text);
	fprintf(out, "libraries: %s\n", build_facts.libraries);
	build_print_modules(out, true);
	build_print_modules(out, false);
}
