/* SPDX-License-Identifier: MIT */
#include "bench/studies/latency.h"

#include "bench/host/probe.h"
#include "runners/pool/release_tree.h"
#include "stats/stats.h"

#include <errno.h>
#include <stdlib.h>

/* What all passes read, by pair and pass. */
struct readings {
	unsigned count;
	double (*ns)[LATENCY_PASSES];
};

static int latency_read_pair(const struct topology *topology, int here,
			     int there, double *ns)
{
	const int cpus[] = {here, there};
	struct probe *probe = probe_open(topology, cpus, 2);

	if (!probe)
		return -errno;
	/* The first trips wait for the child to arrive. */
	if (probe_round_trip(probe) >= 0)
		*ns = probe_round_trip(probe);
	probe_close(probe);
	return *ns > 0 ? 0 : -ECHILD;
}

static int latency_read_pass(const struct topology *topology, const int *cpus,
			     const struct readings *readings, unsigned pass)
{
	unsigned count = readings->count;

	for (unsigned a = 0; a < count; a++)
		for (unsigned b = a + 1; b < count; b++) {
			double *ns = &readings->ns[a * count + b][pass];
			int error = latency_read_pair(topology, cpus[a],
						      cpus[b], ns);

			if (error < 0)
				return error;
		}
	return 0;
}

static struct latency latency_summarise(double *ns, size_t count)
{
	stats_sort(ns, count);
	return (struct latency){
		.median = stats_median(ns, count),
		.least = ns[0],
		.most = ns[count - 1],
	};
}

int latency_measure(const struct topology *topology, const int *cpus,
		    unsigned count, struct latency *matrix)
{
	struct readings readings = {count, NULL};
	int error = 0;

	readings.ns = calloc((size_t)count * count, sizeof(*readings.ns));
	if (!readings.ns)
		return -ENOMEM;
	for (unsigned pass = 0; error == 0 && pass < LATENCY_PASSES; pass++)
		error = latency_read_pass(topology, cpus, &readings, pass);
	for (unsigned a = 0; a < count; a++) {
		matrix[a * count + a] = (struct latency){0};
		for (unsigned b = a + 1; b < count; b++) {
			struct latency *pair = &matrix[a * count + b];

			*pair = latency_summarise(readings.ns[a * count + b],
						  LATENCY_PASSES);
			matrix[b * count + a] = *pair;
		}
	}
	free(readings.ns);
	topology_unbind(topology);
	return error;
}

int latency_measure_links(const struct topology *topology, const int *cpus,
			  unsigned workers, struct latency *links)
{
	unsigned all = workers - 1;
	unsigned count = all < LATENCY_LINKS_MAX ? all : LATENCY_LINKS_MAX;
	uint8_t *borders = calloc(workers, sizeof(*borders));
	double ns[LATENCY_LINKS_MAX];
	int error = borders ? 0 : -ENOMEM;

	if (borders)
		topology_borders(topology, cpus, workers, borders);
	for (unsigned i = 0; error == 0 && i < count; i++) {
		unsigned worker = 1 + i * all / count;
		unsigned leader =
			release_tree_find(workers, borders, worker).leader;

		error = latency_read_pair(topology, cpus[leader], cpus[worker],
					  &ns[i]);
	}
	if (error == 0)
		*links = latency_summarise(ns, count);
	free(borders);
	topology_unbind(topology);
	return error;
}
