/* SPDX-License-Identifier: MIT */
#include "bench/studies/spawn_ops.h"

#include "bench/host/registry.h"
#include "core/clock.h"
#include "system/child.h"
#include "system/child_fork.h"
#include "system/self.h"

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

static int spawn_wait(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -errno;
	return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : -ECHILD;
}

static void *spawn_nothing(void *arg)
{
	return arg;
}

static int spawn_pthread(const struct spawn_context *context,
			 const struct spawn_op *op, struct spawn_sample *sample)
{
	int64_t start = now_ns();
	pthread_t thread;
	int rc = pthread_create(&thread, NULL, spawn_nothing, NULL);

	(void)context;
	(void)op;
	if (rc == 0)
		rc = pthread_join(thread, NULL);
	sample->ns = now_ns() - start;
	return -rc;
}

static int spawn_fork(const struct spawn_context *context,
		      const struct spawn_op *op, struct spawn_sample *sample)
{
	int64_t start = now_ns();
	pid_t pid = fork();
	int rc;

	(void)context;
	(void)op;
	if (pid < 0)
		return -errno;
	if (pid == 0)
		_exit(0);
	rc = spawn_wait(pid);
	sample->ns = now_ns() - start;
	return rc;
}

static int spawn_vfork(const struct spawn_context *context,
		       const struct spawn_op *op, struct spawn_sample *sample)
{
	int64_t start = now_ns();
	/* vfork is dangerous, but it is what we measure. */
	pid_t pid = vfork(); /* NOLINT(clang-analyzer-security.*) */
	int rc;

	(void)context;
	(void)op;
	if (pid < 0)
		return -errno;
	if (pid == 0)
		_exit(0);
	rc = spawn_wait(pid);
	sample->ns = now_ns() - start;
	return rc;
}

static int spawn_posix(const struct spawn_context *context,
		       const struct spawn_op *op, struct spawn_sample *sample)
{
	char path[PATH_MAX], name[] = SPAWN_WORKER;
	char *argv[] = {name, NULL}, *environment[] = {NULL};
	int64_t start;
	pid_t pid;
	int rc = self_find(SPAWN_WORKER, path, sizeof(path));

	(void)op;
	if (rc < 0) {
		snprintf(context->error, ERROR_TEXT_MAX,
			 "%s is not where it was built or installed: not in "
			 "modules or ../lib/breakeven beside the command",
			 SPAWN_WORKER);
		return rc;
	}
	start = now_ns();
	rc = posix_spawn(&pid, path, NULL, NULL, argv, environment);
	if (rc)
		return -rc;
	rc = spawn_wait(pid);
	sample->ns = now_ns() - start;
	return rc;
}

/* It shares the caller's thread-local memory, too, and must not touch it. */
__attribute__((no_sanitize_address)) static int spawn_leave(void *arg)
{
	(void)arg;
	return 0;
}

static int spawn_clone(const struct spawn_context *context,
		       const struct spawn_op *op, struct spawn_sample *sample)
{
	int64_t start = now_ns();
	pid_t pid = clone(spawn_leave, context->stack,
			  CLONE_VM | CLONE_FS | CLONE_FILES | SIGCHLD, NULL);
	int rc;

	(void)op;
	if (pid < 0)
		return -errno;
	rc = spawn_wait(pid);
	sample->ns = now_ns() - start;
	return rc;
}

/* A joined thread still exits for a moment, in which a pool of processes
 * refuses to open. */
static void spawn_settle(void)
{
	const struct timespec nap = {.tv_nsec = 1000000};

	for (int ms = 0; ms < SETTLE_MS && process_is_threaded(); ms++)
		nanosleep(&nap, NULL);
}

/* Each worker on a CPU of its own, as far as there are any. */
static const int *spawn_choose_cpus(const struct spawn_context *context,
				    unsigned workers, int cpus[POOL_WORKERS])
{
	int order[POOL_WORKERS];
	unsigned count;

	if (!context->topology)
		return NULL;
	count = topology_order(context->topology, PIN_CORE, order,
			       POOL_WORKERS);
	count = count < workers ? count : workers;
	if (count == 0 ||
	    topology_number_workers(context->topology, order, count))
		return NULL;
	for (unsigned w = 0; w < workers; w++)
		cpus[w] = order[w % count];
	return cpus;
}

/* CPUs that workers may have. */
static unsigned spawn_count_cpus(const struct spawn_context *context)
{
	return context->topology
		       ? topology_order(context->topology, PIN_NONE, NULL, 0)
		       : (unsigned)sysconf(_SC_NPROCESSORS_ONLN);
}

