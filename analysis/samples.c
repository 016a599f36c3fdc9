/* SPDX-License-Identifier: MIT */
#include "analysis/samples.h"

#include "stats/stats.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Where the CPUs stood to one another in a round. */
enum place { PLACE_NEAR, PLACE_FAR, PLACE_MIXED };

/* What all probes of a record say. */
struct states {
	bool gate;
	bool probed, two;
	double threshold; /* between the two, in ns */
	bool far_first;	  /* far is the commoner one */
};

/* ------------------------------------------------------------- names */

size_t names_find(struct names *names, const char *name)
{
	for (size_t i = 0; i < names->count; i++)
		if (names->list[i] && strcmp(names->list[i], name) == 0)
			return i;
	names->list[names->count] = name;
	return names->count++;
}

static int names_init(struct names *names, size_t room)
{
	names->list = calloc(room + 1, sizeof(*names->list));
	return names->list ? 0 : -ENOMEM;
}

/* The header's names, and room for all that blocks and notes may bring. */
static int collect_names(const struct record *record, struct samples *samples)
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

/* ------------------------------------------------------------- placement */

static enum place place_of(const struct states *states,
			   const struct reading readings[2])
{
	double before = readings[0].trip_ns, after = readings[1].trip_ns;

	if (before > 0 && before < states->threshold && after > 0 &&
	    after < states->threshold)
		return PLACE_NEAR;
	if (before >= states->threshold && after >= states->threshold)
		return PLACE_FAR;
	return PLACE_MIXED;
}

/* Of each kernel and size of the first pass, how many blocks have rounds of a
 * placement; of what a generation adds to six, nobody learns more. */
struct placement_tally {
	size_t nsizes;
	unsigned char *blocks; /* [kernel][size][place] */
};

static int size_index(const struct record *record, uint64_t n)
{
	const json_t *grid = json_object_get(
		json_object_get(record->header, "plan"), "sizes");
	size_t count = json_array_size(grid);

	for (size_t i = 0; i < count; i++)
		if ((uint64_t)json_integer_value(json_array_get(grid, i)) == n)
			return (int)i;
	return count ? -1 : 0;
}

bool samples_on_grid(const struct record *record, uint64_t n)
{
	return size_index(record, n) >= 0;
}

static void tally_block(struct placement_tally *tally,
			const struct record *record, const struct block *block,
			const size_t seen[3], struct samples *samples)
{
	size_t kernel = names_find(&samples->kernels, block->kernel);
	int size = size_index(record, block->n);

	for (int p = PLACE_NEAR; size >= 0 && p <= PLACE_FAR; p++) {
		unsigned char *blocks =
			&tally->blocks[(kernel * tally->nsizes + (size_t)size) *
					       2 +
				       (size_t)p];

		*blocks += seen[p] > 0 && *blocks < STATS_GENERATIONS_LEAST;
	}
}

/* The placement of which more is known comes first: the search looks only at
 * sizes near what was found in one of them. */
static int count_places(const struct record *record, struct states *states,
			struct samples *samples)
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
			seen[place_of(states, block->readings + 2 * r)]++;
		for (int p = PLACE_NEAR; p <= PLACE_MIXED; p++)
			total[p] += seen[p];
		tally_block(&tally, record, block, seen, samples);
	}
	for (size_t i = 0; i < (kernels + 1) * tally.nsizes; i++) {
		known[PLACE_NEAR] += tally.blocks[2 * i + PLACE_NEAR];
		known[PLACE_FAR] += tally.blocks[2 * i + PLACE_FAR];
	}
	free(tally.blocks);
	states->far_first = known[PLACE_FAR] == known[PLACE_NEAR]
				    ? total[PLACE_FAR] > total[PLACE_NEAR]
				    : known[PLACE_FAR] > known[PLACE_NEAR];
	samples->dropped = total[PLACE_MIXED];
	samples->placements[states->far_first] = "near";
	samples->placements[!states->far_first] = "far";
	return 0;
}

static int look_at_probes(const struct record *record, struct states *states,
			  struct samples *samples)
{
	double *probes = malloc((2 * samples->rounds + 1) * sizeof(*probes));
	size_t count = 0;

	if (!probes)
		return -ENOMEM;
	for (size_t b = 0; b < record->nblocks; b++)
		for (size_t i = 0; i < 2 * record->blocks[b].rounds; i++)
			if (record->blocks[b].readings[i].trip_ns > 0)
				probes[count++] =
					record->blocks[b].readings[i].trip_ns;
	stats_sort(probes, count);
	states->probed = count > 0;
	states->two = states->probed &&
		      stats_two_modes(probes, count, &states->threshold);
	free(probes);
	samples->placements[0] = states->probed ? "one" : "unknown";
	return states->two ? count_places(record, states, samples) : 0;
}

/* ------------------------------------------------------------- canaries */

