/* SPDX-License-Identifier: MIT */
#include "bench/studies/article.h"

#include "bench/engine/round.h"
#include "bench/host/registry.h"
#include "bench/host/workload.h"
#include "bench/studies/article_python.h"
#include "bench/studies/skip.h"
#include "bench/studies/spawn.h"
#include "bench/studies/spawn_parent.h"
#include "stats/stats.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ALPHA 0.05

/* ------------------------------------------------------------- what there is
 */

/* Who maps: a runner, over a kernel in hosts of the engine; or Python, in so
 * many words of its script. */
static const struct system {
	const char *name, *runner, *how;
} systems[] = {
	{ARTICLE_C_SERIAL, "serial", NULL},
	{ARTICLE_C_SHARED, "fork-pool", NULL},
	{ARTICLE_C_SHIPPED, "pipe-pool", NULL},
	{ARTICLE_C_THREADS, "pthread-pool", NULL},
	{ARTICLE_PYTHON_LIST, NULL, "list"},
	{ARTICLE_PYTHON_POOL, NULL, "pool"},
	{ARTICLE_PYTHON_THREADS, NULL, "threads"},
};
enum { SYSTEMS = sizeof(systems) / sizeof(*systems) };

/* What is mapped. A task's name is the script's, too. */
static const struct task {
	const char *what;
	size_t kernel; /* of kernel_specs */
	uint64_t n;
} tasks[] = {
	{ARTICLE_SQUARE, 0, 5},	     {ARTICLE_SQUARE, 0, 1000},
	{ARTICLE_SQUARE, 0, 100000}, {ARTICLE_SQUARE, 0, 1000000},
	{ARTICLE_COMPUTE, 1, 16384},
};
enum { TASKS = sizeof(tasks) / sizeof(*tasks), KERNELS = 2 };
static const char *const kernel_specs[KERNELS] = {"square_map", "collatz"};

/* What is created: an op of spawn_article, by its place, or a request. */
static const struct creation_case {
	const char *what;
	uint64_t n;
	const char *system, *op, *request;
} creations[] = {
	{ARTICLE_START, 5, ARTICLE_C_PROCESSES, "processes", NULL},
	{ARTICLE_START, 5, ARTICLE_C_THREADS, "threads", NULL},
	{ARTICLE_START, 5, ARTICLE_PYTHON_PROCESSES, NULL, "processes 5"},
	{ARTICLE_START, 5, ARTICLE_PYTHON_THREADS, NULL, "threads 5"},
	{ARTICLE_POOL, 4, ARTICLE_C_PROCESSES, "process-pool", NULL},
	{ARTICLE_POOL, 4, ARTICLE_C_THREADS, "thread-pool", NULL},
	{ARTICLE_POOL, 4, ARTICLE_PYTHON_PROCESSES, NULL, "pool 4"},
	{ARTICLE_POOL, 4, ARTICLE_PYTHON_THREADS, NULL, "thread-pool 4"},
};
enum { CREATIONS = sizeof(creations) / sizeof(*creations) };

enum { SLOTS = CREATIONS + TASKS * SYSTEMS };

struct article_run {
	const struct article_wishes *wishes;
	struct article *found;
	struct engine engine;
	char *kernels[KERNELS];	    /* the engine's, which owns none of it */
	size_t contenders[SYSTEMS]; /* of the engine, by system; 0 but for
				    serial: it is none of its */
	/* The one that creates has no pools and lists, which a fork would have
	 * to copy. */
	struct python creator, mapper;
	bool python;
	bool out[SLOTS]; /* it failed, and is not asked again */
	double *ns;	 /* [slot][round] */
	size_t round;
};

static size_t map_slot(size_t task, size_t system)
{
	return CREATIONS + task * SYSTEMS + system;
}

static void keep(struct article_run *run, size_t slot, double ns)
{
	run->ns[slot * run->wishes->runs + run->round] = ns;
}

/* Slot failed: 0 when the rest can go on. */
static int drop(struct article_run *run, size_t slot, const char *what,
		uint64_t n, const char *system, const char *why)
{
	if (run->out[slot])
		return 0;
	run->out[slot] = true;
	return skip_item(&run->found->skipped, false, why, "%s of %llu by %s",
			 what, (unsigned long long)n, system);
}

/* ------------------------------------------------------------- creating */

static int init_parent(struct spawn_parent *parent, const struct spawn_op *ops,
		       size_t nops, const struct article_run *run)
{
	*parent = (struct spawn_parent){
		.ops = ops,
		.nops = nops,
		.runs = 1,
		.first = run->round,
		.interrupt_fd = run->wishes->interrupt_fd,
		.topology = run->wishes->topology,
		.ns = calloc(nops, sizeof(double)),
		.count = calloc(nops, sizeof(double)),
		.ends = calloc(nops, sizeof(struct spawn_op_end)),
	};
	return parent->ns && parent->count && parent->ends ? 0 : ERROR_FAILED;
}

