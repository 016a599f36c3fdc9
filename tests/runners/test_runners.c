/* SPDX-License-Identifier: MIT */
/*
 * Every runner, at every number of workers and every awkward size, runs each
 * item exactly once, computes the same bits, and ends in order. Every case runs
 * in a process of its own, since OpenMP leaves threads behind.
 */
#include "core/clock.h"
#include "tests/runners/stage.h"

#include <dirent.h>
#include <grp.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <sys/personality.h>
#include <sys/resource.h>
#include <time.h>

#include <cmocka.h>

enum {
	ITEMS_MAX = 5000,
	CALLS = 3,
	MANY = WORKERS_MAX,
};

/* Shared with all workers. */
struct coverage {
	_Atomic unsigned char hits[ITEMS_MAX];
	size_t width;
	size_t last;
};

static struct coverage *coverage;

static void cover(const void *ctx, size_t begin, size_t end,
		  struct partial *out)
{
	struct coverage *seen = get_stage(ctx)->own;

	for (size_t i = begin; i < end; i++)
		seen->hits[i]++;
	for (size_t w = 0; w < seen->width; w++)
		out[w].i64[0] = (int64_t)(end - begin);
}

static const char *const specs[] = {
	"serial",
	"fork",
	"fork:timeout=50",
	"fork-cow",
	"fork-cow:timeout=50",
	"spawn",
	"pipe-pool",
	"pipe-pool:channel=pipe",
	"pipe-pool:timeout=50",
	"pthread",
	"pthread-gil",
	"pthread-gil:interval=1:wait=block",
	"fork-pool:wait=spin",
	"fork-pool:wait=adaptive",
	"fork-pool:wait=block",
	"pthread-pool:wait=spin",
	"pthread-pool:wait=adaptive",
	"pthread-pool:wait=block",
	"fork-pool:schedule=static:chunk=1",
	"fork-pool:schedule=dynamic:timeout=50",
	"fork-pool:schedule=guided:chunk=100000",
	"pthread-pool:schedule=static:chunk=3",
	"pthread-pool:schedule=dynamic:chunk=5",
	"pthread-pool:schedule=guided",
	"openmp:schedule=static",
	"openmp:schedule=static:chunk=1",
	"openmp:schedule=dynamic",
	"openmp:schedule=dynamic:chunk=100000",
	"openmp:schedule=guided:chunk=3",
	"openmp-llvm",
	"openmp-llvm:schedule=dynamic",
	"pthreadpool",
	"tbb",
	"tbb:partitioner=static",
	"glib",
};

static const size_t sizes[] = {0, 1, 2, 3, 7, 97, 127, 128, 129, 4999};
static const size_t grains[] = {1, 7, 64, 2048};
static const unsigned worker_counts[] = {1, 2, 3, 5, 13};

static int check_call(const struct runner *runner, struct team *team,
		      const struct job *job, const char *spec)
{
	int64_t total = 0;

	for (size_t i = 0; i < ITEMS_MAX; i++)
		coverage->hits[i] = 0;
	if (runner->dispatch(team, job) < 0)
		fail_in_child("%s: %s", spec, team->error);
	for (size_t i = 0; i < ITEMS_MAX; i++)
		if (coverage->hits[i] != (i < job->plan.n))
			fail_in_child("%s, %u workers, n %zu: item %zu ran %d "
				      "times",
				      spec, team->workers, job->plan.n, i,
				      coverage->hits[i]);
	for (size_t i = 0; i < job->plan.tiles * job->width; i++)
		total += job->partials[i].i64[0];
	if (total != (int64_t)(job->plan.n * job->width))
		fail_in_child("%s: partials add up to %lld of %zu", spec,
			      (long long)total, job->plan.n);
	return 0;
}

/* A runner that creates workers for each call keeps nothing from the call
 * before, and takes longest: call it only once, with one grain for each size.
 */
