/* SPDX-License-Identifier: MIT */
#include "exercises.h"

/*
 * parallel.a + parallel.b n < serial.a + serial.b n. If an item costs less in
 * parallel, that is from (parallel.a - serial.a) / (serial.b - parallel.b) on;
 * it has to be more than that, and a whole number of items.
 */
long break_even_items(struct cost serial, struct cost parallel)
{
	double more = parallel.a - serial.a, gain = serial.b - parallel.b;

	if (more < 0)
		return 0;
	if (gain <= 0)
		return -1;
	return (long)(more / gain) + 1;
}
