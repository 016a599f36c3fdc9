/* SPDX-License-Identifier: MIT */
#include "core/relax.h"

#include "core/clock.h"

#include <limits.h>

int64_t relax_time(void)
{
	int64_t shortest = INT64_MAX;

	/* The shortest of a few: others may have been disturbed. */
	for (int try = 0; try < 5; try++) {
		int64_t start = now_ns(), took;

		for (int i = 0; i < RELAX_TURNS; i++)
			cpu_relax();
		took = now_ns() - start;
		shortest = took < shortest ? took : shortest;
	}
	return shortest > 0 ? shortest : 1;
}

int relax_turns(int64_t ns, int64_t relax_time_ns)
{
	int64_t turns = ns * RELAX_TURNS / relax_time_ns;

	return turns < 1 ? 1 : turns > INT_MAX ? INT_MAX : (int)turns;
}
