/* SPDX-License-Identifier: MIT */
#include "bench/studies/latency.h"

#include "bench/host/probe.h"
#include "runners/pool/release_tree.h"

#include <errno.h>
#include <stdlib.h>

int latency_read_pair(const struct topology *topology, int here, int there,
		      double *ns)
{
	const int cpus[] = {here, there};
	struct probe *probe = probe_open(topology, cpus, 2);

	if (!probe)
		return -errno;
	*ns = 0;
	/* The first trips wait for the child to arrive. */
	if (probe_round_trip(probe) >= 0)
		*ns = probe_round_trip(probe);
	probe_close(probe);
	return *ns > 0 ? 0 : -ECHILD;
}

int latency_measure_links(const struct topology *topology, const int *cpus,
			  unsigned workers, struct latency *links)
{
	unsigned all = workers - 1;
	unsigned count = all < LATENCY_LINKS_MAX ? all : LATENCY_LINKS_MAX;
	uint8_t *borders = calloc(workers, sizeof(*borders));
	double ns[LATENCY_LINKS_MAX];
	int error = borders ? 0 : -ENOMEM, bound = topology_bound(topology);

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
		*links = latency_of(ns, count);
	free(borders);
	if (bound >= 0)
		topology_bind(topology, bound);
	else
		topology_unbind(topology);
	return error;
}
