/* SPDX-License-Identifier: MIT */
#include "exercises.h"

#include <stdio.h>

int main(void)
{
	static const struct {
		struct cost serial, parallel;
		long expected;
	} cases[] = {
		{{0, 1}, {1000, 0.5}, 2001},	 /* two threads that wait */
		{{0, 1}, {100000, 0.5}, 200001}, /* two that are created */
		{{0, 1}, {1000, 0.25}, 1334},	 /* four threads */
		{{5, 1}, {0, 0.5}, 0},		 /* it costs nothing */
		{{0, 1}, {1000, 1}, -1},	 /* an item gains nothing */
		{{0, 1}, {1000, 2}, -1},	 /* false sharing */
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		long found =
			break_even_items(cases[i].serial, cases[i].parallel);

		if (found == cases[i].expected)
			continue;
		printf("%g + %g n beside %g + %g n: %ld, not %ld\n",
		       cases[i].serial.a, cases[i].serial.b,
		       cases[i].parallel.a, cases[i].parallel.b,
		       cases[i].expected, found);
		return 1;
	}
	puts("right: and now measure your own a and b");
	return 0;
}
