/* SPDX-License-Identifier: MIT */
/*
 * Faults, injected for real, in every runner whose workers are processes: a
 * worker is killed, is stopped, hangs or exits, or its caller does. In every
 * case the error must name the worker and what happened, no process may be
 * left, and the runner must open again. An alarm ends a case that hangs.
 */
#include "runners/process/worker_processes.h"
#include "tests/runners/stage.h"

#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <time.h>

#include <cmocka.h>

enum { TEAM_MAX = 13 };

enum plot {
	PLOT_NONE,
	PLOT_KILL_ITSELF, /* the last worker, in its task */
	PLOT_KILL_LAST,	  /* the caller kills it while it sleeps in its task */
	PLOT_KILL_ALL,	  /* all others, in the same way */
	PLOT_KILL_LOCKED, /* worker 1, while it holds what the others need */
	PLOT_KILL_ANSWER, /* the last, while it sends more than fits */
	PLOT_EXIT_0,
	PLOT_EXIT_99,
	PLOT_HANG, /* the last worker, for ever */
	PLOT_LATE, /* the last worker, for longer than the timeout */
};

/* Shared with all workers, and with the caller. */
struct yard {
	enum plot plot;
	size_t last;		      /* of the workers */
	int late_ms;		      /* longer than the timeout */
	_Atomic pid_t pids[TEAM_MAX]; /* by worker, once it is in its task */
	_Atomic int64_t value;	      /* that every task contributes */
	_Atomic bool may_go;	      /* the helper */
	pthread_mutex_t lock;
	/* kill() of this process, by the pid that it was sent to */
	_Atomic pid_t killed[WORKERS_MAX];
	_Atomic unsigned kills;
};

static struct yard *yard(void)
{
	return stage.common->own;
}

static void nap(long ms)
{
	const struct timespec time = {.tv_sec = ms / 1000,
				      .tv_nsec = ms % 1000 * 1000000};

	nanosleep(&time, NULL);
}

/* In place of the C library's, to see which pids are killed. */
int kill(pid_t pid, int sig)
{
	yard()->killed[yard()->kills++ % WORKERS_MAX] = pid;
	return (int)syscall(SYS_kill, pid, sig);
}

/* ------------------------------------------------------------- the task */

static pid_t await_pid(struct yard *here, size_t worker)
{
	while (here->pids[worker] == 0)
		nap(1);
	return here->pids[worker];
}

/* Kill a child and wait for its end: while its answer is being received, the
 * kernel may let it go on sending. */
static void kill_dead(pid_t pid)
{
	siginfo_t info;

	kill(pid, SIGKILL);
	waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT);
}

/* As worker 0, with its own tile. */
static void act_as_caller(struct yard *here)
{
	switch (here->plot) {
	case PLOT_KILL_LAST:
		kill(await_pid(here, here->last), SIGKILL);
		break;
	case PLOT_KILL_ANSWER:
		await_pid(here, here->last);
		nap(100); /* by now it sends, and the caller does not read */
		kill_dead(here->pids[here->last]);
		break;
	case PLOT_KILL_ALL:
		for (size_t w = 1; w <= here->last; w++)
			kill(await_pid(here, w), SIGKILL);
		break;
	case PLOT_KILL_LOCKED:
		kill(await_pid(here, 1), SIGKILL);
		break;
	default:
		break;
	}
}

static void sleep_for_ever(void)
{
	for (;;)
		pause();
}

static void hold_the_lock(struct yard *here, size_t worker)
{
	pthread_mutex_lock(&here->lock);
	here->pids[worker] = getpid();
	if (worker == 1)
		sleep_for_ever();
	pthread_mutex_unlock(&here->lock);
}

static void act_as_last(struct yard *here)
{
	switch (here->plot) {
	case PLOT_KILL_ITSELF:
		syscall(SYS_kill, getpid(), SIGKILL);
		break;
	case PLOT_EXIT_0:
		exit(0);
	case PLOT_EXIT_99:
		_exit(99);
	case PLOT_KILL_LAST:
		sleep_for_ever();
		break;
	case PLOT_HANG:
		for (volatile int turns = 0;; turns++)
			;
	case PLOT_LATE:
		nap(here->late_ms);
		break;
	default:
		break;
	}
}

