/* SPDX-License-Identifier: MIT */
/*
 * To be preloaded: binding fails with the error that NO_AFFINITY names.
 */
#include <errno.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>

int sched_setaffinity(pid_t pid, size_t size, const cpu_set_t *set)
{
	const char *name = getenv("NO_AFFINITY");

	(void)pid, (void)size, (void)set;
	errno = EINVAL;
	if (name && strcmp(name, "EPERM") == 0)
		errno = EPERM;
	if (name && strcmp(name, "ENOSYS") == 0)
		errno = ENOSYS;
	return -1;
}
