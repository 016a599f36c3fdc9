/* SPDX-License-Identifier: MIT */
#include "runners/pool/muster.h"

#include <sched.h>

void muster_come(struct muster *muster, unsigned worker)
{
	team_bind(muster->team, worker);
	__atomic_fetch_add(&muster->came, 1, __ATOMIC_ACQ_REL);
	while (__atomic_load_n(&muster->came, __ATOMIC_ACQUIRE) <
	       muster->team->workers)
		sched_yield();
}