static void act(const void *ctx, size_t worker, size_t end, struct partial *out)
{
	struct yard *here = get_stage(ctx)->own;

	(void)end;
	if (worker == 0) {
		act_as_caller(here);
	} else if (here->plot == PLOT_KILL_LOCKED) {
		/* Worker 1 comes first. */
		while (worker > 1 && here->pids[1] == 0)
			nap(1);
		hold_the_lock(here, worker);
	} else {
		here->pids[worker] = getpid();
		if (here->plot == PLOT_KILL_ALL)
			sleep_for_ever();
		if (worker == here->last)
			act_as_last(here);
	}
	out->i64[0] = here->value;
}

/* Much more than a channel holds; the last tile has most of it. */
static size_t act_spans(const void *ctx, size_t begin, size_t end,
			struct span *spans)
{
	struct stage_data *data = get_stage(ctx)->data;

	(void)begin, (void)end;
	spans[0] = span_in(data->in, sizeof(*data->in), 0, SHIPPED);
	spans[1] = span_out(data->out, sizeof(*data->out), 0, SHIPPED);
	return 2;
}

static struct job make_job(unsigned workers, enum plot plot, int64_t value)
{
	yard()->plot = plot;
	yard()->last = workers - 1;
	yard()->late_ms = (int)(1667 * stage.timeout_s);
	yard()->value = value;
	for (unsigned w = 0; w < TEAM_MAX; w++)
		yard()->pids[w] = 0;
	return (struct job){.run = act,
			    .ctx = &stage.common->self,
			    .partials = stage.data->partials,
			    .width = 1,
			    .plan = plan_chunks(workers, 1)};
}

/* ----------------------------------------------------------- what follows */

/* A call in which nothing goes wrong. */
static int check_good_call(const struct runner *runner, struct team *team,
			   int64_t value)
{
	struct job job = make_job(team->workers, PLOT_NONE, value);

	for (unsigned t = 0; t < team->workers; t++)
		stage.data->partials[t].i64[0] = -1;
	if (runner->dispatch(team, &job) < 0)
		fail_in_child("a good call failed: %s", team->error);
	for (unsigned t = 0; t < team->workers; t++)
		if (stage.data->partials[t].i64[0] != value)
			fail_in_child("tile %u is %lld, not %lld", t,
				      (long long)stage.data->partials[t].i64[0],
				      (long long)value);
	return 0;
}

/* Open it, and see that it works. */
static int begin(const struct runner *runner, struct team *team)
{
	if (runner->open(team) < 0)
		fail_in_child("cannot begin: %s", team->error);
	return check_good_call(runner, team, 5);
}

/* Later calls fail at once; close leaves no process; the runner opens again. */
static int check_aftermath(const struct runner *runner, struct team *team)
{
	struct job job = make_job(team->workers, PLOT_NONE, 1);

	if (runner->lifetime == LIFETIME_POOLED &&
	    runner->dispatch(team, &job) >= 0)
		fail_in_child("a broken pool went on");
	if (runner->close(team) >= 0 && runner->lifetime == LIFETIME_POOLED)
		fail_in_child("a broken pool was closed as if it were whole");
	if (!stage_is_clean())
		fail_in_child("a child was left behind");
	if (runner->open(team) < 0)
		fail_in_child("cannot be opened again: %s", team->error);
	if (check_good_call(runner, team, 77) < 0)
		return -1;
	if (runner->close(team) < 0 || !stage_is_clean())
		fail_in_child("cannot be closed again: %s", team->error);
	return 0;
}

static int check_told(const struct team *team, const char *how)
{
	if (!strstr(team->error, how) || !strstr(team->error, "worker ") ||
	    !strstr(team->error, "pid ") || !strstr(team->error, "tiles ["))
		fail_in_child("'%s' is not told, or too little: %s", how,
			      team->error);
	return 0;
}

