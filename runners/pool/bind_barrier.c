/* SPDX-License-Identifier: MIT */
#include "runners/pool/bind_barrier.h"

#include <sched.h>

void bind_barrier_wait(struct bind_barrier *barrier, unsigned worker)
{
	team_bind(barrier->team, worker);
	/* release and acquire: each thread sees team->bound of all. Builtins,
	 * since C++ includes the struct. */
	__atomic_fetch_add(&barrier->arrived, 1, __ATOMIC_ACQ_REL);
	while (__atomic_load_n(&barrier->arrived, __ATOMIC_ACQUIRE) <
	       barrier->team->workers)
		sched_yield();
}
