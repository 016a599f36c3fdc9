/* SPDX-License-Identifier: MIT */
#include "analysis/draft.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

#define ERROR_RATE 0.05 /* of all comparisons of a table */

/* What one number of a sample is. */
typedef double sample_value(const struct sample *sample);

static double cell_serial_ns(const struct sample *sample)
{
	return sample->serial_ns;
}

static double cell_runner_ns(const struct sample *sample)
{
	return sample->runner_ns;
}

static double cell_direct_ns(const struct sample *sample)
{
	return sample->direct_ns;
}

/* Values of samples that count; returns how many there are. */
static size_t cell_values(const struct sample *samples, size_t count,
			  sample_value *value, double *out)
{
	size_t kept = 0;

	for (size_t i = 0; i < count; i++) {
		double x = value(&samples[i]);

		if (!isnan(sample_log_ratio(&samples[i])) && !isnan(x))
			out[kept++] = x;
	}
	return kept;
}

static double cell_median(const struct sample *samples, size_t count,
			  sample_value *value, double *scratch)
{
	size_t kept = cell_values(samples, count, value, scratch);

	return stats_find_median(scratch, kept);
}

/* NaN where CPU times are not known. */
static double cell_cpu_log_ratio(const struct sample *sample)
{
	if (!(sample->serial_cpu_ns > 0 && sample->runner_cpu_ns > 0))
		return NAN;
	return log(sample->serial_cpu_ns / sample->runner_cpu_ns);
}

/* The estimate of one cell from its samples; `comparisons` cells share the
 * error rate. */
static struct stats_estimate cell_estimate(const struct sample *samples,
					   size_t count, sample_value *value,
					   size_t comparisons, double *scratch,
					   struct stats_value *values)
{
	size_t kept = 0;

	for (size_t i = 0; i < count; i++)
		if (!isnan(value(&samples[i])))
			values[kept++] = (struct stats_value){
				value(&samples[i]), samples[i].generation};
	return stats_estimate(
		values, kept,
		ERROR_RATE * stats_look_share(kept) / (double)comparisons,
		FINDINGS_GENERATIONS_SHARE * ERROR_RATE / (double)comparisons,
		scratch);
}

static void cell_measure(struct cell *cell, const struct sample *samples,
			 size_t count, size_t comparisons, double *scratch,
			 struct stats_value *values)
{
	struct stats_estimate estimate = cell_estimate(
		samples, count, sample_log_ratio, comparisons, scratch, values);
	struct stats_estimate cpu;

	cell->tiles = samples->tiles;
	cell->rounds = estimate.count;
	cell->generations = estimate.generations;
	if (cell->rounds == 0) {
		cell->reason = "below the clock's resolution";
		return;
	}
	cell->log_ratio = estimate.median;
	cell->interval = estimate.interval;
	cell->verdict = stats_verdict(cell->interval);
	cpu = cell_estimate(samples, count, cell_cpu_log_ratio, comparisons,
			    scratch, values);
	cell->cpu_log_ratio = cpu.median;
	cell->cpu_interval = cpu.interval;
	cell->serial_ns = cell_median(samples, count, cell_serial_ns, scratch);
	cell->runner_ns = cell_median(samples, count, cell_runner_ns, scratch);
	cell->direct_ns = cell_median(samples, count, cell_direct_ns, scratch);
}

/* Count the cells of the same kernel, base and placement, which are read
 * together. */
static size_t cell_count_comparisons(const struct samples *samples,
				     const struct key *key)
{
	size_t count = 0;

	for (size_t i = 0; i < samples->count; i = samples_cell_end(samples, i))
		count += samples->list[i].key.kernel == key->kernel &&
			 samples->list[i].key.base == key->base &&
			 samples->list[i].key.placement == key->placement;
	return count;
}

int cells_make(struct drafts *drafts)
{
	const struct samples *samples = &drafts->samples;
	double *scratch = calloc(samples->count + 1, sizeof(*scratch));
	struct stats_value *values =
		calloc(samples->count + 1, sizeof(*values));
	struct key last = {.kernel = SIZE_MAX};
	size_t comparisons = 0, end;
	int rc = scratch && values ? 0 : -ENOMEM;

	for (size_t begin = 0; rc == 0 && begin < samples->count; begin = end) {
		const struct key *key = &samples->list[begin].key;
		struct draft *draft = drafts_add(drafts, key);

		end = samples_cell_end(samples, begin);
		if (!draft) {
			rc = -ENOMEM;
			break;
		}
		if (last.kernel != key->kernel || last.base != key->base ||
		    last.placement != key->placement)
			comparisons = cell_count_comparisons(samples, key);
		last = *key;
		cell_measure(&draft->cell, samples->list + begin, end - begin,
			     comparisons, scratch, values);
	}
	free(scratch);
	free(values);
	return rc;
}
