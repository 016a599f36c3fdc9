/* SPDX-License-Identifier: MIT */
#include "bench/studies/dispatch.h"

#include "bench/cli/interrupt.h"
#include "bench/cli/list.h"
#include "bench/engine/contender.h"
#include "bench/engine/exclusion.h"
#include "bench/engine/generation.h"
#include "bench/engine/lineup.h"
#include "bench/engine/quiet.h"
#include "bench/engine/worker_count.h"
#include "bench/host/empty_job.h"
#include "bench/host/forkjoin.h"
#include "bench/studies/skip.h"
#include "stats/stats.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { GENERATIONS = DISPATCH_GENERATIONS };

/* ------------------------------------------------------------- measuring */

static double median_of(const json_t *array)
{
	double values[FORKJOIN_SAMPLES];
	size_t count = json_array_size(array);

	for (size_t i = 0; i < count && i < FORKJOIN_SAMPLES; i++)
		values[i] = json_number_value(json_array_get(array, i));
	stats_sort(values, count);
	return count ? stats_median(values, count) : NAN;
}

static struct dispatch_row *row_of(const struct dispatch *dispatch, size_t m,
				   size_t sweep)
{
	return &dispatch->rows[(m - ENGINE_BASE - 1) * dispatch->nsweeps +
			       sweep];
}

static bool skips_all(const struct dispatch *dispatch, size_t m)
{
	const struct dispatch_row *rows = row_of(dispatch, m, 0);

	for (size_t s = 0; s < dispatch->nsweeps; s++)
		if (!rows[s].skipped)
			return false;
	return true;
}

static json_t *request_of(const struct dispatch_run *run,
			  const struct contender *contender,
			  const struct dispatch_sweep *sweep)
{
	bool meet = strcmp(sweep->pattern, "rendezvous") == 0;
	bool given = run->dispatch.tiles != run->dispatch.workers;

	return json_pack(
		"{s:s,s:b,s:I,s:f}", "op", "forkjoin", "rendezvous", meet,
		"tiles",
		(json_int_t)(given ? run->dispatch.tiles : contender->workers),
		"gap_ns", sweep->gap_us * 1e3);
}

/* Member m in one round of one sweep. A contender that fails drops out; one
 * that skips the sweep, as who shares no memory cannot meet, has no row of it.
 */
static int measure(struct dispatch_run *run, size_t m, size_t sweep,
		   size_t round)
{
	struct dispatch *dispatch = &run->dispatch;
	struct contender *contender = &run->engine.contenders[m];
	struct dispatch_row *row = row_of(dispatch, m, sweep);
	json_t *result = NULL;
	int rc = engine_ask(
		&run->engine, contender,
		request_of(run, contender, &dispatch->sweeps[sweep]), &result);

	if (rc == ERROR_INTERRUPTED)
		return rc;
	row->skipped = rc == ERROR_SKIPPED;
	if (row->skipped && !skips_all(dispatch, m))
		return 0;
	if (rc) {
		host_process_kill(&contender->host);
		contender->out = (enum error_kind)rc;
		return 0;
	}
	row->ns[round] = median_of(json_object_get(result, "ns"));
	row->cpu_ns[round] =
		json_number_value(json_object_get(result, "cpu_ns"));
	row->p99[round] = json_number_value(json_object_get(result, "p99"));
	json_decref(result);
	return 0;
}

/* Before each call of a host: with many workers, one takes seconds. */
static void show(struct dispatch_run *run, size_t m, size_t sweep, size_t round)
{
	const struct dispatch *dispatch = &run->dispatch;

	progress_show(
		&run->progress, "round %zu of %zu: %s, gaps of %g us, %s",
		round + 1, dispatch->rounds, dispatch->sweeps[sweep].pattern,
		dispatch->sweeps[sweep].gap_us, run->engine.contenders[m].spec);
}

/* Sweeps of longer gaps take longer: whole rounds tell the time. */
static void show_round(struct dispatch_run *run, size_t round)
{
	progress_part(&run->progress,
		      (double)round / (double)run->dispatch.rounds);
}

