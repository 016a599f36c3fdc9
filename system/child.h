/* SPDX-License-Identifier: MIT */
/*
 * Child processes that never outlive their parent, and whose ends are told in
 * words.
 */
#ifndef BREAKEVEN_SYSTEM_CHILD_H
#define BREAKEVEN_SYSTEM_CHILD_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum { CHILD_END_MAX = 96 };

/* So the ends begin of those that were killed by SIGKILL, as the kernel does
 * where memory runs out. */
#define CHILD_KILLED "was killed by signal 9 "

/*
 * fork(), with these promises to the child: it ends when its parent does, even
 * if that happened before it could ask for this, and even while it sleeps;
 * SIGCHLD and SIGPIPE act as by default and no signal is blocked. It must leave
 * by _exit(). Returns as fork() does, but -errno; EAGAIN only after the retries
 * of retry.h, 31 ms later.
 *
 * The kernel tells of the end of the thread that forked, not of the process.
 * The main thread's child is killed at that thread's end. The child of another
 * thread lives on when that one ends alone: it is sent SIGRTMAX instead, and
 * leaves at once if its parent is another one by then.
 *
 * A parent that ignores SIGCHLD is not told how its children end:
 * child_reset_sigchld().
 */
pid_t child_fork(void);

/* In a child: keep the promises of child_fork(). `parent` is who forked it,
 * `by_main` whether its main thread did. Leaves if the parent is gone. */
void child_setup(pid_t parent, bool by_main);

/* Is this the main thread, and so the one that child_setup() asks for? */
bool child_by_main(void);

/* See to it that the ends of children can be told: where SIGCHLD is ignored, it
 * acts as by default from now on. For processes that are ours; a library leaves
 * the signals of its caller alone. */
void child_reset_sigchld(void);

/* Which limits an EAGAIN comes from, for its message. */
#define CHILD_LIMITS "see ulimit -u, and pids.max of the control group"

/* The status that a child of ours leaves with when all is done. It is none
 * that a task would choose which leaves on its own, as by exit(0). */
enum { CHILD_DONE = 86 };

/* Wait for the child to end: 0 and its status as of waitpid(), or -errno. EINTR
 * is retried. -ECHILD: it is gone, and nobody knows how, since SIGCHLD is
 * ignored or somebody else has waited for it. */
int child_wait(pid_t pid, int *status);

/* What child_wait() returned with that status, in words: "was killed by signal
 * 11 (Segmentation fault)", "left with status 99". */
void child_describe_exit(int rc, int status, char end[CHILD_END_MAX]);

/*
 * Wait for the child to end. Returns true when it left with CHILD_DONE; else
 * `end` tells how it ended, as by child_describe_exit().
 */
bool child_reap(pid_t pid, char end[CHILD_END_MAX]);

/* Wait for its end, for so long at most. False: it has not ended. It is not
 * reaped by this. */
bool child_await(pid_t pid, int64_t timeout_ns);

/* Is it stopped, as by SIGSTOP? */
bool child_stopped(pid_t pid);

/* Has the child ended? It is not reaped by this; but it may be gone. */
bool child_ended(pid_t pid);

/*
 * Wait until one of the children has ended, for at most `timeout_ms` (-1: for
 * ever). Zeros in `pids` stand for none; `polls` is room for `count`. Nobody is
 * reaped. Returns which one, or -ETIMEDOUT.
 */
int child_await_any(const pid_t *pids, struct pollfd *polls, unsigned count,
		    int timeout_ms);

/* End the child, if `pid` is not 0, and reap it. */
void child_kill(pid_t pid);

/*
 * Does this process run threads besides the caller's? A forked child would
 * have none of them, but every lock that they held.
 */
bool process_is_threaded(void);

#endif
