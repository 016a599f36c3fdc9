/* SPDX-License-Identifier: MIT */
/*
 * Pools: a call does what its loop does, at every awkward size; and every
 * fault, injected for real, is handled.
 */
#include "core/clock.h"
#include "lib/breakeven.h"
#include "tests/lib/in_child.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/resource.h>
#include <sys/stat.h>

/* A descriptor leak shows after a few cases. A memory leak shows only after
 * many, since sanitizers keep freed memory for a while. */
#if defined(__SANITIZE_ADDRESS__)
enum { REOPENED = 50 };
#else
enum { REOPENED = 200 };
#endif
enum { ITEMS_MAX = 100000, MANY = 40, REFUSED = 20 };

static const unsigned kinds[] = {
	POOL_PROCESSES,
	POOL_THREADS,
	POOL_PROCESSES | POOL_CALLER,
	POOL_THREADS | POOL_CALLER,
};

/* Memory that tasks of a case see besides their arguments. */
static struct common {
	_Atomic unsigned char hits[ITEMS_MAX];
	atomic_uint came;
	_Atomic pid_t pids[MANY];
	atomic_int said;
	atomic_bool go_on;
	pthread_mutex_t lock;
} * common;

static struct pool *pool; /* of the case, for tasks that misuse it */
static struct pool_error error;

static void in_all_kinds(const char *what, int (*check)(unsigned, unsigned),
			 unsigned workers)
{
	for (size_t k = 0; k < COUNT(kinds); k++)
		in_child(what, check, kinds[k], workers);
}

#define check_open(flags, workers)                                             \
	check_in_child(pool_open(&pool, workers, flags, &error) == 0, "%s",    \
		       error.text)
#define check_close()                                                          \
	check_in_child(pool_close(&pool, &error) == 0 && !pool, "%s",          \
		       error.text)

/* ------------------------------------------------------- the loop */

struct wide {
	char bytes[24];
};

static int square(void *user, size_t index, const void *in, void *out)
{
	const int64_t *x = in;
	int64_t *y = out;

	common->hits[index]++;
	*y = *x * *x + (user ? *(const int64_t *)user : 0);
	return 0;
}

static int square_range(void *user, size_t first, size_t count, const void *in,
			void *out)
{
	for (size_t i = 0; i < count; i++)
		square(user, first + i, (const int64_t *)in + i,
		       (int64_t *)out + i);
	return 0;
}

static void clear_hits(void)
{
	for (size_t i = 0; i < ITEMS_MAX; i++)
		common->hits[i] = 0;
}

static int check_squares(const int64_t *out, size_t n, int64_t add)
{
	for (size_t i = 0; i < ITEMS_MAX; i++)
		check_in_child(common->hits[i] == (i < n), "item %zu ran %d x",
			       i, common->hits[i]);
	for (size_t i = 0; i < n; i++)
		check_in_child(out[i] == (int64_t)(i * i) + add, "item %zu", i);
	return 0;
}

/* The same call on items and on ranges. */
static int check_call(const int64_t *in, int64_t *out, size_t n,
		      const struct pool_options *options)
{
	int64_t add = options->user ? *(int64_t *)options->user : 0;

	memset(out, 0xff, n * sizeof(*out));
	clear_hits();
	check_in_child(pool_map(pool, square, in, sizeof(*in), out,
				sizeof(*out), n, options) == 0,
		       "n %zu, chunk %zu: %s", n, options->chunk, error.text);
	if (check_squares(out, n, add))
		return -1;
	memset(out, 0xff, n * sizeof(*out));
	clear_hits();
	check_in_child(pool_map_range(pool, square_range, in, sizeof(*in), out,
				      sizeof(*out), n, options) == 0,
		       "n %zu, chunk %zu: %s", n, options->chunk, error.text);
	return check_squares(out, n, add);
}

static int check_sizes(unsigned flags, unsigned workers)
{
	static const size_t sizes[] = {0, 1, 2, 3, 5, 97, 4999, ITEMS_MAX};
	static const size_t chunks[] = {0, 1, 2, 7, 5000, SIZE_MAX};
	static int64_t own_in[ITEMS_MAX], own_out[ITEMS_MAX];
	int64_t add = 5, *in, *out;

	check_open(flags, workers);
	in = pool_alloc(pool, ITEMS_MAX, sizeof(*in));
	out = pool_alloc(pool, ITEMS_MAX, sizeof(*out));
	check_in_child(in && out, "%s", strerror(errno));
	for (size_t i = 0; i < ITEMS_MAX; i++)
		own_in[i] = in[i] = (int64_t)i;
	for (size_t s = 0; s < COUNT(sizes); s++)
		for (size_t c = 0; c < COUNT(chunks); c++) {
			struct pool_options options = {.chunk = chunks[c],
						       .error = &error};

			if (check_call(in, out, sizes[s], &options))
				return -1;
			options.user = &add;
			options.user_size = sizeof(add);
			if (check_call(own_in, own_out, sizes[s], &options) ||
			    check_call(in, in, 0, &options))
				return -1;
		}
	check_close();
	return 0;
}

static void a_map_equals_its_loop(void **state)
{
	static const unsigned counts[] = {0, 1, 2, 5, 13};

	(void)state;
	for (size_t i = 0; i < COUNT(counts); i++)
		in_all_kinds("sizes", check_sizes, counts[i]);
}

static int widen(void *user, size_t index, const void *in, void *out)
{
	(void)user;
	memset(out, *(const char *)in + (int)index, sizeof(struct wide));
	return 0;
}

/* Odd sizes, and no input or no output at all. */
static int check_elements(unsigned flags, unsigned workers)
{
	const struct pool_options options = {.chunk = 2, .error = &error};
	char in[7][3] = {{1}, {2}, {3}, {4}, {5}, {6}, {7}};
	struct wide out[8] = {{{0}}};

	check_open(flags, workers);
	check_in_child(pool_map(pool, widen, in, 3, out, sizeof(*out), 7,
				&options) == 0,
		       "%s", error.text);
	for (int i = 0; i < 7; i++)
		for (size_t b = 0; b < sizeof(*out); b++)
			check_in_child(out[i].bytes[b] == 1 + 2 * i, "%d", i);
	check_in_child(out[7].bytes[0] == 0, "it wrote behind the end");
	check_close();
	return 0;
}

