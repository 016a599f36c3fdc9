/* SPDX-License-Identifier: MIT */
/*
 * Processes forked for one call and waited for at its end. Input and output
 * lie in mappings that are shared with the caller.
 */
#include "runners/process/peers.h"
#include "system/child.h"

#include <string.h>
#include <unistd.h>

enum { FORK_TIMEOUT };

static const struct option_spec fork_options[] = {
	[FORK_TIMEOUT] = PEERS_TIMEOUT_OPTION,
	{.key = NULL},
};

static int fork_open(struct team *team)
{
	return peers_open(team, team->options[FORK_TIMEOUT].real, true);
}

static pid_t fork_start(struct peers *peers, const struct job *job,
			unsigned worker)
{
	struct range tiles = peers->list[worker].tiles;
	pid_t pid = child_fork();

	if (pid == 0) {
		job_run(job, tiles.begin, tiles.end);
		_exit(CHILD_DONE);
	}
	if (pid < 0)
		return team_fail(
			peers->team, pid,
			"cannot fork worker %u of %u: %s (" CHILD_LIMITS ")",
			worker, peers->team->workers, strerror(-pid));
	return pid;
}

static int fork_dispatch(struct team *team, const struct job *job)
{
	return peers_call(team, job, fork_start);
}

const struct runner runner_fork = {
	.abi = RUNNER_ABI,
	.name = "fork",
	.summary = "processes forked and waited for at every call",
	.unit = UNIT_PROCESS,
	.lifetime = LIFETIME_CALL,
	.data = DATA_SHARED,
	.options = fork_options,
	.open = fork_open,
	.dispatch = fork_dispatch,
	.close = peers_close,
};
