/* SPDX-License-Identifier: MIT */
#include "analysis/analyse.h"
#include "analysis/verdicts.h"
#include "bench/commands/common/run.h"
#include "bench/engine/generation.h"
#include "bench/session/search.h"
#include "core/clock.h"

#include <string.h>

/* Passes over the grid that are added at most, so that cells have enough
 * generations. */
enum { REPEATS = 4 };

/* Of the budget. */
static double time_left(const struct session *session)
{
	return (session->engine.deadline - now_s()) / session->engine.budget_s;
}

/* Where the CPUs stood otherwise in some of the generations, those do not count
 * for the commoner placement: so many more make them six. */
static unsigned missing_generations(const struct session *session)
{
	struct findings *findings = findings_make(session->engine.record);
	unsigned most = 0;

	if (!findings)
		return 0;
	for (size_t i = 0; i < findings->ncells; i++) {
		const struct cell *cell = &findings->cells[i];

		if (strcmp(cell->pair.placement, findings->placements[0]) ==
			    0 &&
		    cell->generations > most)
			most = cell->generations;
	}
	findings_free(findings);
	return most > 0 && most < ENGINE_GENERATIONS ? ENGINE_GENERATIONS - most
						     : 0;
}

static unsigned last_generation(const struct record *record)
{
	unsigned last = 0;

	for (size_t b = 0; b < record->nblocks; b++)
		if (record->blocks[b].generation > last)
			last = record->blocks[b].generation;
	return last;
}

/* Whatever follows the first pass is of generations that the record has not
 * seen; where nothing of that pass was missing, there are no hosts yet. */
static int catch_up(struct session *session)
{
	struct engine *engine = &session->engine;
	unsigned last = last_generation(engine->record);

	if (engine->generation > 0 && engine->generation >= last)
		return 0;
	return engine_start_generation(engine, last + 1, NULL);
}

int run_whole(struct session *session)
{
	int rc = run_grid(session);
	bool counted = session_is_counted(&session->plan.options);
	unsigned missing;

	if (rc == 0 && session->resume)
		rc = catch_up(session);
	/* Those of the first pass may have been cut short; a timer's tick,
	 * where it takes long, moves the median of short ones. */
	session->engine.epoch_ns = session_epoch_ns(&session->plan.options);
	for (int i = 0;
	     rc == 0 && !counted && i < REPEATS && time_left(session) > 0.5 &&
	     (missing = missing_generations(session)) > 0;
	     i++)
		rc = run_more(session, missing);
	if (rc == 0 && !counted)
		rc = search_run(&session->engine, &session->progress);
	if (rc && rc != ERROR_LATE)
		return rc;
	if (verdicts_put(session->engine.record) == 0)
		return 0;
	return error_set(&session->engine.error, ERROR_FAILED,
			 "the record %s cannot be written whole", session->out);
}
