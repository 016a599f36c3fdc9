/* SPDX-License-Identifier: MIT */
#include "bench/host/host_state.h"

#include "bench/host/forkjoin.h"
#include "bench/host/host_ranks.h"
#include "bench/host/memory_use.h"
#include "bench/host/page_nodes.h"
#include "bench/host/probe.h"
#include "bench/host/registry.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static int request_open(struct host *host, json_t *request)
{
	json_t *bound;
	int rc;

	(void)request;
	if (host->open)
		return host_refuse_as(host, ERROR_USAGE,
				      "the runner is open already");
	if (host_needs_launch(host))
		return host_launch(host);
	rc = host_open_runner(host);
	if (rc < 0)
		return host_refuse_runner(host, rc);
	bound = json_array();
	for (unsigned worker = 0; worker < host->team.workers; worker++)
		json_array_append_new(bound,
				      json_integer(host->team.bound[worker]));
	return host_answer(host,
			   json_pack("{s:o,s:I}", "bound", bound, "open_ns",
				     (json_int_t)host->open_ns));
}

/* For how many workers a call of the host's runner is cut. */
static unsigned request_own_cut(const struct host *host)
{
	return host->runner->unit == UNIT_NONE ? 1 : host->team.workers;
}

/* What comes out of each of the cuts that are asked for; the workload was just
 * computed, cut for one worker. NULL: something wrong, as `error` says. */
static json_t *request_take_cuts(struct host *host, const json_t *cuts,
				 struct error *error)
{
	struct workload *workload = &host->workload;
	json_t *list = json_array();
	char digest[17];

	for (size_t i = 0; i < json_array_size(cuts); i++) {
		json_int_t workers =
			json_integer_value(json_array_get(cuts, i));
		bool computed = i == 0 && workers == 1;

		workload_cut(workload, (unsigned)workers);
		if (workload->kernel->combine && !computed &&
		    !workload_compute(workload, error)) {
			json_decref(list);
			return NULL;
		}
		workload_digest(workload, digest);
		json_array_append_new(
			list,
			json_pack("{s:I,s:I,s:s}", "workers", workers, "tiles",
				  (json_int_t)workload->job.plan.tiles,
				  "digest", digest));
	}
	return list;
}

/* What the base says of what it has filled: with how many pages on which node,
 * and why they are not where they were asked for. */
static json_t *request_prepared(const struct host *host, json_t *cuts)
{
	const struct workload *workload = &host->workload;
	json_t *answer = json_pack("{s:o}", "cuts", cuts);

	if (!workload->nodes)
		return answer;
	json_object_set_new(answer, "nodes",
			    page_nodes_count(host->topology, workload));
	if (workload->unplaced)
		json_object_set_new(answer, "unplaced",
				    json_string(strerror(-workload->unplaced)));
	return answer;
}

static int request_prepare(struct host *host, json_t *request)
{
	const char *kernel = "";
	json_t *cuts;
	struct error error;
	json_int_t n = 0;
	int base = 0, known = 0, rc;
	bool good;

	json_unpack(request, "{s:s,s:I,s:b,s?b}", "kernel", &kernel, "n", &n,
		    "base", &base, "known", &known);
	/* Other hosts see what the base writes only if they share its memory.
	 */
	rc = workload_prepare(&host->workload, kernel, (size_t)n,
			      base || host->memory == MEMORY_PRIVATE, &error);
	if (rc)
		return host_refuse(host, &error);
	if (host_keep_partials(host) < 0)
		return host_refuse_as(host, ERROR_FAILED, "out of memory");
	host->fresh = true;
	/* Samples are enough where every item has been looked at before. */
	host->workload.whole = !known;
	if (!base)
		return host_answer(host, json_object());
	good = known ? workload_compute(&host->workload, &error)
		     : workload_prove(&host->workload, &error);
	if (!good)
		return host_refuse(host, &error);
	cuts = request_take_cuts(host, json_object_get(request, "cuts"),
				 &error);
	return cuts ? host_answer(host, request_prepared(host, cuts))
		    : host_refuse(host, &error);
}

static enum way request_find_way(json_t *request)
{
	const char *name = json_string_value(json_object_get(request, "way"));

	for (int i = 0; name && way_names[i]; i++)
		if (strcmp(name, way_names[i]) == 0)
			return (enum way)i;
	return WAY_RUNNER;
}