/* The longest canary of an undisturbed round; infinite where there are none. */
static int find_longest(const struct record *record, double *longest_ns)
{
	size_t room = 0, count = 0;
	double *canaries;

	for (size_t b = 0; b < record->nblocks; b++)
		room += 2 * record->blocks[b].rounds;
	canaries = malloc((room + 1) * sizeof(*canaries));
	if (!canaries)
		return -ENOMEM;
	for (size_t b = 0; b < record->nblocks; b++)
		for (size_t i = 0; i < 2 * record->blocks[b].rounds; i++)
			if (record->blocks[b].readings[i].together_ns > 0)
				canaries[count++] = record->blocks[b]
							    .readings[i]
							    .together_ns;
	*longest_ns =
		count ? SAMPLES_DISTURBED * stats_median_of(canaries, count)
		      : INFINITY;
	free(canaries);
	return 0;
}

bool samples_disturbed(const struct block *block, size_t round,
		       double longest_ns)
{
	const struct reading *readings = block->readings + 2 * round;

	return readings[0].together_ns > longest_ns ||
	       readings[1].together_ns > longest_ns;
}

static void count_gated(const struct record *record, struct samples *samples)
{
	for (size_t b = 0; b < record->nblocks; b++)
		for (size_t r = 0; r < record->blocks[b].rounds; r++)
			samples->gated += samples_disturbed(
				&record->blocks[b], r, samples->longest_ns);
}

/* ------------------------------------------------------------- samples */

const char *samples_base(const struct record *record, const char *runner)
{
	for (size_t r = 0; r < record->nrunners; r++)
		if (strcmp(record->runners[r].spec, runner) == 0 &&
		    strcmp(record->runners[r].base, "serial") != 0 &&
		    strcmp(record->runners[r].base, runner) != 0)
			return record->runners[r].base;
	return NULL;
}

static const struct series *find_base(const struct block *block)
{
	for (size_t i = 0; i < block->nseries; i++)
		if (block->series[i].role == ROLE_BASE)
			return &block->series[i];
	return NULL;
}

/* One run over all items; not a loop written by hand for a runner. */
static const struct series *find_direct(const struct block *block)
{
	for (size_t i = 0; i < block->nseries; i++)
		if (block->series[i].role == ROLE_CONTROL &&
		    strcmp(block->series[i].runner, "direct") == 0)
			return &block->series[i];
	return NULL;
}

static double per_call(const struct series *series, size_t round)
{
	if (!series || !(series->ns[round] >= 0))
		return NAN;
	return series->ns[round] / (double)series->calls;
}

static double cpu_per_call(const struct series *series, size_t round)
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

static int by_key(const void *a, const void *b)
{
	const struct samples_source *x = a, *y = b;
	int order = key_compare(&x->key, &y->key);

	if (order)
		return order;
	if (x->block->generation != y->block->generation)
		return x->block->generation < y->block->generation ? -1 : 1;
	return (x->block > y->block) - (x->block < y->block);
}

static void add_source(struct sources *sources, struct samples *samples,
		       const struct block *block, const struct series *series,
		       const struct series *base, const struct series *direct)
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

/* The placement of a round: 0 or 1, or 2 where it changed in between. One
 * worker has nobody to be near to or far from. */
static unsigned placement_of(const struct states *states,
			     const struct samples_source *source, size_t round)
{
	enum place place;

	if (!states->two || source->key.workers == 1)
		return 0;
	place = place_of(states, source->block->readings + 2 * round);
	if (place == PLACE_MIXED)
		return 2;
	return (place == PLACE_FAR) != states->far_first;
}

static void add_round(struct samples *samples,
		      const struct samples_source *source, size_t round,
		      unsigned placement)
{
	struct sample sample = {
		.key = source->key,
		.generation = source->block->generation,
		.tiles = source->block->tiles,
		.serial_ns = per_call(source->base, round),
		.runner_ns = per_call(source->series, round),
		.direct_ns = per_call(source->direct, round),
		.serial_cpu_ns = cpu_per_call(source->base, round),
		.runner_cpu_ns = cpu_per_call(source->series, round),
	};

	sample.key.placement = placement;
	if (!isnan(sample.serial_ns) && !isnan(sample.runner_ns))
		samples->list[samples->count++] = sample;
}

/* The rounds of one source that were of that placement. */
static void add_rounds(struct samples *samples, const struct states *states,
		       const struct samples_source *source, unsigned placement,
		       bool gate)
{
	for (size_t r = 0; r < source->block->rounds; r++)
		if (placement_of(states, source, r) == placement &&
		    !(gate &&
		      samples_disturbed(source->block, r, samples->longest_ns)))
			add_round(samples, source, r, placement);
}

/* Would the gate leave nothing of these sources? */
static bool all_disturbed(const struct samples *samples,
			  const struct samples_source *sources, size_t count)
{
	for (size_t i = 0; i < count; i++)
		for (size_t r = 0; r < sources[i].block->rounds; r++)
			if (!samples_disturbed(sources[i].block, r,
					       samples->longest_ns))
				return false;
	return true;
}

/* The sources of one cell, in one placement. A cell of which the gate would
 * leave nothing is shown as it is: then the run says that it was disturbed. */
