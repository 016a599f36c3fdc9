/* SPDX-License-Identifier: MIT */
#include "system/topology_hwloc.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

const char *const pin_policy_names[] = {"compact", "scatter", "core", "none",
					NULL};

/* An allowed CPU, with what policies sort by. */
struct pin_seat {
	hwloc_obj_t pu;
	hwloc_obj_t core; /* the CPU itself if there are no cores */
	int thread;	  /* its rank in the core */
};

static int order_by_number(const void *a, const void *b)
{
	const struct pin_seat *x = a, *y = b;

	return x->pu->os_index < y->pu->os_index ? -1 : 1;
}

static int order_by_neighbourhood(const void *a, const void *b)
{
	const struct pin_seat *x = a, *y = b;

	return x->pu->logical_index < y->pu->logical_index ? -1 : 1;
}

static int order_by_thread(const void *a, const void *b)
{
	const struct pin_seat *x = a, *y = b;

	if (x->thread != y->thread)
		return x->thread < y->thread ? -1 : 1;
	return order_by_neighbourhood(a, b);
}

/* A new array of all allowed CPUs, to be freed; NULL: out of memory. */
static struct pin_seat *order_list_seats(const struct topology *topology,
					 unsigned *count)
{
	hwloc_topology_t usable = topology->usable;
	hwloc_obj_t pu = NULL;
	struct pin_seat *seats;

	*count = (unsigned)hwloc_get_nbobjs_by_type(usable, HWLOC_OBJ_PU);
	seats = calloc((size_t)*count + 1, sizeof(*seats));
	for (unsigned i = 0; seats && i < *count; i++) {
		pu = hwloc_get_next_obj_by_type(usable, HWLOC_OBJ_PU, pu);
		seats[i].pu = pu;
		seats[i].core = topology_above(usable, pu, HWLOC_OBJ_CORE);
		if (!seats[i].core)
			seats[i].core = pu;
		if (i && seats[i].core == seats[i - 1].core)
			seats[i].thread = seats[i - 1].thread + 1;
	}
	return seats;
}

int topology_number_workers(const struct topology *topology, int *cpus,
			    unsigned workers)
{
	struct pin_seat *seats = calloc((size_t)workers + 1, sizeof(*seats));

	if (!seats)
		return -ENOMEM;
	for (unsigned i = 0; i < workers; i++)
		seats[i].pu = hwloc_get_pu_obj_by_os_index(topology->usable,
							   (unsigned)cpus[i]);
	qsort(seats, workers, sizeof(*seats), order_by_neighbourhood);
	for (unsigned i = 0; i < workers; i++)
		cpus[i] = (int)seats[i].pu->os_index;
	free(seats);
	return 0;
}

/* ------------------------------------------------------------- scatter */

/* How many workers each part of the machine has so far, at each level: first
 * packages and NUMA nodes, then all levels from the top down. A part is known
 * by the index of its first seat. */
struct spread {
	size_t levels, seats;
	unsigned *part; /* of a seat at a level */
	unsigned *workers;
};

/* The part that a seat lies in. If the machine has no such level, each core is
 * a part. */
static hwloc_obj_t spread_find_part(hwloc_topology_t hwloc,
				    const struct pin_seat *seat, size_t level)
{
	hwloc_obj_t part;

	if (level == 0)
		part = topology_above(hwloc, seat->pu, HWLOC_OBJ_PACKAGE);
	else if (level == 1)
		part = topology_node(seat->pu);
	else
		part = hwloc_get_ancestor_obj_by_depth(hwloc, (int)level - 1,
						       seat->pu);
	return part ? part : seat->core;
}

static void spread_name_parts(const struct topology *topology,
			      const struct pin_seat *seats,
			      const struct spread *spread, size_t level)
{
	unsigned *part = spread->part + level * spread->seats;
	hwloc_obj_t last = NULL;

	for (size_t i = 0; i < spread->seats; i++) {
		hwloc_obj_t here =
			spread_find_part(topology->usable, &seats[i], level);

		part[i] = i && here == last ? part[i - 1] : (unsigned)i;
		last = here;
	}
}

