/* SPDX-License-Identifier: MIT */
/*
 * What is not measured (again), and why: cells, kernels of a contender, and
 * contenders of the whole run.
 */
#ifndef BREAKEVEN_BENCH_ENGINE_EXCLUSION_H
#define BREAKEVEN_BENCH_ENGINE_EXCLUSION_H

#include "core/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct contender;
struct engine;

/* A cell that failed or came out wrong. */
struct exclusion {
	size_t kernel, contender;
	uint64_t n;  /* 0: all sizes */
	bool beyond; /* larger sizes, too */
};

/* Is any contender left to compare with the base? */
bool engine_has_contenders(const struct engine *engine);

/* Is this contender not measured at this kernel and size? */
bool engine_is_excluded(const struct engine *engine, size_t contender,
			size_t kernel, uint64_t n);

/*
 * A contender failed at a kernel and size (n 0: at all): note it in the record,
 * kill its host, which may be broken, and go on without it. ERROR_SKIPPED and
 * ERROR_MEMORY exclude all larger sizes, too. 0, or ERROR_FAILED if the note
 * cannot be written.
 */
int engine_exclude(struct engine *engine, size_t kernel, size_t contender,
		   uint64_t n, enum error_kind kind, const char *reason);

/* The base failed at a kernel: exclude it under every contender, since there is
 * nothing to compare them with. As engine_exclude(). */
int engine_exclude_base(struct engine *engine, size_t kernel, uint64_t n,
			enum error_kind kind, const char *reason);

/* Exclude a contender, whose host does not start, from the whole run; its error
 * says why. 0, `kind` if that is no failure of the contender's, or
 * ERROR_FAILED. */
int engine_exclude_contender(struct engine *engine, struct contender *contender,
			     enum error_kind kind);

/* Note those that were excluded before there was a record. 0 or
 * ERROR_FAILED. */
int engine_note_absent(struct engine *engine);

/* Exclude what the notes of the record exclude, when a run is resumed. 0 or
 * ERROR_FAILED. */
int engine_restore_exclusions(struct engine *engine);

/* Is there time for such calls of a contender? The base is measured at all
 * sizes. 0, or ERROR_SKIPPED, told in the error of its host. */
int engine_check_budget(struct engine *engine, size_t contender,
			double call_ns);

#endif
