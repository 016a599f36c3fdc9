/* SPDX-License-Identifier: MIT */
/*
 * MPI ranks, on this machine or on those that the launcher starts them on. A
 * call is a step of an SPMD program: each rank runs its share of the data that
 * it has, and all meet, by MPI_Allgather of the partials in a reduction and by
 * MPI_Barrier in a map. `data=shipped`: the data lies in rank 0, which sends
 * each its part, and gets back what it wrote. `mode=shm`: all ranks share one
 * window of memory, within one machine.
 *
 * A module that is loaded by this runner's own hosts alone, and built for one
 * MPI library, whose launcher it executes.
 */
#include "core/clock.h"
#include "runners/process/launcher.h"
#include "runners/ranks.h"
#include "runners/runner.h"
#include "system/self.h"

#include <errno.h>
#include <limits.h>
#include <mpi.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <time.h>
#include <unistd.h>

enum { OPTION_DATA, OPTION_MODE };
enum { DATA_STAYS, DATA_GOES };
enum { MODE_MESSAGES, MODE_SHM };

enum {
	NAP_NS = 20000,
	NAP_FAR_NS = 2000000,
	NAP_MAX_NS = 20000000,
	PAGE = 4096,
	SILENCE_S = 900,       /* a run's other hosts are measured meanwhile */
	MESSAGE_MAX = 1 << 30, /* bytes; MPI counts in int */
	TAG_IN = 1,
	TAG_OUT,
	TAG_HALO,
};

/* Worker 0's word to those that follow: so many calls, or one of these. */
enum { WORD_REST = 0, WORD_USED = -1, WORD_SPOIL = -2 };

/* What a worker has written in the last pass. */
struct written {
	struct span spans[SPANS_MAX];
	size_t count;
};

struct mpi {
	size_t announced; /* calls that are still to come */
	int64_t used;	  /* CPU time in calls of those that follow, in ns */
	MPI_Win window;	  /* where ranks share memory */
	MPI_Request *requests; /* of data that goes */
	size_t room, pending;
	bool far;      /* from rank 0's machine */
	bool together; /* all are on one machine */
	pid_t *others; /* in rank 0: those on this machine */
	size_t nothers;
	struct written *written; /* by worker, in kernels of several passes */
	bool wrote;		 /* in these calls */
};

static struct mpi mpi; /* there is one world */

static const struct option_spec mpi_options[] = {
	[OPTION_DATA] = {.key = "data",
			 .type = OPTION_CHOICE,
			 .choices = "resident|shipped",
			 .fallback = "resident",
			 .help = "the ranks have it, or rank 0 sends it, and "
				 "gets the results"},
	[OPTION_MODE] = {.key = "mode",
			 .type = OPTION_CHOICE,
			 .choices = "messages|shm",
			 .fallback = "messages",
			 .help = "shm: one shared window, within one machine"},
	{.key = NULL},
};

/* Memory for control structures: a rank that has none ends them all. */
static void *mpi_take(void *old, size_t bytes)
{
	void *memory = realloc(old, bytes ? bytes : 1);

	if (!memory) {
		MPI_Abort(MPI_COMM_WORLD, 1);
		abort();
	}
	return memory;
}

/* ------------------------------------------------------------- launching */

#ifdef OPEN_MPI
/* It would bind ranks itself, and counts cores, not CPUs; and ranks that it is
 * told to end would have a second for it. */
static char launcher_options[] = "--bind-to none --map-by :OVERSUBSCRIBE "
				 "--mca odls_base_sigkill_timeout 0";
#else
static char launcher_options[] = "";
#endif

/* Open MPI's starts nothing as root unless it was told twice. */
static bool mpi_root_is_refused(void)
{
#ifdef OPEN_MPI
	return geteuid() == 0 && !(getenv("OMPI_ALLOW_RUN_AS_ROOT") &&
				   getenv("OMPI_ALLOW_RUN_AS_ROOT_CONFIRM"));
#else
	return false;
#endif
}