static unsigned request_asked_cut(json_t *request)
{
	json_int_t workers =
		json_integer_value(json_object_get(request, "cut"));

	return workers < 1 ? 1 : (unsigned)workers;
}

/* The epoch that the request asks for, less its calls. 0, or a kind of error.
 */
static int request_make_epoch(struct host *host, json_t *request,
			      struct epoch *epoch, struct error *error)
{
	const struct kernel *kernel = host->workload.kernel;

	if (!kernel)
		return error_set(error, ERROR_USAGE, "nothing is prepared");
	*epoch = (struct epoch){
		.runner = host->runner,
		.team = &host->team,
		.workload = &host->workload,
		.way = request_find_way(request),
		.fresh = host->fresh,
	};
	host_cut(host, epoch->way == WAY_TILES ? request_asked_cut(request)
					       : request_own_cut(host));
	if (epoch->way != WAY_HAND)
		return 0;
	if (!host->control || strcmp(host->control->kernel, kernel->name) != 0)
		host->control = registry_control(kernel->name,
						 host->runner->name, error);
	epoch->control = host->control;
	return epoch->control ? 0 : error->kind;
}

/* The same, with the calls of an epoch. */
static int request_make_calls(struct host *host, json_t *request,
			      struct epoch *epoch, size_t *calls,
			      struct error *error)
{
	json_int_t wanted =
		json_integer_value(json_object_get(request, "calls"));

	if (wanted < 1)
		return error_set(error, ERROR_USAGE,
				 "an epoch has at least one call");
	*calls = (size_t)wanted;
	return request_make_epoch(host, request, epoch, error);
}

static int request_calibrate(struct host *host, json_t *request)
{
	struct error error;
	struct epoch epoch = {.runner = NULL};
	double call_ns;
	size_t calls = 0;
	int rc;

	if (request_make_epoch(host, request, &epoch, &error))
		return host_refuse(host, &error);
	rc = epoch_calibrate(
		&epoch,
		json_number_value(json_object_get(request, "target_ns")),
		&calls, &call_ns);
	if (rc < 0)
		return host_refuse_runner(host, rc);
	return host_answer(host,
			   json_pack("{s:I,s:f}", "calls", (json_int_t)calls,
				     "call_ns", call_ns));
}

/* Planted results are not right on purpose. */
static bool request_verify(struct host *host, struct error *error)
{
	return host->runner->caps & RUNNER_PLANTED ||
	       workload_verify(&host->workload, error);
}

/* CPU time of all workers, which all exist after the first call. */
static int64_t request_cpu_ns(struct host *host)
{
	if (!host->clocked)
		host->clocked = cpu_clock_open(&host->clock, getpid()) == 0;
	return cpu_clock_exact_ns(&host->clock) +
	       runner_ranks_ns(host->runner, &host->team);
}

static int request_epoch(struct host *host, json_t *request)
{
	size_t calls = 0;
	struct error error;
	char digest[17] = "";
	struct epoch epoch = {.runner = NULL};
	int64_t ns, used = 0;

	if (request_make_calls(host, request, &epoch, &calls, &error))
		return host_refuse(host, &error);
	epoch.call_ns = json_number_value(json_object_get(request, "call_ns"));
	ns = epoch_warm(&epoch, calls);
	host->fresh = false;
	if (ns == 0) {
		workload_poison(&host->workload);
		if (host->joined)
			host->runner->ranks->spoil(&host->team);
		used = request_cpu_ns(host);
		ns = epoch_time(&epoch, calls);
		used = request_cpu_ns(host) - used;
	}
	if (ns < 0)
		return host_refuse_runner(host, (int)ns);
	if (!request_verify(host, &error))
		return host_refuse(host, &error);
	if (epoch.way == WAY_RUNNER)
		workload_digest(&host->workload, digest);
	return host_answer(host, json_pack("{s:I,s:I,s:s}", "ns",
					   (json_int_t)ns, "cpu_ns",
					   (json_int_t)used, "digest", digest));
}

/* The CPUs of a request; returns how many. */
static unsigned request_take_cpus(const json_t *array, int *cpus)
{
	unsigned count = 0;

	while (count < PROBE_CPUS_MAX && count < json_array_size(array)) {
		cpus[count] =
			(int)json_integer_value(json_array_get(array, count));
		count++;
	}
	return count;
}

