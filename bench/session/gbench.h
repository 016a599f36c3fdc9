/* SPDX-License-Identifier: MIT */
/*
 * The door to google-benchmark, for C. It drives a fixed set of cells; what it
 * times by itself is never used: every cell reports the time that its host
 * measured.
 */
#ifndef BREAKEVEN_BENCH_SESSION_GBENCH_H
#define BREAKEVEN_BENCH_SESSION_GBENCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

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

/* Give google-benchmark its flags (argv[0] is the program). NULL, or what is
 * wrong with them. Once per process, before all else here. */
const char *gbench_configure(int argc, char **argv);

/* Have google-benchmark tell this of the run, on the console and as JSON. */
void gbench_context(const char *key, const char *value);

/* How many times --benchmark_repetitions asks for; 1 when it does not. */
unsigned gbench_repetitions(void);

/* Does --benchmark_filter let a cell of this name through? */
bool gbench_selects(const char *name, unsigned iterations);

/*
 * Run all cells, in their order, `iterations` iterations each; once per
 * process. Silent: nothing is reported. Returns the number of cells that ran,
 * or that --benchmark_list_tests listed.
 */
size_t gbench_run(const struct gbench_cell *cells, size_t count,
		  unsigned iterations, gbench_fn *measure, void *arg,
		  bool silent);

#ifdef __cplusplus
}
#endif

#endif
