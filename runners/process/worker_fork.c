/* SPDX-License-Identifier: MIT */
#include "runners/process/worker_fork.h"

#include "system/child_fork.h"

#include <errno.h>
#include <string.h>

int worker_fork_prepare(struct team *team)
{
	if (process_is_threaded())
		return team_fail(team, -EBUSY,
				 "this process runs threads already (of an "
				 "OpenMP region?): forking it is unsafe; open "
				 "a pool before them, or use a process of its "
				 "own");
	child_reset_sigchld();
	return 0;
}

pid_t worker_fork(struct team *team, unsigned worker)
{
	pid_t pid = child_fork();

	if (pid >= 0)
		return pid;
	return team_fail(team, pid,
			 "cannot fork worker %u of %u: %s (" CHILD_LIMITS ")",
			 worker, team->workers, strerror(-pid));
}
