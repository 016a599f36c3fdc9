/* SPDX-License-Identifier: MIT */
#include "system/cgroup.h"

#include "system/sysfile.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

bool cgroup_line(const char *folder, const char *file, char *text, size_t size)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/%s", folder, file);
	return sysfile_line(path, text, size);
}

uint64_t cgroup_number(const char *folder, const char *file, const char *key,
		       uint64_t fallback)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/%s", folder, file);
	return sysfile_number(path, key, fallback);
}

/* From `mount`/`group` up to the mount itself. */
static void cgroup_walk_up(const char *mount, const char *group,
			   enum cgroup_version version, cgroup_visit *visit,
			   void *arg)
{
	char folder[PATH_MAX];
	size_t top = strlen(mount);

	snprintf(folder, sizeof(folder), "%s%s", mount,
		 strcmp(group, "/") == 0 ? "" : group);
	for (;;) {
		char *slash;

		visit(folder, version, arg);
		slash = strrchr(folder, '/');
		if (strlen(folder) <= top || !slash)
			return;
		*slash = '\0';
	}
}

/* Does a comma-separated list of controllers name this one? */
static bool cgroup_list_names(const char *controllers, const char *controller)
{
	size_t wanted = strlen(controller);

	for (const char *at = controllers; *at;) {
		size_t length = strcspn(at, ",");

		if (length == wanted && strncmp(at, controller, length) == 0)
			return true;
		at += length + (at[length] == ',');
	}
	return false;
}

/* One line of /proc/self/cgroup: "id:controllers:/path". */
static void cgroup_walk_line(const char *root, char *line,
			     const char *controller, cgroup_visit *visit,
			     void *arg)
{
	static const char *const v2_mounts[] = {"", "/unified"};
	char mount[PATH_MAX / 2], *controllers, *path;

	line[strcspn(line, "\n")] = '\0';
	controllers = strchr(line, ':');
	path = controllers ? strchr(controllers + 1, ':') : NULL;
	if (!path)
		return;
	*controllers++ = '\0';
	*path++ = '\0';
	if (cgroup_list_names(controllers, controller)) {
		snprintf(mount, sizeof(mount), "%s/sys/fs/cgroup/%s", root,
			 controllers);
		/* "cpu,cpuacct" may be mounted as "cpu" alone. */
		if (access(mount, F_OK) < 0)
			snprintf(mount, sizeof(mount), "%s/sys/fs/cgroup/%s",
				 root, controller);
		cgroup_walk_up(mount, path, CGROUP_V1, visit, arg);
	}
	for (size_t i = 0; !*controllers && i < 2; i++) {
		snprintf(mount, sizeof(mount), "%s/sys/fs/cgroup%s", root,
			 v2_mounts[i]);
		cgroup_walk_up(mount, path, CGROUP_V2, visit, arg);
	}
}

void cgroup_walk(const char *root, const char *controller, cgroup_visit *visit,
		 void *arg)
{
	char path[PATH_MAX], line[PATH_MAX];
	FILE *groups;

	snprintf(path, sizeof(path), "%s/proc/self/cgroup", root);
	groups = fopen(path, "re");
	while (groups && fgets(line, sizeof(line), groups))
		cgroup_walk_line(root, line, controller, visit, arg);
	if (groups)
		fclose(groups);
}
