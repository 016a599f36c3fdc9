/* SPDX-License-Identifier: MIT */
#include "runners/mpi/mpi_world.h"
#include "runners/process/launcher.h"
#include "system/self.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

enum { MPI_PAGE = 4096 };

void *mpi_take(void *old, size_t bytes)
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

static unsigned mpi_count_threads(const struct team *team)
{
	long threads = team->options[MPI_OPTION_THREADS].count;

	return threads > 0 ? (unsigned)threads : 1;
}

static int mpi_count_ranks(struct team *team)
{
	unsigned threads = mpi_count_threads(team);

	if (team->workers % threads)
		return team_fail(team, -ENOTSUP,
				 "%u workers cannot be shared out to ranks of "
				 "%u threads each: let threads= divide the "
				 "workers",
				 team->workers, threads);
	team->ranks = team->workers / threads;
	return 0;
}

int mpi_launch(struct team *team, char *order)
{
	struct launcher launcher = {.count = 0};
	const char *users = getenv(LAUNCHER_VARIABLE);
	char count[16], workers[] = "-n", command[] = "host";
	char program[PATH_MAX], *line;
	int rc = self_path(program);

	if (rc == 0 && mpi_count_ranks(team) < 0)
		return -ENOTSUP;
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
	snprintf(count, sizeof(count), "%u", team->ranks);
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

/* 0 or -errno, the same in all ranks. */
static int mpi_check_world(struct team *team, int size, int level)
{
	if ((unsigned)size != team->ranks)
		return team_fail(
			team, -ENOTSUP,
			"the launcher started %d ranks instead of %u: is it "
			"that of the library, " MPIEXEC "?",
			size, team->ranks);
	if (mpi_count_threads(team) > 1 && level < MPI_THREAD_FUNNELED)
		return team_fail(team, -ENOTSUP,
				 "this MPI library allows no threads");
	return 0;
}

int mpi_join(struct team *team, const char *token, int descriptors[2])
{
	int rank = 0, size = 0, level = 0, taken = 0;
	int rc = mpi_count_ranks(team);

	if (rc < 0)
		return rc;
	team->state = mpi_take(NULL, sizeof(struct mpi_world));
	*mpi_world(team) = (struct mpi_world){.announced = 0};
#ifdef MPICH_VERSION
	/* It would look for an address that is free in all ranks, page by page:
	 * 20 s for a window of 12 GiB. No rank needs one. */
	setenv("MPIR_CVAR_SHM_SYMHEAP_RETRY", "0", 0);
#endif
	MPI_Init_thread(NULL, NULL, MPI_THREAD_FUNNELED, &level);
	MPI_Comm_rank(MPI_COMM_WORLD, &rank);
	MPI_Comm_size(MPI_COMM_WORLD, &size);
	team->self = (unsigned)rank;
	if (rank == 0)
		taken = launcher_take_over(token, descriptors, &team->began_ns);
	rc = mpi_check_world(team, size, level);
	if (rc < 0)
		MPI_Finalize();
	else if (taken < 0) /* in this rank alone: the launcher ends the rest */
		rc = team_fail(team, taken,
			       "rank 0 does not reach the host that has "
			       "started it: it must run on the same machine "
			       "(%s)",
			       strerror(-taken));
	if (rc < 0) {
		free(team->state);
		team->state = NULL;
	}
	return rc;
}

/* ------------------------------------------------------------- opening */

/* A process, by a number that others know: one in a container may have that of
 * another process here. */
struct mpi_process {
	int64_t pid, space;
};

static struct mpi_process mpi_this_process(void)
{
	struct mpi_process process = {.pid = getpid()};
	struct stat space;

	if (stat("/proc/self/ns/pid", &space) == 0)
		process.space = (int64_t)space.st_ino;
	return process;
}

static void mpi_find_others(const struct team *team, MPI_Comm here)
{
	struct mpi_world *world = mpi_world(team);
	struct mpi_process ours = mpi_this_process(), *all;
	int size = 0;

	MPI_Comm_size(here, &size);
	world->here = (unsigned)size;
	world->together = world->here == team->ranks;
	all = mpi_take(NULL, (size_t)size * sizeof(*all));
	MPI_Gather(&ours, sizeof(ours), MPI_BYTE, all, sizeof(ours), MPI_BYTE,
		   0, here);
	world->others = mpi_take(NULL, (size_t)size * sizeof(*world->others));
	for (int i = 1; team->self == 0 && i < size; i++)
		if (all[i].space == ours.space)
			world->others[world->nothers++] = (pid_t)all[i].pid;
	free(all);
}

struct team mpi_make_threads(const struct team *team, unsigned first)
{
	struct team threads = *team;

	threads.workers = mpi_count_threads(team);
	threads.cpus = team->cpus ? team->cpus + first : NULL;
	threads.borders = team->borders ? team->borders + first : NULL;
	memcpy(threads.options, team->options + MPI_OPTION_OF_THREADS,
	       sizeof(threads.options) -
		       MPI_OPTION_OF_THREADS * sizeof(threads.options[0]));
	threads.state = NULL;
	return threads;
}

/* Bind this rank, or create its threads, each of which is bound. Where they are
 * bound to stands in `bound`. */
static int mpi_create_threads(struct team *team, unsigned first, int *bound)
{
	struct mpi_world *world = mpi_world(team);
	int rc;

	if (!world->threads) {
		team_bind(team, first);
		bound[0] = team->bound[first];
		return 0;
	}
	world->team = mpi_make_threads(team, first);
	world->team.bound = bound;
	/* What shares this machine's CPUs are the ranks here, not all. */
	world->team.oversubscribed =
		world->here * world->team.workers >
		topology_order(team->topology, PIN_NONE, NULL, 0);
	rc = world->threads->open(&world->team);
	if (rc < 0)
		world->threads = NULL;
	return rc < 0 ? team_fail(team, rc, "%s", world->team.error) : 0;
}

/* Whether all ranks have done it: the first error of any of them, told in all,
 * or 0. What follows is done by all ranks, or by none. */
static int mpi_agree(struct team *team, int rc)
{
	struct {
		int rc, rank;
	} mine = {rc, (int)team->self}, first;

	MPI_Allreduce(&mine, &first, 1, MPI_2INT, MPI_MINLOC, MPI_COMM_WORLD);
	if (first.rc < 0)
		MPI_Bcast(team->error, TEAM_ERROR_MAX, MPI_BYTE, first.rank,
			  MPI_COMM_WORLD);
	return first.rc;
}

/*
 * Bind each to the CPUs of its number on its own machine, which the controller
 * does not know: what is bound as it should be has the number that the
 * controller gave it.
 */
static int mpi_bind(struct team *team, unsigned number)
{
	unsigned count = mpi_count_threads(team);
	unsigned first = number * count;
	int rc = mpi_create_threads(team, first, mpi_world(team)->bound);

	for (unsigned t = 0; team->cpus && t < count; t++)
		if (mpi_world(team)->bound[t] == team->cpus[first + t])
			mpi_world(team)->bound[t] =
				team->cpus[team->self * count + t];
	MPI_Allgather(mpi_world(team)->bound, (int)count, MPI_INT, team->bound,
		      (int)count, MPI_INT, MPI_COMM_WORLD);
	return mpi_agree(team, rc);
}

/* Learn which ranks are on the same machine, and be bound there. */
static int mpi_settle(struct team *team)
{
	int first = (int)team->self, number = 0;
	MPI_Comm here;

	MPI_Comm_split_type(MPI_COMM_WORLD, MPI_COMM_TYPE_SHARED, 0,
			    MPI_INFO_NULL, &here);
	MPI_Comm_rank(here, &number);
	mpi_find_others(team, here);
	MPI_Bcast(&first, 1, MPI_INT, 0, here);
	mpi_world(team)->far = first != 0;
	MPI_Comm_free(&here);
	return mpi_bind(team, (unsigned)number);
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
	room = room / MPI_PAGE * MPI_PAGE;
	MPI_Bcast(&room, 1, MPI_UINT64_T, 0, MPI_COMM_WORLD);
	return (size_t)room;
}

/* One window, which all have at an address of their own. */
static int mpi_share_memory(struct team *team)
{
	struct mpi_world *world = mpi_world(team);
	struct team_map *map = &team->maps[TEAM_DATA];
	int unit, result;
	MPI_Aint size;
	void *base;

	if (!world->together)
		return team_fail(team, -ENOTSUP,
				 "ranks on several machines share no memory");
	map->size = mpi_window_room(map->size);
	if (map->size == 0)
		return team_fail(team, -ENOTSUP,
				 "/dev/shm has no room for memory that ranks "
				 "share");
	MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN);
	result = MPI_Win_allocate_shared(
		team->self == 0 ? (MPI_Aint)(map->size + MPI_PAGE) : 0, 1,
		MPI_INFO_NULL, MPI_COMM_WORLD, &base, &world->window);
	MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_ARE_FATAL);
	/* All fail, or none does. */
	MPI_Allreduce(MPI_IN_PLACE, &result, 1, MPI_INT, MPI_MAX,
		      MPI_COMM_WORLD);
	if (result != MPI_SUCCESS)
		return team_fail(team, -ENOMEM,
				 "no window of %zu MiB for all ranks",
				 map->size >> 20);
	MPI_Win_shared_query(world->window, 0, &size, &unit, &base);
	/* It begins behind something of the library's. */
	map->base = (char *)base + -(uintptr_t)base % MPI_PAGE;
	MPI_Win_lock_all(MPI_MODE_NOCHECK, world->window);
	world->shares = true;
	return 0;
}

