/* SPDX-License-Identifier: MIT */
#include "bench/host/host.h"

#include "bench/host/epoch.h"
#include "bench/host/facts.h"
#include "bench/host/forkjoin.h"
#include "bench/host/memory_use.h"
#include "bench/host/plugin.h"
#include "bench/host/probe.h"
#include "bench/host/registry.h"
#include "bench/host/stamps.h"
#include "bench/protocol/request.h"
#include "bench/protocol/wire.h"
#include "core/clock.h"
#include "runners/process/self.h"
#include "system/cpu_clock.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

struct host {
	struct wire wire;
	json_t *order; /* what it was started with */
	const struct runner *runner;
	struct team team;
	int *cpus;
	struct topology *topology;
	enum memory memory;
	struct workload workload;
	const struct control *control; /* the last that was asked for */
	struct probe *probe;
	struct stamps *stamps; /* where the order asks for them */
	struct stamps_times times;
	struct cpu_clock clock; /* of all workers, as of the first epoch */
	bool clocked;
	int64_t open_ns; /* what creating the workers took */
	bool open;
};

static int answer(struct host *host, json_t *result)
{
	return wire_send(&host->wire, json_pack("{s:o}", "ok", result));
}

static int refuse(struct host *host, const char *kind, const char *message)
{
	return wire_send(&host->wire,
			 json_pack("{s:{s:s,s:s}}", "error", "kind", kind,
				   "message", message));
}

/* How an error of a runner is told to the conductor. */
static const char *kind_of(int error)
{
	return error == -ENOTSUP ? "skipped" : "failed";
}

static const char *order_string(const struct host *host, const char *key)
{
	const char *text = json_string_value(json_object_get(host->order, key));

	return text ? text : "";
}

static size_t order_count(const struct host *host, const char *key)
{
	json_int_t n = json_integer_value(json_object_get(host->order, key));

	return n > 0 ? (size_t)n : 0;
}

static int read_cpus(struct host *host)
{
	json_t *cpus = json_object_get(host->order, "cpus");

	if (!json_is_array(cpus))
		return 0;
	if (json_array_size(cpus) != host->team.workers)
		return -EINVAL;
	host->cpus = calloc(host->team.workers, sizeof(int));
	if (!host->cpus)
		return -ENOMEM;
	for (size_t i = 0; i < host->team.workers; i++)
		host->cpus[i] =
			(int)json_integer_value(json_array_get(cpus, i));
	host->team.cpus = host->cpus;
	return 0;
}

/* Become what the order says, up to the runner's options. */
static int host_understand(struct host *host, char error[SPEC_ERROR_MAX])
{
	const char *spec = order_string(host, "runner");
	int memory = memory_find(order_string(host, "memory"));

	host->memory = memory < 0 ? MEMORY_SHARED : (enum memory)memory;
	host->team.workers = (unsigned)order_count(host, "workers");
	if (host->team.workers == 0 || read_cpus(host) < 0) {
		snprintf(error, SPEC_ERROR_MAX, "the order makes no sense");
		return -EINVAL;
	}
	host->runner = registry_runner(spec, error);
	if (!host->runner)
		return -errno;
	return spec_parse(spec, host->runner->options, host->team.options,
			  error);
}

/* Libraries read their variables when they are loaded, which for a module is
 * over by now: live again, with them set. */
static int host_live_again(const struct host *host, char *order)
{
	char program[] = "breakeven", command[] = "host";
	char *argv[] = {program, command, order, NULL};
	int rc;

	if (!host->runner->environment || getenv(HOST_AGAIN))
		return 0;
	rc = host->runner->environment(&host->team);
	if (rc < 0)
		return rc;
	setenv(HOST_AGAIN, "1", 1);
	execv(self_program(), argv);
	return -errno;
}

/* Another program takes over from here. */
static int host_replace(struct host *host, char *order,
			char error[SPEC_ERROR_MAX])
{
	int rc;

	if (!host->runner->replace)
		return 0;
	rc = host->runner->replace(&host->team, order);
	snprintf(error, SPEC_ERROR_MAX, "%s", host->team.error);
	return rc;
}

static void try_kernel(struct host *host, const char *spec, size_t n)
{
	char error[SPEC_ERROR_MAX] = "";

	if (workload_try(spec, n, error))
		answer(host, json_object());
	else
		refuse(host, "invalid", error);
}

