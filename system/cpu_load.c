/* SPDX-License-Identifier: MIT */
#include "system/cpu_load.h"

#include "system/sysfile.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

double cpu_load_busy_s(const char *root)
{
	enum { USER, NICE, SYSTEM, IDLE, IOWAIT, IRQ, SOFTIRQ, STEAL, TIMES };
	unsigned long long busy = 0;
	char path[256], line[512], *at = line + strlen("cpu"), *end;

	snprintf(path, sizeof(path), "%s/proc/stat", root);
	if (!sysfile_line(path, line, sizeof(line)) ||
	    strncmp(line, "cpu ", 4) != 0)
		return NAN;
	for (int i = USER; i < TIMES; i++, at = end) {
		unsigned long long ticks = strtoull(at, &end, 10);

		if (end == at)
			return NAN;
		if (i != IDLE && i != IOWAIT)
			busy += ticks;
	}
	return (double)busy / (double)sysconf(_SC_CLK_TCK);
}
