/* SPDX-License-Identifier: MIT */
/*
 * A machine for a test, which fails where it cannot be had.
 */
#ifndef BREAKEVEN_TESTS_SYSTEM_LOAD_TOPOLOGY_H
#define BREAKEVEN_TESTS_SYSTEM_LOAD_TOPOLOGY_H

#include "system/topology.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static inline struct topology *load_topology(const char *source)
{
	struct topology *topology = NULL;
	struct error error;

	if (topology_load(source, &topology, &error))
		fail_msg("%s", error.text);
	return topology;
}

#endif
