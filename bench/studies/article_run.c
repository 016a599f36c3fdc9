/* SPDX-License-Identifier: MIT */
#include "bench/studies/article_run.h"

#include "bench/studies/skip.h"

const struct article_system article_systems[ARTICLE_SYSTEMS] = {
	{ARTICLE_C_SERIAL, "serial", NULL},
	{ARTICLE_C_SHARED, "fork-pool", NULL},
	{ARTICLE_C_SHIPPED, "pipe-pool", NULL},
	{ARTICLE_C_THREADS, "pthread-pool", NULL},
	{ARTICLE_PYTHON_LIST, NULL, "list"},
	{ARTICLE_PYTHON_POOL, NULL, "pool"},
	{ARTICLE_PYTHON_THREADS, NULL, "threads"},
};

const struct article_task article_tasks[ARTICLE_TASKS] = {
	{ARTICLE_SQUARE, 0, 5},	     {ARTICLE_SQUARE, 0, 1000},
	{ARTICLE_SQUARE, 0, 100000}, {ARTICLE_SQUARE, 0, 1000000},
	{ARTICLE_COMPUTE, 1, 16384},
};

const char *const article_kernels[ARTICLE_KERNELS] = {"square_map", "collatz"};

const struct creation_case article_creations[ARTICLE_CREATIONS] = {
	{ARTICLE_START, 5, ARTICLE_C_PROCESSES, "processes", NULL},
	{ARTICLE_START, 5, ARTICLE_C_THREADS, "threads", NULL},
	{ARTICLE_START, 5, ARTICLE_PYTHON_PROCESSES, NULL, "processes 5"},
	{ARTICLE_START, 5, ARTICLE_PYTHON_THREADS, NULL, "threads 5"},
	{ARTICLE_POOL, 4, ARTICLE_C_PROCESSES, "process-pool", NULL},
	{ARTICLE_POOL, 4, ARTICLE_C_THREADS, "thread-pool", NULL},
	{ARTICLE_POOL, 4, ARTICLE_PYTHON_PROCESSES, NULL, "pool 4"},
	{ARTICLE_POOL, 4, ARTICLE_PYTHON_THREADS, NULL, "thread-pool 4"},
};

size_t article_map_slot(size_t task, size_t system)
{
	return ARTICLE_CREATIONS + task * ARTICLE_SYSTEMS + system;
}

static struct article_row creation_row(const struct creation_case *creation)
{
	return (struct article_row){.what = creation->what,
				    .n = creation->n,
				    .system = creation->system};
}

struct article_row article_slot_row(size_t slot)
{
	size_t map = slot - ARTICLE_CREATIONS;
	const struct article_task *task;

	if (slot < ARTICLE_CREATIONS)
		return creation_row(&article_creations[slot]);
	task = &article_tasks[map / ARTICLE_SYSTEMS];
	return (struct article_row){
		.what = task->what,
		.n = task->n,
		.system = article_systems[map % ARTICLE_SYSTEMS].name,
	};
}

void article_run_keep(struct article_run *run, size_t slot, double ns)
{
	run->ns[slot * run->plan->runs + run->round] = ns;
}

int article_run_skip(struct article_run *run, size_t slot, const char *why)
{
	struct article_row row = article_slot_row(slot);

	if (run->out[slot])
		return 0;
	run->out[slot] = true;
	return skip_item(&run->found->skipped, false, why, "%s of %llu by %s",
			 row.what, (unsigned long long)row.n, row.system);
}

int article_run_renew(struct article_run *run, struct python *python)
{
	int rc;

	python_close(python);
	rc = python_open(python, run->plan->topology, run->plan->interrupt_fd);
	if (rc == 0 || rc == ERROR_INTERRUPTED)
		return rc;
	run->python = false;
	return skip_item(&run->found->skipped, false, python->host.error.text,
			 "Python from round %zu on", run->round + 1);
}

int article_run_ask(struct article_run *run, struct python *python,
		    const char *request, size_t slot)
{
	double ns;
	int rc;

	if (!run->python || run->out[slot])
		return 0;
	rc = python_ask(python, request, run->plan->interrupt_fd, &ns);
	if (rc == ERROR_INTERRUPTED)
		return rc;
	if (rc == 0) {
		article_run_keep(run, slot, ns);
		return 0;
	}
	rc = article_run_skip(run, slot, python->host.error.text);
	return rc ? rc : article_run_renew(run, python);
}