static int count_only(void *user, size_t index, const void *in, void *out)
{
	(void)user;
	common->hits[index]++;
	return in || out;
}

static int check_no_arrays(unsigned flags, unsigned workers)
{
	const struct pool_options options = {.error = &error};

	check_open(flags, workers);
	check_in_child(pool_map(pool, count_only, NULL, 0, NULL, 0, MANY,
				&options) == 0,
		       "%s", error.text);
	for (int i = 0; i < MANY; i++)
		check_in_child(common->hits[i] == 1, "%d", i);
	check_close();
	return 0;
}

static void elements_have_any_size(void **state)
{
	(void)state;
	in_all_kinds("elements", check_elements, 3);
	in_all_kinds("no arrays", check_no_arrays, 3);
}

static int bump(void *user, size_t index, const void *in, void *out)
{
	(void)index, (void)in, (void)out;
	atomic_fetch_add((_Atomic int64_t *)user, 1);
	return 0;
}

/* Copies are counted, and memory of pool_alloc() is not copied. */
static int check_copies(unsigned flags, unsigned workers)
{
	int64_t in[100] = {0}, out[100], add = 0, *shared;
	struct pool_options options = {
		.user = &add, .user_size = sizeof(add), .error = &error};
	uint64_t expected =
		flags & POOL_THREADS ? 0 : sizeof(in) + sizeof(out) + 8;

	check_open(flags, workers);
	check_in_child(pool_workers(pool) == workers, "%u", pool_workers(pool));
	check_in_child(pool_map(pool, square, in, 8, out, 8, 100, &options) ==
			       0,
		       "%s", error.text);
	check_in_child(pool_copied(pool) == expected, "%llu",
		       (unsigned long long)pool_copied(pool));
	shared = pool_alloc(pool, 101, 8);
	memset(shared, 0, 808);
	options.user = shared + 100;
	options.user_size = 0;
	check_in_child(pool_map(pool, square, shared, 8, shared, 8, 100,
				&options) == 0 &&
			       pool_map(pool, bump, NULL, 0, NULL, 0, MANY,
					&options) == 0,
		       "%s", error.text);
	check_in_child(pool_copied(pool) == expected && shared[100] == MANY,
		       "%llu, %lld", (unsigned long long)pool_copied(pool),
		       (long long)shared[100]);
	check_close();
	return 0;
}

static void copies_are_counted(void **state)
{
	(void)state;
	in_all_kinds("copies", check_copies, 2);
}

/* ------------------------------------------------------- memory */

static int check_memory(unsigned flags, unsigned workers)
{
	char *blocks[MANY], *again;

	check_open(flags, workers);
	for (int i = 0; i < MANY; i++) {
		blocks[i] = pool_alloc(pool, 1 + (size_t)i * 1000, 1);
		check_in_child(blocks[i] && (uintptr_t)blocks[i] % 64 == 0,
			       "block %d", i);
		memset(blocks[i], i, 1 + (size_t)i * 1000);
	}
	for (int i = 0; i < MANY; i++)
		check_in_child(blocks[i][0] == i && blocks[i][i * 1000] == i,
			       "block %d was overwritten", i);
	check_in_child(pool_free(pool, blocks[3] + 1) == -EINVAL, "inside");
	check_in_child(pool_free(pool, &pool) == -EINVAL, "elsewhere");
	check_in_child(pool_free(pool, NULL) == 0, "NULL");
	for (int i = 0; i < MANY; i += 2)
		check_in_child(pool_free(pool, blocks[i]) == 0, "%d", i);
	check_in_child(pool_free(pool, blocks[0]) == -EINVAL, "twice");
	for (int i = 1; i < MANY; i += 2)
		check_in_child(pool_free(pool, blocks[i]) == 0, "%d", i);
	/* All in one piece again. */
	again = pool_alloc(pool, MANY * 1000, 10);
	check_in_child(again == blocks[0], "%p is not %p", (void *)again,
		       (void *)blocks[0]);
	check_close();
	return 0;
}

static int check_too_much(unsigned flags, unsigned workers)
{
	const struct rlimit limit = {1 << 20, RLIM_INFINITY};
	char *rest;

	check_open(flags, workers);
	check_in_child(!pool_alloc(pool, SIZE_MAX / 2, 3) && errno == EOVERFLOW,
		       "overflow");
	check_in_child(!pool_alloc(pool, 0, 8) && errno == EINVAL, "none");
	check_in_child(!pool_alloc(pool, 1, (size_t)1 << 46) && errno == ENOMEM,
		       "all addresses");
	/* More than there is, since other programs use some of it. */
	check_in_child(!pool_alloc(pool, (size_t)sysconf(_SC_PHYS_PAGES),
				   (size_t)sysconf(_SC_PAGESIZE)) &&
			       errno == ENOMEM,
		       "all memory");
	check_in_child(pool_alloc(pool, 1, 1 << 22), "four MiB: %s",
		       strerror(errno));
	check_close();
	/* A limit on file sizes does not kill the caller. */
	check_in_child(setrlimit(RLIMIT_FSIZE, &limit) == 0, "limit");
	check_open(flags, workers);
	check_in_child(!pool_alloc(pool, 1, 1 << 22) && errno == ENOMEM,
		       "beyond ulimit -f");
	rest = pool_alloc(pool, 1, 1 << 19);
	check_in_child(rest, "below ulimit -f: %s", strerror(errno));
	memset(rest, 1, 1 << 19);
	check_close();
	return 0;
}

/* Sanitizers reserve more addresses than any limit here allows. */
#if !defined(__SANITIZE_ADDRESS__)
static int check_addresses(unsigned flags, unsigned workers)
{
	const struct rlimit limit = {256 << 20, RLIM_INFINITY};

	check_in_child(setrlimit(RLIMIT_AS, &limit) == 0, "limit");
	check_open(flags, workers);
	check_in_child(!pool_alloc(pool, 1, 1 << 30) && errno == ENOMEM,
		       "beyond ulimit -v");
	check_in_child(pool_alloc(pool, 1, 1 << 22), "below ulimit -v: %s",
		       strerror(errno));
	check_close();
	return 0;
}
#endif

