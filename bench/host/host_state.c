/* SPDX-License-Identifier: MIT */
#include "bench/host/host_state.h"

#include <errno.h>

int host_answer(struct host *host, json_t *result)
{
	return wire_send(&host->wire, json_pack("{s:o}", "ok", result));
}

int host_refuse_as(struct host *host, enum error_kind kind, const char *text)
{
	return wire_send(&host->wire,
			 json_pack("{s:{s:s,s:s}}", "error", "kind",
				   error_kind_names[kind], "message", text));
}

int host_refuse(struct host *host, const struct error *error)
{
	return host_refuse_as(host, error->kind, error->text);
}

int host_set_runner_error(const struct host *host, int rc, struct error *error)
{
	return error_set(error, rc == -ENOTSUP ? ERROR_SKIPPED : ERROR_FAILED,
			 "%s", host->team.error);
}

int host_refuse_runner(struct host *host, int rc)
{
	struct error error;

	host_set_runner_error(host, rc, &error);
	return host_refuse(host, &error);
}