static int check_sizes(const struct runner *runner, struct team *team,
		       const char *spec)
{
	const size_t ngrains = sizeof(grains) / sizeof(*grains);
	const bool pooled = runner->lifetime == LIFETIME_POOLED;
	struct job job = {.run = cover,
			  .ctx = &stage.common->self,
			  .partials = stage.data->partials};

	for (size_t s = 0; s < sizeof(sizes) / sizeof(*sizes); s++)
		for (size_t g = 0; g < ngrains; g++) {
			if (!pooled && g != s % ngrains)
				continue;
			job.plan =
				plan_make(sizes[s], grains[g], team->workers);
			job.width = coverage->width = 1 + g % WIDTH_MAX;
			for (int call = 0; call < (pooled ? CALLS : 1); call++)
				if (check_call(runner, team, &job, spec))
					return -1;
		}
	return 0;
}

static int check_runner(const char *spec, unsigned workers)
{
	struct team team;
	const struct runner *runner = stage_team(spec, workers, &team);
	int rc;

	if (!runner && errno == ENOTSUP) {
		fprintf(stderr, "%s is not tested: %s\n", spec,
			stage.common->failure);
		return 0;
	}
	if (!runner)
		return -1;
	if (runner->open(&team) < 0)
		fail_in_child("%s: %s", spec, team.error);
	rc = check_sizes(runner, &team, spec);
	if (runner->close(&team) < 0 && rc == 0)
		fail_in_child("%s: %s", spec, team.error);
	return rc;
}

static void every_item_runs_once(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(specs) / sizeof(*specs); i++)
		for (size_t w = 0;
		     w < sizeof(worker_counts) / sizeof(*worker_counts); w++) {
			if (strcmp(specs[i], "serial") == 0 && w > 0)
				continue;
			/* Starting thousands of programs takes long. */
			if (strcmp(specs[i], "spawn") == 0 && w > 2)
				continue;
			in_child(check_runner, specs[i], worker_counts[w]);
		}
}

static void many_workers_run_every_item_once(void **state)
{
	(void)state;
	in_child(check_runner, "fork-pool", MANY);
	in_child(check_runner, "fork-pool:wait=spin:schedule=dynamic",
		 MANY / 2);
	in_child(check_runner, "pthread-pool:schedule=guided", MANY);
	in_child(check_runner, "pthread-pool:wait=block", MANY / 2);
	in_child(check_runner, "pipe-pool", MANY);
	in_child(check_runner, "pipe-pool:channel=pipe", MANY / 2);
}

/* Is no child left? */
static int check_no_children(const char *spec, unsigned workers)
{
	if (check_runner(spec, workers))
		return -1;
	if (!stage_is_clean())
		fail_in_child("%s left a child behind", spec);
	return 0;
}

/* ---------------------------------------------------- memory of one's own */

struct square {
	int64_t *in, *out;
};

static void square(const void *ctx, size_t begin, size_t end,
		   struct partial *out)
{
	const struct square *map = ctx;

	for (size_t i = begin; i < end; i++)
		map->out[i] = map->in[i] * map->in[i];
	out->i64[0] += (int64_t)(end - begin);
}

static size_t square_spans(const void *ctx, size_t begin, size_t end,
			   struct span *spans)
{
	const struct square *map = ctx;

	spans[0] = span_in(map->in, sizeof(*map->in), begin, end);
	spans[1] = span_out(map->out, sizeof(*map->out), begin, end);
	return 2;
}

/* Each call has an input of its own, and continues from the last partials. */
static int check_squares(const struct runner *runner, struct team *team,
			 const struct job *job, const char *spec)
{
	struct stage_data *data = stage.data;
	size_t tiles = job->plan.tiles;
	int64_t total = 0;

	for (size_t t = 0; t < tiles; t++)
		job_partial(job, t)->i64[0] = (int64_t)t;
	for (int64_t call = 1; call <= CALLS; call++) {
		for (size_t i = 0; i < job->plan.n; i++)
			data->in[i] = (int64_t)i + call;
		memset(data->out, 0xff, job->plan.n * sizeof(*data->out));
		if (runner->dispatch(team, job) < 0)
			fail_in_child("%s: %s", spec, team->error);
		for (size_t i = 0; i < job->plan.n; i++)
			if (data->out[i] !=
			    ((int64_t)i + call) * ((int64_t)i + call))
				fail_in_child("%s, %u workers, n %zu, call "
					      "%d: item %zu is %lld",
					      spec, team->workers, job->plan.n,
					      (int)call, i,
					      (long long)data->out[i]);
	}
	for (size_t t = 0; t < tiles; t++)
		total += job_partial(job, t)->i64[0] - (int64_t)t;
	if (total != (int64_t)job->plan.n * CALLS)
		fail_in_child("%s: partials were not kept from call to call",
			      spec);
	return 0;
}

