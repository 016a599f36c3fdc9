/* SPDX-License-Identifier: MIT */
#include "bench/engine/host_process.h"

#include "bench/protocol/request.h"
#include "core/clock.h"
#include "system/child.h"
#include "system/child_fork.h"
#include "system/child_spawn.h"
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
	CLOSE_MS = 3000, /* of several that close side by side */
	/* Another process may have continued it: do not wait for ever. */
	PARK_TICKS = 2000,
	WATCH_EVERY = 16,	/* parkings, */
	WATCH_FIRST = 20000000, /* once it was watched for so many ns */
	SETTLE_NS = 200000,
	SETTLE_NAPS = 2500,
	LEAK_NS = 1000000, /* and this part of the time that it was parked */
	LEAK_PART = 4,
	LEAK_STRAY_NS = 5000000,
	LEAK_STRAY_PART = 100,
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

/* Move the controller's descriptors, which are close-on-exec and above the
 * numbers that a host expects, into place. 0 or an errno. */
static int host_move_descriptors(posix_spawn_file_actions_t *actions,
				 const struct host_process *host, int control,
				 int arena)
{
	const int moves[][2] = {
		{host->stderr_fd, STDERR_FILENO},
		{control, HOST_CONTROL_FD},
		{arena, HOST_ARENA_FD},
	};
	int rc = posix_spawn_file_actions_addopen(actions, STDIN_FILENO,
						  "/dev/null", O_RDWR, 0);

	if (rc == 0)
		rc = posix_spawn_file_actions_adddup2(actions, STDIN_FILENO,
						      STDOUT_FILENO);
	for (size_t i = 0; rc == 0 && i < sizeof(moves) / sizeof(*moves); i++)
		if (moves[i][0] >= 0)
			rc = posix_spawn_file_actions_adddup2(
				actions, moves[i][0], moves[i][1]);
	return rc;
}

/* In a process group of its own. 0 or an errno. */
static int host_spawn(struct host_process *host, const char *path, char *order,
		      int control, int arena)
{
	char program[] = "breakeven", command[] = "host";
	char *argv[] = {program, command, order, NULL};
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	int rc = posix_spawn_file_actions_init(&actions);

	if (rc)
		return rc;
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setpgroup(&attributes, 0);
	rc = child_spawn_attributes(&attributes, POSIX_SPAWN_SETPGROUP);
	if (rc == 0)
		rc = host_move_descriptors(&actions, host, control, arena);
	if (rc == 0)
		rc = child_spawn(&host->pid, path, &actions, &attributes, argv);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&actions);
	if (rc)
		host->pid = 0;
	return rc;
}

/* The text of the order, which names the process that must not be outlived. */
static char *host_write_order(json_t *order)
{
	char *text;

	json_object_set_new(order, "parent", json_integer(getpid()));
	text = json_dumps(order, JSON_COMPACT);
	json_decref(order);
	return text;
}

int host_process_start(struct host_process *host, json_t *order, int arena_fd,
		       const struct topology *topology)
{
	const char *path = host->program ? host->program : self_program();
	char *text = host_write_order(order);
	int bound = topology ? topology_bound(topology) : -1;
	int theirs, rc;

	host->oom_kills = oom_kills("");
	if (!text || host_open_channels(host, &theirs) < 0) {
		free(text);
		return host_no_start(host, "descriptors");
	}
	/* The host inherits where we run. */
	if (bound >= 0)
		topology_unbind(topology);
	rc = host_spawn(host, path, text, theirs, arena_fd);
	if (bound >= 0)
		topology_bind(topology, bound);
	free(text);
	close(theirs);
	if (rc == 0)
		return 0;
	errno = rc;
	host_close_keeping_errno(host->wire.fd);
	host_close_keeping_errno(host->stderr_fd);
	return host_no_start(host, rc == EAGAIN ? "a process (" CHILD_LIMITS ")"
						: path);
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
	host->watched = host->closing = false;
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

/* Has one of its processes left the group, by which the host is stopped? */
static bool host_has_strays(const struct host_process *host)
{
	for (size_t i = 0; i < host->cpu.count; i++) {
		pid_t group = getpgid(host->cpu.pids[i]);

		if (group >= 0 && group != host->pid)
			return true;
	}
	return false;
}

/* CPU time up to this is no leak: a late stop is forgiven. A stray is never
 * stopped: it may see to something now and then, but may also get little time
 * for a lot on a busy machine. */
static int64_t host_leak_limit_ns(const struct host_process *host)
{
	bool strays = host_has_strays(host);
	int64_t least = strays ? LEAK_STRAY_NS : LEAK_NS;
	int64_t part = host->parked_ns / (strays ? LEAK_STRAY_PART : LEAK_PART);

	return part > least ? part : least;
}

/* Has it used CPU time while it was parked, which slowed down others? */
static int host_check_leak(struct host_process *host)
{
	if (!host->watched)
		return 0;
	cpu_clock_settle(&host->cpu);
	host->leaked_ns += cpu_clock_ns(&host->cpu) - host->used_then;
	host->parked_ns += now_ns() - host->parked_at;
	if (host->leaked_ns <= host_leak_limit_ns(host))
		return 0;
	host->leaks = true;
	return error_set(
		&host->error, ERROR_INVALID,
		"spin leak: it used %.1f ms of CPU time within the %.1f ms "
		"that it was parked",
		(double)host->leaked_ns * 1e-6, (double)host->parked_ns * 1e-6);
}

/* Is a thread still at work? One of the host's group is until it has stopped
 * (or is traced, or dead); one that left the group stops never, but sleeps. */
static bool host_works_on(const struct host_process *host, pid_t thread)
{
	char path[32], line[128], *state;
	pid_t group = getpgid(thread);

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)thread);
	if (group < 0 || !sysfile_line(path, line, sizeof(line)))
		return false;
	state = strrchr(line, ')');
	if (!state || strncmp(state, ") ", 2) != 0)
		return false;
	return group == host->pid ? !strchr("TtZX", state[2]) : state[2] == 'R';
}

/*
 * Its leader has stopped; wait for its other threads. One whose CPU was taken
 * away, by the hypervisor or by another program, stops or falls asleep when the
 * CPU comes back, and its clock goes on until then: that is not the runner's
 * fault. The clock of a running thread is only right to a tick.
 */
static void host_settle(const struct host_process *host)
{
	const struct timespec nap = {.tv_nsec = SETTLE_NS};
	int naps = 0;

	for (size_t i = 0; i < host->cpu.nthreads; i++)
		while (naps < SETTLE_NAPS &&
		       host_works_on(host, host->cpu.threads[i])) {
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

void host_process_bid_close(struct host_process *host)
{
	if (host->pid == 0 || host->closing)
		return;
	/* If it cannot be told, it is gone, as is found out on receiving. */
	wire_send(&host->wire, json_pack("{s:b}", "close", 1));
	kill(-host->pid, SIGCONT);
	host->closing = true;
}

int host_process_close(struct host_process *host)
{
	int rc;

	if (host->pid == 0)
		return 0;
	host_process_bid_close(host);
	rc = host_process_receive(host, CLOSE_MS, -1, NULL);
	if (host->pid)
		host_process_kill(host);
	return rc ? ERROR_FAILED : 0;
}
