/* SPDX-License-Identifier: MIT */
#include "bench/session/gbench_module.h"

#include "core/error.h"
#include "system/self.h"

#include <stdio.h>
#include <string.h>

#define PREFIX "--benchmark_"

/* Loaded once, as google-benchmark keeps its state once per process. */
static const struct gbench_module *module;

bool gbench_owns(const char *argument)
{
	return strncmp(argument, PREFIX, strlen(PREFIX)) == 0;
}

const char *gbench_configure(int argc, char **argv)
{
	static char error[ERROR_TEXT_MAX];
	const char *why;

	module = self_load(GBENCH_MODULE, GBENCH_SYMBOL, &why);
	if (module)
		return module->configure(argc, argv);
	snprintf(error, sizeof(error),
		 GBENCH_MODULE ", which drives the cells, cannot be loaded: %s",
		 why);
	return error;
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
