/* SPDX-License-Identifier: MIT */
#include "exercises.h"

#include <math.h>
#include <stdio.h>

enum { N = 5000 };

int main(void)
{
	static double a[N];
	double first, expected = 0;

	for (int i = 0; i < N; i++)
		expected += a[i] = 1 / (i + 1.0);
	first = sum_of_workers(a, N, 1);
	if (fabs(first - expected) > 1e-9) {
		printf("the sum is %.15g, not %.15g\n", expected, first);
		return 1;
	}
	for (size_t workers = 2; workers <= 16; workers++) {
		double sum = sum_of_workers(a, N, workers);

		if (sum == first)
			continue;
		printf("1 worker: %.17g, %zu workers: %.17g\n", first, workers,
		       sum);
		return 1;
	}
	puts("right: the sum does not depend on the workers");
	return 0;
}