/* The context lies in shared memory, but is shipped. */
static int check_shipping(const char *spec, unsigned workers)
{
	static const size_t counts[] = {0, 1, 7, 5000, SHIPPED};
	struct square *map = stage.common->own;
	struct team team;
	const struct runner *runner = stage_team(spec, workers, &team);
	struct job job = {.run = square,
			  .ctx = map,
			  .partials = stage.data->partials,
			  .width = 2,
			  .ctx_size = sizeof(*map),
			  .spans = square_spans,
			  .accumulate = 1};

	if (!runner)
		return -1;
	if (runner->open(&team) < 0)
		fail_in_child("%s: %s", spec, team.error);
	*map = (struct square){stage.data->in, stage.data->out};
	for (size_t c = 0; c < sizeof(counts) / sizeof(*counts); c++) {
		job.plan = plan_make(counts[c], 1024, workers);
		if (check_squares(runner, &team, &job, spec) < 0)
			return -1;
	}
	if (runner->close(&team) < 0)
		fail_in_child("%s: %s", spec, team.error);
	return 0;
}

static void data_goes_there_and_back(void **state)
{
	static const char *const runners[] = {
		"pipe-pool", "pipe-pool:channel=pipe",
		"fork-cow",  "spawn",
		"fork",	     "fork-pool"};

	(void)state;
	for (size_t i = 0; i < sizeof(runners) / sizeof(*runners); i++) {
		in_child(check_shipping, runners[i], 1);
		in_child(check_shipping, runners[i], 2);
		in_child(check_shipping, runners[i], 5);
	}
}

static int check_large_context(const char *spec, unsigned workers)
{
	struct team team;
	const struct runner *runner = stage_team(spec, workers, &team);
	struct job job = {.run = square,
			  .ctx = stage.common->own,
			  .partials = stage.data->partials,
			  .width = 1,
			  .ctx_size = JOB_CTX_MAX + 1,
			  .plan = plan_chunks(workers, 1)};

	if (!runner)
		return -1;
	if (runner->open(&team) < 0 || runner->dispatch(&team, &job) != -E2BIG)
		fail_in_child("%s: a context too large was shipped", spec);
	return runner->close(&team);
}

/* A job that a new program cannot map or find is refused. */
static int check_unmapped(const char *spec, unsigned workers)
{
	static struct partial elsewhere[2];
	struct team team;
	const struct runner *runner = stage_team(spec, workers, &team);
	struct job job = {.run = cover,
			  .ctx = &stage.common->self,
			  .partials = elsewhere,
			  .width = 1,
			  .plan = plan_chunks(workers, 1)};

	if (!runner)
		return -1;
	if (runner->open(&team) < 0 ||
	    runner->dispatch(&team, &job) != -EINVAL ||
	    !strstr(team.error, "team->maps"))
		fail_in_child("%s: partials elsewhere: %s", spec, team.error);
	runner->close(&team);
	team.maps[TEAM_DATA].fd = -1;
	if (runner->open(&team) != -ENOTSUP)
		fail_in_child("%s: data in no file was accepted", spec);
	return 0;
}

#if defined(__x86_64__)
/* Without address randomisation, the program of every try lies at the address
 * of the caller's data: the worker gives up with a reason. A program that is
 * linked for one address always lies there, in the first 4 GiB. */
