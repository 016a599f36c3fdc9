/* SPDX-License-Identifier: MIT */
#include "bench/host/host.h"

#include "bench/host/host_state.h"
#include "bench/host/probe.h"
#include "bench/protocol/request.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>

static int host_report_open(struct host *host)
{
	json_t *bound = json_array();

	for (unsigned worker = 0; worker < host->team.workers; worker++)
		json_array_append_new(bound,
				      json_integer(host->team.bound[worker]));
	return host_answer(host,
			   json_pack("{s:o,s:I}", "bound", bound, "open_ns",
				     (json_int_t)host->open_ns));
}

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
	if (host->order && host_open(host, argv[1]))
		rc = host_report_open(host);
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
