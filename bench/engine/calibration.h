/* SPDX-License-Identifier: MIT */
/*
 * How many calls fill an epoch, for each contender, kernel and size: asked
 * once, and learnt from each epoch.
 */
#ifndef BREAKEVEN_BENCH_ENGINE_CALIBRATION_H
#define BREAKEVEN_BENCH_ENGINE_CALIBRATION_H

#include "bench/protocol/request.h"
#include "core/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct engine;

struct calibration {
	size_t kernel, contender;
	uint64_t n;
	enum way way;
	double calls, ns;  /* of all epochs so far */
	double fastest_ns; /* of a call */
};

/* How many calls of the prepared kernel fill an epoch, and what one call takes,
 * by all epochs so far; the host is asked before the first one. 0 or an enum
 * error_kind. */
int engine_calibrate(struct engine *engine, size_t contender, enum way way,
		     uint64_t *calls, double *call_ns);

/* Was this contender calibrated at this kernel and size (0: at any), in this
 * run? Then it has computed it right before. */
bool engine_has_calibration(const struct engine *engine, size_t contender,
			    size_t kernel, uint64_t n);

/* What a call was seen to take at the prepared kernel and size, at its fastest,
 * in ns; 0: not known. */
double engine_get_fastest_ns(const struct engine *engine, size_t contender,
			     enum way way);

/* Learn from an epoch of so many calls, unless it was stalled. If it came out
 * so short that those before cannot have been right, they are forgotten. */
void engine_update_calibration(struct engine *engine, size_t contender,
			       enum way way, uint64_t calls, double epoch_ns);

/* Time per call of the base alone at this size, in ns. 0, or an enum error_kind
 * that the error of its host explains. */
int engine_measure_base(struct engine *engine, size_t kernel, uint64_t n,
			double *ns);

/* Find out what a request takes beside its work, by some that prepare a kernel
 * that does nothing: the engine's ask_s. 0 or an enum error_kind, which
 * engine->error explains. */
int engine_time_request(struct engine *engine);

#endif
