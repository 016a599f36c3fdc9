/* SPDX-License-Identifier: MIT */
#include "bench/host/registry.h"

#include "bench/host/plugin.h"
#include "core/suggest.h"
#include "system/self.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void registry_append(char *text, size_t size, const char *word)
{
	size_t used = strlen(text);

	snprintf(text + used, size - used, "%s%s", used ? ", " : "", word);
}

/* A compiler that cannot ask builds no levels. */
#if defined(BREAKEVEN_HAS_LEVELS)
bool registry_has_v3(void)
{
	return __builtin_cpu_supports("x86-64-v3");
}

bool registry_has_v4(void)
{
	return __builtin_cpu_supports("x86-64-v4");
}
#endif

/* A mistyped name has a suggestion, any other one the list of those known. */
static void refuse_name(const char *kind, const struct suggestion *near,
			const char *known, struct error *error)
{
	if (near->name)
		error_set(error, ERROR_USAGE,
			  "there is no %s '%.64s': did you mean '%s'?", kind,
			  near->word, near->name);
	else
		error_set(error, ERROR_USAGE,
			  "there is no %s '%.64s'; there are %s", kind,
			  near->word, known);
}

/* One more name that is known. */
static void offer(const char *name, struct suggestion *near,
		  char known[ERROR_TEXT_MAX / 2])
{
	registry_append(known, ERROR_TEXT_MAX / 2, name);
	suggestion_offer(near, name);
}

static bool registry_is_here(const struct registry_level *level)
{
	return !level->here || level->here();
}

const struct registry_level *registry_choose(
	const struct registry_level *levels, const char *wanted,
	struct error *error)
{
	const struct registry_level *level = levels;
	char valid[ERROR_TEXT_MAX / 4] = "";

	while (level->name && !(wanted ? strcmp(level->name, wanted) == 0
				       : registry_is_here(level)))
		level++;
	if (level->name && registry_is_here(level))
		return level;
	for (const struct registry_level *l = levels; l->name; l++)
		if (registry_is_here(l))
			registry_append(valid, sizeof(valid), l->name);
	error_set(error, ERROR_USAGE, REGISTRY_ISA "=%.64s: %s; valid here: %s",
		  wanted ? wanted : "",
		  level->name ? "this CPU lacks these instructions"
			      : "this build has no kernels for that",
		  valid);
	return NULL;
}

const struct registry_level *registry_level(struct error *error)
{
	return registry_choose(registry_levels, getenv(REGISTRY_ISA), error);
}

const struct kernel *const *registry_kernels(void)
{
	static const struct kernel *const none[] = {NULL};
	struct error error;
	const struct registry_level *level = registry_level(&error);

	return level ? level->kernels : none;
}

const struct kernel *registry_kernel(const char *spec, struct error *error)
{
	const struct registry_level *level = registry_level(error);
	char name[SPEC_NAME_MAX], known[ERROR_TEXT_MAX / 2] = "";
	const struct kernel *const *kernels;
	struct suggestion near = {.word = spec};

	if (plugin_is(spec))
		return plugin_load(spec, error);
	if (!level)
		return NULL;
	kernels = level->kernels;
	if (spec_name(spec, name) == 0) {
		near.word = name;
		for (size_t i = 0; kernels[i]; i++)
			if (strcmp(kernels[i]->name, name) == 0)
				return kernels[i];
	}
	for (size_t i = 0; kernels[i]; i++)
		offer(kernels[i]->name, &near, known);
	refuse_name("kernel", &near, known, error);
	return NULL;
}

/* What module `stem`.so calls `kind`_`name`, or NULL: as self_load(). */
static const void *registry_module_symbol(const char *stem, const char *kind,
					  const char *name, const char **why)
{
	char file[SPEC_NAME_MAX * 2 + 8], symbol[SPEC_NAME_MAX + 16];

	snprintf(file, sizeof(file), "%s.so", stem);
	snprintf(symbol, sizeof(symbol), "%s_%s", kind, name);
	for (char *c = symbol; *c; c++)
		if (*c == '-' || *c == '+')
			*c = '_';
	return self_load(file, symbol, why);
}

