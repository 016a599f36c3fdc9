/* SPDX-License-Identifier: MIT */
#include "bench/engine/host_process.h"

#include "bench/protocol/request.h"
#include "core/clock.h"
#include "system/child.h"
#include "system/child_fork.h"
#include "system/oom.h"
#include "system/self.h"
#include "system/sysfile.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
	CLOSE_MS = 1000,
	HOST_NOT_STARTED = 127, /* exit status, as the shell has it */
	/* Another process may have continued it: do not wait for ever. */
	PARK_TICKS = 2000,
	WATCH_EVERY = 16,	/* parkings, */
	WATCH_FIRST = 20000000, /* once it was watched for so many ns */
	SETTLE_NS = 200000,
	SETTLE_NAPS = 2500,
	LEAK_NS = 1000000,
	LEAK_PART = 4,
	LEAK_PART_STRAY = 100,
};

static const char *host_advice(int error)
{
	return error == EMFILE ? ": raise the limit on open files, ulimit -n"
			       : "";
}

static void host_close_keeping_errno(int fd)
{
	int error = errno;

	if (fd >= 0)
		close(fd);
	errno = error;
}

/* The controller's descriptors are close-on-exec, and above the numbers that
 * the host expects. Move the host's into place. */
static void host_descriptors(int control, int arena, int standard_error)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	bool moved = dup2(standard_error, STDERR_FILENO) >= 0 && null >= 0 &&
		     dup2(null, STDIN_FILENO) >= 0 &&
		     dup2(null, STDOUT_FILENO) >= 0 &&
		     dup2(control, HOST_CONTROL_FD) >= 0 &&
		     (arena < 0 || dup2(arena, HOST_ARENA_FD) >= 0);

	if (moved)
		return;
	dprintf(STDERR_FILENO, "no descriptors for a host: %s%s\n",
		strerror(errno), host_advice(errno));
	_exit(HOST_NOT_STARTED);
}

static void host_exec(const char *path, char *order, int control, int arena,
		      int standard_error, const struct topology *topology)
{
	char program[] = "breakeven", command[] = "host";
	char *argv[] = {program, command, order, NULL};

	setpgid(0, 0);
	if (topology)
		topology_unbind(topology);
	host_descriptors(control, arena, standard_error);
	/* If memory runs out, the kernel should kill this host, not the
	 * controller. */
	sysfile_write("/proc/self/oom_score_adj", "1000");
	execv(path, argv);
	dprintf(STDERR_FILENO, "execv %s: %s\n", path, strerror(errno));
	_exit(HOST_NOT_STARTED);
}

int host_process_lift(int fd)
{
	int lifted = fd < 0 ? -1 : fcntl(fd, F_DUPFD_CLOEXEC, 10);

	/* EINVAL means that the limit on descriptors is below ten. */
	if (fd >= 0 && lifted < 0 && errno == EINVAL)
		errno = EMFILE;
	if (fd >= 0)
		host_close_keeping_errno(fd);
	return lifted;
}

static int host_no_start(struct host_process *host, const char *what)
{
	return error_set(&host->error, ERROR_FAILED,
			 "cannot start a host: %s: %s%s", what, strerror(errno),
			 host_advice(errno));
}

/* The two ends of the wire, and where a host's standard error goes. 0, or -1
 * with errno set and nothing left open. */
static int host_open_channels(struct host_process *host, int *theirs)
{
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0)
		return -1;
	host->wire.used = 0;
	host->wire.fd = host_process_lift(pair[0]);
	*theirs = host->wire.fd < 0 ? -1 : host_process_lift(pair[1]);
	if (host->wire.fd < 0)
		host_close_keeping_errno(pair[1]);
	host->stderr_fd = *theirs < 0 ? -1
				      : host_process_lift(memfd_create(
						"stderr", MFD_CLOEXEC));
	if (host->stderr_fd >= 0)
		return 0;
	host_close_keeping_errno(host->wire.fd);
	host_close_keeping_errno(*theirs);
	return -1;
}

int host_process_start(struct host_process *host, json_t *order, int arena_fd,
		       const struct topology *topology)
{
	char *text = json_dumps(order, JSON_COMPACT);
	const char *path = host->program ? host->program : self_program();
	int theirs;

	json_decref(order);
	host->oom_kills = oom_kills("");
	if (!text || host_open_channels(host, &theirs) < 0) {
		free(text);
		return host_no_start(host, "descriptors");
	}
	fflush(NULL);
	host->pid = child_fork();
	if (host->pid == 0)
		host_exec(path, text, theirs, arena_fd, host->stderr_fd,
			  topology);
	free(text);
	close(theirs);
	if (host->pid < 0) {
		errno = -host->pid;
		host->pid = 0;
		host_close_keeping_errno(host->wire.fd);
		host_close_keeping_errno(host->stderr_fd);
		return host_no_start(host, errno == EAGAIN
						   ? "fork (" CHILD_LIMITS ")"
						   : "fork");
	}
	/* Done here and in the child: the first one counts. */
	setpgid(host->pid, host->pid);
	return 0;
}