/* Of the runner or, where the order names one, of a kernel. */
static void describe(struct host *host)
{
	const char *kernel = order_string(host, "kernel");
	char error[SPEC_ERROR_MAX] = "";
	json_t *facts;

	if (!json_object_get(host->order, "kernel")) {
		answer(host, facts_runner(host->runner));
		return;
	}
	if (json_is_true(json_object_get(host->order, "try"))) {
		try_kernel(host, kernel, order_count(host, "n"));
		return;
	}
	facts = facts_kernel(kernel, order_count(host, "n"), error);
	if (facts)
		answer(host, facts);
	else
		refuse(host, "usage", error);
}

/* Kernels from files are loaded before there are workers, who are to have them,
 * too. What is wrong with one is told where it is asked for. */
static void load_plugins(const struct host *host)
{
	const json_t *plugins = json_object_get(host->order, "plugins");
	char error[SPEC_ERROR_MAX];

	for (size_t i = 0; i < json_array_size(plugins); i++)
		plugin_load(json_string_value(json_array_get(plugins, i)),
			    error);
}

static int host_map(struct host *host, char error[SPEC_ERROR_MAX])
{
	size_t size = order_count(host, "arena");
	bool image = host->runner->data == DATA_INHERITED;
	int rc;

	if (host->memory == MEMORY_PRIVATE &&
	    host->runner->data == DATA_SHARED) {
		snprintf(error, SPEC_ERROR_MAX,
			 "processes do not see one another's private memory");
		return -ENOTSUP;
	}
	if (host->memory == MEMORY_HUGE && image) {
		snprintf(error, SPEC_ERROR_MAX,
			 "copies on write are made of small pages");
		return -ENOTSUP;
	}
	rc = workload_map(&host->workload, host->memory, HOST_ARENA_FD, size,
			  host->team.workers, image);
	if (rc < 0)
		snprintf(error, SPEC_ERROR_MAX,
			 "%zu MiB of memory for data cannot be mapped: %s (see "
			 "ulimit -v and -f)",
			 size >> 20, strerror(-rc));
	return rc;
}

/* The memory of its jobs is mapped by now. */
static void make_team(struct host *host)
{
	struct workload *workload = &host->workload;
	bool in_file = host->memory != MEMORY_PRIVATE;

	host->team.bound = workload->common->bound;
	host->team.maps[TEAM_DATA] =
		(struct team_map){workload->arena.base, workload->arena.size,
				  in_file ? HOST_ARENA_FD : -1};
	host->team.maps[TEAM_COMMON] = (struct team_map){
		workload->common, workload->common_size, workload->common_fd};
	if (host->stamps)
		host->team.maps[TEAM_STAMPS] = stamps_map(host->stamps);
	host->team.crowded = host->team.workers >
			     topology_order(host->topology, PIN_NONE, NULL, 0);
}

/* Some create their workers at the first call only. */
static int open_runner(struct host *host)
{
	const struct job job = {
		.run = empty_job_nothing,
		.partials = host->workload.common->unused,
		.width = 1,
		.plan = plan_make(host->team.workers, 1),
	};
	int64_t start = now_ns();
	int rc = host->runner->open(&host->team);

	host->open = rc == 0;
	if (rc == 0)
		rc = host->runner->dispatch(&host->team, &job);
	host->open_ns = now_ns() - start;
	return rc;
}

static int host_open(struct host *host, char *order)
{
	char error[SPEC_ERROR_MAX] = "";
	int rc = host_understand(host, error);

	if (rc < 0) {
		refuse(host, rc == -ENOTSUP ? "skipped" : "usage", error);
		return rc;
	}
	if (json_is_true(json_object_get(host->order, "describe"))) {
		describe(host);
		return -ECANCELED;
	}
	rc = host_replace(host, order, error);
	if (rc == 0)
		rc = host_live_again(host, order);
	if (rc == 0)
		rc = topology_load(NULL, &host->topology, error, sizeof(error));
	host->team.topology = host->topology;
	if (rc == 0)
		rc = host_map(host, error);
	if (rc < 0) {
		refuse(host, kind_of(rc), error[0] ? error : strerror(-rc));
		return rc;
	}
	if (json_is_true(json_object_get(host->order, "stamps")))
		host->stamps = stamps_open();
	make_team(host);
	load_plugins(host);
	rc = open_runner(host);
	if (rc < 0)
		refuse(host, kind_of(rc), host->team.error);
	return rc;
}

