/* SPDX-License-Identifier: MIT */
/*
 * Processes: started, joined, killed, and how their ends are described.
 */
#include "lib/breakeven.h"
#include "tests/lib/in_child.h"

#include <pthread.h>

static int leave_with(void *user)
{
	return *(int *)user;
}

static int check_status(unsigned unused, unsigned status)
{
	struct process process;
	int user = (int)status, seen = -1;

	(void)unused;
	check_in_child(process_start(&process, leave_with, &user, "one") == 0,
		       "%s", process.text);
	check_in_child(process.pid > 0 && strcmp(process.name, "one") == 0,
		       "pid %d, name %s", (int)process.pid, process.name);
	user = -1; /* too late for the copy */
	check_in_child(process_join(&process, -1, &seen) == 0, "%s",
		       process.text);
	check_in_child(seen == (int)status, "%d", seen);
	check_in_child(strstr(process.text, "left with status"), "%s",
		       process.text);
	check_in_child(process_join(&process, -1, NULL) == -EINVAL, "twice");
	check_in_child(process_kill(&process) == -EINVAL, "dead");
	return 0;
}

static void a_status_is_what_the_task_returns(void **state)
{
	(void)state;
	in_child("status", check_status, 0, 0);
	in_child("status", check_status, 0, 3);
	in_child("status", check_status, 0, CHILD_DONE);
	in_child("status", check_status, 0, 255);
}

static int die_by_signal(void *user)
{
	raise(*(int *)user);
	return 0;
}

static int call_exit(void *user)
{
	exit(*(int *)user);
}

static int check_deaths(unsigned unused, unsigned number)
{
	int status = 0, how = (int)number, quick = 7;
	char expected[32];
	struct process process;

	(void)unused;
	snprintf(expected, sizeof(expected), "killed by signal %d ", how);
	check_in_child(process_start(&process, die_by_signal, &how, NULL) == 0,
		       "%s", process.text);
	check_in_child(process_join(&process, 5, &status) == 0, "%s",
		       process.text);
	check_in_child(status == -how && strstr(process.text, expected),
		       "%d: %s", status, process.text);
	check_in_child(process_start(&process, call_exit, &quick, NULL) == 0,
		       "%s", process.text);
	check_in_child(process_join(&process, 5, &status) == 0 && status == 7,
		       "%d: %s", status, process.text);
	return 0;
}

static void a_death_is_told_in_words(void **state)
{
	(void)state;
	in_child("death", check_deaths, 0, SIGSEGV);
	in_child("death", check_deaths, 0, SIGABRT);
	in_child("death", check_deaths, 0, SIGKILL);
}

static int sleep_long(void *user)
{
	while (pause() < 0)
		;
	return user ? 1 : 0;
}

static int check_timeout(unsigned unused, unsigned stop)
{
	struct process process;
	int status = 1;

	(void)unused;
	check_in_child(process_start(&process, sleep_long, NULL, "long") == 0,
		       "%s", process.text);
	if (stop)
		kill(process.pid, SIGSTOP);
	check_in_child(process_join(&process, 0, &status) == -ETIMEDOUT, "0");
	check_in_child(process_join(&process, 0.05, &status) == -ETIMEDOUT,
		       "%s", process.text);
	check_in_child(status == 1 && process.pid > 0, "%d", status);
	check_in_child(process_kill(&process) == 0, "%s", process.text);
	check_in_child(process_join(&process, -1, &status) == 0, "%s",
		       process.text);
	check_in_child(status == -SIGKILL, "%d", status);
	return 0;
}

static void a_join_may_take_so_long(void **state)
{
	(void)state;
	in_child("timeout", check_timeout, 0, 0);
	in_child("timeout of a stopped one", check_timeout, 0, 1);
}

static int check_nothing(unsigned unused, unsigned none)
{
	struct process process;

	(void)unused, (void)none;
	check_in_child(process_start(&process, NULL, NULL, "x") == -EINVAL,
		       "%s", process.text);
	check_in_child(process_join(&process, 0, NULL) == -EINVAL, "%s",
		       process.text);
	return 0;
}

static void no_task_is_refused(void **state)
{
	(void)state;
	in_child("no task", check_nothing, 0, 0);
}

static void *wait_for_byte(void *fd)
{
	char byte;

	return read(*(int *)fd, &byte, 1) == 1 ? NULL : fd;
}

