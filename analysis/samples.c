/* SPDX-License-Identifier: MIT */
#include "analysis/samples.h"

#include "analysis/disturbed_rounds.h"
#include "analysis/placement.h"
#include "stats/stats.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The header's names, and room for all that blocks and notes may bring. */
static int samples_collect_names(const struct record *record,
				 struct samples *samples)
{
	size_t runners = 2 * record->nrunners + record->nnotes;

	for (size_t b = 0; b < record->nblocks; b++)
		runners += record->blocks[b].nseries;
	if (names_init(&samples->kernels, record->nkernels + record->nblocks +
						  record->nnotes) < 0 ||
	    names_init(&samples->runners, runners) < 0)
		return -ENOMEM;
	for (size_t k = 0; k < record->nkernels; k++)
		names_find(&samples->kernels, record->kernels[k]);
	for (size_t r = 0; r < record->nrunners; r++)
		names_find(&samples->runners, record->runners[r].spec);
	return 0;
}

bool samples_on_grid(const struct record *record, uint64_t n)
{
	return grid_find_size(record, n) >= 0;
}

const char *samples_base(const struct record *record, const char *runner)
{
	for (size_t r = 0; r < record->nrunners; r++)
		if (strcmp(record->runners[r].spec, runner) == 0 &&
		    strcmp(record->runners[r].base, "serial") != 0 &&
		    strcmp(record->runners[r].base, runner) != 0)
			return record->runners[r].base;
	return NULL;
}

const struct series *samples_find_series(const struct block *block,
					 enum role role, const char *runner)
{
	for (size_t i = 0; i < block->nseries; i++)
		if (block->series[i].role == role &&
		    (!runner || strcmp(block->series[i].runner, runner) == 0))
			return &block->series[i];
	return NULL;
}

static const struct series *samples_find_base(const struct block *block)
{
	return samples_find_series(block, ROLE_BASE, NULL);
}

const struct series *samples_find_whole(const struct block *block)
{
	const struct series *direct =
		samples_find_series(block, ROLE_CONTROL, "direct");

	return direct ? direct : samples_find_base(block);
}

static double samples_per_call(const struct series *series, size_t round)
{
	if (!series || !(series->ns[round] >= 0))
		return NAN;
	return series->ns[round] / (double)series->calls;
}

static double samples_cpu_per_call(const struct series *series, size_t round)
{
	if (!series || !series->cpu_ns || !(series->cpu_ns[round] >= 0))
		return NAN;
	return series->cpu_ns[round] / (double)series->calls;
}

/* Where samples come from: a runner in a block, against one base. */
struct samples_source {
	struct key key; /* of placement 0 */
	const struct block *block;
	const struct series *series, *base, *direct; /* direct NULL: none */
};

struct sources {
	struct samples_source *list;
	size_t count;
};

static int samples_by_key(const void *a, const void *b)
{
	const struct samples_source *x = a, *y = b;
	int order = key_compare(&x->key, &y->key);

	if (order)
		return order;
	if (x->block->generation != y->block->generation)
		return x->block->generation < y->block->generation ? -1 : 1;
	return (x->block > y->block) - (x->block < y->block);
}

static void samples_add_source(struct sources *sources, struct samples *samples,
			       const struct block *block,
			       const struct series *series,
			       const struct series *base,
			       const struct series *direct)
{
	bool serial = !base || base->role == ROLE_BASE;

	sources->list[sources->count++] = (struct samples_source){
		.key = {.kernel = names_find(&samples->kernels, block->kernel),
			.base = serial ? 0
				       : 1 + names_find(&samples->runners,
							base->runner),
			.runner = names_find(&samples->runners, series->runner),
			.workers = series->workers,
			.n = block->n},
		.block = block,
		.series = series,
		.base = base,
		.direct = direct,
	};
}

