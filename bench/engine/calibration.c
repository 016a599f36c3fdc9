/* SPDX-License-Identifier: MIT */
#include "bench/engine/calibration.h"

#include "bench/engine/contender.h"
#include "bench/engine/engine.h"
#include "bench/engine/reference.h"
#include "core/clock.h"
#include "stats/stats.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { REQUESTS = 9 };

/* An epoch of less than this share of the aimed length: something disturbed the
 * ones before. */
#define TOO_SHORT 0.4
/* One of more than so many times the expected length was stalled, and tells
 * nothing. */
#define STALLED 1.5

static struct calibration *calibration_find(const struct engine *engine,
					    size_t contender, enum way way)
{
	for (size_t i = 0; i < engine->ncalibrations; i++) {
		struct calibration *one = &engine->calibrations[i];

		if (one->n == engine->n && one->kernel == engine->kernel &&
		    one->contender == contender && one->way == way)
			return one;
	}
	return NULL;
}

bool engine_has_calibration(const struct engine *engine, size_t contender,
			    size_t kernel, uint64_t n)
{
	for (size_t i = 0; i < engine->ncalibrations; i++)
		if (engine->calibrations[i].contender == contender &&
		    engine->calibrations[i].kernel == kernel &&
		    (n == 0 || engine->calibrations[i].n == n))
			return true;
	return false;
}

static void calibration_keep(struct engine *engine, struct calibration one)
{
	struct calibration *grown =
		realloc(engine->calibrations,
			(engine->ncalibrations + 1) * sizeof(*grown));

	/* Out of memory: the host is asked again. */
	if (!grown)
		return;
	engine->calibrations = grown;
	grown[engine->ncalibrations++] = one;
}

/* What a call took, over all epochs. */
static double calibration_call_ns(const struct calibration *one)
{
	return one->ns / one->calls;
}

/* To the nearest, so that two sides that take as long have epochs as long. */
static uint64_t calibration_fill(const struct calibration *one, double epoch_ns)
{
	return (uint64_t)fmin(
		fmax(round(epoch_ns / calibration_call_ns(one)), 1),
		EPOCH_CALLS_MAX);
}

/* Ask the host. */
static int calibration_ask(struct engine *engine, size_t contender,
			   enum way way, struct calibration *one)
{
	double start = now_s(), call_ns, calls;
	json_t *result = NULL;
	json_t *request = reference_request(engine, "calibrate", way);
	int rc;

	json_object_set_new(request, "target_ns", json_real(engine->epoch_ns));
	rc = engine_ask(engine, &engine->contenders[contender], request,
			&result);
	engine->calibrating_s += now_s() - start;
	if (rc)
		return rc;
	call_ns = json_number_value(json_object_get(result, "call_ns"));
	calls = json_number_value(json_object_get(result, "calls"));
	json_decref(result);
	if (!(call_ns > 0) || !(calls >= 1))
		return error_set(&engine->contenders[contender].host.error,
				 ERROR_FAILED,
				 "it answered that a call takes no time");
	*one = (struct calibration){
		.kernel = engine->kernel,
		.contender = contender,
		.n = engine->n,
		.way = way,
		.calls = calls,
		.ns = calls * call_ns,
		.fastest_ns = call_ns,
	};
	return 0;
}

int engine_calibrate(struct engine *engine, size_t contender, enum way way,
		     uint64_t *calls, double *call_ns)
{
	const struct calibration *known =
		calibration_find(engine, contender, way);
	struct calibration one = {.n = 0};
	int rc = 0;

	if (known)
		one = *known;
	else
		rc = calibration_ask(engine, contender, way, &one);
	if (rc)
		return rc;
	*calls = calibration_fill(&one, engine->epoch_ns);
	*call_ns = calibration_call_ns(&one);
	if (!known)
		calibration_keep(engine, one);
	return 0;
}

double engine_get_fastest_ns(const struct engine *engine, size_t contender,
			     enum way way)
{
	const struct calibration *known =
		calibration_find(engine, contender, way);

	return known ? known->fastest_ns : 0;
}

void engine_update_calibration(struct engine *engine, size_t contender,
			       enum way way, uint64_t calls, double epoch_ns)
{
	struct calibration *known = calibration_find(engine, contender, way);
	bool refuted = epoch_ns < TOO_SHORT * engine->epoch_ns;

	if (!known || epoch_ns <= 0 ||
	    epoch_ns > STALLED * (double)calls * calibration_call_ns(known))
		return;
	known->calls = (refuted ? 0 : known->calls) + (double)calls;
	known->ns = (refuted ? 0 : known->ns) + epoch_ns;
	known->fastest_ns = fmin(known->fastest_ns, epoch_ns / (double)calls);
}

int engine_measure_base(struct engine *engine, size_t kernel, uint64_t n,
			double *ns)
{
	uint64_t calls;
	int rc = engine_prepare(engine, kernel, n);

	return rc ? rc
		  : engine_calibrate(engine, ENGINE_BASE, WAY_RUNNER, &calls,
				     ns);
}

int engine_time_request(struct engine *engine)
{
	struct contender *base = &engine->contenders[ENGINE_BASE];
	double took[REQUESTS];

	for (size_t i = 0; i < REQUESTS; i++) {
		double start = now_s();
		int rc = engine_ask(engine, base,
				    engine_prepare_request(engine, ENGINE_BASE,
							   engine->empty_kernel,
							   1),
				    NULL);

		if (rc && rc != ERROR_LATE)
			engine->error = base->host.error;
		if (rc)
			return rc;
		took[i] = now_s() - start;
	}
	stats_sort(took, REQUESTS);
	engine->ask_s = stats_median(took, REQUESTS);
	return 0;
}
