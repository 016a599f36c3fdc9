/* SPDX-License-Identifier: MIT */
#include "bench/studies/latency.h"

#include "bench/host/probe.h"
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

static struct latency latency_summarise(double *ns)
{
	stats_sort(ns, LATENCY_PASSES);
	return (struct latency){
		.median = stats_median(ns, LATENCY_PASSES),
		.least = ns[0],
		.most = ns[LATENCY_PASSES - 1],
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

			*pair = latency_summarise(readings.ns[a * count + b]);
			matrix[b * count + a] = *pair;
		}
	}
	free(readings.ns);
	topology_unbind(topology);
	return error;
}
