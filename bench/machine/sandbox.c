/* SPDX-License-Identifier: MIT */
#include "bench/machine/sandbox.h"

#include "bench/machine/machine.h"

#include <errno.h>
#include <linux/membarrier.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef MADV_POPULATE_WRITE
#	define MADV_POPULATE_WRITE 23 /* Linux 5.14; glibc 2.36 lacks it */
#endif

enum { COARSEST_NS = 10000 };

/* Each leaves everything as it was; -1 with errno set, or anything else. */

static int sandbox_try_memfd(void)
{
	int fd = memfd_create("try", MFD_CLOEXEC);

	return fd < 0 ? -1 : close(fd);
}

static int sandbox_try_kill(void)
{
	return kill(getpid(), 0);
}

/* There is no child; that is another error. */
static int sandbox_try_waitid(void)
{
	siginfo_t info;

	return waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT);
}

/* The leader of a session is always refused it. */
static int sandbox_try_setpgid(void)
{
	return getsid(0) == getpid() ? 0 : setpgid(0, getpgrp());
}

static int sandbox_try_setaffinity(void)
{
	cpu_set_t mine[8];

	/* If it cannot be read, the search for CPUs says so. */
	if (sched_getaffinity(0, sizeof(mine), mine) < 0)
		return 0;
	return sched_setaffinity(0, sizeof(mine), mine);
}

static int sandbox_try_prctl(void)
{
	int death = 0;

	if (prctl(PR_GET_PDEATHSIG, &death) < 0)
		return -1;
	return prctl(PR_SET_PDEATHSIG, death);
}

static int sandbox_try_madvise(void)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	void *base = mmap(NULL, page, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int rc, error;

	if (base == MAP_FAILED)
		return 0;
	rc = madvise(base, page, MADV_POPULATE_WRITE);
	error = errno;
	munmap(base, page);
	errno = error;
	return rc;
}

static int sandbox_try_setscheduler(void)
{
	int policy = sched_getscheduler(0);
	struct sched_param param;

	if (policy < 0 || sched_getparam(0, &param) < 0)
		return -1;
	return sched_setscheduler(0, policy, &param);
}

static int sandbox_try_membarrier(void)
{
	return (int)syscall(SYS_membarrier, MEMBARRIER_CMD_QUERY, 0, 0);
}

static int sandbox_try_pidfd(void)
{
	int fd = (int)syscall(SYS_pidfd_open, getpid(), 0);

	return fd < 0 ? -1 : close(fd);
}

/* As if it were a call that the kernel does not have. */
static int sandbox_look_for(const char *path)
{
	int rc = access(path, F_OK);

	errno = ENOSYS;
	return rc;
}

static int sandbox_try_proc(void)
{
	return sandbox_look_for("/proc/self/stat");
}

static int sandbox_try_sys(void)
{
	return sandbox_look_for("/sys/devices/system/cpu");
}

static const struct need {
	const char *call;
	int (*try)(void);
	bool vital;
	const char *without; /* what follows */
} needs[] = {
	{"memfd_create", sandbox_try_memfd, true,
	 "there is no memory that all measured processes share"},
	{"kill", sandbox_try_kill, true,
	 "no process that was started can be ended"},
	{"waitid", sandbox_try_waitid, true,
	 "the end of a process that was started cannot be awaited"},
	{"setpgid", sandbox_try_setpgid, true,
	 "a measured process cannot be ended with all its workers"},
	{"sched_setaffinity", sandbox_try_setaffinity, false,
	 "workers run unpinned"},
	{"prctl", sandbox_try_prctl, false,
	 "if this command is killed, processes that it started may stay"},
	{"madvise", sandbox_try_madvise, false,
	 "no huge pages on request, and no copies on write"},
	{"sched_setscheduler", sandbox_try_setscheduler, false,
	 "CPU times are right to a tick"},
	{"membarrier", sandbox_try_membarrier, false,
	 "pools fence at every call, which takes longer"},
	{"pidfd_open", sandbox_try_pidfd, false,
	 "the end of a process is seen a millisecond later"},
	{"/proc", sandbox_try_proc, false,
	 "what processes use of CPUs and memory is not known, nor is the CPU"},
	{"/sys", sandbox_try_sys, false,
	 "caches, cores and nodes are not known"},
};

/* The error of a call that is refused, and not one of its use; 0. */
static int sandbox_refusal(int (*try)(void))
{
	if (try() >= 0)
		return 0;
	return errno == EPERM || errno == EACCES || errno == ENOSYS ||
			       errno == EOPNOTSUPP
		       ? errno
		       : 0;
}

bool sandbox_may_bind(void)
{
	return sandbox_refusal(sandbox_try_setaffinity) == 0;
}

#define REMEDY                                                                 \
	": run it on the kernel's own CLOCK_MONOTONIC, without a tool that "   \
	"fakes the time"

/* An epoch lasts a millisecond: more than a hundredth of it is lost. */
static int sandbox_try_clock(char text[SANDBOX_TEXT_MAX])
{
	double step = machine_clock_step_ns();

	if (step > 0 && step <= COARSEST_NS)
		return 0;
	if (step > 0)
		snprintf(text, SANDBOX_TEXT_MAX,
			 "the clock goes in steps of %.3g ms, and calls that "
			 "take microseconds cannot be timed by it" REMEDY,
			 step * 1e-6);
	else
		snprintf(text, SANDBOX_TEXT_MAX,
			 "the clock stands still" REMEDY);
	return -ETIME;
}

int sandbox_try(char text[SANDBOX_TEXT_MAX])
{
	size_t used = 0;

	text[0] = '\0';
	if (sandbox_try_clock(text) < 0)
		return -ETIME;
	for (size_t i = 0; i < sizeof(needs) / sizeof(*needs); i++) {
		int error = sandbox_refusal(needs[i].try);

		if (error == 0)
			continue;
		if (needs[i].vital) {
			snprintf(text, SANDBOX_TEXT_MAX,
				 "the kernel refuses %s (%s), and so %s: allow "
				 "it in the sandbox's profile (docker run "
				 "--security-opt seccomp=unconfined)",
				 needs[i].call, strerror(error),
				 needs[i].without);
			return -error;
		}
		used += (size_t)snprintf(
			text + used, SANDBOX_TEXT_MAX - used, "%s%s (%s)",
			used ? ", " : "missing here: ", needs[i].call,
			needs[i].without);
	}
	return 0;
}
