/* SPDX-License-Identifier: MIT */
#include "bench/commands.h"
#include "bench/engine.h"
#include "bench/interrupt.h"
#include "bench/leave_out.h"
#include "bench/list.h"
#include "bench/progress.h"
#include "bench/terminal.h"
#include "bench/usage.h"
#include "bench/workload.h"
#include "report/split.h"
#include "stats/stats.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	GENERATIONS = 3,
	ROUNDS = 7, /* in each */
	ALL_ROUNDS = GENERATIONS * ROUNDS,
	WORKERS_MAX = 256,
};

#define EPOCH_NS	1e6
#define DEFAULT_KERNEL	"sum"
#define DEFAULT_RUNNERS "fork,pthread,fork-pool,pthread-pool,openmp"
#define DEFAULT_ITEMS	(256 << 10)

struct trace_wishes {
	char *kernel;
	const char *runners, *out; /* out NULL: no trace is written */
	unsigned workers;	   /* 0: one per CPU */
	uint64_t n;
	bool json, quiet;
};

enum { KEY_FORMAT = 256, KEY_QUIET };

static const struct argp_option trace_options[] = {
	{"kernel", 'k', "KERNEL", 0,
	 "What to compute (default " DEFAULT_KERNEL ")", 0},
	{"items", 'n', "ITEMS", 0, "How many, as 1000 or 4Ki (default 256Ki)",
	 0},
	{"runners", 'r', "LIST", 0,
	 "Who computes it (default " DEFAULT_RUNNERS ")", 0},
	{"workers", 'w', "N", 0,
	 "Workers, the caller among them (default: one per CPU); may be more "
	 "than CPUs",
	 0},
	{"out", 'o', "FILE.json", 0,
	 "Also write one call of each runner in the Chrome trace-event format, "
	 "for ui.perfetto.dev",
	 0},
	{"format", KEY_FORMAT, "table|json", 0, "How to tell it", 0},
	{"quiet", KEY_QUIET, NULL, 0, "No progress on standard error", 0},
	{NULL, 0, NULL, 0, NULL, 0},
};

static error_t parse_workers(struct argp_state *state, const char *text,
			     unsigned *workers)
{
	char error[256];
	size_t one;

	if (list_counts(text, 1, WORKERS_MAX, workers, 1, &one, error,
			sizeof(error)) == 0)
		return 0;
	argp_error(state, "--workers: %s", error);
	return EINVAL;
}

static error_t parse_items(struct argp_state *state, const char *text,
			   uint64_t *n)
{
	char error[256] = "";
	uint64_t hi = 0;

	if (list_sizes(text, n, &hi, error, sizeof(error)) == 0 && hi == *n)
		return 0;
	argp_error(state, "--items takes one number of items, not '%s'%s%s",
		   text, error[0] ? ": " : "", error);
	return EINVAL;
}

