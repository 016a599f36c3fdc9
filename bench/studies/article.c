/* SPDX-License-Identifier: MIT */
#include "bench/studies/article.h"

#include "bench/cli/progress.h"
#include "bench/engine/generation.h"
#include "bench/studies/article_run.h"
#include "bench/studies/skip.h"
#include "stats/stats.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ALPHA 0.05

static int article_open_python(struct article_run *run)
{
	const struct topology *topology = run->plan->topology;
	int interrupt_fd = run->plan->interrupt_fd;
	const struct python *absent = &run->creator;
	int rc;

	progress_show(run->plan->progress, "Python starts");
	rc = python_open(&run->creator, topology, interrupt_fd);
	if (rc == 0) {
		absent = &run->mapper;
		rc = python_open(&run->mapper, topology, interrupt_fd);
	}
	run->python = rc == 0;
	if (rc == ERROR_INTERRUPTED)
		return rc;
	if (rc)
		return skip_item(&run->found->skipped, false,
				 absent->host.error.text, "Python");
	run->found->python = strdup(run->mapper.version);
	return run->found->python ? 0 : ERROR_FAILED;
}

/* ------------------------------------------------------------- rounds */

/* The first of the two changes from round to round. */
static int article_create_all(struct article_run *run)
{
	bool first = run->round % 2;
	int rc = first ? article_create_in_python(run)
		       : article_create_in_c(run);

	if (rc == 0)
		rc = first ? article_create_in_c(run)
			   : article_create_in_python(run);
	return rc;
}

static int article_map_all(struct article_run *run, size_t task)
{
	bool first = (run->round + task) % 2;
	int rc = first ? article_map_in_python(run, task)
		       : article_map_in_c(run, task);

	if (rc == 0)
		rc = first ? article_map_in_c(run, task)
			   : article_map_in_python(run, task);
	return rc;
}

/* Fresh hosts for each round, so that rounds do not share a layout. */
static int article_run_round(struct article_run *run)
{
	struct progress *progress = run->plan->progress;
	int rc;

	progress_part(progress, (double)run->round / (double)run->plan->runs);
	progress_show(progress, "round %zu of %zu", run->round + 1,
		      run->plan->runs);
	rc = engine_start_generation(&run->engine, (unsigned)run->round + 1,
				     NULL);
	if (rc == 0)
		rc = article_create_all(run);
	for (size_t t = 0; rc == 0 && t < ARTICLE_TASKS; t++)
		rc = article_map_all(run, t);
	return rc;
}

/* The first request of each kind creates Python's lists and pools; its times
 * are overwritten. */
static int article_warm_python(struct article_run *run)
{
	int rc;

	progress_show(run->plan->progress, "Python makes its lists and pools");
	rc = article_create_in_python(run);
	for (size_t t = 0; rc == 0 && t < ARTICLE_TASKS; t++)
		rc = article_map_in_python(run, t);
	return rc;
}

/* ------------------------------------------------------------- rows */

static int article_add_row(struct article_run *run, size_t slot)
{
	struct article *found = run->found;
	struct article_row *grown, row = article_slot_row(slot);
	size_t runs = run->plan->runs;
	double *ns = run->ns + slot * runs;
	struct interval interval;

	/* A median over fewer rounds would not be comparable with the others.
	 */
	for (size_t r = 0; r < runs; r++)
		if (run->out[slot] || !isfinite(ns[r]))
			return 0;
	grown = realloc(found->rows, (found->nrows + 1) * sizeof(*grown));
	if (!grown)
		return ERROR_FAILED;
	found->rows = grown;
	stats_sort(ns, runs);
	interval = stats_median_interval(ns, runs, ALPHA);
	row.ms = stats_median(ns, runs) * 1e-6;
	row.lo = interval.lo * 1e-6;
	row.hi = interval.hi * 1e-6;
	grown[found->nrows++] = row;
	return 0;
}

static int article_add_rows(struct article_run *run)
{
	int rc = 0;

	for (size_t slot = 0; rc == 0 && slot < ARTICLE_SLOTS; slot++)
		rc = article_add_row(run, slot);
	return rc;
}

static int article_run_all(struct article_run *run)
{
	int rc = article_open_python(run);

	if (rc == 0)
		rc = article_open_engine(run);
	if (rc == 0)
		rc = article_check_memory(run);
	if (rc == 0)
		rc = article_warm_python(run);
	for (; rc == 0 && run->round < run->plan->runs; run->round++)
		rc = article_run_round(run);
	return rc ? rc : article_add_rows(run);
}

int article_measure(const struct article_plan *plan, struct article *found,
		    struct error *error)
{
	/* A struct of the wires' buffers is too large for the stack. */
	struct article_run *run = calloc(1, sizeof(*run));
	size_t values = ARTICLE_SLOTS * plan->runs;
	int rc = ERROR_FAILED;

	found->runs = plan->runs;
	found->workers = ARTICLE_WORKERS;
	if (!run)
		return rc;
	run->plan = plan;
	run->found = found;
	run->ns = calloc(values, sizeof(double));
	for (size_t i = 0; run->ns && i < values; i++)
		run->ns[i] = NAN;
	if (run->ns)
		rc = article_run_all(run);
	*error = run->engine.error;
	python_close(&run->creator);
	python_close(&run->mapper);
	engine_close(&run->engine);
	for (size_t k = 0; k < ARTICLE_KERNELS; k++)
		free(run->kernels[k]);
	free(run->ns);
	free(run);
	return rc;
}
