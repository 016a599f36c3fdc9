/* SPDX-License-Identifier: MIT */
/*
 * Python's
 *
 *	for i in range(5):
 *		p = Process(target=task, name=f"Process-{i}"); p.start()
 *	for p in children: p.join()
 *
 * Five processes. Each prints its name and its ID.
 */
#include <breakeven.h>

#include <stdio.h>
#include <unistd.h>

enum { CHILDREN = 5 };

static int task(void *user)
{
	const struct process *self = user;

	printf("Child process %s is running, process ID is: %d\n", self->name,
	       (int)getpid());
	return 0;
}

static int start_all(struct process children[CHILDREN])
{
	char name[PROCESS_NAME_MAX];

	for (int i = 0; i < CHILDREN; i++) {
		snprintf(name, sizeof(name), "Process-%d", i);
		/* The child has a copy of its own of this, name and all. */
		if (process_start(&children[i], task, &children[i], name) < 0) {
			fprintf(stderr, "process: %s\n", children[i].text);
			return 1;
		}
	}
	return 0;
}

int main(void)
{
	struct process children[CHILDREN] = {{.pid = 0}};
	int failed = start_all(children);

	for (int i = 0; i < CHILDREN && children[i].pid > 0; i++) {
		int status = 0;

		if (process_join(&children[i], -1, &status) < 0 ||
		    status != 0) {
			fprintf(stderr, "process: %s %s\n", children[i].name,
				children[i].text);
			failed = 1;
		}
	}
	return failed;
}
