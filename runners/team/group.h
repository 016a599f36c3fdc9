/* SPDX-License-Identifier: MIT */
/*
 * The control groups (v1 and v2) that this process is in.
 */
#ifndef BREAKEVEN_RUNNERS_TEAM_GROUP_H
#define BREAKEVEN_RUNNERS_TEAM_GROUP_H

#include <stdbool.h>
#include <stddef.h>

enum group_version { GROUP_V1 = 1, GROUP_V2 };

/* Called with the folder of a group, which need not be there. */
typedef void group_visit(const char *folder, enum group_version version,
			 void *arg);

/*
 * Visit our group of `controller` ("cpu", "memory") and all above it up to the
 * mount: each of them limits. `root` ("" for the machine's own) is what /proc
 * and /sys are looked up below.
 */
void group_walk(const char *root, const char *controller, group_visit *visit,
		void *arg);

/* The text of a group's file, cut at `size`. False where it cannot be read,
 * and text is empty then. */
bool group_read(const char *folder, const char *file, char *text, size_t size);

#endif