/* A call in which something goes wrong. */
static int check_plot(const char *spec, unsigned workers, enum plot plot,
		      int error, const char *how)
{
	struct team team;
	const struct runner *runner = stage_team(spec, workers, &team);
	struct job job;
	int rc;

	if (!runner)
		return -1;
	if (begin(runner, &team) < 0)
		return -1;
	job = make_job(workers, plot, 6);
	if (plot == PLOT_KILL_ANSWER)
		job.spans = act_spans;
	rc = runner->dispatch(&team, &job);
	/* There is no worker to be killed. */
	if (workers == 1)
		return rc < 0 || runner->close(&team) < 0;
	if (rc != error)
		fail_in_child("%d instead of %d: %s", rc, error, team.error);
	if (check_told(&team, how) < 0)
		return -1;
	return check_aftermath(runner, &team);
}

static const char *const pools[] = {
	"fork-pool", "fork-pool:wait=spin",    "fork-pool:wait=block",
	"pipe-pool", "pipe-pool:channel=pipe",
};
static const char *const per_call[] = {"fork", "fork-cow", "spawn"};

enum {
	POOLS = sizeof(pools) / sizeof(*pools),
	PER_CALL = sizeof(per_call) / sizeof(*per_call),
};

static void run_each(stage_case *check, const char *name, unsigned workers)
{
	char end[CHILD_END_MAX];

	for (size_t i = 0; i < POOLS + PER_CALL; i++) {
		const char *spec = i < POOLS ? pools[i] : per_call[i - POOLS];

		if (!stage_run(check, spec, workers, end))
			fail_msg("%s, %s with %u workers: %s %s", name, spec,
				 workers, end, stage.common->failure);
	}
}

#define each_runner(check, workers) run_each(check, #check, workers)

/* ---------------------------------------------------------- FAULTS 1 and 3 */

static int check_killed_itself(const char *spec, unsigned workers)
{
	return check_plot(spec, workers, PLOT_KILL_ITSELF, -EPIPE, "signal 9");
}

static int check_killed(const char *spec, unsigned workers)
{
	return check_plot(spec, workers, PLOT_KILL_LAST, -EPIPE, "signal 9");
}

static int check_all_killed(const char *spec, unsigned workers)
{
	return check_plot(spec, workers, PLOT_KILL_ALL, -EPIPE, "signal 9");
}

static int check_killed_idle(const char *spec, unsigned workers)
{
	struct team team;
	const struct runner *runner = stage_team(spec, workers, &team);
	struct job job;

	if (!runner)
		return -1;
	if (begin(runner, &team) < 0)
		return -1;
	if (workers == 1)
		return runner->close(&team);
	kill(yard()->pids[workers - 1], SIGKILL);
	nap(20);
	job = make_job(workers, PLOT_NONE, 6);
	if (runner->dispatch(&team, &job) != -EPIPE)
		fail_in_child("a dead worker went unseen");
	if (check_told(&team, "signal 9") < 0)
		return -1;
	return check_aftermath(runner, &team);
}

static void a_worker_is_killed(void **state)
{
	static const unsigned counts[] = {1, 2, 5, TEAM_MAX};

	(void)state;
	for (size_t c = 0; c < sizeof(counts) / sizeof(*counts); c++) {
		unsigned workers = counts[c];

		/* In a team of one, the last worker is the caller. */
		if (workers > 1)
			each_runner(check_killed_itself, workers);
		for (size_t p = 0; p < POOLS; p++)
			in_child(check_killed_idle, pools[p], workers);
		if (workers > 1) {
			each_runner(check_killed, workers);
			each_runner(check_all_killed, workers);
		}
	}
}

static int check_exit_0(const char *spec, unsigned workers)
{
	return check_plot(spec, workers, PLOT_EXIT_0, -EPIPE, "with status 0");
}

static int check_exit_99(const char *spec, unsigned workers)
{
	return check_plot(spec, workers, PLOT_EXIT_99, -EPIPE,
			  "with status 99");
}

static void a_task_that_leaves_is_no_success(void **state)
{
	(void)state;
	each_runner(check_exit_0, 2);
	each_runner(check_exit_0, 5);
	each_runner(check_exit_99, 5);
}