static void free_parent(struct spawn_parent *parent)
{
	free(parent->ns);
	free(parent->count);
	free(parent->ends);
}

static size_t find_op(const char *name)
{
	size_t a = 0;

	while (a + 1 < spawn_narticle &&
	       strcmp(spawn_article[a].name, name) != 0)
		a++;
	return a;
}

static int take_created(struct article_run *run,
			const struct spawn_parent *parent, int failed)
{
	int rc = 0;

	for (size_t m = 0; rc == 0 && m < CREATIONS; m++) {
		const struct creation_case *creation = &creations[m];
		size_t a = creation->op ? find_op(creation->op) : 0;

		if (!creation->op)
			continue;
		if (failed || parent->ends[a].rc)
			rc = drop(run, m, creation->what, creation->n,
				  creation->system,
				  failed ? parent->error
					 : parent->ends[a].error);
		else
			keep(run, m, parent->ns[a]);
	}
	return rc;
}

static int create_in_c(struct article_run *run)
{
	struct spawn_parent parent;
	int rc = init_parent(&parent, spawn_article, spawn_narticle, run);

	if (rc == 0) {
		rc = spawn_parent_run(&parent);
		if (rc != ERROR_INTERRUPTED)
			rc = take_created(run, &parent, rc);
	}
	free_parent(&parent);
	return rc;
}

/* Ask Python, and drop the slot where it fails. */
static int ask(struct article_run *run, struct python *python,
	       const char *request, size_t slot, const char *what, uint64_t n,
	       const char *system)
{
	double ns;
	int rc;

	if (!run->python || run->out[slot])
		return 0;
	rc = python_ask(python, request, run->wishes->interrupt_fd, &ns);
	if (rc == ERROR_INTERRUPTED)
		return rc;
	if (rc == 0)
		keep(run, slot, ns);
	else
		rc = drop(run, slot, what, n, system, python->error);
	/* One that died of what it was asked is started again for the rest. */
	if (rc == 0 && !python->pid &&
	    python_open(python, run->wishes->interrupt_fd))
		run->python = false;
	return rc;
}

static int create_in_python(struct article_run *run)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < CREATIONS; i++) {
		size_t m = (i + run->round) % CREATIONS;
		const struct creation_case *creation = &creations[m];

		if (creation->request)
			rc = ask(run, &run->creator, creation->request, m,
				 creation->what, creation->n, creation->system);
	}
	return rc;
}

/* ------------------------------------------------------------- mapping */

static size_t system_of(const struct article_run *run, size_t contender)
{
	size_t s = 0;

	while (s + 1 < SYSTEMS &&
	       !(systems[s].runner && run->contenders[s] == contender &&
		 (contender != ENGINE_BASE || s == 0)))
		s++;
	return s;
}

/* Without the base there is nothing to compare with. */
static const char *find_reason(const struct article_run *run, size_t contender)
{
	const struct contender *contenders = run->engine.contenders;
	const char *own = contenders[contender].host.error;

	return own[0] ? own : contenders[ENGINE_BASE].host.error;
}

static int take_group(struct article_run *run, const struct group *group,
		      size_t task)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < group->slots; i++) {
		size_t contender = group->contenders[i];
		size_t s = system_of(run, contender);
		size_t slot = map_slot(task, s);

		if (group->lost || group->missing[i])
			rc = drop(run, slot, tasks[task].what, tasks[task].n,
				  systems[s].name, find_reason(run, contender));
		else
			keep(run, slot,
			     group->ns[i * group->rounds] /
				     (double)group->calls[i]);
	}
	return rc;
}

static int map_in_c(struct article_run *run, size_t task)
{
	struct engine *engine = &run->engine;
	size_t contenders[SYSTEMS], count = 0;
	struct group group;
	int rc;

	for (size_t m = 0; m < engine->ncontenders; m++)
		if (engine_takes(engine, m, tasks[task].kernel, tasks[task].n))
			contenders[count++] = m;
	/* Of two rounds, so that none is the last, whose end is recorded. */
	if (group_init(&group, tasks[task].kernel, tasks[task].n, contenders,
		       count, 2) < 0)
		return ERROR_FAILED;
	rc = engine_round(engine, &group);
	if (rc == 0)
		rc = take_group(run, &group, task);
	group_free(&group);
	return rc;
}

static int map_in_python(struct article_run *run, size_t task)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < SYSTEMS; i++) {
		size_t s = (i + run->round) % SYSTEMS;
		char request[64];

		if (!systems[s].how)
			continue;
		snprintf(request, sizeof(request), "map %s %llu %s",
			 tasks[task].what, (unsigned long long)tasks[task].n,
			 systems[s].how);
		rc = ask(run, &run->mapper, request, map_slot(task, s),
			 tasks[task].what, tasks[task].n, systems[s].name);
	}
	return rc;
}

