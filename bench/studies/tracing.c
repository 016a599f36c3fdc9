/* SPDX-License-Identifier: MIT */
#include "bench/studies/tracing.h"

#include "bench/cli/progress.h"
#include "bench/engine/calibration.h"
#include "bench/engine/capacity.h"
#include "bench/engine/contender.h"
#include "bench/engine/describe.h"
#include "bench/engine/exclusion.h"
#include "bench/engine/generation.h"
#include "bench/engine/lineup.h"
#include "bench/engine/quiet.h"
#include "bench/engine/reference.h"
#include "bench/studies/skip.h"
#include "stats/stats.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EPOCH_NS   1e6
#define ERROR_RATE 0.05 /* of what the stamps cost */

static struct split_row *trace_get_rows(const struct tracing *tracing, size_t m)
{
	return tracing->rows + (m - 1) * tracing->split.rounds;
}

static struct split_row trace_make_row(const struct contender *contender,
				       json_t *result)
{
	const char *lifetime = json_string_value(
		json_object_get(contender->facts, "lifetime"));
	struct split_row row = {
		.runner = contender->spec,
		.workers = contender->workers,
		.creates = lifetime && strcmp(lifetime, "per call") == 0,
		.open_ns = contender->open_ns,
		.trip_ns = NAN,
	};
	double stamped_ns = NAN;

	json_unpack(result, "{s:F,s:F,s:F,s:F,s:F,s:F,s:F,s:F,s:F,s:F}",
		    "plain_ns", &row.plain_ns, "stamped_ns", &stamped_ns,
		    "call_ns", &row.call_ns, "create_ns", &row.create_ns,
		    "dispatch_ns", &row.dispatch_ns, "compute_ns",
		    &row.compute_ns, "wait_ns", &row.wait_ns, "join_ns",
		    &row.join_ns, "collect_ns", &row.collect_ns, "workers",
		    &row.seen);
	row.stamps = stamped_ns / row.plain_ns - 1;
	return row;
}

/* The caller is 0; other workers are numbered as they appear, anew in each pass
 * that creates its own workers. */
struct trace_workers {
	json_int_t tids[TRACING_WORKERS_MAX];
	unsigned count;
};

static unsigned trace_find_number(struct trace_workers *crew, json_int_t tid)
{
	for (unsigned w = 0; w < crew->count; w++)
		if (crew->tids[w] == tid)
			return w;
	if (crew->count == TRACING_WORKERS_MAX)
		return TRACING_WORKERS_MAX - 1;
	crew->tids[crew->count] = tid;
	return crew->count++;
}

/* What the host's answer says of the call, all but its tiles. */
static int trace_take_passes(const json_t *result, struct split_call *call,
			     json_int_t *start)
{
	const json_t *passes = json_object_get(result, "passes");

	call->npasses = json_array_size(passes);
	call->ntiles =
		(size_t)json_integer_value(json_object_get(result, "tiles"));
	call->passes = calloc(call->npasses + 1, sizeof(*call->passes));
	call->tiles =
		calloc(call->npasses * call->ntiles + 1, sizeof(*call->tiles));
	if (!call->passes || !call->tiles)
		return -ENOMEM;
	*start = json_integer_value(
		json_array_get(json_array_get(passes, 0), 0));
	for (size_t p = 0; p < call->npasses; p++) {
		const json_t *pass = json_array_get(passes, p);
		json_int_t called = json_integer_value(json_array_get(pass, 0));
		json_int_t joined = json_integer_value(json_array_get(pass, 1));

		call->passes[p].called_ns = (double)(called - *start);
		call->passes[p].joined_ns = (double)(joined - *start);
	}
	call->collected_ns = (double)(json_integer_value(json_object_get(
					      result, "collected")) -
				      *start);
	return 0;
}

static void trace_take_stamp(struct split_call *call, size_t index,
			     const json_t *stamp, json_int_t start,
			     struct trace_workers *crew, bool creates)
{
	size_t tile = index % call->ntiles;

	if (tile == 0 && creates)
		crew->count = 1;
	call->tiles[index] = (struct split_tile){
		.tile = tile,
		.worker = trace_find_number(
			crew, json_integer_value(json_array_get(stamp, 0))),
		.cpu = (int)json_integer_value(json_array_get(stamp, 1)),
		.begin_ns =
			(double)(json_integer_value(json_array_get(stamp, 2)) -
				 start),
		.end_ns =
			(double)(json_integer_value(json_array_get(stamp, 3)) -
				 start),
	};
}

