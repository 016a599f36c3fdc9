/* SPDX-License-Identifier: MIT */
/*
 * Records of runs that never were, for the tests of reports.
 */
#ifndef BREAKEVEN_TESTS_ANALYSIS_MADE_UP_H
#define BREAKEVEN_TESTS_ANALYSIS_MADE_UP_H

#include "results/record.h"

#include <math.h>
#include <stdlib.h>

enum { MADE_UP_ROUNDS = 3, MADE_UP_CALLS = 1000 };

/* A runner whose call takes alpha + n / speedup; serial takes n. */
struct made_up_runner {
	const char *spec;
	double alpha, speedup;
};

static inline json_t *made_up_header(const char *type, const char *sanitizer)
{
	return json_pack("{s:i,s:s,s:I,s:[s,s,s],s:{s:s,s:s,s:s},s:{s:s,s:i},"
			 "s:[{s:s,s:s,s:i,s:i},{s:s}],"
			 "s:[{s:s,s:s,s:s},{s:s,s:s},{s:s,s:s},{s:s,s:s},{s:s,"
			 "s:s,s:s}]}",
			 "breakeven", RECORD_SCHEMA, "version", "0.1.0", "seed",
			 (json_int_t)42, "command", "breakeven", "bench",
			 "-k sum", "build", "type", type, "sanitizer",
			 sanitizer, "commit", "abcdef0", "machine", "model",
			 "Made-up 9000", "cpus", 2, "kernels", "name", "sum",
			 "formula", "s += a[i]", "bytes", 8, "flops", 1, "name",
			 "dot", "runners", "name", "fork", "regime", "one-shot",
			 "unit", "process", "name", "pthread", "regime",
			 "one-shot", "name", "fork-pool", "regime", "warm",
			 "name", "pthread-pool", "regime", "warm", "name",
			 "openmp", "regime", "warm", "unit", "thread");
}

static inline struct record *made_up_record(void)
{
	struct record *record = record_new();

	if (record)
		record_put_header(record, made_up_header("RelWithDebInfo", ""));
	return record;
}

/* Deterministic, within 0.4 %, and different in each round. */
static inline double made_up_noise(unsigned generation, size_t round)
{
	return 1 + 0.002 * sin((double)generation * 7 + (double)round * 3);
}

/* One block; probe: of every round, NaN for none. */
static inline int made_up_block(struct record *record, unsigned generation,
				const char *kernel, uint64_t n, double probe,
				const struct made_up_runner *runners,
				size_t count)
{
	struct reading readings[2 * MADE_UP_ROUNDS];
	double base[MADE_UP_ROUNDS];
	double times[8][MADE_UP_ROUNDS];
	struct series series[10] = {
		{"serial", 1, ROLE_BASE, MADE_UP_CALLS, base, NULL, NAN, 0},
		{"direct", 1, ROLE_CONTROL, MADE_UP_CALLS, base, NULL, NAN, 0},
	};
	struct block block = {
		.generation = generation,
		.kernel = kernel,
		.n = n,
		.tiles = 4,
		.rounds = MADE_UP_ROUNDS,
		.readings = readings,
		.nseries = 2 + count,
		.series = series,
	};

	for (size_t r = 0; r < MADE_UP_ROUNDS; r++) {
		base[r] = MADE_UP_CALLS * (double)n;
		readings[2 * r] = readings[2 * r + 1] =
			(struct reading){probe, NAN, NAN};
		for (size_t i = 0; i < count; i++)
			times[i][r] = MADE_UP_CALLS *
				      made_up_noise(generation, r) *
				      (runners[i].alpha +
				       (double)n / runners[i].speedup);
	}
	for (size_t i = 0; i < count; i++)
		series[2 + i] = (struct series){
			runners[i].spec, 2,    ROLE_RUNNER, MADE_UP_CALLS,
			times[i],	 NULL, NAN,	    0};
	return record_put_block(record, &block);
}

/* Sizes 16, 64, ... up to 16 * 4^(sizes - 1), in so many generations. */
static inline void made_up_scan(struct record *record, const char *kernel,
				size_t sizes, unsigned generations,
				const struct made_up_runner *runners,
				size_t count)
{
	for (unsigned g = 1; g <= generations; g++)
		for (size_t i = 0; i < sizes; i++)
			made_up_block(record, g, kernel, UINT64_C(16) << 2 * i,
				      NAN, runners, count);
}

static inline int made_up_note(struct record *record, const char *kind,
			       const char *kernel, const char *runner,
			       uint64_t n, const char *reason)
{
	struct note note = {.kind = kind,
			    .kernel = kernel,
			    .runner = runner,
			    .workers = 2,
			    .n = n,
			    .generation = 1,
			    .reason = reason};

	return record_put_note(record, &note);
}

#endif
