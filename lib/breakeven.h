/* SPDX-License-Identifier: MIT */
/*
 * Python's multiprocessing for C and C++: Process, and Pool.map over processes
 * or threads. breakeven(3) is its manual.
 *
 * Every int below is 0 or -errno, unless stated otherwise. Nothing here prints,
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
 * at a time may use it. Its processes die with the thread that opened it, at
 * the latest, so that none is ever left behind.
 */
struct pool;

enum pool_flags {
	/* Workers are processes, forked by pool_open(). No other process sees
	 * what a task does to its own memory. A task that crashes or never
	 * returns costs the pool, but not the caller. */
	POOL_PROCESSES = 1 << 0,
	/* Workers are threads: all memory is shared and nothing is copied. A
	 * task that crashes ends the whole process. */
	POOL_THREADS = 1 << 1,
	/* The caller of pool_map() is worker 0; otherwise it only waits. Calls
	 * get quicker, since one worker less has to be woken; but a task that
	 * crashes, exits or hangs may do so in the caller, so there is no
	 * timeout. */
	POOL_CALLER = 1 << 2,
};

enum { POOL_WORKERS_MAX = 1024, POOL_TEXT_MAX = 256 };

#define POOL_NO_ITEM ((size_t)-1)

/* Why a call failed. */
struct pool_error {
	int code;     /* what the call returned */
	size_t index; /* the lowest item whose task returned an error;
			 POOL_NO_ITEM: the error is not of a task */
	char text[POOL_TEXT_MAX]; /* what, where and why, in words */
};

/*
 * Open a pool of `workers`, and return when all of them have started. 0: one
 * per CPU that this process may use, or fewer if the CPU quota of a control
 * group allows fewer. `flags` is POOL_PROCESSES or POOL_THREADS, with or
 * without POOL_CALLER. `error` may be NULL.
 *
 * -EINVAL  unknown flags, or more than POOL_WORKERS_MAX workers
 * -EBUSY   POOL_PROCESSES, but this process has other threads: a fork would
 * copy the locks that they hold, but not the threads -EPERM   inside a task
 * -EAGAIN  a limit on processes or threads, which the text names
 * -ENOMEM  no memory
 *
 * After an error *pool is NULL and nothing is left behind. Worker processes
 * have the memory of this process as it was when they were forked: the code of
 * a task must have been loaded by then. Output that stdio still buffers is
 * written before the fork, and by each worker at its end, so that every line is
 * written once.
 */
int pool_open(struct pool **pool, unsigned workers, unsigned flags,
	      struct pool_error *error);

/*
 * One item: read *in, write *out. Returns 0, after all of *out is written, or
 * an error code of its own. Called in several workers at once. It must not use
 * pools or longjmp() out.
 */
typedef int pool_task(void *user, size_t index, const void *in, void *out);

/* `count` items at once, from `first` on. */
typedef int pool_range_task(void *user, size_t first, size_t count,
			    const void *in, void *out);

/* All fields may be 0, which is what NULL stands for. */
struct pool_options {
	size_t chunk;	/* items that a worker takes at a time; 0: n / (4 *
			   workers), rounded up, as in Python */
	double timeout; /* seconds; 0: none */
	void *user;	/* passed to each task. Processes get a copy of its
			   first `user_size` bytes, to read, unless it lies in
			   memory of pool_alloc(); with threads all memory is
			   shared */
	size_t user_size;
	struct pool_error *error; /* filled by the call; may be NULL */
};

