/* SPDX-License-Identifier: MIT */
/*
 * Child processes that never outlive their parent, and descriptions of how they
 * ended.
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

/*
 * fork(). The child ends when its parent does, even if the parent has ended
 * before the child could ask for that, and even if the child sleeps. In the
 * child SIGCHLD and SIGPIPE have their default actions, and no signal is
 * blocked. It must leave by _exit(). Returns as fork() does, except -errno
 * after an error; -EAGAIN only after the retries of retry.h, 31 ms later.
 *
 * The kernel sends the death signal when the thread that forked ends, not the
 * process. The child of the main thread is killed then. The child of another
 * thread has to live on if only that thread ends: it gets SIGRTMAX instead, and
 * exits if it has another parent by then.
 *
 * A parent that ignores SIGCHLD cannot learn how its children end: see
 * child_reset_sigchld().
 */
pid_t child_fork(void);

/* In a child: set up what child_fork() promises. `parent` is the process that
 * forked it; `by_main`: its main thread did. Exits if the parent is gone. */
void child_setup(pid_t parent, bool by_main);

/* Does the main thread call this? For child_setup(). */
bool child_by_main(void);

/* If SIGCHLD is ignored, give it its default action from now on: the kernel
 * keeps the exit statuses of children then. For our own processes; a library
 * does not change the signals of its caller. */
void child_reset_sigchld(void);

/* The limits that may cause EAGAIN, for its message. */
#define CHILD_LIMITS "see ulimit -u, and pids.max of the control group"

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

/*
 * Does this process have other threads than the caller? A forked child would
 * not have them, but all locks that they held would stay locked in it.
 */
bool process_is_threaded(void);

#endif
