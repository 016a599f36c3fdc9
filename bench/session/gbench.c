/* SPDX-License-Identifier: MIT */
#include "bench/session/gbench_module.h"

#include "core/error.h"
#include "system/self.h"

#include <dlfcn.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#define PREFIX "--benchmark_"

/* Loaded once, as google-benchmark keeps its state once per process. */
static const struct gbench_module *module;

/* Why it cannot be loaded, where it cannot. */
static const char *gbench_load(void)
{
	static char error[ERROR_TEXT_MAX];
	char path[PATH_MAX];
	const char *why = NULL;

	if (self_find(GBENCH_MODULE, path, sizeof(path)) == 0) {
		void *file = dlopen(path, RTLD_NOW | RTLD_LOCAL);

		module = file ? dlsym(file, GBENCH_SYMBOL) : NULL;
		why = module ? NULL : dlerror();
	}
	snprintf(error, sizeof(error),
		 GBENCH_MODULE ", which drives the cells, cannot be loaded: %s",
		 why ? why : "it is not where it was built or installed");
	return error;
}

bool gbench_owns(const char *argument)
{
	return strncmp(argument, PREFIX, strlen(PREFIX)) == 0;
}

const char *gbench_configure(int argc, char **argv)
{
	const char *why = gbench_load();

	return module ? module->configure(argc, argv) : why;
}

void gbench_context(const char *key, const char *value)
{
	module->context(key, value);
}

unsigned gbench_repetitions(void)
{
	return module ? module->repetitions() : 1;
}

bool gbench_selects(const char *name, unsigned iterations)
{
	return !module || module->selects(name, iterations);
}

size_t gbench_run(const struct gbench_cell *cells, size_t count,
		  unsigned iterations, gbench_fn *measure, void *arg,
		  bool silent)
{
	return module->run(cells, count, iterations, measure, arg, silent);
}