static int mpi_launch(struct team *team, char *order)
{
	struct launcher launcher = {.count = 0};
	const char *users = getenv(LAUNCHER_VARIABLE);
	char count[16], workers[] = "-n", command[] = "host";
	char program[PATH_MAX], *line;
	int rc = self_path(program);

	if (users && !*users)
		users = NULL;
	if (rc < 0)
		return team_fail(team, rc, "our own program is not found");
	if (!users && mpi_root_is_refused())
		return team_fail(team, -ENOTSUP,
				 "Open MPI does not start ranks as root: set "
				 "OMPI_ALLOW_RUN_AS_ROOT=1 and "
				 "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1, or be "
				 "another user");
	line = strdup(users ? users : MPIEXEC);
	if (!line)
		return team_fail(team, -ENOMEM, "out of memory");
	snprintf(count, sizeof(count), "%u", team->workers);
	launcher_add_line(&launcher, line);
	if (!users)
		launcher_add_line(&launcher, launcher_options);
	launcher_add(&launcher, workers);
	launcher_add(&launcher, count);
	launcher_add(&launcher, program);
	launcher_add(&launcher, command);
	launcher_add(&launcher, order);
	rc = launcher_run(team, &launcher);
	free(line);
	return rc;
}

static int mpi_join(struct team *team, const char *token, int descriptors[2])
{
	int rank = 0, size = 0, rc = 0;

#ifdef MPICH_VERSION
	/* It would look for an address that is free in all ranks, page by page:
	 * 20 s for a window of 12 GiB. Nobody needs one. */
	setenv("MPIR_CVAR_SHM_SYMHEAP_RETRY", "0", 0);
#endif
	MPI_Init(NULL, NULL);
	MPI_Comm_rank(MPI_COMM_WORLD, &rank);
	MPI_Comm_size(MPI_COMM_WORLD, &size);
	team->self = (unsigned)rank;
	if (rank == 0)
		rc = launcher_take_over(token, descriptors, &team->began_ns);
	if ((unsigned)size != team->workers) {
		MPI_Finalize();
		return team_fail(
			team, -ENOTSUP,
			"the launcher started %d ranks instead of %u: is it "
			"that of the library, " MPIEXEC "?",
			size, team->workers);
	}
	return rc < 0 ? team_fail(team, rc,
				  "rank 0 does not reach the host that has "
				  "started it: it must run on the same machine "
				  "(%s)",
				  strerror(-rc))
		      : 0;
}

/* ------------------------------------------------------------- commands */

/* Wait without using a CPU: the longer it takes, the longer are the naps. Those
 * on rank 0's machine are stopped and let go; the others find out that it goes
 * on after twice the time at most. */
static void mpi_sleep_until(MPI_Request *request)
{
	int64_t start = now_ns();
	int done = 0;

	for (;;) {
		struct timespec nap = {.tv_nsec =
					       mpi.far ? NAP_FAR_NS : NAP_NS};
		int64_t waited;

		MPI_Test(request, &done, MPI_STATUS_IGNORE);
		if (done)
			return;
		waited = now_ns() - start;
		if (waited > nap.tv_nsec)
			nap.tv_nsec = waited < NAP_MAX_NS ? waited : NAP_MAX_NS;
		nanosleep(&nap, NULL);
	}
}

/* Rank 0 stops those that share its machine while nothing is measured: a
 * launcher may have put them in sessions of their own, where the controller
 * does not reach them by their group. */
static void mpi_signal_others(int signal)
{
	for (size_t i = 0; i < mpi.nothers; i++)
		kill(mpi.others[i], signal);
}

/* Who is on another machine does not see rank 0 end if the network is cut: it
 * ends by itself when it has heard nothing for so long. */
static void mpi_be_alive(void)
{
	if (mpi.far)
		alarm(SILENCE_S);
}

