/* SPDX-License-Identifier: MIT */
#include "exercises.h"

#include <sys/wait.h>
#include <unistd.h>

static long sum_part(const int *a, size_t lo, size_t hi)
{
	long sum = 0;

	for (size_t i = lo; i < hi; i++)
		sum += a[i];
	return sum;
}

static void work(int to, const int *a, size_t lo, size_t hi)
{
	long sum = sum_part(a, lo, hi);

	_exit(write(to, &sum, sizeof(sum)) == sizeof(sum) ? 0 : 1);
}

/* One pipe for all: a write of a few bytes is not mixed with another. The array
 * need not be sent, since each child has a copy of the parent's memory. */
long sum_in_processes(const int *a, size_t n, int workers)
{
	size_t parts = (size_t)workers, got = 0;
	long sum = 0, one;
	int ends[2];

	if (pipe(ends))
		return -1;
	for (size_t i = 0; i < parts; i++)
		if (fork() == 0)
			work(ends[1], a, n * i / parts, n * (i + 1) / parts);
	/* Once all that could write are gone, read() says that it is over. */
	close(ends[1]);
	for (; read(ends[0], &one, sizeof(one)) == sizeof(one); got++)
		sum += one;
	close(ends[0]);
	while (wait(NULL) > 0)
		;
	return got == parts ? sum : -1;
}
