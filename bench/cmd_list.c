/* SPDX-License-Identifier: MIT */
#include "bench/commands.h"
#include "bench/describe.h"
#include "bench/registry.h"
#include "bench/usage.h"

#include <stdio.h>
#include <string.h>

static const struct argp list_argp = {
	.doc = "List the kernels and runners of this build, with their "
	       "options.",
};

static const char *text(const json_t *object, const char *key)
{
	const char *value = json_string_value(json_object_get(object, key));

	return value ? value : "";
}

static void print_option(const char *key, const char *choices,
			 const char *fallback, const char *help)
{
	printf("    :%s=%s  %s (default %s)\n", key, choices ? choices : "N",
	       help, fallback);
}

static void list_kernels(const struct registry_level *level)
{
	printf("Kernels (what is computed; per item), compiled for: %s\n",
	       level->label);
	for (size_t i = 0; level->kernels[i]; i++) {
		const struct kernel *kernel = level->kernels[i];
		const struct option_spec *option = kernel->options;

		printf("  %-15s %-38s %2.0f bytes %2.0f flops\n", kernel->name,
		       kernel->formula[0] ? kernel->formula : "nothing",
		       kernel->bytes, kernel->flops);
		for (; option && option->key; option++)
			print_option(option->key, option->choices,
				     option->fallback, option->help);
	}
}

static void list_runner(const char *name)
{
	char error[REMOTE_ERROR_MAX];
	json_t *facts = NULL, *options;

	if (describe_runner(name, &facts, error)) {
		printf("  %-15s not here: %s\n", name, error);
		return;
	}
	printf("  %-15s %-48s %s, %s, data %s\n", name, text(facts, "summary"),
	       text(facts, "unit"), text(facts, "lifetime"),
	       text(facts, "data"));
	options = json_object_get(facts, "options");
	for (size_t i = 0; i < json_array_size(options); i++) {
		const json_t *option = json_array_get(options, i);
		const char *choices = text(option, "choices");

		print_option(text(option, "key"), *choices ? choices : NULL,
			     text(option, "fallback"), text(option, "help"));
	}
	json_decref(facts);
}

static void list_runners(void)
{
	puts("\nRunners (who computes it; unit, lifetime, data path)");
	for (size_t i = 0; registry_runners[i]; i++)
		list_runner(registry_runners[i]->name);
	for (size_t i = 0; registry_modules[i].name; i++)
		list_runner(registry_modules[i].name);
	puts("\nAny runner also takes :workers=N, which overrides --workers.\n"
	     "A spec is NAME:KEY=VALUE:KEY=VALUE, and commas part specs:\n"
	     "  breakeven bench -k sum,spin:ops=100 "
	     "-r openmp:schedule=dynamic,fork-pool:wait=spin");
}

int cmd_list(int argc, char **argv)
{
	int status = usage_parse(&list_argp, argc, argv, NULL);
	char error[SPEC_ERROR_MAX];
	const struct registry_level *level = registry_level(error);

	if (status)
		return usage_status(status);
	if (!level) {
		fprintf(stderr, "breakeven list: %s\n", error);
		return 2;
	}
	list_kernels(level);
	list_runners();
	return output_finish("breakeven list") ? 1 : 0;
}
