/* SPDX-License-Identifier: MIT */
#include "bench/lab/demos.h"

#include "core/clock.h"
#include "stats/stats.h"
#include "system/child.h"
#include "system/child_fork.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

enum { CHILDREN = 5 };

/* What children leave for their parent, in memory that all share. */
struct demo_board {
	atomic_int count;
	pid_t pids[CHILDREN];
};

static struct demo_board *board_new(void)
{
	struct demo_board *board =
		mmap(NULL, sizeof(*board), PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	return board == MAP_FAILED ? NULL : board;
}

/* ------------------------------------------------------------- children */

/* Five children write down their process IDs, as the article's five print
 * theirs. How many different ones are there, with the parent's? */
static int demo_children(struct demo_value *values)
{
	struct demo_board *board = board_new();
	pid_t seen[CHILDREN + 1] = {getpid()};
	size_t different = 1;
	int rc = board ? 0 : -ENOMEM;

	for (int i = 0; rc == 0 && i < CHILDREN; i++) {
		char end[CHILD_END_MAX];
		pid_t pid = child_fork();

		if (pid == 0) {
			board->pids[i] = getpid();
			_exit(CHILD_DONE);
		}
		rc = pid < 0 ? pid : child_reap(pid, end) ? 0 : -EIO;
	}
	for (int i = 0; rc == 0 && i < CHILDREN; i++) {
		bool again = false;

		for (size_t k = 0; k < different; k++)
			again |= seen[k] == board->pids[i];
		if (!again)
			seen[different++] = board->pids[i];
	}
	values[0].value = (double)different;
	if (board)
		munmap(board, sizeof(*board));
	return rc;
}

/* ------------------------------------------------------------- memory */

static atomic_int own_count; /* of each process */

static void *memory_count(void *unused)
{
	atomic_fetch_add(&own_count, 1);
	return unused;
}

/* Five workers add 1 to an ordinary variable. What does it say then? */
static int memory_ask_threads(double *count)
{
	atomic_store(&own_count, 0);
	for (int i = 0; i < CHILDREN; i++) {
		pthread_t thread;
		int rc = pthread_create(&thread, NULL, memory_count, NULL);

		if (rc)
			return -rc;
		pthread_join(thread, NULL);
	}
	*count = atomic_load(&own_count);
	return 0;
}

static int memory_ask_processes(struct demo_board *board, double *own,
				double *shared)
{
	atomic_store(&own_count, 0);
	for (int i = 0; i < CHILDREN; i++) {
		char end[CHILD_END_MAX];
		pid_t pid = child_fork();

		if (pid == 0) {
			memory_count(NULL);
			atomic_fetch_add(&board->count, 1);
			_exit(CHILD_DONE);
		}
		if (pid < 0)
			return pid;
		if (!child_reap(pid, end))
			return -EIO;
	}
	*own = atomic_load(&own_count);
	*shared = atomic_load(&board->count);
	return 0;
}

static int demo_memory(struct demo_value *values)
{
	struct demo_board *board = board_new();
	int rc = board ? memory_ask_threads(&values[0].value) : -ENOMEM;

	if (rc == 0)
		rc = memory_ask_processes(board, &values[1].value,
					  &values[2].value);
	if (board)
		munmap(board, sizeof(*board));
	return rc;
}

/* ------------------------------------------------------------- order */

enum { TERMS = 1 << 20, LANES = 8 };

static float order_term(int i)
{
	return 1.0F / (float)(i + 1);
}

/* 1 + 1/2 + 1/3 + ..., from its begin, from its end, and as two workers, or a
 * CPU with wide registers, do it. How many different sums are there, and how
 * far are they from one another, in millionths? */
static int demo_order(struct demo_value *values)
{
	volatile float up = 0, down = 0; /* so that no compiler changes it */
	volatile float lanes[LANES] = {0}, halves[2] = {0};
	float sums[4], lo, hi;
	size_t different = 0;

	for (int i = 0; i < TERMS; i++) {
		up = up + order_term(i);
		down = down + order_term(TERMS - 1 - i);
		lanes[i % LANES] = lanes[i % LANES] + order_term(i);
		halves[i >= TERMS / 2] = halves[i >= TERMS / 2] + order_term(i);
	}
	for (int i = 1; i < LANES; i++)
		lanes[0] = lanes[0] + lanes[i];
	sums[0] = lo = hi = up;
	sums[1] = down;
	sums[2] = halves[0] + halves[1];
	sums[3] = lanes[0];
	for (size_t i = 0; i < 4; i++) {
		bool again = false;

		for (size_t k = 0; k < i; k++)
			again |= sums[k] == sums[i];
		different += !again;
		lo = sums[i] < lo ? sums[i] : lo;
		hi = sums[i] > hi ? sums[i] : hi;
	}
	values[0].value = (double)different;
	values[1].value = (double)(hi - lo) / (double)hi * 1e6;
	return 0;
}

/* ------------------------------------------------------------- crash */

enum { WORKERS = 4, CRASH_S = 10 };

/* Without a file that says how it was. */
static void crash_now(void)
{
	setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
	signal(SIGSEGV, SIG_DFL);
	raise(SIGSEGV);
}

static void *crash_thread(void *board)
{
	struct demo_board *own = board;
	int mine = atomic_fetch_add(&own->count, 1);

	if (mine == 1)
		crash_now();
	for (;;)
		pause();
	return NULL;
}

/* A process with four threads, of which the second crashes. If others were left
 * long after that, they would say so; -1: there were none to begin with. */
static void crash_threads(struct demo_board *board)
{
	pthread_t threads[WORKERS];
	bool created = true;

	for (int i = 0; i < WORKERS; i++)
		created &= pthread_create(&threads[i], NULL, crash_thread,
					  board) == 0;
	if (created)
		sleep(CRASH_S);
	atomic_store(&board->count, created ? WORKERS - 1 : -1);
	_exit(CHILD_DONE);
}

static int crash_ask_threads(struct demo_board *board, double *left)
{
	char end[CHILD_END_MAX];
	pid_t pid = child_fork();

	if (pid == 0)
		crash_threads(board);
	if (pid < 0)
		return pid;
	*left = child_reap(pid, end) ? atomic_load(&board->count) : 0;
	return *left < 0 ? -EAGAIN : 0;
}

static int crash_ask_processes(double *left)
{
	char end[CHILD_END_MAX];

	*left = 0;
	for (int i = 0; i < WORKERS; i++) {
		pid_t pid = child_fork();

		if (pid < 0)
			return pid;
		if (pid == 0) {
			if (i == 1)
				crash_now();
			_exit(CHILD_DONE);
		}
		*left += child_reap(pid, end);
	}
	return 0;
}

/* One of four workers crashes. How many of them are there to go on? */
static int demo_crash(struct demo_value *values)
{
	struct demo_board *board = board_new();
	int rc = board ? crash_ask_threads(board, &values[0].value) : -ENOMEM;

	if (rc == 0)
		rc = crash_ask_processes(&values[1].value);
	if (board)
		munmap(board, sizeof(*board));
	return rc;
}

/* ------------------------------------------------------------- ruler */

enum { RUNS = 20, STEPS = 4000000 };

static double ruler_run(void)
{
	int64_t start = now_ns();

	for (volatile int i = 0; i < STEPS; i++)
		;
	return (double)(now_ns() - start);
}

/* The same work twenty times, of some milliseconds each: how far are the
 * slowest and the fastest apart, and what would be said of "before" and
 * "after", each the mean of three, that are both the same? */
static int demo_ruler(struct demo_value *values)
{
	double ns[RUNS], least = 1, most = 1;

	ruler_run();
	for (int i = 0; i < RUNS; i++)
		ns[i] = ruler_run();
	for (int i = 0; i + 6 <= RUNS; i++) {
		double ratio = (ns[i] + ns[i + 1] + ns[i + 2]) /
			       (ns[i + 3] + ns[i + 4] + ns[i + 5]);

		least = ratio < least ? ratio : least;
		most = ratio > most ? ratio : most;
	}
	values[1].value = most > 1 / least ? most : 1 / least;
	stats_sort(ns, RUNS);
	values[0].value = ns[RUNS - 1] / ns[0];
	values[2].value = ns[RUNS - 1 - RUNS / 4] / ns[RUNS / 4];
	return 0;
}

/* ------------------------------------------------------------- all */

static const struct demo demos[] = {
	{"children", demo_children, {"pids"}},
	{"memory", demo_memory, {"threads", "processes", "shared"}},
	{"order", demo_order, {"sums", "apart"}},
	{"crash", demo_crash, {"threads", "processes"}},
	{"ruler", demo_ruler, {"all", "claim", "half"}},
};

const struct demo *demo_find(const char *name)
{
	for (size_t i = 0; i < sizeof(demos) / sizeof(*demos); i++)
		if (strcmp(demos[i].name, name) == 0)
			return &demos[i];
	return NULL;
}
