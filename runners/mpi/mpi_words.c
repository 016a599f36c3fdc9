/* SPDX-License-Identifier: MIT */
#include "core/clock.h"
#include "runners/mpi/mpi_world.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum {
	MPI_NAP_NS = 20000,
	MPI_NAP_FAR_NS = 2000000,
	MPI_NAP_MAX_NS = 20000000,
	MPI_SILENCE_S = 900, /* a run's other hosts are measured meanwhile */
};

/* Worker 0's word to those that follow: so many calls, or one of these. */
enum { MPI_WORD_REST = 0, MPI_WORD_USED = -1, MPI_WORD_SPOIL = -2 };

/* Wait without using a CPU: the longer it takes, the longer are the naps. Those
 * on rank 0's machine are stopped and let go; the others find out that it goes
 * on after twice the time at most. */
static void mpi_sleep_until(const struct mpi_world *world, MPI_Request *request)
{
	int64_t start = now_ns();
	int done = 0;

	for (;;) {
		struct timespec nap = {.tv_nsec = world->far ? MPI_NAP_FAR_NS
							     : MPI_NAP_NS};
		int64_t waited;

		MPI_Test(request, &done, MPI_STATUS_IGNORE);
		if (done)
			return;
		waited = now_ns() - start;
		if (waited > nap.tv_nsec)
			nap.tv_nsec = waited < MPI_NAP_MAX_NS ? waited
							      : MPI_NAP_MAX_NS;
		nanosleep(&nap, NULL);
	}
}

/* A call of a rank's threads that lasts until what the rank waits for has come.
 * It lies on the stack of the rank's main thread, which calls wait(). */
struct mpi_pause {
	void (*wait)(const struct mpi_pause *pause);
	const struct mpi_world *world;
	MPI_Request *request; /* of mpi_wait_for_request() */
	int fd;		      /* of mpi_wait_for_input() */
	pthread_t caller;
	sem_t over;  /* posted for each other thread, when the wait is over */
	sem_t awake; /* posted by each of them, when it knows */
};

static void mpi_wait_for_request(const struct mpi_pause *pause)
{
	mpi_sleep_until(pause->world, pause->request);
}

static void mpi_wait_for_input(const struct mpi_pause *pause)
{
	struct pollfd input = {.fd = pause->fd, .events = POLLIN};

	while (poll(&input, 1, -1) < 0 && errno == EINTR)
		;
}

static void mpi_await(sem_t *semaphore)
{
	while (sem_wait(semaphore) < 0)
		;
}

static void mpi_pause_thread(const void *ctx, size_t begin, size_t end,
			     struct partial *partial)
{
	struct mpi_pause *pause = *(struct mpi_pause *const *)ctx;

	(void)begin, (void)end, (void)partial;
	if (!pthread_equal(pthread_self(), pause->caller)) {
		mpi_await(&pause->over);
		sem_post(&pause->awake);
		return;
	}
	pause->wait(pause);
	for (unsigned t = 1; t < pause->world->team.workers; t++)
		sem_post(&pause->over);
	/* They may wait for a CPU, and the join would poll meanwhile. */
	for (unsigned t = 1; t < pause->world->team.workers; t++)
		mpi_await(&pause->awake);
}

/* Threads would poll for a next call, some of them for milliseconds; and not
 * every rank is stopped while others are measured: none on another machine is,
 * nor rank 0 if the launcher put it into a group of its own. */
static void mpi_pause(struct mpi_world *world, struct mpi_pause pause)
{
	struct mpi_pause *at = &pause;
	struct partial unused;
	const struct job job = {
		.run = mpi_pause_thread,
		.ctx = &at,
		.partials = &unused,
		.plan = plan_make(world->team.workers, 1, world->team.workers),
	};

	pause.world = world;
	if (!world->threads) {
		pause.wait(&pause);
		return;
	}
	pause.caller = pthread_self();
	sem_init(&pause.over, 0, 0);
	sem_init(&pause.awake, 0, 0);
	mpi_run_threads(world, &job);
	sem_destroy(&pause.over);
	sem_destroy(&pause.awake);
}

static void mpi_await_input(struct team *team, int fd)
{
	mpi_pause(mpi_world(team),
		  (struct mpi_pause){.wait = mpi_wait_for_input, .fd = fd});
}

/* Rank 0 stops those that share its machine while nothing is measured: a
 * launcher may have put them in sessions of their own, where the controller
 * does not reach them by their group. */
static void mpi_signal_others(const struct mpi_world *world, int signal)
{
	for (size_t i = 0; i < world->nothers; i++)
		kill(world->others[i], signal);
}

