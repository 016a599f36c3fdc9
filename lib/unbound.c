/* SPDX-License-Identifier: MIT */
#include "runners/runner.h"

/* The kernel places the library's workers, since the program has other things
 * to do as well. So the library does not need hwloc. */
void team_bind(struct team *team, unsigned worker)
{
	team->bound[worker] = -1;
}
