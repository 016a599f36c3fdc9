/* SPDX-License-Identifier: MIT */
#include "analysis/timings.h"

#include "analysis/samples.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* While they are made. */
struct timings_builder {
	struct timings *timings;
	const struct samples *samples;
	const struct findings *findings;
	enum timings_of of;
	size_t used; /* of the values */
};

/* Where the values of the next timing go. */
static struct stats_value *timing_get_room(const struct timings_builder *making)
{
	return making->timings->values + making->used;
}

/* Of the `count` values that are there. */
static void timing_add_timing(struct timings_builder *making,
			      struct timing timing, size_t count)
{
	timing.values = timing_get_room(making);
	timing.count = stats_fold_generations(timing.values, count);
	if (timing.count == 0)
		return;
	making->used += timing.count;
	making->timings->list[making->timings->count++] = timing;
}

/* NaN where the clock could not tell. */
static double timing_get_value(const struct sample *sample, enum timings_of of)
{
	if (!(sample->serial_ns > 0 && sample->runner_ns > 0))
		return NAN;
	return of == TIMINGS_TIME ? log(sample->runner_ns)
				  : log(sample->serial_ns / sample->runner_ns);
}

/* Is it published? Not if a note says that it failed, for example. */
static bool timing_is_published(const struct findings *findings,
				const struct timing *timing)
{
	for (size_t i = 0; i < findings->ncells; i++) {
		const struct cell *cell = &findings->cells[i];

		if (cell->n == timing->n &&
		    cell->pair.workers == timing->workers &&
		    strcmp(cell->pair.kernel, timing->kernel) == 0 &&
		    strcmp(cell->pair.base, "serial") == 0 &&
		    strcmp(cell->pair.runner, timing->runner) == 0 &&
		    strcmp(cell->pair.placement, timing->placement) == 0)
			return cell->rounds > 0;
	}
	return false;
}

static void timing_add_cell(struct timings_builder *making, size_t begin,
			    size_t end)
{
	const struct sample *list = making->samples->list;
	const struct key *key = &list[begin].key;
	const struct timing timing = {
		.kernel = making->samples->kernels.list[key->kernel],
		.runner = making->samples->runners.list[key->runner],
		.workers = key->workers,
		.placement = making->samples->placements[key->placement],
		.n = key->n,
	};
	struct stats_value *values = timing_get_room(making);
	size_t kept = 0;

	if (key->base != 0 || !timing_is_published(making->findings, &timing))
		return;
	for (size_t i = begin; i < end; i++) {
		double x = timing_get_value(&list[i], making->of);

		if (!isnan(x))
			values[kept++] =
				(struct stats_value){x, list[i].generation};
	}
	timing_add_timing(making, timing, kept);
}

/* Serial at a kernel and a size, from the rounds of all runners. */
static void timing_add_serial(struct timings_builder *making, size_t kernel,
			      uint64_t n)
{
	struct stats_value *values = timing_get_room(making);
	size_t kept = 0;

	for (size_t i = 0; i < making->samples->count; i++) {
		const struct sample *sample = &making->samples->list[i];

		if (sample->key.kernel == kernel && sample->key.base == 0 &&
		    sample->key.n == n && sample->serial_ns > 0)
			values[kept++] = (struct stats_value){
				log(sample->serial_ns), sample->generation};
	}
	timing_add_timing(
		making,
		(struct timing){.kernel = making->samples->kernels.list[kernel],
				.workers = 1,
				.placement = "",
				.n = n},
		kept);
}

/* The smallest size of the kernel beyond `n`; 0: there is none. */
static uint64_t timing_next_size(const struct samples *samples, size_t kernel,
				 uint64_t n)
{
	uint64_t next = 0;

	for (size_t i = 0; i < samples->count; i++) {
		const struct key *key = &samples->list[i].key;

		if (key->kernel == kernel && key->n > n &&
		    (next == 0 || key->n < next))
			next = key->n;
	}
	return next;
}

static void timing_add_kernel(struct timings_builder *making, size_t begin,
			      size_t end)
{
	size_t kernel = making->samples->list[begin].key.kernel, last;

	for (uint64_t n = 0;
	     making->of == TIMINGS_TIME &&
	     (n = timing_next_size(making->samples, kernel, n)) > 0;)
		timing_add_serial(making, kernel, n);
	for (; begin < end; begin = last) {
		last = samples_cell_end(making->samples, begin);
		timing_add_cell(making, begin, last);
	}
}

static void timing_add_all(struct timings_builder *making)
{
	const struct samples *samples = making->samples;

	for (size_t begin = 0, end; begin < samples->count; begin = end) {
		end = begin + 1;
		while (end < samples->count &&
		       samples->list[end].key.kernel ==
			       samples->list[begin].key.kernel)
			end++;
		timing_add_kernel(making, begin, end);
	}
}

int timings_init(struct timings *timings, const struct record *record,
		 const struct findings *findings, enum timings_of of)
{
	struct samples samples;
	struct timings_builder making = {timings, &samples, findings, of, 0};
	int rc = samples_make(record, true, &samples);

	*timings = (struct timings){.count = 0};
	if (rc == 0) {
		/* Each sample is one of a runner, and one of serial. */
		size_t room = 2 * samples.count + 1;

		timings->list = calloc(room, sizeof(*timings->list));
		timings->values = calloc(room, sizeof(*timings->values));
		if (timings->list && timings->values)
			timing_add_all(&making);
		else
			rc = -ENOMEM;
	}
	samples_free(&samples);
	return rc;
}

void timings_free(struct timings *timings)
{
	free(timings->list);
	free(timings->values);
}

size_t timings_most(const struct timings *timings)
{
	size_t most = 0;

	for (size_t i = 0; i < timings->count; i++)
		if (timings->list[i].count > most)
			most = timings->list[i].count;
	return most;
}

const struct timing *timings_find_serial(const struct timings *timings,
					 const char *kernel, uint64_t n)
{
	for (size_t i = 0; i < timings->count; i++) {
		const struct timing *timing = &timings->list[i];

		if (!timing->runner && timing->n == n &&
		    strcmp(timing->kernel, kernel) == 0)
			return timing;
	}
	return NULL;
}

double timing_find_median(const struct timing *timing, double *scratch)
{
	for (size_t i = 0; i < timing->count; i++)
		scratch[i] = timing->values[i].x;
	return stats_find_median(scratch, timing->count);
}
