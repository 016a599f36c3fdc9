/* SPDX-License-Identifier: MIT */
#include "bench/host/host.h"

#include "bench/host/host_state.h"
#include "bench/host/probe.h"
#include "bench/protocol/request.h"
#include "system/child_fork.h"
#include "system/sysfile.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>

/* Until "close", or until the controller is gone. */
static int host_serve_all(struct host *host)
{
	for (;;) {
		json_t *request;
		int rc = wire_receive(&host->wire, -1, -1, &request);

		if (rc < 0)
			return rc;
		if (json_object_get(request, "close")) {
			json_decref(request);
			return 0;
		}
		rc = host_serve(host, request);
		json_decref(request);
		if (rc < 0)
			return rc;
	}
}

static int host_close(struct host *host)
{
	int rc = 0;

	if (host->probe)
		probe_close(host->probe);
	cpu_clock_close(&host->clock);
	if (host->open)
		rc = host->runner->close(&host->team);
	topology_free(host->topology);
	if (host->workload.common)
		workload_unmap(&host->workload);
	stamps_close(host->stamps);
	free(host->cpus);
	json_decref(host->order);
	return rc;
}

/* Nobody outlives the controller. */
static void host_settle_down(const struct host *host)
{
	const json_t *parent = json_object_get(host->order, "parent");

	if (parent)
		child_die_with((pid_t)json_integer_value(parent), true);
	/* If memory runs out, the kernel should kill this host, not the
	 * controller. */
	sysfile_write("/proc/self/oom_score_adj", "1000");
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
	prctl(PR_SET_NAME, "breakeven-host");
	if (argc == 2)
		host->order = json_loads(argv[1], 0, NULL);
	host_settle_down(host);
	if (host->order && host_make_ready(host, argv[1]))
		rc = host_answer(host, json_object());
	if (rc == 0)
		rc = host_serve_all(host);
	if (host_close(host) < 0)
		host_refuse_as(host, ERROR_FAILED, host->team.error);
	else if (rc == 0)
		host_answer(host, json_object());
	wire_close(&host->wire);
	free(host);
	return rc < 0;
}
