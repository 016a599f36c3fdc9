/* SPDX-License-Identifier: MIT */
#include "runners/runner.h"

void team_bind(struct team *team, unsigned worker)
{
	team->bound[worker] = -1;
	if (!team->cpus)
		return;
	topology_bind(team->topology, team->cpus[worker]);
	team->bound[worker] = topology_bound(team->topology);
}
