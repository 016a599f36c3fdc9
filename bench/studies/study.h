/* SPDX-License-Identifier: MIT */
/*
 * Whole runs of `bench`, each in a process of its own as a user starts it, and
 * what comes of them.
 */
#ifndef BREAKEVEN_BENCH_STUDIES_STUDY_H
#define BREAKEVEN_BENCH_STUDIES_STUDY_H

#include "analysis/findings.h"
#include "system/topology.h"

#include <stdint.h>
#include <sys/types.h>

enum { STUDY_BURSTS = 2 };

struct study {
	char folder[256]; /* of the records, in TMPDIR; removed at the end */
	double budget_s;  /* of a run */
	unsigned generations; /* of a run, whatever the time; 0: see budget_s */
	uint64_t random;
	pid_t bursts[STUDY_BURSTS]; /* 0: not running */
};

/* 0, or -1 with errno set. study_close() undoes it. */
int study_open(struct study *study, double budget_s, unsigned generations,
	       uint64_t seed);
void study_close(struct study *study);

/*
 * Run `bench` with this kernel, runner and range of sizes; *record and
 * *findings are the caller's to free, the findings first. 0, or the exit
 * status.
 */
int study_run(struct study *study, const char *kernel, const char *runner,
	      const char *sizes, struct record **record,
	      struct findings **findings);

/*
 * Processes that keep CPU `cpu` busy in bursts of up to 61 ms, two thirds of
 * the time for two seconds, then none for two: as a neighbour on the host does
 * it. 0 or -errno.
 */
int study_burst(struct study *study, const struct topology *topology, int cpu);
void study_calm(struct study *study);

#endif