static int check_threads(unsigned unused, unsigned none)
{
	struct process process;
	int ends[2], rc, ok = 0;
	pthread_t thread;

	(void)unused, (void)none;
	check_in_child(pipe(ends) == 0, "pipe");
	check_in_child(pthread_create(&thread, NULL, wait_for_byte, ends) == 0,
		       "thread");
	rc = process_start(&process, leave_with, &ok, "x");
	check_in_child(rc == -EBUSY && strstr(process.text, "threads"), "%d %s",
		       rc, process.text);
	check_in_child(write(ends[1], "", 1) == 1, "write");
	pthread_join(thread, NULL);
	return 0;
}

static void starting_beside_threads_is_refused(void **state)
{
	(void)state;
	in_child("threads", check_threads, 0, 0);
}

/* ------------------------------------------------------- FAULTS 8, 11 */

/* The case leaves a process: it dies with the case. */
static int check_orphan(unsigned unused, unsigned none)
{
	struct process process;

	(void)unused, (void)none;
	check_in_child(process_start(&process, sleep_long, NULL, NULL) == 0,
		       "%s", process.text);
	return 0;
}

static void a_process_dies_with_its_parent(void **state)
{
	(void)state;
	in_child("orphan", check_orphan, 0, 0);
}

static int default_signals(void *user)
{
	struct sigaction child, pipe_action;
	sigset_t mask;

	(void)user;
	sigaction(SIGCHLD, NULL, &child);
	sigaction(SIGPIPE, NULL, &pipe_action);
	sigprocmask(SIG_BLOCK, NULL, &mask);
	return child.sa_handler == SIG_DFL &&
			       pipe_action.sa_handler == SIG_DFL &&
			       !sigismember(&mask, SIGCHLD)
		       ? 0
		       : 1;
}

static int check_signals(unsigned ignored, unsigned none)
{
	struct process process;
	int status = -1, rc;
	sigset_t mask;

	(void)none;
	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&mask);
	sigaddset(&mask, SIGCHLD);
	sigprocmask(SIG_BLOCK, &mask, NULL);
	if (ignored)
		signal(SIGCHLD, SIG_IGN);
	check_in_child(process_start(&process, default_signals, NULL, NULL) ==
			       0,
		       "%s", process.text);
	rc = process_join(&process, 5, &status);
	if (ignored)
		check_in_child(rc == -ECHILD && strstr(process.text, "SIGCHLD"),
			       "%d %s", rc, process.text);
	else
		check_in_child(rc == 0 && status == 0, "%d %d %s", rc, status,
			       process.text);
	return 0;
}

static void inherited_signals_do_no_harm(void **state)
{
	(void)state;
	in_child("SIGCHLD blocked", check_signals, 0, 0);
	in_child("SIGCHLD ignored", check_signals, 1, 0);
}

/* ------------------------------------------------------- FAULTS 26 */

static int print_line(void *user)
{
	printf("child %d\n", *(int *)user);
	return 0;
}

static void say_goodbye(void)
{
	printf("goodbye\n");
}

/* As main() would: half a line in the buffer, and a handler at the end. */
static void print_all(const char *path)
{
	struct process processes[3];

	if (!freopen(path, "w", stdout) || atexit(say_goodbye) != 0)
		_exit(1);
	printf("half ");
	for (int i = 0; i < 3; i++) {
		if (process_start(&processes[i], print_line, &i, NULL) < 0)
			_exit(2);
		process_join(&processes[i], -1, NULL);
	}
	printf("whole\n");
	exit(CHILD_DONE);
}

static void output_comes_once(void **state)
{
	char path[] = "/tmp/breakeven_test_XXXXXX", end[CHILD_END_MAX];
	char text[TEXT] = "";
	int file = mkstemp(path);
	pid_t pid;

	(void)state;
	assert_true(file >= 0);
	pid = child_fork();
	if (pid == 0)
		print_all(path);
	assert_true(child_reap(pid, end));
	assert_true(read(file, text, TEXT - 1) > 0);
	close(file);
	unlink(path);
	assert_string_equal(text, "half child 0\nchild 1\nchild 2\nwhole\n"
				  "goodbye\n");
	assert_alone("output");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_status_is_what_the_task_returns),
		cmocka_unit_test(a_death_is_told_in_words),
		cmocka_unit_test(a_join_may_take_so_long),
		cmocka_unit_test(no_task_is_refused),
		cmocka_unit_test(starting_beside_threads_is_refused),
		cmocka_unit_test(a_process_dies_with_its_parent),
		cmocka_unit_test(inherited_signals_do_no_harm),
		cmocka_unit_test(output_comes_once),
	};

	return prepare_cases(0) < 0 ? 1
				    : cmocka_run_group_tests(tests, NULL, NULL);
}