static error_t trace_parse(int key, char *arg, struct argp_state *state)
{
	struct trace_wishes *wishes = state->input;

	switch (key) {
	case 'k':
		wishes->kernel = arg;
		return 0;
	case 'n':
		return parse_items(state, arg, &wishes->n);
	case 'r':
		wishes->runners = arg;
		return 0;
	case 'w':
		return parse_workers(state, arg, &wishes->workers);
	case 'o':
		wishes->out = arg;
		return 0;
	case KEY_FORMAT:
		return usage_format(state, arg, &wishes->json);
	case KEY_QUIET:
		wishes->quiet = true;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp trace_argp = {
	.options = trace_options,
	.parser = trace_parse,
	.doc = "Where the time of a call goes: creating workers, handing out, "
	       "computing, waiting for the slowest, coming back. From time "
	       "stamps that the workers write, and what those cost.",
};

/* ------------------------------------------------------------- measuring */

struct tracer {
	struct engine engine;
	struct topology *topology;
	struct progress progress;
	struct split split;
	/* By member, from ENGINE_BASE + 1 on, and by round. */
	struct split_row (*rows)[ALL_ROUNDS];
	char error[REMOTE_ERROR_MAX];
};

static void free_call(struct split_call *call)
{
	free(call->passes);
	free(call->tiles);
	*call = (struct split_call){.passes = NULL};
}

static struct split_row row_of(const struct member *member, json_t *result)
{
	const char *lifetime =
		json_string_value(json_object_get(member->facts, "lifetime"));
	struct split_row row = {
		.runner = member->spec,
		.workers = member->workers,
		.creates = lifetime && strcmp(lifetime, "per call") == 0,
		.open_ns = member->open_ns,
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

/* The caller is 0, others are counted as they appear. Where each pass has
 * workers of its own, they are counted anew in each. */
struct crew {
	json_int_t tids[WORKERS_MAX];
	unsigned count;
};

static unsigned number_of(struct crew *crew, json_int_t tid)
{
	for (unsigned w = 0; w < crew->count; w++)
		if (crew->tids[w] == tid)
			return w;
	if (crew->count == WORKERS_MAX)
		return WORKERS_MAX - 1;
	crew->tids[crew->count] = tid;
	return crew->count++;
}

/* What the host's answer says of the call, all but its tiles. */
static int take_passes(const json_t *result, struct split_call *call,
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

static void take_stamp(struct split_call *call, size_t index,
		       const json_t *stamp, json_int_t start, struct crew *crew,
		       bool creates)
{
	size_t tile = index % call->ntiles;

	if (tile == 0 && creates)
		crew->count = 1;
	call->tiles[index] = (struct split_tile){
		.tile = tile,
		.worker = number_of(
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
static int fetch_stamps(struct tracer *tracer, struct member *member,
			struct split_row *row, json_int_t caller,
			json_int_t start)
{
	struct split_call *call = &row->call;
	size_t all = call->npasses * call->ntiles, done = 0;
	struct crew crew = {.tids = {caller}, .count = 1};

	while (done < all) {
		json_t *result = NULL;
		const json_t *stamps;
		size_t count;
		int rc = engine_ask(&tracer->engine, member,
				    json_pack("{s:s,s:I}", "op", "stamps",
					      "from", (json_int_t)done),
				    &result);

		if (rc)
			return rc;
		stamps = json_object_get(result, "stamps");
		count = json_array_size(stamps);
		for (size_t i = 0; i < count && done < all; i++)
			take_stamp(call, done++, json_array_get(stamps, i),
				   start, &crew, row->creates);
		json_decref(result);
		if (count == 0)
			return REMOTE_FAILED;
	}
	return 0;
}

static int ask_split(struct tracer *tracer, size_t m, uint64_t calls,
		     json_t **result)
{
	struct member *member = &tracer->engine.members[m];
	const char *digest;
	int rc = engine_ask(&tracer->engine, member,
			    json_pack("{s:s,s:I}", "op", "split", "calls",
				      (json_int_t)calls),
			    result);

	if (rc)
		return rc;
	digest = json_string_value(json_object_get(*result, "digest"));
	if (digest && strcmp(digest, tracer->engine.digest) == 0)
		return 0;
	snprintf(member->remote.error, sizeof(member->remote.error),
		 "its result differs from serial's");
	return REMOTE_INVALID;
}

static int measure(struct tracer *tracer, size_t m, size_t round)
{
	struct engine *engine = &tracer->engine;
	struct member *member = &engine->members[m];
	struct split_row *row = &tracer->rows[m - 1][round];
	json_int_t start = 0, caller;
	json_t *result = NULL;
	uint64_t calls = 1;
	double call_ns;
	int rc = engine_ask(
		engine, member,
		engine_prepare_request(engine, 0, tracer->split.n, false),
		NULL);

	if (rc == 0)
		rc = engine_calibrate(engine, m, WAY_RUNNER, &calls, &call_ns);
	if (rc == 0)
		rc = ask_split(tracer, m, calls, &result);
	if (rc == 0) {
		*row = row_of(member, result);
		caller = json_integer_value(json_object_get(result, "caller"));
		rc = take_passes(result, &row->call, &start)
			     ? REMOTE_FAILED
			     : fetch_stamps(tracer, member, row, caller, start);
	}
	json_decref(result);
	return rc;
}

/* A member that fails drops out. */
static int measure_or_drop(struct tracer *tracer, size_t m, size_t round)
{
	struct member *member = &tracer->engine.members[m];
	int rc = measure(tracer, m, round);

	if (rc == 0 || rc == REMOTE_INTERRUPTED)
		return rc;
	remote_kill(&member->remote);
	member->out = (enum remote_error)rc;
	return 0;
}

/* Everybody once; who begins moves on from round to round. */
static int one_round(struct tracer *tracer, size_t round)
{
	struct engine *engine = &tracer->engine;
	size_t others = engine->nmembers - 1;
	int rc = engine_prepare(engine, 0, tracer->split.n);

	if (rc) {
		snprintf(tracer->error, sizeof(tracer->error), "%s",
			 engine->members[ENGINE_BASE].remote.error);
		return rc;
	}
	for (size_t i = 0; rc == 0 && i < others; i++) {
		size_t m = 1 + (i + round) % others;
		struct reading reading;

		if (engine->members[m].out)
			continue;
		rc = engine_probe(engine, &reading);
		if (rc == 0)
			rc = measure_or_drop(tracer, m, round);
		if (rc == 0)
			tracer->rows[m - 1][round].trip_ns = reading.trip_ns;
	}
	return rc;
}

static int measure_all(struct tracer *tracer)
{
	int rc = 0;

	for (size_t round = 0; rc == 0 && round < ALL_ROUNDS &&
			       engine_has_company(&tracer->engine);
	     round++) {
		progress_part(&tracer->progress,
			      (double)round / (double)ALL_ROUNDS);
		progress_show(&tracer->progress, "round %zu of %d", round + 1,
			      ALL_ROUNDS);
		if (round % ROUNDS == 0)
			rc = engine_generation(&tracer->engine,
					       (unsigned)(round / ROUNDS) + 1,
					       tracer->error);
		if (rc == 0)
			rc = one_round(tracer, round);
	}
	return rc;
}

/* ------------------------------------------------------------- telling */

static int by_call(const void *a, const void *b)
{
	double x = ((const struct split_row *)a)->call_ns;
	double y = ((const struct split_row *)b)->call_ns;

	return (x > y) - (x < y);
}

/* The middle one of a member's rounds, as it was: its parts add up. What the
 * stamps cost is a small difference, and taken from all rounds. */
static struct split_row middle_row(struct split_row *rounds)
{
	double stamps[ALL_ROUNDS];
	struct split_row row;

	for (size_t r = 0; r < ALL_ROUNDS; r++)
		stamps[r] = rounds[r].stamps;
	stats_sort(stamps, ALL_ROUNDS);
	qsort(rounds, ALL_ROUNDS, sizeof(*rounds), by_call);
	row = rounds[ALL_ROUNDS / 2];
	row.stamps = stats_median(stamps, ALL_ROUNDS);
	return row;
}

/* Rows of those who came through, reasons for the others. */
static int sum_up(struct tracer *tracer)
{
	const struct engine *engine = &tracer->engine;
	struct split *split = &tracer->split;

	split->rows = calloc(engine->nmembers, sizeof(*split->rows));
	if (!split->rows)
		return REMOTE_FAILED;
	for (size_t m = ENGINE_BASE + 1; m < engine->nmembers; m++) {
		const struct member *member = &engine->members[m];
		bool failed = member->out == REMOTE_FAILED ||
			      member->out == REMOTE_INVALID;

		if (!member->out)
			split->rows[split->nrows++] =
				middle_row(tracer->rows[m - 1]);
		else if (leave_out(&split->left_out, failed,
				   member->remote.error, "%s", member->spec))
			return REMOTE_FAILED;
	}
	split->tiles = engine->tiles;
	return 0;
}

static int write_trace(const struct split *split, const char *path)
{
	FILE *out = fopen(path, "w");
	int rc = out ? split_trace(split, out) : -errno;

	if (out && fclose(out) != 0 && rc == 0)
		rc = -errno;
	if (rc == 0)
		return 0;
	fprintf(stderr, "breakeven trace: %s cannot be written: %s\n", path,
		strerror(-rc));
	return 1;
}

static int tell(const struct tracer *tracer, const struct trace_wishes *wishes)
{
	const struct split *split = &tracer->split;
	struct report_style style;
	int rc;

	if (wishes->out && write_trace(split, wishes->out))
		return 1;
	terminal_style(&style);
	rc = wishes->json ? split_json(split, stdout)
			  : split_table(split, stdout, &style);
	if (output_finish("breakeven trace") || rc < 0)
		return 1;
	return split_is_whole(split) ? 0 : 1;
}

/* ------------------------------------------------------------- the command */

static int open_engine(struct tracer *tracer, const char *runners)
{
	char **specs;
	size_t nspecs;
	int rc;

	if (list_split(runners, &specs, &nspecs) < 0) {
		snprintf(tracer->error, sizeof(tracer->error),
			 "the list of runners is empty, or an item of it is");
		return REMOTE_USAGE;
	}
	rc = engine_open(&tracer->engine, specs, nspecs, &tracer->split.workers,
			 1, tracer->error);
	list_free(specs, nspecs);
	return rc;
}

static int open_tracer(struct tracer *tracer, struct trace_wishes *wishes)
{
	struct split *split = &tracer->split;
	char error[SPEC_ERROR_MAX] = "";
	size_t size = workload_size(wishes->kernel, wishes->n, error);
	int rc;

	if (size == 0) {
		snprintf(tracer->error, sizeof(tracer->error), "%s", error);
		return REMOTE_USAGE;
	}
	if (topology_load(NULL, &tracer->topology, tracer->error,
			  sizeof(tracer->error)) < 0)
		return REMOTE_FAILED;
	split->kernel = wishes->kernel;
	split->n = wishes->n;
	split->rounds = ALL_ROUNDS;
	split->generations = GENERATIONS;
	split->workers = wishes->workers;
	if (!split->workers)
		split->workers =
			topology_order(tracer->topology, PIN_CORE, NULL, 0);
	tracer->engine = (struct engine){
		.topology = tracer->topology,
		.pin = PIN_CORE,
		.kernels = &wishes->kernel,
		.nkernels = 1,
		.epoch_ns = EPOCH_NS,
		.interrupt_fd = interrupt_open(),
		.oversubscribe = true,
		.stamps = true,
		.arena_size = size,
		.arena_fd = -1,
		.notice = progress_notice,
	};
	rc = open_engine(tracer, wishes->runners);
	if (rc)
		return rc;
	tracer->rows = calloc(tracer->engine.nmembers, sizeof(*tracer->rows));
	return tracer->rows ? 0 : REMOTE_FAILED;
}

static int run(struct tracer *tracer, struct trace_wishes *wishes)
{
	int rc = open_tracer(tracer, wishes);

	progress_init(&tracer->progress, wishes->quiet, 0);
	if (rc == 0)
		rc = measure_all(tracer);
	progress_clear(&tracer->progress);
	if (rc == 0)
		rc = sum_up(tracer);
	if (rc == 0)
		return tell(tracer, wishes);
	if (rc == REMOTE_INTERRUPTED)
		return interrupt_status(tracer->engine.interrupt_fd);
	fprintf(stderr, "breakeven trace: %s\n",
		tracer->error[0] ? tracer->error : "out of memory");
	return rc == REMOTE_USAGE ? 2 : 1;
}

static void free_tracer(struct tracer *tracer)
{
	for (size_t m = 1; tracer->rows && m < tracer->engine.nmembers; m++)
		for (size_t r = 0; r < ALL_ROUNDS; r++)
			free_call(&tracer->rows[m - 1][r].call);
	free(tracer->rows);
	free(tracer->split.rows);
	left_out_free(&tracer->split.left_out);
	if (tracer->topology)
		engine_close(&tracer->engine);
	topology_free(tracer->topology);
}

int cmd_trace(int argc, char **argv)
{
	char kernel[] = DEFAULT_KERNEL;
	struct trace_wishes wishes = {
		.kernel = kernel,
		.runners = DEFAULT_RUNNERS,
		.n = DEFAULT_ITEMS,
	};
	struct tracer tracer = {.topology = NULL};
	int status = usage_parse(&trace_argp, argc, argv, &wishes);

	if (status)
		return usage_status(status);
	status = run(&tracer, &wishes);
	free_tracer(&tracer);
	return status;
}
