/* SPDX-License-Identifier: MIT */
#include "analysis/disturbed_rounds.h"

#include "stats/stats.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

int disturbed_rounds_find_limit(const struct record *record, double *longest_ns)
{
	size_t room = record_count_readings(record), count = 0;
	double *probes = malloc((room + 1) * sizeof(*probes));

	if (!probes)
		return -ENOMEM;
	for (size_t b = 0; b < record->nblocks; b++)
		for (size_t i = 0; i < 2 * record->blocks[b].rounds; i++)
			if (record->blocks[b].readings[i].together_ns > 0)
				probes[count++] = record->blocks[b]
							  .readings[i]
							  .together_ns;
	*longest_ns =
		count ? DISTURBED_FACTOR * stats_find_median(probes, count)
		      : INFINITY;
	free(probes);
	return 0;
}

bool disturbed_rounds_is(const struct block *block, size_t round,
			 double longest_ns)
{
	const struct reading *readings = block->readings + 2 * round;

	return readings[0].together_ns > longest_ns ||
	       readings[1].together_ns > longest_ns;
}

size_t disturbed_rounds_count(const struct record *record, double longest_ns)
{
	size_t count = 0;

	for (size_t b = 0; b < record->nblocks; b++)
		for (size_t r = 0; r < record->blocks[b].rounds; r++)
			count += disturbed_rounds_is(&record->blocks[b], r,
						     longest_ns);
	return count;
}