/* As `breakeven bench` opens it. */
static int spawn_pool(const struct spawn_context *context,
		      const struct spawn_op *op, struct spawn_sample *sample)
{
	struct error error;
	const struct runner *runner = registry_runner(op->runner, &error);
	int cpus[POOL_WORKERS];
	struct team team = {
		.workers = op->workers,
		.bound = context->bound,
		.cpus = spawn_choose_cpus(context, op->workers, cpus),
		.topology = context->topology,
	};
	int64_t start;
	int rc;

	if (!runner ||
	    spec_parse(op->runner, runner->options, team.options, &error)) {
		snprintf(context->error, ERROR_TEXT_MAX, "%s", error.text);
		return -EINVAL;
	}
	team.oversubscribed = team.workers > spawn_count_cpus(context);
	spawn_settle();
	start = now_ns();
	rc = runner->open(&team);
	if (rc == 0)
		rc = runner->close(&team);
	sample->ns = now_ns() - start;
	/* The caller is one of the workers, and was bound as well. */
	if (context->topology)
		topology_unbind(context->topology);
	if (rc < 0)
		snprintf(context->error, ERROR_TEXT_MAX, "%s", team.error);
	return rc;
}

const struct spawn_op spawn_creation[] = {
	{"pthread", spawn_pthread, NULL, 0},
	{"fork", spawn_fork, NULL, 0},
	{"vfork", spawn_vfork, NULL, 0},
	{"posix_spawn", spawn_posix, NULL, 0},
	{"clone_vm", spawn_clone, NULL, 0},
	{"pthread-pool-2", spawn_pool, "pthread-pool", 2},
	{"pthread-pool-4", spawn_pool, "pthread-pool", 4},
	{"fork-pool-2", spawn_pool, "fork-pool", 2},
	{"fork-pool-4", spawn_pool, "fork-pool", 4},
};
const size_t spawn_ncreation = sizeof(spawn_creation) / sizeof(*spawn_creation);

/* ------------------------------------------------------------- the article */

static int spawn_five_processes(const struct spawn_context *context,
				const struct spawn_op *op,
				struct spawn_sample *sample)
{
	int64_t start = now_ns();
	pid_t pids[FIVE];
	int started = 0, rc = 0;

	(void)context;
	(void)op;
	while (started < FIVE && (pids[started] = fork()) > 0)
		started++;
	if (started < FIVE && pids[started] == 0)
		_exit(0);
	if (started < FIVE)
		rc = -errno;
	for (int i = 0; i < started; i++) {
		int ended = spawn_wait(pids[i]);

		rc = rc ? rc : ended;
	}
	sample->ns = now_ns() - start;
	return rc;
}

static int spawn_five_threads(const struct spawn_context *context,
			      const struct spawn_op *op,
			      struct spawn_sample *sample)
{
	int64_t start = now_ns();
	pthread_t threads[FIVE];
	int started = 0, rc = 0;

	(void)context;
	(void)op;
	while (started < FIVE &&
	       (rc = pthread_create(&threads[started], NULL, spawn_nothing,
				    NULL)) == 0)
		started++;
	for (int i = 0; i < started; i++)
		pthread_join(threads[i], NULL);
	sample->ns = now_ns() - start;
	return -rc;
}

const struct spawn_op spawn_article[] = {
	{"processes", spawn_five_processes, NULL, 0},
	{"threads", spawn_five_threads, NULL, 0},
	{"process-pool", spawn_pool, "fork-pool", 4},
	{"thread-pool", spawn_pool, "pthread-pool", 4},
};
const size_t spawn_narticle = sizeof(spawn_article) / sizeof(*spawn_article);

/* ------------------------------------------------------------- whose memory */

static void *spawn_set_one(void *arg)
{
	*(int *)arg = 1;
	return NULL;
}

static int spawn_thread_write(const struct spawn_context *context,
			      const struct spawn_op *op,
			      struct spawn_sample *sample)
{
	int mine = 0;
	pthread_t thread;
	int rc = pthread_create(&thread, NULL, spawn_set_one, &mine);

	(void)context;
	(void)op;
	if (rc == 0)
		rc = pthread_join(thread, NULL);
	sample->count = mine;
	return -rc;
}

static int spawn_process_write(const struct spawn_context *context,
			       const struct spawn_op *op,
			       struct spawn_sample *sample)
{
	volatile int mine = 0;
	pid_t pid = fork();
	int rc;

	(void)context;
	(void)op;
	if (pid < 0)
		return -errno;
	if (pid == 0) {
		mine = 1;
		_exit(mine == 1 ? 0 : 1);
	}
	rc = spawn_wait(pid);
	sample->count = mine;
	return rc;
}

