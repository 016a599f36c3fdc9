/* SPDX-License-Identifier: MIT */
/*
 * A worker that begins as a program of its own: it is executed anew, maps the
 * memory of its team at the addresses that the caller has it at, and finds the
 * function that it runs in the same file.
 */
#ifndef BREAKEVEN_RUNNERS_PROCESS_EXEC_WORKER_H
#define BREAKEVEN_RUNNERS_PROCESS_EXEC_WORKER_H

#include "runners/runner.h"

#include <limits.h>

/*
 * The command by which a program is told to be a worker: one that has the
 * runner `spawn` returns exec_worker_main(argc, argv) from main() where argv[1]
 * is this, before it does anything else.
 */
#define EXEC_WORKER_COMMAND "worker"

/* Never returns but with a failure's exit status. */
int exec_worker_main(int argc, char **argv);

enum { EXEC_ERROR_MAX = 160 };

/* What a worker is to do. It lies in a file without a name, which the worker
 * is handed as an open descriptor. */
struct exec_order {
	pid_t parent;
	bool by_main;
	struct team_map maps[TEAM_MAPS];
	unsigned workers;
	struct job job;	     /* but for its functions, which lie elsewhere */
	char file[PATH_MAX]; /* where the function is; "": in the program */
	size_t offset;	     /* of the function, from where that is loaded */
	char error[EXEC_ERROR_MAX]; /* from a worker that could not begin */
};

/* Fill in where the function job->run is found. False: nowhere. */
bool exec_order_locate(struct exec_order *order, const struct job *job);

#endif
