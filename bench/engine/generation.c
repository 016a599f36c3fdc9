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

/* A contender that cannot be had is excluded; the base ends it all. */
static int generation_judge(struct engine *engine, size_t m, int rc)
{
	struct contender *contender = &engine->contenders[m];

	if (rc == ERROR_LATE || rc == ERROR_INTERRUPTED)
		return rc;
	if (m != ENGINE_BASE)
		return engine_exclude_contender(engine, contender,
						(enum error_kind)rc);
	engine->error = contender->host.error;
	return rc;
}

typedef int generation_step(struct engine *, struct contender *);

/* Steps of the start of one host. One that was excluded at the step before
 * takes no more. */
static int generation_take_steps(struct engine *engine, size_t m,
				 generation_step *const *steps, size_t count)
{
	struct contender *contender = &engine->contenders[m];
	int rc = 0;

	for (size_t s = 0; rc == 0 && s < count && !contender->out; s++) {
		rc = steps[s](engine, contender);
		if (rc)
			rc = generation_judge(engine, m, rc);
	}
	return rc;
}

static int generation_take_all(struct engine *engine, const bool *needed,
			       generation_step *const *steps, size_t count)
{
	size_t all = engine->ncontenders + engine->nself_checks;
	int rc = 0;

	for (size_t m = 0; rc == 0 && m < all; m++)
		if (!needed || needed[m])
			rc = generation_take_steps(engine, m, steps, count);
	return rc;
}

/* Their programs are loaded side by side, on all CPUs; they create their
 * workers one after the other, since that is measured. Those of another build
 * may do both at once. */
static int generation_open_hosts(struct engine *engine, const bool *needed)
{
	static generation_step *const steps[] = {
		engine_launch_host, engine_await_host, engine_open_host};
	enum { STEPS = sizeof(steps) / sizeof(*steps) };
	bool one_by_one = engine->program;
	int rc;

	engine_launch_probe(engine);
	rc = generation_take_all(engine, needed, steps, one_by_one ? STEPS : 1);
	if (rc == 0 && !one_by_one)
		rc = generation_take_all(engine, needed, steps + 1, 1);
	if (rc == 0 && engine_open_probe(engine) == ERROR_INTERRUPTED)
		rc = ERROR_INTERRUPTED;
	if (rc == 0 && !one_by_one)
		rc = generation_take_all(engine, needed, steps + 2, 1);
	return rc;
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