static void memory_is_shared_out(void **state)
{
	(void)state;
	in_all_kinds("memory", check_memory, 2);
}

static void too_much_memory_is_refused(void **state)
{
	(void)state;
	in_all_kinds("too much memory", check_too_much, 2);
#if !defined(__SANITIZE_ADDRESS__)
	in_all_kinds("few addresses", check_addresses, 2);
#endif
}

/* ------------------------------------------------------- FAULTS 4 */

static int fail_at_3_and_7(void *user, size_t index, const void *in, void *out)
{
	square(user, index, in, out);
	return index == 3 || index == 7 ? -(int)index : 0;
}

static int range_fail(void *user, size_t first, size_t count, const void *in,
		      void *out)
{
	square_range(user, first, count, in, out);
	return first <= 7 && 7 < first + count ? 77 : 0;
}

static int check_task_errors(unsigned flags, unsigned workers)
{
	int64_t in[20], out[20];
	struct pool_options options = {.error = &error};

	for (int i = 0; i < 20; i++)
		in[i] = i;
	check_open(flags, workers);
	for (options.chunk = 1; options.chunk <= 4; options.chunk *= 2) {
		clear_hits();
		check_in_child(pool_map(pool, fail_at_3_and_7, in, 8, out, 8,
					20, &options) == -3,
			       "%s", error.text);
		check_in_child(error.index == 3 && error.code == -3 &&
				       strstr(error.text, "item 3 returned -3"),
			       "%zu: %s", error.index, error.text);
		/* The others were drained, ... */
		if (check_squares(out, 20, 0))
			return -1;
		/* ... and the pool goes on. */
		if (check_call(in, out, 20, &options))
			return -1;
		check_in_child(error.code == 0 && error.index == POOL_NO_ITEM,
			       "an old error is still there");
	}
	options.chunk = 4;
	check_in_child(pool_map_range(pool, range_fail, in, 8, out, 8, 20,
				      &options) == 77 &&
			       error.index == 4,
		       "%zu: %s", error.index, error.text);
	check_close();
	return 0;
}

static void the_lowest_error_of_a_task_is_told(void **state)
{
	(void)state;
	in_all_kinds("task errors", check_task_errors, 1);
	in_all_kinds("task errors", check_task_errors, 3);
}

/* ------------------------------------------------------- FAULTS 1, 2, 3 */

enum death { SEGV, ABRT, FPE, KILL, EXIT_0, EXIT_99, EXIT_DONE, DEATHS };

static const char *const death_words[DEATHS] = {
	"signal 11",	      "signal 6", "signal 8",
	"signal 9",	      "status 0", "left with status 99",
	"left with status 86"};

static int die(void *user, size_t index, const void *in, void *out)
{
	(void)in, (void)out;
	if (index != 5)
		return 0;
	switch (*(const enum death *)user) {
	case SEGV:
		return raise(SIGSEGV);
	case ABRT:
		abort();
	case FPE:
		return raise(SIGFPE);
	case KILL:
		return raise(SIGKILL);
	case EXIT_0:
		exit(0);
	default:
		_exit(*(const enum death *)user == EXIT_99 ? 99 : CHILD_DONE);
	}
}

/* The pool is broken: every call says so at once, no process is left, and
 * another pool can be opened. */
static int check_broken(unsigned flags, unsigned workers, int code)
{
	const struct pool_options options = {.error = &error};
	int64_t in[4] = {0, 1, 2, 3}, out[4];

	check_in_child(error.code == code && error.index == POOL_NO_ITEM, "%d",
		       error.code);
	check_in_child(
		pool_map(pool, square, in, 8, out, 8, 4, &options) == code &&
			pool_map(pool, square, in, 8, out, 8, 0, &options) ==
				code,
		"a broken pool goes on: %s", error.text);
	check_in_child(waitpid(-1, NULL, WNOHANG) == -1 && errno == ECHILD,
		       "a process lives on");
	check_in_child(pool_close(&pool, &error) == code && !pool, "%s",
		       error.text);
	check_open(flags, workers);
	check_in_child(pool_map(pool, square, in, 8, out, 8, 4, &options) == 0,
		       "%s", error.text);
	check_close();
	return 0;
}

static int check_death(unsigned flags, unsigned workers)
{
	for (enum death how = 0; how < DEATHS; how++) {
		const struct pool_options options = {.user = &how,
						     .user_size = sizeof(how),
						     .chunk = 1,
						     .error = &error};

		check_open(flags, workers);
		check_in_child(pool_map(pool, die, NULL, 0, NULL, 0, 20,
					&options) == -EPIPE,
			       "%s: %s", death_words[how], error.text);
		check_in_child(strstr(error.text, death_words[how]) &&
				       strstr(error.text, "worker ") &&
				       strstr(error.text, "(pid ") &&
				       strstr(error.text, "items [5, 6)"),
			       "%s: %s", death_words[how], error.text);
		if (check_broken(flags, workers, -EPIPE))
			return -1;
	}
	return 0;
}

static void a_worker_that_dies_is_named(void **state)
{
	static const unsigned counts[] = {1, 2, 5, 13};

	(void)state;
	for (size_t i = 0; i < COUNT(counts); i++)
		in_child("death", check_death, POOL_PROCESSES, counts[i]);
}

/* No task returns before all have begun, so each worker runs one item. */
static int meet(void *user, size_t index, const void *in, void *out)
{
	const struct timespec tick = {.tv_nsec = 100000};

	(void)in, (void)out;
	common->pids[index] = getpid();
	atomic_fetch_add(&common->came, 1);
	while (atomic_load(&common->came) < *(const unsigned *)user)
		nanosleep(&tick, NULL);
	return 0;
}

/* Learn the pids of all. */
static int learn_pids(unsigned workers)
{
	const struct pool_options options = {.user = &workers,
					     .user_size = sizeof(workers),
					     .chunk = 1,
					     .error = &error};

	common->came = 0;
	check_in_child(
		pool_map(pool, meet, NULL, 0, NULL, 0, workers, &options) == 0,
		"%s", error.text);
	return 0;
}

