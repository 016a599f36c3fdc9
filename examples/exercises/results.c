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

/* TODO: an exit status has eight bits. Find another way for the results. */
long sum_in_processes(const int *a, size_t n, int workers)
{
	size_t parts = (size_t)workers;
	long sum = 0;
	int status;

	for (size_t i = 0; i < parts; i++) {
		pid_t pid = fork();

		if (pid < 0)
			return -1;
		if (pid == 0)
			_exit((int)sum_part(a, n * i / parts,
					    n * (i + 1) / parts));
	}
	while (wait(&status) > 0)
		sum += WEXITSTATUS(status);
	return sum;
}