static int request_probe(struct host *host, json_t *request)
{
	struct interference interference = {0, 0};
	int cpus[PROBE_CPUS_MAX];
	unsigned count =
		request_take_cpus(json_object_get(request, "cpus"), cpus);
	double ns = -1;

	if (count < 2)
		return host_refuse_as(host, ERROR_USAGE,
				      "a probe needs two CPUs");
	if (!host->probe)
		host->probe = probe_open(host->topology, cpus, count);
	if (!host->probe)
		return host_refuse_as(host, ERROR_FAILED, strerror(errno));
	if (probe_interference(host->probe, cpus, count, &interference) == 0)
		ns = probe_round_trip(host->probe);
	if (ns < 0)
		return host_refuse_as(host, ERROR_FAILED,
				      "the probe's other end is gone");
	return host_answer(host,
			   json_pack("{s:f,s:f,s:f}", "ns", ns, "together_ns",
				     interference.together_ns, "alone_ns",
				     interference.alone_ns));
}

static json_t *request_numbers(const double *values, size_t count)
{
	json_t *array = json_array();

	for (size_t i = 0; i < count; i++)
		json_array_append_new(array, json_real(values[i]));
	return array;
}

static int request_forkjoin(struct host *host, json_t *request)
{
	struct forkjoin forkjoin = {.runner = host->runner,
				    .team = &host->team};
	struct forkjoin_times times;
	double gap_ns = 0;
	json_int_t tiles = 1;
	int meet = 0, rc;

	host->workload.kernel = NULL; /* its data is overwritten */
	json_unpack(request, "{s:b,s:I,s:F}", "rendezvous", &meet, "tiles",
		    &tiles, "gap_ns", &gap_ns);
	if (meet && (host->runner->data == DATA_INHERITED ||
		     host->runner->data == DATA_SHIPPED ||
		     host->runner->data == DATA_RESIDENT))
		return host_refuse_as(
			host, ERROR_SKIPPED,
			"workers that share no memory cannot meet");
	if (meet && host->runner->caps & RUNNER_TURNS)
		return host_refuse_as(host, ERROR_SKIPPED,
				      "workers that take turns cannot meet");
	forkjoin.gap_ns = (int64_t)gap_ns;
	forkjoin.kind = meet ? EMPTY_JOB_RENDEZVOUS : EMPTY_JOB_PLAIN;
	rc = empty_job_make(forkjoin.kind, (size_t)tiles, &host->workload.arena,
			    &forkjoin.job);
	if (rc < 0)
		return host_refuse_as(host, ERROR_FAILED, strerror(-rc));
	rc = forkjoin_time(&forkjoin, &times);
	if (rc < 0)
		return host_refuse_runner(host, rc);
	if (empty_job_missed(&forkjoin.job))
		return host_refuse_as(
			host, ERROR_FAILED,
			"a worker did not come to a rendezvous within 2 "
			"seconds");
	return host_answer(host,
			   json_pack("{s:o,s:f,s:f}", "ns",
				     request_numbers(times.ns, times.samples),
				     "cpu_ns", times.cpu_ns, "p99", times.p99));
}

static int request_memory_use(struct host *host, json_t *request)
{
	struct memory_use memory_use;
	struct cpu_clock processes;

	(void)request;
	if (host->joined)
		return host_refuse_as(host, ERROR_SKIPPED,
				      "its workers are hosts of their own");
	if (cpu_clock_open(&processes, getpid()) < 0)
		return host_refuse_as(host, ERROR_FAILED, "out of memory");
	memory_use = memory_use_read(&processes);
	cpu_clock_close(&processes);
	return host_answer(
		host, json_pack("{s:I,s:I,s:f,s:f}", "control",
				(json_int_t)host->team.control, "processes",
				(json_int_t)memory_use.processes, "pss_kib",
				memory_use.pss, "page_tables_kib",
				memory_use.page_tables));
}

static json_t *request_passes_json(const struct stamps_times *times)
{
	json_t *array = json_array();

	for (size_t p = 0; p < times->passes; p++)
		json_array_append_new(
			array,
			json_pack("[I,I]", (json_int_t)times->pass[p].called,
				  (json_int_t)times->pass[p].joined));
	return array;
}