static int check_no_room(const char *spec, unsigned workers)
{
	extern char __executable_start[];
	union {
		uintptr_t number;
		void *address;
	} program = {.address = __executable_start};
	struct team team;
	const struct runner *runner = stage_team(spec, workers, &team);
	struct job job = {.run = cover,
			  .ctx = &stage.common->self,
			  .partials = stage.common->own,
			  .width = 1,
			  .plan = plan_chunks(0, 1)};

	if (!runner)
		return -1;
	if (program.number >> 32)
		program.number = 0x555555554000;
	team.maps[TEAM_DATA].base = program.address;
	if (personality(ADDR_NO_RANDOMIZE) < 0 || runner->open(&team) < 0)
		fail_in_child("cannot begin: %s", team.error);
	if (runner->dispatch(&team, &job) != -EPIPE ||
	    !strstr(team.error, "no room at the caller's addresses"))
		fail_in_child("%s: no reason given: %s", spec, team.error);
	return runner->close(&team);
}
#endif

static void what_cannot_be_reached_is_refused(void **state)
{
	(void)state;
	in_child(check_large_context, "pipe-pool", 2);
	in_child(check_unmapped, "spawn", 2);
#if defined(__x86_64__)
	in_child(check_no_room, "spawn", 2);
#endif
}

/* --------------------------------------------------------------- idleness */

static void note_pid(const void *ctx, size_t begin, size_t end,
		     struct partial *out)
{
	(void)ctx, (void)begin, (void)end;
	out->i64[0] = getpid();
}

/* The other thread of this process, besides the main one; -1: there is none. */
static pid_t other_thread(void)
{
	DIR *folder = opendir("/proc/self/task");
	struct dirent *entry;
	pid_t other = -1;

	while (folder && (entry = readdir(folder))) {
		pid_t id = (pid_t)strtol(entry->d_name, NULL, 10);

		if (id > 0 && id != getpid())
			other = id;
	}
	if (folder)
		closedir(folder);
	return other;
}

/* CPU time of the only other worker. The clock of a thread is as in
 * linux/posix-timers.h; for a process, note_pid() has noted its pid. */
static int64_t worker_ns(const struct runner *runner)
{
	clockid_t id = (clockid_t)((~(unsigned)other_thread() << 3) | 6);

	if (runner->unit == UNIT_PROCESS)
		clock_getcpuclockid((pid_t)stage.data->partials[1].i64[0], &id);
	return clock_ns(id);
}

/* Wait until the other worker sleeps: its clock does not advance. On a busy
 * machine it may only be waiting for a CPU. */
static int64_t await_sleep(const struct runner *runner)
{
	const struct timespec nap = {.tv_nsec = 50000000};
	int64_t last, now = -1;

	do {
		last = now;
		nanosleep(&nap, NULL);
		now = worker_ns(runner);
	} while (now != last);
	return now;
}

/* wait=block: not a single ns of CPU time without work. */
static int check_idle(const char *spec, unsigned workers)
{
	const struct timespec idle = {.tv_nsec = 500000000};
	struct team team;
	const struct runner *runner = stage_team(spec, workers, &team);
	struct job job = {.run = note_pid,
			  .partials = stage.data->partials,
			  .width = 1,
			  .plan = plan_chunks(workers, 1)};
	int64_t before, after;

	if (!runner)
		return -1;
	team.oversubscribed = false;
	if (runner->open(&team) < 0 || runner->dispatch(&team, &job) < 0)
		fail_in_child("%s: %s", spec, team.error);
	before = await_sleep(runner);
	nanosleep(&idle, NULL);
	after = worker_ns(runner);
	runner->close(&team);
	if (after != before)
		fail_in_child("%s used %lld ns while idle", spec,
			      (long long)(after - before));
	return 0;
}

static void who_blocks_uses_no_cpu_time(void **state)
{
	(void)state;
	in_child(check_idle, "pthread-pool:wait=block", 2);
	in_child(check_idle, "fork-pool:wait=block", 2);
	in_child(check_idle, "pipe-pool", 2);
	in_child(check_idle, "pipe-pool:channel=pipe", 2);
}

