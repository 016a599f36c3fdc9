/* SPDX-License-Identifier: MIT */
#include "bench/engine/engine.h"

#include "analysis/samples.h"
#include "bench/host/plugin.h"
#include "bench/machine/sandbox.h"
#include "core/clock.h"
#include "stats/stats.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { NAPS = 3, ORPHAN_MS = 50 }; /* they were killed: it does not take long */

/* Of the length that was aimed at: something disturbed the calibration. */
#define TOO_SHORT 0.4

#define NAP_S	  0.02
#define WAIT_PART 0.1

bool engine_is_late(const struct engine *engine)
{
	return engine->deadline > 0 && now_s() > engine->deadline;
}

/* Of the deadline: an epoch that has begun may end, but hosts that have more
 * workers than CPUs can take seconds for one. */
static double grace_s(const struct engine *engine)
{
	return 0.5 + 0.05 * engine->budget_s;
}

/* How long to wait for an answer. */
static int patience_ms(const struct engine *engine)
{
	double left;

	if (!(engine->deadline > 0))
		return ENGINE_ANSWER_MS;
	left = 1e3 * (engine->deadline + grace_s(engine) - now_s());
	/* Not too early by a part of one, or judge_answer() sees a failure. */
	return (int)fmin(fmax(ceil(left), 1), ENGINE_ANSWER_MS);
}

/* What came of an answer that was waited for: a host that was still at work
 * when patience ended with the budget has not failed. */
static int judge_answer(const struct engine *engine, int rc)
{
	return rc == ERROR_FAILED && engine->deadline > 0 &&
			       now_s() >= engine->deadline + grace_s(engine)
		       ? ERROR_LATE
		       : rc;
}

