/* SPDX-License-Identifier: MIT */
/*
 * The CPU time that control groups (v1 and v2) let us have.
 */
#ifndef BREAKEVEN_SYSTEM_QUOTA_H
#define BREAKEVEN_SYSTEM_QUOTA_H

#include <stddef.h>

enum { QUOTA_NONE = 0 };

/*
 * CPUs that a quota pays for, rounded down but at least 1, or QUOTA_NONE.
 * quota_parse_v2 reads the text of cpu.max ("150000 100000", "max 100000",
 * "max"); quota_parse_v1 reads cpu.cfs_quota_us and cpu.cfs_period_us. Text
 * that makes no sense gives QUOTA_NONE and fills `warning`, which is empty
 * otherwise.
 */
unsigned quota_parse_v2(const char *cpu_max, char *warning, size_t size);
unsigned quota_parse_v1(const char *quota_us, const char *period_us,
			char *warning, size_t size);

/*
 * The smallest budget on the way from our group to the root, below `root`
 * ("" for the machine's own: /proc and /sys are looked up below it).
 */
unsigned quota_cpus(const char *root, char *warning, size_t size);

#endif
