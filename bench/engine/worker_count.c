/* SPDX-License-Identifier: MIT */
#include "bench/engine/worker_count.h"

#include "system/quota.h"

#include <stdio.h>

unsigned worker_count_cap(unsigned asked, unsigned cpus, bool oversubscribe,
			  char text[WORKER_COUNT_TEXT_MAX])
{
	unsigned taken = asked > cpus && !oversubscribe ? cpus : asked;
	int length = 0;

	text[0] = '\0';
	if (asked <= cpus)
		return asked;
	length = snprintf(text, WORKER_COUNT_TEXT_MAX,
			  "%u workers asked for, more than the %u CPU%s that "
			  "we may use: ",
			  asked, cpus, cpus == 1 ? "" : "s");
	if (taken < asked)
		snprintf(text + length, WORKER_COUNT_TEXT_MAX - (size_t)length,
			 "capped to %u", taken);
	else
		snprintf(text + length, WORKER_COUNT_TEXT_MAX - (size_t)length,
			 "they take turns");
	return taken;
}

unsigned worker_count_default(const struct topology *topology,
			      void (*notice)(const char *text))
{
	char warning[256] = "", text[WORKER_COUNT_TEXT_MAX];
	double quota = quota_cpus("", warning, sizeof(warning));
	unsigned cpus = topology_order(topology, PIN_NONE, NULL, 0);
	unsigned workers = quota_workers(quota, cpus);

	if (warning[0])
		notice(warning);
	snprintf(text, sizeof(text),
		 "a control group grants %.4g of %u CPUs: %u worker%s unless "
		 "--workers says otherwise",
		 quota, cpus, workers, workers == 1 ? "" : "s");
	if (workers < cpus)
		notice(text);
	return workers;
}