static void samples_add_round(struct samples *samples,
			      const struct samples_source *source, size_t round,
			      unsigned placement)
{
	struct sample sample = {
		.key = source->key,
		.generation = source->block->generation,
		.tiles = source->series->tiles ? source->series->tiles
					       : source->block->tiles,
		.serial_ns = samples_per_call(source->base, round),
		.runner_ns = samples_per_call(source->series, round),
		.direct_ns = samples_per_call(source->direct, round),
		.serial_cpu_ns = samples_cpu_per_call(source->base, round),
		.runner_cpu_ns = samples_cpu_per_call(source->series, round),
	};

	sample.key.placement = placement;
	if (!isnan(sample.serial_ns) && !isnan(sample.runner_ns))
		samples->list[samples->count++] = sample;
}

/* The rounds of one source that were of that placement. */
static void samples_add_rounds(struct samples *samples,
			       const struct placements *placements,
			       const struct samples_source *source,
			       unsigned placement, bool gate)
{
	for (size_t r = 0; r < source->block->rounds; r++)
		if (placement_get(placements, source->key.workers,
				  source->block->readings + 2 * r) ==
			    placement &&
		    !(gate && disturbed_rounds_is(source->block, r,
						  samples->longest_ns)))
			samples_add_round(samples, source, r, placement);
}

/* Would the gate leave nothing of these sources? */
static bool samples_are_disturbed(const struct samples *samples,
				  const struct samples_source *sources,
				  size_t count)
{
	for (size_t i = 0; i < count; i++)
		for (size_t r = 0; r < sources[i].block->rounds; r++)
			if (!disturbed_rounds_is(sources[i].block, r,
						 samples->longest_ns))
				return false;
	return true;
}

/* Add the sources of one cell, in one placement. If all its rounds were
 * disturbed, they are kept: then the run says that it was disturbed. */
static void samples_add_cell(struct samples *samples,
			     const struct placements *placements,
			     const struct samples_source *sources, size_t count,
			     unsigned placement, bool gate)
{
	gate = gate && !samples_are_disturbed(samples, sources, count);

	for (size_t i = 0; i < count; i++)
		samples_add_rounds(samples, placements, &sources[i], placement,
				   gate);
}

/* How many of these sources (one at least) belong to the cell of the first. */
static size_t samples_count_cell(const struct samples_source *sources,
				 size_t count)
{
	size_t length = 1;

	while (length < count &&
	       key_compare(&sources[length].key, &sources[0].key) == 0)
		length++;
	return length;
}

/* Sources are sorted, their many rounds are not: so add a pair's placements,
 * which only rounds know, one after the other. */
static void samples_add_all(struct samples *samples,
			    const struct placements *placements,
			    const struct sources *sources, bool gate)
{
	const struct samples_source *list = sources->list;

	for (size_t begin = 0, end; begin < sources->count; begin = end) {
		for (end = begin + 1;
		     end < sources->count &&
		     key_compare_pair(&list[end].key, &list[begin].key) == 0;)
			end++;
		for (unsigned p = 0; p <= placements->two; p++)
			for (size_t i = begin, length; i < end; i += length) {
				length = samples_count_cell(&list[i], end - i);
				samples_add_cell(samples, placements, &list[i],
						 length, p, gate);
			}
	}
}

/* The other base of a series' runner, if it was measured, too. */
static const struct series *samples_find_other_base(const struct record *record,
						    const struct block *block,
						    const struct series *series)
{
	const char *base = samples_base(record, series->runner);

	for (size_t i = 0; base && i < block->nseries; i++)
		if (block->series[i].role == ROLE_RUNNER &&
		    strcmp(block->series[i].runner, base) == 0)
			return &block->series[i];
	return NULL;
}

static void samples_add_sources(struct sources *sources,
				struct samples *samples,
				const struct record *record,
				const struct block *block)
{
	for (size_t i = 0; i < block->nseries; i++) {
		const struct series *series = &block->series[i];
		const struct series *other;

		if (series->role != ROLE_RUNNER)
			continue;
		other = samples_find_other_base(record, block, series);
		samples_add_source(sources, samples, block, series,
				   samples_find_base(block),
				   samples_find_whole(block));
		if (other)
			samples_add_source(sources, samples, block, series,
					   other, NULL);
	}
}

