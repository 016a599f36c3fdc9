/* SPDX-License-Identifier: MIT */
/*
 * GLib's GThreadPool: a queue behind a mutex, one task for each worker's share.
 */
#include "runners/pool/bind_barrier.h"

#include <errno.h>
#include <glib.h>

struct glib_team {
	struct team *team;
	GThreadPool *pool;
	const struct job *job; /* NULL: be bound */
	struct bind_barrier barrier;
	GMutex mutex;
	GCond joined;
	unsigned missing;
};

static void glib_run_share(struct glib_team *glib, unsigned worker)
{
	struct range share;

	if (!glib->job) {
		bind_barrier_wait(&glib->barrier, worker);
		return;
	}
	share = plan_share(&glib->job->plan, glib->team->workers, worker);
	job_run(glib->job, share.begin, share.end);
}

static void glib_task(gpointer worker, gpointer arg)
{
	struct glib_team *glib = arg;

	glib_run_share(glib, GPOINTER_TO_UINT(worker));
	g_mutex_lock(&glib->mutex);
	if (--glib->missing == 0)
		g_cond_signal(&glib->joined);
	g_mutex_unlock(&glib->mutex);
}

static int glib_call(struct glib_team *glib, const struct job *job)
{
	unsigned workers = glib->team->workers;

	glib->job = job;
	glib->missing = workers - 1;
	/* Worker 0 is the caller; the queue would not take it, as a NULL. */
	for (unsigned worker = 1; worker < workers; worker++)
		if (!g_thread_pool_push(glib->pool, GUINT_TO_POINTER(worker),
					NULL))
			return team_fail(glib->team, -EAGAIN,
					 "a task was refused");
	glib_run_share(glib, 0);
	g_mutex_lock(&glib->mutex);
	while (glib->missing > 0)
		g_cond_wait(&glib->joined, &glib->mutex);
	g_mutex_unlock(&glib->mutex);
	return 0;
}

static int glib_close(struct team *team)
{
	struct glib_team *glib = team->state;

	if (glib->pool)
		g_thread_pool_free(glib->pool, FALSE, TRUE);
	g_mutex_clear(&glib->mutex);
	g_cond_clear(&glib->joined);
	g_free(glib);
	team->state = NULL;
	return 0;
}

static int glib_open(struct team *team)
{
	struct glib_team *glib = g_new0(struct glib_team, 1);
	GError *error = NULL;
	int rc = 0;

	glib->team = team;
	glib->barrier.team = team;
	g_mutex_init(&glib->mutex);
	g_cond_init(&glib->joined);
	team->state = glib;
	if (team->workers > 1)
		glib->pool = g_thread_pool_new(
			glib_task, glib, (gint)team->workers - 1, TRUE, &error);
	if (error) {
		rc = team_fail(team, -EAGAIN, "no pool of %u threads: %s",
			       team->workers, error->message);
		g_error_free(error);
	}
	if (rc == 0)
		rc = glib_call(glib, NULL);
	if (rc < 0)
		glib_close(team);
	return rc;
}

static int glib_dispatch(struct team *team, const struct job *job)
{
	return glib_call(team->state, job);
}

const struct runner runner_glib = {
	.abi = RUNNER_ABI,
	.name = "glib",
	.summary = "GLib's GThreadPool: a queue behind a mutex",
	.unit = UNIT_THREAD,
	.lifetime = LIFETIME_POOLED,
	.data = DATA_IN_PLACE,
	.open = glib_open,
	.dispatch = glib_dispatch,
	.close = glib_close,
};
