/* SPDX-License-Identifier: MIT */
/*
 * Which environment variables reach a measurement. Libraries read variables by
 * themselves, some of them before main() begins. This file alone decides which
 * are ignored, and which are used and noted.
 */
#ifndef BREAKEVEN_BENCH_HOST_ENVIRONMENT_H
#define BREAKEVEN_BENCH_HOST_ENVIRONMENT_H

#include <jansson.h>
#include <stddef.h>

/* Set when a host executes itself again, since its runner sets variables. */
#define HOST_AGAIN "BREAKEVEN_HOST_AGAIN"

enum environment_use {
	/* Replaced by options of ours, and by what runners set for their
	   libraries: OMP_NUM_THREADS, BENCHMARK_FILTER, HWLOC_XMLFILE, ... */
	ENVIRONMENT_IGNORED,
	/* A setting to measure under: GLIBC_TUNABLES, LD_PRELOAD, ... */
	ENVIRONMENT_HEEDED,
};

/* "NAME, NAME, ..." of the variables that are set and so used; as many as there
 * is room for. Returns how many there are. */
size_t environment_names(enum environment_use use, char *names, size_t size);

/*
 * Execute this program again, with these arguments, without the variables that
 * are ignored; its children do not get them either. Returns 0 at once if there
 * are none, or -errno.
 */
int environment_isolate(char **argv);

/* What is heeded, for the record: ["NAME=value", ...]; a new reference. */
json_t *environment_json(void);

#endif
