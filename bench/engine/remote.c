/* SPDX-License-Identifier: MIT */
#include "bench/engine/remote.h"

#include "bench/host/host.h"
#include "core/clock.h"
#include "runners/process/self.h"
#include "system/child.h"
#include "system/oom.h"
#include "system/retry.h"
#include "system/sysfile.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
	CLOSE_MS = 1000,
	HOST_NOT_STARTED = 127, /* exit status, as the shell has it */
	/* Somebody else may have let it go again: do not wait for ever. */
	PARK_TICKS = 2000,
	WATCH_EVERY = 16,	/* parkings, */
	WATCH_FIRST = 20000000, /* once it was watched for so many ns */
	SETTLE_NS = 200000,
	SETTLE_NAPS = 2500,
	LEAK_NS = 1000000,
	LEAK_PART = 4,
	LEAK_PART_STRAY = 100,
};

const char *const remote_error_names[] = {
	NULL,	   "usage",	  "skipped", "failed",
	"invalid", "interrupted", "late",    "failed",
};

static const char *advice(int error)
{
	return error == EMFILE ? ": raise the limit on open files, ulimit -n"
			       : "";
}

static void close_keeping_errno(int fd)
{
	int error = errno;

	if (fd >= 0)
		close(fd);
	errno = error;
}

/* Descriptors of the conductor's are close-on-exec, and above those that the
 * host expects; these are moved into place. */
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
		strerror(errno), advice(errno));
	_exit(HOST_NOT_STARTED);
}

static void become_host(char *order, pid_t parent, int control, int arena,
			int standard_error, const struct topology *topology)
{
	char program[] = "breakeven", command[] = "host";
	char *argv[] = {program, command, order, NULL};
	sigset_t none;

	setpgid(0, 0);
	if (topology)
		topology_unbind(topology);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(HOST_NOT_STARTED);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_DFL);
	host_descriptors(control, arena, standard_error);
	/* If memory runs out, the kernel is to kill us, not the controller. */
	sysfile_write("/proc/self/oom_score_adj", "1000");
	execv(self_program(), argv);
	dprintf(STDERR_FILENO, "execv: %s\n", strerror(errno));
	_exit(HOST_NOT_STARTED);
}

int remote_lift(int fd)
{
	int lifted = fd < 0 ? -1 : fcntl(fd, F_DUPFD_CLOEXEC, 10);

	/* So it says that the limit on descriptors is below ten. */
	if (fd >= 0 && lifted < 0 && errno == EINVAL)
		errno = EMFILE;
	if (fd >= 0)
		close_keeping_errno(fd);
	return lifted;
}

static int no_start(struct remote *remote, const char *what)
{
	snprintf(remote->error, sizeof(remote->error),
		 "cannot start a host: %s: %s%s", what, strerror(errno),
		 advice(errno));
	return REMOTE_FAILED;
}

/* The two ends of the wire, and where a host's standard error goes. 0, or -1
 * with errno set and nothing left open. */
static int open_channels(struct remote *remote, int *theirs)
{
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0)
		return -1;
	remote->wire.used = 0;
	remote->wire.fd = remote_lift(pair[0]);
	*theirs = remote->wire.fd < 0 ? -1 : remote_lift(pair[1]);
	if (remote->wire.fd < 0)
		close_keeping_errno(pair[1]);
	remote->stderr_fd =
		*theirs < 0 ? -1
			    : remote_lift(memfd_create("stderr", MFD_CLOEXEC));
	if (remote->stderr_fd >= 0)
		return 0;
	close_keeping_errno(remote->wire.fd);
	close_keeping_errno(*theirs);
	return -1;
}

int remote_start(struct remote *remote, json_t *order, int arena_fd,
		 const struct topology *topology)
{
	char *text = json_dumps(order, JSON_COMPACT);
	pid_t parent = getpid();
	unsigned tries = 0;
	int theirs;

	json_decref(order);
	remote->oom_kills = oom_kills("");
	if (!text || open_channels(remote, &theirs) < 0) {
		free(text);
		return no_start(remote, "descriptors");
	}
	fflush(NULL);
	while ((remote->pid = fork()) < 0 && retry_nap(errno, tries))
		tries++;
	if (remote->pid == 0)
		become_host(text, parent, theirs, arena_fd, remote->stderr_fd,
			    topology);
	free(text);
	close_keeping_errno(theirs);
	if (remote->pid < 0) {
		remote->pid = 0;
		close_keeping_errno(remote->wire.fd);
		close_keeping_errno(remote->stderr_fd);
		return no_start(remote, errno == EAGAIN ? "fork (" CHILD_LIMITS
							  ")"
							: "fork");
	}
	/* Here as well as there: whoever comes first. */
	setpgid(remote->pid, remote->pid);
	return 0;
}

/* A record is text, and so is a terminal. */
static void make_printable(char *text)
{
	for (; *text; text++)
		if (*text < ' ' || *text > '~')
			*text = '?';
}

