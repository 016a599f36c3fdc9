/* SPDX-License-Identifier: MIT */
#include "bench/engine/quiet.h"

#include "analysis/disturbed_rounds.h"
#include "bench/engine/contender.h"
#include "bench/engine/engine.h"
#include "stats/stats.h"

#include <math.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

enum { NAPS = 3 };

#define NAP_S	  0.02
#define WAIT_PART 0.1 /* of the budget */

static bool quiet_needs_probe(const struct engine *engine)
{
	/* The base alone has nothing to be compared with. */
	return engine->ncpus >= 2 && engine->pin != PIN_NONE &&
	       engine->ncontenders + engine->nself_checks >= 2 &&
	       !engine_is_late(engine);
}

void engine_launch_probe(struct engine *engine)
{
	json_t *order;

	if (!quiet_needs_probe(engine))
		return;
	/* It looks at no data: any page will do. */
	order = json_pack("{s:s,s:i,s:i,s:[i],s:I,s:s}", "runner", "serial",
			  "workers", 1, "generation", (int)engine->generation,
			  "cpus", engine->cpus[0], "arena",
			  (json_int_t)sysconf(_SC_PAGESIZE), "memory",
			  memory_names[MEMORY_PRIVATE]);
	engine->probe.relay = engine->relay;
	host_process_start(&engine->probe, order, engine->arena_fd,
			   engine->topology);
}

int engine_open_probe(struct engine *engine)
{
	char text[2 * ERROR_TEXT_MAX];
	int rc = ERROR_FAILED;

	if (engine->probe.pid == 0 && !engine->probe.error.text[0])
		return 0;
	/* Else it could not be launched. */
	if (engine->probe.pid)
		rc = engine_judge_answer(
			engine,
			host_process_receive(&engine->probe,
					     engine_patience_ms(engine),
					     engine->interrupt_fd, NULL));
	if (rc && rc != ERROR_INTERRUPTED && rc != ERROR_LATE &&
	    engine->generation == 1) {
		snprintf(text, sizeof(text),
			 "near and far CPUs cannot be told apart: %s",
			 engine->probe.error.text);
		engine->notice(text);
	}
	host_process_park(&engine->probe);
	return rc;
}

/* The first two, for the trip of a line, and others in turn. */
static json_t *quiet_choose_cpus(struct engine *engine)
{
	unsigned most = engine_most_workers(engine), used = most > 2 ? most : 2;
	unsigned others, room = PROBE_CPUS_MAX - 2;
	json_t *cpus = json_pack("[i,i]", engine->cpus[0], engine->cpus[1]);

	others = (used < engine->ncpus ? used : engine->ncpus) - 2;
	for (unsigned i = 0; i < others && i < room; i++)
		json_array_append_new(
			cpus,
			json_integer(engine->cpus[2 + (engine->probings * room +
						       i) % others]));
	engine->probings++;
	return cpus;
}

int engine_probe(struct engine *engine, struct reading *reading)
{
	json_t *result = NULL;
	int rc;

	*reading = (struct reading){NAN, NAN, NAN};
	if (engine->probe.pid == 0)
		return 0;
	rc = host_process_ask(&engine->probe,
			      json_pack("{s:s,s:o}", "op", "probe", "cpus",
					quiet_choose_cpus(engine)),
			      engine_patience_ms(engine), engine->interrupt_fd,
			      &result);
	if (rc == 0)
		*reading = (struct reading){
			.trip_ns = json_number_value(
				json_object_get(result, "ns")),
			.together_ns = json_number_value(
				json_object_get(result, "together_ns")),
			.alone_ns = json_number_value(
				json_object_get(result, "alone_ns")),
		};
	json_decref(result);
	engine->probe_ns[engine->probings % ENGINE_PROBES] =
		reading->together_ns;
	return rc == ERROR_INTERRUPTED ? rc : 0;
}

/* Did the probe take far longer than usual? Unknown before there were some. */
static bool quiet_is_disturbed(const struct engine *engine, double probe_ns)
{
	double usual[ENGINE_PROBES];
	size_t count = 0;

	for (size_t i = 0; i < ENGINE_PROBES; i++)
		if (engine->probe_ns[i] > 0)
			usual[count++] = engine->probe_ns[i];
	stats_sort(usual, count);
	return count >= ENGINE_PROBES / 4 &&
	       probe_ns > DISTURBED_FACTOR * stats_median(usual, count);
}

int engine_wait_quiet(struct engine *engine, struct reading *reading)
{
	const struct timespec nap = {.tv_nsec = (long)(NAP_S * 1e9)};
	double most = engine->deadline > 0 ? engine->budget_s * WAIT_PART : 1;
	int rc = 0;

	if (isnan(reading->together_ns))
		rc = engine_probe(engine, reading);
	for (int naps = 0; rc == 0 && naps < NAPS && engine->waited < most &&
			   quiet_is_disturbed(engine, reading->together_ns);
	     naps++) {
		nanosleep(&nap, NULL);
		engine->waited += NAP_S;
		rc = engine_probe(engine, reading);
	}
	return rc;
}