/* --------------------------------------------------------------- FAULTS 5 */

/* SIGPIPE would end this process, by its default action. */
static int check_killed_answering(const char *spec, unsigned workers)
{
	signal(SIGPIPE, SIG_DFL);
	return check_plot(spec, workers, PLOT_KILL_ANSWER, -EPIPE, "signal 9");
}

/* A process that sends a worker a signal some time after it may go. */
static pid_t helper(pid_t worker, int number)
{
	pid_t pid = child_fork();

	if (pid != 0)
		return pid;
	while (!yard()->may_go)
		nap(1);
	nap(100);
	syscall(SYS_kill, worker, number);
	_exit(CHILD_DONE);
}

/* A stopped worker receives nothing: its caller is still sending when it dies.
 */
static int check_killed_receiving(const char *spec, unsigned workers)
{
	struct team team;
	const struct runner *runner = stage_team(spec, workers, &team);
	char end[CHILD_END_MAX];
	struct job job;
	pid_t victim, other;
	int rc;

	if (!runner)
		return -1;
	signal(SIGPIPE, SIG_DFL);
	yard()->may_go = false;
	if (begin(runner, &team) < 0)
		return -1;
	victim = yard()->pids[workers - 1];
	other = helper(victim, SIGKILL);
	kill(victim, SIGSTOP);
	job = make_job(workers, PLOT_NONE, 6);
	job.spans = act_spans;
	yard()->may_go = true;
	rc = runner->dispatch(&team, &job);
	if (other < 0 || !child_reap(other, end))
		fail_in_child("no helper");
	if (rc != -EPIPE)
		fail_in_child("%d: %s", rc, team.error);
	if (check_told(&team, "signal 9") < 0)
		return -1;
	return check_aftermath(runner, &team);
}

static void a_worker_dies_while_data_is_shipped(void **state)
{
	static const char *const shipping[] = {
		"pipe-pool", "pipe-pool:channel=pipe", "pipe-pool:timeout=60"};

	(void)state;
	for (size_t i = 0; i < sizeof(shipping) / sizeof(*shipping); i++)
		for (unsigned workers = 2; workers <= 5; workers += 3) {
			in_child(check_killed_answering, shipping[i], workers);
			in_child(check_killed_receiving, shipping[i], workers);
		}
	in_child(check_killed_answering, "fork-cow", 2);
	in_child(check_killed_answering, "fork-cow", 5);
}

/* --------------------------------------------------------- FAULTS 6 and 7 */

/* The timeout as error messages have it. */
static const char *timeout_told(void)
{
	static char text[32];

	snprintf(text, sizeof(text), "%g s", stage.timeout_s);
	return text;
}

static int check_hanging(const char *spec, unsigned workers)
{
	return check_plot(spec, workers, PLOT_HANG, -ETIMEDOUT, timeout_told());
}

static int check_late(const char *spec, unsigned workers)
{
	return check_plot(spec, workers, PLOT_LATE, -ETIMEDOUT, timeout_told());
}

static int check_stopped(const char *spec, unsigned workers)
{
	struct team team;
	const struct runner *runner = stage_team(spec, workers, &team);
	struct job job;

	if (!runner)
		return -1;
	for (int shipping = 0; shipping < 2; shipping++) {
		if (begin(runner, &team) < 0)
			return -1;
		kill(yard()->pids[workers - 1], SIGSTOP);
		job = make_job(workers, PLOT_NONE, 6);
		if (shipping)
			job.spans = act_spans;
		if (runner->dispatch(&team, &job) != -ETIMEDOUT)
			fail_in_child("a stopped worker went unseen: %s",
				      team.error);
		if (check_told(&team, timeout_told()) < 0 ||
		    check_aftermath(runner, &team) < 0)
			return -1;
	}
	return 0;
}

/* A worker is stopped between two calls: close does not wait for ever. */
static int check_closing_stopped(const char *spec, unsigned workers)
{
	struct team team;
	const struct runner *runner = stage_team(spec, workers, &team);

	if (!runner)
		return -1;
	if (begin(runner, &team) < 0)
		return -1;
	kill(yard()->pids[workers - 1], SIGSTOP);
	if (runner->close(&team) != -ETIMEDOUT)
		fail_in_child("a stopped worker was closed: %s", team.error);
	if (!stage_is_clean())
		fail_in_child("a child was left behind");
	return 0;
}