/* The last line that the host wrote to its standard error, or "". */
static void last_words(const struct remote *remote, char *words, size_t size)
{
	off_t end = lseek(remote->stderr_fd, 0, SEEK_END);
	off_t from = end > (off_t)size - 1 ? end - (off_t)size + 1 : 0;
	ssize_t got = pread(remote->stderr_fd, words, size - 1, from);
	char *line;

	words[got > 0 ? got : 0] = '\0';
	while (got > 0 && isspace((unsigned char)words[got - 1]))
		words[--got] = '\0';
	line = strrchr(words, '\n');
	if (line)
		memmove(words, line + 1, strlen(line));
	make_printable(words);
}

/* What a host said that did not die goes where it would have gone. */
static void relay_words(const struct remote *remote)
{
	char words[4096];
	ssize_t got = pread(remote->stderr_fd, words, sizeof(words) - 2, 0);

	if (got <= 0)
		return;
	if (words[got - 1] != '\n')
		words[got++] = '\n';
	words[got] = '\0';
	if (remote->relay)
		remote->relay(words);
	else
		fputs(words, stderr);
}

static void forget(struct remote *remote)
{
	wire_close(&remote->wire);
	close(remote->stderr_fd);
	cpu_clock_close(&remote->cpu);
	remote->leaked_ns = remote->parked_ns = 0;
	remote->parkings = 0;
	remote->watched = false;
	remote->pid = 0;
}

void remote_kill(struct remote *remote)
{
	char end[CHILD_END_MAX];

	if (remote->pid == 0)
		return;
	kill(-remote->pid, SIGKILL);
	child_reap(remote->pid, end);
	relay_words(remote);
	forget(remote);
}

/* Give a host whose line is dead the time to die of it. */
static void await_end(const struct remote *remote)
{
	const struct timespec tick = {.tv_nsec = 1000000};

	kill(-remote->pid, SIGCONT);
	for (int ms = 0; ms < CLOSE_MS && !child_ended(remote->pid); ms++)
		nanosleep(&tick, NULL);
}

/* It failed, as its error says. Did the kernel kill one of its processes for
 * lack of memory? */
static int failure(struct remote *remote)
{
	size_t length = strlen(remote->error);
	const char *memory = strstr(remote->error, CHILD_KILLED)
				     ? oom_since("", remote->oom_kills)
				     : NULL;

	if (!memory)
		return REMOTE_FAILED;
	snprintf(remote->error + length, sizeof(remote->error) - length,
		 ": %s: raise the limit, or name smaller sizes", memory);
	return REMOTE_MEMORY;
}

/* The host is gone, or might as well be (`hung` says how): see to the rest of
 * its group and keep what can be said. The group is killed while its leader,
 * not yet reaped, still holds the number. */
static int autopsy(struct remote *remote, const char *hung)
{
	char end[CHILD_END_MAX] = "", words[200];

	if (!hung)
		await_end(remote);
	kill(-remote->pid, SIGKILL);
	child_reap(remote->pid, end);
	last_words(remote, words, sizeof(words));
	snprintf(remote->error, sizeof(remote->error), "the host %s%s%s",
		 hung ? hung : end, words[0] ? ", saying: " : "", words);
	forget(remote);
	return failure(remote);
}

static int refusal(struct remote *remote, json_t *error)
{
	const char *kind = json_string_value(json_object_get(error, "kind"));
	const char *text = json_string_value(json_object_get(error, "message"));

	snprintf(remote->error, sizeof(remote->error), "%s",
		 text ? text : "no reason given");
	for (int i = REMOTE_USAGE; kind && i <= REMOTE_INVALID; i++)
		if (i != REMOTE_FAILED &&
		    strcmp(kind, remote_error_names[i]) == 0)
			return i;
	return failure(remote);
}

int remote_receive(struct remote *remote, int timeout_ms, int interrupt_fd,
		   json_t **result)
{
	json_t *answer, *ok;
	char hung[64];
	int rc = wire_receive(&remote->wire, timeout_ms, interrupt_fd, &answer);

	if (rc == -EINTR)
		return REMOTE_INTERRUPTED;
	if (rc == -ETIMEDOUT) {
		snprintf(hung, sizeof(hung), "gave no answer within %d s",
			 timeout_ms / 1000);
		return autopsy(remote, hung);
	}
	if (rc < 0)
		return autopsy(remote,
			       rc == -EPIPE ? NULL : "answered with noise");
	ok = json_object_get(answer, "ok");
	rc = ok ? 0 : refusal(remote, json_object_get(answer, "error"));
	if (ok && result)
		*result = json_incref(ok);
	json_decref(answer);
	return rc;
}

/* Is the whole host stopped, or dead? A stop is taken note of. */
static bool has_stopped(const struct remote *remote)
{
	siginfo_t info = {.si_pid = 0};

	waitid(P_PID, (id_t)remote->pid, &info, WSTOPPED | WNOHANG);
	return info.si_pid != 0 || child_ended(remote->pid);
}