static int check_idle_death(unsigned flags, unsigned workers)
{
	const struct pool_options options = {.error = &error};
	int64_t in[4] = {0, 1, 2, 3}, out[4];
	char pid[32];

	for (unsigned dead = 1; dead <= workers; dead += workers - 1) {
		check_open(flags, workers);
		if (learn_pids(workers))
			return -1;
		for (unsigned i = 0; i < dead; i++)
			kill(common->pids[i], SIGKILL);
		check_in_child(pool_map(pool, square, in, 8, out, 8, 4,
					&options) == -EPIPE,
			       "%s", error.text);
		snprintf(pid, sizeof(pid), "(pid %d)", common->pids[0]);
		check_in_child(strstr(error.text, "signal 9") &&
				       (dead > 1 || strstr(error.text, pid)),
			       "%s", error.text);
		if (check_broken(flags, workers, -EPIPE))
			return -1;
		/* Also if the pool is closed without another call. */
		check_open(flags, workers);
		if (learn_pids(workers))
			return -1;
		for (unsigned i = 0; i < dead; i++)
			kill(common->pids[i], SIGKILL);
		check_in_child(pool_close(&pool, &error) == -EPIPE && !pool &&
				       strstr(error.text, "signal 9"),
			       "%s", error.text);
	}
	return 0;
}

static void an_idle_worker_that_dies_is_seen(void **state)
{
	(void)state;
	in_child("idle death", check_idle_death, POOL_PROCESSES, 2);
	in_child("idle death", check_idle_death, POOL_PROCESSES, 5);
	in_child("idle death", check_idle_death, POOL_PROCESSES, 13);
}

static int die_all(void *user, size_t index, const void *in, void *out)
{
	(void)user, (void)index, (void)in, (void)out;
	return raise(SIGKILL);
}

static int check_death_of_all(unsigned flags, unsigned workers)
{
	const struct pool_options options = {.chunk = 1, .error = &error};

	check_open(flags, workers);
	check_in_child(pool_map(pool, die_all, NULL, 0, NULL, 0, MANY,
				&options) == -EPIPE,
		       "%s", error.text);
	return check_broken(flags, workers, -EPIPE);
}

static void all_workers_may_die_at_once(void **state)
{
	(void)state;
	in_child("all die", check_death_of_all, POOL_PROCESSES, 1);
	in_child("all die", check_death_of_all, POOL_PROCESSES, 5);
	in_child("all die", check_death_of_all, POOL_PROCESSES, 13);
}

/* With threads, the crash of a task is that of the process. */
static int crash_beside_threads(void *user)
{
	enum death how = SEGV;
	const struct pool_options options = {.user = &how};

	(void)user;
	if (pool_open(&pool, 2, POOL_THREADS, NULL) < 0)
		return 1;
	return pool_map(pool, die, NULL, 0, NULL, 0, 20, &options);
}

static int check_isolation(unsigned flags, unsigned workers)
{
	struct process process;
	int status = 0;

	(void)flags, (void)workers;
	check_in_child(
		process_start(&process, crash_beside_threads, NULL, NULL) == 0,
		"%s", process.text);
	check_in_child(process_join(&process, 10, &status) == 0 &&
			       status == -SIGSEGV,
		       "%d: %s", status, process.text);
	return 0;
}

static int leave_thread(void *user, size_t index, const void *in, void *out)
{
	(void)user, (void)in, (void)out;
	if (index == 5)
		pthread_exit(NULL);
	return 0;
}

static int check_thread_left(unsigned flags, unsigned workers)
{
	const struct pool_options options = {.chunk = 1, .error = &error};

	check_open(flags, workers);
	check_in_child(pool_map(pool, leave_thread, NULL, 0, NULL, 0, 20,
				&options) == -EPIPE &&
			       strstr(error.text, "items [5, 6)"),
		       "%s", error.text);
	return check_broken(flags, workers, -EPIPE);
}

static void a_crash_of_a_thread_is_the_process_s(void **state)
{
	(void)state;
	in_child("isolation", check_isolation, POOL_THREADS, 2);
	in_child("pthread_exit", check_thread_left, POOL_THREADS, 3);
}

/* ------------------------------------------------------- FAULTS 6, 7 */

static int get_stuck(void *user, size_t index, const void *in, void *out)
{
	const struct timespec tick = {.tv_nsec = 1000000};

	square(user, index, in, out);
	while (index == 3 && !atomic_load(&common->go_on))
		nanosleep(&tick, NULL);
	common->said = (int)index;
	return 0;
}

static int check_endless(unsigned flags, unsigned workers)
{
	int64_t in[20], out[20] = {0};
	const struct pool_options options = {
		.chunk = 1, .timeout = 0.3, .error = &error};
	int64_t start = now_ns();

	for (int i = 0; i < 20; i++)
		in[i] = i;
	check_open(flags, workers);
	check_in_child(pool_map(pool, get_stuck, in, 8, out, 8, 20, &options) ==
			       -ETIMEDOUT,
		       "%s", error.text);
	check_in_child(now_ns() - start >= 300000000, "too early");
	check_in_child(strstr(error.text, "within 0.3 s") &&
			       strstr(error.text, "items [3, 4)"),
		       "%s", error.text);
	/* No result is written later: the late worker is dead. */
	common->said = -1;
	common->go_on = true;
	check_in_child(out[2] == 0, "half of a result");
	if (check_broken(flags, workers, -ETIMEDOUT))
		return -1;
	check_in_child(common->said == -1, "a late one went on");
	return 0;
}

static int check_stopped(unsigned flags, unsigned workers)
{
	int64_t in[20] = {0}, out[20];
	const struct pool_options options = {.timeout = 0.3, .error = &error};

	for (unsigned stopped = 1; stopped <= workers; stopped++) {
		check_open(flags, workers);
		if (learn_pids(workers))
			return -1;
		for (unsigned i = 0; i < stopped; i++)
			kill(common->pids[i], SIGSTOP);
		check_in_child(pool_map(pool, square, in, 8, out, 8, 20,
					&options) == -ETIMEDOUT,
			       "%s", error.text);
		if (check_broken(flags, workers, -ETIMEDOUT))
			return -1;
	}
	return 0;
}