/* On a busy machine a good call may take longer than the timeout. */
static bool was_late(const char *failure)
{
	return strstr(failure, "has not arrived within") ||
	       (strstr(failure, "a good call failed") &&
		strstr(failure, "made no progress"));
}

#define in_timed_children(check, specs, workers)                               \
	in_children_unless(was_late, check, specs, workers)

static void a_worker_that_does_not_come_is_named(void **state)
{
	static const char *const timed[] = {
		"fork-pool:timeout=@",
		"fork-pool:timeout=@:wait=block",
		"fork-pool:timeout=@:wait=spin",
		"pipe-pool:timeout=@",
		"pipe-pool:timeout=@:channel=pipe",
	};
	static const char *const called[] = {
		"fork:timeout=@", "fork-cow:timeout=@", "spawn:timeout=@"};

	(void)state;
	for (unsigned workers = 2; workers <= TEAM_MAX; workers += 11) {
		in_timed_children(check_hanging, timed, workers);
		in_timed_children(check_late, timed, workers);
		in_timed_children(check_stopped, timed, workers);
		in_timed_children(check_closing_stopped, timed, workers);
	}
	in_timed_children(check_hanging, called, 2);
	in_timed_children(check_late, called, 2);
	in_timed_children(check_hanging, called, 5);
}

/* --------------------------------------------------------------- FAULTS 9 */

/* A child whose parent ends before it could ask for a death signal. */
static int check_early_orphan(const char *spec, unsigned by_main)
{
	int status = 0, last = 0;
	pid_t parent, pid;

	(void)spec;
	/* Orphans below become children of this process. */
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	parent = fork();
	if (parent == 0) {
		pid_t above = getpid();

		if (fork() > 0)
			_exit(0);
		while (getppid() == above)
			nap(1);
		child_setup(above, by_main);
		_exit(1);
	}
	while ((pid = waitpid(-1, &status, 0)) > 0)
		if (pid != parent)
			last = status;
	if (!WIFEXITED(last) || WEXITSTATUS(last) != 127)
		fail_in_child("an orphan went on: %#x", (unsigned)last);
	return 0;
}

static void *have_a_child(void *pid)
{
	*(pid_t *)pid = child_fork();
	if (*(pid_t *)pid != 0)
		return NULL;
	yard()->pids[0] = getpid();
	for (;;)
		pause();
}

/* A child of a thread that ends, asleep, and then of a process that does. */
static int live_with_a_child(bool by_thread)
{
	pthread_t thread;
	pid_t child = 0;

	if (!by_thread)
		have_a_child(&child);
	else if (pthread_create(&thread, NULL, have_a_child, &child) != 0 ||
		 pthread_join(thread, NULL) != 0)
		return 1;
	while (yard()->pids[0] == 0)
		nap(1);
	nap(100);
	return child <= 0 || child_ended(child);
}

static int check_orphan(const char *spec, unsigned by_thread)
{
	pid_t parent, child;
	int status;

	(void)spec;
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	parent = fork();
	if (parent == 0)
		_exit(live_with_a_child(by_thread));
	if (waitpid(parent, &status, 0) != parent || status != 0)
		fail_in_child("the child ended before its parent");
	child = yard()->pids[0];
	/* It is our child now; the alarm ends a vain wait. */
	if (waitpid(child, &status, 0) != child)
		fail_in_child("the orphan has no parent here: %s",
			      strerror(errno));
	if (by_thread ? !WIFEXITED(status) || WEXITSTATUS(status) != 127
		      : !WIFSIGNALED(status) || WTERMSIG(status) != SIGKILL)
		fail_in_child("the orphan ended in another way: %#x",
			      (unsigned)status);
	return 0;
}