static void close_leaves_no_child(void **state)
{
	(void)state;
	in_child(check_no_children, "fork", 5);
	in_child(check_no_children, "fork-pool", 5);
	in_child(check_no_children, "fork-pool:wait=block", 5);
	in_child(check_no_children, "pipe-pool", 5);
	in_child(check_no_children, "fork-cow", 5);
	in_child(check_no_children, "spawn", 2);
}

static void die(const void *ctx, size_t begin, size_t end, struct partial *out)
{
	const struct coverage *seen = get_stage(ctx)->own;

	(void)out, (void)begin;
	/* The last tile is never the caller's. cmocka catches this signal. */
	if (end != seen->last)
		return;
	signal(SIGSEGV, SIG_DFL);
	raise(SIGSEGV);
}

static int check_death(const char *spec, unsigned workers)
{
	enum { N = 64 };
	struct team team;
	const struct runner *runner = stage_team(spec, workers, &team);
	struct job job = {.run = die,
			  .ctx = &stage.common->self,
			  .partials = stage.data->partials,
			  .width = 1,
			  .plan = plan_chunks(N, 1)};

	if (!runner)
		return -1;
	coverage->last = N;
	if (runner->open(&team) < 0)
		fail_in_child("%s: %s", spec, team.error);
	if (runner->dispatch(&team, &job) >= 0)
		fail_in_child("%s: a dead worker went unseen", spec);
	if (!strstr(team.error, "signal 11") ||
	    !strstr(team.error, "tiles [") || !strstr(team.error, "pid"))
		fail_in_child("%s says too little: %s", spec, team.error);
	if (runner->lifetime == LIFETIME_POOLED &&
	    runner->dispatch(&team, &job) >= 0)
		fail_in_child("%s: a broken pool went on", spec);
	runner->close(&team);
	if (!stage_is_clean())
		fail_in_child("%s left a child behind", spec);
	team.error[0] = '\0';
	if (runner->open(&team) < 0 || runner->close(&team) < 0)
		fail_in_child("%s cannot be opened again: %s", spec,
			      team.error);
	return 0;
}

/* An idle leader dies: close does not wait for the workers that it leads. */
static int check_idle_death(const char *spec, unsigned workers)
{
	struct team team;
	const struct runner *runner = stage_team(spec, workers, &team);
	struct job job = {.run = note_pid,
			  .partials = stage.data->partials,
			  .width = 1,
			  .plan = plan_chunks(workers, 1)};

	if (!runner)
		return -1;
	if (runner->open(&team) < 0 || runner->dispatch(&team, &job) < 0)
		fail_in_child("%s: %s", spec, team.error);
	kill((pid_t)stage.data->partials[1].i64[0], SIGKILL);
	if (runner->close(&team) >= 0 || !strstr(team.error, "signal 9"))
		fail_in_child("%s: a death between calls went unseen", spec);
	if (!stage_is_clean())
		fail_in_child("%s left a child behind", spec);
	return 0;
}

static void an_idle_worker_that_dies_is_seen(void **state)
{
	(void)state;
	in_child(check_idle_death, "fork-pool", 2);
	in_child(check_idle_death, "fork-pool:wait=spin", 13);
	in_child(check_idle_death, "fork-pool:wait=block", 13);
	in_child(check_idle_death, "pipe-pool", 2);
	in_child(check_idle_death, "pipe-pool:channel=pipe", 13);
}

static void a_worker_that_dies_is_named(void **state)
{
	(void)state;
	for (unsigned workers = 2; workers <= 13; workers += 11) {
		in_child(check_death, "fork", workers);
		in_child(check_death, "fork-pool:wait=spin", workers);
		in_child(check_death, "fork-pool:wait=adaptive", workers);
		in_child(check_death, "fork-pool:wait=block", workers);
		in_child(check_death, "fork-cow", workers);
		in_child(check_death, "pipe-pool", workers);
		in_child(check_death, "pipe-pool:channel=pipe", workers);
		in_child(check_death, "spawn", workers);
	}
}

