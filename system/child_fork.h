/* SPDX-License-Identifier: MIT */
/*
 * Forking children that never outlive their parent.
 */
#ifndef BREAKEVEN_SYSTEM_CHILD_FORK_H
#define BREAKEVEN_SYSTEM_CHILD_FORK_H

#include <stdbool.h>
#include <sys/types.h>

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

/* In a child, which may be another program by now: end when `parent` does, of
 * whose main thread it is the child, or not: as child_fork() has it. Exits if
 * the parent is gone. */
void child_die_with(pid_t parent, bool by_main);

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

/*
 * Does this process have other threads than the caller? A forked child would
 * not have them, but all locks that they held would stay locked in it.
 */
bool process_is_threaded(void);

#endif
