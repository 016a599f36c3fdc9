/* SPDX-License-Identifier: MIT */
/*
 * Where a call's time goes: the table, the JSON and the trace of `breakeven
 * trace`. All times are in ns.
 */
#ifndef BREAKEVEN_ANALYSIS_STUDIES_SPLIT_H
#define BREAKEVEN_ANALYSIS_STUDIES_SPLIT_H

#include "analysis/studies/skipped.h"
#include "analysis/studies/study_values.h"
#include "results/record.h"
#include "stats/stats.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* One tile of one call, which began at 0. */
struct split_tile {
	size_t tile;
	unsigned worker; /* 0: the caller */
	int cpu;	 /* where it ended */
	double begin_ns, end_ns;
};

/* A kernel has one pass or more; each is a dispatch. */
struct split_pass {
	double called_ns, joined_ns;
};

struct split_call {
	struct split_pass *passes;
	struct split_tile *tiles; /* ntiles of each pass, one after the other */
	size_t npasses, ntiles;
	double collected_ns; /* when the results had been folded */
};

/* A runner. Its parts are those of bench/host/stamps.h, and add up to the call.
 */
struct split_row {
	const char *runner;
	unsigned workers;
	bool creates;	/* its workers, in every call; else they are there */
	double open_ns; /* what creating them took then, once */
	double call_ns, create_ns, dispatch_ns, compute_ns, wait_ns, join_ns,
		collect_ns;
	double seen;	 /* workers that ran a tile, on average */
	double plain_ns; /* a call without stamps, back to back */
	double stamps;	 /* what they cost: 0.02 is 2 % of such a call */
	struct interval stamps_interval; /* NaN: not known */
	double trip_ns; /* a cache line's, right before; NAN: not known */
	struct split_call call; /* a typical one */
};

struct split {
	const char *kernel;
	uint64_t n;
	size_t tiles, rounds, generations;
	unsigned workers;
	struct split_row *rows;
	size_t nrows;
	struct skipped_list skipped; /* they have no rows */
};

/* Something was measured, and no runner failed on the way. */
bool split_is_whole(const struct split *split);

/* 0, -EIO or -ENOMEM. What is written is flushed by the caller. */
int split_json(const struct split *split, FILE *out);

/* What split_json() writes; a new reference, NULL: out of memory. */
json_t *split_object(const struct split *split);

/*
 * That of such an object, all but calls; what is no number there is NaN. 0,
 * -EINVAL: it is none; or -ENOMEM. Strings are the object's, which has to
 * outlive it. split_free() frees what it holds in any case.
 */
int split_read(const json_t *object, struct split *split);
void split_free(struct split *split);

/* The first one of the kernel in the record. As split_read(); -ENOENT: there is
 * none. */
int split_find(const struct record *record, const char *kernel,
	       struct split *split);

/* Its numbers, added to `values`, by name. 0 or -ENOMEM. */
int split_values(const struct split *split, struct study_values *values);

/* The parts of a call, in the order in which they happen: their names, and a
 * row's. */
enum { SPLIT_PARTS = 6 };
extern const char *const split_parts[SPLIT_PARTS];
double split_part_ns(const struct split_row *row, unsigned part);

#endif