/* Closing does not wait for a stopped worker either. */
static int check_close_stopped(unsigned flags, unsigned workers)
{
	check_open(flags, workers);
	if (learn_pids(workers))
		return -1;
	kill(common->pids[0], SIGSTOP);
	check_in_child(pool_close(&pool, &error) == -EPIPE && !pool &&
			       strstr(error.text, "was stopped"),
		       "%s", error.text);
	return 0;
}

/* A thread cannot be killed: its memory is kept until it has returned. */
static int check_stuck_thread(unsigned flags, unsigned workers)
{
	int64_t in[20] = {0}, out[20];
	const struct pool_options options = {
		.chunk = 1, .timeout = 0.2, .error = &error};
	int rc;

	check_open(flags, workers);
	check_in_child(pool_map(pool, get_stuck, in, 8, out, 8, 20, &options) ==
				       -ETIMEDOUT &&
			       strstr(error.text, "items [3, 4)"),
		       "%s", error.text);
	check_in_child(pool_map(pool, square, in, 8, out, 8, 20, &options) ==
			       -ETIMEDOUT,
		       "%s", error.text);
	for (int i = 0; i < 2; i++)
		check_in_child(pool_close(&pool, &error) == -EBUSY && pool &&
				       strstr(error.text, "items [3, 4)"),
			       "%s", error.text);
	common->go_on = true;
	while ((rc = pool_close(&pool, &error)) == -EBUSY)
		;
	check_in_child(rc == -ETIMEDOUT && !pool, "%d: %s", rc, error.text);
	check_open(flags, workers);
	check_close();
	return 0;
}

static int check_in_time(unsigned flags, unsigned workers)
{
	int64_t in[20] = {0}, out[20];
	struct pool_options options = {.timeout = 20, .error = &error};

	check_open(flags, workers);
	check_in_child(pool_map(pool, square, in, 8, out, 8, 20, &options) == 0,
		       "%s", error.text);
	options.timeout = -1;
	check_in_child(pool_map(pool, square, in, 8, out, 8, 20, &options) ==
			       -EINVAL,
		       "%s", error.text);
	check_close();
	check_open(flags | POOL_CALLER, workers);
	options.timeout = 1;
	check_in_child(pool_map(pool, square, in, 8, out, 8, 20, &options) ==
				       -EINVAL &&
			       strstr(error.text, "POOL_CALLER"),
		       "%s", error.text);
	check_close();
	return 0;
}

static void a_call_ends_in_time(void **state)
{
	(void)state;
	in_child("in time", check_in_time, POOL_PROCESSES, 2);
	in_child("in time", check_in_time, POOL_THREADS, 2);
	in_child("endless", check_endless, POOL_PROCESSES, 1);
	in_child("endless", check_endless, POOL_PROCESSES, 3);
	in_child("endless", check_endless, POOL_PROCESSES, 13);
	in_child("stopped", check_stopped, POOL_PROCESSES, 3);
	in_child("stopped", check_close_stopped, POOL_PROCESSES, 3);
	in_child("stuck", check_stuck_thread, POOL_THREADS, 1);
	in_child("stuck", check_stuck_thread, POOL_THREADS, 3);
	in_child("stuck", check_stuck_thread, POOL_THREADS, 13);
}

/* ------------------------------------------------------- FAULTS 8, 11, 29 */

/* The case ends without closing: its workers do, too. */
static int check_orphans(unsigned flags, unsigned workers)
{
	check_open(flags, workers);
	return learn_pids(workers);
}

/* Its workers also die if the case is killed. */
static int open_and_be_killed(void *user)
{
	const unsigned workers = *(const unsigned *)user;

	if (pool_open(&pool, workers, POOL_PROCESSES, &error) < 0 ||
	    learn_pids(workers))
		return 1;
	return raise(SIGKILL);
}

static int check_killed(unsigned flags, unsigned workers)
{
	struct process process;
	int status = 0;

	(void)flags;
	check_in_child(process_start(&process, open_and_be_killed, &workers,
				     NULL) == 0 &&
			       process_join(&process, -1, &status) == 0,
		       "%s", process.text);
	check_in_child(status == -SIGKILL, "%d", status);
	return 0;
}

static void workers_die_with_their_caller(void **state)
{
	(void)state;
	in_child("killed", check_killed, POOL_PROCESSES, 5);
	in_child("orphans", check_orphans, POOL_PROCESSES, 5);
}

static int default_signals(void *user, size_t index, const void *in, void *out)
{
	struct sigaction child, pipe_action;
	sigset_t mask;

	(void)user, (void)index, (void)in, (void)out;
	sigaction(SIGCHLD, NULL, &child);
	sigaction(SIGPIPE, NULL, &pipe_action);
	sigprocmask(SIG_BLOCK, NULL, &mask);
	return child.sa_handler != SIG_DFL ||
	       pipe_action.sa_handler != SIG_DFL || sigismember(&mask, SIGCHLD);
}

static int check_signals(unsigned ignored, unsigned workers)
{
	const struct pool_options options = {.error = &error};
	sigset_t mask;

	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&mask);
	sigaddset(&mask, SIGCHLD);
	sigprocmask(SIG_BLOCK, &mask, NULL);
	if (ignored)
		signal(SIGCHLD, SIG_IGN);
	check_open(POOL_PROCESSES, workers);
	check_in_child(pool_map(pool, default_signals, NULL, 0, NULL, 0, 20,
				&options) == 0,
		       "%s", error.text);
	check_close();
	check_open(POOL_PROCESSES, workers);
	if (learn_pids(workers))
		return -1;
	kill(common->pids[0], SIGKILL);
	check_in_child(
		pool_map(pool, default_signals, NULL, 0, NULL, 0, 20,
			 &options) == -EPIPE &&
			strstr(error.text, ignored ? "SIGCHLD" : "signal 9"),
		"%s", error.text);
	return check_broken(POOL_PROCESSES, workers, -EPIPE);
}

