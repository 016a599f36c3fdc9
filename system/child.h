/* SPDX-License-Identifier: MIT */
/*
 * Children: waiting for them, and how they ended.
 */
#ifndef BREAKEVEN_SYSTEM_CHILD_H
#define BREAKEVEN_SYSTEM_CHILD_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum { CHILD_END_MAX = 96 };

/* How the description of a child killed by SIGKILL begins: what the kernel does
 * when memory runs out. */
#define CHILD_KILLED "was killed by signal 9 "

/* The status with which a child exits when all is done: unlikely to be that of
 * a task that exits by itself, as by exit(0). */
enum { CHILD_DONE = 86 };

/* Wait for the child to end: 0 and its status as of waitpid(), or -errno.
 * Retries after EINTR. -ECHILD: it has ended in an unknown way, since SIGCHLD
 * is ignored or another thread has waited for it. */
int child_wait(pid_t pid, int *status);

/* Describe what child_wait() returned with that status: "was killed by signal
 * 11 (Segmentation fault)", "left with status 99". */
void child_describe_exit(int rc, int status, char end[CHILD_END_MAX]);

/* Wait for the child to end. True: it exited with CHILD_DONE. `end` describes
 * how it ended, as child_describe_exit() does. */
bool child_reap(pid_t pid, char end[CHILD_END_MAX]);

/* Wait for the child to end, at most so long. False: it has not ended. Does not
 * reap it. */
bool child_await(pid_t pid, int64_t timeout_ns);

/* Is the child stopped, as by SIGSTOP? */
bool child_stopped(pid_t pid);

/* Has the child ended? Does not reap it. True as well if there is no such
 * child. */
bool child_ended(pid_t pid);

/*
 * Wait until one of the children has ended, for at most `timeout_ms` (-1: for
 * ever). Skips zeros in `pids`; `polls` has room for `count`. Reaps none of
 * them. Returns the index of the one, or -ETIMEDOUT.
 */
int child_await_any(const pid_t *pids, struct pollfd *polls, unsigned count,
		    int timeout_ms);

/* Kill and reap the child; does nothing if `pid` is 0. */
void child_kill(pid_t pid);

#endif
