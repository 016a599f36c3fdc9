/* SPDX-License-Identifier: MIT */
/*
 * A worker that is a newly executed program: it maps the memory of its team at
 * the caller's addresses, and finds the function to run in the same file.
 */
#ifndef BREAKEVEN_RUNNERS_PROCESS_EXEC_WORKER_H
#define BREAKEVEN_RUNNERS_PROCESS_EXEC_WORKER_H

#include "runners/runner.h"

#include <limits.h>

/*
 * The command that makes a program a worker. A program that has the runner
 * `spawn` returns exec_worker_main(argc, argv) from main() if argv[1] is this,
 * before it does anything else.
 */
#define EXEC_WORKER_COMMAND "worker"

/* Returns only after a failure, with the exit status. */
int exec_worker_main(int argc, char **argv);

enum { EXEC_ERROR_MAX = 160 };

/* What a worker has to do. It lies in a memfd that the worker inherits. */
struct exec_order {
	pid_t parent;
	bool by_main;
	struct team_map maps[TEAM_MAPS];
	unsigned workers;
	struct job job;	     /* its functions lie at other addresses there */
	char file[PATH_MAX]; /* that holds job.run; "": the program itself */
	size_t offset;	     /* of job.run, from where that file is loaded */
	char error[EXEC_ERROR_MAX]; /* from a worker that could not begin */
};

/* Fill in file and offset of job->run. False: it lies in no file. */
bool exec_order_locate(struct exec_order *order, const struct job *job);

#endif
