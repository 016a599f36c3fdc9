/* SPDX-License-Identifier: MIT */
#include "bench/host/plugin.h"

#include "runners/runner.h"

#include <ctype.h>
#include <dlfcn.h>
#include <errno.h>
#include <jansson.h>
#include <limits.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FORMULA_MAX = 200, PASSES_MAX = 4096 };

bool plugin_is(const char *spec)
{
	return memchr(spec, '/', strcspn(spec, ":")) != NULL;
}

/* ------------------------------------------------------------- file */

__attribute__((format(printf, 3, 4))) static const struct kernel *refuse(
	const char *path, struct error *error, const char *format, ...)
{
	char what[ERROR_TEXT_MAX];
	va_list args;

	va_start(args, format);
	vsnprintf(what, sizeof(what), format, args);
	va_end(args);
	error_set(error, ERROR_USAGE, "kernel %.160s: %.340s", path, what);
	return NULL;
}

/* What dlopen() would say of it is of little use to most. */
static bool plugin_is_file(const char *path, struct error *error)
{
	struct stat facts;

	if (stat(path, &facts) < 0)
		refuse(path, error, "%s%s", strerror(errno),
		       errno == ENOENT ? " (in a list, commas and colons part "
					 "names: they cannot be in a path)"
				       : "");
	else if (!S_ISREG(facts.st_mode))
		refuse(path, error,
		       "no such file: a kernel is a shared object");
	else if (access(path, R_OK) < 0)
		refuse(path, error, "%s", strerror(errno));
	else
		return true;
	return false;
}

/* ------------------------------------------------------------- checks */

static bool plugin_is_name(const char *name)
{
	size_t length = 0;

	for (; name[length]; length++)
		if (!isalnum((unsigned char)name[length]) &&
		    !strchr("_-.", name[length]))
			return false;
	return length > 0 && length < SPEC_NAME_MAX;
}

static bool plugin_is_text(const char *text)
{
	json_t *json = text ? json_string(text) : NULL; /* UTF-8? */
	bool good = json && json_string_length(json) <= FORMULA_MAX;

	for (size_t i = 0; good && text[i]; i++)
		good = !iscntrl((unsigned char)text[i]);
	json_decref(json);
	return good;
}

static bool plugin_is_cost(double value)
{
	return isfinite(value) && value >= 0;
}

/* NULL, or what is wrong. */
static const char *plugin_check_options(const struct option_spec *options)
{
	size_t count = 0;

	for (; options && options[count].key; count++) {
		const struct option_spec *option = &options[count];

		if (count == SPEC_OPTIONS_MAX)
			return "it has more options than a kernel may take, "
			       "or .options does not end with {0}";
		if (option->type < OPTION_COUNT ||
		    option->type > OPTION_CHOICE || !option->fallback ||
		    !option->help ||
		    (option->type == OPTION_CHOICE && !option->choices))
			return "an option lacks .type, .fallback, .help or "
			       ".choices";
	}
	return NULL;
}

static const char *plugin_check_hooks(const struct kernel *kernel)
{
	if (!kernel->setup || !kernel->run)
		return "it has no .setup or no .run";
	if (!kernel->combine && !(kernel->check && kernel->poison))
		return "its results cannot be checked: a map needs .poison and "
		       ".check, a reduction .combine";
	if (kernel->combine && (kernel->check || kernel->poison))
		return "it has .combine as a reduction has, and .check or "
		       ".poison as a map: a kernel is one of the two";
	if (kernel->expect && !kernel->combine)
		return "it has .expect, but no .combine whose result could be "
		       "expected";
	return NULL;
}

static const char *plugin_check_numbers(const struct kernel *kernel)
{
	if (!plugin_is_cost(kernel->bytes) || !plugin_is_cost(kernel->flops))
		return ".bytes and .flops are of an item, 0 or more";
	if (kernel->grain == 0 && !kernel->grain_for)
		return ".grain is 0: it is the items of a tile, 1 or more";
	if (kernel->ctx_size > JOB_CTX_MAX)
		return ".ctx_size is larger than there is room for: keep "
		       "arrays in the arena, and pointers to them here";
	if (kernel->width > PARTIAL_WIDTH_MAX)
		return ".width is larger than PARTIAL_WIDTH_MAX";
	if (kernel->passes > PASSES_MAX)
		return ".passes is larger than 4096";
	return NULL;
}

/* NULL, or what is wrong with it. */
static const char *plugin_check(const struct kernel *kernel)
{
	const char *wrong = NULL;

	if (!kernel->name || !plugin_is_name(kernel->name))
		wrong = "its .name is empty, longer than 63 bytes, or of more "
			"than letters, digits, '_', '-' and '.'";
	else if (!plugin_is_text(kernel->formula))
		wrong = "its .formula is missing, longer than 200 bytes, no "
			"UTF-8, or holds control characters";
	wrong = wrong ? wrong : plugin_check_numbers(kernel);
	wrong = wrong ? wrong : plugin_check_hooks(kernel);
	return wrong ? wrong : plugin_check_options(kernel->options);
}

const struct kernel *plugin_load(const char *spec, struct error *error)
{
	char path[PATH_MAX];
	const struct kernel *kernel;
	const char *wrong;
	void *object;

	snprintf(path, sizeof(path), "%.*s", (int)strcspn(spec, ":"), spec);
	if (!plugin_is_file(path, error))
		return NULL;
	object = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	if (!object)
		return refuse(path, error, "it cannot be loaded: %s",
			      dlerror());
	kernel = dlsym(object, PLUGIN_SYMBOL);
	if (!kernel)
		return refuse(path, error,
			      "it has no symbol " PLUGIN_SYMBOL
			      ": end the source with `const struct "
			      "kernel " PLUGIN_SYMBOL " = {...};`");
	if (kernel->abi != KERNEL_ABI)
		return refuse(path, error,
			      "it was compiled for kernels of ABI %u, this "
			      "breakeven has %d: compile it again, with the "
			      "kernels/kernel.h of this one, and set .abi = "
			      "KERNEL_ABI",
			      kernel->abi, KERNEL_ABI);
	wrong = plugin_check(kernel);
	return wrong ? refuse(path, error, "%s", wrong) : kernel;
}
