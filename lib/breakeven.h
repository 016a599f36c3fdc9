/* SPDX-License-Identifier: MIT */
/*
 * Python's multiprocessing for C and C++: Process, and Pool.map over processes
 * or threads. breakeven(3) is its manual.
 *
 * Every int below is 0 or -errno, unless said otherwise. Nothing here prints,
 * exits or changes what signals do in the calling process. Link with
 * `pkg-config --cflags --libs breakeven`.
 */
#ifndef BREAKEVEN_H
#define BREAKEVEN_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ------------------------------------------------------------- pools */

/*
 * A pool of workers. It belongs to the process that opened it, and one thread
 * at a time uses it. There is no way to leave it behind: its processes die
 * with the thread that opened it, at the latest.
 */
struct pool;

enum pool_flags {
	/* Workers are processes, forked by pool_open(): what a task does to
	 * its own memory nobody else sees, and a task that crashes or never
	 * returns costs the pool, not its caller. */
	POOL_PROCESSES = 1 << 0,
	/* Workers are threads: all memory is common, nothing is copied, and
	 * a task that crashes takes the whole process with it. */
	POOL_THREADS = 1 << 1,
	/* The caller of pool_map() is one of the workers, number 0, where it
	 * only waits otherwise. Calls get quicker, since nobody has to be
	 * woken for it; but a task that crashes, exits or hangs may do so in
	 * the caller, so there is no timeout. */
	POOL_CALLER = 1 << 2,
};

enum { POOL_WORKERS_MAX = 1024, POOL_TEXT_MAX = 256 };

#define POOL_NO_ITEM ((size_t)-1)

/* Why a call failed. */
struct pool_error {
	int code;     /* what the call returned */
	size_t index; /* the lowest item whose task returned an error;
			 POOL_NO_ITEM: it was no task's */
	char text[POOL_TEXT_MAX]; /* what, where and why, in words */
};

/*
 * Open a pool of `workers`, and return when all of them have checked in. 0: one
 * per CPU that this process may use, or fewer if the CPU quota of a control
 * group pays for fewer. `flags` is POOL_PROCESSES or
 * POOL_THREADS, either with POOL_CALLER or without. `error` may be NULL.
 *
 * -EINVAL  unknown flags, or more than POOL_WORKERS_MAX workers
 * -EBUSY   POOL_PROCESSES, but this process runs other threads: a fork would
 *          copy the locks that they hold, and not them
 * -EPERM   inside a task
 * -EAGAIN  a limit on processes or threads, which the text names
 * -ENOMEM  no memory
 *
 * After an error *pool is NULL and nothing is left behind. Processes know what
 * this process had in memory when they were forked, and no more of it: a task
 * must have been loaded by then. Output that stdio still holds is written
 * before the fork, and by each worker at its end, so that every line comes
 * once.
 */
int pool_open(struct pool **pool, unsigned workers, unsigned flags,
	      struct pool_error *error);

/*
 * One item: read in[index], write out[index]. 0, or an error of its own; a
 * task that returns 0 has written all of its `out`. Called from several
 * workers at once. It may not use pools, nor jump out.
 */
typedef int pool_task(void *user, size_t index, const void *in, void *out);

/* `count` items at once, from `first` on. */
typedef int pool_range_task(void *user, size_t first, size_t count,
			    const void *in, void *out);

/* All of it may be 0, as it is where pool_map() is given NULL. */
struct pool_options {
	size_t chunk;	/* items that a worker takes at a time; 0: n / (4 *
			   workers), rounded up, as in Python */
	double timeout; /* seconds; 0: none */
	void *user;	/* handed to each task. Its first `user_size` bytes are
			   copied to processes, for them to read, unless it
			   lies in memory of pool_alloc(), which is common;
			   under threads all memory is */
	size_t user_size;
	struct pool_error *error; /* filled by the call; NULL: not asked for */
};

/*
 * A parallel version of
 *
 *	for (i = 0; i < n; i++)
 *		rc[i] = task(user, i, in + i * in_size, out + i * out_size);
 *	return the first rc[i] that is not 0, or else 0;
 *
 * All items run, whatever the others return, each exactly once. Chunks are
 * handed out to who is free, in no promised order; results are in order, and
 * visible to the caller on return. `in` and `out` may be the same array, item
 * by item. An array that there is none of is NULL, of size 0. n = 0 returns 0
 * at once.
 *
 * Arrays in memory of pool_alloc() are used in place. Under POOL_PROCESSES any
 * other memory is copied: in before the call, out after it; pool_copied()
 * counts the bytes. Then `out` is written as a whole or, where the pool fails,
 * not at all, and what a task left unwritten in it is undefined.
 *
 * An error that was a task's is told with its index, and the pool goes on.
 * Any other one says that there is no result:
 *
 * -EINVAL     no function, an array without a size or a size without an array,
 *             a timeout that is none or goes with POOL_CALLER, a `user` that
 *             processes would not see; or no pool
 * -EOVERFLOW  n * size is more than memory can be
 * -EBUSY      another thread is in a call on this pool
 * -EPERM      inside a task, or in a process that did not open the pool
 * -ENOMEM     no memory for the copies
 * -EPIPE      a worker has died: the text names it, how, and its items
 * -ETIMEDOUT  not done within the timeout (plus some 10 ms)
 *
 * The last two break the pool: its processes are killed before the call
 * returns, so that nothing comes late; each later call returns the same error
 * at once; close it, and open another. A thread cannot be killed: one that is
 * still in a task may go on writing to what the task was given, until
 * pool_close() has set the pool to NULL.
 */
