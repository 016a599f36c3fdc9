/* SPDX-License-Identifier: MIT */
#include "runners/team/quota.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool parse_us(const char **text, long long *us)
{
	char *end;

	errno = 0;
	*us = strtoll(*text, &end, 10);
	if (end == *text || errno || (*end && !isspace((unsigned char)*end)))
		return false;
	*text = end;
	return true;
}

static bool at_end(const char *text)
{
	return text[strspn(text, " \t\n")] == '\0';
}

static unsigned cpus_of(long long quota, long long period)
{
	long long cpus = quota / period;

	return cpus < 1 ? 1 : cpus > UINT_MAX ? QUOTA_NONE : (unsigned)cpus;
}

static unsigned nonsense(const char *what, const char *text, char *warning,
			 size_t size)
{
	snprintf(warning, size,
		 "%s holds '%.*s', which makes no sense: no CPU quota is "
		 "assumed",
		 what, (int)strcspn(text, "\n"), text);
	return QUOTA_NONE;
}

unsigned quota_parse_v2(const char *cpu_max, char *warning, size_t size)
{
	const char *at = cpu_max;
	long long quota, period = 100000;
	bool unlimited = strncmp(at, "max", 3) == 0;

	warning[0] = '\0';
	if (at_end(at))
		return QUOTA_NONE;
	if (unlimited)
		at += 3;
	else if (!parse_us(&at, &quota) || quota <= 0)
		return nonsense("cpu.max", cpu_max, warning, size);
	if (!at_end(at) &&
	    (!parse_us(&at, &period) || period <= 0 || !at_end(at)))
		return nonsense("cpu.max", cpu_max, warning, size);
	return unlimited ? QUOTA_NONE : cpus_of(quota, period);
}

unsigned quota_parse_v1(const char *quota_us, const char *period_us,
			char *warning, size_t size)
{
	const char *quota_at = quota_us, *period_at = period_us;
	long long quota, period;

	warning[0] = '\0';
	if (at_end(quota_us))
		return QUOTA_NONE;
	if (!parse_us(&quota_at, &quota) || !at_end(quota_at))
		return nonsense("cpu.cfs_quota_us", quota_us, warning, size);
	if (quota < 0)
		return QUOTA_NONE;
	if (quota == 0 || !parse_us(&period_at, &period) || period <= 0)
		return nonsense("cpu.cfs_period_us", period_us, warning, size);
	return cpus_of(quota, period);
}

static bool read_text(const char *path, char *text, size_t size)
{
	FILE *file = fopen(path, "r");
	size_t got;

	if (!file)
		return false;
	got = fread(text, 1, size - 1, file);
	text[got] = '\0';
	fclose(file);
	return true;
}

static unsigned tighter(unsigned a, unsigned b)
{
	if (a == QUOTA_NONE || b == QUOTA_NONE)
		return a == QUOTA_NONE ? b : a;
	return a < b ? a : b;
}

static unsigned read_v2(const char *folder, char *warning, size_t size)
{
	char path[PATH_MAX], text[128];

	snprintf(path, sizeof(path), "%s/cpu.max", folder);
	if (!read_text(path, text, sizeof(text)))
		return QUOTA_NONE;
	return quota_parse_v2(text, warning, size);
}

static unsigned read_v1(const char *folder, char *warning, size_t size)
{
	char path[PATH_MAX], quota[64], period[64];

	snprintf(path, sizeof(path), "%s/cpu.cfs_quota_us", folder);
	if (!read_text(path, quota, sizeof(quota)))
		return QUOTA_NONE;
	snprintf(path, sizeof(path), "%s/cpu.cfs_period_us", folder);
	if (!read_text(path, period, sizeof(period)))
		period[0] = '\0';
	return quota_parse_v1(quota, period, warning, size);
}

/* From `mount`/`group` up to the mount itself: every one on the way limits. A
 * first warning is kept. */
static unsigned walk_up(const char *mount, const char *group,
			unsigned (*read)(const char *, char *, size_t),
			char *warning, size_t size)
{
	unsigned budget = QUOTA_NONE;
	char folder[PATH_MAX];
	size_t top = strlen(mount);

	snprintf(folder, sizeof(folder), "%s%s", mount, group);
	for (;;) {
		char own[512] = "";
		char *slash;

		budget = tighter(budget, read(folder, own, sizeof(own)));
		if (own[0] && !warning[0])
			snprintf(warning, size, "%s", own);
		slash = strrchr(folder, '/');
		if (strlen(folder) <= top || !slash)
			return budget;
		*slash = '\0';
	}
}

/* Does a comma-separated list of controllers name cpu? */
static bool names_cpu(const char *controllers)
{
	for (const char *at = controllers; *at;) {
		size_t length = strcspn(at, ",");

		if (length == 3 && strncmp(at, "cpu", 3) == 0)
			return true;
		at += length + (at[length] == ',');
	}
	return false;
}

/* One line of /proc/self/cgroup: "id:controllers:/path". */
static unsigned read_line(const char *root, char *line, char *warning,
			  size_t size)
{
	static const char *const v2_mounts[] = {"", "/unified"};
	char mount[PATH_MAX / 2], *controllers, *path;
	unsigned budget = QUOTA_NONE;

	line[strcspn(line, "\n")] = '\0';
	controllers = strchr(line, ':');
	path = controllers ? strchr(controllers + 1, ':') : NULL;
	if (!path)
		return QUOTA_NONE;
	*controllers++ = '\0';
	*path++ = '\0';
	if (names_cpu(controllers)) {
		snprintf(mount, sizeof(mount), "%s/sys/fs/cgroup/%s", root,
			 controllers);
		budget = walk_up(mount, path, read_v1, warning, size);
		snprintf(mount, sizeof(mount), "%s/sys/fs/cgroup/cpu", root);
		return tighter(budget,
			       walk_up(mount, path, read_v1, warning, size));
	}
	for (size_t i = 0; !*controllers && i < 2; i++) {
		snprintf(mount, sizeof(mount), "%s/sys/fs/cgroup%s", root,
			 v2_mounts[i]);
		budget = tighter(budget,
				 walk_up(mount, path, read_v2, warning, size));
	}
	return budget;
}

unsigned quota_cpus(const char *root, char *warning, size_t size)
{
	char path[PATH_MAX], line[PATH_MAX];
	unsigned budget = QUOTA_NONE;
	FILE *groups;

	warning[0] = '\0';
	snprintf(path, sizeof(path), "%s/proc/self/cgroup", root);
	groups = fopen(path, "r");
	while (groups && fgets(line, sizeof(line), groups))
		budget = tighter(budget, read_line(root, line, warning, size));
	if (groups)
		fclose(groups);
	return budget;
}
