/* SPDX-License-Identifier: MIT */
#include "analysis/controls.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define SHORTEST_CALL 1e5 /* ns: below, the handing out is most of it */
#define ERROR_RATE    0.05

/* The rounds of one block that count, all of one size and generation. */
struct control_rounds {
	const struct block *block;
	const struct series *runner, *control;
};

struct groups {
	size_t count;
	struct control_rounds *list;
};

static const struct series *control_find_runner(const struct block *block,
						const struct series *control)
{
	for (size_t i = 0; i < block->nseries; i++) {
		const struct series *series = &block->series[i];

		if (series->role == ROLE_RUNNER &&
		    series->workers == control->workers &&
		    strcmp(series->runner, control->runner) == 0)
			return series;
	}
	return NULL;
}

static double control_call_ns(const struct series *series, size_t round)
{
	return series->ns[round] / (double)series->calls;
}

/* log(runner's time / time by hand); NaN: not known. */
static double control_log_cost(const struct control_rounds *group, size_t round)
{
	double ns = control_call_ns(group->runner, round);
	double by_hand = control_call_ns(group->control, round);

	return ns > 0 && by_hand > 0 ? log(ns / by_hand) : NAN;
}

static bool control_is_long(const struct block *block,
			    const struct series *control, double *scratch)
{
	size_t count = 0;

	for (size_t r = 0; r < block->rounds; r++)
		if (control->ns[r] > 0)
			scratch[count++] = control_call_ns(control, r);
	return count && stats_find_median(scratch, count) >= SHORTEST_CALL;
}

static void control_collect(const struct record *record, struct groups *groups,
			    double *scratch)
{
	for (size_t b = 0; b < record->nblocks; b++) {
		const struct block *block = &record->blocks[b];

		for (size_t i = 0; i < block->nseries; i++) {
			const struct series *control = &block->series[i];
			const struct series *runner =
				control_find_runner(block, control);

			if (control->role == ROLE_CONTROL && runner &&
			    control_is_long(block, control, scratch))
				groups->list[groups->count++] =
					(struct control_rounds){block, runner,
								control};
		}
	}
}

static bool control_same(const struct control_rounds *a,
			 const struct control_rounds *b)
{
	return strcmp(a->block->kernel, b->block->kernel) == 0 &&
	       strcmp(a->runner->runner, b->runner->runner) == 0 &&
	       a->runner->workers == b->runner->workers;
}

/* The costs of the groups like `like`. */
static size_t control_make_costs(const struct groups *groups,
				 const struct control_rounds *like,
				 struct stats_value *costs)
{
	size_t count = 0;

	for (size_t g = 0; g < groups->count; g++) {
		const struct control_rounds *group = &groups->list[g];

		for (size_t r = 0;
		     control_same(group, like) && r < group->block->rounds;
		     r++) {
			double cost = control_log_cost(group, r);

			if (!isnan(cost))
				costs[count++] = (struct stats_value){
					cost, group->block->generation};
		}
	}
	return count;
}

static void control_judge(const struct groups *groups,
			  const struct control_rounds *like,
			  struct control_cost *cost, double *scratch,
			  struct stats_value *values)
{
	struct stats_estimate estimate =
		stats_estimate(values, control_make_costs(groups, like, values),
			       ERROR_RATE, scratch);

	*cost = (struct control_cost){
		.kernel = like->block->kernel,
		.runner = like->runner->runner,
		.workers = like->runner->workers,
		.n_min = UINT64_MAX,
		.rounds = estimate.count,
		.log_cost = estimate.median,
		.interval = estimate.interval,
	};
	for (size_t g = 0; g < groups->count; g++) {
		uint64_t n = groups->list[g].block->n;

		if (!control_same(&groups->list[g], like))
			continue;
		cost->n_min = n < cost->n_min ? n : cost->n_min;
		cost->n_max = n > cost->n_max ? n : cost->n_max;
	}
}

static bool control_judged(const struct groups *groups, size_t before)
{
	for (size_t g = 0; g < before; g++)
		if (control_same(&groups->list[g], &groups->list[before]))
			return true;
	return false;
}

static void control_judge_all(struct findings *findings,
			      const struct groups *groups, double *scratch,
			      struct stats_value *values)
{
	for (size_t g = 0; g < groups->count; g++)
		if (!control_judged(groups, g))
			control_judge(
				groups, &groups->list[g],
				&findings->controls[findings->ncontrols++],
				scratch, values);
}

int controls_judge(struct findings *findings, const struct record *record)
{
	struct groups groups = {.count = 0};
	size_t series = 0, rounds = 0;
	struct stats_value *values;
	double *scratch;
	int rc = -ENOMEM;

	for (size_t b = 0; b < record->nblocks; b++) {
		series += record->blocks[b].nseries;
		rounds += record->blocks[b].nseries * record->blocks[b].rounds;
	}
	groups.list = calloc(series + 1, sizeof(*groups.list));
	findings->controls = calloc(series + 1, sizeof(*findings->controls));
	scratch = calloc(rounds + 1, sizeof(*scratch));
	values = calloc(rounds + 1, sizeof(*values));
	if (groups.list && findings->controls && scratch && values) {
		control_collect(record, &groups, scratch);
		control_judge_all(findings, &groups, scratch, values);
		rc = 0;
	}
	free(groups.list);
	free(scratch);
	free(values);
	return rc;
}
