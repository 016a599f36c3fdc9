/* SPDX-License-Identifier: MIT */
#include "bench/session/header.h"

#include "bench/engine/lineup.h"
#include "bench/host/build_facts.h"
#include "bench/host/environment.h"
#include "bench/host/plugin.h"
#include "bench/machine/audit.h"
#include "bench/machine/machine.h"
#include "bench/session/self_check.h"
#include "bench/studies/latency.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static json_t *sizes_of(const struct sizes *sizes)
{
	json_t *array = json_array();

	for (size_t i = 0; i < sizes->count; i++)
		json_array_append_new(array,
				      json_integer((json_int_t)sizes->n[i]));
	return array;
}

static json_t *kernels_json(const struct session_plan *plan,
			    const struct engine *engine)
{
	static const char *const keys[] = {"formula", "bytes",	   "flops",
					   "grain",   "reduction", "width",
					   "passes"};
	json_t *kernels = json_array();

	for (size_t k = 0; k < engine->nkernels; k++) {
		const char *spec = engine->kernels[k];
		const json_t *facts = json_array_get(engine->facts, k);
		json_t *kernel = json_pack("{s:s}", "name", spec);

		if (plugin_is(spec))
			json_object_set(kernel, "kernel",
					json_object_get(facts, "name"));
		for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
			json_object_set(kernel, keys[i],
					json_object_get(facts, keys[i]));
		json_object_set_new(kernel, "sizes", sizes_of(&plan->sizes[k]));
		json_array_append_new(kernels, kernel);
	}
	return kernels;
}

/* All sizes of the first pass, of whatever kernel, ascending. */
static json_t *sizes_json(const struct session_plan *plan,
			  const struct engine *engine)
{
	json_t *all = json_array();
	uint64_t last = 0;

	for (;;) {
		uint64_t next = UINT64_MAX;

		for (size_t k = 0; k < engine->nkernels; k++)
			for (size_t i = 0; i < plan->sizes[k].count; i++) {
				uint64_t n = plan->sizes[k].n[i];

				if (n > last && n < next)
					next = n;
			}
		if (next == UINT64_MAX)
			return all;
		json_array_append_new(all, json_integer((json_int_t)next));
		last = next;
	}
}

static json_t *sets_json(const struct session_plan *plan)
{
	json_t *sets = json_array();

	for (size_t s = 0; s < plan->nsets; s++)
		json_array_append_new(sets,
				      json_integer((json_int_t)plan->sets[s]));
	return sets;
}

static json_t *command_json(const char *name, int argc, char *const *argv)
{
	json_t *command = json_array();

	json_array_append_new(command, json_string("breakeven"));
	json_array_append_new(command, json_string(name));
	for (int i = 1; i < argc; i++)
		json_array_append_new(command, json_string(argv[i]));
	return command;
}

static json_t *audited_json(const struct machine_facts *facts)
{
	json_t *machine = machine_json(facts);
	struct audit audit;

	audit_collect("", facts, &audit);
	json_object_set_new(machine, "audit", audit_json(&audit));
	return machine;
}

/* What every record begins with. */
static json_t *header_begin(const char *command, int argc, char *const *argv)
{
	char when[32];
	time_t now = time(NULL);
	struct tm utc;

	gmtime_r(&now, &utc);
	strftime(when, sizeof(when), "%Y-%m-%dT%H:%M:%SZ", &utc);
	return json_pack("{s:i,s:s,s:s,s:o,s:o}", "breakeven", RECORD_SCHEMA,
			 "version", build_facts.version, "time", when,
			 "command", command_json(command, argc, argv),
			 "environment", environment_json());
}

static void header_add_machine(json_t *header, const struct topology *topology,
			       json_t *build)
{
	struct machine_facts facts;

	machine_collect(topology, &facts);
	json_object_set_new(header, "build", build);
	json_object_set_new(header, "machine", audited_json(&facts));
}

json_t *header_make_study(const char *study, int argc, char *const *argv,
			  const struct topology *topology)
{
	json_t *header = header_begin(study, argc, argv);

	json_object_set_new(header, "study", json_string(study));
	header_add_machine(header, topology, build_json());
	return header;
}

static json_t *looks_json(const struct session_plan *plan)
{
	unsigned looks[SESSION_LOOKS + 1];
	json_t *array = json_array();

	session_plan_find_looks(plan, looks);
	for (size_t i = 0; looks[i]; i++)
		json_array_append_new(array, json_integer(looks[i]));
	return array;
}

static json_t *plan_json(const struct session_plan *plan,
			 const struct engine *engine)
{
	char text[PAGE_POLICY_TEXT];
	const char *memory = page_policy_name(&engine->pages, text);
	json_t *json = json_pack(
		"{s:o,s:i,s:i,s:o,s:f,s:f,s:s,s:s,s:s?}", "sizes",
		sizes_json(plan, engine), "generations", (int)plan->generations,
		"rounds", (int)plan->rounds, "looks", looks_json(plan),
		"epoch_ns", engine->epoch_ns, "budget_s", engine->budget_s,
		"pin", pin_policy_names[engine->pin], "arena",
		memory_names[engine->memory], "huge",
		memory_source_names[engine->source]);

	if (memory)
		json_object_set_new(json, "memory", json_string(memory));
	return json;
}

json_t *header_links(const struct engine *engine)
{
	struct latency links;
	unsigned most = engine_most_workers(engine);
	int *cpus, error;

	if (most < 3 || most > engine->ncpus || engine->pretended ||
	    engine->pin == PIN_NONE)
		return NULL;
	cpus = engine_place_workers(engine, most, false);
	error = cpus ? latency_measure_links(engine->topology, cpus, most,
					     &links)
		     : -ENOMEM;
	free(cpus);
	if (error)
		return NULL;
	return json_pack("{s:i,s:f,s:f,s:f}", "workers", (int)most, "least_ns",
			 links.least, "median_ns", links.median, "most_ns",
			 links.most);
}

json_t *header_make(const struct session_plan *plan,
		    const struct engine *engine)
{
	json_t *header = header_begin(plan->command, plan->argc, plan->argv);

	json_object_set_new(header, "seed",
			    json_integer((json_int_t)engine->seed));
	header_add_machine(
		header,
		engine->pretended ? engine->pretended : engine->topology,
		engine->build ? json_incref(engine->build) : build_json());
	json_object_set_new(header, "kernels", kernels_json(plan, engine));
	json_object_set_new(header, "runners", lineup_json(engine));
	json_object_set_new(header, "plan", plan_json(plan, engine));
	if (header && plan->options.pretend)
		json_object_set_new(header, "pretended",
				    json_string(plan->options.pretend));
	if (header && plan->turns.side)
		json_object_set_new(header, "turns",
				    json_pack("{s:s,s:s}", "run",
					      plan->turns.run, "side",
					      plan->turns.side));
	if (header && plan->proof)
		json_object_set_new(header, "proof",
				    json_pack("{s:s,s:s,s:f}", "kernel",
					      SELF_CHECK_KERNEL, "runner",
					      SELF_CHECK_PLANTED, "items",
					      SELF_CHECK_TRUTH));
	if (header && plan->nsets)
		json_object_set_new(json_object_get(header, "plan"),
				    "working_sets", sets_json(plan));
	return header;
}