static int mpi_tell(struct team *team, char **text)
{
	uint64_t size = team->self == 0 ? strlen(*text) + 1 : 0;
	MPI_Request request;

	mpi_be_alive();
	mpi_signal_others(SIGCONT);
	MPI_Ibcast(&size, 1, MPI_UINT64_T, 0, MPI_COMM_WORLD, &request);
	mpi_sleep_until(&request);
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
static void mpi_expect(size_t count)
{
	mpi.announced = count;
	mpi.wrote = false;
	MPI_Barrier(MPI_COMM_WORLD);
}

static int mpi_repeat(struct team *team, size_t count)
{
	(void)team;
	mpi_say((int64_t)count);
	mpi_expect(count);
	return 0;
}

static void mpi_rest(struct team *team)
{
	(void)team;
	mpi.announced = 0;
	mpi_say(WORD_REST);
}

static int64_t mpi_report_used(void)
{
	int64_t sum = 0;

	MPI_Reduce(&mpi.used, &sum, 1, MPI_INT64_T, MPI_SUM, 0, MPI_COMM_WORLD);
	return sum;
}

static int64_t mpi_used_ns(struct team *team)
{
	(void)team;
	mpi_say(WORD_USED);
	return mpi_report_used();
}

static void mpi_spoil(struct team *team)
{
	(void)team;
	mpi_say(WORD_SPOIL);
}

static int mpi_make_calls(size_t count, const struct ranks_steps *steps)
{
	int64_t before = clock_ns(CLOCK_PROCESS_CPUTIME_ID);
	int rc = 0;

	mpi_expect(count);
	while (rc == 0 && mpi.announced > 0)
		rc = steps->call(steps->context);
	mpi.used += clock_ns(CLOCK_PROCESS_CPUTIME_ID) - before;
	return rc;
}

static int mpi_follow(struct team *team, const struct ranks_steps *steps)
{
	int rc = 0;

	(void)team;
	while (rc == 0) {
		int64_t word;

		MPI_Bcast(&word, 1, MPI_INT64_T, 0, MPI_COMM_WORLD);
		mpi_be_alive();
		if (word == WORD_REST)
			return 0;
		if (word == WORD_USED)
			mpi_report_used();
		else if (word == WORD_SPOIL)
			steps->spoil(steps->context);
		else
			rc = mpi_make_calls((size_t)word, steps);
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
	mpi_signal_others(SIGSTOP);
	return first.any ? first.rank : -1;
}

/* ------------------------------------------------------------- calls */

/* Where there are as many shares as ranks, all partials come in parts of one
 * size; else the first ranks have none, or more. */
static void mpi_gather_partials(const struct team *team, const struct job *job)
{
	size_t bytes = job->width * sizeof(struct partial);
	int *counts, *places;

	if (job->plan.tiles == team->workers * job->plan.each) {
		MPI_Allgather(MPI_IN_PLACE, 0, MPI_DATATYPE_NULL, job->partials,
			      (int)(job->plan.each * bytes), MPI_BYTE,
			      MPI_COMM_WORLD);
		return;
	}
	counts = mpi_take(NULL, 2 * team->workers * sizeof(*counts));
	places = counts + team->workers;
	for (unsigned w = 0; w < team->workers; w++) {
		struct range share = plan_share(&job->plan, team->workers, w);

		counts[w] = (int)((share.end - share.begin) * bytes);
		places[w] = (int)(share.begin * bytes);
	}
	MPI_Allgatherv(MPI_IN_PLACE, 0, MPI_DATATYPE_NULL, job->partials,
		       counts, places, MPI_BYTE, MPI_COMM_WORLD);
	free(counts);
}

static void mpi_meet(const struct team *team, const struct job *job)
{
	/* What is written to a window is seen behind this and a barrier. */
	if (mpi.window)
		MPI_Win_sync(mpi.window);
	if (job->width)
		mpi_gather_partials(team, job);
	else
		MPI_Barrier(MPI_COMM_WORLD);
	if (mpi.window)
		MPI_Win_sync(mpi.window);
}

/* Post what moves `size` bytes at `base` from or to a rank. */
static void mpi_post(char *base, size_t size, bool send, int rank, int tag)
{
	for (size_t at = 0; at < size; at += MESSAGE_MAX) {
		int part = (int)(size - at < MESSAGE_MAX ? size - at
							 : MESSAGE_MAX);

		if (mpi.pending == mpi.room) {
			mpi.room = 2 * mpi.room + 16;
			mpi.requests = mpi_take(mpi.requests,
						mpi.room * sizeof(MPI_Request));
		}
		if (send)
			MPI_Isend(base + at, part, MPI_BYTE, rank, tag,
				  MPI_COMM_WORLD, &mpi.requests[mpi.pending++]);
		else
			MPI_Irecv(base + at, part, MPI_BYTE, rank, tag,
				  MPI_COMM_WORLD, &mpi.requests[mpi.pending++]);
	}
}

/* What the tiles of a worker read, or write. Returns how many. */
static size_t mpi_find_spans(const struct team *team, const struct job *job,
			     unsigned worker, bool out,
			     struct span spans[SPANS_MAX])
{
	struct range tiles = plan_share(&job->plan, team->workers, worker);
	struct range items;
	size_t count, kept = 0;

	if (!job->spans || tiles.begin == tiles.end)
		return 0;
	items = job_items(job, tiles.begin, tiles.end);
	count = job->spans(job->ctx, items.begin, items.end, spans);
	for (size_t i = 0; i < count; i++)
		if (spans[i].out == out)
			spans[kept++] = spans[i];
	return kept;
}

/* Post the parts of a worker's share that go in, or come out. `send` is the
 * side that has them. */
static void mpi_post_share(const struct team *team, const struct job *job,
			   unsigned worker, bool out, bool send)
{
	struct span spans[SPANS_MAX];
	size_t count = mpi_find_spans(team, job, worker, out, spans);

	for (size_t i = 0; i < count; i++)
		mpi_post(spans[i].base, spans[i].size, send,
			 team->self ? 0 : (int)worker, out ? TAG_OUT : TAG_IN);
}

static void mpi_wait(void)
{
	MPI_Waitall((int)mpi.pending, mpi.requests, MPI_STATUSES_IGNORE);
	mpi.pending = 0;
}

static void mpi_run_share(const struct team *team, const struct job *job)
{
	struct range tiles = plan_share(&job->plan, team->workers, team->self);

	job_run(job, tiles.begin, tiles.end);
}

/* Rank 0 runs its share while the others get theirs. */
static void mpi_ship_as_first(const struct team *team, const struct job *job)
{
	for (unsigned w = 1; w < team->workers; w++)
		mpi_post_share(team, job, w, false, true);
	for (unsigned w = 1; w < team->workers; w++)
		mpi_post_share(team, job, w, true, false);
	mpi_run_share(team, job);
	mpi_wait();
}

static void mpi_ship_as_other(const struct team *team, const struct job *job)
{
	mpi_post_share(team, job, team->self, false, false);
	mpi_wait();
	mpi_run_share(team, job);
	mpi_post_share(team, job, team->self, true, true);
	mpi_wait();
}

/* Where rank data stays, a pass may read what other ranks have written in the
 * pass before, as a stencil does at the ends of its share: that is sent. All
 * ranks lay out their memory alike, so each finds out by itself what it has to
 * send and to receive. */

/* Post what both sides have in common. */
static void mpi_post_common(const struct span *reads, size_t count,
			    const struct written *written, bool send, int rank)
{
	for (size_t r = 0; r < count; r++)
		for (size_t w = 0; w < written->count; w++) {
			const struct span *wrote = &written->spans[w];
			char *begin = reads[r].base, *from = wrote->base;
			char *end = begin + reads[r].size;
			char *to = from + wrote->size;

			begin = begin > from ? begin : from;
			end = end < to ? end : to;
			if (begin < end)
				mpi_post(begin, (size_t)(end - begin), send,
					 rank, TAG_HALO);
		}
}

static void mpi_exchange_written(const struct team *team, const struct job *job)
{
	struct span ours[SPANS_MAX], theirs[SPANS_MAX];
	size_t count = mpi_find_spans(team, job, team->self, false, ours);

	for (unsigned w = 0; w < team->workers; w++) {
		size_t reads;

		if (w == team->self)
			continue;
		reads = mpi_find_spans(team, job, w, false, theirs);
		mpi_post_common(ours, count, &mpi.written[w], false, (int)w);
		mpi_post_common(theirs, reads, &mpi.written[team->self], true,
				(int)w);
	}
	mpi_wait();
}

static void mpi_note_written(const struct team *team, const struct job *job)
{
	for (unsigned w = 0; w < team->workers; w++)
		mpi.written[w].count = mpi_find_spans(team, job, w, true,
						      mpi.written[w].spans);
	mpi.wrote = true;
}

static void mpi_run_resident(const struct team *team, const struct job *job)
{
	bool moves = job->accumulate && job->spans && !mpi.window;

	if (moves && mpi.wrote)
		mpi_exchange_written(team, job);
	mpi_run_share(team, job);
	if (moves)
		mpi_note_written(team, job);
}

static int mpi_dispatch(struct team *team, const struct job *job)
{
	if (mpi.announced == 0)
		mpi_repeat(team, 1);
	mpi.announced--;
	if (team->options[OPTION_DATA].choice == DATA_STAYS)
		mpi_run_resident(team, job);
	else if (team->self == 0)
		mpi_ship_as_first(team, job);
	else
		mpi_ship_as_other(team, job);
	mpi_meet(team, job);
	return 0;
}

/* ------------------------------------------------------------- opening */

/* A process, by a number that others know: one in a container may have that of
 * another process here. */
struct process {
	int64_t pid, space;
};

static struct process mpi_this_process(void)
{
	struct process process = {.pid = getpid()};
	struct stat space;

	if (stat("/proc/self/ns/pid", &space) == 0)
		process.space = (int64_t)space.st_ino;
	return process;
}

static void mpi_find_others(const struct team *team, MPI_Comm here)
{
	struct process ours = mpi_this_process(), *all;
	int size = 0;

	MPI_Comm_size(here, &size);
	mpi.together = (unsigned)size == team->workers;
	all = mpi_take(NULL, (size_t)size * sizeof(*all));
	MPI_Gather(&ours, sizeof(ours), MPI_BYTE, all, sizeof(ours), MPI_BYTE,
		   0, here);
	mpi.others = mpi_take(NULL, (size_t)size * sizeof(*mpi.others));
	for (int i = 1; team->self == 0 && i < size; i++)
		if (all[i].space == ours.space)
			mpi.others[mpi.nothers++] = (pid_t)all[i].pid;
	free(all);
}

/*
 * Bind each to the CPU of its number on its own machine, which the controller
 * does not know: one that is bound as it should be has the number that the
 * controller gave it.
 */
static void mpi_bind(struct team *team, unsigned number)
{
	int bound;

	team_bind(team, number);
	bound = team->bound[number];
	if (team->cpus && bound == team->cpus[number])
		bound = team->cpus[team->self];
	MPI_Allgather(&bound, 1, MPI_INT, team->bound, 1, MPI_INT,
		      MPI_COMM_WORLD);
}

/* Learn who is on the same machine, and be bound there. */
static void mpi_settle(struct team *team)
{
	int first = (int)team->self, number = 0;
	MPI_Comm here;

	MPI_Comm_split_type(MPI_COMM_WORLD, MPI_COMM_TYPE_SHARED, 0,
			    MPI_INFO_NULL, &here);
	MPI_Comm_rank(here, &number);
	mpi_find_others(team, here);
	MPI_Bcast(&first, 1, MPI_INT, 0, here);
	mpi.far = first != 0;
	MPI_Comm_free(&here);
	mpi_bind(team, (unsigned)number);
}

/* Bytes of a window, at most: half of what is free where the libraries put it.
 * Open MPI asks for all of it at once, and where there is less, rank 0 fails
 * and the others wait for it for ever. */
static size_t mpi_window_room(size_t wanted)
{
	struct statvfs memory;
	uint64_t room = wanted;

	if (statvfs("/dev/shm", &memory) == 0 &&
	    memory.f_bavail * memory.f_frsize / 2 < room)
		room = memory.f_bavail * memory.f_frsize / 2;
	room = room / PAGE * PAGE;
	MPI_Bcast(&room, 1, MPI_UINT64_T, 0, MPI_COMM_WORLD);
	return (size_t)room;
}

/* One window, which all have at an address of their own. */
static int mpi_share_memory(struct team *team)
{
	struct team_map *map = &team->maps[TEAM_DATA];
	int unit, result;
	MPI_Aint size;
	void *base;

	if (!mpi.together)
		return team_fail(team, -ENOTSUP,
				 "ranks on several machines share no memory");
	map->size = mpi_window_room(map->size);
	if (map->size == 0)
		return team_fail(team, -ENOTSUP,
				 "/dev/shm has no room for memory that ranks "
				 "share");
	MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN);
	result = MPI_Win_allocate_shared(
		team->self == 0 ? (MPI_Aint)(map->size + PAGE) : 0, 1,
		MPI_INFO_NULL, MPI_COMM_WORLD, &base, &mpi.window);
	MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_ARE_FATAL);
	/* All fail, or none does. */
	MPI_Allreduce(MPI_IN_PLACE, &result, 1, MPI_INT, MPI_MAX,
		      MPI_COMM_WORLD);
	if (result != MPI_SUCCESS)
		return team_fail(team, -ENOMEM,
				 "no window of %zu MiB for all ranks",
				 map->size >> 20);
	MPI_Win_shared_query(mpi.window, 0, &size, &unit, &base);
	/* It begins behind something of the library's. */
	map->base = (char *)base + -(uintptr_t)base % PAGE;
	MPI_Win_lock_all(MPI_MODE_NOCHECK, mpi.window);
	return 0;
}