/* ------------------------------------------------------------- rounds */

/* Who is first changes from round to round. */
static int create_all(struct article_run *run)
{
	bool first = run->round % 2;
	int rc = first ? create_in_python(run) : create_in_c(run);

	if (rc == 0)
		rc = first ? create_in_c(run) : create_in_python(run);
	return rc;
}

static int map_all(struct article_run *run, size_t task)
{
	bool first = (run->round + task) % 2;
	int rc = first ? map_in_python(run, task) : map_in_c(run, task);

	if (rc == 0)
		rc = first ? map_in_c(run, task) : map_in_python(run, task);
	return rc;
}

/* Fresh hosts for each round, so that rounds do not share a layout. */
static int run_round(struct article_run *run, char error[ARTICLE_ERROR_MAX])
{
	struct progress *progress = run->wishes->progress;
	int rc;

	progress_part(progress, (double)run->round / (double)run->wishes->runs);
	progress_show(progress, "round %zu of %zu", run->round + 1,
		      run->wishes->runs);
	rc = engine_generation(&run->engine, (unsigned)run->round + 1, error);
	if (rc == 0)
		rc = create_all(run);
	for (size_t t = 0; rc == 0 && t < TASKS; t++)
		rc = map_all(run, t);
	return rc;
}

/* A first one of each makes its lists and its pools; what it keeps is
 * overwritten. */
static int warm_python(struct article_run *run)
{
	int rc;

	progress_show(run->wishes->progress,
		      "Python makes its lists and pools");
	rc = create_in_python(run);
	for (size_t t = 0; rc == 0 && t < TASKS; t++)
		rc = map_in_python(run, t);
	return rc;
}

/* ------------------------------------------------------------- whose memory */

static int check_memory(struct article_run *run)
{
	struct article *found = run->found;
	struct article_memory *memory = &found->c_memory;
	struct spawn_parent parent;
	double process, thread;
	int rc = init_parent(&parent, spawn_memory, spawn_nmemory, run);

	progress_show(run->wishes->progress, "looking at whose memory a "
					     "worker writes to");
	*memory = (struct article_memory){-1, -1};
	found->python_memory = *memory;
	if (rc == 0 && (rc = spawn_parent_run(&parent)) == 0)
		*memory = (struct article_memory){
			parent.ends[0].rc ? -1 : (int)parent.count[0],
			parent.ends[1].rc ? -1 : (int)parent.count[1],
		};
	else if (rc == ERROR_FAILED)
		rc = skip_item(&found->skipped, false, parent.error,
			       "memory in C");
	free_parent(&parent);
	if (rc || !run->python)
		return rc;
	rc = python_ask(&run->creator, "memory process",
			run->wishes->interrupt_fd, &process);
	if (rc == 0)
		rc = python_ask(&run->creator, "memory thread",
				run->wishes->interrupt_fd, &thread);
	if (rc == 0)
		found->python_memory =
			(struct article_memory){(int)process, (int)thread};
	else if (rc != ERROR_INTERRUPTED)
		rc = skip_item(&found->skipped, false, run->creator.error,
			       "memory in Python");
	return rc;
}

/* ------------------------------------------------------------- opening */

static int open_python(struct article_run *run)
{
	int interrupt_fd = run->wishes->interrupt_fd;
	const struct python *absent = &run->creator;
	int rc;

	progress_show(run->wishes->progress, "Python starts");
	rc = python_open(&run->creator, interrupt_fd);
	if (rc == 0) {
		absent = &run->mapper;
		rc = python_open(&run->mapper, interrupt_fd);
	}
	run->python = rc == 0;
	if (rc == ERROR_INTERRUPTED)
		return rc;
	if (rc)
		return skip_item(&run->found->skipped, false, absent->error,
				 "Python");
	run->found->python = strdup(run->mapper.version);
	return run->found->python ? 0 : ERROR_FAILED;
}

/* Runners that this build has not are left out before the engine asks. */
static int choose_runners(struct article_run *run, char **specs, size_t *count)
{
	char error[SPEC_ERROR_MAX];
	int rc = 0;

	*count = 0;
	for (size_t s = 1; rc == 0 && s < SYSTEMS; s++) {
		if (!systems[s].runner)
			continue;
		if (!registry_runner(systems[s].runner, error)) {
			rc = skip_item(&run->found->skipped, false, error, "%s",
				       systems[s].name);
			continue;
		}
		specs[*count] = strdup(systems[s].runner);
		if (!specs[(*count)++])
			rc = ERROR_FAILED;
		run->contenders[s] = *count;
	}
	return rc;
}