static bool is_same(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

/* A run that goes on finds again what is not to be had. */
static bool is_noted(const struct record *record, const struct note *note)
{
	for (size_t i = 0; i < record->nnotes; i++) {
		const struct note *old = &record->notes[i];

		if (old->n == note->n && old->workers == note->workers &&
		    is_same(old->kernel, note->kernel) &&
		    is_same(old->runner, note->runner) &&
		    is_same(old->kind, note->kind) &&
		    is_same(old->reason, note->reason))
			return true;
	}
	return false;
}

static int put_note(struct engine *engine, enum error_kind kind,
		    const char *kernel, const struct contender *contender,
		    uint64_t n, const char *reason)
{
	struct note note = {
		.kind = error_kind_names[kind],
		.kernel = kernel,
		.runner = contender->spec,
		.workers = contender->workers,
		.n = n,
		.generation = engine->generation,
		.beyond = kind == ERROR_MEMORY,
		.reason = reason,
	};

	if (!engine->record || is_noted(engine->record, &note))
		return 0;
	return record_put_note(engine->record, &note) < 0 ? ERROR_FAILED : 0;
}

/* ------------------------------------------------------------- hosts */

/* The serial CPU moves on with the generations, since trouble often sits on
 * one; whoever is compared with one worker shares it. */
static int cpu_of(const struct engine *engine,
		  const struct contender *contender, unsigned worker)
{
	unsigned shift = contender->workers == 1 ? engine->generation - 1 : 0;

	return engine->cpus[(worker + shift) % engine->ncpus];
}

/* Kernels that a host has to load before it has workers. */
static json_t *plugins_of(const struct engine *engine)
{
	json_t *plugins = json_array();

	for (size_t k = 0; k < engine->nkernels; k++)
		if (plugin_is(engine->kernels[k]))
			json_array_append_new(plugins,
					      json_string(engine->kernels[k]));
	return plugins;
}

static json_t *order_of(const struct engine *engine,
			const struct contender *contender)
{
	json_t *cpus = json_null();

	if (engine->pin != PIN_NONE) {
		cpus = json_array();
		for (unsigned w = 0; w < contender->workers; w++)
			json_array_append_new(
				cpus,
				json_integer(cpu_of(engine, contender, w)));
	}
	return json_pack("{s:s,s:i,s:o,s:o,s:I,s:s,s:b}", "runner",
			 contender->bare, "workers", (int)contender->workers,
			 "plugins", plugins_of(engine), "cpus", cpus, "arena",
			 (json_int_t)engine->arena_size, "memory",
			 memory_names[engine->memory], "stamps",
			 engine->stamps);
}

/* Workers that are not where they were sent: say so, once. */
static void check_bound(struct engine *engine,
			const struct contender *contender, const json_t *bound)
{
	char text[ERROR_TEXT_MAX];

	if (engine->pin == PIN_NONE || engine->generation != 1 ||
	    !sandbox_may_bind())
		return;
	for (unsigned w = 0; w < contender->workers; w++) {
		json_int_t cpu = json_integer_value(json_array_get(bound, w));

		if (cpu == cpu_of(engine, contender, w))
			continue;
		snprintf(text, sizeof(text),
			 "%s: worker %u could not be bound to CPU %d: it runs "
			 "unpinned",
			 contender->spec, w, cpu_of(engine, contender, w));
		engine->notice(text);
		return;
	}
}

/* The host's answer to its order. */
static int host_ready(struct engine *engine, struct contender *contender)
{
	json_t *result = NULL;
	int rc = host_process_receive(&contender->host, patience_ms(engine),
				      engine->interrupt_fd, &result);

	if (rc == 0)
		check_bound(engine, contender,
			    json_object_get(result, "bound"));
	contender->open_ns =
		json_number_value(json_object_get(result, "open_ns"));
	json_decref(result);
	host_process_park(&contender->host);
	return judge_answer(engine, rc);
}

static int start_host(struct engine *engine, struct contender *contender)
{
	int rc;

	if (engine_is_late(engine))
		return ERROR_LATE;
	contender->host.relay = engine->relay;
	rc = host_process_start(&contender->host, order_of(engine, contender),
				engine->arena_fd, engine->topology);
	return rc ? rc : host_ready(engine, contender);
}

/* A runner that does not open is left out of the whole run. */
static int exclude_contender(struct engine *engine, struct contender *contender,
			     enum error_kind kind)
{
	char text[2 * ERROR_TEXT_MAX];

	host_process_kill(&contender->host);
	if (kind == ERROR_INTERRUPTED || kind == ERROR_LATE)
		return kind;
	contender->out = kind;
	snprintf(text, sizeof(text), "%s with %u worker%s is left out: %s",
		 contender->spec, contender->workers,
		 contender->workers == 1 ? "" : "s", contender->host.error);
	engine->notice(text);
	return put_note(engine, kind, NULL, contender, 0,
			contender->host.error);
}

static int open_probe(struct engine *engine)
{
	char text[2 * ERROR_TEXT_MAX];
	json_t *order;
	int rc;

	if (engine->ncpus < 2 || engine->pin == PIN_NONE ||
	    engine_is_late(engine))
		return 0;
	/* The base alone is compared with nobody. */
	if (engine->ncontenders + engine->nself_checks < 2)
		return 0;
	/* It looks at no data: any page will do. */
	order = json_pack("{s:s,s:i,s:[i],s:I,s:s}", "runner", "serial",
			  "workers", 1, "cpus", engine->cpus[0], "arena",
			  (json_int_t)sysconf(_SC_PAGESIZE), "memory",
			  memory_names[MEMORY_PRIVATE]);
	engine->probe.relay = engine->relay;
	rc = host_process_start(&engine->probe, order, engine->arena_fd,
				engine->topology);
	if (rc == 0)
		rc = judge_answer(engine,
				  host_process_receive(
					  &engine->probe, patience_ms(engine),
					  engine->interrupt_fd, NULL));
	if (rc && rc != ERROR_INTERRUPTED && rc != ERROR_LATE &&
	    engine->generation == 1) {
		snprintf(text, sizeof(text),
			 "near and far CPUs cannot be told apart: %s",
			 engine->probe.error);
		engine->notice(text);
	}
	host_process_park(&engine->probe);
	return rc;
}

/* Hundreds of workers that have to end one by one take their time, which there
 * is none of once the budget has ended. */
static void close_host(const struct engine *engine, struct host_process *host)
{
	if (engine_is_late(engine))
		host_process_kill(host);
	else
		host_process_close(host);
}

void engine_close_hosts(struct engine *engine)
{
	for (size_t m = 0; m < engine->ncontenders + engine->nself_checks; m++)
		close_host(engine, &engine->contenders[m].host);
	close_host(engine, &engine->probe);
	/* One that was never opened has descriptor 0 there, which is not its.
	 */
	if (engine->cpus && engine->arena_fd >= 0)
		close(engine->arena_fd);
	engine->arena_fd = -1;
}

static int fresh_arena(struct engine *engine, char error[ERROR_TEXT_MAX])
{
	if (engine->memory == MEMORY_PRIVATE)
		return 0;
	engine->arena_fd = host_process_lift(
		memory_open(engine->source, engine->arena_size));
	if (engine->arena_fd >= 0)
		return 0;
	snprintf(error, ERROR_TEXT_MAX,
		 "no memory file of %zu MiB: %s (see ulimit -f and -n)",
		 engine->arena_size >> 20, strerror(errno));
	return ERROR_FAILED;
}

/* What is not to be had was known before there was a record. */
static int note_absent(struct engine *engine)
{
	int rc = 0;

	for (size_t m = 0; rc == 0 && m < engine->ncontenders; m++)
		if (engine->contenders[m].out)
			rc = put_note(engine, ERROR_SKIPPED, NULL,
				      &engine->contenders[m], 0,
				      engine->contenders[m].host.error);
	return rc;
}

int engine_start_generation(struct engine *engine, unsigned generation,
			    char error[ERROR_TEXT_MAX])
{
	int rc;

	engine_close_hosts(engine);
	engine->generation = generation;
	engine->kernel = SIZE_MAX;
	rc = generation == 1 ? note_absent(engine) : 0;
	if (rc == 0)
		rc = fresh_arena(engine, error);
	/* One after the other, for what it takes to create their workers is
	 * measured, too. */
	for (size_t m = 0; rc == 0 && m < engine->ncontenders; m++) {
		struct contender *contender = &engine->contenders[m];

		if (contender->out)
			continue;
		rc = start_host(engine, contender);
		if (rc && rc != ERROR_LATE && m != ENGINE_BASE)
			rc = exclude_contender(engine, contender,
					       (enum error_kind)rc);
		else if (rc)
			snprintf(error, ERROR_TEXT_MAX, "%s",
				 contender->host.error);
	}
	if (rc == 0 && open_probe(engine) == ERROR_INTERRUPTED)
		rc = ERROR_INTERRUPTED;
	return rc;
}

int engine_open(struct engine *engine, char *const *specs, size_t nspecs,
		const unsigned *workers, size_t nworkers,
		char error[ERROR_TEXT_MAX])
{
	static const unsigned one = 1;
	int rc;

	engine->arena_fd = -1;
	engine->kernel = SIZE_MAX;
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	engine->ncpus = topology_order(engine->topology, engine->pin, NULL, 0);
	engine->cpus = calloc(engine->ncpus + 1, sizeof(int));
	if (!engine->cpus)
		return ERROR_FAILED;
	topology_order(engine->topology, engine->pin, engine->cpus,
		       engine->ncpus);
	watch_begin(&engine->watch, "");
	engine->sat = topology_bound(engine->topology);
	/* We sit where the callers sit, who sleep when they have answered.
	 * Elsewhere a worker that polls would keep us from hearing them. */
	if (engine->pin != PIN_NONE)
		topology_bind(engine->topology, engine->cpus[0]);
	rc = contender_add(engine, "serial", &one, 1, error);
	for (size_t i = 0; rc == 0 && i < nspecs; i++)
		rc = contender_add(engine, specs[i], workers, nworkers, error);
	return rc;
}

/* Workers whose host was killed became our children, and die. Others may be
 * children of whoever we were before we were executed: they are not awaited. */
static void bury_orphans(void)
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
	bury_orphans();
	for (size_t m = 0; m < engine->ncontenders + engine->nself_checks; m++)
		contender_free(&engine->contenders[m]);
	free(engine->contenders);
	free(engine->exclusions);
	free(engine->calibrations);
	free(engine->cpus);
}