/* GNU's runtime or LLVM's, whichever this build has; NULL: neither. */
static const struct runner *find_openmp(void)
{
	struct error error;
	const struct runner *openmp = registry_runner("openmp", &error);

	return openmp ? openmp : registry_runner("openmp-llvm", &error);
}

/* FAULTS row 19: forking beside the threads of an OpenMP region. */
static int check_refusal(const char *spec, unsigned workers)
{
	struct error error;
	const struct runner *openmp = find_openmp();
	const struct runner *fork_runner = registry_runner(spec, &error);
	struct team team = {.workers = workers, .bound = stage.common->bound};

	spec_parse(openmp->name, openmp->options, team.options, &error);
	if (openmp->open(&team) < 0)
		fail_in_child("%s", team.error);
	spec_parse(spec, fork_runner->options, team.options, &error);
	if (fork_runner->open(&team) != -EBUSY)
		fail_in_child("%s was opened beside threads", spec);
	if (!strstr(team.error, "threads"))
		fail_in_child("%s does not say why: %s", spec, team.error);
	return 0;
}

static void forking_beside_threads_is_refused(void **state)
{
	(void)state;
	if (!find_openmp())
		skip();
	in_child(check_refusal, "fork", 2);
	in_child(check_refusal, "fork-pool", 2);
	in_child(check_refusal, "fork-cow", 2);
	in_child(check_refusal, "pipe-pool", 2);
}

/* ------------------------------------------------------- FAULTS 12, 14 */

/* Descriptors that are left open show after a few; memory, which sanitizers
 * keep for a while, only after many. */
#if defined(__SANITIZE_ADDRESS__)
enum { REOPENED = 50 };
#else
enum { REOPENED = 200 };
#endif
enum { TASKS = 4, REFUSED = 40, LINGER_MS = 50 };

static int limit_tasks(rlim_t count)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NPROC, &limit) < 0)
		return -1;
	limit.rlim_cur = count < limit.rlim_max ? count : limit.rlim_max;
	return setrlimit(RLIMIT_NPROC, &limit);
}

/* Become a user that no other process has, not even another run of this test:
 * all its tasks are ours. */
static int become_unused_user(void)
{
	unsigned id = 40000 + (unsigned)getpid() % 20000;

	if (setgroups(0, NULL) < 0 || setgid(id) < 0 || setuid(id) < 0)
		fail_in_child("cannot change the user: %s", strerror(errno));
	return 0;
}

enum { ALONE_MS = 60000 };

/* The kernel removes a thread a moment after it was joined. */
static bool is_alone(void)
{
	const struct timespec tick = {.tv_nsec = 1000000};

	if (!stage_is_clean())
		return false;
	for (int ms = 0; ms < ALONE_MS && process_is_threaded(); ms++)
		nanosleep(&tick, NULL);
	return !process_is_threaded();
}

/* Does the main thread of that process sleep? */
static bool sleeps(pid_t pid)
{
	char path[64], line[256] = "";
	const char *state;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/stat", (int)pid,
		 (int)pid);
	file = fopen(path, "r");
	if (file && !fgets(line, sizeof(line), file))
		line[0] = '\0';
	if (file)
		fclose(file);
	state = strrchr(line, ')');
	return state && strncmp(state, ") S", 3) == 0;
}

/* Wait until the caller has slept longer than the naps between its tries take
 * together, so that it has given up and waits for us: on a slow machine that
 * may be late. */
static void linger(const void *ctx, size_t begin, size_t end,
		   struct partial *out)
{
	const struct timespec tick = {.tv_nsec = 1000000};
	pid_t caller = gettid() == getpid() ? getppid() : getpid();

	(void)ctx, (void)begin, (void)end, (void)out;
	for (int slept = 0; slept < LINGER_MS; nanosleep(&tick, NULL))
		slept = sleeps(caller) ? slept + 1 : 0;
}

