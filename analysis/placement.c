/* SPDX-License-Identifier: MIT */
#include "analysis/placement.h"

#include "stats/stats.h"

#include <errno.h>
#include <stdlib.h>

/* Where the CPUs stood to one another in a round. */
enum place { PLACE_NEAR, PLACE_FAR, PLACE_MIXED };

static enum place placement_find_place(const struct placements *placements,
				       const struct reading readings[2])
{
	double before = readings[0].trip_ns, after = readings[1].trip_ns;

	if (before > 0 && before < placements->threshold && after > 0 &&
	    after < placements->threshold)
		return PLACE_NEAR;
	if (before >= placements->threshold && after >= placements->threshold)
		return PLACE_FAR;
	return PLACE_MIXED;
}

/* Blocks per kernel, size and placement, capped at six: more generations add no
 * information. */
struct placement_tally {
	size_t nsizes;
	unsigned char *blocks; /* [kernel][size][place] */
};

int grid_find_size(const struct record *record, uint64_t n)
{
	const json_t *grid = json_object_get(
		json_object_get(record->header, "plan"), "sizes");
	size_t count = json_array_size(grid);

	for (size_t i = 0; i < count; i++)
		if ((uint64_t)json_integer_value(json_array_get(grid, i)) == n)
			return (int)i;
	return count ? -1 : 0;
}

static void placement_tally_block(struct placement_tally *tally,
				  const struct record *record,
				  const struct block *block,
				  const size_t seen[3], struct names *kernels)
{
	size_t kernel = names_find(kernels, block->kernel);
	int size = grid_find_size(record, block->n);

	for (int p = PLACE_NEAR; size >= 0 && p <= PLACE_FAR; p++) {
		unsigned char *blocks =
			&tally->blocks[(kernel * tally->nsizes + (size_t)size) *
					       2 +
				       (size_t)p];

		*blocks += seen[p] > 0 && *blocks < STATS_GENERATIONS_MIN;
	}
}

/* The better-known placement comes first: the search only visits sizes near
 * what was found in one of them. */
static int placement_count(const struct record *record, struct names *names,
			   struct placements *placements)
{
	size_t kernels = record->nkernels + record->nblocks + record->nnotes;
	size_t sizes = json_array_size(json_object_get(
		json_object_get(record->header, "plan"), "sizes"));
	struct placement_tally tally = {.nsizes = sizes ? sizes : 1};
	size_t known[] = {0, 0}, total[] = {0, 0, 0};

	tally.blocks = calloc((kernels + 1) * tally.nsizes, 2);
	if (!tally.blocks)
		return -ENOMEM;
	for (size_t b = 0; b < record->nblocks; b++) {
		const struct block *block = &record->blocks[b];
		size_t seen[] = {0, 0, 0};

		for (size_t r = 0; r < block->rounds; r++)
			seen[placement_find_place(placements,
						  block->readings + 2 * r)]++;
		for (int p = PLACE_NEAR; p <= PLACE_MIXED; p++)
			total[p] += seen[p];
		placement_tally_block(&tally, record, block, seen, names);
	}
	for (size_t i = 0; i < (kernels + 1) * tally.nsizes; i++) {
		known[PLACE_NEAR] += tally.blocks[2 * i + PLACE_NEAR];
		known[PLACE_FAR] += tally.blocks[2 * i + PLACE_FAR];
	}
	free(tally.blocks);
	placements->far_first = known[PLACE_FAR] == known[PLACE_NEAR]
					? total[PLACE_FAR] > total[PLACE_NEAR]
					: known[PLACE_FAR] > known[PLACE_NEAR];
	placements->mixed = total[PLACE_MIXED];
	placements->names[placements->far_first] = "near";
	placements->names[!placements->far_first] = "far";
	return 0;
}

/* What a line took, as far as there are readings; returns how many. */
static size_t placement_take_trips(const struct record *record, double *out)
{
	size_t count = 0;

	for (size_t b = 0; b < record->nblocks; b++)
		for (size_t i = 0; i < 2 * record->blocks[b].rounds; i++)
			if (record->blocks[b].readings[i].trip_ns > 0)
				out[count++] =
					record->blocks[b].readings[i].trip_ns;
	return count;
}

int placements_find(const struct record *record, struct names *kernels,
		    struct placements *placements)
{
	const struct record *peer = record->peer;
	size_t room = record_count_readings(record) +
		      (peer ? record_count_readings(peer) : 0);
	double *probes = malloc((room + 1) * sizeof(*probes));
	size_t count;

	*placements = (struct placements){.two = false};
	if (!probes)
		return -ENOMEM;
	count = placement_take_trips(record, probes);
	if (peer)
		count += placement_take_trips(peer, probes + count);
	stats_sort(probes, count);
	placements->two = count > 0 && stats_two_modes(probes, count,
						       &placements->threshold);
	free(probes);
	placements->names[0] = count > 0 ? "one" : "unknown";
	return placements->two ? placement_count(record, kernels, placements)
			       : 0;
}

unsigned placement_get(const struct placements *placements, unsigned workers,
		       const struct reading readings[2])
{
	enum place place;

	if (!placements->two || workers == 1)
		return 0;
	place = placement_find_place(placements, readings);
	if (place == PLACE_MIXED)
		return PLACEMENT_MIXED;
	return (place == PLACE_FAR) != placements->far_first;
}
