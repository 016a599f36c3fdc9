/* SPDX-License-Identifier: MIT */
/*
 * Python's
 *
 *	for i in range(5):
 *		p = Process(target=task, name=f"Process-{i}"); p.start()
 *	for p in children: p.join()
 *
 * on the fork runner: five children, each with one item, then a join. The
 * caller is worker 0 and has the first item to itself: it does nothing there.
 */
#include "runners/runner.h"
#include "runners/team/shared.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { CHILDREN = 5, WORKERS = CHILDREN + 1 };

extern const struct runner runner_fork;

static void task(const void *ctx, size_t begin, size_t end, struct partial *out)
{
	(void)ctx, (void)out;
	for (size_t i = begin; i < end; i++)
		if (i > 0)
			dprintf(STDOUT_FILENO,
				"Child process Process-%zu is running, "
				"process ID is: %d\n",
				i - 1, (int)getpid());
}

int main(void)
{
	int bound[WORKERS];
	struct team team = {.workers = WORKERS, .bound = bound};
	struct job job = {
		.run = task, .width = 1, .plan = plan_make(WORKERS, 1)};
	int rc;

	job.partials = shared_alloc(WORKERS * sizeof(*job.partials));
	if (!job.partials) {
		perror("process: no shared memory");
		return 1;
	}
	rc = runner_fork.open(&team);
	if (rc == 0) {
		rc = runner_fork.dispatch(&team, &job);
		runner_fork.close(&team);
	}
	shared_free(job.partials, WORKERS * sizeof(*job.partials));
	if (rc < 0)
		fprintf(stderr, "process: %s\n", team.error);
	return rc < 0;
}
