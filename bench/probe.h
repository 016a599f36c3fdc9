/* SPDX-License-Identifier: MIT */
/*
 * The probe: how long one cache line takes to the other CPU and back. It is
 * what dispatch is made of, and the only thing inside a virtual machine that
 * shows when the host moves its CPUs.
 */
#ifndef BREAKEVEN_BENCH_PROBE_H
#define BREAKEVEN_BENCH_PROBE_H

#include "runners/team/pin.h"

struct probe; /* opaque: the calling process and a child */

/* Start the child that answers on CPU `there`; the caller is bound to `here`.
 * NULL with errno set. */
struct probe *probe_open(const struct topology *topology, int here, int there);

/* Median time of a round trip, in ns. < 0: the child is gone. */
double probe_round_trip(struct probe *probe);

/* Ends the child. */
void probe_close(struct probe *probe);

#endif
