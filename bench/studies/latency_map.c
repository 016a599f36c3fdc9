/* SPDX-License-Identifier: MIT */
#include "bench/studies/latency_map.h"

#include "stats/stats.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* ------------------------------------------------------------- groups */

static int latency_index_of(const struct cpu_place *place, int level)
{
	const int index[] = {place->l3, place->numa, place->package};

	return index[level];
}

/* The group of that name, or a new one; NULL: there are too many. */
static struct latency_group *latency_find_group(struct latency_map *map,
						int name)
{
	for (unsigned g = 0; g < map->count; g++)
		if (map->groups[g].name == name)
			return &map->groups[g];
	if (map->count == LATENCY_GROUPS_MAX)
		return NULL;
	map->groups[map->count] = (struct latency_group){.name = name};
	return &map->groups[map->count++];
}

/* Count the CPUs of each group, of those that share a level. False: it makes
 * one group or too many, beyond which CPUs are left out. */
static bool latency_count_groups(struct latency_map *map,
				 const struct cpu_place *places, unsigned count,
				 int level)
{
	map->count = map->left_out = 0;
	for (unsigned i = 0; i < count; i++) {
		struct latency_group *group = latency_find_group(
			map, latency_index_of(&places[i], level));

		if (group)
			group->count++;
		else
			map->left_out++;
	}
	return map->count > 1 && map->left_out == 0;
}

/* Put the CPUs where their groups have room. */
static void latency_sort_cpus(struct latency_map *map,
			      const struct cpu_place *places, unsigned count,
			      int level)
{
	int *room = map->order;

	for (unsigned g = 0; g < map->count; g++) {
		map->groups[g].cpus = room;
		room += map->groups[g].count;
		map->groups[g].count = 0;
	}
	for (unsigned i = 0; i < count; i++) {
		struct latency_group *group = latency_find_group(
			map, latency_index_of(&places[i], level));

		if (group && group->cpus)
			group->cpus[group->count++] = places[i].cpu;
	}
}

/* By the smallest level that makes few groups, or by package, though it is one
 * or some are left out. */
static void latency_make_groups(struct latency_map *map,
				const struct cpu_place *places, unsigned count)
{
	static const char *const what[] = {"L3 cache", "NUMA node", "package"};
	enum { LEVELS = sizeof(what) / sizeof(*what) };
	int level = 0;

	while (!latency_count_groups(map, places, count, level) &&
	       level + 1 < LEVELS)
		level++;
	map->what = what[level];
	latency_sort_cpus(map, places, count, level);
}

static void latency_make_singles(struct latency_map *map, const int *cpus,
				 unsigned count)
{
	map->count = count;
	for (unsigned i = 0; i < count; i++) {
		map->order[i] = cpus[i];
		map->groups[i] = (struct latency_group){
			.name = cpus[i], .count = 1, .cpus = &map->order[i]};
	}
}

int latency_map_init(struct latency_map *map, const struct topology *topology,
		     const int *cpus, unsigned count)
{
	struct cpu_place *places = calloc(count + 1, sizeof(*places));

	*map = (struct latency_map){
		.order = calloc(count + 1, sizeof(*map->order)),
		.groups = calloc(LATENCY_CPUS_MAX, sizeof(*map->groups)),
	};
	if (places && map->order && map->groups) {
		for (unsigned i = 0; i < count; i++)
			topology_place(topology, cpus[i], &places[i]);
		if (count <= LATENCY_CPUS_MAX)
			latency_make_singles(map, cpus, count);
		else
			latency_make_groups(map, places, count);
		map->cells = calloc((size_t)map->count * map->count + 1,
				    sizeof(*map->cells));
	}
	free(places);
	return map->cells ? 0 : -ENOMEM;
}

void latency_map_free(struct latency_map *map)
{
	free(map->order);
	free(map->groups);
	free(map->cells);
}

/* ------------------------------------------------------------- readings */

/* The pairs that are read of two groups. */
struct latency_pairs {
	unsigned count;
	struct {
		int here, there;
		enum topology_border border;
		double ns[LATENCY_PASSES];
	} at[LATENCY_PAIRS_MAX];
};

/* Pair `k` of all those of two groups, or of one group with itself. */
static void latency_name_pair(const struct latency_group *a,
			      const struct latency_group *b, unsigned k,
			      int *here, int *there)
{
	unsigned i = 0;

	if (a != b) {
		*here = a->cpus[k / b->count];
		*there = b->cpus[k % b->count];
		return;
	}
	while (k >= a->count - 1 - i)
		k -= a->count - 1 - i++;
	*here = a->cpus[i];
	*there = a->cpus[i + 1 + k];
}

/* Steps of this length visit all numbers below `all`, far from one another. */
static unsigned latency_stride(unsigned all)
{
	unsigned stride = (unsigned)((uint64_t)all * 618 / 1000);

	for (;; stride++) {
		unsigned a = all, b = stride;

		while (b) {
			unsigned rest = a % b;

			a = b;
			b = rest;
		}
		if (a == 1)
			return stride;
	}
}

