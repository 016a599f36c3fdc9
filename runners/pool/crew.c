/* SPDX-License-Identifier: MIT */
#include "runners/pool/crew.h"

#include "core/clock.h"
#include "runners/process/shared.h"

#include <errno.h>
#include <string.h>

/* Lies in shared memory; the gate, of varying size, comes last. */
struct crew {
	struct team *team;
	const struct birth *birth;
	size_t size;	/* bytes of this mapping */
	unsigned born;	/* workers started, the caller among them */
	int broken;	/* 0, or the error that ended the pool */
	bool dismissed; /* told to leave */
	struct deal deal;
	union worker_id *ids;

	alignas(CACHE_LINE) struct job job;	     /* of the present call */
	alignas(CACHE_LINE) struct gate_seat caller; /* nobody else's */
	struct deal_seat dealt;			     /* to the caller */
	double timeout_ns;			     /* 0: none */
	int64_t waiting_since;			     /* where there is one */
	struct gate gate;
};

union worker_id *crew_worker_id(struct crew *crew, unsigned worker)
{
	return &crew->ids[worker];
}

struct team *crew_team(const struct crew *crew)
{
	return crew->team;
}

int crew_lost(struct crew *crew, unsigned worker, pid_t pid, const char *end)
{
	unsigned aside = crew->birth->aside;
	struct range share =
		plan_share(&crew->job.plan, crew->deal.workers, worker - aside);

	if (crew->deal.schedule != DEAL_STATIC || crew->deal.chunk > 0)
		return team_fail(crew->team, -EPIPE,
				 "worker %u (pid %d) %s while it took part in "
				 "a call of %zu tiles",
				 worker, (int)pid, end, crew->job.plan.tiles);
	return team_fail(crew->team, -EPIPE,
			 "worker %u (pid %d) %s while it held tiles [%zu, %zu)",
			 worker, (int)pid, end, share.begin, share.end);
}

void crew_work(struct crew *crew, unsigned worker)
{
	struct gate_seat seat = gate_sit(&crew->gate, worker);
	struct deal_seat dealt = {.worker = worker - crew->birth->aside};
	const struct job *job;

	team_bind(crew->team, worker);
	/* The first release is empty: its join is the check-in. */
	while ((job = gate_await(&seat)) != NULL) {
		deal_run(&crew->deal, job, &dealt, seat.seen);
		gate_arrive(&seat);
	}
}

static int crew_late(struct crew *crew)
{
	unsigned worker = gate_missing(&crew->caller);
	struct range share = plan_share(&crew->job.plan, crew->deal.workers,
					worker - crew->birth->aside);

	if (worker == 0)
		return 0; /* they have all come by now */
	return team_fail(crew->team, -ETIMEDOUT,
			 "worker %u (pid %d) has not arrived within %g s "
			 "(stopped?); to begin with, it held tiles [%zu, %zu)",
			 worker, (int)crew->ids[worker].pid,
			 crew->timeout_ns * 1e-9, share.begin, share.end);
}

/* Whoever is missing may wait for somebody else, who died. */
static int crew_watch(void *arg)
{
	struct crew *crew = arg;

	for (unsigned worker = 1; worker < crew->born; worker++) {
		int rc = crew->birth->watch(crew, worker);

		if (rc < 0)
			return rc;
	}
	if (crew->timeout_ns > 0 &&
	    (double)(now_ns() - crew->waiting_since) > crew->timeout_ns)
		return crew_late(crew);
	return 0;
}

static int crew_join(struct crew *crew)
{
	int rc;

	if (crew->timeout_ns > 0)
		crew->waiting_since = now_ns();
	rc = gate_join(&crew->caller, crew->birth->watch ? crew_watch : NULL,
		       crew);

	if (rc < 0)
		crew->broken = rc;
	return rc;
}

