/* SPDX-License-Identifier: MIT */
#include "bench/engine/worker_count.h"

#include "system/quota.h"

#include <stdio.h>
#include <string.h>

/* CPUs of which `bench` uses all by default. */
enum { WORKERS_ALL = 4 };

unsigned worker_count_cap(unsigned asked, unsigned cpus, bool oversubscribe,
			  char text[WORKER_COUNT_TEXT_MAX])
{
	unsigned taken = asked > cpus && !oversubscribe ? cpus : asked;
	int length = 0;

	text[0] = '\0';
	if (asked <= cpus)
		return asked;
	length = snprintf(text, WORKER_COUNT_TEXT_MAX,
			  "%u workers asked for, more than the %u CPU%s that "
			  "we may use: ",
			  asked, cpus, cpus == 1 ? "" : "s");
	if (taken < asked)
		snprintf(text + length, WORKER_COUNT_TEXT_MAX - (size_t)length,
			 "capped to %u", taken);
	else
		snprintf(text + length, WORKER_COUNT_TEXT_MAX - (size_t)length,
			 "they take turns");
	return taken;
}

unsigned worker_count_default(const struct topology *topology,
			      void (*notice)(const char *text))
{
	char warning[256] = "", text[WORKER_COUNT_TEXT_MAX];
	unsigned cpus = topology_order(topology, PIN_NONE, NULL, 0);
	unsigned workers;
	double quota;

	/* A quota is this machine's. */
	if (!topology_is_here(topology))
		return cpus;
	quota = quota_cpus("", warning, sizeof(warning));
	workers = quota_workers(quota, cpus);
	if (warning[0])
		notice(warning);
	snprintf(text, sizeof(text),
		 "a control group grants %.4g of %u CPUs: %u worker%s unless "
		 "--workers says otherwise",
		 quota, cpus, workers, workers == 1 ? "" : "s");
	if (workers < cpus)
		notice(text);
	return workers;
}

static void worker_count_add(struct worker_counts *counts, unsigned workers)
{
	size_t at = counts->count;

	if (counts->count == WORKER_COUNTS_MAX)
		return;
	while (at > 0 && counts->at[at - 1] > workers)
		at--;
	if (at > 0 && counts->at[at - 1] == workers)
		return;
	memmove(&counts->at[at + 1], &counts->at[at],
		(counts->count - at) * sizeof(*counts->at));
	counts->at[at] = workers;
	counts->count++;
}

void worker_count_all(const struct topology *topology,
		      void (*notice)(const char *text),
		      struct worker_counts *counts)
{
	counts->count = 0;
	worker_count_add(counts, worker_count_default(topology, notice));
}

static void worker_count_tell_threads(unsigned cores, unsigned threads,
				      void (*notice)(const char *text))
{
	char text[WORKER_COUNT_TEXT_MAX];

	snprintf(text, sizeof(text),
		 "%u workers at most, one for each core: for hardware threads, "
		 "too, say --workers %u",
		 cores, threads);
	notice(text);
}

/* How many steps of the topology there are, and which of them is that of all
 * cores. */
static unsigned worker_count_find_cores(const struct worker_step *steps,
					unsigned count, unsigned most)
{
	unsigned cores = most;

	for (unsigned i = 0; i < count; i++)
		if (strcmp(steps[i].reach, WORKER_STEP_CORES) == 0 &&
		    steps[i].workers < most)
			cores = steps[i].workers;
	return cores;
}

void worker_count_few(const struct topology *topology,
		      void (*notice)(const char *text),
		      struct worker_counts *counts)
{
	unsigned most = worker_count_default(topology, notice);
	struct worker_step steps[WORKER_STEPS_MAX];
	unsigned nsteps = topology_steps(topology, steps);
	unsigned cores = worker_count_find_cores(steps, nsteps, most);

	counts->count = 0;
	if (most <= WORKERS_ALL) {
		worker_count_add(counts, most);
		return;
	}
	worker_count_add(counts, 2);
	if (nsteps > 1 && steps[1].workers < cores)
		worker_count_add(counts, steps[1].workers);
	worker_count_add(counts, cores);
	if (cores < most)
		worker_count_tell_threads(cores, most, notice);
}

void worker_count_many(const struct topology *topology,
		       void (*notice)(const char *text),
		       struct worker_counts *counts)
{
	unsigned most = worker_count_default(topology, notice);
	struct worker_step steps[WORKER_STEPS_MAX];
	unsigned nsteps = topology_steps(topology, steps);

	counts->count = 0;
	worker_count_add(counts, 1);
	worker_count_add(counts, most);
	for (unsigned i = 0; i < nsteps; i++)
		if (steps[i].workers < most)
			worker_count_add(counts, steps[i].workers);
	for (unsigned workers = 2; workers < most; workers *= 2)
		worker_count_add(counts, workers);
	if (most == 1)
		notice("there is one CPU that we may use, so more workers gain "
		       "nothing: --workers and --oversubscribe show what they "
		       "cost");
}
