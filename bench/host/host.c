/* SPDX-License-Identifier: MIT */
#include "bench/host/host.h"

#include "bench/host/host_ranks.h"
#include "bench/host/probe.h"
#include "bench/protocol/request.h"
#include "system/child_fork.h"
#include "system/sysfile.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

/* Until "close", or until the controller is gone. */
static int host_serve_all(struct host *host)
{
	for (;;) {
		json_t *request = NULL;
		int rc = host_hear(host, &request);

		if (rc < 0)
			return rc;
		if (json_object_get(request, "close")) {
			json_decref(request);
			return 0;
		}
		rc = host_serve(host, request);
		json_decref(request);
		if (rc < 0) {
			host_dismiss(host);
			return rc;
		}
	}
}

static int host_close(struct host *host)
{
	int rc = 0;

	if (host->probe)
		probe_close(host->probe);
	cpu_clock_close(&host->clock);
	if (host->open || host->joined)
		rc = host->runner->close(&host->team);
	host->joined = false;
	free(host->partials);
	/* The window was the runner's. */
	if (host->window)
		host->workload.arena.base = NULL;
	topology_free(host->topology);
	if (host->workload.common)
		workload_unmap(&host->workload);
	stamps_close(host->stamps);
	free(host->cpus);
	page_nodes_free(&host->nodes);
	free(host->borders);
	json_decref(host->order);
	return rc;
}

/* Nobody outlives the controller, and no rank who started it. */
static void host_settle_down(const struct host *host)
{
	const json_t *parent = json_object_get(host->order, "parent");

	if (host->token)
		child_die_with(getppid(), true);
	else if (parent)
		child_die_with((pid_t)json_integer_value(parent), true);
	/* If memory runs out, the kernel should kill this host, not the
	 * controller. */
	sysfile_write("/proc/self/oom_score_adj", "1000");
}

/* Be ready, and say so: a rank by opening, which it was started for. */
static int host_begin(struct host *host, char *order)
{
	json_t *open;
	int rc;

	if (!host_make_ready(host, order))
		return -EINVAL;
	if (host->token && !host_all_are_ready(host))
		return -EINVAL;
	if (!host->token)
		return host_answer(host, json_object());
	open = json_pack("{s:s}", "op", "open");
	rc = host_serve(host, open);
	json_decref(open);
	return rc;
}

/* Who answers the request to close: of ranks, the one that has started them,
 * once all have ended. */
static bool host_says_goodbye(const struct host *host, int rc)
{
	return rc == 0 ? !host->token : rc == -ECANCELED && host->status == 0;
}

int cmd_host(int argc, char **argv)
{
	/* More aligned than malloc's: a partial of the workload lies in it. */
	struct host *host = aligned_alloc(alignof(struct host), sizeof(*host));
	int rc = -EINVAL;

	if (!host)
		return 1;
	memset(host, 0, sizeof(*host));
	host->wire.fd = HOST_CONTROL_FD;
	host->arena_fd = HOST_ARENA_FD;
	prctl(PR_SET_NAME, "breakeven-host");
	if (argc == 2 || argc == 3)
		host->order = json_loads(argv[1], 0, NULL);
	if (argc == 3) {
		host->token = argv[2];
		host->wire.fd = host->arena_fd = -1; /* worker 0 gets them */
	}
	host_settle_down(host);
	if (host->order)
		rc = host_begin(host, argv[1]);
	if (rc == 0)
		rc = host_serve_all(host);
	if (host_close(host) < 0)
		host_refuse_as(host, ERROR_FAILED, host->team.error);
	else if (host_says_goodbye(host, rc))
		host_answer(host, json_object());
	wire_close(&host->wire);
	rc = rc == -ECANCELED ? host->status : rc < 0;
	free(host);
	return rc;
}
