/* SPDX-License-Identifier: MIT */
/*
 * The control groups (v1 and v2) that this process is in.
 */
#ifndef BREAKEVEN_SYSTEM_CGROUP_H
#define BREAKEVEN_SYSTEM_CGROUP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum cgroup_version { CGROUP_V1 = 1, CGROUP_V2 };

/* Called with the folder of a group, which need not be there. */
typedef void cgroup_visit(const char *folder, enum cgroup_version version,
			  void *arg);

/*
 * Visit our group of `controller` ("cpu", "memory") and all above it up to the
 * mount: each of them limits. `root` ("" for the machine's own) is what /proc
 * and /sys are looked up below.
 */
void cgroup_walk(const char *root, const char *controller, cgroup_visit *visit,
		 void *arg);

/* The first line of a group's file, as sysfile_line(); a number in it, as
 * sysfile_number(). */
bool cgroup_line(const char *folder, const char *file, char *text, size_t size);
uint64_t cgroup_number(const char *folder, const char *file, const char *key,
		       uint64_t fallback);

#endif
