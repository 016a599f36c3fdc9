/* SPDX-License-Identifier: MIT */
#include "bench/studies/births.h"

#include "bench/host/registry.h"
#include "core/clock.h"
#include "runners/process/self.h"
#include "system/child.h"

#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { FIVE = 5, POOL_WORKERS = 4, SETTLE_MS = 1000 };

/* ------------------------------------------------------------- one of each */

static int wait_for(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -errno;
	return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : -ECHILD;
}

static void *do_nothing(void *arg)
{
	return arg;
}

static int one_pthread(const struct spawn_context *stage, const struct act *act,
		       struct taken *taken)
{
	int64_t start = now_ns();
	pthread_t thread;
	int rc = pthread_create(&thread, NULL, do_nothing, NULL);

	(void)stage;
	(void)act;
	if (rc == 0)
		rc = pthread_join(thread, NULL);
	taken->ns = now_ns() - start;
	return -rc;
}

static int one_fork(const struct spawn_context *stage, const struct act *act,
		    struct taken *taken)
{
	int64_t start = now_ns();
	pid_t pid = fork();
	int rc;

	(void)stage;
	(void)act;
	if (pid < 0)
		return -errno;
	if (pid == 0)
		_exit(0);
	rc = wait_for(pid);
	taken->ns = now_ns() - start;
	return rc;
}

static int one_vfork(const struct spawn_context *stage, const struct act *act,
		     struct taken *taken)
{
	int64_t start = now_ns();
	/* What it is dangerous for is what is measured. */
	pid_t pid = vfork(); /* NOLINT(clang-analyzer-security.*) */
	int rc;

	(void)stage;
	(void)act;
	if (pid < 0)
		return -errno;
	if (pid == 0)
		_exit(0);
	rc = wait_for(pid);
	taken->ns = now_ns() - start;
	return rc;
}

static int one_spawn(const struct spawn_context *stage, const struct act *act,
		     struct taken *taken)
{
	char path[PATH_MAX], name[] = BIRTHS_WORKER;
	char *argv[] = {name, NULL}, *environment[] = {NULL};
	int64_t start;
	pid_t pid;
	int rc = self_find(BIRTHS_WORKER, path, sizeof(path));

	(void)act;
	if (rc < 0) {
		snprintf(stage->error, PARENT_ERROR_MAX,
			 "%s is not where it was built or installed: not in "
			 "modules or ../lib/breakeven beside the command",
			 BIRTHS_WORKER);
		return rc;
	}
	start = now_ns();
	rc = posix_spawn(&pid, path, NULL, NULL, argv, environment);
	if (rc)
		return -rc;
	rc = wait_for(pid);
	taken->ns = now_ns() - start;
	return rc;
}

/* It shares the caller's thread-local memory, too, and must not touch it. */
__attribute__((no_sanitize_address)) static int leave_at_once(void *arg)
{
	(void)arg;
	return 0;
}

static int one_clone(const struct spawn_context *stage, const struct act *act,
		     struct taken *taken)
{
	int64_t start = now_ns();
	pid_t pid = clone(leave_at_once, stage->stack,
			  CLONE_VM | CLONE_FS | CLONE_FILES | SIGCHLD, NULL);
	int rc;

	(void)act;
	if (pid < 0)
		return -errno;
	rc = wait_for(pid);
	taken->ns = now_ns() - start;
	return rc;
}

/* A thread that was joined is on its way out for a moment, and a pool of
 * processes refuses to be opened beside it. */
static void settle(void)
{
	const struct timespec nap = {.tv_nsec = 1000000};

	for (int ms = 0; ms < SETTLE_MS && process_is_threaded(); ms++)
		nanosleep(&nap, NULL);
}

/* Each worker on a CPU of its own, as far as there are any. */
static const int *choose_cpus(const struct spawn_context *stage,
			      unsigned workers, int cpus[POOL_WORKERS])
{
	int order[POOL_WORKERS];
	unsigned count;

	if (!stage->topology)
		return NULL;
	count = topology_order(stage->topology, PIN_CORE, order, POOL_WORKERS);
	count = count < POOL_WORKERS ? count : POOL_WORKERS;
	for (unsigned w = 0; count && w < workers; w++)
		cpus[w] = order[w % count];
	return count ? cpus : NULL;
}