/* A rank on another machine does not see rank 0 end if the network is cut: it
 * ends by itself when it has heard nothing for so long. */
static void mpi_be_alive(const struct mpi_world *world)
{
	if (world->far)
		alarm(MPI_SILENCE_S);
}

static int mpi_tell(struct team *team, char **text)
{
	uint64_t size = team->self == 0 ? strlen(*text) + 1 : 0;
	MPI_Request request;

	mpi_be_alive(mpi_world(team));
	mpi_signal_others(mpi_world(team), SIGCONT);
	MPI_Ibcast(&size, 1, MPI_UINT64_T, 0, MPI_COMM_WORLD, &request);
	mpi_pause(mpi_world(team),
		  (struct mpi_pause){.wait = mpi_wait_for_request,
				     .request = &request});
	MPI_Wait(&request, MPI_STATUS_IGNORE); /* at once: it is done */
	if (team->self)
		*text = mpi_take(NULL, size);
	MPI_Bcast(*text, (int)size, MPI_BYTE, 0, MPI_COMM_WORLD);
	return 0;
}

static void mpi_say(int64_t word)
{
	MPI_Bcast(&word, 1, MPI_INT64_T, 0, MPI_COMM_WORLD);
}

/* All begin at once: what telling them takes is no part of a call. */
static void mpi_expect(struct mpi_world *world, size_t count)
{
	world->announced = count;
	world->wrote = false;
	MPI_Barrier(MPI_COMM_WORLD);
}

int mpi_repeat(struct team *team, size_t count)
{
	mpi_say((int64_t)count);
	mpi_expect(mpi_world(team), count);
	return 0;
}

static void mpi_rest(struct team *team)
{
	mpi_world(team)->announced = 0;
	mpi_say(MPI_WORD_REST);
}

static int64_t mpi_report_used(const struct mpi_world *world)
{
	int64_t sum = 0;

	MPI_Reduce(&world->used, &sum, 1, MPI_INT64_T, MPI_SUM, 0,
		   MPI_COMM_WORLD);
	return sum;
}

static int64_t mpi_used_ns(struct team *team)
{
	mpi_say(MPI_WORD_USED);
	return mpi_report_used(mpi_world(team));
}

static void mpi_spoil(struct team *team)
{
	(void)team;
	mpi_say(MPI_WORD_SPOIL);
}

static int mpi_make_calls(struct mpi_world *world, size_t count,
			  const struct ranks_steps *steps)
{
	int64_t before = clock_ns(CLOCK_PROCESS_CPUTIME_ID);
	int rc = 0;

	mpi_expect(world, count);
	while (rc == 0 && world->announced > 0)
		rc = steps->call(steps->context);
	world->used += clock_ns(CLOCK_PROCESS_CPUTIME_ID) - before;
	return rc;
}

static int mpi_follow(struct team *team, const struct ranks_steps *steps)
{
	struct mpi_world *world = mpi_world(team);
	int rc = 0;

	while (rc == 0) {
		int64_t word;

		MPI_Bcast(&word, 1, MPI_INT64_T, 0, MPI_COMM_WORLD);
		mpi_be_alive(world);
		if (word == MPI_WORD_REST)
			return 0;
		if (word == MPI_WORD_USED)
			mpi_report_used(world);
		else if (word == MPI_WORD_SPOIL)
			steps->spoil(steps->context);
		else
			rc = mpi_make_calls(world, (size_t)word, steps);
	}
	return rc;
}

static int mpi_consult(struct team *team, char trouble[RANKS_TROUBLE_MAX])
{
	struct {
		int any, rank;
	} mine = {trouble[0] != '\0', (int)team->self}, first;

	MPI_Allreduce(&mine, &first, 1, MPI_2INT, MPI_MAXLOC, MPI_COMM_WORLD);
	if (first.any)
		MPI_Bcast(trouble, RANKS_TROUBLE_MAX, MPI_BYTE, first.rank,
			  MPI_COMM_WORLD);
	mpi_signal_others(mpi_world(team), SIGSTOP);
	return first.any ? first.rank : -1;
}

const struct ranks mpi_ranks = {
	.launch = mpi_launch,
	.join = mpi_join,
	.await = mpi_await_input,
	.tell = mpi_tell,
	.repeat = mpi_repeat,
	.follow = mpi_follow,
	.spoil = mpi_spoil,
	.used_ns = mpi_used_ns,
	.rest = mpi_rest,
	.consult = mpi_consult,
};