static void inherited_signals_do_no_harm(void **state)
{
	(void)state;
	in_child("SIGCHLD blocked", check_signals, 0, 3);
	in_child("SIGCHLD ignored", check_signals, 1, 3);
}

static int die_locked(void *user, size_t index, const void *in, void *out)
{
	(void)user, (void)in, (void)out;
	pthread_mutex_lock(&common->lock);
	if (index == 2)
		raise(SIGKILL);
	pthread_mutex_unlock(&common->lock);
	return 0;
}

static int check_locked(unsigned flags, unsigned workers)
{
	const struct pool_options options = {.chunk = 1, .error = &error};
	pthread_mutexattr_t attr;

	pthread_mutexattr_init(&attr);
	pthread_mutexattr_setpshared(&attr, PTHREAD_PROCESS_SHARED);
	pthread_mutex_init(&common->lock, &attr);
	check_open(flags, workers);
	check_in_child(pool_map(pool, die_locked, NULL, 0, NULL, 0, MANY,
				&options) == -EPIPE &&
			       strstr(error.text, "signal 9"),
		       "%s", error.text);
	return check_broken(flags, workers, -EPIPE);
}

static void a_death_with_a_lock_is_no_deadlock(void **state)
{
	(void)state;
	in_child("locked", check_locked, POOL_PROCESSES, 3);
	in_child("locked", check_locked, POOL_PROCESSES, 13);
}

/* ------------------------------------------------------- FAULTS 12, 13 */

static long pages(void)
{
	FILE *file = fopen("/proc/self/statm", "r");
	char text[128] = "0", *end = text;
	long size, resident;

	if (!file)
		return 0;
	if (!fgets(text, sizeof(text), file))
		text[0] = '\0';
	fclose(file);
	size = strtol(text, &end, 10);
	resident = strtol(end, NULL, 10);
	return size + resident;
}

static int next_file(void)
{
	int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);

	close(fd);
	return fd;
}

/* Sanitizers keep for a while what has been freed. */
#if defined(__SANITIZE_ADDRESS__)
enum { SLACK = 1 << 20 };
#else
enum { SLACK = 64 };
#endif

static int check_reopening(unsigned flags, unsigned workers)
{
	int64_t in[20] = {0}, out[20];
	long before = 0;
	int file = next_file();

	for (int i = 0; i < REOPENED; i++) {
		check_open(flags, workers);
		check_in_child(
			pool_map(pool, square, in, 8, out, 8, 20, NULL) == 0,
			"call %d", i);
		check_close();
		if (i == REOPENED / 10)
			before = pages();
	}
	check_in_child(pages() - before <= SLACK, "%ld pages more",
		       pages() - before);
	check_in_child(next_file() == file, "files are left open");
	return 0;
}

/* No file can be opened, */
static int check_failing(unsigned flags, unsigned workers)
{
	struct rlimit limit, none;
	long before = 0;

	getrlimit(RLIMIT_NOFILE, &limit);
	none = limit;
	for (int i = 0; i < REOPENED; i++) {
		none.rlim_cur = (rlim_t)next_file();
		setrlimit(RLIMIT_NOFILE, &none);
		check_in_child(pool_open(&pool, workers, flags, &error) ==
					       -EMFILE &&
				       !pool && strstr(error.text, "-n"),
			       "%s", error.text);
		setrlimit(RLIMIT_NOFILE, &limit);
		if (i == REOPENED / 10)
			before = pages();
	}
	check_in_child(pages() - before <= SLACK, "%ld pages more",
		       pages() - before);
	check_in_child(next_file() == (int)none.rlim_cur, "files are open");
	return 0;
}

/* or only the first few workers be started. */
static int check_refused(unsigned flags, unsigned workers)
{
	struct rlimit limit;
	uid_t user = 40000 + (uid_t)getpid() % 20000;
	int file = next_file();
	long before = 0;

	getrlimit(RLIMIT_NPROC, &limit);
	limit.rlim_cur = 4;
	check_in_child(setgid(user) == 0 && setuid(user) == 0 &&
			       setrlimit(RLIMIT_NPROC, &limit) == 0,
		       "%s", strerror(errno));
	for (int i = 0; i < REFUSED; i++) {
		check_in_child(pool_open(&pool, workers, flags, &error) ==
					       -EAGAIN &&
				       !pool && strstr(error.text, "ulimit -u"),
			       "%s", error.text);
		if (i == REFUSED / 10)
			before = pages();
	}
	check_in_child(pages() - before <= SLACK, "%ld pages more",
		       pages() - before);
	check_in_child(next_file() == file, "files are left open");
	check_in_child(waitpid(-1, NULL, WNOHANG) == -1 && errno == ECHILD,
		       "a process lives on");
	return 0;
}

static void opening_often_costs_nothing(void **state)
{
	(void)state;
	in_all_kinds("reopening", check_reopening, 2);
}

static void failing_to_open_often_costs_nothing(void **state)
{
	(void)state;
	in_all_kinds("no files", check_failing, 2);
	if (geteuid() == 0)
		in_all_kinds("no processes", check_refused, 9);
	else
		print_message("only root can become another user\n");
}

static void pause_for_ever(void)
{
	for (;;)
		pause();
}

/* Fork a process with this pid; 0: pids cannot be chosen here. */
static pid_t fork_as(pid_t wanted)
{
	int file = open("/proc/sys/kernel/ns_last_pid", O_WRONLY | O_CLOEXEC);
	char text[32];
	pid_t pid = 0;

	snprintf(text, sizeof(text), "%d", (int)wanted - 1);
	for (int i = 0; i < 50 && file >= 0; i++) {
		if (pwrite(file, text, strlen(text), 0) < 0)
			break;
		pid = child_fork();
		if (pid == 0)
			pause_for_ever();
		if (pid == wanted)
			break;
		kill(pid, SIGKILL);
		waitpid(pid, NULL, 0);
		pid = 0;
	}
	close(file);
	return pid;
}