static void add_cell(struct samples *samples, const struct states *states,
		     const struct samples_source *sources, size_t count,
		     unsigned placement)
{
	bool gate = states->gate && !all_disturbed(samples, sources, count);

	for (size_t i = 0; i < count; i++)
		add_rounds(samples, states, &sources[i], placement, gate);
}

/* How many of these sources, of which there is one, are of the first's cell. */
static size_t cell_length(const struct samples_source *sources, size_t count)
{
	size_t length = 1;

	while (length < count &&
	       key_compare(&sources[length].key, &sources[0].key) == 0)
		length++;
	return length;
}

/* Sources are sorted, and not their many rounds; so a pair's placements, which
 * only rounds know, come one after the other. */
static void add_samples(struct samples *samples, const struct states *states,
			const struct sources *sources)
{
	const struct samples_source *list = sources->list;

	for (size_t begin = 0, end; begin < sources->count; begin = end) {
		for (end = begin + 1;
		     end < sources->count &&
		     key_compare_pair(&list[end].key, &list[begin].key) == 0;)
			end++;
		for (unsigned p = 0; p <= states->two; p++)
			for (size_t i = begin, length; i < end; i += length) {
				length = cell_length(&list[i], end - i);
				add_cell(samples, states, &list[i], length, p);
			}
	}
}

/* The other base of a series' runner, where it was measured as well. */
static const struct series *find_other(const struct record *record,
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

static void add_sources(struct sources *sources, struct samples *samples,
			const struct record *record, const struct block *block)
{
	for (size_t i = 0; i < block->nseries; i++) {
		const struct series *series = &block->series[i];
		const struct series *other;

		if (series->role != ROLE_RUNNER)
			continue;
		other = find_other(record, block, series);
		add_source(sources, samples, block, series, find_base(block),
			   find_direct(block));
		if (other)
			add_source(sources, samples, block, series, other,
				   NULL);
	}
}

/* 0 or -ENOMEM. */
static int collect_sources(const struct record *record, struct samples *samples,
			   struct sources *sources)
{
	size_t room = 0;

	for (size_t b = 0; b < record->nblocks; b++)
		room += 2 * record->blocks[b].nseries;
	sources->list = calloc(room + 1, sizeof(*sources->list));
	if (!sources->list)
		return -ENOMEM;
	for (size_t b = 0; b < record->nblocks; b++)
		add_sources(sources, samples, record, &record->blocks[b]);
	qsort(sources->list, sources->count, sizeof(*sources->list), by_key);
	return 0;
}

static size_t count_samples(const struct record *record)
{
	size_t count = 0;

	for (size_t b = 0; b < record->nblocks; b++)
		count += record->blocks[b].rounds * record->blocks[b].nseries;
	return count;
}

int samples_of(const struct record *record, bool gate, struct samples *samples)
{
	struct states states = {.gate = gate};
	struct sources sources = {.count = 0};

	memset(samples, 0, sizeof(*samples));
	for (size_t b = 0; b < record->nblocks; b++)
		samples->rounds += record->blocks[b].rounds;
	samples->list =
		calloc(2 * count_samples(record) + 1, sizeof(*samples->list));
	if (!samples->list || collect_names(record, samples) < 0 ||
	    look_at_probes(record, &states, samples) < 0 ||
	    find_longest(record, &samples->longest_ns) < 0 ||
	    collect_sources(record, samples, &sources) < 0)
		return -ENOMEM;
	count_gated(record, samples);
	add_samples(samples, &states, &sources);
	free(sources.list);
	return 0;
}

int samples_harness(const struct record *record, double *ns)
{
	double *added = calloc(count_samples(record) + 1, sizeof(*added));
	size_t count = 0;

	if (!added)
		return -ENOMEM;
	for (size_t b = 0; b < record->nblocks; b++) {
		const struct block *block = &record->blocks[b];
		const struct series *base = find_base(block);
		const struct series *direct = find_direct(block);

		if (strcmp(block->kernel, "empty") != 0 || block->n != 1)
			continue;
		for (size_t r = 0; base && direct && r < block->rounds; r++) {
			double more = per_call(base, r) - per_call(direct, r);

			if (!isnan(more))
				added[count++] = more;
		}
	}
	*ns = stats_median_of(added, count);
	free(added);
	return 0;
}

double sample_log_ratio(const struct sample *sample)
{
	if (!(sample->serial_ns > 0 && sample->runner_ns > 0))
		return NAN;
	return log(sample->serial_ns / sample->runner_ns);
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
	free(samples->kernels.list);
	free(samples->runners.list);
}

/* ------------------------------------------------------------- keys */

static int compare(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

int key_compare_pair(const struct key *a, const struct key *b)
{
	int order = compare(a->kernel, b->kernel);

	order = order ? order : compare(a->base, b->base);
	order = order ? order : compare(a->runner, b->runner);
	order = order ? order : compare(a->workers, b->workers);
	return order ? order : compare(a->placement, b->placement);
}

int key_compare(const struct key *a, const struct key *b)
{
	int order = key_compare_pair(a, b);

	return order ? order : compare(a->n, b->n);
}