static int report_open(struct host *host)
{
	json_t *bound = json_array();

	for (unsigned worker = 0; worker < host->team.workers; worker++)
		json_array_append_new(bound,
				      json_integer(host->team.bound[worker]));
	return answer(host, json_pack("{s:o,s:I}", "bound", bound, "open_ns",
				      (json_int_t)host->open_ns));
}

static int do_prepare(struct host *host, json_t *request)
{
	const char *kernel = "";
	char error[SPEC_ERROR_MAX] = "", digest[17];
	json_int_t n = 0;
	int base = 0, rc;

	json_unpack(request, "{s:s,s:I,s:b}", "kernel", &kernel, "n", &n,
		    "base", &base);
	/* What the base writes, others see only where they share it. */
	rc = workload_prepare(&host->workload, kernel, (size_t)n,
			      base || host->memory == MEMORY_PRIVATE, error);
	if (rc < 0)
		return refuse(host, rc == -EINVAL ? "usage" : "failed",
			      error[0] ? error : strerror(-rc));
	if (!base)
		return answer(host, json_object());
	if (!workload_prove(&host->workload, error))
		return refuse(host, "invalid", error);
	workload_digest(&host->workload, digest);
	return answer(host,
		      json_pack("{s:s,s:I}", "digest", digest, "tiles",
				(json_int_t)host->workload.job.plan.tiles));
}

static enum way way_of(json_t *request)
{
	const char *name = json_string_value(json_object_get(request, "way"));

	for (int i = 0; name && way_names[i]; i++)
		if (strcmp(name, way_names[i]) == 0)
			return (enum way)i;
	return WAY_RUNNER;
}

/* 0, or -EINVAL with `error` filled. */
static int epoch_of(struct host *host, json_t *request, struct epoch *epoch,
		    char error[SPEC_ERROR_MAX])
{
	const struct kernel *kernel = host->workload.kernel;

	if (!kernel) {
		snprintf(error, SPEC_ERROR_MAX, "nothing is prepared");
		return -EINVAL;
	}
	*epoch = (struct epoch){
		.runner = host->runner,
		.team = &host->team,
		.workload = &host->workload,
		.way = way_of(request),
	};
	if (epoch->way != WAY_HAND)
		return 0;
	if (!host->control || strcmp(host->control->kernel, kernel->name) != 0)
		host->control = registry_control(kernel->name,
						 host->runner->name, error);
	epoch->control = host->control;
	return epoch->control ? 0 : -EINVAL;
}

static int do_calibrate(struct host *host, json_t *request)
{
	char error[SPEC_ERROR_MAX];
	struct epoch epoch;
	double call_ns;
	size_t calls;
	int rc;

	if (epoch_of(host, request, &epoch, error) < 0)
		return refuse(host, "usage", error);
	rc = epoch_calibrate(
		&epoch,
		json_number_value(json_object_get(request, "target_ns")),
		&calls, &call_ns);
	if (rc < 0)
		return refuse(host, kind_of(rc), host->team.error);
	return answer(host, json_pack("{s:I,s:f}", "calls", (json_int_t)calls,
				      "call_ns", call_ns));
}

/* A direct run writes no partials to fold, and planted results are not right
 * on purpose. */
static bool verify(struct host *host, const struct epoch *epoch,
		   char error[SPEC_ERROR_MAX])
{
	if (epoch->way == WAY_DIRECT || host->runner->caps & RUNNER_PLANTED)
		return true;
	return workload_verify(&host->workload, error);
}

/* Of all workers, who are all there once there were calls. */
static int64_t cpu_ns(struct host *host)
{
	if (!host->clocked)
		host->clocked = cpu_clock_open(&host->clock, getpid()) == 0;
	return cpu_clock_exact_ns(&host->clock);
}

