/* SPDX-License-Identifier: MIT */
#include "system/child_spawn.h"

#include "system/retry.h"

#include <signal.h>
#include <unistd.h>

int child_spawn_attributes(posix_spawnattr_t *attributes, short flags)
{
	sigset_t signals;
	int rc;

	sigemptyset(&signals);
	rc = posix_spawnattr_setsigmask(attributes, &signals);
	sigaddset(&signals, SIGCHLD);
	sigaddset(&signals, SIGPIPE);
	if (rc == 0)
		rc = posix_spawnattr_setsigdefault(attributes, &signals);
	if (rc == 0)
		rc = posix_spawnattr_setflags(
			attributes, (short)(flags | POSIX_SPAWN_SETSIGMASK |
					    POSIX_SPAWN_SETSIGDEF));
	return rc;
}

int child_spawn(pid_t *pid, const char *path,
		const posix_spawn_file_actions_t *files,
		const posix_spawnattr_t *attributes, char *const argv[])
{
	unsigned tries = 0;
	int rc;

	while ((rc = posix_spawn(pid, path, files, attributes, argv,
				 environ)) != 0 &&
	       retry_nap(rc, tries))
		tries++;
	return rc;
}