static const struct runner *registry_module_runner(const char *name,
						   struct error *error)
{
	const char *why;
	const struct runner *runner =
		registry_module_symbol(name, "runner", name, &why);

	if (!runner) {
		error_set(error, ERROR_SKIPPED,
			  "the module of runner '%s' cannot be loaded: %s",
			  name, why);
		return NULL;
	}
	if (runner->abi != RUNNER_ABI) {
		error_set(error, ERROR_SKIPPED,
			  "the module of runner '%s' has interface %u, this "
			  "command %d: build both from one tree",
			  name, runner->abi, RUNNER_ABI);
		return NULL;
	}
	return runner;
}

/* The module of a runner of that name, or NULL. */
static const struct registry_module *registry_get_module(const char *name)
{
	for (size_t i = 0; registry_modules[i].name; i++)
		if (strcmp(registry_modules[i].name, name) == 0)
			return &registry_modules[i];
	return NULL;
}

static const struct runner *registry_load_runner(
	const struct registry_module *module, struct error *error)
{
	const char *name = module->name;

	if (!module->missing)
		return registry_module_runner(name, error);
	error_set(error, ERROR_SKIPPED,
		  "runner '%s' was not built: %s was not found", name,
		  module->missing);
	return NULL;
}

bool registry_in_module(const char *spec)
{
	char name[SPEC_NAME_MAX];

	return spec_name(spec, name) == 0 && registry_get_module(name);
}

const struct runner *registry_runner(const char *spec, struct error *error)
{
	char name[SPEC_NAME_MAX], known[ERROR_TEXT_MAX / 2] = "";
	const struct registry_module *module;
	struct suggestion near = {.word = spec};

	if (spec_name(spec, name) == 0) {
		for (size_t i = 0; registry_runners[i]; i++)
			if (strcmp(registry_runners[i]->name, name) == 0)
				return registry_runners[i];
		module = registry_get_module(name);
		if (module)
			return registry_load_runner(module, error);
		near.word = name;
	}
	for (size_t i = 0; registry_runners[i]; i++)
		offer(registry_runners[i]->name, &near, known);
	for (size_t i = 0; registry_modules[i].name; i++)
		offer(registry_modules[i].name, &near, known);
	refuse_name("runner", &near, known, error);
	return NULL;
}

bool registry_has_control(const char *kernel, const char *runner)
{
	char kernel_name[SPEC_NAME_MAX], runner_name[SPEC_NAME_MAX];

	if (spec_name(kernel, kernel_name) < 0 ||
	    spec_name(runner, runner_name) < 0)
		return false;
	for (size_t i = 0; registry_controls[i].kernel; i++)
		if (strcmp(registry_controls[i].kernel, kernel_name) == 0 &&
		    strcmp(registry_controls[i].runner, runner_name) == 0)
			return true;
	return false;
}

const struct control *registry_control(const char *kernel, const char *runner,
				       struct error *error)
{
	char kernel_name[SPEC_NAME_MAX] = "", runner_name[SPEC_NAME_MAX] = "";
	char file[2 * SPEC_NAME_MAX + 1];
	const struct control *control;
	const char *why;

	spec_name(kernel, kernel_name);
	spec_name(runner, runner_name);
	snprintf(file, sizeof(file), "%s.%s", runner_name, kernel_name);
	control = registry_module_symbol(file, "control", kernel_name, &why);
	if (control && control->abi == KERNEL_ABI)
		return control;
	error_set(error, ERROR_USAGE,
		  "the module %s.so of a hand-written loop cannot be loaded: "
		  "build it with this command, from one tree",
		  file);
	return NULL;
}
