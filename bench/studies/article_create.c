/* SPDX-License-Identifier: MIT */
#include "bench/studies/article_run.h"

#include "bench/cli/progress.h"
#include "bench/studies/skip.h"
#include "bench/studies/spawn_ops.h"

#include <stdlib.h>
#include <string.h>

static int article_init_parent(struct spawn_parent *parent,
			       const struct spawn_op *ops, size_t nops,
			       const struct article_run *run)
{
	*parent = (struct spawn_parent){
		.ops = ops,
		.nops = nops,
		.runs = 1,
		.first = run->round,
		.interrupt_fd = run->plan->interrupt_fd,
		.topology = run->plan->topology,
		.ns = calloc(nops, sizeof(double)),
		.count = calloc(nops, sizeof(double)),
		.ends = calloc(nops, sizeof(struct spawn_op_end)),
	};
	return parent->ns && parent->count && parent->ends ? 0 : ERROR_FAILED;
}

static void article_free_parent(struct spawn_parent *parent)
{
	free(parent->ns);
	free(parent->count);
	free(parent->ends);
}

static size_t article_find_op(const char *name)
{
	size_t a = 0;

	while (a + 1 < spawn_narticle &&
	       strcmp(spawn_article[a].name, name) != 0)
		a++;
	return a;
}

static int article_take_created(struct article_run *run,
				const struct spawn_parent *parent, int failed)
{
	int rc = 0;

	for (size_t m = 0; rc == 0 && m < ARTICLE_CREATIONS; m++) {
		const struct creation_case *creation = &article_creations[m];
		size_t a = creation->op ? article_find_op(creation->op) : 0;

		if (!creation->op)
			continue;
		if (failed || parent->ends[a].rc)
			rc = article_run_skip(run, m,
					      failed ? parent->error.text
						     : parent->ends[a].error);
		else
			article_run_keep(run, m, parent->ns[a]);
	}
	return rc;
}

int article_create_in_c(struct article_run *run)
{
	struct spawn_parent parent;
	int rc = article_init_parent(&parent, spawn_article, spawn_narticle,
				     run);

	if (rc == 0) {
		rc = spawn_parent_run(&parent);
		if (rc != ERROR_INTERRUPTED)
			rc = article_take_created(run, &parent, rc);
	}
	article_free_parent(&parent);
	return rc;
}

int article_create_in_python(struct article_run *run)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < ARTICLE_CREATIONS; i++) {
		size_t m = (i + run->round) % ARTICLE_CREATIONS;
		const struct creation_case *creation = &article_creations[m];

		if (creation->request)
			rc = article_run_ask(run, &run->creator,
					     creation->request, m);
	}
	return rc;
}

int article_check_memory(struct article_run *run)
{
	struct article *found = run->found;
	struct article_memory *memory = &found->c_memory;
	struct spawn_parent parent;
	double process, thread;
	int rc = article_init_parent(&parent, spawn_memory, spawn_nmemory, run);

	progress_show(run->plan->progress,
		      "checking which memory a worker writes to");
	*memory = (struct article_memory){-1, -1};
	found->python_memory = *memory;
	if (rc == 0 && (rc = spawn_parent_run(&parent)) == 0)
		*memory = (struct article_memory){
			parent.ends[0].rc ? -1 : (int)parent.count[0],
			parent.ends[1].rc ? -1 : (int)parent.count[1],
		};
	else if (rc == ERROR_FAILED)
		rc = skip_item(&found->skipped, false, parent.error.text,
			       "memory in C");
	article_free_parent(&parent);
	if (rc || !run->python)
		return rc;
	rc = python_ask(&run->creator, "memory process",
			run->plan->interrupt_fd, &process);
	if (rc == 0)
		rc = python_ask(&run->creator, "memory thread",
				run->plan->interrupt_fd, &thread);
	if (rc == 0)
		found->python_memory =
			(struct article_memory){(int)process, (int)thread};
	else if (rc != ERROR_INTERRUPTED &&
		 !(rc = skip_item(&found->skipped, false,
				  run->creator.host.error.text,
				  "memory in Python")))
		rc = article_run_renew(run, &run->creator);
	return rc;
}