static int do_epoch(struct host *host, json_t *request)
{
	json_int_t calls =
		json_integer_value(json_object_get(request, "calls"));
	char error[SPEC_ERROR_MAX] = "an epoch has at least one call";
	char digest[17] = "";
	struct epoch epoch;
	int64_t ns, used = 0;

	if (calls < 1 || epoch_of(host, request, &epoch, error) < 0)
		return refuse(host, "usage", error);
	ns = epoch_warm(&epoch, (size_t)calls);
	if (ns == 0) {
		workload_poison(&host->workload);
		used = cpu_ns(host);
		ns = epoch_time(&epoch, (size_t)calls);
		used = cpu_ns(host) - used;
	}
	if (ns < 0)
		return refuse(host, kind_of((int)ns), host->team.error);
	if (!verify(host, &epoch, error))
		return refuse(host, "invalid", error);
	if (epoch.way == WAY_RUNNER)
		workload_digest(&host->workload, digest);
	return answer(host,
		      json_pack("{s:I,s:I,s:s}", "ns", (json_int_t)ns, "cpu_ns",
				(json_int_t)used, "digest", digest));
}

/* The CPUs of a request; returns how many. */
static unsigned take_cpus(const json_t *array, int *cpus)
{
	unsigned count = 0;

	while (count < PROBE_CPUS_MAX && count < json_array_size(array)) {
		cpus[count] =
			(int)json_integer_value(json_array_get(array, count));
		count++;
	}
	return count;
}

static int do_probe(struct host *host, json_t *request)
{
	struct canary canary = {0, 0};
	int cpus[PROBE_CPUS_MAX];
	unsigned count = take_cpus(json_object_get(request, "cpus"), cpus);
	double ns = -1;

	if (count < 2)
		return refuse(host, "usage", "a probe needs two CPUs");
	if (!host->probe)
		host->probe = probe_open(host->topology, cpus, count);
	if (!host->probe)
		return refuse(host, "failed", strerror(errno));
	if (probe_canary(host->probe, cpus, count, &canary) == 0)
		ns = probe_round_trip(host->probe);
	if (ns < 0)
		return refuse(host, "failed", "the probe's other end is gone");
	return answer(host, json_pack("{s:f,s:f,s:f}", "ns", ns, "together_ns",
				      canary.together_ns, "alone_ns",
				      canary.alone_ns));
}

static json_t *numbers(const double *values, size_t count)
{
	json_t *array = json_array();

	for (size_t i = 0; i < count; i++)
		json_array_append_new(array, json_real(values[i]));
	return array;
}

static int do_forkjoin(struct host *host, json_t *request)
{
	struct forkjoin forkjoin = {.runner = host->runner,
				    .team = &host->team};
	struct forkjoin_times times;
	double gap_ns = 0;
	json_int_t tiles = 1;
	int meet = 0, rc;

	json_unpack(request, "{s:b,s:I,s:F}", "rendezvous", &meet, "tiles",
		    &tiles, "gap_ns", &gap_ns);
	if (meet && (host->runner->data == DATA_INHERITED ||
		     host->runner->data == DATA_SHIPPED))
		return refuse(host, "skipped",
			      "workers that share no memory cannot meet");
	if (meet && host->runner->caps & RUNNER_TURNS)
		return refuse(host, "skipped",
			      "workers that take turns cannot meet");
	forkjoin.gap_ns = (int64_t)gap_ns;
	forkjoin.kind = meet ? EMPTY_JOB_RENDEZVOUS : EMPTY_JOB_PLAIN;
	host->workload.kernel = NULL; /* its data is overwritten */
	rc = empty_job_make(forkjoin.kind, (size_t)tiles, &host->workload.arena,
			    &forkjoin.job);
	if (rc < 0)
		return refuse(host, "failed", strerror(-rc));
	rc = forkjoin_time(&forkjoin, &times);
	if (rc < 0)
		return refuse(host, kind_of(rc), host->team.error);
	if (empty_job_missed(&forkjoin.job))
		return refuse(host, "failed",
			      "a worker did not come to a rendezvous within 2 "
			      "seconds");
	return answer(host,
		      json_pack("{s:o,s:f,s:f}", "ns",
				numbers(times.ns, times.samples), "cpu_ns",
				times.cpu_ns, "p99", times.p99));
}

static int do_memory_use(struct host *host, json_t *request)
{
	struct memory_use memory_use;
	struct cpu_clock processes;

	(void)request;
	if (cpu_clock_open(&processes, getpid()) < 0)
		return refuse(host, "failed", "out of memory");
	memory_use = memory_use_read(&processes);
	cpu_clock_close(&processes);
	return answer(host,
		      json_pack("{s:I,s:I,s:f,s:f}", "control",
				(json_int_t)host->team.control, "processes",
				(json_int_t)memory_use.processes, "pss_kib",
				memory_use.pss, "page_tables_kib",
				memory_use.page_tables));
}

