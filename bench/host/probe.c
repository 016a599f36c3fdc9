/* SPDX-License-Identifier: MIT */
#include "bench/host/probe.h"

#include "core/clock.h"
#include "core/relax.h"
#include "core/step.h"
#include "core/tile.h"
#include "runners/process/shm.h"
#include "stats/stats.h"
#include "system/child.h"
#include "system/child_fork.h"

#include <errno.h>
#include <math.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

enum {
	BATCHES = 9,
	TRIPS = 20,
	PATIENCE = 1 << 22,
	STEPS = 50000,
	LONG_WAIT = 1 << 13, /* looks */
	RETRIES = 2,
};

/* A timer's tick takes tens of microseconds of some readings, a thousand times
 * a second on some virtual machines, and is no load. A reading that is so many
 * times slower than the fastest is taken again; one that is slower still is
 * not, since another process, which keeps a CPU for longer, must have run. */
#define TICK_LEAST 1.1
#define TICK_MOST  3.0

enum task { TASK_MOVE, TASK_TRIPS, TASK_WORK };

/* By process, the caller's first. */
struct probe_seat {
	alignas(2 * CACHE_LINE) _Atomic uint32_t done; /* its last task */
	int cpu;
	double ns;
	pid_t pid;
};

struct probe {
	alignas(CACHE_LINE) _Atomic uint32_t ball; /* odd: theirs, even: ours */
	alignas(2 * CACHE_LINE) _Atomic uint32_t task; /* counts them */
	enum task what;
	unsigned working; /* seats below it take part */
	int relaxes;	  /* between two looks at the ball */
	const struct topology *topology;
	double fastest_ns; /* of all readings, working together */
	unsigned count;
	struct probe_seat seats[PROBE_CPUS_MAX];
};

/* Pause between two looks, after `looks` in vain. After LONG_WAIT looks, some
 * 10 us, the other process is not running: it may wait for our CPU, or for a
 * CPU whose other user waits for ours. */
static inline void probe_relax(long looks, int turns)
{
	if (looks % LONG_WAIT == 0)
		sched_yield();
	for (int i = 0; i < turns; i++)
		cpu_relax();
}

/* ------------------------------------------------------------- children */

static void probe_look_for(const _Atomic uint32_t *word, uint32_t value,
			   int relaxes)
{
	for (long looks = 1;
	     atomic_load_explicit(word, memory_order_acquire) != value; looks++)
		probe_relax(looks, relaxes);
}

static void probe_answer_trips(struct probe *probe)
{
	uint32_t ball =
		atomic_load_explicit(&probe->ball, memory_order_relaxed) & ~1U;

	for (int i = 0; i < BATCHES * TRIPS; i++, ball += 2) {
		probe_look_for(&probe->ball, ball + 1, probe->relaxes);
		atomic_store_explicit(&probe->ball, ball + 2,
				      memory_order_release);
	}
}

static double probe_work(void)
{
	int64_t start = now_ns();
	volatile uint64_t sink = step_chain((uint64_t)start, STEPS);

	(void)sink;
	step_fence();
	return (double)(now_ns() - start);
}

static void probe_serve(struct probe *probe, struct probe_seat *seat,
			unsigned index)
{
	int bound = -1;

	for (uint32_t task = 1;; task++) {
		probe_look_for(&probe->task, task, 0);
		if (index < probe->working && bound != seat->cpu) {
			topology_bind(probe->topology, seat->cpu);
			bound = seat->cpu;
		}
		if (probe->what == TASK_WORK && index < probe->working)
			seat->ns = probe_work();
		if (probe->what == TASK_TRIPS && index == 1)
			probe_answer_trips(probe);
		atomic_store_explicit(&seat->done, task, memory_order_release);
	}
}

/* ------------------------------------------------------------- caller */

static int probe_start_child(struct probe *probe, unsigned index)
{
	pid_t pid = child_fork();

	if (pid < 0)
		return pid;
	if (pid == 0)
		probe_serve(probe, &probe->seats[index], index);
	probe->seats[index].pid = pid;
	return 0;
}

struct probe *probe_open(const struct topology *topology, const int *cpus,
			 unsigned count)
{
	struct probe *probe = shm_alloc(sizeof(*probe));
	int rc = 0;

	if (!probe)
		return NULL;
	probe->topology = topology;
	probe->fastest_ns = INFINITY;
	topology_bind(topology, cpus[0]);
	for (unsigned i = 0; i < count && i < PROBE_CPUS_MAX; i++)
		probe->seats[i].cpu = cpus[i];
	for (probe->count = 1;
	     rc == 0 && probe->count < count && probe->count < PROBE_CPUS_MAX;
	     probe->count++)
		rc = probe_start_child(probe, probe->count);
	if (rc == 0)
		return probe;
	probe->count--;
	probe_close(probe);
	errno = -rc;
	return NULL;
}

