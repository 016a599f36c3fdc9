/* SPDX-License-Identifier: MIT */
/*
 * What the machine is: printed by `breakeven machine`, kept in every record.
 */
#ifndef BREAKEVEN_BENCH_MACHINE_H
#define BREAKEVEN_BENCH_MACHINE_H

#include "runners/team/pin.h"

#include <jansson.h>

/* Texts are empty where something is not known, numbers 0. */
struct machine_facts {
	struct machine_shape shape;
	char hostname[64], kernel[128], hypervisor[32], clocksource[32];
	char thp[16], thp_shmem[16]; /* the chosen setting */
	long page_size;		     /* bytes */
	double quota_cpus;	     /* as 0.5; QUOTA_NONE: no quota */
	double clock_resolution_ns;  /* smallest step seen of CLOCK_MONOTONIC */
};

void machine_collect(const struct topology *topology,
		     struct machine_facts *facts);

/* As the record's header holds it; a new reference. Unknown: null. */
json_t *machine_json(const struct machine_facts *facts);

#endif