/* Open it, run a call and close it. 0 or -errno. */
static int open_and_call(const struct runner *runner, struct team *team)
{
	const struct job job = {.run = linger,
				.partials = stage.data->partials,
				.width = 1,
				.plan = plan_chunks(team->workers, 1)};
	int rc = runner->open(team);

	if (rc < 0)
		return rc;
	rc = runner->dispatch(team, &job);
	if (runner->close(team) < 0 && rc == 0)
		rc = -EPIPE;
	return rc;
}

static int check_limit(const char *spec, unsigned workers)
{
	struct team team;
	const struct runner *runner = stage_team(spec, workers, &team);

	if (!runner || become_unused_user() < 0)
		return -1;
	for (int again = 0; again < 2; again++) {
		if (limit_tasks(TASKS) < 0)
			fail_in_child("no limit: %s", strerror(errno));
		if (open_and_call(runner, &team) != -EAGAIN)
			fail_in_child("%s: a limit went unseen: %s", spec,
				      team.error);
		if (!strstr(team.error, "ulimit -u") ||
		    !strstr(team.error, "pids.max"))
			fail_in_child("%s does not name the limits: %s", spec,
				      team.error);
		if (!is_alone())
			fail_in_child("%s left a process behind", spec);
		if (limit_tasks(RLIM_INFINITY) < 0 ||
		    open_and_call(runner, &team) < 0)
			fail_in_child("%s does not recover: %s", spec,
				      team.error);
	}
	return 0;
}

static const char *const limited[] = {"fork",	      "pthread",    "fork-pool",
				      "pthread-pool", "fork-cow",   "pipe-pool",
				      "spawn",	      "pthread-gil"};

static void need_root(void)
{
	if (geteuid() == 0)
		return;
	print_message("only root can become another user\n");
	skip();
}

static void a_limit_of_processes_is_named(void **state)
{
	(void)state;
	need_root();
	in_children(check_limit, limited, 5);
	in_children(check_limit, limited, 13);
}

static void *be_in_the_way(void *arg)
{
	const struct timespec tick = {.tv_nsec = 100000};

	while (!sleeps(getpid()))
		nanosleep(&tick, NULL);
	return arg;
}

/* Use up the last task of the limit, and exit once the caller has failed. */
static int take_the_last(void)
{
	pthread_t thread;

	if (become_unused_user() < 0)
		return -1;
	if (limit_tasks(2) < 0 ||
	    pthread_create(&thread, NULL, be_in_the_way, NULL) != 0 ||
	    pthread_detach(thread) != 0)
		fail_in_child("no limit: %s", strerror(errno));
	return 0;
}

static int check_patient_fork(const char *spec, unsigned workers)
{
	char end[CHILD_END_MAX];
	pid_t pid;

	(void)spec, (void)workers;
	if (take_the_last() < 0)
		return -1;
	pid = child_fork();
	if (pid == 0)
		_exit(CHILD_DONE);
	if (pid < 0 || !child_reap(pid, end))
		fail_in_child("fork does not wait: %s", strerror(-pid));
	return 0;
}

static int check_patient_thread(const char *spec, unsigned workers)
{
	struct team team;
	const struct runner *runner = stage_team(spec, workers, &team);

	if (!runner || take_the_last() < 0)
		return -1;
	if (open_and_call(runner, &team) < 0)
		fail_in_child("%s does not wait: %s", spec, team.error);
	return 0;
}

/* The caller retries for 31 ms. */
static bool any_excuse(const char *failure)
{
	(void)failure;
	return true;
}

static void a_limit_that_passes_is_waited_for(void **state)
{
	static const char *const processes[] = {"fork"};
	static const char *const threads[] = {"pthread", "pthread-pool"};

	(void)state;
	need_root();
	in_children_unless(any_excuse, check_patient_fork, processes, 2);
	in_children_unless(any_excuse, check_patient_thread, threads, 2);
}

struct memory {
	long size, resident; /* pages */
	long files;	     /* open descriptors */
};

static long count_files(void)
{
	DIR *folder = opendir("/proc/self/fd");
	long count = 0;

	while (folder && readdir(folder))
		count++;
	if (folder)
		closedir(folder);
	return count;
}