int mpi_open(struct team *team, const struct runner *threads)
{
	struct mpi_world *world = mpi_world(team);
	bool shm = team->options[MPI_OPTION_MODE].choice == MPI_MODE_SHM;
	bool shipped = team->options[MPI_OPTION_DATA].choice == MPI_DATA_GOES;
	int rc;

	if (shm && shipped)
		return team_fail(team, -ENOTSUP,
				 "mode=shm and data=shipped exclude each "
				 "other: shared data goes nowhere");
	world->announced = 1; /* the empty call that ends the opening */
	world->threads = threads;
	world->bound = mpi_take(NULL, team->workers * sizeof(*world->bound));
	for (unsigned w = 0; w < team->workers; w++)
		world->bound[w] = -1;
	world->written = mpi_take(NULL, team->ranks * sizeof(*world->written));
	rc = mpi_settle(team);
	team->part =
		shm || shipped ? team->self ? PART_NONE : PART_ALL : PART_SHARE;
	return rc == 0 && shm ? mpi_share_memory(team) : rc;
}

int mpi_close(struct team *team)
{
	struct mpi_world *world = mpi_world(team);

	if (world->threads)
		world->threads->close(&world->team);
	if (world->shares) {
		MPI_Win_unlock_all(world->window);
		MPI_Win_free(&world->window);
	}
	free(world->requests);
	free(world->written);
	free(world->bound);
	free(world->others);
	free(world);
	MPI_Finalize();
	return 0;
}
