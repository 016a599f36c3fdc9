/* SPDX-License-Identifier: MIT */
#include "exercises.h"

#include <sys/wait.h>
#include <unistd.h>

/* A process for each task. Its end says whether it was a good one: a crash is a
 * signal, and no exit status. */
int run_tasks(void (*const tasks[])(void), int n, int *done)
{
	int count = 0;

	for (int i = 0; i < n; i++) {
		pid_t pid = fork();
		int status = 0;

		if (pid == 0) {
			tasks[i]();
			_exit(0);
		}
		done[i] = pid > 0 && waitpid(pid, &status, 0) == pid &&
			  WIFEXITED(status) && WEXITSTATUS(status) == 0;
		count += done[i];
	}
	return count;
}
