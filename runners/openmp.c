/* SPDX-License-Identifier: MIT */
/*
 * #pragma omp parallel for over the tiles. Compiled with -fopenmp into a module
 * that only this runner's own host loads.
 */
#include "runners/openmp.h"

#include "runners/pool/tile_queue.h"

#include <errno.h>
#include <omp.h>
#include <stdio.h>
#include <stdlib.h>

enum { WAIT_DEFAULT, WAIT_ACTIVE, WAIT_PASSIVE };

const struct option_spec openmp_options[] = {
	[OPENMP_SCHEDULE] = TILE_QUEUE_SCHEDULE_OPTION,
	[OPENMP_WAIT] = OPENMP_WAIT_OPTION,
	[OPENMP_CHUNK] = TILE_QUEUE_CHUNK_OPTION,
	{.key = NULL},
};

/* "{0},{1},...": place i is the CPU of worker i. */
static int openmp_set_places(const struct team *team)
{
	size_t capacity = (size_t)team->workers * 16 + 1, used = 0;
	char *places = malloc(capacity);
	int rc;

	if (!places)
		return -ENOMEM;
	for (unsigned w = 0; w < team->workers; w++)
		used += (size_t)snprintf(places + used, capacity - used,
					 "%s{%d}", w ? "," : "", team->cpus[w]);
	rc = setenv("OMP_PLACES", places, 1);
	free(places);
	return rc < 0 ? -errno : 0;
}

int openmp_environment(const struct team *team)
{
	unsigned wait = team->options[OPENMP_WAIT].choice;
	char count[16];
	int rc = 0;

	snprintf(count, sizeof(count), "%u", team->workers);
	rc |= setenv("OMP_NUM_THREADS", count, 1);
	rc |= setenv("OMP_DYNAMIC", "false", 1);
	rc |= setenv("OMP_PROC_BIND", team->cpus ? "close" : "false", 1);
	if (wait != WAIT_DEFAULT)
		rc |= setenv("OMP_WAIT_POLICY",
			     wait == WAIT_ACTIVE ? "active" : "passive", 1);
	if (rc < 0)
		return -ENOMEM;
	return team->cpus ? openmp_set_places(team) : 0;
}

/* The runtime binds the threads, by OMP_PLACES; here it is only read back. */
int openmp_open(struct team *team)
{
	unsigned came = 0;

#pragma omp parallel num_threads(team->workers) reduction(+ : came)
	{
		unsigned worker = (unsigned)omp_get_thread_num();

		team->bound[worker] =
			team->cpus ? topology_bound(team->topology) : -1;
		came = 1;
	}
	if (came != team->workers)
		return team_fail(team, -EAGAIN,
				 "OpenMP started %u threads instead of %u (a "
				 "thread limit?)",
				 came, team->workers);
	return 0;
}

static void openmp_static(const struct job *job, int workers, long chunk)
{
	const long tiles = (long)job->plan.tiles;

	if (chunk == 0) {
#pragma omp parallel for num_threads(workers) schedule(static)
		for (long t = 0; t < tiles; t++)
			job_run(job, (size_t)t, (size_t)t + 1);
	} else {
#pragma omp parallel for num_threads(workers) schedule(static, chunk)
		for (long t = 0; t < tiles; t++)
			job_run(job, (size_t)t, (size_t)t + 1);
	}
}

static void openmp_dynamic(const struct job *job, int workers, long chunk)
{
	const long tiles = (long)job->plan.tiles;

#pragma omp parallel for num_threads(workers) schedule(dynamic, chunk)
	for (long t = 0; t < tiles; t++)
		job_run(job, (size_t)t, (size_t)t + 1);
}

static void openmp_guided(const struct job *job, int workers, long chunk)
{
	const long tiles = (long)job->plan.tiles;

#pragma omp parallel for num_threads(workers) schedule(guided, chunk)
	for (long t = 0; t < tiles; t++)
		job_run(job, (size_t)t, (size_t)t + 1);
}

int openmp_dispatch(struct team *team, const struct job *job)
{
	long items = team->options[OPENMP_CHUNK].count;
	long chunk = (long)plan_chunk(&job->plan, (size_t)items);
	int workers = (int)team->workers;

	switch (team->options[OPENMP_SCHEDULE].choice) {
	case TILE_QUEUE_DYNAMIC:
		openmp_dynamic(job, workers, chunk);
		break;
	case TILE_QUEUE_GUIDED:
		openmp_guided(job, workers, chunk);
		break;
	default:
		openmp_static(job, workers, items ? chunk : 0);
		break;
	}
	return 0;
}

/* The runtime keeps its threads until the process ends. */
int openmp_close(struct team *team)
{
	(void)team;
	return 0;
}

const struct runner runner_openmp = {
	OPENMP_RUNNER,
	.open = openmp_open,
	.name = "openmp",
	.summary = "an OpenMP parallel for over the tiles (libgomp)",
};