/* Which part of the time parked is no leak: what was stopped late is forgiven.
 * A process that left the group is not stopped, and on a busy machine it may
 * get little. */
static int leak_part(const struct remote *remote)
{
	for (size_t i = 0; i < remote->cpu.count; i++) {
		pid_t group = getpgid(remote->cpu.pids[i]);

		if (group >= 0 && group != remote->pid)
			return LEAK_PART_STRAY;
	}
	return LEAK_PART;
}

/* Has it used CPU time while it was parked? It did so at others' cost. */
static int check_leak(struct remote *remote)
{
	if (!remote->watched)
		return 0;
	cpu_clock_settle(&remote->cpu);
	remote->leaked_ns += cpu_clock_ns(&remote->cpu) - remote->used_then;
	remote->parked_ns += now_ns() - remote->parked_at;
	if (remote->leaked_ns <= LEAK_NS ||
	    remote->leaked_ns <= remote->parked_ns / leak_part(remote))
		return 0;
	remote->leaks = true;
	snprintf(remote->error, sizeof(remote->error),
		 "spin leak: it used %.1f ms of CPU time within the %.1f ms "
		 "that it was parked",
		 (double)remote->leaked_ns * 1e-6,
		 (double)remote->parked_ns * 1e-6);
	return REMOTE_INVALID;
}

/* Does a process of the host's group still run? */
static bool runs_on(const struct remote *remote, pid_t pid)
{
	char path[32], line[128], *state;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	if (getpgid(pid) != remote->pid ||
	    !sysfile_line(path, line, sizeof(line)))
		return false;
	state = strrchr(line, ')');
	/* Stopped, the same under a debugger or strace, or dead. */
	return state && strncmp(state, ") ", 2) == 0 &&
	       !strchr("TtZX", state[2]);
}

/*
 * Its leader has stopped; wait for its other processes. Where the hypervisor
 * has taken away a worker's CPU, the worker stops when that comes back, and
 * until then its clock goes on: that is no fault of the runner's. Nor is the
 * clock of a thread that runs right to more than a tick.
 */
static void settle(const struct remote *remote)
{
	const struct timespec nap = {.tv_nsec = SETTLE_NS};
	int naps = 0;

	for (size_t i = 0; i < remote->cpu.count; i++)
		while (naps < SETTLE_NAPS &&
		       runs_on(remote, remote->cpu.pids[i])) {
			nanosleep(&nap, NULL);
			naps++;
		}
	nanosleep(&nap, NULL);
}

static void watch(struct remote *remote)
{
	/* Workers may come later: looked for at each power of two. */
	if ((remote->parkings & (remote->parkings - 1)) == 0)
		cpu_clock_close(&remote->cpu);
	if (remote->cpu.count == 0)
		cpu_clock_open(&remote->cpu, remote->pid);
	settle(remote);
	cpu_clock_settle(&remote->cpu);
	remote->used_then = cpu_clock_ns(&remote->cpu);
	remote->parked_at = now_ns();
}

void remote_park(struct remote *remote)
{
	const struct timespec tick = {.tv_nsec = 1000};

	if (remote->pid == 0)
		return;
	kill(-remote->pid, SIGSTOP);
	/* A stop goes through the main thread. Were the next host let go
	 * before, it could keep that thread from its CPU, while a worker of
	 * this one, still polling, keeps the next host's from theirs. */
	for (int i = 0; i < PARK_TICKS && !has_stopped(remote); i++)
		nanosleep(&tick, NULL);
	/* In the first ones, so that the shortest run shows a leak. */
	remote->watched = remote->parked_ns < WATCH_FIRST ||
			  remote->parkings % WATCH_EVERY == 0;
	remote->parkings++;
	if (remote->watched)
		watch(remote);
}

int remote_ask(struct remote *remote, json_t *request, int timeout_ms,
	       int interrupt_fd, json_t **result)
{
	int rc = check_leak(remote);

	if (rc) {
		json_decref(request);
		return rc;
	}
	/* The request waits for the host, not the other way round: its workers
	 * may poll, and on our CPU, as soon as they are let go. */
	if (wire_send(&remote->wire, request) < 0)
		return autopsy(remote, NULL);
	kill(-remote->pid, SIGCONT);
	rc = remote_receive(remote, timeout_ms, interrupt_fd, result);
	remote_park(remote);
	return rc;
}

int remote_close(struct remote *remote)
{
	int rc;

	if (remote->pid == 0)
		return 0;
	if (wire_send(&remote->wire, json_pack("{s:b}", "close", 1)) < 0)
		return autopsy(remote, NULL);
	kill(-remote->pid, SIGCONT);
	rc = remote_receive(remote, CLOSE_MS, -1, NULL);
	if (remote->pid)
		remote_kill(remote);
	return rc ? REMOTE_FAILED : 0;
}
