/* SPDX-License-Identifier: MIT */
#include "system/quota.h"

#include "system/cgroup.h"

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool quota_parse_us(const char **text, long long *us)
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

static double quota_nonsense(const char *what, const char *text, char *warning,
			     size_t size)
{
	snprintf(warning, size,
		 "%s holds '%.*s', which is invalid: no CPU quota is "
		 "assumed",
		 what, (int)strcspn(text, "\n"), text);
	return QUOTA_NONE;
}

double quota_parse_v2(const char *cpu_max, char *warning, size_t size)
{
	const char *at = cpu_max;
	long long quota, period = 100000;
	bool unlimited = strncmp(at, "max", 3) == 0;

	warning[0] = '\0';
	if (at_end(at))
		return QUOTA_NONE;
	if (unlimited)
		at += 3;
	else if (!quota_parse_us(&at, &quota) || quota <= 0)
		return quota_nonsense("cpu.max", cpu_max, warning, size);
	if (!at_end(at) &&
	    (!quota_parse_us(&at, &period) || period <= 0 || !at_end(at)))
		return quota_nonsense("cpu.max", cpu_max, warning, size);
	return unlimited ? QUOTA_NONE : (double)quota / (double)period;
}

double quota_parse_v1(const char *quota_us, const char *period_us,
		      char *warning, size_t size)
{
	const char *quota_at = quota_us, *period_at = period_us;
	long long quota, period;

	warning[0] = '\0';
	if (at_end(quota_us))
		return QUOTA_NONE;
	if (!quota_parse_us(&quota_at, &quota) || !at_end(quota_at))
		return quota_nonsense("cpu.cfs_quota_us", quota_us, warning,
				      size);
	if (quota < 0)
		return QUOTA_NONE;
	if (quota == 0 || !quota_parse_us(&period_at, &period) || period <= 0)
		return quota_nonsense("cpu.cfs_period_us", period_us, warning,
				      size);
	return (double)quota / (double)period;
}

static double quota_read_v2(const char *folder, char *warning, size_t size)
{
	char text[128];

	if (!cgroup_line(folder, "cpu.max", text, sizeof(text)))
		return QUOTA_NONE;
	return quota_parse_v2(text, warning, size);
}

static double quota_read_v1(const char *folder, char *warning, size_t size)
{
	char quota[64], period[64];

	if (!cgroup_line(folder, "cpu.cfs_quota_us", quota, sizeof(quota)))
		return QUOTA_NONE;
	cgroup_line(folder, "cpu.cfs_period_us", period, sizeof(period));
	return quota_parse_v1(quota, period, warning, size);
}

struct budget {
	double cpus;
	char *warning; /* the first one */
	size_t size;
};

static void quota_tighten(const char *folder, enum cgroup_version version,
			  void *arg)
{
	struct budget *budget = arg;
	char own[512] = "";
	double cpus = version == CGROUP_V1
			      ? quota_read_v1(folder, own, sizeof(own))
			      : quota_read_v2(folder, own, sizeof(own));

	if (cpus != QUOTA_NONE &&
	    (budget->cpus == QUOTA_NONE || cpus < budget->cpus))
		budget->cpus = cpus;
	if (own[0] && !budget->warning[0])
		snprintf(budget->warning, budget->size, "%s", own);
}

double quota_cpus(const char *root, char *warning, size_t size)
{
	struct budget budget = {QUOTA_NONE, warning, size};

	warning[0] = '\0';
	cgroup_walk(root, "cpu", quota_tighten, &budget);
	return budget.cpus;
}

unsigned quota_workers(double quota, unsigned cpus)
{
	if (quota == QUOTA_NONE || quota >= cpus)
		return cpus;
	return quota < 1 ? 1 : (unsigned)quota;
}

static void quota_add_throttled(const char *folder, enum cgroup_version version,
				void *arg)
{
	uint64_t *times = arg;

	(void)version;
	*times += cgroup_number(folder, "cpu.stat", "nr_throttled ", 0);
}

uint64_t quota_throttled(const char *root)
{
	uint64_t times = 0;

	cgroup_walk(root, "cpu", quota_add_throttled, &times);
	return times;
}
