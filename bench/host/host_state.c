/* SPDX-License-Identifier: MIT */
#include "bench/host/host_state.h"

#include "bench/host/host_ranks.h"

#include <errno.h>
#include <stdio.h>

static int host_send(struct host *host, json_t *answer)
{
	json_t *error = json_object_get(answer, "error");

	if (host->joined)
		return host_answer_for_all(host, answer);
	if (host->wire.fd >= 0)
		return wire_send(&host->wire, answer);
	/* A rank that has not met the others: the launcher passes it on. */
	if (error)
		fprintf(stderr, "a rank: %s\n",
			json_string_value(json_object_get(error, "message")));
	json_decref(answer);
	return -EPIPE;
}

void host_cut(struct host *host, unsigned workers)
{
	const struct team *team = &host->team;
	struct range *own = &host->workload.own;

	workload_cut(&host->workload, workers);
	if (team->part == PART_SHARE)
		*own = plan_share(&host->workload.job.plan, team->ranks,
				  team->self);
	else if (team->part == PART_NONE)
		own->begin = own->end;
}

int host_answer(struct host *host, json_t *result)
{
	return host_send(host, json_pack("{s:o}", "ok", result));
}

int host_refuse_as(struct host *host, enum error_kind kind, const char *text)
{
	return host_send(host,
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