static json_t *request_split_json(const struct stamps_times *times,
				  const char *digest)
{
	const struct stamps_parts *parts = &times->parts;

	return json_pack(
		"{s:f,s:f,s:f,s:f,s:f,s:f,s:f,s:f,s:f,s:f,s:I,s:i,s:I,s:I,s:o,"
		"s:s}",
		"plain_ns", times->plain_ns, "stamped_ns", times->stamped_ns,
		"call_ns", parts->call, "create_ns", parts->create,
		"dispatch_ns", parts->dispatch, "compute_ns", parts->compute,
		"wait_ns", parts->wait, "join_ns", parts->join, "collect_ns",
		parts->collect, "workers", parts->workers, "calls",
		(json_int_t)times->calls, "caller", times->caller, "tiles",
		(json_int_t)times->tiles, "collected",
		(json_int_t)times->collected, "passes",
		request_passes_json(times), "digest", digest);
}

static int request_split(struct host *host, json_t *request)
{
	size_t calls = 0;
	struct error error;
	char digest[17] = "";
	struct epoch epoch = {.runner = NULL};
	int rc;

	host->times.tiles = host->times.passes = 0;
	if (host->runner->ranks)
		return host_refuse_as(host, ERROR_SKIPPED,
				      "its workers are hosts of their own");
	if (request_make_calls(host, request, &epoch, &calls, &error))
		return host_refuse(host, &error);
	if (!host->stamps)
		return host_refuse_as(
			host, ERROR_FAILED,
			"it was started without room for time stamps");
	if (host->runner->caps & RUNNER_PLANTED)
		return host_refuse_as(
			host, ERROR_SKIPPED,
			"its times are planted: it does not run every "
			"tile");
	rc = stamps_measure(host->stamps, &epoch, calls, &host->times);
	/* A tile that was not run has no stamp either. */
	if ((rc == 0 || rc == -ENOTSUP) &&
	    !workload_verify(&host->workload, &error))
		return host_refuse(host, &error);
	if (rc < 0)
		return host_refuse_runner(host, rc);
	workload_digest(&host->workload, digest);
	return host_answer(host, request_split_json(&host->times, digest));
}

/* Some of them: a line of the protocol has an end. */
static int request_stamps(struct host *host, json_t *request)
{
	enum { AT_ONCE = 512 };
	const struct stamps_times *times = &host->times;
	size_t end = times->passes * times->tiles;
	json_int_t from = json_integer_value(json_object_get(request, "from"));
	json_t *array = json_array();

	for (size_t i = from < 0 ? end : (size_t)from;
	     i < end && json_array_size(array) < AT_ONCE; i++)
		json_array_append_new(
			array, json_pack("[i,i,I,I]", times->stamps[i].tid,
					 times->stamps[i].cpu,
					 (json_int_t)times->stamps[i].begin,
					 (json_int_t)times->stamps[i].end));
	return host_answer(host, json_pack("{s:o}", "stamps", array));
}

int host_serve(struct host *host, json_t *request)
{
	static const struct {
		const char *op;
		int (*serve)(struct host *, json_t *);
		bool needs_workers, by_each_rank;
	} ops[] = {
		{"open", request_open, false, true},
		{"prepare", request_prepare, true, true},
		{"calibrate", request_calibrate, true, false},
		{"epoch", request_epoch, true, false},
		{"probe", request_probe, false, false},
		{"forkjoin", request_forkjoin, true, false},
		{"footprint", request_memory_use, true, false},
		{"split", request_split, true, false},
		{"stamps", request_stamps, true, false},
	};
	const char *op = json_string_value(json_object_get(request, "op"));

	for (size_t i = 0; op && i < sizeof(ops) / sizeof(*ops); i++) {
		if (strcmp(op, ops[i].op) != 0)
			continue;
		if (ops[i].needs_workers && !host->open)
			return host_refuse_as(host, ERROR_USAGE,
					      "the runner is not open yet");
		host->followed = host->joined && !ops[i].by_each_rank;
		return host->followed && host->team.self
			       ? host_follow(host, request)
			       : ops[i].serve(host, request);
	}
	return host_refuse_as(host, ERROR_USAGE, "there is no such request");
}
