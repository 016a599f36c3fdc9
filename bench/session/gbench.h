/* SPDX-License-Identifier: MIT */
/*
 * The door to google-benchmark, for C. It drives a fixed set of cells; what it
 * times by itself is never used: every cell reports the time that its host
 * measured.
 *
 * It is a module, since a host is this program, too, and has no use for it: to
 * load C++'s library with each host takes longer than all else that a host
 * loads.
 */
#ifndef BREAKEVEN_BENCH_SESSION_GBENCH_H
#define BREAKEVEN_BENCH_SESSION_GBENCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct gbench_cell {
	char *name;
	uint64_t items; /* per call, for items per second */
	double bytes;	/* per call, for bytes per second; 0: none */
};

/*
 * Measure the next iteration of cell `index`: a call's time in seconds goes to
 * *seconds. Returns NULL, or why there is none; the cell is then skipped.
 */
typedef const char *gbench_fn(void *arg, size_t index, double *seconds);

/* Is this argument google-benchmark's, rather than ours? */
bool gbench_owns(const char *argument);

/* Load google-benchmark, and give it its flags (argv[0] is the program). NULL,
 * or what is wrong with them or with the module: a static string. Once per
 * process, before cells are run. */
const char *gbench_configure(int argc, char **argv);

/* Have google-benchmark tell this of the run, on the console and as JSON. */
void gbench_context(const char *key, const char *value);

/* How many times --benchmark_repetitions asks for; 1 when it does not, or
 * nothing was configured. */
unsigned gbench_repetitions(void);

/* Does --benchmark_filter, if there is one, let a cell of this name through? */
bool gbench_selects(const char *name, unsigned iterations);

/*
 * Run all cells, in their order, `iterations` iterations each; once per
 * process. Silent: nothing is reported. Returns the number of cells that ran,
 * or that --benchmark_list_tests listed.
 */
size_t gbench_run(const struct gbench_cell *cells, size_t count,
		  unsigned iterations, gbench_fn *measure, void *arg,
		  bool silent);

#endif