double engine_get_fact(const struct engine *engine, size_t kernel,
		       const char *key)
{
	return json_number_value(
		json_object_get(json_array_get(engine->facts, kernel), key));
}

/* ------------------------------------------------------------- casualties */

bool engine_has_contenders(const struct engine *engine)
{
	for (size_t m = ENGINE_BASE + 1; m < engine->ncontenders; m++)
		if (!engine->contenders[m].out)
			return true;
	return false;
}

bool engine_is_excluded(const struct engine *engine, size_t contender,
			size_t kernel, uint64_t n)
{
	if (engine->contenders[contender].out)
		return true;
	for (size_t i = 0; i < engine->nexclusions; i++) {
		const struct exclusion *lost = &engine->exclusions[i];

		if (lost->kernel == kernel && lost->contender == contender &&
		    (lost->n == 0 || lost->n == n ||
		     (lost->beyond && lost->n < n)))
			return true;
	}
	return false;
}

static int remember(struct engine *engine, size_t kernel, size_t contender,
		    uint64_t n, bool beyond)
{
	struct exclusion *grown = realloc(
		engine->exclusions, (engine->nexclusions + 1) * sizeof(*grown));

	if (!grown)
		return -ENOMEM;
	engine->exclusions = grown;
	grown[engine->nexclusions++] =
		(struct exclusion){kernel, contender, n, beyond};
	return 0;
}