static struct memory memory_now(void)
{
	struct memory memory = {.files = count_files()};
	FILE *file = fopen("/proc/self/statm", "r");
	char text[128], *end = text;

	if (!file)
		return memory;
	if (fgets(text, sizeof(text), file)) {
		memory.size = strtol(text, &end, 10);
		memory.resident = strtol(end, NULL, 10);
	}
	fclose(file);
	return memory;
}

/* Sanitizers keep for a while what has been freed. */
#if defined(__SANITIZE_ADDRESS__)
enum { SLACK = 1 << 20 };
#else
enum { SLACK = REFUSED / 2 };
#endif

/* Many times the same end: no process is left, and no memory is lost. */
static int repeat(const char *spec, unsigned workers, int times, int expected)
{
	struct memory before = {.size = 0}, after;
	struct team team;
	const struct runner *runner = stage_team(spec, workers, &team);

	for (int i = 0; i < times; i++) {
		int rc = runner ? runner->open(&team) : -EINVAL;

		if (rc == 0)
			rc = runner->close(&team);
		if (rc != expected)
			fail_in_child("%s: %d is not %d: %s", spec, rc,
				      expected, team.error);
		if (i == times / 10)
			before = memory_now();
	}
	after = memory_now();
	if (after.files != before.files)
		fail_in_child("%s has %ld descriptors more", spec,
			      after.files - before.files);
	if (!is_alone())
		fail_in_child("%s left a process behind", spec);
	if (after.size - before.size > SLACK ||
	    after.resident - before.resident > SLACK)
		fail_in_child("%s grew by %ld pages, %ld of them resident",
			      spec, after.size - before.size,
			      after.resident - before.resident);
	return 0;
}

static int check_reopening(const char *spec, unsigned workers)
{
	return repeat(spec, workers, REOPENED, 0);
}

static int check_refused_opening(const char *spec, unsigned workers)
{
	if (become_unused_user() < 0)
		return -1;
	if (limit_tasks(TASKS) < 0)
		fail_in_child("no limit: %s", strerror(errno));
	return repeat(spec, workers, REFUSED, -EAGAIN);
}

static void opening_often_costs_nothing(void **state)
{
	(void)state;
	in_child(check_reopening, "fork-pool", 3);
	in_child(check_reopening, "pthread-pool", 3);
	in_child(check_reopening, "pthread-gil", 3);
	in_child(check_reopening, "pipe-pool", 3);
	in_child(check_reopening, "pipe-pool:channel=pipe", 2);
	in_child(check_reopening, "fork-cow", 3);
	in_child(check_reopening, "spawn", 3);
}

static void failing_to_open_often_costs_nothing(void **state)
{
	static const char *const refused[] = {"fork-pool", "pthread-pool",
					      "pthread-gil", "pipe-pool",
					      "pipe-pool:channel=pipe"};

	(void)state;
	need_root();
	in_children(check_refused_opening, refused, 5);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_item_runs_once),
		cmocka_unit_test(many_workers_run_every_item_once),
		cmocka_unit_test(data_goes_there_and_back),
		cmocka_unit_test(what_cannot_be_reached_is_refused),
		cmocka_unit_test(who_blocks_uses_no_cpu_time),
		cmocka_unit_test(close_leaves_no_child),
		cmocka_unit_test(a_worker_that_dies_is_named),
		cmocka_unit_test(an_idle_worker_that_dies_is_seen),
		cmocka_unit_test(forking_beside_threads_is_refused),
		cmocka_unit_test(a_limit_of_processes_is_named),
		cmocka_unit_test(a_limit_that_passes_is_waited_for),
		cmocka_unit_test(opening_often_costs_nothing),
		cmocka_unit_test(failing_to_open_often_costs_nothing),
	};

	if (argc > 1 && strcmp(argv[1], EXEC_WORKER_COMMAND) == 0)
		return exec_worker_main(argc, argv);
	coverage = stage_open(sizeof(*coverage));
	if (!coverage)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
