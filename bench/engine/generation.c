/* SPDX-License-Identifier: MIT */
#include "bench/engine/generation.h"

#include "bench/engine/contender.h"
#include "bench/engine/engine.h"
#include "bench/engine/exclusion.h"
#include "bench/engine/quiet.h"

#include <errno.h>
#include <string.h>

static int generation_open_arena(struct engine *engine)
{
	if (engine->memory == MEMORY_PRIVATE)
		return 0;
	engine->arena_fd = host_process_lift(
		memory_open(engine->source, engine->arena_size));
	if (engine->arena_fd >= 0)
		return 0;
	return error_set(&engine->error, ERROR_FAILED,
			 "no memory file of %zu MiB: %s (see ulimit -f and -n)",
			 engine->arena_size >> 20, strerror(errno));
}

int engine_start_generation(struct engine *engine, unsigned generation)
{
	int rc;

	engine_close_hosts(engine);
	engine->generation = generation;
	engine->kernel = SIZE_MAX;
	rc = generation == 1 ? engine_note_absent(engine) : 0;
	if (rc == 0)
		rc = generation_open_arena(engine);
	/* One after the other, since the creation of their workers is measured,
	 * too. */
	for (size_t m = 0; rc == 0 && m < engine->ncontenders; m++) {
		struct contender *contender = &engine->contenders[m];

		if (contender->out)
			continue;
		rc = engine_start_host(engine, contender);
		if (rc && rc != ERROR_LATE && m != ENGINE_BASE)
			rc = engine_exclude_contender(engine, contender,
						      (enum error_kind)rc);
		else if (rc && rc != ERROR_LATE)
			engine->error = contender->host.error;
	}
	if (rc == 0 && engine_open_probe(engine) == ERROR_INTERRUPTED)
		rc = ERROR_INTERRUPTED;
	return rc;
}
