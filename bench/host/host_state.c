/* SPDX-License-Identifier: MIT */
#include "bench/host/host_state.h"

#include <errno.h>

int host_answer(struct host *host, json_t *result)
{
	return wire_send(&host->wire, json_pack("{s:o}", "ok", result));
}

int host_refuse(struct host *host, const char *kind, const char *message)
{
	return wire_send(&host->wire,
			 json_pack("{s:{s:s,s:s}}", "error", "kind", kind,
				   "message", message));
}

const char *host_error_kind(int error)
{
	return error == -ENOTSUP ? "skipped" : "failed";
}