static int spread_open(const struct topology *topology,
		       const struct pin_seat *seats, size_t count,
		       struct spread *spread)
{
	int depth = hwloc_topology_get_depth(topology->usable);

	*spread = (struct spread){
		.levels = 2 + (size_t)depth - 1,
		.seats = count,
	};
	spread->part = calloc(spread->levels * count, sizeof(unsigned));
	spread->workers = calloc(spread->levels * count, sizeof(unsigned));
	if (!spread->part || !spread->workers)
		return -ENOMEM;
	for (size_t level = 0; level < spread->levels; level++)
		spread_name_parts(topology, seats, spread, level);
	return 0;
}

static void spread_close(struct spread *spread)
{
	free(spread->part);
	free(spread->workers);
}

static unsigned *spread_workers_at(const struct spread *spread, size_t level,
				   size_t seat)
{
	size_t first = level * spread->seats;

	return &spread->workers[first + spread->part[first + seat]];
}

/* A free core before a second thread; then, from the top level down, the part
 * with fewer workers; then the machine's own order. */
static bool spread_is_farther(const struct spread *spread,
			      const struct pin_seat *seats, size_t a, size_t b)
{
	if (seats[a].thread != seats[b].thread)
		return seats[a].thread < seats[b].thread;
	for (size_t level = 0; level < spread->levels; level++) {
		unsigned at_a = *spread_workers_at(spread, level, a);
		unsigned at_b = *spread_workers_at(spread, level, b);

		if (at_a != at_b)
			return at_a < at_b;
	}
	return a < b;
}

/* Take the seat that is farthest from those taken, and return its index. */
static size_t spread_take_seat(const struct spread *spread,
			       const struct pin_seat *seats, bool *taken)
{
	size_t best = spread->seats;

	for (size_t i = 0; i < spread->seats; i++)
		if (!taken[i] && (best == spread->seats ||
				  spread_is_farther(spread, seats, i, best)))
			best = i;
	taken[best] = true;
	for (size_t level = 0; level < spread->levels; level++)
		++*spread_workers_at(spread, level, best);
	return best;
}

/* Sort seats from the machine's own order into that of PIN_SCATTER. */
static int spread_scatter(const struct topology *topology,
			  struct pin_seat *seats, size_t count)
{
	struct pin_seat *sorted = calloc(count + 1, sizeof(*sorted));
	bool *taken = calloc(count + 1, sizeof(*taken));
	struct spread spread;
	int rc = spread_open(topology, seats, count, &spread);

	if (!sorted || !taken)
		rc = -ENOMEM;
	for (size_t i = 0; rc == 0 && i < count; i++)
		sorted[i] = seats[spread_take_seat(&spread, seats, taken)];
	if (rc == 0)
		memcpy(seats, sorted, count * sizeof(*seats));
	spread_close(&spread);
	free(taken);
	free(sorted);
	return rc;
}

unsigned topology_order(const struct topology *topology, enum pin_policy policy,
			int *cpus, unsigned max)
{
	static int (*const order[])(const void *, const void *) = {
		[PIN_COMPACT] = order_by_neighbourhood,
		[PIN_CORE] = order_by_thread,
		[PIN_NONE] = order_by_number,
	};
	unsigned count;
	struct pin_seat *seats = order_list_seats(topology, &count);

	if (!seats)
		return 0;
	if (policy != PIN_SCATTER)
		qsort(seats, count, sizeof(*seats), order[policy]);
	else if (spread_scatter(topology, seats, count) < 0)
		count = 0;
	for (unsigned i = 0; i < count && i < max; i++)
		cpus[i] = (int)seats[i].pu->os_index;
	free(seats);
	return count;
}
