/* SPDX-License-Identifier: MIT */
#include "bench/probe.h"

#include "core/clock.h"
#include "core/tile.h"
#include "runners/team/child.h"
#include "runners/team/shared.h"
#include "stats/stats.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

enum { BATCHES = 15, TRIPS = 20, PATIENCE = 1 << 22 };

struct probe {
	alignas(CACHE_LINE) _Atomic uint32_t ball; /* odd: theirs, even: ours */
	alignas(CACHE_LINE) pid_t pid;
};

static void answer(struct probe *probe)
{
	for (uint32_t next = 1;; next += 2) {
		while (atomic_load_explicit(&probe->ball,
					    memory_order_acquire) != next)
			;
		atomic_store_explicit(&probe->ball, next + 1,
				      memory_order_release);
	}
}

struct probe *probe_open(const struct topology *topology, int here, int there)
{
	struct probe *probe = shared_alloc(sizeof(*probe));
	pid_t pid;

	if (!probe)
		return NULL;
	topology_bind(topology, here);
	pid = child_fork();
	if (pid < 0) {
		shared_free(probe, sizeof(*probe));
		errno = -pid;
		return NULL;
	}
	if (pid == 0) {
		topology_bind(topology, there);
		answer(probe);
	}
	probe->pid = pid;
	return probe;
}

/* False when the child has died. */
static bool trip(struct probe *probe)
{
	uint32_t ball =
		atomic_load_explicit(&probe->ball, memory_order_relaxed);

	atomic_store_explicit(&probe->ball, ball + 1, memory_order_release);
	for (long i = 1;; i++) {
		if (atomic_load_explicit(&probe->ball, memory_order_acquire) ==
		    ball + 2)
			return true;
		if (i % PATIENCE == 0 && child_ended(probe->pid))
			return false;
	}
}

double probe_round_trip(struct probe *probe)
{
	double ns[BATCHES];

	for (int b = 0; b < BATCHES; b++) {
		int64_t start = now_ns();

		for (int t = 0; t < TRIPS; t++)
			if (!trip(probe))
				return -1;
		ns[b] = (double)(now_ns() - start) / TRIPS;
	}
	stats_sort(ns, BATCHES);
	return stats_median(ns, BATCHES);
}

void probe_close(struct probe *probe)
{
	char end[CHILD_END_MAX];

	kill(probe->pid, SIGKILL);
	child_reap(probe->pid, end);
	shared_free(probe, sizeof(*probe));
}
