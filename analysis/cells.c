/* SPDX-License-Identifier: MIT */
#include "analysis/draft.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

/* Of samples whose ratio is known. */
static double cell_time(const struct sample *sample, double ns)
{
	return isnan(sample_log_ratio(sample)) ? NAN : ns;
}

static double cell_serial_ns(const struct sample *sample)
{
	return cell_time(sample, sample->serial_ns);
}

static double cell_runner_ns(const struct sample *sample)
{
	return cell_time(sample, sample->runner_ns);
}

static double cell_direct_ns(const struct sample *sample)
{
	return cell_time(sample, sample->direct_ns);
}

static struct stats_estimate cell_estimate(const struct draft *draft,
					   sample_value *value, double *scratch,
					   struct stats_value *values)
{
	return stats_estimate(values,
			      samples_take_values(draft->samples,
						  draft->nsamples, value,
						  values),
			      FINDINGS_RATE, scratch);
}

static void cell_measure(struct draft *draft, double *scratch,
			 struct stats_value *values)
{
	struct stats_estimate estimate =
		cell_estimate(draft, sample_log_ratio, scratch, values);
	struct cell *cell = &draft->cell;

	cell->tiles = draft->samples->tiles;
	cell->rounds = estimate.count;
	cell->generations = estimate.generations;
	if (cell->rounds == 0) {
		cell->reason = "below the clock's resolution";
		return;
	}
	cell->log_ratio = estimate.median;
	cell->interval = estimate.interval;
	estimate = cell_estimate(draft, sample_cpu_log_ratio, scratch, values);
	cell->cpu_log_ratio = estimate.median;
	cell->cpu_interval = estimate.interval;
	cell->serial_ns =
		cell_estimate(draft, cell_serial_ns, scratch, values).median;
	cell->runner_ns =
		cell_estimate(draft, cell_runner_ns, scratch, values).median;
	cell->direct_ns =
		cell_estimate(draft, cell_direct_ns, scratch, values).median;
}

int cells_make(struct drafts *drafts)
{
	const struct samples *samples = &drafts->samples;
	double *scratch = calloc(samples->count + 1, sizeof(*scratch));
	struct stats_value *values =
		calloc(samples->count + 1, sizeof(*values));
	int rc = scratch && values ? 0 : -ENOMEM;
	size_t end;

	for (size_t begin = 0; rc == 0 && begin < samples->count; begin = end) {
		const struct sample *first = &samples->list[begin];
		struct draft *draft = drafts_add(drafts, &first->key);

		end = samples_cell_end(samples, begin);
		if (!draft) {
			rc = -ENOMEM;
			break;
		}
		draft->samples = first;
		draft->nsamples = end - begin;
		cell_measure(draft, scratch, values);
	}
	free(scratch);
	free(values);
	return rc;
}
