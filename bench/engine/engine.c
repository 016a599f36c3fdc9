/* SPDX-License-Identifier: MIT */
#include "bench/engine/engine.h"

#include "bench/engine/calibration.h"
#include "bench/engine/contender.h"
#include "bench/engine/reference.h"
#include "bench/host/plugin.h"
#include "bench/machine/sandbox.h"
#include "core/clock.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { ORPHAN_MS = 50 }; /* they were killed, and exit soon */

/* ------------------------------------------------------------- time */

bool engine_is_late(const struct engine *engine)
{
	return engine->deadline > 0 && now_s() > engine->deadline;
}

/* Grace after the deadline: an epoch that has begun may end, but hosts that
 * have more workers than CPUs can take seconds for one. */
static double engine_grace_s(const struct engine *engine)
{
	return 0.5 + 0.05 * engine->budget_s;
}

int engine_patience_ms(const struct engine *engine)
{
	double left;

	if (!(engine->deadline > 0))
		return ENGINE_ANSWER_MS;
	left = 1e3 * (engine->deadline + engine_grace_s(engine) - now_s());
	/* Round up: if it ends a part of a millisecond early,
	 * engine_judge_answer() sees a failure. */
	return (int)fmin(fmax(ceil(left), 1), ENGINE_ANSWER_MS);
}

int engine_judge_answer(const struct engine *engine, int rc)
{
	return rc == ERROR_FAILED && engine->deadline > 0 &&
			       now_s() >=
				       engine->deadline + engine_grace_s(engine)
		       ? ERROR_LATE
		       : rc;
}

/* ------------------------------------------------------------- hosts */

int *engine_place_workers(const struct engine *engine, unsigned workers,
			  bool are_ranks)
{
	unsigned count = workers < engine->ncpus ? workers : engine->ncpus;
	int *cpus = calloc((size_t)count + 1, sizeof(*cpus));

	if (!cpus)
		return NULL;
	memcpy(cpus, engine->cpus, count * sizeof(*cpus));
	if (engine->pin == PIN_NONE || are_ranks ||
	    topology_number_workers(engine->topology, cpus, count) == 0)
		return cpus;
	free(cpus);
	return NULL;
}

/* The serial CPU changes, since trouble often sits on one CPU. */
int engine_choose_cpu(const struct engine *engine,
		      const struct contender *contender, unsigned worker)
{
	if (contender->workers == 1)
		return engine->cpus[(engine->generation - 1) % engine->ncpus];
	return contender->cpus[worker % engine->ncpus];
}

/* Kernels that a host has to load before it has workers. */
static json_t *engine_list_plugins(const struct engine *engine)
{
	json_t *plugins = json_array();

	for (size_t k = 0; k < engine->nkernels; k++)
		if (plugin_is(engine->kernels[k]))
			json_array_append_new(plugins,
					      json_string(engine->kernels[k]));
	return plugins;
}

static json_t *engine_make_order(const struct engine *engine,
				 const struct contender *contender)
{
	json_t *cpus = json_null();

	if (engine->pin != PIN_NONE) {
		cpus = json_array();
		for (unsigned w = 0; w < contender->workers; w++)
			json_array_append_new(cpus,
					      json_integer(engine_choose_cpu(
						      engine, contender, w)));
	}
	return json_pack("{s:s,s:i,s:i,s:o,s:o,s:I,s:s,s:o,s:b}", "runner",
			 contender->bare, "workers", (int)contender->workers,
			 "generation", (int)engine->generation, "plugins",
			 engine_list_plugins(engine), "cpus", cpus, "arena",
			 (json_int_t)engine->arena_size, "memory",
			 memory_names[engine->memory], "nodes",
			 page_policy_nodes(engine, contender), "stamps",
			 engine->stamps);
}

/* Say once if a worker is not on the CPU that it was bound to. */
static void engine_check_bound(struct engine *engine,
			       const struct contender *contender,
			       const json_t *bound)
{
	char text[ERROR_TEXT_MAX];

	if (engine->pin == PIN_NONE || engine->generation != 1 ||
	    !sandbox_may_bind())
		return;
	for (unsigned w = 0; w < contender->workers; w++) {
		json_int_t cpu = json_integer_value(json_array_get(bound, w));

		if (cpu == engine_choose_cpu(engine, contender, w))
			continue;
		snprintf(text, sizeof(text),
			 "%s: worker %u could not be bound to CPU %d: it runs "
			 "unpinned",
			 contender->spec, w,
			 engine_choose_cpu(engine, contender, w));
		engine->notice(text);
		return;
	}
}