/* Another process gets the pid of a worker that is dead and reaped. */
static int check_bystander(unsigned flags, unsigned workers)
{
	const struct pool_options options = {.error = &error};
	pid_t bystander;

	check_open(flags, workers);
	if (learn_pids(workers))
		return -1;
	kill(common->pids[0], SIGKILL);
	check_in_child(pool_map(pool, default_signals, NULL, 0, NULL, 0, 4,
				&options) == -EPIPE,
		       "%s", error.text);
	bystander = fork_as(common->pids[0]);
	check_in_child(pool_close(&pool, &error) == -EPIPE, "%s", error.text);
	if (bystander <= 0) {
		fprintf(stderr, "pids cannot be chosen here: not tested\n");
		return 0;
	}
	check_in_child(waitpid(bystander, NULL, WNOHANG) == 0,
		       "a bystander was killed");
	kill(bystander, SIGKILL);
	waitpid(bystander, NULL, 0);
	return 0;
}

static void who_is_reaped_is_not_killed(void **state)
{
	(void)state;
	in_child("bystander", check_bystander, POOL_PROCESSES, 2);
}

/* ------------------------------------------------------- FAULTS 16, 24 */

static int check_arguments(unsigned flags, unsigned workers)
{
	const struct pool_options options = {.error = &error};
	struct pool_options alone = {.user = &error, .error = &error};
	int64_t in[4] = {0}, out[4], *shared;
	int expected = flags & POOL_THREADS ? 0 : -EINVAL;

	check_in_child(pool_open(&pool, (unsigned)-1, flags, &error) ==
				       -EINVAL &&
			       !pool && strstr(error.text, "1024"),
		       "%s", error.text);
	check_in_child(pool_open(&pool, 1000000, flags, &error) == -EINVAL,
		       "%s", error.text);
	check_in_child(pool_open(NULL, 2, flags, &error) == -EINVAL, "NULL");
	check_open(flags, workers);
	check_in_child(pool_map(pool, NULL, in, 8, out, 8, 4, &options) ==
			       -EINVAL,
		       "%s", error.text);
	check_in_child(pool_map(pool, square, in, 0, out, 8, 4, &options) ==
				       -EINVAL &&
			       strstr(error.text, "`in`"),
		       "%s", error.text);
	check_in_child(pool_map(pool, square, in, 8, out, 0, 4, &options) ==
				       -EINVAL &&
			       strstr(error.text, "`out`"),
		       "%s", error.text);
	check_in_child(pool_map(pool, square, NULL, 8, out, 8, 4, &options) ==
			       -EINVAL,
		       "%s", error.text);
	check_in_child(pool_map(pool, square, in, 8, out, 8, SIZE_MAX / 4,
				&options) == -EOVERFLOW,
		       "%s", error.text);
	check_in_child(pool_map(pool, square, in, 8, out, 8, SIZE_MAX,
				&options) == -EOVERFLOW,
		       "%s", error.text);
	check_in_child(pool_map(pool, square, NULL, 0, NULL, 0, 0, NULL) == 0,
		       "an empty map");
	check_in_child(pool_map(pool, count_only, NULL, 0, NULL, 0, 4,
				&alone) == expected,
		       "%s", error.text);
	shared = pool_alloc(pool, 2, 8);
	if (!(flags & POOL_THREADS))
		check_in_child(pool_map(pool, square, shared, 1 << 20, out, 8,
					4, &options) == -EINVAL &&
				       strstr(error.text, "ends"),
			       "%s", error.text);
	if (check_call(in, out, 1, &options))
		return -1;
	check_close();
	return 0;
}

static int check_flags(unsigned flags, unsigned workers)
{
	check_in_child(pool_open(&pool, workers, flags, &error) == -EINVAL &&
			       !pool && strstr(error.text, "POOL_THREADS"),
		       "%s", error.text);
	return 0;
}

static void bad_arguments_are_refused(void **state)
{
	(void)state;
	in_all_kinds("arguments", check_arguments, 2);
	in_child("flags", check_flags, 0, 2);
	in_child("flags", check_flags, POOL_PROCESSES | POOL_THREADS, 2);
	in_child("flags", check_flags, POOL_PROCESSES | 64, 2);
}

static int check_no_memory(unsigned flags, unsigned workers)
{
	const struct rlimit limit = {1 << 20, RLIM_INFINITY};
	const struct pool_options options = {.error = &error};
	static int64_t large[1 << 18];
	int64_t in[4] = {0}, out[4];

	check_in_child(setrlimit(RLIMIT_FSIZE, &limit) == 0, "limit");
	check_open(flags, workers);
	check_in_child(pool_map(pool, square, large, 8, large, 8, 1 << 18,
				&options) == -ENOMEM &&
			       strstr(error.text, "`in`"),
		       "%s", error.text);
	check_in_child(pool_map(pool, square, in, 8, out, 8, 4, &options) == 0,
		       "%s", error.text);
	check_close();
	return 0;
}

static void no_memory_for_copies_is_told(void **state)
{
	(void)state;
	in_child("no memory", check_no_memory, POOL_PROCESSES, 2);
}

/* ------------------------------------------------------- FAULTS 25 */

static int misuse(void *user, size_t index, const void *in, void *out)
{
	struct pool *other;

	(void)user, (void)index, (void)in, (void)out;
	if (pool_map(pool, square, NULL, 0, NULL, 0, 4, NULL) != -EPERM)
		return 1;
	if (pool_open(&other, 1, POOL_THREADS, NULL) != -EPERM || other)
		return 2;
	if (pool_open(&other, 1, POOL_PROCESSES, NULL) != -EPERM || other)
		return 3;
	if (pool_close(&pool, NULL) != -EPERM)
		return 4;
	if (pool_alloc(pool, 1, 1) || errno != EPERM)
		return 5;
	return 0;
}

static int use_elsewhere(void *user)
{
	(void)user;
	return pool_map(pool, count_only, NULL, 0, NULL, 0, 4, NULL) ==
				       -EPERM &&
			       pool_close(&pool, NULL) == -EPERM
		       ? 0
		       : 1;
}