/* The text goes to records and terminals. */
static void host_make_printable(char *text)
{
	for (; *text; text++)
		if (*text < ' ' || *text > '~')
			*text = '?';
}

/* The last line that the host wrote to its standard error, or "". */
static void host_last_words(const struct host_process *host, char *words,
			    size_t size)
{
	off_t end = lseek(host->stderr_fd, 0, SEEK_END);
	off_t from = end > (off_t)size - 1 ? end - (off_t)size + 1 : 0;
	ssize_t got = pread(host->stderr_fd, words, size - 1, from);
	char *line;

	words[got > 0 ? got : 0] = '\0';
	while (got > 0 && isspace((unsigned char)words[got - 1]))
		words[--got] = '\0';
	line = strrchr(words, '\n');
	if (line)
		memmove(words, line + 1, strlen(line));
	host_make_printable(words);
}

/* Pass on what a living host wrote to its standard error. */
static void host_relay_words(const struct host_process *host)
{
	char words[4096];
	ssize_t got = pread(host->stderr_fd, words, sizeof(words) - 2, 0);

	if (got <= 0)
		return;
	if (words[got - 1] != '\n')
		words[got++] = '\n';
	words[got] = '\0';
	if (host->relay)
		host->relay(words);
	else
		fputs(words, stderr);
}

static void host_forget(struct host_process *host)
{
	wire_close(&host->wire);
	close(host->stderr_fd);
	cpu_clock_close(&host->cpu);
	host->leaked_ns = host->parked_ns = 0;
	host->parkings = 0;
	host->watched = false;
	host->pid = 0;
}

void host_process_kill(struct host_process *host)
{
	char end[CHILD_END_MAX];

	if (host->pid == 0)
		return;
	kill(-host->pid, SIGKILL);
	child_reap(host->pid, end);
	host_relay_words(host);
	host_forget(host);
}

/* Give a host whose wire is closed the time to exit. */
static void host_await_end(const struct host_process *host)
{
	const struct timespec tick = {.tv_nsec = 1000000};

	kill(-host->pid, SIGCONT);
	for (int ms = 0; ms < CLOSE_MS && !child_ended(host->pid); ms++)
		nanosleep(&tick, NULL);
}

/* Add to its error if the kernel killed one of its processes for lack of
 * memory. */
static int host_failure(struct host_process *host)
{
	const char *memory = strstr(host->error.text, CHILD_KILLED)
				     ? oom_since("", host->oom_kills)
				     : NULL;

	if (!memory)
		return host->error.kind;
	return error_append(&host->error, ERROR_MEMORY,
			    ": %s: raise the limit, or name smaller sizes",
			    memory);
}

/* The host has ended, or hangs (`hung` says how): kill the rest of its group
 * and keep the reason. The group is killed while its leader, not yet reaped,
 * still holds the number. */
static int host_explain_end(struct host_process *host, const char *hung)
{
	char end[CHILD_END_MAX] = "", words[200];

	if (!hung)
		host_await_end(host);
	kill(-host->pid, SIGKILL);
	child_reap(host->pid, end);
	host_last_words(host, words, sizeof(words));
	error_set(&host->error, ERROR_FAILED, "the host %s%s%s",
		  hung ? hung : end, words[0] ? ", saying: " : "", words);
	host_forget(host);
	return host_failure(host);
}

static int host_refusal(struct host_process *host, json_t *error)
{
	const char *kind = json_string_value(json_object_get(error, "kind"));
	const char *text = json_string_value(json_object_get(error, "message"));

	error_set(&host->error, ERROR_FAILED, "%s",
		  text ? text : "no reason given");
	for (int i = ERROR_USAGE; kind && i <= ERROR_INVALID; i++)
		if (i != ERROR_FAILED && strcmp(kind, error_kind_names[i]) == 0)
			return host->error.kind = (enum error_kind)i;
	return host_failure(host);
}

int host_process_receive(struct host_process *host, int timeout_ms,
			 int interrupt_fd, json_t **result)
{
	json_t *answer, *ok;
	char hung[64];
	int rc = wire_receive(&host->wire, timeout_ms, interrupt_fd, &answer);

	if (rc == -EINTR)
		return ERROR_INTERRUPTED;
	if (rc == -ETIMEDOUT) {
		snprintf(hung, sizeof(hung), "gave no answer within %d s",
			 timeout_ms / 1000);
		return host_explain_end(host, hung);
	}
	if (rc < 0)
		return host_explain_end(
			host, rc == -EPIPE ? NULL : "answered with noise");
	ok = json_object_get(answer, "ok");
	rc = ok ? 0 : host_refusal(host, json_object_get(answer, "error"));
	if (ok && result)
		*result = json_incref(ok);
	json_decref(answer);
	return rc;
}