int crew_dispatch(struct team *team, const struct job *job)
{
	struct crew *crew = team->state;

	if (crew->broken)
		return crew->broken;
	/* The workers read this copy, which lies in shared memory. While the
	 * same job comes again, its lines stay in their caches unwritten. */
	if (memcmp(&crew->job, job, sizeof(*job)) != 0)
		crew->job = *job;
	gate_release(&crew->caller, &crew->job);
	if (!crew->birth->aside)
		deal_run(&crew->deal, &crew->job, &crew->dealt,
			 crew->caller.seen);
	return crew_join(crew);
}

static void crew_free(struct crew *crew)
{
	unsigned workers = crew->team->workers;

	if (crew->ids)
		shared_free(crew->ids, workers * sizeof(*crew->ids));
	if (crew->deal.hands)
		shared_free(crew->deal.hands,
			    workers * sizeof(*crew->deal.hands));
	shared_free(crew, crew->size);
}

/* Processes of a broken crew are killed instead. Threads cannot be; who is
 * not stuck goes. */
static void crew_dismiss(struct crew *crew)
{
	if (crew->dismissed || (crew->broken && crew->birth->processes))
		return;
	crew->dismissed = true;
	gate_release(&crew->caller, NULL);
}

/*
 * End and bury all who were born. The first bad end counts, and from there on
 * everybody is killed: who died may have led others, who still wait for him.
 */
static int crew_bury(struct crew *crew)
{
	struct team *team = crew->team;
	int result = crew->broken, left = 0;

	crew_dismiss(crew);
	for (unsigned worker = 1; worker < crew->born; worker++) {
		int rc = crew->birth->bury(team, crew, worker, result < 0);

		if (rc == -EBUSY)
			left = rc;
		else if (rc < 0 && result == 0)
			result = rc;
	}
	if (left < 0)
		return left;
	team->state = NULL;
	crew_free(crew);
	return result;
}

static int crew_check_in(struct crew *crew)
{
	crew->job = (struct job){.plan = {.tiles = 0}};
	gate_release(&crew->caller, &crew->job);
	return crew_join(crew);
}

static struct crew *crew_new(struct team *team, const struct birth *birth)
{
	const union option_value *options = team->options;
	size_t size = sizeof(struct crew) + gate_size(team->workers);
	struct crew *crew = shared_alloc(size);

	if (!crew)
		return NULL;
	crew->team = team;
	crew->birth = birth;
	crew->size = size;
	crew->born = 1;
	if (birth->processes)
		crew->timeout_ns = options[CREW_TIMEOUT].real * 1e9;
	crew->deal = (struct deal){
		.schedule = (enum deal_schedule)options[CREW_SCHEDULE].choice,
		.chunk = (size_t)options[CREW_CHUNK].count,
		.workers = team->workers - birth->aside,
		.hands = shared_alloc(team->workers * sizeof(struct deal_hand)),
	};
	crew->ids = shared_alloc(team->workers * sizeof(*crew->ids));
	if (!crew->deal.hands || !crew->ids) {
		crew_free(crew);
		return NULL;
	}
	gate_init(&crew->gate, team->workers,
		  (enum gate_wait)options[CREW_WAIT].choice, birth->processes,
		  team->crowded);
	crew->caller = gate_sit(&crew->gate, 0);
	team->control = size + team->workers * (sizeof(struct deal_hand) +
						sizeof(*crew->ids));
	return crew;
}

int crew_open(struct team *team, const struct birth *birth)
{
	struct crew *crew = crew_new(team, birth);
	int rc;

	if (!crew)
		return team_fail(team, -ENOMEM,
				 "no shared memory for a pool of %u workers",
				 team->workers);
	team->state = crew;
	for (; crew->born < team->workers; crew->born++) {
		rc = birth->start(team, crew, crew->born);
		if (rc < 0)
			goto undo;
	}
	team_bind(team, 0);
	rc = crew_check_in(crew);
	if (rc < 0)
		goto undo;
	return 0;
undo:
	/* Those born wait at the gate, all alive: they can be let go. */
	crew_bury(crew);
	return rc;
}

int crew_close(struct team *team)
{
	return crew_bury(team->state);
}