int engine_launch_host(struct engine *engine, struct contender *contender)
{
	if (engine_is_late(engine))
		return ERROR_LATE;
	contender->host.program = engine->program;
	contender->host.relay = engine->relay;
	return host_process_start(&contender->host,
				  engine_make_order(engine, contender),
				  engine->arena_fd, engine->topology);
}

/* It has opened, and says so. */
static void engine_take_opening(struct engine *engine,
				struct contender *contender,
				const json_t *opening)
{
	engine_check_bound(engine, contender,
			   json_object_get(opening, "bound"));
	contender->open_ns =
		json_number_value(json_object_get(opening, "open_ns"));
}

/* A host of an older build, which may be measured beside this one, opens with
 * its order. */
int engine_await_host(struct engine *engine, struct contender *contender)
{
	json_t *result = NULL;
	int rc = host_process_receive(&contender->host,
				      engine_patience_ms(engine),
				      engine->interrupt_fd, &result);

	contender->opened = json_object_get(result, "open_ns");
	if (contender->opened) {
		engine_take_opening(engine, contender, result);
		host_process_park(&contender->host);
	}
	json_decref(result);
	return engine_judge_answer(engine, rc);
}

int engine_open_host(struct engine *engine, struct contender *contender)
{
	json_t *result = NULL;
	int rc;

	if (engine_is_late(engine))
		return ERROR_LATE;
	if (contender->opened)
		return 0;
	rc = host_process_ask(
		&contender->host, json_pack("{s:s}", "op", "open"),
		engine_patience_ms(engine), engine->interrupt_fd, &result);
	if (rc == 0)
		engine_take_opening(engine, contender, result);
	json_decref(result);
	return engine_judge_answer(engine, rc);
}

static int engine_start_host(struct engine *engine, struct contender *contender)
{
	int rc = engine_launch_host(engine, contender);

	if (rc == 0)
		rc = engine_await_host(engine, contender);
	return rc ? rc : engine_open_host(engine, contender);
}

/* Hundreds of workers take long to end one by one; after the budget there is no
 * time for that. */
static void engine_close_host(const struct engine *engine,
			      struct host_process *host)
{
	if (engine_is_late(engine))
		host_process_kill(host);
	else
		host_process_close(host);
}

void engine_close_hosts(struct engine *engine)
{
	size_t count = engine->ncontenders + engine->nself_checks;

	/* They end side by side. */
	for (size_t m = 0; m < count && !engine_is_late(engine); m++)
		host_process_bid_close(&engine->contenders[m].host);
	if (!engine_is_late(engine))
		host_process_bid_close(&engine->probe);
	for (size_t m = 0; m < count; m++)
		engine_close_host(engine, &engine->contenders[m].host);
	engine_close_host(engine, &engine->probe);
	/* An engine that was never opened has descriptor 0 here, which it does
	 * not own. */
	if (engine->cpus && engine->arena_fd >= 0)
		close(engine->arena_fd);
	engine->arena_fd = -1;
}

/* ------------------------------------------------------------- requests */

/* A base that died leaves incomplete data, which may be what filled the memory.
 */
static void engine_empty_arena(struct engine *engine)
{
	engine->kernel = SIZE_MAX;
	memory_empty(engine->arena_fd, engine->arena_size);
}

int engine_ask(struct engine *engine, struct contender *contender,
	       json_t *request, json_t **result)
{
	int rc = engine_is_late(engine) ? ERROR_LATE : 0;

	if (rc == 0 && contender->host.pid == 0)
		rc = engine_start_host(engine, contender);
	if (rc) {
		json_decref(request);
		return rc;
	}
	rc = host_process_ask(&contender->host, request,
			      engine_patience_ms(engine), engine->interrupt_fd,
			      result);
	if (contender == &engine->contenders[ENGINE_BASE] &&
	    contender->host.pid == 0)
		engine_empty_arena(engine);
	return engine_judge_answer(engine, rc);
}