const struct spawn_op spawn_memory[] = {
	{"process", spawn_process_write, NULL, 0},
	{"thread", spawn_thread_write, NULL, 0},
};
const size_t spawn_nmemory = sizeof(spawn_memory) / sizeof(*spawn_memory);

/* ------------------------------------------------------------- faults */

static int64_t spawn_count_faults(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return usage.ru_minflt;
}

/* Write to each small page once, for a huge one is brought in by the first. */
static void spawn_write_region(const struct spawn_context *context,
			       struct spawn_note *note)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	int64_t before = spawn_count_faults(), start = now_ns();

	for (size_t i = 0; i < context->region_bytes; i += page)
		*(volatile char *)(context->region + i) = 2;
	note->ns = now_ns() - start;
	note->count = spawn_count_faults() - before;
}

/* As if it had never been touched. */
static int spawn_forget_region(const struct spawn_context *context)
{
	return madvise(context->region, context->region_bytes, MADV_DONTNEED) <
			       0
		       ? -errno
		       : 0;
}

static void spawn_take(const struct spawn_note *note,
		       struct spawn_sample *sample)
{
	*sample = (struct spawn_sample){note->ns, note->count};
}

static int spawn_touch_in_parent(const struct spawn_context *context,
				 const struct spawn_op *op,
				 struct spawn_sample *sample)
{
	struct spawn_note note;
	int rc = spawn_forget_region(context);

	(void)op;
	if (rc)
		return rc;
	spawn_write_region(context, &note);
	spawn_take(&note, sample);
	return 0;
}

/* The child writes, the parent only waits. */
static int spawn_write_in_child(const struct spawn_context *context,
				struct spawn_sample *sample)
{
	char end[CHILD_END_MAX];
	pid_t pid = child_fork();

	if (pid < 0)
		return pid;
	if (pid == 0) {
		spawn_write_region(context, context->note);
		_exit(CHILD_DONE);
	}
	if (!child_reap(pid, end)) {
		snprintf(context->error, ERROR_TEXT_MAX,
			 "a child that touched pages %s", end);
		return -ECHILD;
	}
	spawn_take(context->note, sample);
	return 0;
}

static int spawn_touch_in_child(const struct spawn_context *context,
				const struct spawn_op *op,
				struct spawn_sample *sample)
{
	int rc = spawn_forget_region(context);

	(void)op;
	return rc ? rc : spawn_write_in_child(context, sample);
}

static int spawn_copy_in_child(const struct spawn_context *context,
			       const struct spawn_op *op,
			       struct spawn_sample *sample)
{
	struct spawn_note note;
	int rc = spawn_forget_region(context);

	(void)op;
	if (rc)
		return rc;
	spawn_write_region(context, &note);
	return spawn_write_in_child(context, sample);
}

/* The child holds on to the pages, so that the parent must copy. */
static int spawn_copy_in_parent(const struct spawn_context *context,
				const struct spawn_op *op,
				struct spawn_sample *sample)
{
	struct spawn_note note;
	char end[CHILD_END_MAX];
	int rc = spawn_forget_region(context);
	pid_t pid;

	(void)op;
	if (rc)
		return rc;
	spawn_write_region(context, &note);
	pid = child_fork();
	if (pid < 0)
		return pid;
	if (pid == 0) {
		pause();
		_exit(1);
	}
	spawn_write_region(context, &note);
	spawn_take(&note, sample);
	kill(pid, SIGKILL);
	child_reap(pid, end);
	return 0;
}

/* The child has gone before: nothing is copied, but each page faults. */
static int spawn_reuse_in_parent(const struct spawn_context *context,
				 const struct spawn_op *op,
				 struct spawn_sample *sample)
{
	struct spawn_note note;
	struct spawn_sample unused;
	int rc = spawn_forget_region(context);

	if (rc)
		return rc;
	spawn_write_region(context, &note);
	rc = spawn_fork(context, op, &unused);
	if (rc)
		return rc;
	spawn_write_region(context, &note);
	spawn_take(&note, sample);
	return 0;
}

const struct spawn_op spawn_faults[] = {
	{"first touch, parent", spawn_touch_in_parent, NULL, 0},
	{"first touch, child", spawn_touch_in_child, NULL, 0},
	{"copy-on-write, child", spawn_copy_in_child, NULL, 0},
	{"copy-on-write, parent", spawn_copy_in_parent, NULL, 0},
	{"child has left, parent", spawn_reuse_in_parent, NULL, 0},
};
const size_t spawn_nfaults = sizeof(spawn_faults) / sizeof(*spawn_faults);
