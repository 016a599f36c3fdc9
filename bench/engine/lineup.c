/* SPDX-License-Identifier: MIT */
#include "bench/engine/lineup.h"

#include "bench/engine/contender.h"
#include "bench/engine/describe.h"
#include "bench/engine/engine.h"
#include "bench/engine/worker_count.h"
#include "bench/machine/foreign_program.h"
#include "bench/protocol/request.h"
#include "core/spec.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int lineup_append(struct engine *engine, const char *spec,
			 const char *bare, json_t *facts, unsigned workers)
{
	size_t count = engine->ncontenders + engine->nself_checks;
	struct contender *grown = realloc(
		engine->contenders, (count + 1) * sizeof(*engine->contenders));
	struct contender *contender;

	if (!grown)
		return -ENOMEM;
	engine->contenders = grown;
	contender = &grown[count];
	*contender = (struct contender){
		.spec = strdup(spec),
		.bare = strdup(bare),
		.facts = json_incref(facts),
		.workers = workers,
	};
	contender->cpus = engine_place_workers(engine, workers,
					       contender_has_ranks(contender));
	if (contender->spec && contender->bare && contender->cpus)
		return 0;
	contender_free(contender);
	return -ENOMEM;
}

int lineup_add_self_check(struct engine *engine, const char *spec)
{
	json_t *facts = NULL;
	int rc = describe_runner(engine->program, spec, &facts, &engine->error);

	if (rc == 0 && lineup_append(engine, spec, spec, facts, 1) < 0)
		rc = ERROR_FAILED;
	if (rc == 0)
		engine->nself_checks++;
	json_decref(facts);
	return rc;
}

/* `workers=` in a spec, 0 where there is none. */
static int lineup_take_workers(char *bare, unsigned *workers,
			       struct error *error)
{
	char value[16], *end;
	int rc = spec_take(bare, HOST_OPTION_WORKERS, value, sizeof(value));
	unsigned long count;

	*workers = 0;
	if (rc == 0)
		return 0;
	count = rc < 0 ? 0 : strtoul(value, &end, 10);
	if (count < 1 || count > 4096 || *end)
		return error_set(
			error, ERROR_USAGE,
			"workers= in a runner's spec takes one number from 1 "
			"to 4096");
	*workers = (unsigned)count;
	return 0;
}

/* Notice each larger number once, for all runners together. */
static unsigned lineup_cap_workers(struct engine *engine, unsigned workers)
{
	char text[WORKER_COUNT_TEXT_MAX];
	unsigned granted = worker_count_cap(workers, engine->ncpus,
					    engine->oversubscribe, text);

	if (text[0] && !engine->pretended && workers > engine->most_asked) {
		engine->most_asked = workers;
		engine->notice(text);
	}
	return granted;
}

/* Is there such a contender already? Capping can make two alike. The base is
 * not among them: serial may be compared with itself. */
static bool lineup_has(const struct engine *engine, const char *spec,
		       unsigned workers)
{
	for (size_t m = ENGINE_BASE + 1; m < engine->ncontenders; m++)
		if (strcmp(engine->contenders[m].spec, spec) == 0 &&
		    engine->contenders[m].workers == workers)
			return true;
	return false;
}

/* Unless it is there. */
static int lineup_add_one(struct engine *engine, const char *spec,
			  const char *bare, json_t *facts, unsigned workers)
{
	if (lineup_has(engine, spec, workers))
		return 0;
	if (lineup_append(engine, spec, bare, facts, workers) < 0)
		return ERROR_FAILED;
	engine->ncontenders++;
	return 0;
}

/* Processes of several threads: one contender for each number of threads that
 * divides the workers. */
