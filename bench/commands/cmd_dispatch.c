/* SPDX-License-Identifier: MIT */
#include "bench/cli/interrupt.h"
#include "bench/cli/list.h"
#include "bench/cli/progress.h"
#include "bench/cli/terminal.h"
#include "bench/cli/usage.h"
#include "bench/commands/commands.h"
#include "bench/engine/engine.h"
#include "bench/engine/exclusion.h"
#include "bench/engine/generation.h"
#include "bench/engine/lineup.h"
#include "bench/engine/quiet.h"
#include "bench/engine/worker_count.h"
#include "bench/host/empty_job.h"
#include "bench/host/forkjoin.h"
#include "bench/studies/skip.h"
#include "report/pages/dispatch_page.h"
#include "stats/stats.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	GENERATIONS = 3,
	ROUNDS = 4, /* in each */
	WORKERS_MAX = 256,
	GAPS_MAX = 8,
	GAP_MAX_US = 1000000,
};

#define DEFAULT_RUNNERS                                                        \
	"pthread-pool:wait=spin,fork-pool:wait=spin,pthread-pool,fork-pool,"   \
	"pthread-pool:wait=block,fork-pool:wait=block,openmp,"                 \
	"openmp:wait=active,openmp:wait=passive,openmp-llvm,"                  \
	"openmp-llvm:wait=active,pthreadpool,tbb,glib"

struct dispatch_wishes {
	const char *runners;
	unsigned workers; /* 0: one per CPU */
	unsigned tiles;	  /* 0: as many as workers, and a rendezvous as well */
	unsigned gaps[GAPS_MAX];
	size_t ngaps;
	unsigned rounds; /* in each generation */
	bool json, memory, quiet;
};

enum { KEY_FORMAT = 256, KEY_GAPS, KEY_ROUNDS, KEY_MEMORY, KEY_QUIET };

static const struct argp_option dispatch_options[] = {
	{"runners", 'r', "LIST", 0,
	 "Who is compared (default: the pools, however they wait, and all "
	 "peers "
	 "that were built)",
	 0},
	{"workers", 'w', "N", 0,
	 "Workers, the caller among them (default: one per CPU); may be more "
	 "than CPUs",
	 0},
	{"tiles", 't', "N", 0,
	 "Hand out N empty tiles a call, and no rendezvous (default: one per "
	 "worker)",
	 0},
	{"gaps", KEY_GAPS, "LIST", 0,
	 "Microseconds that the caller is busy before a call (default "
	 "0,100,1000,5000)",
	 0},
	{"rounds", KEY_ROUNDS, "N", 0,
	 "Rounds in each of three generations of processes (default 4)", 0},
	{"memory", KEY_MEMORY, NULL, 0, "Also tell what memory is held", 0},
	{"format", KEY_FORMAT, "table|json", 0, "How to tell it", 0},
	{"quiet", KEY_QUIET, NULL, 0, "No progress on standard error", 0},
	{NULL, 0, NULL, 0, NULL, 0},
};