static int mpi_open(struct team *team)
{
	bool shm = team->options[OPTION_MODE].choice == MODE_SHM;
	bool shipped = team->options[OPTION_DATA].choice == DATA_GOES;

	if (shm && shipped)
		return team_fail(team, -ENOTSUP,
				 "mode=shm and data=shipped exclude each "
				 "other: shared data goes nowhere");
	mpi.announced = 1; /* the empty call that ends the opening */
	mpi_settle(team);
	mpi.written = mpi_take(NULL, team->workers * sizeof(*mpi.written));
	team->part =
		shm || shipped ? team->self ? PART_NONE : PART_ALL : PART_SHARE;
	return shm ? mpi_share_memory(team) : 0;
}

static int mpi_close(struct team *team)
{
	(void)team;
	if (mpi.window) {
		MPI_Win_unlock_all(mpi.window);
		MPI_Win_free(&mpi.window);
	}
	free(mpi.requests);
	free(mpi.written);
	free(mpi.others);
	MPI_Finalize();
	return 0;
}

static const struct ranks mpi_ranks = {
	.launch = mpi_launch,
	.join = mpi_join,
	.tell = mpi_tell,
	.repeat = mpi_repeat,
	.follow = mpi_follow,
	.spoil = mpi_spoil,
	.used_ns = mpi_used_ns,
	.rest = mpi_rest,
	.consult = mpi_consult,
};

const struct runner runner_mpi = {
	.abi = RUNNER_ABI,
	.name = "mpi",
	.summary = "MPI ranks that run their shares, and meet",
	.unit = UNIT_PROCESS,
	.lifetime = LIFETIME_POOLED,
	.data = DATA_RESIDENT,
	.options = mpi_options,
	.open = mpi_open,
	.dispatch = mpi_dispatch,
	.close = mpi_close,
	.ranks = &mpi_ranks,
};