static int lineup_add_splits(struct engine *engine, const char *spec,
			     const char *bare, json_t *facts, unsigned workers)
{
	char named[SPEC_TEXT_MAX], host[SPEC_TEXT_MAX];
	int rc = 0;

	for (unsigned threads = 1; rc == 0 && threads <= workers; threads++) {
		if (workers % threads)
			continue;
		if (snprintf(named, sizeof(named),
			     "%s:" RUNNER_OPTION_THREADS "=%u", spec,
			     threads) >= (int)sizeof(named))
			return error_set(&engine->error, ERROR_USAGE,
					 "the spec '%.40s...' is too long",
					 spec);
		snprintf(host, sizeof(host), "%s:" RUNNER_OPTION_THREADS "=%u",
			 bare, threads);
		rc = lineup_add_one(engine, named, host, facts, workers);
	}
	return rc;
}

/* Are its workers to be split, and does the spec not say how? */
static bool lineup_is_open(const char *bare, const json_t *facts)
{
	char value[16];

	return json_is_true(json_object_get(facts, "split")) &&
	       spec_read(bare, RUNNER_OPTION_THREADS, value, sizeof(value)) ==
		       0;
}

static int lineup_add_each(struct engine *engine, const char *spec,
			   const char *bare, json_t *facts, unsigned own,
			   const unsigned *workers, size_t nworkers)
{
	const unsigned one = own ? own : 1;
	bool solo = json_is_true(json_object_get(facts, "solo"));
	bool split = lineup_is_open(bare, facts);
	int rc = 0;

	if (own || solo) {
		workers = &one;
		nworkers = 1;
	}
	for (size_t i = 0; rc == 0 && i < nworkers; i++) {
		unsigned count = lineup_cap_workers(engine, workers[i]);

		rc = (split ? lineup_add_splits
			    : lineup_add_one)(engine, spec, bare, facts, count);
	}
	return rc;
}

/* It stays in the list, so that a record says why it was not measured. */
static int lineup_add_absent(struct engine *engine, const char *spec,
			     const char *bare, unsigned workers)
{
	struct contender *contender;

	engine->notice(engine->error.text);
	if (lineup_append(engine, spec, bare, NULL, workers) < 0)
		return ERROR_FAILED;
	engine->ncontenders++;
	contender = &engine->contenders[engine->ncontenders - 1];
	contender->out = ERROR_SKIPPED;
	contender->host.error = engine->error;
	engine->error = (struct error){.text = ""};
	return 0;
}

int lineup_add(struct engine *engine, const char *spec, const unsigned *workers,
	       size_t nworkers)
{
	char bare[SPEC_TEXT_MAX];
	json_t *facts = NULL;
	unsigned own;
	int rc;

	snprintf(bare, sizeof(bare), "%s", spec);
	rc = lineup_take_workers(bare, &own, &engine->error);
	if (rc == 0)
		rc = describe_runner(engine->program, bare, &facts,
				     &engine->error);
	if (rc == ERROR_SKIPPED)
		return lineup_add_absent(engine, spec, bare,
					 own ? own : workers[0]);
	if (rc == 0 && own > 1 && strcmp(bare, "serial") == 0)
		rc = error_set(&engine->error, ERROR_USAGE,
			       "serial has one worker only");
	if (rc == 0)
		rc = lineup_add_each(engine, spec, bare, facts, own, workers,
				     nworkers);
	json_decref(facts);
	return rc;
}

size_t lineup_find(const struct engine *engine, const char *bare)
{
	for (size_t m = ENGINE_BASE + 1; bare && m < engine->ncontenders; m++)
		if (strcmp(engine->contenders[m].bare, bare) == 0)
			return m;
	return ENGINE_BASE;
}

int lineup_add_bases(struct engine *engine)
{
	static const unsigned one = 1;
	int rc = 0;

	/* The list grows as it is walked. */
	for (size_t m = ENGINE_BASE + 1; rc == 0 && m < engine->ncontenders;
	     m++) {
		const struct contender *contender = &engine->contenders[m];
		const char *base = contender_fact(contender, "base");
		char text[ERROR_TEXT_MAX];

		if (!base || lineup_find(engine, base) != ENGINE_BASE)
			continue;
		snprintf(text, sizeof(text),
			 "%s is measured too: %s is compared with it", base,
			 contender->spec);
		engine->notice(text);
		rc = lineup_add(engine, base, &one, 1);
	}
	return rc;
}