static int check_misuse(unsigned flags, unsigned workers)
{
	const struct pool_options options = {.chunk = 1, .error = &error};
	struct process process;
	int status = -1;

	check_open(flags, workers);
	check_in_child(pool_map(pool, misuse, NULL, 0, NULL, 0, 20, &options) ==
			       0,
		       "%s", error.text);
	if (!(flags & POOL_THREADS))
		check_in_child(
			process_start(&process, use_elsewhere, NULL, NULL) ==
					0 &&
				process_join(&process, -1, &status) == 0 &&
				status == 0,
			"%d: %s", status, process.text);
	check_close();
	check_in_child(pool_close(&pool, &error) == -EINVAL &&
			       strstr(error.text, "closed"),
		       "twice: %s", error.text);
	check_in_child(pool_close(NULL, &error) == -EINVAL, "NULL");
	check_in_child(pool_map(pool, square, NULL, 0, NULL, 0, 4, &options) ==
			       -EINVAL,
		       "%s", error.text);
	check_in_child(!pool_alloc(pool, 1, 1) && errno == EINVAL, "closed");
	check_in_child(pool_free(pool, &pool) == -EINVAL, "closed");
	return 0;
}

static int say_and_wait(void *user, size_t index, const void *in, void *out)
{
	const struct timespec tick = {.tv_nsec = 1000000};

	(void)user, (void)index, (void)in, (void)out;
	common->said = 1;
	while (!atomic_load(&common->go_on))
		nanosleep(&tick, NULL);
	return 0;
}

static void *map_in_thread(void *rc)
{
	*(int *)rc = pool_map(pool, say_and_wait, NULL, 0, NULL, 0, 4, NULL);
	return NULL;
}

static int check_two_threads(unsigned flags, unsigned workers)
{
	const struct pool_options options = {.error = &error};
	pthread_t thread;
	int rc = 1;

	check_open(flags, workers);
	common->said = 0;
	common->go_on = false;
	check_in_child(pthread_create(&thread, NULL, map_in_thread, &rc) == 0,
		       "thread");
	while (!common->said)
		;
	check_in_child(pool_map(pool, count_only, NULL, 0, NULL, 0, 4,
				&options) == -EBUSY,
		       "%s", error.text);
	check_in_child(pool_close(&pool, &error) == -EBUSY && pool, "%s",
		       error.text);
	check_in_child(!pool_alloc(pool, 1, 1) && errno == EBUSY, "memory");
	common->go_on = true;
	pthread_join(thread, NULL);
	check_in_child(rc == 0, "%d", rc);
	check_close();
	return 0;
}

static int check_threads_exist(unsigned flags, unsigned workers)
{
	struct pool *threads;

	check_open(POOL_THREADS, workers);
	threads = pool;
	check_in_child(pool_open(&pool, workers, flags, &error) == -EBUSY &&
			       !pool && strstr(error.text, "threads"),
		       "%s", error.text);
	pool = threads;
	check_close();
	return 0;
}

static void misuse_is_refused(void **state)
{
	(void)state;
	in_all_kinds("misuse", check_misuse, 3);
	in_all_kinds("two threads", check_two_threads, 2);
	in_child("threads exist", check_threads_exist, POOL_PROCESSES, 2);
}

/* ------------------------------------------------------- FAULTS 26 */

static int print_line(void *user, size_t index, const void *in, void *out)
{
	(void)user, (void)index, (void)in, (void)out;
	printf("line\n");
	return 0;
}

static void say_goodbye(void)
{
	printf("goodbye\n");
}

static void print_all(const char *path)
{
	if (!freopen(path, "w", stdout) || atexit(say_goodbye) != 0)
		_exit(1);
	printf("half ");
	if (pool_open(&pool, 3, POOL_PROCESSES, NULL) < 0 ||
	    pool_map(pool, print_line, NULL, 0, NULL, 0, 20, NULL) != 0 ||
	    pool_close(&pool, NULL) < 0)
		_exit(2);
	printf("whole\n");
	exit(CHILD_DONE);
}

static void output_comes_once(void **state)
{
	static const char line[] = "line\n", last[] = "whole\ngoodbye\n";
	char path[] = "/tmp/breakeven_test_XXXXXX", end[CHILD_END_MAX];
	char text[TEXT] = "", *at = text + strlen("half ");
	int file = mkstemp(path);
	pid_t pid;

	(void)state;
	assert_true(file >= 0);
	pid = child_fork();
	if (pid == 0)
		print_all(path);
	assert_true(child_reap(pid, end));
	assert_true(read(file, text, TEXT - 1) > 0);
	close(file);
	unlink(path);
	assert_true(strncmp(text, "half ", strlen("half ")) == 0);
	for (int i = 0; i < 20; i++, at += strlen(line))
		assert_true(strncmp(at, line, strlen(line)) == 0);
	assert_string_equal(at, last);
	assert_alone("output");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_map_equals_its_loop),
		cmocka_unit_test(elements_have_any_size),
		cmocka_unit_test(copies_are_counted),
		cmocka_unit_test(memory_is_shared_out),
		cmocka_unit_test(too_much_memory_is_refused),
		cmocka_unit_test(the_lowest_error_of_a_task_is_told),
		cmocka_unit_test(a_worker_that_dies_is_named),
		cmocka_unit_test(an_idle_worker_that_dies_is_seen),
		cmocka_unit_test(all_workers_may_die_at_once),
		cmocka_unit_test(a_crash_of_a_thread_is_the_process_s),
		cmocka_unit_test(a_call_ends_in_time),
		cmocka_unit_test(workers_die_with_their_caller),
		cmocka_unit_test(inherited_signals_do_no_harm),
		cmocka_unit_test(a_death_with_a_lock_is_no_deadlock),
		cmocka_unit_test(opening_often_costs_nothing),
		cmocka_unit_test(failing_to_open_often_costs_nothing),
		cmocka_unit_test(who_is_reaped_is_not_killed),
		cmocka_unit_test(bad_arguments_are_refused),
		cmocka_unit_test(no_memory_for_copies_is_told),
		cmocka_unit_test(misuse_is_refused),
		cmocka_unit_test(output_comes_once),
	};

	if (prepare_cases(sizeof(*common)) < 0)
		return 1;
	common = case_memory;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
