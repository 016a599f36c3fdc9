/* SPDX-License-Identifier: MIT */
#include "exercises.h"

#include <stdint.h>
#include <stdio.h>

/* What is wrong with the shares; NULL: nothing. */
static const char *find_fault(size_t n, size_t workers)
{
	size_t next = 0, least = SIZE_MAX, most = 0;

	for (size_t i = 0; i < workers; i++) {
		size_t lo, hi;

		share_of(n, workers, i, &lo, &hi);
		if (lo != next || hi < lo)
			return "a share does not begin where the last one ends";
		next = hi;
		least = hi - lo < least ? hi - lo : least;
		most = hi - lo > most ? hi - lo : most;
	}
	if (next != n)
		return "some items belong to no worker";
	return most - least > 1 ? "some have two items more than others" : NULL;
}

int main(void)
{
	static const size_t sizes[] = {0, 1, 10, 64, 1000, SIZE_MAX - 1};

	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++)
		for (size_t workers = 1; workers <= 64; workers++) {
			const char *fault = find_fault(sizes[i], workers);

			if (!fault)
				continue;
			printf("%zu items, %zu workers: %s\n", sizes[i],
			       workers, fault);
			return 1;
		}
	puts("right: every item has one worker");
	return 0;
}