static size_t count_casualties(const struct engine *engine, size_t kernel,
			       size_t contender)
{
	size_t count = 0;

	for (size_t i = 0; i < engine->nexclusions; i++)
		count += engine->exclusions[i].kernel == kernel &&
			 engine->exclusions[i].contender == contender;
	return count;
}

/* Has it come so far at this kernel that it is known what a call takes? */
static bool has_begun(const struct engine *engine, size_t contender,
		      size_t kernel)
{
	for (size_t i = 0; i < engine->ncalibrations; i++)
		if (engine->calibrations[i].contender == contender &&
		    engine->calibrations[i].kernel == kernel)
			return true;
	return false;
}

int engine_check_budget(struct engine *engine, size_t contender, double call_ns)
{
	struct contender *one = &engine->contenders[contender];

	if (engine->longest_ns == 0 || call_ns <= engine->longest_ns ||
	    !contender_is(one, "foreign"))
		return 0;
	snprintf(one->host.error, sizeof(one->host.error),
		 "a call takes some %.0f ms, and one of larger sizes more, for "
		 "which the budget has no room: give it more with --budget, or "
		 "name sizes with --sizes",
		 call_ns * 1e-6);
	return ERROR_SKIPPED;
}

/* The user did not ask for it, and the report says what is missing. */
static int tell_lost_proof(struct engine *engine,
			   const struct contender *contender, uint64_t *n)
{
	char text[2 * ERROR_TEXT_MAX];

	snprintf(text, sizeof(text),
		 "a proof of the measurement is left out: %s: %s",
		 contender->spec, contender->host.error);
	engine->notice(text);
	*n = 0;
	return 0;
}

/* A contender failed at a kernel and size (n 0: at all): note it, and go on
 * without. Its host may be broken: who needs it next starts a new one. */
int engine_exclude(struct engine *engine, size_t kernel, size_t contender,
		   uint64_t n, enum error_kind kind, const char *reason)
{
	struct contender *lost = &engine->contenders[contender];
	bool proof = contender >= engine->ncontenders;
	bool skipped = kind == ERROR_SKIPPED;
	bool beyond = skipped || kind == ERROR_MEMORY;
	int rc;

	/* Whoever was measured meanwhile, at whatever size, had it beside
	 * him: no other size of it would be any better. */
	if (lost->host.leaks)
		n = 0;
	/* Nor is a kernel that it does not compute, at the smallest. */
	if (skipped && !has_begun(engine, contender, kernel))
		n = 0;
	rc = proof ? tell_lost_proof(engine, lost, &n)
		   : put_note(engine, kind, engine->kernels[kernel], lost, n,
			      reason);

	host_process_kill(&lost->host);
	if (remember(engine, kernel, contender, n, beyond) < 0)
		return ERROR_FAILED;
	if (rc == 0 && n && !beyond &&
	    count_casualties(engine, kernel, contender) >= ENGINE_FAILURES)
		rc = engine_exclude(engine, kernel, contender, 0, kind,
				    "it failed at several sizes and was left");
	return rc;
}

/* How a reason begins that is the base's: the record has no other word of it.
 */
#define BASE_LOST "the serial base: "