/* Has the whole host stopped, or ended? This consumes the notice of a stop. */
static bool host_has_stopped(const struct host_process *host)
{
	siginfo_t info = {.si_pid = 0};

	waitid(P_PID, (id_t)host->pid, &info, WSTOPPED | WNOHANG);
	return info.si_pid != 0 || child_ended(host->pid);
}

/* CPU time below this part of the parked time is no leak: a late stop is
 * forgiven. A process that left the group is not stopped, and may get little
 * time on a busy machine. */
static int host_leak_part(const struct host_process *host)
{
	for (size_t i = 0; i < host->cpu.count; i++) {
		pid_t group = getpgid(host->cpu.pids[i]);

		if (group >= 0 && group != host->pid)
			return LEAK_PART_STRAY;
	}
	return LEAK_PART;
}

/* Has it used CPU time while it was parked, which slowed down others? */
static int host_check_leak(struct host_process *host)
{
	if (!host->watched)
		return 0;
	cpu_clock_settle(&host->cpu);
	host->leaked_ns += cpu_clock_ns(&host->cpu) - host->used_then;
	host->parked_ns += now_ns() - host->parked_at;
	if (host->leaked_ns <= LEAK_NS ||
	    host->leaked_ns <= host->parked_ns / host_leak_part(host))
		return 0;
	host->leaks = true;
	return error_set(
		&host->error, ERROR_INVALID,
		"spin leak: it used %.1f ms of CPU time within the %.1f ms "
		"that it was parked",
		(double)host->leaked_ns * 1e-6, (double)host->parked_ns * 1e-6);
}

/* Does a process of the host's group still run? */
static bool host_runs_on(const struct host_process *host, pid_t pid)
{
	char path[32], line[128], *state;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	if (getpgid(pid) != host->pid ||
	    !sysfile_line(path, line, sizeof(line)))
		return false;
	state = strrchr(line, ')');
	/* Stopped, traced (debugger, strace), or dead. */
	return state && strncmp(state, ") ", 2) == 0 &&
	       !strchr("TtZX", state[2]);
}

/*
 * Its leader has stopped; wait for its other processes. If the hypervisor has
 * taken away a worker's CPU, the worker stops when the CPU comes back, and its
 * clock goes on until then: that is not the runner's fault. The clock of a
 * running thread is only right to a tick.
 */
static void host_settle(const struct host_process *host)
{
	const struct timespec nap = {.tv_nsec = SETTLE_NS};
	int naps = 0;

	for (size_t i = 0; i < host->cpu.count; i++)
		while (naps < SETTLE_NAPS &&
		       host_runs_on(host, host->cpu.pids[i])) {
			nanosleep(&nap, NULL);
			naps++;
		}
	nanosleep(&nap, NULL);
}

static void host_watch(struct host_process *host)
{
	/* Workers may be created later: search again at each power of two. */
	if ((host->parkings & (host->parkings - 1)) == 0)
		cpu_clock_close(&host->cpu);
	if (host->cpu.count == 0)
		cpu_clock_open(&host->cpu, host->pid);
	host_settle(host);
	cpu_clock_settle(&host->cpu);
	host->used_then = cpu_clock_ns(&host->cpu);
	host->parked_at = now_ns();
}

void host_process_park(struct host_process *host)
{
	const struct timespec tick = {.tv_nsec = 1000};

	if (host->pid == 0)
		return;
	kill(-host->pid, SIGSTOP);
	/* A stop goes through the main thread. If the next host continued
	 * before, it could keep that thread off its CPU, while a polling worker
	 * of this host keeps the next host's workers off theirs. */
	for (int i = 0; i < PARK_TICKS && !host_has_stopped(host); i++)
		nanosleep(&tick, NULL);
	/* Watch the first parkings, so that the shortest run shows a leak. */
	host->watched = host->parked_ns < WATCH_FIRST ||
			host->parkings % WATCH_EVERY == 0;
	host->parkings++;
	if (host->watched)
		host_watch(host);
}

int host_process_ask(struct host_process *host, json_t *request, int timeout_ms,
		     int interrupt_fd, json_t **result)
{
	int rc = host_check_leak(host);

	if (rc) {
		json_decref(request);
		return rc;
	}
	/* Send the request before the host continues: its workers may poll on
	 * our CPU as soon as they run. */
	if (wire_send(&host->wire, request) < 0)
		return host_explain_end(host, NULL);
	kill(-host->pid, SIGCONT);
	rc = host_process_receive(host, timeout_ms, interrupt_fd, result);
	host_process_park(host);
	return rc;
}

int host_process_close(struct host_process *host)
{
	int rc;

	if (host->pid == 0)
		return 0;
	if (wire_send(&host->wire, json_pack("{s:b}", "close", 1)) < 0)
		return host_explain_end(host, NULL);
	kill(-host->pid, SIGCONT);
	rc = host_process_receive(host, CLOSE_MS, -1, NULL);
	if (host->pid)
		host_process_kill(host);
	return rc ? ERROR_FAILED : 0;
}