static void a_child_ends_with_its_parent(void **state)
{
	(void)state;
	for (unsigned by = 0; by < 2; by++) {
		yard()->pids[0] = 0;
		in_child(check_early_orphan, "a child", by);
		in_child(check_orphan, "a child", by);
	}
}

/* The caller is killed: no worker is left. */
static int check_caller_killed(const char *spec, unsigned workers)
{
	pid_t caller;
	int status;

	prctl(PR_SET_CHILD_SUBREAPER, 1);
	caller = fork();
	if (caller == 0) {
		struct team team;
		const struct runner *runner = stage_team(spec, workers, &team);
		struct job job = make_job(workers, PLOT_HANG, 1);

		if (runner && runner->open(&team) == 0)
			runner->dispatch(&team, &job);
		_exit(1);
	}
	await_pid(yard(), workers - 1);
	kill(caller, SIGKILL);
	/* All workers have become our children: wait until none is left. A
	 * worker that had done its share may have exited before. One that had
	 * not asked for its death signal yet exits by itself. One that was
	 * answering finds the channel broken. */
	while (waitpid(-1, &status, 0) > 0)
		if (WIFEXITED(status)
			    ? WEXITSTATUS(status) != CHILD_DONE &&
				      WEXITSTATUS(status) != WORKER_NO_CALLER &&
				      WEXITSTATUS(status) != 127
			    : WTERMSIG(status) != SIGKILL &&
				      WTERMSIG(status) != SIGPIPE)
			fail_in_child("one ended in another way: %#x",
				      (unsigned)status);
	return 0;
}

static void no_worker_outlives_its_caller(void **state)
{
	(void)state;
	for (size_t p = 0; p < POOLS; p++) {
		make_job(5, PLOT_HANG, 1);
		in_child(check_caller_killed, pools[p], 5);
	}
	for (size_t p = 0; p < PER_CALL; p++) {
		make_job(5, PLOT_HANG, 1);
		in_child(check_caller_killed, per_call[p], 5);
	}
}

/* -------------------------------------------------------------- FAULTS 11 */

static bool acts_by_default(int number)
{
	struct sigaction now;

	return sigaction(number, NULL, &now) == 0 && now.sa_handler == SIG_DFL;
}

static void look_at_signals(const void *ctx, size_t worker, size_t end,
			    struct partial *out)
{
	sigset_t blocked;

	(void)ctx, (void)end;
	sigprocmask(SIG_BLOCK, NULL, &blocked);
	out->i64[0] = worker == 0 ||
		      (acts_by_default(SIGCHLD) && acts_by_default(SIGPIPE) &&
		       !sigismember(&blocked, SIGCHLD) &&
		       !sigismember(&blocked, SIGUSR1));
}

static int check_signals(const char *spec, unsigned workers)
{
	struct team team;
	const struct runner *runner = stage_team(spec, workers, &team);
	struct job job = make_job(workers, PLOT_NONE, 0);
	sigset_t all;

	if (!runner)
		return -1;
	sigfillset(&all);
	sigdelset(&all, SIGALRM);
	sigprocmask(SIG_BLOCK, &all, NULL);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGCHLD, SIG_IGN);
	job.run = look_at_signals;
	if (runner->open(&team) < 0 || runner->dispatch(&team, &job) < 0)
		fail_in_child("cannot begin: %s", team.error);
	for (unsigned w = 0; w < workers; w++)
		if (stage.data->partials[w].i64[0] != 1)
			fail_in_child("worker %u inherited signals", w);
	if (runner->close(&team) < 0)
		fail_in_child("a good end went unseen: %s", team.error);
	signal(SIGCHLD, SIG_IGN);
	return check_killed(spec, workers);
}

static int check_no_zombies_kept(const char *spec, unsigned workers)
{
	const struct sigaction none = {.sa_handler = SIG_DFL,
				       .sa_flags = SA_NOCLDWAIT};

	sigaction(SIGCHLD, &none, NULL);
	return check_killed(spec, workers);
}

static void deaths_are_seen_whatever_signals_do(void **state)
{
	(void)state;
	each_runner(check_signals, 2);
	each_runner(check_signals, 5);
	each_runner(check_no_zombies_kept, 2);
}

