/* SPDX-License-Identifier: MIT */
#include "bench/host/host_ranks.h"

#include "bench/host/empty_job.h"
#include "bench/host/epoch.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

bool host_needs_launch(const struct host *host)
{
	return host->runner->ranks && !host->token;
}

int host_launch(struct host *host)
{
	char *order = json_dumps(host->order, JSON_COMPACT);
	int rc = order ? host->runner->ranks->launch(&host->team, order)
		       : team_fail(&host->team, -ENOMEM, "out of memory");

	free(order);
	if (rc < 0)
		return host_refuse_runner(host, rc);
	host->status = rc;
	return -ECANCELED;
}

/* The error of another worker, as an answer. */
static json_t *host_quote_trouble(int worker, const char *trouble)
{
	json_t *error = json_loads(trouble, 0, NULL);
	const char *kind = "failed", *message = trouble;
	char text[RANKS_TROUBLE_MAX + 32];
	json_t *answer;

	json_unpack(error, "{s:s,s:s}", "kind", &kind, "message", &message);
	snprintf(text, sizeof(text), "worker %d: %s", worker, message);
	answer = json_pack("{s:{s:s,s:s}}", "error", "kind", kind, "message",
			   text);
	json_decref(error);
	return answer;
}

int host_join(struct host *host, struct error *error)
{
	int descriptors[] = {-1, -1};
	int rc;

	if (!host->token)
		return 0;
	if (!host->runner->ranks)
		return error_set(error, ERROR_USAGE, "it has no ranks");
	rc = host->runner->ranks->join(&host->team, host->token, descriptors);
	host->wire.fd = descriptors[0];
	host->arena_fd = descriptors[1];
	if (rc < 0)
		return host_set_runner_error(host, rc, error);
	host->joined = true;
	/* Others write the input of the base's once more: each for itself. */
	if (host->team.self)
		host->memory = MEMORY_PRIVATE;
	return 0;
}

bool host_all_are_ready(struct host *host)
{
	char trouble[RANKS_TROUBLE_MAX] = "";
	int worker = host->runner->ranks->consult(&host->team, trouble);

	if (worker >= 0 && host->team.self == 0)
		wire_send(&host->wire, host_quote_trouble(worker, trouble));
	return worker < 0;
}

void host_adopt_memory(struct host *host)
{
	char *base = host->team.maps[TEAM_DATA].base;

	if (!host->joined || base == host->workload.arena.base)
		return;
	munmap(host->workload.arena.base, host->workload.arena.size);
	host->workload.arena.base = base;
	host->workload.arena.size = host->team.maps[TEAM_DATA].size;
	host->memory = MEMORY_PRIVATE;
	host->window = true;
}

int host_keep_partials(struct host *host)
{
	struct workload *workload = &host->workload;
	size_t bytes = plan_most_tiles(workload->n, workload->grain) *
			       kernel_width(workload->kernel) +
		       1;

	if (!host->window)
		return 0;
	free(host->partials);
	host->partials =
		aligned_alloc(CACHE_LINE, bytes * sizeof(struct partial));
	workload->job.partials = host->partials;
	return host->partials ? 0 : -ENOMEM;
}

void host_dismiss(struct host *host)
{
	char closing[] = "{\"close\":true}", *told = closing;

	if (host->joined && host->team.self == 0)
		host->runner->ranks->tell(&host->team, &told);
}

/* Worker 0 tells the others what it has received. */
static int host_pass_on(struct host *host, const json_t *request)
{
	char *text = json_dumps(request, JSON_COMPACT);
	int rc = text ? host->runner->ranks->tell(&host->team, &text) : -ENOMEM;

	free(text);
	return rc;
}

int host_hear(struct host *host, json_t **request)
{
	char *text = NULL;
	int rc;

	if (host->team.self == 0) {
		if (host->open && host->joined && host->wire.used == 0)
			host->runner->ranks->await(&host->team, host->wire.fd);
		rc = wire_receive(&host->wire, -1, -1, request);
		if (rc == 0 && host->joined)
			rc = host_pass_on(host, *request);
		if (rc < 0)
			host_dismiss(host);
		return rc;
	}
	rc = host->runner->ranks->tell(&host->team, &text);
	*request = rc < 0 ? NULL : json_loads(text, 0, NULL);
	free(text);
	return rc < 0 || *request ? rc : -EBADMSG;
}

