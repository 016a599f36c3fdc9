/* SPDX-License-Identifier: MIT */
/*
 * What a crash costs: the same task, which crashes at one item of eight, in a
 * pool of processes and in a pool of threads. The first pool loses a worker and
 * says which; its caller opens another one and goes on. The second one is gone,
 * and with it the whole process: here a child, started for that.
 */
#include <breakeven.h>

#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/resource.h>

enum { WORKERS = 4, ITEMS = 8 };

/* Crash as a null pointer does, with no handler to catch it. */
static void crash(void)
{
	signal(SIGSEGV, SIG_DFL);
	raise(SIGSEGV);
}

/* user: the item that the task crashes at. */
static int square_or_crash(void *user, size_t index, const void *in, void *out)
{
	const int64_t *x = in;
	int64_t *y = out;

	if (index == *(const size_t *)user)
		crash();
	*y = *x * *x;
	return 0;
}

/* 0: the items have their squares. */
static int map(struct pool *pool, size_t bad, struct pool_error *error)
{
	const struct pool_options options = {.user = &bad,
					     .user_size = sizeof(bad),
					     .chunk = 1,
					     .error = error};
	int64_t in[ITEMS], out[ITEMS];
	int rc;

	for (int i = 0; i < ITEMS; i++)
		in[i] = i;
	rc = pool_map(pool, square_or_crash, in, sizeof(*in), out, sizeof(*out),
		      ITEMS, &options);
	for (int i = 0; i < ITEMS && rc == 0; i++)
		rc = out[i] != (int64_t)i * i;
	return rc;
}

static int open_and_map(unsigned flags, size_t bad, struct pool_error *error)
{
	struct pool *pool;
	int rc = pool_open(&pool, WORKERS, flags, error);

	if (rc < 0)
		return rc;
	rc = map(pool, bad, error);
	pool_close(&pool, NULL);
	return rc;
}

static int crash_threads(void *user)
{
	struct pool_error error;

	(void)user;
	return open_and_map(POOL_THREADS, 5, &error) == 0 ? 0 : 1;
}

static int show_processes(void)
{
	struct pool_error error;

	if (open_and_map(POOL_PROCESSES, 5, &error) == 0)
		return 1;
	printf("processes: the pool is lost, its caller is not: %s\n",
	       error.text);
	if (open_and_map(POOL_PROCESSES, ITEMS, &error) != 0) {
		fprintf(stderr, "isolation: %s\n", error.text);
		return 1;
	}
	printf("processes: a new pool has computed all %d items\n", ITEMS);
	return 0;
}

static int show_threads(void)
{
	struct process process;
	int status = 0;

	if (process_start(&process, crash_threads, NULL, "threads") < 0 ||
	    process_join(&process, -1, &status) < 0) {
		fprintf(stderr, "isolation: %s\n", process.text);
		return 1;
	}
	printf("threads: the whole process %s, and its caller with it\n",
	       process.text);
	return status != -SIGSEGV;
}

int main(void)
{
	const struct rlimit no_core = {0, 0};

	/* Crashes on purpose are not worth a file. */
	setrlimit(RLIMIT_CORE, &no_core);
	return show_processes() || show_threads();
}
