/* SPDX-License-Identifier: MIT */
/*
 * The probe: how the machine is at this moment, from a process on each of some
 * CPUs. Its readings do not depend on what is measured, so that rounds may be
 * judged by them: how long a cache line takes to the next CPU and back, which
 * is what dispatch is made of and the only thing inside a virtual machine that
 * shows when the host moves its CPUs; and how long counted work takes on all
 * CPUs at once and on one alone, which shows when other load takes them away.
 */
#ifndef BREAKEVEN_BENCH_HOST_PROBE_H
#define BREAKEVEN_BENCH_HOST_PROBE_H

#include "bench/protocol/request.h"
#include "system/topology.h"

struct probe; /* opaque: the calling process and its children */

/* Start a child on each CPU but the first, to which the caller is bound; two to
 * PROBE_CPUS_MAX. NULL with errno set. */
struct probe *probe_open(const struct topology *topology, const int *cpus,
			 unsigned count);

/* Median time of a cache line's round trip from the first CPU to the second, in
 * ns, with the polling that suits the CPU best. < 0: a child is gone. */
double probe_round_trip(struct probe *probe);

struct interference {
	double together_ns; /* a piece of work on each CPU at once: the slowest
			     */
	double alone_ns;    /* the same piece, the first CPU alone */
};

/* Let the children move to other CPUs, cpus[1] on, and work there. 0, or -1
 * when a child is gone. */
int probe_interference(struct probe *probe, const int *cpus, unsigned count,
		       struct interference *interference);

/* Ends the children. */
void probe_close(struct probe *probe);

#endif