int pool_map(struct pool *pool, pool_task *task, const void *in, size_t in_size,
	     void *out, size_t out_size, size_t n,
	     const struct pool_options *options);

/*
 * The same for a task that takes a chunk at a time, and so can have a loop of
 * its own:
 *
 *	for (i = 0; i < n; i += c)
 *		rc[i] = task(user, i, c, in + i * in_size, out + i * out_size);
 *
 * with c the chunk, cut at n. An error's index is the first of its chunk.
 */
int pool_map_range(struct pool *pool, pool_range_task *task, const void *in,
		   size_t in_size, void *out, size_t out_size, size_t n,
		   const struct pool_options *options);

/*
 * End the workers, wait for them, free the pool with all memory of
 * pool_alloc(), and set *pool to NULL, so that closing twice is seen (-EINVAL).
 * Where something had broken the pool, or a worker had died unseen, it returns
 * that error, but closes it all the same. `error` may be NULL.
 *
 * What leaves it open: -EPERM as above; -EBUSY where another thread is in a
 * call on it, or where a thread of a broken pool is still in its task after 100
 * ms. Nothing is freed that it may touch. Close it again later, or let the
 * process end: no thread outlives that.
 */
int pool_close(struct pool **pool, struct pool_error *error);

/*
 * `count` items of `size` bytes that caller and workers share: arrays that lie
 * here are not copied. Aligned to 64 bytes, not cleared. NULL with errno:
 * ENOMEM, EOVERFLOW, or EINVAL, EBUSY and EPERM as above.
 *
 * Memory stands behind it when this returns, or it fails: there is no SIGBUS
 * later. It never moves. Meant for few, large arrays: the time this takes grows
 * with their number.
 */
void *pool_alloc(struct pool *pool, size_t count, size_t size);

/* Give it back to the pool; NULL is allowed. -EINVAL: not from pool_alloc() on
 * this pool, or freed already. */
int pool_free(struct pool *pool, void *memory);

/* Bytes copied in and out by all calls so far; always 0 under POOL_THREADS. */
uint64_t pool_copied(const struct pool *pool);

/* Workers, the caller among them if it is one. */
unsigned pool_workers(const struct pool *pool);

/* ------------------------------------------------------------- processes */

enum { PROCESS_NAME_MAX = 32, PROCESS_TEXT_MAX = 128 };

/* The caller's memory. */
struct process {
	pid_t pid; /* 0: not started, or joined */
	char name[PROCESS_NAME_MAX];
	char text[PROCESS_TEXT_MAX]; /* how it ended, or why a call failed:
					"was killed by signal 11
					(Segmentation fault)" */
};

/*
 * Run task(user) in a process of its own, a copy of this one; what it changes
 * in memory stays there. It leaves with what the task returns, as an exit
 * status (0 to 255), without running exit handlers; its output is written by
 * then. It dies with the thread that started it. `name`, cut to fit, is what ps
 * shows; NULL: "process".
 *
 * -EINVAL no function; -EBUSY this process runs other threads; -EAGAIN, -ENOMEM
 * limits, which process->text names.
 */
int process_start(struct process *process, int (*task)(void *user), void *user,
		  const char *name);

/*
 * Wait for its end, for `timeout` seconds, < 0 for as long as it takes. 0: it
 * has ended; *status, where `status` is not NULL, is its exit status, or minus
 * the signal that killed it, as Python's exitcode; process->text says the same
 * in words. -ETIMEDOUT: not yet; -EINVAL: not started, or joined already;
 * -ECHILD: it has ended, but how was not kept, since SIGCHLD is ignored or
 * somebody else waited for it.
 */
int process_join(struct process *process, double timeout, int *status);

/* Kill it (SIGKILL), if it has not ended. It still has to be joined. -EINVAL:
 * not started, or joined. */
int process_kill(struct process *process);

#ifdef __cplusplus
}
#endif

#endif
