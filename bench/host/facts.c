/* SPDX-License-Identifier: MIT */
#include "bench/host/facts.h"

#include "bench/host/registry.h"
#include "bench/host/workload.h"

#include <stdio.h>

static json_t *fact_option_json(const struct option_spec *option)
{
	return json_pack("{s:s,s:s?,s:s,s:f,s:f,s:s}", "key", option->key,
			 "choices", option->choices, "fallback",
			 option->fallback, "min", option->min, "max",
			 option->max, "help", option->help);
}

static json_t *fact_options_json(const struct option_spec *option)
{
	json_t *options = json_array();

	for (; option && option->key; option++)
		json_array_append_new(options, fact_option_json(option));
	return options;
}

json_t *facts_kernel(const char *spec, uint64_t n, struct error *error)
{
	const struct kernel *kernel = registry_kernel(spec, error);
	size_t size = kernel ? workload_size(spec, (size_t)n, error) : 0;

	if (size == 0)
		return NULL;
	return json_pack(
		"{s:s,s:s,s:f,s:f,s:I,s:b,s:I,s:i,s:o,s:I}", "name",
		kernel->name, "formula", kernel->formula, "bytes",
		kernel->bytes, "flops", kernel->flops, "grain",
		(json_int_t)kernel->grain, "reduction", kernel->combine != NULL,
		"width", (json_int_t)kernel_width(kernel), "passes",
		(int)kernel_passes(kernel), "options",
		fact_options_json(kernel->options), "size", (json_int_t)size);
}

static const char *const unit_names[] = {"none", "thread", "process"};
static const char *const lifetime_names[] = {"per call", "pooled"};
static const char *const data_names[] = {"in place", "shared", "inherited",
					 "shipped", "resident"};

/* null: any. */
static json_t *fact_names_json(const char *const *names)
{
	json_t *list = names ? json_array() : json_null();

	for (; names && *names; names++)
		json_array_append_new(list, json_string(*names));
	return list;
}

json_t *facts_runner(const struct runner *runner)
{
	return json_pack(
		"{s:s,s:s,s:s,s:s,s:s,s:b,s:b,s:b,s:b,s:s?,s:s?,s:o,s:o}",
		"name", runner->name, "summary", runner->summary, "unit",
		unit_names[runner->unit], "lifetime",
		lifetime_names[runner->lifetime], "data",
		data_names[runner->data], "solo", runner->caps & RUNNER_SOLO,
		"planted", runner->caps & RUNNER_PLANTED, "split",
		runner->caps & RUNNER_SPLIT, "foreign", runner->replace != NULL,
		"program", runner->program, "base", runner->base, "kernels",
		fact_names_json(runner->kernels), "options",
		fact_options_json(runner->options));
}