/* The tiles of the call, some at a time. */
static int trace_fetch_stamps(struct tracing *tracing,
			      struct contender *contender,
			      struct split_row *row, json_int_t caller,
			      json_int_t start)
{
	struct split_call *call = &row->call;
	size_t all = call->npasses * call->ntiles, done = 0;
	struct trace_workers crew = {.tids = {caller}, .count = 1};

	while (done < all) {
		json_t *result = NULL;
		const json_t *stamps;
		size_t count;
		int rc = engine_ask(&tracing->engine, contender,
				    json_pack("{s:s,s:I}", "op", "stamps",
					      "from", (json_int_t)done),
				    &result);

		if (rc)
			return rc;
		stamps = json_object_get(result, "stamps");
		count = json_array_size(stamps);
		for (size_t i = 0; i < count && done < all; i++)
			trace_take_stamp(call, done++,
					 json_array_get(stamps, i), start,
					 &crew, row->creates);
		json_decref(result);
		if (count == 0)
			return ERROR_FAILED;
	}
	return 0;
}

static int trace_ask_split(struct tracing *tracing, size_t m, uint64_t calls,
			   json_t **result)
{
	struct engine *engine = &tracing->engine;
	struct contender *contender = &engine->contenders[m];
	const struct reference *reference;
	const char *digest;
	int rc = engine_ask(engine, contender,
			    json_pack("{s:s,s:I}", "op", "split", "calls",
				      (json_int_t)calls),
			    result);

	if (rc)
		return rc;
	digest = json_string_value(json_object_get(*result, "digest"));
	reference = reference_find(engine, engine->kernel, engine->n,
				   reference_cut(contender));
	if (digest && reference && strcmp(digest, reference->digest) == 0)
		return 0;
	return error_set(&contender->host.error, ERROR_INVALID,
			 "its result differs from serial's");
}

static int trace_measure(struct tracing *tracing, size_t m, size_t round)
{
	struct engine *engine = &tracing->engine;
	struct contender *contender = &engine->contenders[m];
	struct split_row *row = &trace_get_rows(tracing, m)[round];
	json_int_t start = 0, caller;
	json_t *result = NULL;
	uint64_t calls = 1;
	double call_ns;
	int rc = engine_ask(
		engine, contender,
		engine_prepare_request(engine, m, 0, tracing->split.n), NULL);

	if (rc == 0)
		rc = engine_calibrate(engine, m, WAY_RUNNER, &calls, &call_ns);
	if (rc == 0)
		rc = trace_ask_split(tracing, m, calls, &result);
	if (rc == 0) {
		*row = trace_make_row(contender, result);
		caller = json_integer_value(json_object_get(result, "caller"));
		rc = trace_take_passes(result, &row->call, &start)
			     ? ERROR_FAILED
			     : trace_fetch_stamps(tracing, contender, row,
						  caller, start);
	}
	json_decref(result);
	return rc;
}

/* A contender that fails drops out. */
static int trace_measure_or_drop(struct tracing *tracing, size_t m,
				 size_t round)
{
	struct contender *contender = &tracing->engine.contenders[m];
	int rc = trace_measure(tracing, m, round);

	if (rc == 0 || rc == ERROR_INTERRUPTED || rc == ERROR_LATE)
		return rc;
	host_process_kill(&contender->host);
	contender->out = (enum error_kind)rc;
	return 0;
}

/* Measure each contender once; the first one changes from round to round. */
static int trace_one_round(struct tracing *tracing, size_t round)
{
	struct engine *engine = &tracing->engine;
	size_t others = engine->ncontenders - 1;
	int rc = engine_prepare(engine, 0, tracing->split.n);

	if (rc) {
		engine->error = engine->contenders[ENGINE_BASE].host.error;
		return rc;
	}
	for (size_t i = 0; rc == 0 && i < others; i++) {
		size_t m = 1 + (i + round) % others;
		struct reading reading;

		if (engine->contenders[m].out)
			continue;
		rc = engine_probe(engine, &reading);
		if (rc == 0)
			rc = trace_measure_or_drop(tracing, m, round);
		if (rc == 0)
			trace_get_rows(tracing, m)[round].trip_ns =
				reading.trip_ns;
	}
	return rc;
}

static int trace_measure_all(struct tracing *tracing)
{
	int rc = 0;

	for (size_t round = 0; rc == 0 && round < tracing->split.rounds &&
			       engine_has_contenders(&tracing->engine);
	     round++) {
		if (tracing->show)
			tracing->show(tracing, round);
		if (round % tracing->rounds == 0)
			rc = engine_start_generation(
				&tracing->engine,
				(unsigned)(round / tracing->rounds) + 1, NULL);
		if (rc == 0)
			rc = trace_one_round(tracing, round);
	}
	return rc;
}

