/* SPDX-License-Identifier: MIT */
/*
 * The CPU time that control groups (v1 and v2) allow.
 */
#ifndef BREAKEVEN_SYSTEM_QUOTA_H
#define BREAKEVEN_SYSTEM_QUOTA_H

#include <stddef.h>
#include <stdint.h>

#define QUOTA_NONE 0.0

/*
 * The number of CPUs that a quota allows, such as 0.5, or QUOTA_NONE.
 * quota_parse_v2 takes the text of cpu.max ("150000 100000", "max 100000",
 * "max"); quota_parse_v1 takes those of cpu.cfs_quota_us and cpu.cfs_period_us.
 * Invalid text gives QUOTA_NONE and fills `warning`, which is empty otherwise.
 */
double quota_parse_v2(const char *cpu_max, char *warning, size_t size);
double quota_parse_v1(const char *quota_us, const char *period_us,
		      char *warning, size_t size);

/*
 * The smallest quota of our group and all groups above it. /proc and /sys are
 * looked up below `root`, which is "" for the machine's own.
 */
double quota_cpus(const char *root, char *warning, size_t size);

/* How many workers a quota can keep busy on so many CPUs; at least one. */
unsigned quota_workers(double quota, unsigned cpus);

/* How often our group and those above it have been stopped because they had
 * used up their quota of a period. */
uint64_t quota_throttled(const char *root);

#endif