/* CPUs that workers may have. */
static unsigned count_cpus(const struct spawn_context *stage)
{
	return stage->topology
		       ? topology_order(stage->topology, PIN_NONE, NULL, 0)
		       : (unsigned)sysconf(_SC_NPROCESSORS_ONLN);
}

/* As `breakeven bench` opens it. */
static int one_pool(const struct spawn_context *stage, const struct act *act,
		    struct taken *taken)
{
	const struct runner *runner =
		registry_runner(act->runner, stage->error);
	int cpus[POOL_WORKERS];
	struct team team = {
		.workers = act->workers,
		.bound = stage->bound,
		.cpus = choose_cpus(stage, act->workers, cpus),
		.topology = stage->topology,
	};
	int64_t start;
	int rc;

	if (!runner)
		return -errno;
	rc = spec_parse(act->runner, runner->options, team.options,
			stage->error);
	if (rc < 0)
		return rc;
	team.oversubscribed = team.workers > count_cpus(stage);
	settle();
	start = now_ns();
	rc = runner->open(&team);
	if (rc == 0)
		rc = runner->close(&team);
	taken->ns = now_ns() - start;
	/* The caller is one of the workers, and was bound as well. */
	if (stage->topology)
		topology_unbind(stage->topology);
	if (rc < 0)
		snprintf(stage->error, PARENT_ERROR_MAX, "%s", team.error);
	return rc;
}

const struct act births_creation[] = {
	{"pthread", one_pthread, NULL, 0},
	{"fork", one_fork, NULL, 0},
	{"vfork", one_vfork, NULL, 0},
	{"posix_spawn", one_spawn, NULL, 0},
	{"clone_vm", one_clone, NULL, 0},
	{"pthread-pool-2", one_pool, "pthread-pool", 2},
	{"pthread-pool-4", one_pool, "pthread-pool", 4},
	{"fork-pool-2", one_pool, "fork-pool", 2},
	{"fork-pool-4", one_pool, "fork-pool", 4},
};
const size_t births_ncreation =
	sizeof(births_creation) / sizeof(*births_creation);

/* ------------------------------------------------------------- the article */

static int five_processes(const struct spawn_context *stage,
			  const struct act *act, struct taken *taken)
{
	int64_t start = now_ns();
	pid_t pids[FIVE];
	int started = 0, rc = 0;

	(void)stage;
	(void)act;
	while (started < FIVE && (pids[started] = fork()) > 0)
		started++;
	if (started < FIVE && pids[started] == 0)
		_exit(0);
	if (started < FIVE)
		rc = -errno;
	for (int i = 0; i < started; i++) {
		int ended = wait_for(pids[i]);

		rc = rc ? rc : ended;
	}
	taken->ns = now_ns() - start;
	return rc;
}

static int five_threads(const struct spawn_context *stage,
			const struct act *act, struct taken *taken)
{
	int64_t start = now_ns();
	pthread_t threads[FIVE];
	int started = 0, rc = 0;

	(void)stage;
	(void)act;
	while (started < FIVE && (rc = pthread_create(&threads[started], NULL,
						      do_nothing, NULL)) == 0)
		started++;
	for (int i = 0; i < started; i++)
		pthread_join(threads[i], NULL);
	taken->ns = now_ns() - start;
	return -rc;
}

const struct act births_article[] = {
	{"processes", five_processes, NULL, 0},
	{"threads", five_threads, NULL, 0},
	{"process-pool", one_pool, "fork-pool", 4},
	{"thread-pool", one_pool, "pthread-pool", 4},
};
const size_t births_narticle = sizeof(births_article) / sizeof(*births_article);

/* ------------------------------------------------------------- whose memory */

static void *set_to_one(void *arg)
{
	*(int *)arg = 1;
	return NULL;
}

static int thread_writes(const struct spawn_context *stage,
			 const struct act *act, struct taken *taken)
{
	int mine = 0;
	pthread_t thread;
	int rc = pthread_create(&thread, NULL, set_to_one, &mine);

	(void)stage;
	(void)act;
	if (rc == 0)
		rc = pthread_join(thread, NULL);
	taken->count = mine;
	return -rc;
}

