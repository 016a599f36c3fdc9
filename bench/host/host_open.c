/* SPDX-License-Identifier: MIT */
#include "bench/host/host_state.h"

#include "bench/host/build_facts.h"
#include "bench/host/empty_job.h"
#include "bench/host/environment.h"
#include "bench/host/facts.h"
#include "bench/host/host.h"
#include "bench/host/host_ranks.h"
#include "bench/host/plugin.h"
#include "bench/host/registry.h"
#include "bench/protocol/request.h"
#include "core/clock.h"
#include "system/self.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *host_order_string(const struct host *host, const char *key)
{
	const char *text = json_string_value(json_object_get(host->order, key));

	return text ? text : "";
}

static size_t host_order_count(const struct host *host, const char *key)
{
	json_int_t n = json_integer_value(json_object_get(host->order, key));

	return n > 0 ? (size_t)n : 0;
}

static int host_read_cpus(struct host *host)
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

/* Before workers are created, which is timed. Without them, a pool takes its
 * workers for neighbours. */
static void host_find_borders(struct host *host)
{
	if (!host->cpus)
		return;
	host->borders = calloc(host->team.workers, sizeof(*host->borders));
	if (host->borders)
		topology_borders(host->topology, host->cpus, host->team.workers,
				 host->borders);
	host->team.borders = host->borders;
}

/* Read the order, up to the runner's options. 0, or a kind of error. */
static int host_understand(struct host *host, struct error *error)
{
	const char *spec = host_order_string(host, "runner");
	int memory = memory_find(host_order_string(host, "memory"));

	host->memory = memory < 0 ? MEMORY_SHARED : (enum memory)memory;
	host->team.workers = (unsigned)host_order_count(host, "workers");
	host->team.ranks = host->team.workers;
	if (host->team.workers == 0 || host_read_cpus(host) < 0)
		return error_set(error, ERROR_USAGE,
				 "the order makes no sense");
	host->runner = registry_runner(spec, error);
	if (!host->runner)
		return error->kind;
	return spec_parse(spec, host->runner->options, host->team.options,
			  error);
}

/* Libraries read their variables when they are loaded, which has happened for a
 * module: set them and execute again. */
static int host_live_again(const struct host *host, char *order,
			   struct error *error)
{
	char program[] = "breakeven", command[] = "host";
	char *argv[] = {program, command, order, host->token, NULL};
	int rc;

	if (!host->runner->environment || getenv(HOST_AGAIN))
		return 0;
	rc = host->runner->environment(&host->team);
	if (rc == 0) {
		setenv(HOST_AGAIN, "1", 1);
		execv(self_program(), argv);
		rc = -errno;
	}
	return error_set(error, rc == -ENOTSUP ? ERROR_SKIPPED : ERROR_FAILED,
			 "%s", strerror(-rc));
}

/* Another program takes over from here, for runners that are one. */
static int host_replace(struct host *host, char *order, struct error *error)
{
	int rc = host->runner->replace
			 ? host->runner->replace(&host->team, order)
			 : 0;

	return rc == 0 ? 0 : host_set_runner_error(host, rc, error);
}

static void host_try_kernel(struct host *host, const char *spec, size_t n)
{
	struct error error;

	if (workload_try(spec, n, &error))
		host_answer(host, json_object());
	else
		host_refuse(host, &error);
}

/* Describe the runner or, if the order says so, a kernel or the build. */
static void host_describe(struct host *host)
{
	const char *kernel = host_order_string(host, "kernel");
	struct error error;
	json_t *facts;

	if (json_is_true(json_object_get(host->order, "build"))) {
		host_answer(host, build_json());
		return;
	}
	if (!json_object_get(host->order, "kernel")) {
		host_answer(host, facts_runner(host->runner));
		return;
	}
	if (json_is_true(json_object_get(host->order, "try"))) {
		host_try_kernel(host, kernel, host_order_count(host, "n"));
		return;
	}
	facts = facts_kernel(kernel, host_order_count(host, "n"), &error);
	if (facts)
		host_answer(host, facts);
	else
		host_refuse(host, &error);
}

