/* SPDX-License-Identifier: MIT */
/*
 * What the article compares, and one run of it: a slot for each creation and
 * each map, in each of the systems that can do it.
 */
#ifndef BREAKEVEN_BENCH_STUDIES_ARTICLE_RUN_H
#define BREAKEVEN_BENCH_STUDIES_ARTICLE_RUN_H

#include "analysis/studies/article_result.h"
#include "bench/engine/engine.h"
#include "bench/studies/article_plan.h"
#include "bench/studies/article_python.h"

/* What maps: a runner, over a kernel in hosts of the engine; or Python, as its
 * script calls it. */
struct article_system {
	const char *name, *runner, *how;
};

/* What is mapped. The script calls a task by the same name. */
struct article_task {
	const char *what;
	size_t kernel; /* of article_kernels */
	uint64_t n;
};

/* What is created: by an op of spawn_article, or by a request to Python. */
struct creation_case {
	const char *what;
	uint64_t n;
	const char *system, *op, *request;
};

enum {
	ARTICLE_WORKERS = 2,
	ARTICLE_SYSTEMS = 7,
	ARTICLE_TASKS = 5,
	ARTICLE_KERNELS = 2,
	ARTICLE_CREATIONS = 8,
	ARTICLE_SLOTS = ARTICLE_CREATIONS + ARTICLE_TASKS * ARTICLE_SYSTEMS,
};
extern const struct article_system article_systems[ARTICLE_SYSTEMS];
extern const struct article_task article_tasks[ARTICLE_TASKS];
extern const char *const article_kernels[ARTICLE_KERNELS];
extern const struct creation_case article_creations[ARTICLE_CREATIONS];

struct article_run {
	const struct article_plan *plan;
	struct article *found;
	struct engine engine;
	char *kernels[ARTICLE_KERNELS];	    /* the engine's, which does not own
					       them */
	size_t contenders[ARTICLE_SYSTEMS]; /* of the engine, by system; 0 but
					       for serial: it has none */
	/* The one that creates has no pools and lists, which a fork would have
	 * to copy. */
	struct python creator, mapper;
	bool python;
	bool out[ARTICLE_SLOTS]; /* it failed, and is not asked again */
	double *ns;		 /* [slot][round] */
	size_t round;
};

/* The slot of a task in a system; creations have the slots of their places. */
size_t article_map_slot(size_t task, size_t system);

/* What a slot measures: the row that it becomes, without its times. */
struct article_row article_slot_row(size_t slot);

/* The slot's time in this round. */
void article_run_keep(struct article_run *run, size_t slot, double ns);

/* The slot failed: it is skipped from now on. 0 if the rest can go on, else
 * ERROR_FAILED. */
int article_run_skip(struct article_run *run, size_t slot, const char *why);

/* Ask Python for the slot's time, and skip the slot if that fails. 0 or an enum
 * error_kind. */
int article_run_ask(struct article_run *run, struct python *python,
		    const char *request, size_t slot);

/* ------------------------------------------------------------- creations */

/* After a failure, by which it may have lost a worker or its life: a new Python
 * for what follows. 0 or an enum error_kind; if there is none, run->python is
 * false, and the reason among the skipped. */
int article_run_renew(struct article_run *run, struct python *python);

/* All creations once, in C; and in Python. 0 or an enum error_kind. */
int article_create_in_c(struct article_run *run);
int article_create_in_python(struct article_run *run);

/* Whose memory does a worker write to? As above. */
int article_check_memory(struct article_run *run);

/* ------------------------------------------------------------- maps */

/* Open the engine. 0, or an enum error_kind, which its error explains. */
int article_open_engine(struct article_run *run);

/* The task once under each system, in C; and in Python. 0 or an enum
 * error_kind. */
int article_map_in_c(struct article_run *run, size_t task);
int article_map_in_python(struct article_run *run, size_t task);

#endif