/* Is a child gone? Asked rarely. */
static bool probe_is_alone(const struct probe *probe)
{
	for (unsigned i = 1; i < probe->count; i++)
		if (child_ended(probe->seats[i].pid))
			return true;
	return false;
}

static uint32_t probe_begin(struct probe *probe, enum task what,
			    unsigned working)
{
	uint32_t task =
		atomic_load_explicit(&probe->task, memory_order_relaxed) + 1;

	probe->what = what;
	probe->working = working;
	atomic_store_explicit(&probe->task, task, memory_order_release);
	return task;
}

/* Await that word; false when a child has died. */
static bool probe_await(const struct probe *probe, const _Atomic uint32_t *word,
			uint32_t value)
{
	for (long i = 1;
	     atomic_load_explicit(word, memory_order_acquire) != value; i++) {
		if (i % PATIENCE == 0 && probe_is_alone(probe))
			return false;
		probe_relax(i, probe->relaxes);
	}
	return true;
}

static bool probe_await_all(const struct probe *probe, uint32_t task)
{
	for (unsigned i = 1; i < probe->count; i++)
		if (!probe_await(probe, &probe->seats[i].done, task))
			return false;
	return true;
}

static bool probe_trip(struct probe *probe)
{
	uint32_t ball =
		atomic_load_explicit(&probe->ball, memory_order_relaxed);

	atomic_store_explicit(&probe->ball, ball + 1, memory_order_release);
	return probe_await(probe, &probe->ball, ball + 2);
}

/* With so many turns between two looks. */
static double probe_time_trip(struct probe *probe, int relaxes)
{
	double ns[BATCHES];
	uint32_t task;

	probe->relaxes = relaxes;
	task = probe_begin(probe, TASK_TRIPS, 2);

	for (int b = 0; b < BATCHES; b++) {
		int64_t start = now_ns();

		for (int t = 0; t < TRIPS; t++)
			if (!probe_trip(probe))
				return -1;
		ns[b] = (double)(now_ns() - start) / TRIPS;
	}
	if (!probe_await_all(probe, task))
		return -1;
	stats_sort(ns, BATCHES);
	return stats_median(ns, BATCHES);
}

/*
 * A process that polls too often takes the line away from the other, which is
 * about to write it; one that polls too rarely comes late. Which costs more
 * depends on the CPU (one turn halves the trip on one, and adds to it on
 * another), and the least that a line can take is wanted.
 */
double probe_round_trip(struct probe *probe)
{
	double eager = probe_time_trip(probe, 0);
	double relaxed = eager < 0 ? eager : probe_time_trip(probe, 1);

	probe->relaxes = 0;
	return relaxed < eager ? relaxed : eager;
}

/* Children whose CPUs change move there first, or the caller would begin alone.
 * False when one has died. */
static bool probe_take_seats(struct probe *probe, const int *cpus,
			     unsigned count)
{
	bool moved = false;

	for (unsigned i = 1; i < count && i < probe->count; i++) {
		moved = moved || probe->seats[i].cpu != cpus[i];
		probe->seats[i].cpu = cpus[i];
	}
	return !moved ||
	       probe_await_all(probe, probe_begin(probe, TASK_MOVE, count));
}

static int probe_work_together(struct probe *probe, unsigned count,
			       struct interference *interference)
{
	uint32_t task = probe_begin(probe, TASK_WORK, count);

	interference->together_ns = probe_work();
	if (!probe_await_all(probe, task))
		return -1;
	for (unsigned i = 1; i < count && i < probe->count; i++)
		if (probe->seats[i].ns > interference->together_ns)
			interference->together_ns = probe->seats[i].ns;
	interference->alone_ns = probe_work();
	return 0;
}

static bool probe_saw_tick(const struct probe *probe, double together_ns)
{
	return together_ns > TICK_LEAST * probe->fastest_ns &&
	       together_ns < TICK_MOST * probe->fastest_ns;
}

int probe_interference(struct probe *probe, const int *cpus, unsigned count,
		       struct interference *interference)
{
	struct interference again = {0, 0};
	int rc = -1;

	if (probe_take_seats(probe, cpus, count))
		rc = probe_work_together(probe, count, interference);
	for (int i = 0; rc == 0 && i < RETRIES &&
			probe_saw_tick(probe, interference->together_ns);
	     i++) {
		rc = probe_work_together(probe, count, &again);
		if (rc == 0 && again.together_ns < interference->together_ns)
			*interference = again;
	}
	if (rc == 0)
		probe->fastest_ns =
			fmin(probe->fastest_ns, interference->together_ns);
	return rc;
}

void probe_close(struct probe *probe)
{
	char end[CHILD_END_MAX];

	for (unsigned i = 1; i < probe->count; i++) {
		kill(probe->seats[i].pid, SIGKILL);
		child_reap(probe->seats[i].pid, end);
	}
	shm_free(probe, sizeof(*probe));
}