/* Load kernels from files before there are workers, which need them, too. An
 * error is reported when the kernel is prepared. */
static void host_load_plugins(const struct host *host)
{
	const json_t *plugins = json_object_get(host->order, "plugins");
	struct error error;

	for (size_t i = 0; i < json_array_size(plugins); i++)
		plugin_load(json_string_value(json_array_get(plugins, i)),
			    &error);
}

static int host_map(struct host *host, struct error *error)
{
	size_t size = host_order_count(host, "arena");
	bool image = host->runner->data == DATA_INHERITED;
	int rc;

	if (host->memory == MEMORY_PRIVATE && host->runner->data == DATA_SHARED)
		return error_set(error, ERROR_SKIPPED,
				 "processes do not see one another's private "
				 "memory");
	if (host->memory == MEMORY_HUGE && image)
		return error_set(error, ERROR_SKIPPED,
				 "copies on write are made of small pages");
	rc = workload_map(&host->workload, host->memory, host->arena_fd, size,
			  host->team.workers, image);
	return rc == 0 ? 0
		       : error_set(error, ERROR_FAILED,
				   "%zu MiB of memory for data cannot be "
				   "mapped: %s (see ulimit -v and -f)",
				   size >> 20, strerror(-rc));
}

/* The memory of its jobs is mapped by now. */
static void host_make_team(struct host *host)
{
	struct workload *workload = &host->workload;
	bool in_file = host->memory != MEMORY_PRIVATE;

	/* A rank's memory is its own, and where it touches it. */
	if (host->nodes.count && !host->joined)
		workload->nodes = &host->nodes;
	host->team.bound = workload->common->bound;
	host->team.maps[TEAM_DATA] =
		(struct team_map){workload->arena.base, workload->arena.size,
				  in_file ? host->arena_fd : -1};
	host->team.maps[TEAM_COMMON] = (struct team_map){
		workload->common, workload->common_size, workload->common_fd};
	if (host->stamps)
		host->team.maps[TEAM_STAMPS] = stamps_map(host->stamps);
	host->team.oversubscribed =
		host->team.workers >
		topology_order(host->topology, PIN_NONE, NULL, 0);
}

int host_open_runner(struct host *host)
{
	const struct job job = empty_job_plain(host->workload.common->unused,
					       host->team.workers);
	int64_t start = host->team.began_ns ? host->team.began_ns : now_ns();
	int rc = host->runner->open(&host->team);

	host->open = rc == 0;
	if (rc == 0)
		host_adopt_memory(host);
	if (rc == 0)
		rc = host->runner->dispatch(&host->team, &job);
	host->open_ns = now_ns() - start;
	return rc;
}

/* All that a team needs: its program, the CPUs, memory. 0, or a kind of
 * error. */
static int host_prepare(struct host *host, char *order, struct error *error)
{
	int rc = host_replace(host, order, error);

	if (rc == 0)
		rc = host_live_again(host, order, error);
	if (rc == 0)
		rc = host_join(host, error);
	if (rc == 0)
		rc = topology_load(NULL, &host->topology, error);
	if (rc)
		return rc;
	host->team.topology = host->topology;
	host_find_borders(host);
	if (page_nodes_read(&host->nodes, host->topology,
			    json_object_get(host->order, "nodes")) < 0)
		return error_set(error, ERROR_FAILED, "out of memory");
	return host_map(host, error);
}

bool host_make_ready(struct host *host, char *order)
{
	struct error error;
	int rc = host_understand(host, &error);

	if (rc == 0 && json_is_true(json_object_get(host->order, "describe"))) {
		host_describe(host);
		return false;
	}
	if (rc == 0)
		rc = host_prepare(host, order, &error);
	if (rc) {
		host_refuse(host, &error);
		return false;
	}
	if (json_is_true(json_object_get(host->order, "stamps")))
		host->stamps = stamps_open();
	host_make_team(host);
	host_load_plugins(host);
	return true;
}
