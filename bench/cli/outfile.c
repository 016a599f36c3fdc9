/* SPDX-License-Identifier: MIT */
#include "bench/cli/outfile.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* Runs may begin within one second. */
char *outfile_new(const char *what, const char *side)
{
	char host[64] = "machine", when[32], path[256], twin[8] = "";
	time_t now = time(NULL);
	struct tm local;
	bool home = access("results/.", W_OK) == 0;

	gethostname(host, sizeof(host) - 1);
	localtime_r(&now, &local);
	strftime(when, sizeof(when), "%Y%m%d-%H%M%S", &local);
	if (home)
		mkdir("results/runs", 0777);
	for (int i = 2; i < 100; i++) {
		snprintf(path, sizeof(path), "%s%s%s-%s%s%s.jsonl",
			 home ? "results/runs/" : "breakeven-", what, host,
			 when, twin, side);
		if (access(path, F_OK) < 0)
			break;
		snprintf(twin, sizeof(twin), "-%d", i);
	}
	return strdup(path);
}