/* -------------------------------------------------------------- FAULTS 13 */

static int check_no_kill(const char *spec, unsigned workers)
{
	struct team team;
	const struct runner *runner = stage_team(spec, workers, &team);
	struct job job;
	pid_t dead;

	if (!runner)
		return -1;
	if (begin(runner, &team) < 0)
		return -1;
	job = make_job(workers, PLOT_KILL_ITSELF, 6);
	if (runner->dispatch(&team, &job) >= 0)
		fail_in_child("a dead worker went unseen");
	dead = yard()->pids[workers - 1];
	yard()->kills = 0;
	memset(yard()->killed, 0, sizeof(yard()->killed));
	runner->close(&team);
	for (unsigned k = 0; k < WORKERS_MAX; k++)
		if (yard()->killed[k] == dead)
			fail_in_child("a pid was killed that may be another's");
	return 0;
}

static void who_was_reaped_is_not_killed(void **state)
{
	(void)state;
	each_runner(check_no_kill, 2);
	each_runner(check_no_kill, 5);
}

/* -------------------------------------------------------------- FAULTS 26 */

static void say_bye(void)
{
	if (write(STDOUT_FILENO, "bye\n", 4) < 0)
		_exit(1);
}

static int use_with_output_under_way(const char *spec, unsigned workers)
{
	struct team team;
	const struct runner *runner = stage_team(spec, workers, &team);

	if (!runner || atexit(say_bye) != 0)
		return -1;
	printf("half a ");
	if (runner->open(&team) < 0 || check_good_call(runner, &team, 5) < 0)
		return -1;
	printf("line\n");
	return runner->close(&team);
}

static int check_output(const char *spec, unsigned workers)
{
	/* Buffered output is written last, when the process ends. */
	static const char expected[] = "bye\nhalf a line\n";
	int file = memfd_create("output", 0);
	char text[sizeof(expected) + 64] = "";
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		if (dup2(file, STDOUT_FILENO) < 0)
			_exit(1);
		/* Fully buffered, as into any file. */
		setvbuf(stdout, NULL, _IOFBF, BUFSIZ);
		exit(use_with_output_under_way(spec, workers) < 0);
	}
	if (waitpid(pid, &status, 0) != pid || status != 0)
		return -1;
	if (pread(file, text, sizeof(text) - 1, 0) < 0 ||
	    strcmp(text, expected) != 0)
		fail_in_child("the output is '%s'", text);
	close(file);
	return 0;
}

static void output_under_way_is_written_once(void **state)
{
	(void)state;
	each_runner(check_output, 5);
}

/* -------------------------------------------------------------- FAULTS 29 */

static int check_killed_locked(const char *spec, unsigned workers)
{
	pthread_mutexattr_t attributes;

	pthread_mutexattr_init(&attributes);
	pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
	pthread_mutex_init(&yard()->lock, &attributes);
	return check_plot(spec, workers, PLOT_KILL_LOCKED, -EPIPE, "worker 1 ");
}

static void a_lock_held_by_a_dead_worker_blocks_no_other(void **state)
{
	(void)state;
	each_runner(check_killed_locked, 2);
	each_runner(check_killed_locked, 5);
	each_runner(check_killed_locked, TEAM_MAX);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_worker_is_killed),
		cmocka_unit_test(a_task_that_leaves_is_no_success),
		cmocka_unit_test(a_worker_dies_while_data_is_shipped),
		cmocka_unit_test(a_worker_that_does_not_come_is_named),
		cmocka_unit_test(a_child_ends_with_its_parent),
		cmocka_unit_test(no_worker_outlives_its_caller),
		cmocka_unit_test(deaths_are_seen_whatever_signals_do),
		cmocka_unit_test(who_was_reaped_is_not_killed),
		cmocka_unit_test(output_under_way_is_written_once),
		cmocka_unit_test(a_lock_held_by_a_dead_worker_blocks_no_other),
	};

	if (argc > 1 && strcmp(argv[1], EXEC_WORKER_COMMAND) == 0)
		return exec_worker_main(argc, argv);
	if (!stage_open(sizeof(struct yard)))
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