static void latency_choose_pairs(const struct topology *topology,
				 const struct latency_group *a,
				 const struct latency_group *b,
				 struct latency_pairs *pairs)
{
	unsigned all =
		a == b ? a->count * (a->count - 1) / 2 : a->count * b->count;
	uint64_t stride = all ? latency_stride(all) : 0;

	pairs->count = all < LATENCY_PAIRS_MAX ? all : LATENCY_PAIRS_MAX;
	for (unsigned i = 0; i < pairs->count; i++) {
		latency_name_pair(a, b, (unsigned)(i * stride % all),
				  &pairs->at[i].here, &pairs->at[i].there);
		pairs->at[i].border = topology_border(
			topology, pairs->at[i].here, pairs->at[i].there);
	}
}

struct latency latency_of(double *ns, size_t count)
{
	stats_sort(ns, count);
	return (struct latency){
		.median = stats_median(ns, count),
		.least = ns[0],
		.most = ns[count - 1],
	};
}

enum { ANY_BORDER = -1 };

/* Append the readings of the pairs across a border; returns how many. */
static size_t latency_take(const struct latency_pairs *pairs, int border,
			   double *ns)
{
	size_t count = 0;

	for (unsigned i = 0; i < pairs->count; i++) {
		if (border != ANY_BORDER && border != (int)pairs->at[i].border)
			continue;
		memcpy(ns + count, pairs->at[i].ns, sizeof(pairs->at[i].ns));
		count += LATENCY_PASSES;
	}
	return count;
}

/* All pairs of a map: of groups a <= b, in rows. */
struct latency_reading {
	struct latency_map *map;
	unsigned cells; /* with a <= b */
	struct latency_pairs *pairs;
	unsigned all; /* pairs */
};

static int latency_choose(struct latency_reading *reading,
			  const struct topology *topology)
{
	const struct latency_map *map = reading->map;
	unsigned cell = 0;

	reading->cells = map->count * (map->count + 1) / 2;
	reading->pairs = calloc(reading->cells, sizeof(*reading->pairs));
	if (!reading->pairs)
		return -ENOMEM;
	for (unsigned a = 0; a < map->count; a++)
		for (unsigned b = a; b < map->count; b++) {
			latency_choose_pairs(topology, &map->groups[a],
					     &map->groups[b],
					     &reading->pairs[cell]);
			reading->all += reading->pairs[cell++].count;
		}
	return 0;
}

static int latency_read_all(struct latency_reading *reading, latency_read *read,
			    latency_progress *progress, void *arg)
{
	unsigned done = 0;
	int error = 0;

	for (unsigned pass = 0; pass < LATENCY_PASSES; pass++)
		for (unsigned c = 0; c < reading->cells; c++) {
			struct latency_pairs *pairs = &reading->pairs[c];

			for (unsigned i = 0; error == 0 && i < pairs->count;
			     i++, done++)
				error = read(arg, pairs->at[i].here,
					     pairs->at[i].there,
					     &pairs->at[i].ns[pass]);
			if (error)
				return error;
			progress(arg, (double)done /
					      (reading->all * LATENCY_PASSES));
		}
	return 0;
}

static void latency_fill_cells(const struct latency_reading *reading)
{
	struct latency_map *map = reading->map;
	double ns[LATENCY_PAIRS_MAX * LATENCY_PASSES];
	unsigned cell = 0;

	for (unsigned a = 0; a < map->count; a++)
		for (unsigned b = a; b < map->count; b++) {
			struct latency *told = &map->cells[a * map->count + b];
			size_t count = latency_take(&reading->pairs[cell++],
						    ANY_BORDER, ns);

			if (count)
				*told = latency_of(ns, count);
			map->cells[b * map->count + a] = *told;
		}
}

static int latency_fill_borders(const struct latency_reading *reading)
{
	double *ns = calloc(reading->all * LATENCY_PASSES + 1, sizeof(*ns));

	for (int border = 0; ns && border <= BORDER_PACKAGE; border++) {
		size_t count = 0;

		for (unsigned c = 0; c < reading->cells; c++)
			count += latency_take(&reading->pairs[c], border,
					      ns + count);
		if (count)
			reading->map->by_border[border] = latency_of(ns, count);
	}
	free(ns);
	return ns ? 0 : -ENOMEM;
}

int latency_map_fill(struct latency_map *map, const struct topology *topology,
		     latency_read *read, latency_progress *progress, void *arg)
{
	struct latency_reading reading = {.map = map};
	int error = latency_choose(&reading, topology);

	if (error == 0)
		error = latency_read_all(&reading, read, progress, arg);
	if (error == 0)
		latency_fill_cells(&reading);
	if (error == 0)
		error = latency_fill_borders(&reading);
	free(reading.pairs);
	return error;
}
