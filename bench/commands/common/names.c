/* SPDX-License-Identifier: MIT */
#include "bench/commands/common/names.h"

#include "bench/engine/describe.h"
#include "bench/host/registry.h"

#include <string.h>

static void write_choices(FILE *out, const char *name, const char *key,
			  const char *choices)
{
	size_t length;

	if (!choices || !*choices)
		fprintf(out, "%s:%s=\n", name, key);
	for (; choices && *choices;
	     choices += length + (choices[length] == '|')) {
		length = strcspn(choices, "|");
		fprintf(out, "%s:%s=%.*s\n", name, key, (int)length, choices);
	}
}

static void write_name(FILE *out, const char *name, const json_t *facts)
{
	const json_t *options = json_object_get(facts, "options");

	fprintf(out, "%s\n", name);
	for (size_t i = 0; i < json_array_size(options); i++) {
		const json_t *option = json_array_get(options, i);

		write_choices(
			out, name,
			json_string_value(json_object_get(option, "key")),
			json_string_value(json_object_get(option, "choices")));
	}
}

static void write_kernel(FILE *out, const char *name)
{
	struct error error;
	json_t *facts = NULL;

	if (describe_kernel(NULL, name, 1, &facts, &error) == 0)
		write_name(out, name, facts);
	json_decref(facts);
}

static void write_runner(FILE *out, const char *name)
{
	struct error error;
	json_t *facts = NULL;

	if (describe_runner(NULL, name, &facts, &error) == 0)
		write_name(out, name, facts);
	json_decref(facts);
}

void names_write(FILE *out, bool runners)
{
	for (size_t i = 0; !runners && registry_kernels()[i]; i++)
		write_kernel(out, registry_kernels()[i]->name);
	for (size_t i = 0; runners && registry_runners[i]; i++)
		write_runner(out, registry_runners[i]->name);
	for (size_t i = 0; runners && registry_modules[i].name; i++)
		write_runner(out, registry_modules[i].name);
}