static bool lineup_is_among(const char *name, const json_t *names)
{
	for (size_t i = 0; i < json_array_size(names); i++)
		if (strcmp(json_string_value(json_array_get(names, i)), name) ==
		    0)
			return true;
	return false;
}

/* Append the names to `error`, separated by commas. */
static void lineup_append_names(struct error *error, const json_t *names)
{
	for (size_t i = 0; i < json_array_size(names); i++)
		error_append(error, error->kind, "%s%s", i ? ", " : "",
			     json_string_value(json_array_get(names, i)));
}

int lineup_check(struct engine *engine)
{
	for (size_t m = ENGINE_BASE + 1; m < engine->ncontenders; m++) {
		const struct contender *contender = &engine->contenders[m];
		const json_t *names =
			json_object_get(contender->facts, "kernels");
		size_t k = 0;

		if (!json_is_array(names))
			continue;
		while (k < engine->nkernels &&
		       !lineup_is_among(engine->kernels[k], names))
			k++;
		if (k < engine->nkernels)
			continue;
		error_set(&engine->error, ERROR_USAGE,
			  "%s computes none of these kernels: leave it out, or "
			  "add one of its own by --kernels: ",
			  contender->spec);
		lineup_append_names(&engine->error, names);
		return ERROR_USAGE;
	}
	return 0;
}

/* What it is compared with besides serial, by its name in the record. */
static const char *lineup_get_base(const struct engine *engine,
				   const struct contender *contender)
{
	size_t base = lineup_find(engine, contender_fact(contender, "base"));

	return engine->contenders[base].spec;
}

/* What the tables call it: whether creation is in the time, and shipping. */
static const char *lineup_get_regime(const struct contender *contender)
{
	const char *lifetime = contender_fact(contender, "lifetime");
	const char *data = contender_fact(contender, "data");

	if (lifetime && strcmp(lifetime, "per call") == 0)
		return "one-shot";
	return data && strcmp(data, "shipped") == 0 ? "warm+ship" : "warm";
}

/* The other program that it runs as, or NULL. */
static json_t *lineup_make_program(const struct contender *contender)
{
	const char *program = contender_fact(contender, "program");

	return program ? foreign_program_json(program) : NULL;
}

json_t *lineup_json(const struct engine *engine)
{
	json_t *runners = json_array();

	for (size_t m = ENGINE_BASE + 1; m < engine->ncontenders; m++) {
		const struct contender *contender = &engine->contenders[m];

		json_array_append_new(
			runners,
			json_pack("{s:s,s:s?,s:s?,s:s?,s:s?,s:s,s:i,s:s,s:o*}",
				  "name", contender->spec, "summary",
				  contender_fact(contender, "summary"), "unit",
				  contender_fact(contender, "unit"), "lifetime",
				  contender_fact(contender, "lifetime"), "data",
				  contender_fact(contender, "data"), "regime",
				  lineup_get_regime(contender), "workers",
				  (int)contender->workers, "base",
				  lineup_get_base(engine, contender), "program",
				  lineup_make_program(contender)));
	}
	return runners;
}

int lineup_open(struct engine *engine, char *const *specs, size_t nspecs,
		const unsigned *workers, size_t nworkers)
{
	static const unsigned one = 1;
	int rc = engine_open(engine);

	if (rc == 0)
		rc = lineup_add(engine, "serial", &one, 1);
	for (size_t i = 0; rc == 0 && i < nspecs; i++)
		rc = lineup_add(engine, specs[i], workers, nworkers);
	return rc;
}
