/* SPDX-License-Identifier: MIT */
/*
 * What the machine is: printed by `breakeven machine`, kept in every record.
 */
#ifndef BREAKEVEN_BENCH_MACHINE_MACHINE_H
#define BREAKEVEN_BENCH_MACHINE_MACHINE_H

#include "system/topology.h"

#include <jansson.h>
#include <stdbool.h>

/* Texts are empty where something is not known, numbers 0. */
struct machine_facts {
	struct machine_shape shape;
	char hostname[64], kernel[128], hypervisor[32], clocksource[32];
	char thp[16], thp_shmem[16]; /* the chosen setting */
	long page_size;		     /* bytes */
	double quota_cpus;	     /* as 0.5; QUOTA_NONE: no quota */
	double clock_resolution_ns;  /* machine_clock_step_ns() */
	bool bare; /* it is known that there is no hypervisor */
};

void machine_collect(const struct topology *topology,
		     struct machine_facts *facts);

/* The part of that which /proc and /sys below `root` tell of the CPU: model,
 * unless it is known already, hypervisor, bare. */
void machine_cpu(const char *root, struct machine_facts *facts);

/* The smallest step between two readings of CLOCK_MONOTONIC, which no call can
 * be below, in ns; 0 where it stands still. Takes no longer than a second. */
double machine_clock_step_ns(void);

/* As the record's header holds it; a new reference. Unknown: null. */
json_t *machine_json(const struct machine_facts *facts);

#endif