static size_t largest_arena(void)
{
	char error[SPEC_ERROR_MAX];
	size_t most = 0;

	for (size_t t = 0; t < TASKS; t++) {
		size_t size = workload_size(kernel_specs[tasks[t].kernel],
					    tasks[t].n, error);

		most = size > most ? size : most;
	}
	return most + (1 << 20);
}

static int open_engine(struct article_run *run, char error[ARTICLE_ERROR_MAX])
{
	const unsigned workers = ARTICLE_WORKERS;
	char *specs[SYSTEMS] = {NULL};
	size_t count;
	int rc = choose_runners(run, specs, &count);

	for (size_t k = 0; rc == 0 && k < KERNELS; k++) {
		run->kernels[k] = strdup(kernel_specs[k]);
		rc = run->kernels[k] ? 0 : ERROR_FAILED;
	}
	run->engine = (struct engine){
		.topology = run->wishes->topology,
		.pin = PIN_CORE,
		.kernels = run->kernels,
		.nkernels = KERNELS,
		.epoch_ns = 1e6,
		.interrupt_fd = run->wishes->interrupt_fd,
		.arena_size = largest_arena(),
		.oversubscribe = true,
		.notice = run->wishes->notice,
		.relay = progress_relay,
	};
	if (rc == 0)
		rc = engine_open(&run->engine, specs, count, &workers, 1,
				 error);
	for (size_t i = 0; i < SYSTEMS; i++)
		free(specs[i]);
	return rc;
}

/* ------------------------------------------------------------- the rows */

static int add_row(struct article_run *run, size_t slot, const char *what,
		   uint64_t n, const char *system)
{
	struct article *found = run->found;
	size_t runs = run->wishes->runs;
	double *ns = run->ns + slot * runs;
	struct article_row *grown;
	struct interval interval;

	/* Medians of some rounds would be of other rounds than the others'. */
	for (size_t r = 0; r < runs; r++)
		if (run->out[slot] || !isfinite(ns[r]))
			return 0;
	grown = realloc(found->rows, (found->nrows + 1) * sizeof(*grown));
	if (!grown)
		return ERROR_FAILED;
	found->rows = grown;
	stats_sort(ns, runs);
	interval = stats_median_interval(ns, runs, ALPHA);
	grown[found->nrows++] = (struct article_row){
		.what = what,
		.n = n,
		.system = system,
		.ms = stats_median(ns, runs) * 1e-6,
		.lo = interval.lo * 1e-6,
		.hi = interval.hi * 1e-6,
	};
	return 0;
}

static int add_rows(struct article_run *run)
{
	int rc = 0;

	for (size_t m = 0; rc == 0 && m < CREATIONS; m++)
		rc = add_row(run, m, creations[m].what, creations[m].n,
			     creations[m].system);
	for (size_t t = 0; rc == 0 && t < TASKS; t++)
		for (size_t s = 0; rc == 0 && s < SYSTEMS; s++)
			rc = add_row(run, map_slot(t, s), tasks[t].what,
				     tasks[t].n, systems[s].name);
	return rc;
}

static int run_all(struct article_run *run, char error[ARTICLE_ERROR_MAX])
{
	/* Before the engine binds us to a CPU, where Python would stay, too. */
	int rc = open_python(run);

	if (rc == 0)
		rc = open_engine(run, error);
	if (rc == 0)
		rc = check_memory(run);
	if (rc == 0)
		rc = warm_python(run);
	for (; rc == 0 && run->round < run->wishes->runs; run->round++)
		rc = run_round(run, error);
	return rc ? rc : add_rows(run);
}

int article_measure(const struct article_wishes *wishes, struct article *found,
		    char error[ARTICLE_ERROR_MAX])
{
	/* A struct of the wires' buffers is too large for the stack. */
	struct article_run *run = calloc(1, sizeof(*run));
	size_t values = SLOTS * wishes->runs;
	int rc = ERROR_FAILED;

	snprintf(error, ARTICLE_ERROR_MAX, "out of memory");
	found->runs = wishes->runs;
	found->workers = ARTICLE_WORKERS;
	if (!run)
		return rc;
	run->wishes = wishes;
	run->found = found;
	run->ns = calloc(values, sizeof(double));
	for (size_t i = 0; run->ns && i < values; i++)
		run->ns[i] = NAN;
	if (run->ns)
		rc = run_all(run, error);
	python_close(&run->creator);
	python_close(&run->mapper);
	engine_close(&run->engine);
	for (size_t k = 0; k < KERNELS; k++)
		free(run->kernels[k]);
	free(run->ns);
	free(run);
	return rc;
}

void article_free(struct article *found)
{
	skipped_free(&found->skipped);
	free(found->rows);
	free(found->python);
}
