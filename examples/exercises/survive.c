/* SPDX-License-Identifier: MIT */
#include "exercises.h"

/* TODO: the first task that crashes ends all of it. */
int run_tasks(void (*const tasks[])(void), int n, int *done)
{
	for (int i = 0; i < n; i++) {
		tasks[i]();
		done[i] = 1;
	}
	return n;
}
