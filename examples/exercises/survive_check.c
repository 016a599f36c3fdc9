/* SPDX-License-Identifier: MIT */
#include "exercises.h"

#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>

static void fine(void)
{
}

static void crash(void)
{
	signal(SIGSEGV, SIG_DFL);
	raise(SIGSEGV);
}

int main(void)
{
	void (*const tasks[])(void) = {fine, crash, fine, crash, fine};
	static const int expected[] = {1, 0, 1, 0, 1};
	int done[] = {-1, -1, -1, -1, -1}, count;

	/* Crashes leave no files. */
	setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
	count = run_tasks(tasks, 5, done);
	for (int i = 0; i < 5; i++)
		if (done[i] != expected[i]) {
			printf("task %d: done is %d, not %d\n", i, done[i],
			       expected[i]);
			return 1;
		}
	if (count != 3) {
		printf("three tasks ran to their end, not %d\n", count);
		return 1;
	}
	puts("right: a crash takes its own task along, and no other");
	return 0;
}