/* ------------------------------------------------------------- summing up */

static int trace_by_call(const void *a, const void *b)
{
	double x = ((const struct split_row *)a)->call_ns;
	double y = ((const struct split_row *)b)->call_ns;

	return (x > y) - (x < y);
}

/* The middle one of a contender's rounds, as it was: its parts add up. What the
 * stamps cost is a small difference, and is taken from all rounds. */
static struct split_row trace_middle_row(struct split_row *rounds, size_t count)
{
	double stamps[TRACING_ROUNDS_MAX];
	struct split_row row;

	for (size_t r = 0; r < count; r++)
		stamps[r] = rounds[r].stamps;
	stats_sort(stamps, count);
	qsort(rounds, count, sizeof(*rounds), trace_by_call);
	row = rounds[count / 2];
	row.stamps = stats_median(stamps, count);
	row.stamps_interval = stats_median_interval(stamps, count, ERROR_RATE);
	return row;
}

/* Rows of the contenders that were measured, reasons for the others. */
static int trace_summarise(struct tracing *tracing)
{
	const struct reference *reference;
	const struct engine *engine = &tracing->engine;
	struct split *split = &tracing->split;

	split->rows = calloc(engine->ncontenders, sizeof(*split->rows));
	if (!split->rows)
		return ERROR_FAILED;
	for (size_t m = ENGINE_BASE + 1; m < engine->ncontenders; m++) {
		const struct contender *contender = &engine->contenders[m];

		if (!contender->out)
			split->rows[split->nrows++] = trace_middle_row(
				trace_get_rows(tracing, m), split->rounds);
		else if (skip_item(&split->skipped,
				   contender->out != ERROR_SKIPPED,
				   contender->host.error.text, "%s",
				   contender->spec))
			return ERROR_FAILED;
	}
	reference = reference_find(engine, engine->kernel, engine->n,
				   reference_most_cut(engine));
	split->tiles = reference ? reference->tiles : 0;
	return 0;
}

/* ------------------------------------------------------------- all */

static int trace_open_engine(struct tracing *tracing)
{
	struct engine *engine = &tracing->engine;
	size_t size;
	int rc = describe_size(NULL, tracing->kernel, tracing->split.n, &size,
			       &engine->error);

	if (rc)
		return rc;
	if (tracing->memory == MEMORY_HUGE)
		size = (size + HUGE_PAGE - 1) / HUGE_PAGE * HUGE_PAGE;
	*engine = (struct engine){
		.topology = tracing->topology,
		.pin = tracing->pin,
		.kernels = &tracing->kernel,
		.nkernels = 1,
		.epoch_ns = EPOCH_NS,
		.deadline = tracing->deadline,
		.interrupt_fd = tracing->interrupt_fd,
		.oversubscribe = true,
		.stamps = true,
		.arena_size = size,
		.memory = tracing->memory,
		.source = tracing->source,
		.notice = tracing->notice,
		.relay = progress_relay,
	};
	rc = lineup_open(engine, tracing->runners, tracing->nrunners,
			 &tracing->split.workers, 1);
	if (rc == 0)
		rc = capacity_check(engine);
	if (rc)
		return rc;
	tracing->rows = calloc(engine->ncontenders * tracing->split.rounds,
			       sizeof(*tracing->rows));
	return tracing->rows ? 0 : ERROR_FAILED;
}

int tracing_run(struct tracing *tracing)
{
	int rc;

	tracing->split.kernel = tracing->kernel;
	tracing->split.rounds = tracing->rounds * tracing->split.generations;
	rc = trace_open_engine(tracing);
	if (rc == 0 && tracing->turn)
		rc = turn_wait(tracing->turn, tracing->interrupt_fd);
	if (rc == 0)
		rc = trace_measure_all(tracing);
	return rc ? rc : trace_summarise(tracing);
}

void tracing_free(struct tracing *tracing)
{
	size_t rounds = tracing->split.rounds;

	for (size_t m = 1; tracing->rows && m < tracing->engine.ncontenders;
	     m++)
		for (size_t r = 0; r < rounds; r++) {
			struct split_call *call =
				&trace_get_rows(tracing, m)[r].call;

			free(call->passes);
			free(call->tiles);
		}
	free(tracing->rows);
	split_free(&tracing->split);
	engine_close(&tracing->engine);
}
