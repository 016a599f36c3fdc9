/* SPDX-License-Identifier: MIT */
#include "system/topology.h"

#include "system/child.h"
#include "system/child_fork.h"
#include "system/topology_hwloc.h"
#include "system/topology_source.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum { TRY_SECONDS = 5 }; /* of CPU time, to read a file; it takes ms */

/* Load CPUs, caches, packages and memory. No devices, which take long to find,
 * and no thread visits each CPU. */
static int topology_set_up(hwloc_topology_t hwloc,
			   const struct topology_source *source)
{
	if (topology_source_set(hwloc, source) < 0)
		return -1;
	hwloc_topology_set_flags(
		hwloc, HWLOC_TOPOLOGY_FLAG_INCLUDE_DISALLOWED |
			       HWLOC_TOPOLOGY_FLAG_DONT_CHANGE_BINDING);
	hwloc_topology_set_io_types_filter(hwloc, HWLOC_TYPE_FILTER_KEEP_NONE);
	hwloc_topology_set_type_filter(hwloc, HWLOC_OBJ_MISC,
				       HWLOC_TYPE_FILTER_KEEP_NONE);
	return hwloc_topology_load(hwloc);
}

static int topology_make(const struct topology_source *source,
			 struct topology **out)
{
	struct topology *topology = calloc(1, sizeof(*topology));
	int rc;

	if (!topology || hwloc_topology_init(&topology->hwloc) < 0) {
		free(topology);
		return -ENOMEM;
	}
	topology->here = !source->name;
	rc = topology_set_up(topology->hwloc, source) < 0
		     ? (errno == E2BIG ? -E2BIG : -EINVAL)
		     : allowed_cpus_find(topology);
	if (rc == 0)
		*out = topology;
	else
		topology_free(topology);
	return rc;
}

/* In a child: exit with the errno of topology_make(). A crash ends the child at
 * once, without the handlers that its parent has set up. */
static void topology_make_apart(const struct topology_source *source)
{
	static const int crashes[] = {SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL};
	struct topology *topology;
	const struct rlimit limit = {TRY_SECONDS, TRY_SECONDS};
	int silent = open("/dev/null", O_WRONLY | O_CLOEXEC), rc;

	if (silent >= 0)
		dup2(silent, STDERR_FILENO);
	for (size_t i = 0; i < sizeof(crashes) / sizeof(*crashes); i++)
		signal(crashes[i], SIG_DFL);
	setrlimit(RLIMIT_CPU, &limit);
	rc = topology_make(source, &topology);
	if (rc == 0)
		topology_free(topology);
	_exit(rc ? -rc : CHILD_DONE);
}

/* hwloc crashes or loops on some damaged files, so a child tries the file
 * first, if one can be forked. 0 or -errno; -EFAULT: hwloc did not return. */
static int topology_try_apart(const struct topology_source *source)
{
	pid_t pid = child_fork();
	int status;

	if (pid == 0)
		topology_make_apart(source);
	if (pid < 0 || child_wait(pid, &status) < 0)
		return 0;
	if (!WIFEXITED(status))
		return -EFAULT;
	switch (WEXITSTATUS(status)) {
	case CHILD_DONE:
		return 0;
	case ENOMEM:
	case EINVAL:
	case ENODEV:
		return -WEXITSTATUS(status);
	default:
		return -EFAULT;
	}
}

int topology_load(const char *name, struct topology **out, struct error *error)
{
	struct topology_source source = {.name = name};
	int rc = name ? topology_source_read(&source, error)
		      : allowed_cpus_check(error);

	if (rc == 0) {
		rc = source.xml ? topology_try_apart(&source) : 0;
		if (rc == 0)
			rc = topology_make(&source, out);
		if (rc < 0)
			rc = topology_source_explain(&source, rc, error);
	}
	free(source.xml);
	return rc;
}

void topology_free(struct topology *topology)
{
	if (!topology)
		return;
	if (topology->usable)
		hwloc_topology_destroy(topology->usable);
	hwloc_bitmap_free(topology->allowed);
	hwloc_topology_destroy(topology->hwloc);
	free(topology);
}