static int process_writes(const struct spawn_context *stage,
			  const struct act *act, struct taken *taken)
{
	volatile int mine = 0;
	pid_t pid = fork();
	int rc;

	(void)stage;
	(void)act;
	if (pid < 0)
		return -errno;
	if (pid == 0) {
		mine = 1;
		_exit(mine == 1 ? 0 : 1);
	}
	rc = wait_for(pid);
	taken->count = mine;
	return rc;
}

const struct act births_memory[] = {
	{"process", process_writes, NULL, 0},
	{"thread", thread_writes, NULL, 0},
};
const size_t births_nmemory = sizeof(births_memory) / sizeof(*births_memory);

/* ------------------------------------------------------------- faults */

static int64_t faults(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return usage.ru_minflt;
}

/* Write to each small page once, for a huge one is brought in by the first. */
static void write_region(const struct spawn_context *stage,
			 struct shared_note *note)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	int64_t before = faults(), start = now_ns();

	for (size_t i = 0; i < stage->region_bytes; i += page)
		*(volatile char *)(stage->region + i) = 2;
	note->ns = now_ns() - start;
	note->count = faults() - before;
}

/* As if nobody had ever touched it. */
static int forget_region(const struct spawn_context *stage)
{
	return madvise(stage->region, stage->region_bytes, MADV_DONTNEED) < 0
		       ? -errno
		       : 0;
}

static void take(const struct shared_note *note, struct taken *taken)
{
	*taken = (struct taken){note->ns, note->count};
}

static int touch_in_parent(const struct spawn_context *stage,
			   const struct act *act, struct taken *taken)
{
	struct shared_note note;
	int rc = forget_region(stage);

	(void)act;
	if (rc)
		return rc;
	write_region(stage, &note);
	take(&note, taken);
	return 0;
}

/* The child writes, the parent only waits. */
static int written_in_child(const struct spawn_context *stage,
			    struct taken *taken)
{
	char end[CHILD_END_MAX];
	pid_t pid = child_fork();

	if (pid < 0)
		return pid;
	if (pid == 0) {
		write_region(stage, stage->note);
		_exit(CHILD_DONE);
	}
	if (!child_reap(pid, end)) {
		snprintf(stage->error, PARENT_ERROR_MAX,
			 "a child that touched pages %s", end);
		return -ECHILD;
	}
	take(stage->note, taken);
	return 0;
}

static int touch_in_child(const struct spawn_context *stage,
			  const struct act *act, struct taken *taken)
{
	int rc = forget_region(stage);

	(void)act;
	return rc ? rc : written_in_child(stage, taken);
}

static int copy_in_child(const struct spawn_context *stage,
			 const struct act *act, struct taken *taken)
{
	struct shared_note note;
	int rc = forget_region(stage);

	(void)act;
	if (rc)
		return rc;
	write_region(stage, &note);
	return written_in_child(stage, taken);
}

/* The child holds on to the pages, so that the parent must copy. */
static int copy_in_parent(const struct spawn_context *stage,
			  const struct act *act, struct taken *taken)
{
	struct shared_note note;
	char end[CHILD_END_MAX];
	int rc = forget_region(stage);
	pid_t pid;

	(void)act;
	if (rc)
		return rc;
	write_region(stage, &note);
	pid = child_fork();
	if (pid < 0)
		return pid;
	if (pid == 0) {
		pause();
		_exit(1);
	}
	write_region(stage, &note);
	take(&note, taken);
	kill(pid, SIGKILL);
	child_reap(pid, end);
	return 0;
}

/* The child has gone before: nothing is copied, but each page faults. */
static int reuse_in_parent(const struct spawn_context *stage,
			   const struct act *act, struct taken *taken)
{
	struct shared_note note;
	struct taken unused;
	int rc = forget_region(stage);

	if (rc)
		return rc;
	write_region(stage, &note);
	rc = one_fork(stage, act, &unused);
	if (rc)
		return rc;
	write_region(stage, &note);
	take(&note, taken);
	return 0;
}

const struct act births_faults[] = {
	{"first touch, parent", touch_in_parent, NULL, 0},
	{"first touch, child", touch_in_child, NULL, 0},
	{"copy-on-write, child", copy_in_child, NULL, 0},
	{"copy-on-write, parent", copy_in_parent, NULL, 0},
	{"child has left, parent", reuse_in_parent, NULL, 0},
};
const size_t births_nfaults = sizeof(births_faults) / sizeof(*births_faults);
