/* SPDX-License-Identifier: MIT */
#include "report/export/export.h"
#include "results/json_value.h"

#include <errno.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>

enum { DIGITS = 15 };

/* The events of one runner. */
struct trace_context {
	json_t *events;
	int pid;
	const struct split_row *row;
};

/* A complete event; "args" is stolen, and may be NULL. The format takes us. */
static void put(const struct trace_context *stage, const char *name,
		unsigned worker, double begin_ns, double end_ns, json_t *args)
{
	json_t *event =
		json_pack("{s:s,s:s,s:s,s:f,s:f,s:i,s:i}", "ph", "X", "name",
			  name, "cat", "breakeven", "ts", begin_ns / 1e3, "dur",
			  (end_ns - begin_ns) / 1e3, "pid", stage->pid, "tid",
			  (int)worker);

	if (args)
		json_object_set_new(event, "args", args);
	json_array_append_new(stage->events, event);
}

static void put_name(const struct trace_context *stage, const char *what,
		     int tid, const char *name)
{
	json_array_append_new(stage->events,
			      json_pack("{s:s,s:s,s:f,s:i,s:i,s:{s:s}}", "ph",
					"M", "name", what, "ts", 0.0, "pid",
					stage->pid, "tid", tid, "args", "name",
					name));
}

static const struct split_tile *tile_of(const struct split_call *call, size_t p,
					size_t t)
{
	return &call->tiles[p * call->ntiles + t];
}

/* Of the worker's tiles in pass p; false: it ran none. */
static bool find_span(const struct split_call *call, size_t p, unsigned worker,
		      double *first, double *last)
{
	*first = INFINITY;
	*last = -INFINITY;
	for (size_t t = 0; t < call->ntiles; t++) {
		const struct split_tile *tile = tile_of(call, p, t);

		if (tile->worker != worker)
			continue;
		*first = fmin(*first, tile->begin_ns);
		*last = fmax(*last, tile->end_ns);
	}
	return isfinite(*first);
}

static double last_end(const struct split_call *call, size_t p)
{
	double end = call->passes[p].called_ns;

	for (size_t t = 0; t < call->ntiles; t++)
		end = fmax(end, tile_of(call, p, t)->end_ns);
	return end;
}

/* When the first worker began that the pass has created. */
static double first_created(const struct split_call *call, size_t p)
{
	double first = INFINITY;

	for (size_t t = 0; t < call->ntiles; t++)
		if (tile_of(call, p, t)->worker > 0)
			first = fmin(first, tile_of(call, p, t)->begin_ns);
	return isfinite(first) ? first : call->passes[p].called_ns;
}

static unsigned count_workers(const struct split_call *call)
{
	unsigned count = 1;

	for (size_t i = 0; i < call->npasses * call->ntiles; i++)
		if (call->tiles[i].worker >= count)
			count = call->tiles[i].worker + 1;
	return count;
}

static void put_tiles(const struct trace_context *stage, size_t p,
		      unsigned worker)
{
	const struct split_call *call = &stage->row->call;

	for (size_t t = 0; t < call->ntiles; t++) {
		const struct split_tile *tile = tile_of(call, p, t);

		if (tile->worker == worker)
			put(stage, "tile", worker, tile->begin_ns, tile->end_ns,
			    json_pack("{s:I,s:I,s:i}", "tile",
				      (json_int_t)tile->tile, "pass",
				      (json_int_t)p, "cpu", tile->cpu));
	}
}

static void put_start(const struct trace_context *stage, size_t p,
		      unsigned worker, double first)
{
	const struct split_call *call = &stage->row->call;
	double called = call->passes[p].called_ns, created = called;

	if (stage->row->creates)
		created = fmin(first, first_created(call, p));
	if (created > called)
		put(stage, "create", worker, called, created, NULL);
	if (first > created)
		put(stage, "dispatch", worker, created, first, NULL);
}

/* What the worker does in pass p, in the order of time. */
static void put_worker(const struct trace_context *stage, size_t p,
		       unsigned worker)
{
	const struct split_call *call = &stage->row->call;
	double first, last, end = last_end(call, p);

	if (find_span(call, p, worker, &first, &last)) {
		put_start(stage, p, worker, first);
		put_tiles(stage, p, worker);
		if (end > last)
			put(stage, "wait", worker, last, end, NULL);
	}
	if (worker == 0)
		put(stage, "join", worker, end, call->passes[p].joined_ns,
		    NULL);
}

static void put_call(const struct trace_context *stage)
{
	const struct split_call *call = &stage->row->call;
	double joined = call->passes[call->npasses - 1].joined_ns;
	unsigned workers = count_workers(call);
	char name[32];

	put_name(stage, "process_name", 0, stage->row->runner);
	put_name(stage, "thread_name", 0, "caller");
	for (unsigned w = 1; w < workers; w++) {
		snprintf(name, sizeof(name), "worker %u", w);
		put_name(stage, "thread_name", (int)w, name);
	}
	put(stage, "call", 0, 0, call->collected_ns, NULL);
	for (size_t p = 0; p < call->npasses; p++)
		for (unsigned w = 0; w < workers; w++)
			put_worker(stage, p, w);
	if (call->collected_ns > joined)
		put(stage, "collect", 0, joined, call->collected_ns, NULL);
}

int split_trace(const struct split *split, FILE *out)
{
	json_t *events = json_array();

	for (size_t i = 0; i < split->nrows; i++) {
		const struct trace_context stage = {.events = events,
						    .pid = (int)i + 1,
						    .row = &split->rows[i]};

		if (stage.row->call.npasses > 0)
			put_call(&stage);
	}
	return json_put(out,
			json_pack("{s:o,s:s,s:{s:s,s:I,s:I,s:i}}",
				  "traceEvents", events, "displayTimeUnit",
				  "ns", "otherData", "kernel", split->kernel,
				  "n", (json_int_t)split->n, "tiles",
				  (json_int_t)split->tiles, "workers",
				  (int)split->workers),
			DIGITS);
}
