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

/* A contender that cannot be had is excluded, the base ends it all, and a
 * self-check is started again when it is first asked, and then told. */
static int generation_judge(struct engine *engine, size_t m, int rc)
{
	struct contender *contender = &engine->contenders[m];

	if (rc == ERROR_LATE || rc == ERROR_INTERRUPTED)
		return rc;
	if (m == ENGINE_BASE) {
		engine->error = contender->host.error;
		return rc;
	}
	if (m < engine->ncontenders)
		return engine_exclude_contender(engine, contender,
						(enum error_kind)rc);
	host_process_kill(&contender->host);
	return 0;
}

/* One step of the start of all hosts that are needed. */
static int generation_take_step(struct engine *engine, const bool *needed,
				int (*step)(struct engine *,
					    struct contender *))
{
	size_t count = engine->ncontenders + engine->nself_checks;
	bool first = step == engine_launch_host;
	int rc = 0;

	for (size_t m = 0; rc == 0 && m < count; m++) {
		struct contender *contender = &engine->contenders[m];

		if (contender->out || (needed && !needed[m]) ||
		    (!first && contender->host.pid == 0))
			continue;
		rc = step(engine, contender);
		if (rc)
			rc = generation_judge(engine, m, rc);
	}
	return rc;
}

/* Their programs are loaded side by side, on all CPUs; they create their
 * workers one after the other, since that is measured. */
static int generation_open_hosts(struct engine *engine, const bool *needed)
{
	int rc = generation_take_step(engine, needed, engine_launch_host);

	if (rc == 0)
		engine_launch_probe(engine);
	if (rc == 0)
		rc = generation_take_step(engine, needed, engine_await_host);
	if (rc == 0 && engine_open_probe(engine) == ERROR_INTERRUPTED)
		rc = ERROR_INTERRUPTED;
	return rc ? rc : generation_take_step(engine, needed, engine_open_host);
}

int engine_start_generation(struct engine *engine, unsigned generation,
			    const bool *needed)
{
	int rc;

	engine_close_hosts(engine);
	engine->generation = generation;
	engine->kernel = SIZE_MAX;
	rc = generation == 1 ? engine_note_absent(engine) : 0;
	if (rc == 0)
		rc = generation_open_arena(engine);
	return rc ? rc : generation_open_hosts(engine, needed);
}
