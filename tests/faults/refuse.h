/* SPDX-License-Identifier: MIT */
/*
 * Have the kernel answer system calls with an error, as sandboxes do: for the
 * launcher `refuse` and for unit tests, in a child of theirs.
 */
#ifndef BREAKEVEN_TESTS_FAULTS_REFUSE_H
#define BREAKEVEN_TESTS_FAULTS_REFUSE_H

#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

enum { REFUSE_MAX = 16 };

struct refuse_name {
	const char *name;
	int number;
};

static const struct refuse_name refuse_calls[] = {
	{"fallocate", SYS_fallocate},
	{"getcpu", SYS_getcpu},
	{"kill", SYS_kill},
	{"madvise", SYS_madvise},
	{"mbind", SYS_mbind},
	{"membarrier", SYS_membarrier},
	{"memfd_create", SYS_memfd_create},
	{"mlock", SYS_mlock},
	{"perf_event_open", SYS_perf_event_open},
	{"pidfd_open", SYS_pidfd_open},
	{"prctl", SYS_prctl},
	{"sched_getaffinity", SYS_sched_getaffinity},
	{"sched_setaffinity", SYS_sched_setaffinity},
	{"sched_setscheduler", SYS_sched_setscheduler},
	{"setpgid", SYS_setpgid},
	{"setpriority", SYS_setpriority},
	{"waitid", SYS_waitid},
	{NULL, 0},
};

static const struct refuse_name refuse_errors[] = {
	{"EPERM", EPERM},   {"ENOSYS", ENOSYS}, {"EOPNOTSUPP", EOPNOTSUPP},
	{"EACCES", EACCES}, {"EINVAL", EINVAL}, {NULL, 0},
};

/* The number of a name; -1. */
static int refuse_find(const struct refuse_name *names, const char *name)
{
	while (names->name && strcmp(names->name, name) != 0)
		names++;
	return names->name ? names->number : -1;
}

/* Load the number of the call; each call that is listed returns the error. */
static size_t refuse_filter(const int *numbers, size_t count, int error,
			    struct sock_filter *filter)
{
	size_t n = 0;

	filter[n++] = (struct sock_filter)BPF_STMT(
		BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr));
	for (size_t i = 0; i < count; i++) {
		filter[n++] = (struct sock_filter)BPF_JUMP(
			BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)numbers[i], 0, 1);
		filter[n++] = (struct sock_filter)BPF_STMT(
			BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (uint32_t)error);
	}
	filter[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K,
						   SECCOMP_RET_ALLOW);
	return n;
}

static int refuse_install(const int *numbers, size_t count, int error)
{
	struct sock_filter filter[2 * REFUSE_MAX + 2];
	struct sock_fprog program = {
		.len = (unsigned short)refuse_filter(numbers, count, error,
						     filter),
		.filter = filter,
	};

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return -1;
	return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0);
}

/*
 * From now on, for this process and what it starts, "CALL,CALL,..." fail with
 * "EPERM" or the like. 0; -EINVAL for names that are not listed above, or
 * another -errno where there are no such filters.
 */
static int refuse(const char *calls, const char *error)
{
	int numbers[REFUSE_MAX], number = refuse_find(refuse_errors, error);
	char list[256], *rest = NULL, *call;
	size_t count = 0;

	snprintf(list, sizeof(list), "%s", calls);
	for (call = strtok_r(list, ",", &rest); call && count < REFUSE_MAX;
	     call = strtok_r(NULL, ",", &rest)) {
		numbers[count] = refuse_find(refuse_calls, call);
		if (numbers[count++] < 0)
			return -EINVAL;
	}
	if (number < 0 || count == 0 || call)
		return -EINVAL;
	return refuse_install(numbers, count, number) < 0 ? -errno : 0;
}

#endif
