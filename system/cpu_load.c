/* SPDX-License-Identifier: MIT */
#include "system/cpu_load.h"

#include "system/sysfile.h"

#include <math.h>
#include <stdio.h>
#include <unistd.h>

double cpu_load_busy_s(const char *root)
{
	enum { USER, NICE, SYSTEM, IDLE, IOWAIT, IRQ, SOFTIRQ, STEAL, TIMES };
	unsigned long long ticks[TIMES] = {0};
	char path[256], line[512];

	snprintf(path, sizeof(path), "%s/proc/stat", root);
	/* Kernels before 2.6.11 know no stolen time. */
	if (!sysfile_line(path, line, sizeof(line)) ||
	    sscanf(line, "cpu %llu %llu %llu %llu %llu %llu %llu %llu",
		   &ticks[USER], &ticks[NICE], &ticks[SYSTEM], &ticks[IDLE],
		   &ticks[IOWAIT], &ticks[IRQ], &ticks[SOFTIRQ],
		   &ticks[STEAL]) < STEAL)
		return NAN;
	return (double)(ticks[USER] + ticks[NICE] + ticks[SYSTEM] + ticks[IRQ] +
			ticks[SOFTIRQ] + ticks[STEAL]) /
	       (double)sysconf(_SC_CLK_TCK);
}
