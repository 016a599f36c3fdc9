/* SPDX-License-Identifier: MIT */
#include "bench/facts.h"

#include "bench/describe.h"
#include "bench/plugin.h"
#include "bench/registry.h"
#include "bench/workload.h"

#include <stdio.h>

static json_t *options_json(const struct option_spec *option)
{
	json_t *options = json_array();

	for (; option && option->key; option++)
		json_array_append_new(options, describe_option(option));
	return options;
}

json_t *facts_here(const char *spec, uint64_t n, char error[SPEC_ERROR_MAX])
{
	const struct kernel *kernel = registry_kernel(spec, error);
	size_t size = kernel ? workload_size(spec, (size_t)n, error) : 0;

	if (size == 0)
		return NULL;
	return json_pack(
		"{s:s,s:s,s:f,s:f,s:I,s:b,s:o,s:I}", "name", kernel->name,
		"formula", kernel->formula, "bytes", kernel->bytes, "flops",
		kernel->flops, "grain", (json_int_t)kernel->grain, "reduction",
		kernel->combine != NULL, "options",
		options_json(kernel->options), "size", (json_int_t)size);
}

int facts_of(const char *spec, uint64_t n, json_t **facts,
	     char error[REMOTE_ERROR_MAX])
{
	if (plugin_is(spec))
		return describe_kernel(spec, n, facts, error);
	*facts = facts_here(spec, n, error);
	return *facts ? 0 : REMOTE_USAGE;
}

int facts_size(const char *spec, uint64_t n, size_t *size,
	       char error[REMOTE_ERROR_MAX])
{
	json_t *facts = NULL;
	int rc = facts_of(spec, n, &facts, error);

	*size = (size_t)json_integer_value(json_object_get(facts, "size"));
	json_decref(facts);
	return rc;
}
