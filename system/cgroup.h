/* SPDX-License-Identifier: MIT */
/*
 * The control groups (v1 and v2) of this process.
 */
#ifndef BREAKEVEN_SYSTEM_CGROUP_H
#define BREAKEVEN_SYSTEM_CGROUP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum cgroup_version { CGROUP_V1 = 1, CGROUP_V2 };

/* Called with the folder of a group, which may not exist. */
typedef void cgroup_visit(const char *folder, enum cgroup_version version,
			  void *arg);

/*
 * Visit our group of `controller` ("cpu", "memory") and all groups above it, up
 * to the mount: each of them may have a limit. /proc and /sys are looked up
 * below `root`, which is "" for the machine's own.
 */
void cgroup_walk(const char *root, const char *controller, cgroup_visit *visit,
		 void *arg);

/* sysfile_line() and sysfile_number() of a file in a group's folder. */
bool cgroup_line(const char *folder, const char *file, char *text, size_t size);
uint64_t cgroup_number(const char *folder, const char *file, const char *key,
		       uint64_t fallback);

#endif
