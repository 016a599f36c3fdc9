/* SPDX-License-Identifier: MIT */
/*
 * The topology of this machine, for the tests of one program: set up and torn
 * down by load() and unload().
 */
#ifndef BREAKEVEN_TESTS_THIS_MACHINE_H
#define BREAKEVEN_TESTS_THIS_MACHINE_H

#include "system/topology.h"

static struct topology *topology;

static int load(void **state)
{
	struct error error;

	(void)state;
	return topology_load(NULL, &topology, &error);
}

static int unload(void **state)
{
	(void)state;
	topology_free(topology);
	return 0;
}

#endif
