/* SPDX-License-Identifier: MIT */
#include "bench/studies/article_run.h"

#include "bench/cli/progress.h"
#include "bench/engine/contender.h"
#include "bench/engine/exclusion.h"
#include "bench/engine/lineup.h"
#include "bench/engine/round.h"
#include "bench/host/registry.h"
#include "bench/host/workload.h"
#include "bench/studies/skip.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ------------------------------------------------------------- opening */

/* Skip runners that this build lacks before the engine asks for them. */
static int article_choose_runners(struct article_run *run, char **specs,
				  size_t *count)
{
	struct error error;
	int rc = 0;

	*count = 0;
	for (size_t s = 1; rc == 0 && s < ARTICLE_SYSTEMS; s++) {
		if (!article_systems[s].runner)
			continue;
		if (!registry_runner(article_systems[s].runner, &error)) {
			rc = skip_item(&run->found->skipped, false, error.text,
				       "%s", article_systems[s].name);
			continue;
		}
		specs[*count] = strdup(article_systems[s].runner);
		if (!specs[(*count)++])
			rc = ERROR_FAILED;
		run->contenders[s] = *count;
	}
	return rc;
}

static size_t article_find_arena(void)
{
	struct error error;
	size_t most = 0;

	for (size_t t = 0; t < ARTICLE_TASKS; t++) {
		size_t size =
			workload_size(article_kernels[article_tasks[t].kernel],
				      article_tasks[t].n, &error);

		most = size > most ? size : most;
	}
	return most + (1 << 20);
}

int article_open_engine(struct article_run *run)
{
	const unsigned workers = ARTICLE_WORKERS;
	char *specs[ARTICLE_SYSTEMS] = {NULL};
	size_t count;
	int rc = article_choose_runners(run, specs, &count);

	for (size_t k = 0; rc == 0 && k < ARTICLE_KERNELS; k++) {
		run->kernels[k] = strdup(article_kernels[k]);
		rc = run->kernels[k] ? 0 : ERROR_FAILED;
	}
	run->engine = (struct engine){
		.topology = run->plan->topology,
		.pin = PIN_CORE,
		.kernels = run->kernels,
		.nkernels = ARTICLE_KERNELS,
		.epoch_ns = 1e6,
		.interrupt_fd = run->plan->interrupt_fd,
		.arena_size = article_find_arena(),
		.oversubscribe = true,
		.notice = run->plan->notice,
		.relay = progress_relay,
	};
	if (rc == 0)
		rc = lineup_open(&run->engine, specs, count, &workers, 1);
	for (size_t i = 0; i < ARTICLE_SYSTEMS; i++)
		free(specs[i]);
	return rc;
}

/* ------------------------------------------------------------- mapping */

static size_t article_find_system(const struct article_run *run,
				  size_t contender)
{
	size_t s = 0;

	while (s + 1 < ARTICLE_SYSTEMS &&
	       !(article_systems[s].runner && run->contenders[s] == contender &&
		 (contender != ENGINE_BASE || s == 0)))
		s++;
	return s;
}

/* Without the base there is nothing to compare with. */
static const char *article_find_reason(const struct article_run *run,
				       size_t contender)
{
	const struct contender *contenders = run->engine.contenders;
	const char *own = contenders[contender].host.error.text;

	return own[0] ? own : contenders[ENGINE_BASE].host.error.text;
}

static int article_take_group(struct article_run *run,
			      const struct group *group, size_t task)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < group->slots; i++) {
		size_t contender = group->contenders[i];
		size_t s = article_find_system(run, contender);
		size_t slot = article_map_slot(task, s);

		if (group->lost || group->missing[i])
			rc = article_run_skip(
				run, slot, article_find_reason(run, contender));
		else
			article_run_keep(run, slot,
					 group->ns[i * group->rounds] /
						 (double)group->calls[i]);
	}
	return rc;
}

int article_map_in_c(struct article_run *run, size_t task)
{
	struct engine *engine = &run->engine;
	size_t contenders[ARTICLE_SYSTEMS], count = 0;
	struct group group;
	int rc;

	for (size_t m = 0; m < engine->ncontenders; m++)
		if (!engine_is_excluded(engine, m, article_tasks[task].kernel,
					article_tasks[task].n))
			contenders[count++] = m;
	/* Two rounds, so that this one is not the last, after which a block is
	 * recorded. */
	if (group_init(&group, article_tasks[task].kernel,
		       article_tasks[task].n, contenders, count, 2) < 0)
		return ERROR_FAILED;
	rc = engine_round(engine, &group);
	if (rc == 0)
		rc = article_take_group(run, &group, task);
	group_free(&group);
	return rc;
}

int article_map_in_python(struct article_run *run, size_t task)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < ARTICLE_SYSTEMS; i++) {
		size_t s = (i + run->round) % ARTICLE_SYSTEMS;
		char request[64];

		if (!article_systems[s].how)
			continue;
		snprintf(request, sizeof(request), "map %s %llu %s",
			 article_tasks[task].what,
			 (unsigned long long)article_tasks[task].n,
			 article_systems[s].how);
		rc = article_run_ask(run, &run->mapper, request,
				     article_map_slot(task, s));
	}
	return rc;
}