/*
 * A parallel version of
 *
 *	for (i = 0; i < n; i++)
 *		rc[i] = task(user, i, in + i * in_size, out + i * out_size);
 *	return the first rc[i] that is not 0, or else 0;
 *
 * Every item runs exactly once, even if other tasks return errors. A free
 * worker takes the next chunk, in no guaranteed order; results are in order,
 * and visible to the caller on return. `in` and `out` may be the same array if
 * items have the same size. Pass NULL with size 0 for an array that is not
 * used. n = 0 returns 0 at once.
 *
 * Arrays in memory of pool_alloc() are used in place. Under POOL_PROCESSES any
 * other memory is copied: in before the call, out after it; pool_copied()
 * counts the bytes. Then `out` is written as a whole, or not at all if the pool
 * fails, and any part that a task left unwritten is undefined.
 *
 * After an error of a task, the pool stays usable; struct pool_error has its
 * index. Any other error means that there is no result:
 *
 * -EINVAL     no function, an array without a size or a size without an array,
 *             an invalid timeout or one with POOL_CALLER, a `user` that
 *             processes would not see; or no pool
 * -EOVERFLOW  n * size is too large
 * -EBUSY      another thread is in a call on this pool
 * -EPERM      inside a task, or in a process that did not open the pool
 * -ENOMEM     no memory for the copies
 * -EPIPE      a worker has died: the text says which, how, and with which items
 * -ETIMEDOUT  not done within the timeout (plus some 10 ms)
 *
 * The last two break the pool: its processes are killed before the call
 * returns, so that they write nothing later. Each later call returns the same
 * error at once; close the pool, and open another. A thread cannot be killed:
 * if it is still in a task, it may go on writing to the task's arguments until
 * pool_close() has set the pool to NULL.
 */
int pool_map(struct pool *pool, pool_task *task, const void *in, size_t in_size,
	     void *out, size_t out_size, size_t n,
	     const struct pool_options *options);

/*
 * The same for a task that takes a chunk at a time, and has a loop of its own:
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
 * pool_alloc(), and set *pool to NULL; closing again returns -EINVAL. If the
 * pool is broken, or a worker has died between calls, it returns that error,
 * but closes the pool even so. `error` may be NULL.
 *
 * Two errors leave the pool open: -EPERM as above; -EBUSY if another thread is
 * in a call on it, or a thread of a broken pool is still in its task after 100
 * ms. Then nothing is freed that the task may touch. Close it again later, or
 * let the process end, which ends the thread.
 */
int pool_close(struct pool **pool, struct pool_error *error);

/*
 * `count` items of `size` bytes that caller and workers share: pool_map() does
 * not copy arrays here. Aligned to 64 bytes, not cleared. NULL with errno:
 * ENOMEM, EOVERFLOW, or EINVAL, EBUSY and EPERM as above.
 *
 * The memory is allocated when this returns, or it fails: there is no SIGBUS
 * later. It never moves. Use it for few, large arrays: the time of a call grows
 * with their number.
 */
void *pool_alloc(struct pool *pool, size_t count, size_t size);

/* Free memory of pool_alloc(); NULL is allowed. -EINVAL: it is not from this
 * pool, or freed already. */
int pool_free(struct pool *pool, void *memory);

/* Bytes copied in and out by all calls so far; always 0 under POOL_THREADS. */
uint64_t pool_copied(const struct pool *pool);

/* The number of workers, including the caller with POOL_CALLER. */
unsigned pool_workers(const struct pool *pool);

/* ------------------------------------------------------------- processes */

enum { PROCESS_NAME_MAX = 32, PROCESS_TEXT_MAX = 128 };

/* A child process; the struct is in the caller's memory. */
struct process {
	pid_t pid; /* 0: not started, or joined */
	char name[PROCESS_NAME_MAX];
	char text[PROCESS_TEXT_MAX]; /* how it ended, or why a call failed:
					"was killed by signal 11
					(Segmentation fault)" */
};

/*
 * Run task(user) in a new process, a copy of this one; its changes to memory
 * stay there. It exits with the task's result as its status (0 to 255), after
 * writing its buffered output, and without running exit handlers. It dies with
 * the thread that started it. `name`, cut to fit, is what ps shows; NULL:
 * "process".
 *
 * -EINVAL: no function; -EBUSY: this process has other threads; -EAGAIN and
 * -ENOMEM: limits, which process->text names.
 */
int process_start(struct process *process, int (*task)(void *user), void *user,
		  const char *name);

/*
 * Wait for its end, at most `timeout` seconds; < 0: as long as it takes. 0: it
 * has ended; *status, if `status` is not NULL, is its exit status, or minus the
 * signal that killed it, as Python's exitcode; process->text describes it.
 * -ETIMEDOUT: it has not ended; -EINVAL: not started, or joined already;
 * -ECHILD: it has ended in an unknown way, since SIGCHLD is ignored or another
 * thread has waited for it.
 */
int process_join(struct process *process, double timeout, int *status);

/* Kill it (SIGKILL), if it has not ended; join it afterwards. -EINVAL: not
 * started, or joined already. */
int process_kill(struct process *process);

#ifdef __cplusplus
}
#endif

#endif
