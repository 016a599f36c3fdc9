/* SPDX-License-Identifier: MIT */
#include "runners/runner.h"

/* Workers of the library go where the kernel puts them: a program that uses it
 * does other things as well. So there is no need of hwloc. */
void team_bind(struct team *team, unsigned worker)
{
	team->bound[worker] = -1;
}