int engine_exclude_base(struct engine *engine, size_t kernel, uint64_t n,
			enum error_kind kind, const char *reason)
{
	char text[ERROR_TEXT_MAX + 64];

	if (remember(engine, kernel, ENGINE_BASE, n, kind == ERROR_MEMORY) < 0)
		return ERROR_FAILED;
	snprintf(text, sizeof(text), BASE_LOST "%s", reason);
	for (size_t m = ENGINE_BASE + 1; m < engine->ncontenders; m++)
		if (!engine_is_excluded(engine, m, kernel, n) &&
		    engine_exclude(engine, kernel, m, n, kind, text))
			return ERROR_FAILED;
	return 0;
}

/* What a note says of a kernel: which it is, or nkernels. */
static size_t kernel_of(const struct engine *engine, const struct note *note)
{
	size_t k = 0;

	while (k < engine->nkernels &&
	       !is_same(engine->kernels[k], note->kernel))
		k++;
	return k;
}

/* What was lost with the base was lost to the base, too. */
static int recall(struct engine *engine, const struct note *note, size_t kernel,
		  size_t contender)
{
	bool beyond = strcmp(note->kind, "skipped") == 0 || note->beyond;
	bool base = note->reason &&
		    strncmp(note->reason, BASE_LOST, strlen(BASE_LOST)) == 0;
	int rc = remember(engine, kernel, contender, note->n, beyond);

	return rc == 0 && base
		       ? remember(engine, kernel, ENGINE_BASE, note->n, beyond)
		       : rc;
}

int engine_restore_exclusions(struct engine *engine)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < engine->record->nnotes; i++) {
		const struct note *note = &engine->record->notes[i];
		size_t k = kernel_of(engine, note);

		for (size_t m = ENGINE_BASE + 1;
		     rc == 0 && k < engine->nkernels && m < engine->ncontenders;
		     m++)
			if (is_same(engine->contenders[m].spec, note->runner) &&
			    engine->contenders[m].workers == note->workers)
				rc = recall(engine, note, k, m);
	}
	return rc ? ERROR_FAILED : 0;
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

/* ------------------------------------------------------------- requests */

/* What a base that died leaves is not whole, and may be what filled the memory.
 */
static void empty_arena(struct engine *engine)
{
	engine->kernel = SIZE_MAX;
	memory_empty(engine->arena_fd, engine->arena_size);
}

int engine_ask(struct engine *engine, struct contender *contender,
	       json_t *request, json_t **result)
{
	int rc = engine_is_late(engine) ? ERROR_LATE : 0;

	if (rc == 0 && contender->host.pid == 0)
		rc = start_host(engine, contender);
	if (rc) {
		json_decref(request);
		return rc;
	}
	rc = host_process_ask(&contender->host, request, patience_ms(engine),
			      engine->interrupt_fd, result);
	if (contender == &engine->contenders[ENGINE_BASE] &&
	    contender->host.pid == 0)
		empty_arena(engine);
	return judge_answer(engine, rc);
}

json_t *engine_prepare_request(const struct engine *engine, size_t kernel,
			       uint64_t n, bool base)
{
	return json_pack("{s:s,s:s,s:I,s:b}", "op", "prepare", "kernel",
			 engine->kernels[kernel], "n", (json_int_t)n, "base",
			 base);
}

/* The base writes the input and says what comes out. */
int engine_prepare(struct engine *engine, size_t kernel, uint64_t n)
{
	json_t *result = NULL;
	const char *digest = "";
	json_int_t tiles = 0;
	int rc;

	if (engine->kernel == kernel && engine->n == n)
		return 0;
	engine->kernel = SIZE_MAX;
	rc = engine_ask(engine, &engine->contenders[ENGINE_BASE],
			engine_prepare_request(engine, kernel, n, true),
			&result);
	if (rc)
		return rc;
	json_unpack(result, "{s:s,s:I}", "digest", &digest, "tiles", &tiles);
	snprintf(engine->digest, sizeof(engine->digest), "%s", digest);
	engine->tiles = (uint64_t)tiles;
	engine->kernel = kernel;
	engine->n = n;
	json_decref(result);
	return 0;
}