/* All contenders in one sweep; another one begins in each round. */
static int sweep_round(struct dispatch_run *run, size_t sweep, size_t round)
{
	struct engine *engine = &run->engine;
	size_t others = engine->ncontenders - 1;
	struct reading before, after;
	int rc = engine_probe(engine, &before);

	for (size_t i = 0; rc == 0 && i < others; i++) {
		size_t m = 1 + (i + round) % others;

		if (engine->contenders[m].out ||
		    row_of(&run->dispatch, m, sweep)->skipped)
			continue;
		show(run, m, sweep, round);
		rc = measure(run, m, sweep, round);
	}
	if (rc == 0)
		rc = engine_probe(engine, &after);
	if (rc)
		return rc;
	/* A placement that changed on the way belongs to neither. */
	run->dispatch.sweeps[sweep].raw_ns[round] =
		fabs(log(after.trip_ns / before.trip_ns)) < M_LN2
			? sqrt(after.trip_ns * before.trip_ns)
			: NAN;
	return rc;
}

static int start_generation(struct dispatch_run *run, size_t round)
{
	size_t generation = round / run->rounds + 1;

	progress_show(&run->progress,
		      "starting all workers, generation %zu of %d", generation,
		      GENERATIONS);
	return engine_start_generation(&run->engine, (unsigned)generation,
				       NULL);
}

static int measure_all(struct dispatch_run *run)
{
	struct dispatch *dispatch = &run->dispatch;
	int rc = 0;

	for (size_t round = 0; rc == 0 && round < dispatch->rounds &&
			       engine_has_contenders(&run->engine);
	     round++) {
		if (round % run->rounds == 0)
			rc = start_generation(run, round);
		show_round(run, round);
		for (size_t s = 0; rc == 0 && s < dispatch->nsweeps; s++)
			rc = sweep_round(run, s, round);
	}
	return rc;
}

/* What the hosts of the last generation hold, now that they have worked. */
static int measure_memory(struct dispatch_run *run)
{
	struct dispatch *dispatch = &run->dispatch;
	struct engine *engine = &run->engine;
	int rc = 0;

	dispatch->memory =
		calloc(engine->ncontenders, sizeof(*dispatch->memory));
	if (!dispatch->memory)
		return ERROR_FAILED;
	for (size_t m = 1; rc == 0 && m < engine->ncontenders; m++) {
		struct dispatch_memory *one =
			&dispatch->memory[dispatch->nmemory];
		json_t *result = NULL;

		if (engine->contenders[m].out)
			continue;
		progress_show(&run->progress, "what %s holds in memory",
			      engine->contenders[m].spec);
		rc = engine_ask(engine, &engine->contenders[m],
				json_pack("{s:s}", "op", "footprint"), &result);
		if (rc == ERROR_SKIPPED) {
			rc = 0;
			continue;
		}
		if (rc) {
			engine->error = engine->contenders[m].host.error;
			break;
		}
		json_unpack(result, "{s:F,s:F,s:F,s:F}", "control",
			    &one->control, "processes", &one->processes,
			    "pss_kib", &one->pss_kib, "page_tables_kib",
			    &one->page_tables_kib);
		one->runner = engine->contenders[m].spec;
		dispatch->nmemory++;
		json_decref(result);
	}
	return rc;
}

/* ------------------------------------------------------------- the run */

static double *unknown(size_t count)
{
	double *values = malloc((count + 1) * sizeof(*values));

	for (size_t i = 0; values && i < count; i++)
		values[i] = NAN;
	return values;
}

static int init_sweep(struct dispatch *dispatch, const char *pattern,
		      unsigned gap_us)
{
	struct dispatch_sweep *sweep = &dispatch->sweeps[dispatch->nsweeps++];

	*sweep = (struct dispatch_sweep){
		.pattern = pattern,
		.gap_us = gap_us,
		.raw_ns = unknown(dispatch->rounds),
		.counted = calloc(dispatch->rounds, sizeof(bool)),
	};
	return sweep->raw_ns && sweep->counted ? 0 : -ENOMEM;
}

/* A sweep for each pattern and gap. */
static int init_sweeps(struct dispatch *dispatch,
		       const struct dispatch_options *options)
{
	int rc = 0;

	dispatch->sweeps =
		calloc(2 * options->gaps.count, sizeof(*dispatch->sweeps));
	if (!dispatch->sweeps)
		return -ENOMEM;
	for (size_t g = 0; rc == 0 && g < options->gaps.count; g++) {
		rc = init_sweep(dispatch, empty_job_names[EMPTY_JOB_PLAIN],
				options->gaps.at[g]);
		if (rc == 0 && !options->tiles)
			rc = init_sweep(dispatch,
					empty_job_names[EMPTY_JOB_RENDEZVOUS],
					options->gaps.at[g]);
	}
	return rc;
}

