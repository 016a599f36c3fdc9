/* SPDX-License-Identifier: MIT */
#include "system/topology.h"

#include <stdlib.h>
#include <string.h>

enum { STEPS_L3, STEPS_NUMA, STEPS_PACKAGE, STEPS_LEVELS };

static const char *const step_names[STEPS_LEVELS] = {
	"one L3 cache", "one NUMA node", "one package"};

/* The cores in use as workers grow: each at its first CPU, in PIN_CORE's
 * order. */
struct step_order {
	struct cpu_place *places;
	unsigned cores, cpus;
};

static int step_level(const struct cpu_place *place, int level)
{
	switch (level) {
	case STEPS_L3:
		return place->l3;
	case STEPS_NUMA:
		return place->numa;
	default:
		return place->package;
	}
}

/* How many of the first cores lie in one of that level; 0: there is none. */
static unsigned step_count(const struct step_order *order, int level)
{
	int first = step_level(&order->places[0], level);
	unsigned count = 0;

	while (first >= 0 && count < order->cores &&
	       step_level(&order->places[count], level) == first)
		count++;
	return count;
}

static bool step_core_is_taken(const struct step_order *order, unsigned at)
{
	int core = order->places[at].core;

	for (unsigned i = 0; core >= 0 && i < at; i++)
		if (order->places[i].core == core)
			return true;
	return false;
}

/* PIN_CORE takes all cores before it takes a second thread of one. */
static unsigned step_count_cores(const struct step_order *order)
{
	unsigned cores = 0;

	while (cores < order->cpus && !step_core_is_taken(order, cores))
		cores++;
	return cores;
}

static bool step_read_order(const struct topology *topology,
			    struct step_order *order)
{
	int *cpus;

	order->cpus = topology_order(topology, PIN_CORE, NULL, 0);
	cpus = calloc(order->cpus + 1, sizeof(*cpus));
	order->places = calloc(order->cpus + 1, sizeof(*order->places));
	if (!cpus || !order->places || order->cpus == 0) {
		free(cpus);
		return false;
	}
	topology_order(topology, PIN_CORE, cpus, order->cpus);
	for (unsigned i = 0; i < order->cpus; i++)
		topology_place(topology, cpus[i], &order->places[i]);
	free(cpus);
	order->cores = step_count_cores(order);
	return true;
}

/* In ascending order. Of two that are the same, the one that is added last
 * gives its name. */
static void step_add(struct worker_step *steps, unsigned *count,
		     unsigned workers, const char *reach)
{
	unsigned at = *count;

	if (workers < 2)
		return;
	while (at > 0 && steps[at - 1].workers > workers)
		at--;
	if (at > 0 && steps[at - 1].workers == workers) {
		steps[at - 1].reach = reach;
		return;
	}
	memmove(&steps[at + 1], &steps[at], (*count - at) * sizeof(*steps));
	steps[at] = (struct worker_step){workers, reach};
	(*count)++;
}

unsigned topology_steps(const struct topology *topology,
			struct worker_step steps[WORKER_STEPS_MAX])
{
	struct step_order order = {.places = NULL};
	unsigned count = 0;

	if (step_read_order(topology, &order)) {
		step_add(steps, &count, order.cpus < 2 ? 0 : 2, "two");
		for (int level = 0; level < STEPS_LEVELS; level++)
			step_add(steps, &count, step_count(&order, level),
				 step_names[level]);
		step_add(steps, &count, order.cpus, "all hardware threads");
		step_add(steps, &count, order.cores, WORKER_STEP_CORES);
	}
	free(order.places);
	return count;
}
