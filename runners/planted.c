/* SPDX-License-Identifier: MIT */
/*
 * A runner whose break-even size is known: alpha steps of overhead, then only
 * the first n / speedup items, serially. Under `spin` its break-even size is
 *
 *	N* = alpha / (ops * (1 - 1 / speedup))
 *
 * A measurement that does not find it cannot be trusted elsewhere. With
 * workers=2 it does the same work on two CPUs at once, to meet the noise of a
 * parallel run.
 */
#include "core/clock.h"
#include "core/step.h"
#include "runners/pool/gate.h"
#include "runners/pool/thread.h"
#include "runners/process/shm.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

enum { PLANTED_ALPHA, PLANTED_SPEEDUP };

static const struct option_spec planted_options[] = {
	[PLANTED_ALPHA] = {.key = "alpha",
			   .type = OPTION_COUNT,
			   .fallback = "50000",
			   .min = 0,
			   .max = 1e12,
			   .help = "overhead of a call, in steps"},
	[PLANTED_SPEEDUP] = {.key = "speedup",
			     .type = OPTION_REAL,
			     .fallback = "2",
			     .min = 1,
			     .max = 1e6,
			     .help = "how many times fewer items it does"},
	{.key = NULL},
};

/* Every worker does the same work; only the caller's results are used. */
struct planted_team {
	struct team *team;
	size_t alpha; /* steps of overhead, less what starting a chain costs */
	pthread_t *threads;
	size_t size;
	alignas(CACHE_LINE) struct gate_seat caller; /* the caller's own */
	struct gate gate;
};

struct planted_worker {
	struct planted_team *planted;
	unsigned worker;
};

/* The time of one chain of `steps`, in ns. */
static double planted_time_chains(size_t steps)
{
	enum { CHAINS = 256 };
	int64_t start = now_ns();

	for (size_t i = 0; i < CHAINS; i++) {
		volatile uint64_t sink = step_chain(i, steps);

		(void)sink;
		step_fence();
	}
	return (double)(now_ns() - start) / CHAINS;
}

/* To begin a chain and to wait for its end costs as much as this many steps.
 * The shortest of a few readings counts: others may be disturbed. */
static size_t planted_measure_chain(void)
{
	enum { READINGS = 9, STEPS = 1000 };
	double none = 1e9, some = 1e9;

	for (int i = 0; i < READINGS; i++) {
		none = fmin(none, planted_time_chains(0));
		some = fmin(some, planted_time_chains(STEPS));
	}
	return some > none ? (size_t)(STEPS * none / (some - none) + 0.5) : 0;
}

static size_t planted_measure_alpha(const struct team *team)
{
	size_t alpha = (size_t)team->options[PLANTED_ALPHA].count;
	size_t chain = planted_measure_chain();

	return alpha > chain ? alpha - chain : 0;
}

/* With `scratch`, all tiles contribute to it instead of their partials. */
static void planted_run(const struct team *team, const struct job *job,
			struct partial *scratch)
{
	const struct planted_team *planted = team->state;
	size_t alpha = planted->alpha;
	double speedup = team->options[PLANTED_SPEEDUP].real;
	size_t end = (size_t)((double)job->plan.n / speedup + 0.5);
	volatile uint64_t sink = step_chain(alpha + 1, alpha);

	(void)sink;
	step_fence();
	if (end > job->plan.n)
		end = job->plan.n;
	for (size_t t = 0; t < job->plan.tiles; t++) {
		struct range items = plan_tile(&job->plan, t);

		if (items.begin >= end)
			break;
		if (items.end > end)
			items.end = end;
		job->run(job->ctx, items.begin, items.end,
			 scratch ? scratch : job_partial(job, t));
	}
}

static void *planted_body(void *arg)
{
	struct planted_worker self = *(struct planted_worker *)arg;
	struct planted_team *planted = self.planted;
	struct partial scratch[PARTIAL_WIDTH_MAX] = {0};
	struct gate_seat seat = gate_sit(&planted->gate, self.worker);
	const struct job *job;

	free(arg);
	team_bind(planted->team, self.worker);
	while ((job = gate_await(&seat)) != NULL) {
		planted_run(planted->team, job, scratch);
		gate_arrive(&seat);
	}
	return NULL;
}

static int planted_start(struct planted_team *planted, unsigned worker)
{
	struct planted_worker *self = malloc(sizeof(*self));
	int rc;

	if (!self)
		return team_fail(planted->team, -ENOMEM, "out of memory");
	*self = (struct planted_worker){planted, worker};
	rc = thread_start(planted->team, worker, planted_body, self,
			  &planted->threads[worker]);
	if (rc < 0)
		free(self);
	return rc;
}

static void planted_end(struct planted_team *planted, unsigned started)
{
	gate_release(&planted->caller, NULL);
	for (unsigned worker = 1; worker < started; worker++)
		pthread_join(planted->threads[worker], NULL);
	free(planted->threads);
	planted->team->state = NULL;
	shm_free(planted, planted->size);
}

static int planted_open(struct team *team)
{
	size_t size = sizeof(struct planted_team) + gate_size(team->workers);
	struct planted_team *planted = shm_alloc(size);

	if (!planted)
		return team_fail(team, -ENOMEM, "out of memory");
	planted->team = team;
	planted->alpha = planted_measure_alpha(team);
	planted->size = size;
	planted->threads = calloc(team->workers, sizeof(pthread_t));
	gate_init(&planted->gate, team->workers, GATE_SPIN, false,
		  team->oversubscribed);
	planted->caller = gate_sit(&planted->gate, 0);
	team->state = planted;
	for (unsigned worker = 1; worker < team->workers; worker++) {
		int rc = planted->threads ? planted_start(planted, worker)
					  : -ENOMEM;

		if (rc < 0) {
			planted_end(planted, worker);
			return rc;
		}
	}
	team_bind(team, 0);
	return 0;
}

static int planted_dispatch(struct team *team, const struct job *job)
{
	struct planted_team *planted = team->state;

	gate_release(&planted->caller, job);
	planted_run(team, job, NULL);
	return gate_join(&planted->caller, NULL, NULL);
}

static int planted_close(struct team *team)
{
	planted_end(team->state, team->workers);
	return 0;
}

const struct runner runner_planted = {
	.abi = RUNNER_ABI,
	.name = "planted",
	.summary = "a known truth: alpha steps, then n / speedup items",
	.unit = UNIT_NONE,
	.lifetime = LIFETIME_POOLED,
	.data = DATA_IN_PLACE,
	.caps = RUNNER_SOLO | RUNNER_PLANTED,
	.options = planted_options,
	.open = planted_open,
	.dispatch = planted_dispatch,
	.close = planted_close,
};