static error_t dispatch_parse(int key, char *arg, struct argp_state *state)
{
	struct dispatch_wishes *wishes = state->input;

	switch (key) {
	case 'r':
		wishes->runners = arg;
		return 0;
	case 'w':
		return usage_count(state, "workers", arg, 1, WORKERS_MAX,
				   &wishes->workers);
	case 't':
		return usage_count(state, "tiles", arg, 1, PLAN_TILES_MAX,
				   &wishes->tiles);
	case KEY_GAPS:
		return usage_counts(state, "gaps", arg, 0, GAP_MAX_US,
				    wishes->gaps, GAPS_MAX, &wishes->ngaps);
	case KEY_ROUNDS:
		return usage_count(state, "rounds", arg, 1,
				   DISPATCH_ROUNDS_MAX / GENERATIONS,
				   &wishes->rounds);
	case KEY_FORMAT:
		return usage_format(state, arg, &wishes->json);
	case KEY_MEMORY:
		wishes->memory = true;
		return 0;
	case KEY_QUIET:
		wishes->quiet = true;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp dispatch_argp = {
	.options = dispatch_options,
	.parser = dispatch_parse,
	.doc = "Time fork-joins of jobs that do nothing: back to back and "
	       "after "
	       "gaps, in wall time and CPU time, beside the trip of a cache "
	       "line that no fork-join can beat.",
};

/* ------------------------------------------------------------- measuring */

struct contest {
	struct engine engine;
	struct topology *topology;
	struct dispatch dispatch;
	struct progress progress;
	unsigned rounds; /* in each generation */
	char error[ERROR_TEXT_MAX];
};

static double median_of(const json_t *array)
{
	double values[FORKJOIN_SAMPLES];
	size_t count = json_array_size(array);

	for (size_t i = 0; i < count && i < FORKJOIN_SAMPLES; i++)
		values[i] = json_number_value(json_array_get(array, i));
	stats_sort(values, count);
	return count ? stats_median(values, count) : NAN;
}

static json_t *request_of(const struct contest *contest,
			  const struct contender *contender,
			  const struct dispatch_sweep *sweep)
{
	bool meet = strcmp(sweep->pattern, "rendezvous") == 0;
	bool given = contest->dispatch.tiles != contest->dispatch.workers;

	return json_pack("{s:s,s:b,s:I,s:f}", "op", "forkjoin", "rendezvous",
			 meet, "tiles",
			 (json_int_t)(given ? contest->dispatch.tiles
					    : contender->workers),
			 "gap_ns", sweep->gap_us * 1e3);
}

/* Contender m in one round of one sweep. A contender that fails drops out. */
static int measure(struct contest *contest, size_t m, size_t sweep,
		   size_t round)
{
	struct dispatch *dispatch = &contest->dispatch;
	struct contender *contender = &contest->engine.contenders[m];
	struct dispatch_row *row =
		&dispatch->rows[(m - 1) * dispatch->nsweeps + sweep];
	json_t *result = NULL;
	int rc = engine_ask(
		&contest->engine, contender,
		request_of(contest, contender, &dispatch->sweeps[sweep]),
		&result);

	if (rc == ERROR_INTERRUPTED)
		return rc;
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
static void show(struct contest *contest, size_t m, size_t sweep, size_t round)
{
	const struct dispatch *dispatch = &contest->dispatch;

	progress_show(&contest->progress,
		      "round %zu of %zu: %s, gaps of %g us, %s", round + 1,
		      dispatch->rounds, dispatch->sweeps[sweep].pattern,
		      dispatch->sweeps[sweep].gap_us,
		      contest->engine.contenders[m].spec);
}

/* Sweeps of longer gaps take longer: whole rounds tell the time. */
static void show_round(struct contest *contest, size_t round)
{
	progress_part(&contest->progress,
		      (double)round / (double)contest->dispatch.rounds);
}

/* All contenders in one sweep; who begins moves on from round to round. */
static int sweep_round(struct contest *contest, size_t sweep, size_t round)
{
	struct engine *engine = &contest->engine;
	size_t others = engine->ncontenders - 1;
	struct reading before, after;
	int rc = engine_probe(engine, &before);

	for (size_t i = 0; rc == 0 && i < others; i++) {
		size_t m = 1 + (i + round) % others;

		if (engine->contenders[m].out)
			continue;
		show(contest, m, sweep, round);
		rc = measure(contest, m, sweep, round);
	}
	if (rc == 0)
		rc = engine_probe(engine, &after);
	if (rc)
		return rc;
	/* A placement that changed on the way belongs to neither. */
	contest->dispatch.sweeps[sweep].raw_ns[round] =
		fabs(log(after.trip_ns / before.trip_ns)) < M_LN2
			? sqrt(after.trip_ns * before.trip_ns)
			: NAN;
	return rc;
}

static int start_generation(struct contest *contest, size_t round)
{
	size_t generation = round / contest->rounds + 1;

	progress_show(&contest->progress,
		      "starting all workers, generation %zu of %d", generation,
		      GENERATIONS);
	return engine_start_generation(&contest->engine, (unsigned)generation,
				       contest->error);
}

static int measure_all(struct contest *contest)
{
	struct dispatch *dispatch = &contest->dispatch;
	int rc = 0;

	for (size_t round = 0; rc == 0 && round < dispatch->rounds &&
			       engine_has_contenders(&contest->engine);
	     round++) {
		if (round % contest->rounds == 0)
			rc = start_generation(contest, round);
		show_round(contest, round);
		for (size_t s = 0; rc == 0 && s < dispatch->nsweeps; s++)
			rc = sweep_round(contest, s, round);
	}
	return rc;
}

/* What the hosts of the last generation hold, now that they have worked. */
static int measure_memory(struct contest *contest)
{
	struct dispatch *dispatch = &contest->dispatch;
	struct engine *engine = &contest->engine;
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
		progress_show(&contest->progress, "what %s holds in memory",
			      engine->contenders[m].spec);
		rc = engine_ask(engine, &engine->contenders[m],
				json_pack("{s:s}", "op", "footprint"), &result);
		if (rc)
			break;
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

/* ------------------------------------------------------------- the contest */

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
		       const struct dispatch_wishes *wishes)
{
	int rc = 0;

	dispatch->sweeps = calloc(2 * wishes->ngaps, sizeof(*dispatch->sweeps));
	if (!dispatch->sweeps)
		return -ENOMEM;
	for (size_t g = 0; rc == 0 && g < wishes->ngaps; g++) {
		rc = init_sweep(dispatch, empty_job_names[EMPTY_JOB_PLAIN],
				wishes->gaps[g]);
		if (rc == 0 && !wishes->tiles)
			rc = init_sweep(dispatch,
					empty_job_names[EMPTY_JOB_RENDEZVOUS],
					wishes->gaps[g]);
	}
	return rc;
}

static int init_rows(struct contest *contest)
{
	struct dispatch *dispatch = &contest->dispatch;
	const struct engine *engine = &contest->engine;

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

static void free_row(struct dispatch_row *row)
{
	free(row->ns);
	free(row->cpu_ns);
	free(row->p99);
}

static void free_dispatch(struct dispatch *dispatch)
{
	for (size_t i = 0; i < dispatch->nrows; i++)
		free_row(&dispatch->rows[i]);
	for (size_t i = 0; i < dispatch->nsweeps; i++) {
		free(dispatch->sweeps[i].raw_ns);
		free(dispatch->sweeps[i].counted);
	}
	free(dispatch->rows);
	free(dispatch->sweeps);
	skipped_free(&dispatch->skipped);
	free(dispatch->memory);
}

/* Those left out, however late, have no rows: medians over the rounds that
 * they lived through would be of other rounds than everybody else's. */
static int drop_rows(struct dispatch *dispatch, const struct engine *engine)
{
	size_t kept = 0;
	int rc = 0;

	for (size_t m = ENGINE_BASE + 1; m < engine->ncontenders; m++) {
		const struct contender *contender = &engine->contenders[m];
		struct dispatch_row *rows =
			&dispatch->rows[(m - 1) * dispatch->nsweeps];

		if (contender->out && rc == 0)
			rc = skip_item(&dispatch->skipped,
				       contender->out != ERROR_SKIPPED,
				       contender->host.error.text, "%s",
				       contender->spec);
		for (size_t s = 0; s < dispatch->nsweeps; s++)
			if (contender->out)
				free_row(&rows[s]);
			else
				dispatch->rows[kept++] = rows[s];
	}
	dispatch->nrows = kept;
	return rc;
}

static int open_engine(struct contest *contest, const char *runners)
{
	struct engine *engine = &contest->engine;
	char **specs;
	size_t nspecs;
	int rc;

	if (list_split(runners, &specs, &nspecs) < 0) {
		snprintf(contest->error, sizeof(contest->error),
			 "the list of runners is empty, or an item of it is");
		return ERROR_USAGE;
	}
	rc = lineup_open(engine, specs, nspecs, &contest->dispatch.workers, 1,
			 contest->error);
	list_free(specs, nspecs);
	return rc;
}

static int open_contest(struct contest *contest, struct dispatch_wishes *wishes)
{
	struct dispatch *dispatch = &contest->dispatch;
	int rc = topology_load(NULL, &contest->topology, contest->error,
			       sizeof(contest->error));

	if (rc < 0)
		return ERROR_FAILED;
	dispatch->workers = wishes->workers
				    ? wishes->workers
				    : worker_count_default(contest->topology,
							   progress_notice);
	dispatch->tiles = wishes->tiles ? wishes->tiles : dispatch->workers;
	dispatch->generations = GENERATIONS;
	dispatch->rounds = (size_t)GENERATIONS * wishes->rounds;
	contest->rounds = wishes->rounds;
	contest->engine = (struct engine){
		.topology = contest->topology,
		.pin = PIN_CORE,
		.interrupt_fd = interrupt_open(),
		.oversubscribe = true,
		.arena_size = empty_job_size(PLAN_TILES_MAX),
		.notice = progress_notice,
		.relay = progress_relay,
	};
	rc = open_engine(contest,
			 wishes->runners ? wishes->runners : DEFAULT_RUNNERS);
	if (rc == 0 && (init_sweeps(dispatch, wishes) || init_rows(contest)))
		rc = ERROR_FAILED;
	return rc;
}

static int tell(const struct contest *contest, bool json)
{
	struct report_style style;
	int rc;

	terminal_style(&style);
	rc = json ? dispatch_json(&contest->dispatch, stdout)
		  : dispatch_table(&contest->dispatch, stdout, &style);
	if (rc < 0 || output_finish("breakeven dispatch"))
		return 1;
	return dispatch_is_whole(&contest->dispatch) ? 0 : 1;
}

static int run(struct contest *contest, struct dispatch_wishes *wishes)
{
	int rc = open_contest(contest, wishes);

	progress_init(&contest->progress, wishes->quiet, 0);
	if (rc == 0)
		rc = measure_all(contest);
	if (rc == 0 && wishes->memory)
		rc = measure_memory(contest);
	progress_clear(&contest->progress);
	contest->dispatch.probed = contest->engine.probe.pid != 0;
	if (rc == 0)
		rc = drop_rows(&contest->dispatch, &contest->engine);
	if (rc == 0 && dispatch_place(&contest->dispatch) < 0)
		rc = ERROR_FAILED;
	if (rc == 0)
		return tell(contest, wishes->json);
	if (rc == ERROR_INTERRUPTED)
		return interrupt_status(contest->engine.interrupt_fd);
	fprintf(stderr, "breakeven dispatch: %s\n",
		contest->error[0] ? contest->error : "out of memory");
	return rc == ERROR_USAGE ? 2 : 1;
}

int cmd_dispatch(int argc, char **argv)
{
	struct dispatch_wishes wishes = {
		.gaps = {0, 100, 1000, 5000}, .ngaps = 4, .rounds = 4};
	struct contest contest = {.topology = NULL};
	int status = usage_parse(&dispatch_argp, argc, argv, &wishes);

	if (status)
		return usage_status(status);
	status = run(&contest, &wishes);
	engine_close(&contest.engine);
	free_dispatch(&contest.dispatch);
	topology_free(contest.topology);
	return status;
}
