/* SPDX-License-Identifier: MIT */
#include "bench/crowd.h"

#include <stdio.h>

unsigned crowd_workers(unsigned asked, unsigned cpus, bool oversubscribe,
		       char text[CROWD_TEXT_MAX])
{
	unsigned taken = asked > cpus && !oversubscribe ? cpus : asked;
	int length = 0;

	text[0] = '\0';
	if (asked <= cpus)
		return asked;
	length = snprintf(text, CROWD_TEXT_MAX,
			  "%u workers asked for, more than the %u CPU%s that "
			  "we may use: ",
			  asked, cpus, cpus == 1 ? "" : "s");
	if (taken < asked)
		snprintf(text + length, CROWD_TEXT_MAX - (size_t)length,
			 "capped to %u", taken);
	else
		snprintf(text + length, CROWD_TEXT_MAX - (size_t)length,
			 "they take turns");
	return taken;
}