static int init_rows(struct dispatch_run *run)
{
	struct dispatch *dispatch = &run->dispatch;
	const struct engine *engine = &run->engine;

	dispatch->rows = calloc((engine->ncontenders - 1) * dispatch->nsweeps,
				sizeof(*dispatch->rows));
	if (!dispatch->rows)
		return -ENOMEM;
	for (size_t m = 1; m < engine->ncontenders; m++)
		for (size_t s = 0; s < dispatch->nsweeps; s++) {
			struct dispatch_row *row =
				&dispatch->rows[dispatch->nrows++];

			*row = (struct dispatch_row){
				.runner = engine->contenders[m].spec,
				.workers = engine->contenders[m].workers,
				.sweep = &dispatch->sweeps[s],
				.ns = unknown(dispatch->rounds),
				.cpu_ns = unknown(dispatch->rounds),
				.p99 = unknown(dispatch->rounds),
			};
			if (!row->ns || !row->cpu_ns || !row->p99)
				return -ENOMEM;
		}
	return 0;
}

/* Those left out, however late, have no rows: medians over the rounds that
 * they lived through would be of other rounds than everybody else's. */
static int drop_rows(struct dispatch *dispatch, const struct engine *engine)
{
	size_t kept = 0;
	int rc = 0;

	for (size_t m = ENGINE_BASE + 1; m < engine->ncontenders; m++) {
		const struct contender *contender = &engine->contenders[m];
		struct dispatch_row *rows = row_of(dispatch, m, 0);

		if (contender->out && rc == 0)
			rc = skip_item(&dispatch->skipped,
				       contender->out != ERROR_SKIPPED,
				       contender->host.error.text, "%s",
				       contender->spec);
		for (size_t s = 0; s < dispatch->nsweeps; s++)
			if (contender->out || rows[s].skipped)
				dispatch_free_row(&rows[s]);
			else
				dispatch->rows[kept++] = rows[s];
	}
	dispatch->nrows = kept;
	return rc;
}

static int open_engine(struct dispatch_run *run, const char *runners)
{
	struct engine *engine = &run->engine;
	char **specs;
	size_t nspecs;
	int rc;

	if (list_split(runners, &specs, &nspecs) < 0)
		return error_set(
			&engine->error, ERROR_USAGE,
			"the list of runners is empty, or an item of it is");
	rc = lineup_open(engine, specs, nspecs, &run->dispatch.workers, 1);
	list_free(specs, nspecs);
	return rc;
}

static int open_run(struct dispatch_run *run, const struct topology *topology,
		    const struct dispatch_options *options)
{
	struct dispatch *dispatch = &run->dispatch;
	int rc;

	dispatch->workers =
		options->workers
			? options->workers
			: worker_count_default(topology, progress_notice);
	dispatch->tiles = options->tiles ? options->tiles : dispatch->workers;
	dispatch->generations = GENERATIONS;
	dispatch->rounds = (size_t)GENERATIONS * options->rounds;
	run->rounds = options->rounds;
	run->engine = (struct engine){
		.topology = topology,
		.pin = PIN_CORE,
		.interrupt_fd = interrupt_open(),
		.oversubscribe = true,
		.arena_size = empty_job_size(PLAN_TILES_MAX),
		.notice = progress_notice,
		.relay = progress_relay,
	};
	rc = open_engine(run, options->runners);
	if (rc == 0 && (init_sweeps(dispatch, options) || init_rows(run)))
		rc = ERROR_FAILED;
	return rc;
}

int dispatch_run(struct dispatch_run *run, const struct topology *topology,
		 const struct dispatch_options *options)
{
	int rc;

	*run = (struct dispatch_run){.rounds = 0};
	rc = open_run(run, topology, options);
	if (rc == 0)
		rc = turn_wait(&options->turn, run->engine.interrupt_fd);
	progress_init(&run->progress, options->quiet, 0);
	if (rc == 0)
		rc = measure_all(run);
	if (rc == 0 && options->memory)
		rc = measure_memory(run);
	progress_clear(&run->progress);
	run->dispatch.probed = run->engine.probe.pid != 0;
	if (rc == 0)
		rc = drop_rows(&run->dispatch, &run->engine);
	if (rc == 0 && dispatch_place(&run->dispatch) < 0)
		rc = ERROR_FAILED;
	return rc;
}

void dispatch_run_free(struct dispatch_run *run)
{
	engine_close(&run->engine);
	dispatch_free(&run->dispatch);
}