json_t *engine_prepare_request(const struct engine *engine, size_t contender,
			       size_t kernel, uint64_t n)
{
	return json_pack(
		"{s:s,s:s,s:I,s:b,s:b}", "op", "prepare", "kernel",
		engine->kernels[kernel], "n", (json_int_t)n, "base",
		contender == ENGINE_BASE, "known",
		(int)engine_has_calibration(engine, contender, kernel, n));
}

/* The base writes the input and says what comes out. */
int engine_prepare(struct engine *engine, size_t kernel, uint64_t n)
{
	json_t *request, *result = NULL;
	int rc;

	if (engine->kernel == kernel && engine->n == n)
		return 0;
	engine->kernel = SIZE_MAX;
	request = engine_prepare_request(engine, ENGINE_BASE, kernel, n);
	json_object_set_new(request, "cuts",
			    reference_missing(engine, kernel, n));
	rc = engine_ask(engine, &engine->contenders[ENGINE_BASE], request,
			&result);
	if (rc)
		return rc;
	page_policy_learn(engine, result);
	rc = reference_learn(engine, kernel, n, result);
	json_decref(result);
	if (rc < 0)
		return error_set(&engine->contenders[ENGINE_BASE].host.error,
				 ERROR_FAILED, "out of memory");
	engine->kernel = kernel;
	engine->n = n;
	return 0;
}

/* ------------------------------------------------------------- engine */

int engine_open(struct engine *engine)
{
	engine->arena_fd = -1;
	engine->kernel = SIZE_MAX;
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	engine->ncpus = topology_order(engine->topology, engine->pin, NULL, 0);
	engine->cpus = calloc(engine->ncpus + 1, sizeof(int));
	if (!engine->cpus || engine->ncpus == 0)
		return ERROR_FAILED;
	topology_order(engine->topology, engine->pin, engine->cpus,
		       engine->ncpus);
	cpu_limits_begin(&engine->cpu_limits, "");
	engine->sat = topology_bound(engine->topology);
	/* Run the controller on the hosts' main CPU: their main threads block
	 * after answering, while a spinning worker elsewhere could delay us. */
	if (engine->pin != PIN_NONE)
		topology_bind(engine->topology, engine->cpus[0]);
	return 0;
}

/* Workers of a killed host became our children, and die. Children from before
 * this program was executed may live on: they are not awaited. */
static void engine_reap_orphans(void)
{
	const struct timespec tick = {.tv_nsec = 1000000};

	for (int ms = 0; ms < ORPHAN_MS; ms++) {
		pid_t pid = waitpid(-1, NULL, WNOHANG);

		if (pid < 0)
			return;
		if (pid == 0)
			nanosleep(&tick, NULL);
	}
}

void engine_close(struct engine *engine)
{
	engine_close_hosts(engine);
	if (engine->cpus && engine->sat >= 0)
		topology_bind(engine->topology, engine->sat);
	else if (engine->cpus)
		topology_unbind(engine->topology);
	engine_reap_orphans();
	for (size_t m = 0; m < engine->ncontenders + engine->nself_checks; m++)
		contender_free(&engine->contenders[m]);
	free(engine->contenders);
	free(engine->exclusions);
	free(engine->calibrations);
	free(engine->references);
	free(engine->cpus);
	json_decref(engine->found_nodes);
	engine->found_nodes = NULL;
}

double engine_get_fact(const struct engine *engine, size_t kernel,
		       const char *key)
{
	return json_number_value(
		json_object_get(json_array_get(engine->facts, kernel), key));
}

bool engine_has_block(const struct engine *engine, unsigned generation,
		      size_t kernel, uint64_t n)
{
	const struct record *record = engine->record;

	for (size_t b = 0; record && b < record->nblocks; b++)
		if (record->blocks[b].generation == generation &&
		    record->blocks[b].n == n &&
		    strcmp(record->blocks[b].kernel, engine->kernels[kernel]) ==
			    0)
			return true;
	return false;
}

unsigned engine_most_workers(const struct engine *engine)
{
	unsigned most = 1;

	for (size_t m = 0; m < engine->ncontenders; m++)
		if (engine->contenders[m].workers > most)
			most = engine->contenders[m].workers;
	return most;
}