static json_t *passes_json(const struct stamps_times *times)
{
	json_t *array = json_array();

	for (size_t p = 0; p < times->passes; p++)
		json_array_append_new(
			array,
			json_pack("[I,I]", (json_int_t)times->pass[p].called,
				  (json_int_t)times->pass[p].joined));
	return array;
}

static json_t *split_json(const struct stamps_times *times, const char *digest)
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
		(json_int_t)times->collected, "passes", passes_json(times),
		"digest", digest);
}

static int do_split(struct host *host, json_t *request)
{
	json_int_t calls =
		json_integer_value(json_object_get(request, "calls"));
	char error[SPEC_ERROR_MAX] = "an epoch has at least one call";
	char digest[17] = "";
	struct epoch epoch;
	int rc;

	host->times.tiles = host->times.passes = 0;
	if (calls < 1 || epoch_of(host, request, &epoch, error) < 0)
		return refuse(host, "usage", error);
	if (!host->stamps)
		return refuse(host, "failed",
			      "it was started without room for time stamps");
	if (host->runner->caps & RUNNER_PLANTED)
		return refuse(host, "skipped",
			      "its times are planted: it does not run every "
			      "tile");
	rc = stamps_measure(host->stamps, &epoch, (size_t)calls, &host->times);
	/* A tile that nobody ran has no stamp either. */
	if ((rc == 0 || rc == -ENOTSUP) &&
	    !workload_verify(&host->workload, error))
		return refuse(host, "invalid", error);
	if (rc < 0)
		return refuse(host, kind_of(rc), host->team.error);
	workload_digest(&host->workload, digest);
	return answer(host, split_json(&host->times, digest));
}

/* Some of them: a line of the protocol has an end. */
static int do_stamps(struct host *host, json_t *request)
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
	return answer(host, json_pack("{s:o}", "stamps", array));
}

static int serve_one(struct host *host, json_t *request)
{
	static const struct {
		const char *op;
		int (*serve)(struct host *, json_t *);
	} ops[] = {
		{"prepare", do_prepare},   {"calibrate", do_calibrate},
		{"epoch", do_epoch},	   {"probe", do_probe},
		{"forkjoin", do_forkjoin}, {"footprint", do_memory_use},
		{"split", do_split},	   {"stamps", do_stamps},
	};
	const char *op = json_string_value(json_object_get(request, "op"));

	for (size_t i = 0; op && i < sizeof(ops) / sizeof(*ops); i++)
		if (strcmp(op, ops[i].op) == 0)
			return ops[i].serve(host, request);
	return refuse(host, "usage", "there is no such request");
}

/* Until "close", or until the conductor is gone. */
static int serve(struct host *host)
{
	for (;;) {
		json_t *request;
		int rc = wire_receive(&host->wire, -1, -1, &request);

		if (rc < 0)
			return rc;
		if (json_object_get(request, "close")) {
			json_decref(request);
			return 0;
		}
		rc = serve_one(host, request);
		json_decref(request);
		if (rc < 0)
			return rc;
	}
}

static int host_close(struct host *host)
{
	int rc = 0;

	if (host->probe)
		probe_close(host->probe);
	cpu_clock_close(&host->clock);
	if (host->open)
		rc = host->runner->close(&host->team);
	topology_free(host->topology);
	if (host->workload.common)
		workload_unmap(&host->workload);
	stamps_close(host->stamps);
	free(host->cpus);
	json_decref(host->order);
	return rc;
}

int cmd_host(int argc, char **argv)
{
	/* More aligned than malloc's: a partial of the workload lies in it. */
	struct host *host = aligned_alloc(alignof(struct host), sizeof(*host));
	int rc = -EINVAL;

	if (!host)
		return 1;
	memset(host, 0, sizeof(*host));
	host->wire.fd = HOST_CONTROL_FD;
	prctl(PR_SET_NAME, "breakeven-host");
	if (argc == 2)
		host->order = json_loads(argv[1], 0, NULL);
	if (host->order)
		rc = host_open(host, argv[1]);
	if (rc == 0)
		rc = report_open(host);
	if (rc == 0)
		rc = serve(host);
	if (host_close(host) < 0)
		refuse(host, "failed", host->team.error);
	else if (rc == 0)
		answer(host, json_object());
	wire_close(&host->wire);
	free(host);
	return rc < 0;
}