static struct calibration *find_calibration(const struct engine *engine,
					    size_t contender, enum way way)
{
	for (size_t i = 0; i < engine->ncalibrations; i++) {
		struct calibration *one = &engine->calibrations[i];

		if (one->n == engine->n && one->kernel == engine->kernel &&
		    one->contender == contender && one->way == way)
			return one;
	}
	return NULL;
}

static void keep_calibration(struct engine *engine, struct calibration one)
{
	struct calibration *grown =
		realloc(engine->calibrations,
			(engine->ncalibrations + 1) * sizeof(*grown));

	/* Without memory for it, it is asked again. */
	if (!grown)
		return;
	engine->calibrations = grown;
	grown[engine->ncalibrations++] = one;
}

int engine_calibrate(struct engine *engine, size_t contender, enum way way,
		     uint64_t *calls, double *call_ns)
{
	const struct calibration *known =
		find_calibration(engine, contender, way);
	json_t *result = NULL, *request;
	int rc;

	if (known) {
		*calls = known->calls;
		*call_ns = known->call_ns;
		return 0;
	}
	request = json_pack("{s:s,s:s,s:f}", "op", "calibrate", "way",
			    way_names[way], "target_ns", engine->epoch_ns);
	rc = engine_ask(engine, &engine->contenders[contender], request,
			&result);
	if (rc)
		return rc;
	*calls = (uint64_t)json_integer_value(json_object_get(result, "calls"));
	*call_ns = json_number_value(json_object_get(result, "call_ns"));
	json_decref(result);
	keep_calibration(engine, (struct calibration){engine->kernel, contender,
						      engine->n, way, *calls,
						      *call_ns});
	return 0;
}

void engine_invalidate_calibration(struct engine *engine, size_t contender,
				   enum way way, double epoch_ns)
{
	struct calibration *known = find_calibration(engine, contender, way);

	if (known && epoch_ns < TOO_SHORT * engine->epoch_ns)
		*known = engine->calibrations[--engine->ncalibrations];
}

double engine_base_ns(struct engine *engine, size_t kernel, uint64_t n)
{
	double call_ns = 0;
	uint64_t calls;
	int rc = engine_prepare(engine, kernel, n);

	if (rc == 0)
		rc = engine_calibrate(engine, ENGINE_BASE, WAY_RUNNER, &calls,
				      &call_ns);
	return rc ? -rc : call_ns;
}

/* The first two, for the trip of a line, and others in turn. */
static json_t *cpus_to_probe(struct engine *engine)
{
	unsigned used = 2, others, room = PROBE_CPUS_MAX - 2;
	json_t *cpus = json_pack("[i,i]", engine->cpus[0], engine->cpus[1]);

	for (size_t m = 0; m < engine->ncontenders; m++)
		if (engine->contenders[m].workers > used)
			used = engine->contenders[m].workers;
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
					cpus_to_probe(engine)),
			      patience_ms(engine), engine->interrupt_fd,
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
	engine->canaries[engine->probings % ENGINE_CANARIES] =
		reading->together_ns;
	return rc == ERROR_INTERRUPTED ? rc : 0;
}

/* Is the canary far from what is usual? Unknown before there were some. */
static bool disturbed(const struct engine *engine, double canary_ns)
{
	double usual[ENGINE_CANARIES];
	size_t count = 0;

	for (size_t i = 0; i < ENGINE_CANARIES; i++)
		if (engine->canaries[i] > 0)
			usual[count++] = engine->canaries[i];
	stats_sort(usual, count);
	return count >= ENGINE_CANARIES / 4 &&
	       canary_ns > SAMPLES_DISTURBED * stats_median(usual, count);
}

int engine_wait_quiet(struct engine *engine, struct reading *reading)
{
	const struct timespec nap = {.tv_nsec = (long)(NAP_S * 1e9)};
	double most = engine->deadline > 0 ? engine->budget_s * WAIT_PART : 1;
	int rc = 0;

	if (isnan(reading->together_ns))
		rc = engine_probe(engine, reading);
	for (int naps = 0; rc == 0 && naps < NAPS && engine->waited < most &&
			   disturbed(engine, reading->together_ns);
	     naps++) {
		nanosleep(&nap, NULL);
		engine->waited += NAP_S;
		rc = engine_probe(engine, reading);
	}
	return rc;
}