/* 0 or -ENOMEM. */
static int samples_collect_sources(const struct record *record,
				   struct samples *samples,
				   struct sources *sources)
{
	size_t room = 0;

	for (size_t b = 0; b < record->nblocks; b++)
		room += 2 * record->blocks[b].nseries;
	sources->list = calloc(room + 1, sizeof(*sources->list));
	if (!sources->list)
		return -ENOMEM;
	for (size_t b = 0; b < record->nblocks; b++)
		samples_add_sources(sources, samples, record,
				    &record->blocks[b]);
	qsort(sources->list, sources->count, sizeof(*sources->list),
	      samples_by_key);
	return 0;
}

static size_t samples_count(const struct record *record)
{
	size_t count = 0;

	for (size_t b = 0; b < record->nblocks; b++)
		count += record->blocks[b].rounds * record->blocks[b].nseries;
	return count;
}

int samples_make(const struct record *record, bool gate,
		 struct samples *samples)
{
	struct placements placements;
	struct sources sources = {.count = 0};

	memset(samples, 0, sizeof(*samples));
	for (size_t b = 0; b < record->nblocks; b++)
		samples->rounds += record->blocks[b].rounds;
	samples->list =
		calloc(2 * samples_count(record) + 1, sizeof(*samples->list));
	if (!samples->list || samples_collect_names(record, samples) < 0 ||
	    placements_find(record, &samples->kernels, &placements) < 0 ||
	    disturbed_rounds_find_limit(record, &samples->longest_ns) < 0 ||
	    samples_collect_sources(record, samples, &sources) < 0)
		return -ENOMEM;
	memcpy(samples->placements, placements.names,
	       sizeof(samples->placements));
	samples->dropped = placements.mixed;
	samples->gated = disturbed_rounds_count(record, samples->longest_ns);
	samples_add_all(samples, &placements, &sources, gate);
	free(sources.list);
	return 0;
}

int samples_harness(const struct record *record, double *ns)
{
	double *calls = calloc(samples_count(record) + 1, sizeof(*calls));
	size_t count = 0;

	if (!calls)
		return -ENOMEM;
	for (size_t b = 0; b < record->nblocks; b++) {
		const struct block *block = &record->blocks[b];
		const struct series *base = samples_find_base(block);

		if (strcmp(block->kernel, "empty") != 0 || block->n != 1)
			continue;
		for (size_t r = 0; base && r < block->rounds; r++) {
			calls[count] = samples_per_call(base, r);
			count += !isnan(calls[count]);
		}
	}
	*ns = stats_find_median(calls, count);
	free(calls);
	return 0;
}

double sample_log_ratio(const struct sample *sample)
{
	if (!(sample->serial_ns > 0 && sample->runner_ns > 0))
		return NAN;
	return log(sample->serial_ns / sample->runner_ns);
}

double sample_cpu_log_ratio(const struct sample *sample)
{
	if (!(sample->serial_cpu_ns > 0 && sample->runner_cpu_ns > 0))
		return NAN;
	return log(sample->serial_cpu_ns / sample->runner_cpu_ns);
}

size_t samples_take_values(const struct sample *samples, size_t count,
			   sample_value *value, struct stats_value *out)
{
	size_t kept = 0;

	for (size_t i = 0; i < count; i++) {
		double x = value(&samples[i]);

		if (!isnan(x))
			out[kept++] =
				(struct stats_value){x, samples[i].generation};
	}
	return kept;
}

size_t samples_cell_end(const struct samples *samples, size_t begin)
{
	const struct sample *first = &samples->list[begin];
	size_t end = begin + 1;

	while (end < samples->count &&
	       key_compare(&samples->list[end].key, &first->key) == 0)
		end++;
	return end;
}

void samples_free(struct samples *samples)
{
	free(samples->list);
	names_free(&samples->kernels);
	names_free(&samples->runners);
}