/* What a worker other than 0 does of a request. */
struct follower {
	struct host *host;
	struct epoch epoch;
	struct job empty; /* of a request that has no workload */
};

static int host_call_epoch(void *context)
{
	const struct follower *follower = context;

	return epoch_call(&follower->epoch);
}

static int host_call_empty(void *context)
{
	const struct follower *follower = context;
	struct host *host = follower->host;

	return host->runner->dispatch(&host->team, &follower->empty);
}

static int host_call_nothing(void *context)
{
	(void)context;
	return -EINVAL;
}

static void host_spoil_nothing(void *context)
{
	(void)context;
}

/* The results of its own share, wherever they are verified; where memory is
 * shared, worker 0 spoils all. */
static void host_spoil_share(void *context)
{
	const struct follower *follower = context;
	const struct team *team = &follower->host->team;
	struct workload *workload = &follower->host->workload;
	const struct range verified = workload->own;

	if (!follower->host->window)
		workload->own = plan_share(&workload->job.plan, team->ranks,
					   team->self);
	workload_poison(workload);
	workload->own = verified;
}

static struct ranks_steps host_make_steps(struct host *host,
					  const json_t *request, bool forkjoin,
					  struct follower *follower)
{
	struct ranks_steps steps = {host_call_nothing, host_spoil_nothing,
				    follower};

	*follower = (struct follower){
		.host = host,
		.epoch = {.runner = host->runner,
			  .team = &host->team,
			  .workload = &host->workload},
	};
	if (forkjoin) {
		host->workload.kernel = NULL; /* worker 0 overwrites its data */
		follower->empty = empty_job_plain(
			host->workload.common->unused,
			(size_t)json_integer_value(
				json_object_get(request, "tiles")));
		steps.call = host_call_empty;
	} else if (host->workload.kernel) {
		host_cut(host, host->team.workers);
		steps.call = host_call_epoch;
		steps.spoil = host_spoil_share;
	}
	return steps;
}

int host_follow(struct host *host, json_t *request)
{
	const char *op = json_string_value(json_object_get(request, "op"));
	struct follower follower;
	struct ranks_steps steps = host_make_steps(
		host, request, op && strcmp(op, "forkjoin") == 0, &follower);
	int rc = host->runner->ranks->follow(&host->team, &steps);
	struct error error;

	/* Worker 0 waits in the call: the launcher ends those whose rank ends
	 * badly. */
	if (rc < 0) {
		fprintf(stderr, "worker %u: %s\n", host->team.self,
			host->team.error[0] ? host->team.error : strerror(-rc));
		_exit(1);
	}
	if (op && strcmp(op, "epoch") == 0 &&
	    !workload_verify(&host->workload, &error))
		return host_refuse(host, &error);
	return host_answer(host, json_object());
}

/* What is wrong, as a text of its own; "" if nothing is. */
static void host_describe_trouble(json_t *answer, char *trouble)
{
	json_t *error = json_object_get(answer, "error");
	char *text = error ? json_dumps(error, JSON_COMPACT) : NULL;

	snprintf(trouble, RANKS_TROUBLE_MAX, "%s", text ? text : "");
	free(text);
}

int host_answer_for_all(struct host *host, json_t *answer)
{
	const struct ranks *ranks = host->runner->ranks;
	char trouble[RANKS_TROUBLE_MAX];
	int worker;

	if (host->team.self == 0 && host->followed)
		ranks->rest(&host->team);
	host->followed = false;
	host_describe_trouble(answer, trouble);
	worker = ranks->consult(&host->team, trouble);
	if (host->team.self) {
		json_decref(answer);
		return 0;
	}
	if (worker > 0) {
		json_decref(answer);
		answer = host_quote_trouble(worker, trouble);
	}
	return wire_send(&host->wire, answer);
}
