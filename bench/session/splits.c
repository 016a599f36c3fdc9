/* SPDX-License-Identifier: MIT */
#include "bench/session/splits.h"

#include "analysis/analyse.h"
#include "analysis/findings.h"
#include "analysis/samples.h"
#include "bench/engine/contender.h"
#include "bench/studies/tracing.h"

#include <string.h>

/* Enough for a typical call, and half a second for five runners. */
enum { GENERATIONS = 3, ROUNDS = 3 };

/* They come when the budget has ended: so much of it more they may take. */
#define SHARE	  0.1
#define SECONDS_S 1.0

/* 0: nothing was measured. */
static uint64_t find_size(const struct record *record,
			  const struct findings *findings, const char *kernel)
{
	uint64_t faster = 0, largest = 0;

	for (size_t i = 0; i < findings->ncells; i++) {
		const struct cell *cell = &findings->cells[i];

		if (strcmp(cell->pair.kernel, kernel) != 0 ||
		    strcmp(cell->pair.base, "serial") != 0 ||
		    cell->rounds == 0 || !samples_on_grid(record, cell->n))
			continue;
		if (cell->n > largest)
			largest = cell->n;
		if (cell->verdict == CELL_FASTER &&
		    (faster == 0 || cell->n < faster))
			faster = cell->n;
	}
	return faster ? faster : largest;
}

/* Whoever cannot be had was told when the run began. */
static void be_silent(const char *text)
{
	(void)text;
}

static void show_round(struct tracing *tracing, size_t round)
{
	(void)round;
	progress_show(tracing->data,
		      "%s: looking where the time of a call goes",
		      tracing->kernel);
}

static double deadline(const struct engine *engine)
{
	if (!(engine->deadline > 0))
		return 0;
	return engine->deadline + SHARE * engine->budget_s + SECONDS_S;
}

static int take(struct session *session, char *kernel, uint64_t n)
{
	struct tracing tracing = {
		.topology = session->topology,
		.pin = session->engine.pin,
		.kernel = kernel,
		.runners = session->runners,
		.nrunners = session->nrunners,
		.rounds = ROUNDS,
		.deadline = deadline(&session->engine),
		.memory = session->engine.memory,
		.source = session->engine.source,
		.interrupt_fd = session->engine.interrupt_fd,
		.notice = be_silent,
		.show = show_round,
		.data = &session->progress,
		.split = {.n = n,
			  .workers = engine_most_workers(&session->engine),
			  .generations = GENERATIONS},
	};
	int rc = tracing_run(&tracing);
	char text[ERROR_TEXT_MAX + 128];

	if (rc == 0) {
		rc = json_array_append_new(session->splits,
					   split_object(&tracing.split))
			     ? ERROR_FAILED
			     : 0;
	} else if (rc != ERROR_INTERRUPTED && rc != ERROR_LATE) {
		snprintf(text, sizeof(text),
			 "%s: where the time of a call goes could not be "
			 "measured: %s",
			 kernel, error_text(&tracing.engine.error));
		session->engine.notice(text);
		rc = 0;
	}
	tracing_free(&tracing);
	return rc;
}

int splits_take(struct session *session)
{
	const struct engine *engine = &session->engine;
	struct findings *findings = findings_make(engine->record);
	int rc = 0;

	/* The memory of the run's own data is needed. */
	engine_close_hosts(&session->engine);
	session->splits = json_array();
	if (!findings || !session->splits)
		rc = ERROR_FAILED;
	for (size_t k = 0; rc == 0 && k < engine->nkernels; k++) {
		uint64_t n =
			find_size(engine->record, findings, engine->kernels[k]);

		if (n > 0)
			rc = take(session, engine->kernels[k], n);
	}
	findings_free(findings);
	return rc == ERROR_LATE ? 0 : rc;
}
