/* SPDX-License-Identifier: MIT */
#include "system/topology.h"

#include "system/child.h"

#include <errno.h>
#include <fcntl.h>
#include <hwloc.h>
#include <hwloc/cpukinds.h>
#include <hwloc/linux.h>
#include <math.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

const char *const pin_policy_names[] = {"compact", "scatter", "core", "none",
					NULL};

enum {
	/* CPUs of a synthetic machine: hwloc builds so many in a second. */
	SYNTHETIC_MAX = 4096,
	XML_INITIAL = 1 << 14, /* bytes of the buffer for a file, at first */
	XML_MAX = 1 << 26,     /* and at most */
	TRY_SECONDS = 5,       /* of CPU time, to read one; it takes ms */
	/* HWLOC_TOPOLOGY_EXPORT_XML_FLAG_V2 of hwloc 3, by which it writes what
	 * we read. */
	EXPORT_FOR_2 = 2,
};

struct topology {
	hwloc_topology_t hwloc;
	hwloc_topology_t usable; /* the same, less what is not allowed */
	hwloc_bitmap_t allowed;	 /* CPUs that this process may use */
	bool here;		 /* of this machine: threads can be bound */
};

/* Where a topology comes from. */
struct topology_source {
	const char *name; /* as the user typed it; NULL: this machine */
	char *xml;	  /* of a file; NULL: the name describes a machine */
	size_t length;
};

static bool is_topology_file(const char *name)
{
	size_t length = strlen(name);
	struct stat status;

	if (strcmp(name, "-") == 0 ||
	    (length > 4 && strcmp(name + length - 4, ".xml") == 0))
		return true;
	return stat(name, &status) == 0 && !S_ISDIR(status.st_mode);
}

/* The text of a file to its end. 0 or -errno. */
static int read_xml_text(FILE *file, struct topology_source *source)
{
	for (size_t capacity = XML_INITIAL; capacity <= XML_MAX;
	     capacity *= 2) {
		char *grown = realloc(source->xml, capacity + 1);

		if (!grown)
			return -ENOMEM;
		source->xml = grown;
		source->length += fread(grown + source->length, 1,
					capacity - source->length, file);
		grown[source->length] = '\0';
		if (source->length < capacity)
			return ferror(file) ? -errno : 0;
	}
	return -EFBIG;
}

static int read_xml(struct topology_source *source)
{
	bool standard = strcmp(source->name, "-") == 0;
	FILE *file = standard ? stdin : fopen(source->name, "re");
	int rc;

	if (!file)
		return -errno;
	rc = read_xml_text(file, source);
	if (!standard)
		fclose(file);
	return rc;
}

static int read_source(struct topology_source *source, char *error, size_t size)
{
	int rc = is_topology_file(source->name) ? read_xml(source) : 0;

	if (rc < 0)
		snprintf(error, size,
			 "'%s' cannot be read: %s: name a file that `lstopo "
			 "x.xml` wrote",
			 source->name, strerror(-rc));
	return rc;
}

/* The version of hwloc that wrote a file: 2, 3; 0: the file does not say. */
static long find_xml_version(const char *xml)
{
	static const char attribute[] = "version=\"";
	const char *begin = strstr(xml, "<topology");
	const char *version = begin ? strstr(begin, attribute) : NULL;

	if (!version || version > begin + strcspn(begin, ">"))
		return 0;
	return strtol(version + strlen(attribute), NULL, 10);
}

/* How many objects one level of a description has in each object of the level
 * above: "core:8", "8", "numa:2(memory=1GB)". Brackets do not count. */
static double get_arity(const char *level, size_t length)
{
	const char *colon = memchr(level, ':', length);
	size_t name = strcspn(level, "([");

	if (colon && (size_t)(colon - level) < name)
		level = colon + 1;
	return fmax(strtod(level, NULL), 1);
}

/* hwloc's time grows with the square of the number of siblings: it would build
 * a large description for hours. */
static bool too_large(const char *levels)
{
	double cpus = 1;

	for (size_t length; *levels; levels += length) {
		levels += strspn(levels, " \t\n");
		length = strcspn(levels, " \t\n");
		if (length)
			cpus *= get_arity(levels, length);
	}
	return cpus > SYNTHETIC_MAX;
}

static int set_source(hwloc_topology_t hwloc,
		      const struct topology_source *source)
{
	if (!source->name)
		return 0;
	if (source->xml)
		return hwloc_topology_set_xmlbuffer(hwloc, source->xml,
						    (int)source->length);
	if (too_large(source->name)) {
		errno = E2BIG;
		return -1;
	}
	return hwloc_topology_set_synthetic(hwloc, source->name);
}

/* Load CPUs, caches, packages and memory. No devices, which take long to find,
 * and no thread visits each CPU. */
static int topology_set_up(hwloc_topology_t hwloc,
			   const struct topology_source *source)
{
	if (set_source(hwloc, source) < 0)
		return -1;
	hwloc_topology_set_flags(
		hwloc, HWLOC_TOPOLOGY_FLAG_INCLUDE_DISALLOWED |
			       HWLOC_TOPOLOGY_FLAG_DONT_CHANGE_BINDING);
	hwloc_topology_set_io_types_filter(hwloc, HWLOC_TYPE_FILTER_KEEP_NONE);
	hwloc_topology_set_type_filter(hwloc, HWLOC_OBJ_MISC,
				       HWLOC_TYPE_FILTER_KEEP_NONE);
	return hwloc_topology_load(hwloc);
}

static int topology_find_allowed(struct topology *topology)
{
	hwloc_bitmap_t mine;

	topology->allowed = hwloc_bitmap_dup(
		hwloc_topology_get_allowed_cpuset(topology->hwloc));
	if (!topology->allowed)
		return -ENOMEM;
	hwloc_bitmap_and(topology->allowed, topology->allowed,
			 hwloc_topology_get_complete_cpuset(topology->hwloc));
	if (!topology->here)
		return 0;
	mine = hwloc_bitmap_alloc();
	if (!mine)
		return -ENOMEM;
	if (hwloc_get_cpubind(topology->hwloc, mine, HWLOC_CPUBIND_THREAD) ==
		    0 &&
	    hwloc_bitmap_intersects(mine, topology->allowed))
		hwloc_bitmap_and(topology->allowed, topology->allowed, mine);
	hwloc_bitmap_free(mine);
	return 0;
}

/* Policies use a topology restricted to the allowed CPUs. */
static int topology_find_usable(struct topology *topology)
{
	int rc = topology_find_allowed(topology);

	if (rc < 0)
		return rc;
	if (hwloc_bitmap_iszero(topology->allowed))
		return -ENODEV;
	if (hwloc_topology_dup(&topology->usable, topology->hwloc) < 0)
		return -ENOMEM;
	return hwloc_topology_restrict(topology->usable, topology->allowed, 0) <
			       0
		       ? -errno
		       : 0;
}

/* hwloc would repeat this call for ever if the sandbox refuses it. */
static int check_may_ask(char *error, size_t size)
{
	cpu_set_t mine;

	if (sched_getaffinity(0, sizeof(mine), &mine) == 0 || errno == EINVAL)
		return 0;
	snprintf(error, size,
		 "the kernel does not say which CPUs may be used "
		 "(sched_getaffinity: %s): allow that call in the sandbox's "
		 "profile (docker run --security-opt seccomp=unconfined)",
		 strerror(errno));
	return -errno;
}

static void explain_file(const struct topology_source *source, int rc,
			 char *error, size_t size)
{
	long version = find_xml_version(source->xml);

	if (rc == -EFAULT)
		snprintf(error, size,
			 "'%s' is damaged, so that hwloc fails on it: write it "
			 "anew with `lstopo x.xml`",
			 source->name);
	else if (version > HWLOC_API_VERSION >> 16)
		snprintf(
			error, size,
			"'%s' is of version %ld of hwloc, and version %d reads "
			"it: write it with `lstopo --export-xml-flags %d "
			"x.xml`",
			source->name, version, HWLOC_API_VERSION >> 16,
			EXPORT_FOR_2);
	else
		snprintf(error, size,
			 "'%s' holds no topology: name a file that `lstopo "
			 "x.xml` wrote",
			 source->name);
}

static void topology_explain(const struct topology_source *source, int rc,
			     char *error, size_t size)
{
	const char *name = source->name;

	if (rc == -ENOMEM)
		snprintf(error, size, "out of memory");
	else if (rc == -ENODEV)
		snprintf(error, size,
			 "'%s' allows no CPU: name a topology with allowed "
			 "CPUs",
			 name ? name : "this machine");
	else if (rc == -E2BIG)
		snprintf(error, size,
			 "'%s' has too many CPUs: describe a machine of %d at "
			 "most",
			 name, SYNTHETIC_MAX);
	else if (!name)
		snprintf(error, size,
			 "hwloc cannot read this machine's topology: %s",
			 strerror(-rc));
	else if (source->xml)
		explain_file(source, rc, error, size);
	else
		snprintf(error, size,
			 "'%s' is no topology: name a file that `lstopo x.xml` "
			 "wrote, or levels as in \"pack:2 core:8 pu:2\"",
			 name);
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
		     : topology_find_usable(topology);
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

int topology_load(const char *name, struct topology **out, char *error,
		  size_t error_size)
{
	struct topology_source source = {.name = name};
	int rc = name ? read_source(&source, error, error_size)
		      : check_may_ask(error, error_size);

	if (rc == 0) {
		rc = source.xml ? topology_try_apart(&source) : 0;
		if (rc == 0)
			rc = topology_make(&source, out);
		if (rc < 0)
			topology_explain(&source, rc, error, error_size);
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

static unsigned count_type(const struct topology *topology,
			   hwloc_obj_type_t type)
{
	int count = hwloc_get_nbobjs_by_type(topology->hwloc, type);

	return count > 0 ? (unsigned)count : 0;
}

static uint64_t cache_size(const struct topology *topology,
			   hwloc_obj_type_t type)
{
	hwloc_obj_t cache = hwloc_get_obj_by_type(topology->hwloc, type, 0);

	return cache ? cache->attr->cache.size : 0;
}

/* On a virtual machine the NUMA nodes show the memory of its start: for this
 * machine, ask the kernel. */
static uint64_t topology_find_memory(const struct topology *topology)
{
	if (topology->here)
		return (uint64_t)sysconf(_SC_PHYS_PAGES) *
		       (uint64_t)sysconf(_SC_PAGESIZE);
	return hwloc_get_root_obj(topology->hwloc)->total_memory;
}

static const char *kind_name(const struct hwloc_info_s *infos, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		if (strcmp(infos[i].name, "CoreType") == 0)
			return infos[i].value;
	return "";
}

/* Leave kinds empty if there is one kind only, or more than fit. */
static void topology_find_kinds(const struct topology *topology,
				struct machine_shape *shape)
{
	int count = hwloc_cpukinds_get_nr(topology->hwloc, 0);
	hwloc_bitmap_t cpus = hwloc_bitmap_alloc();

	for (unsigned k = 0;
	     cpus && count > 1 && count <= CPU_KINDS_MAX && k < (unsigned)count;
	     k++) {
		struct cpu_kind *kind = &shape->kinds[k];
		struct hwloc_info_s *infos;
		unsigned ninfos;
		int efficiency;

		if (hwloc_cpukinds_get_info(topology->hwloc, k, cpus,
					    &efficiency, &ninfos, &infos,
					    0) < 0)
			break;
		snprintf(kind->name, sizeof(kind->name), "%s",
			 kind_name(infos, ninfos));
		kind->cpus = (unsigned)hwloc_bitmap_weight(cpus);
		shape->nkinds = k + 1;
	}
	hwloc_bitmap_free(cpus);
}

void topology_kinds(const struct machine_shape *shape,
		    char text[CPU_KINDS_TEXT])
{
	size_t used = 0;

	text[0] = '\0';
	for (unsigned k = 0; k < shape->nkinds; k++) {
		const struct cpu_kind *kind = &shape->kinds[k];

		used += (size_t)snprintf(
			text + used, CPU_KINDS_TEXT - used, "%s%u CPU%s of %s",
			k ? ", " : "", kind->cpus, kind->cpus == 1 ? "" : "s",
			kind->name[0] ? kind->name : "a kind without a name");
	}
}

void topology_shape(const struct topology *topology,
		    struct machine_shape *shape)
{
	hwloc_obj_t root = hwloc_get_root_obj(topology->hwloc);
	hwloc_obj_t package =
		hwloc_get_obj_by_type(topology->hwloc, HWLOC_OBJ_PACKAGE, 0);
	const char *model =
		package ? hwloc_obj_get_info_by_name(package, "CPUModel")
			: NULL;

	*shape = (struct machine_shape){
		.packages = count_type(topology, HWLOC_OBJ_PACKAGE),
		.numa_nodes = count_type(topology, HWLOC_OBJ_NUMANODE),
		.cores = count_type(topology, HWLOC_OBJ_CORE),
		.cpus = count_type(topology, HWLOC_OBJ_PU),
		.allowed = (unsigned)hwloc_bitmap_weight(topology->allowed),
		.l1d = cache_size(topology, HWLOC_OBJ_L1CACHE),
		.l2 = cache_size(topology, HWLOC_OBJ_L2CACHE),
		.l3 = cache_size(topology, HWLOC_OBJ_L3CACHE),
		.memory = topology_find_memory(topology),
	};
	if (!model)
		model = hwloc_obj_get_info_by_name(root, "CPUModel");
	snprintf(shape->model, sizeof(shape->model), "%s", model ? model : "");
	topology_find_kinds(topology, shape);
}

static int logical_index(hwloc_obj_t object)
{
	return object ? (int)object->logical_index : -1;
}

static hwloc_obj_t find_above(hwloc_topology_t hwloc, hwloc_obj_t pu,
			      hwloc_obj_type_t type)
{
	return hwloc_get_ancestor_obj_by_type(hwloc, type, pu);
}

/* The NUMA node of a CPU is a memory child of its nearest ancestor that has
 * one, perhaps below a memory-side cache. */
static hwloc_obj_t find_node(hwloc_obj_t pu)
{
	hwloc_obj_t at = pu;

	while (at && !at->memory_first_child)
		at = at->parent;
	at = at ? at->memory_first_child : NULL;
	while (at && at->type != HWLOC_OBJ_NUMANODE)
		at = at->memory_first_child;
	return at;
}

/* The rank of a CPU among the threads of its core. */
static int find_thread(hwloc_topology_t hwloc, hwloc_obj_t pu)
{
	hwloc_obj_t core = find_above(hwloc, pu, HWLOC_OBJ_CORE);
	int rank = 0;

	for (hwloc_obj_t other = pu->prev_cousin; core && other;
	     other = other->prev_cousin) {
		if (find_above(hwloc, other, HWLOC_OBJ_CORE) != core)
			break;
		rank++;
	}
	return rank;
}

static struct cpu_place make_place(const struct topology *topology,
				   hwloc_obj_t pu)
{
	return (struct cpu_place){
		.cpu = (int)pu->os_index,
		.package = logical_index(
			find_above(topology->hwloc, pu, HWLOC_OBJ_PACKAGE)),
		.numa = logical_index(find_node(pu)),
		.core = logical_index(
			find_above(topology->hwloc, pu, HWLOC_OBJ_CORE)),
		.thread = find_thread(topology->hwloc, pu),
	};
}

void topology_place(const struct topology *topology, int cpu,
		    struct cpu_place *place)
{
	hwloc_obj_t pu =
		hwloc_get_pu_obj_by_os_index(topology->hwloc, (unsigned)cpu);

	*place = pu ? make_place(topology, pu)
		    : (struct cpu_place){cpu, -1, -1, -1, -1};
}

/* An allowed CPU, with what policies sort by. */
struct pin_seat {
	hwloc_obj_t pu;
	hwloc_obj_t core; /* the CPU itself if there are no cores */
	int thread;	  /* its rank in the core */
};

static int by_number(const void *a, const void *b)
{
	const struct pin_seat *x = a, *y = b;

	return x->pu->os_index < y->pu->os_index ? -1 : 1;
}

static int by_neighbourhood(const void *a, const void *b)
{
	const struct pin_seat *x = a, *y = b;

	return x->pu->logical_index < y->pu->logical_index ? -1 : 1;
}

static int by_thread(const void *a, const void *b)
{
	const struct pin_seat *x = a, *y = b;

	if (x->thread != y->thread)
		return x->thread < y->thread ? -1 : 1;
	return by_neighbourhood(a, b);
}

/* A new array of all allowed CPUs, to be freed; NULL: out of memory. */
static struct pin_seat *list_seats(const struct topology *topology,
				   unsigned *count)
{
	hwloc_topology_t usable = topology->usable;
	hwloc_obj_t pu = NULL;
	struct pin_seat *seats;

	*count = (unsigned)hwloc_get_nbobjs_by_type(usable, HWLOC_OBJ_PU);
	seats = calloc((size_t)*count + 1, sizeof(*seats));
	for (unsigned i = 0; seats && i < *count; i++) {
		pu = hwloc_get_next_obj_by_type(usable, HWLOC_OBJ_PU, pu);
		seats[i].pu = pu;
		seats[i].core = find_above(usable, pu, HWLOC_OBJ_CORE);
		if (!seats[i].core)
			seats[i].core = pu;
		if (i && seats[i].core == seats[i - 1].core)
			seats[i].thread = seats[i - 1].thread + 1;
	}
	return seats;
}

/* ------------------------------------------------------------- scatter */

/* How many workers each part of the machine has so far, at each level: first
 * packages and NUMA nodes, then all levels from the top down. A part is known
 * by the index of its first seat. */
struct spread {
	size_t levels, seats;
	unsigned *part; /* of a seat at a level */
	unsigned *workers;
};

/* The part that a seat lies in. If the machine has no such level, each core is
 * a part. */
static hwloc_obj_t spread_find_part(hwloc_topology_t hwloc,
				    const struct pin_seat *seat, size_t level)
{
	hwloc_obj_t part;

	if (level == 0)
		part = find_above(hwloc, seat->pu, HWLOC_OBJ_PACKAGE);
	else if (level == 1)
		part = find_node(seat->pu);
	else
		part = hwloc_get_ancestor_obj_by_depth(hwloc, (int)level - 1,
						       seat->pu);
	return part ? part : seat->core;
}

static void name_parts(const struct topology *topology,
		       const struct pin_seat *seats,
		       const struct spread *spread, size_t level)
{
	unsigned *part = spread->part + level * spread->seats;
	hwloc_obj_t last = NULL;

	for (size_t i = 0; i < spread->seats; i++) {
		hwloc_obj_t here =
			spread_find_part(topology->usable, &seats[i], level);

		part[i] = i && here == last ? part[i - 1] : (unsigned)i;
		last = here;
	}
}

static int spread_open(const struct topology *topology,
		       const struct pin_seat *seats, size_t count,
		       struct spread *spread)
{
	int depth = hwloc_topology_get_depth(topology->usable);

	*spread = (struct spread){
		.levels = 2 + (size_t)depth - 1,
		.seats = count,
	};
	spread->part = calloc(spread->levels * count, sizeof(unsigned));
	spread->workers = calloc(spread->levels * count, sizeof(unsigned));
	if (!spread->part || !spread->workers)
		return -ENOMEM;
	for (size_t level = 0; level < spread->levels; level++)
		name_parts(topology, seats, spread, level);
	return 0;
}

static void spread_close(struct spread *spread)
{
	free(spread->part);
	free(spread->workers);
}

static unsigned *workers_at(const struct spread *spread, size_t level,
			    size_t seat)
{
	size_t first = level * spread->seats;

	return &spread->workers[first + spread->part[first + seat]];
}

/* A free core before a second thread; then, from the top level down, the part
 * with fewer workers; then the machine's own order. */
static bool is_farther(const struct spread *spread,
		       const struct pin_seat *seats, size_t a, size_t b)
{
	if (seats[a].thread != seats[b].thread)
		return seats[a].thread < seats[b].thread;
	for (size_t level = 0; level < spread->levels; level++) {
		unsigned at_a = *workers_at(spread, level, a);
		unsigned at_b = *workers_at(spread, level, b);

		if (at_a != at_b)
			return at_a < at_b;
	}
	return a < b;
}

/* Take the seat that is farthest from those taken, and return its index. */
static size_t take_seat(const struct spread *spread,
			const struct pin_seat *seats, bool *taken)
{
	size_t best = spread->seats;

	for (size_t i = 0; i < spread->seats; i++)
		if (!taken[i] && (best == spread->seats ||
				  is_farther(spread, seats, i, best)))
			best = i;
	taken[best] = true;
	for (size_t level = 0; level < spread->levels; level++)
		++*workers_at(spread, level, best);
	return best;
}

/* Sort seats from the machine's own order into that of PIN_SCATTER. */
static int spread_scatter(const struct topology *topology,
			  struct pin_seat *seats, size_t count)
{
	struct pin_seat *sorted = calloc(count + 1, sizeof(*sorted));
	bool *taken = calloc(count + 1, sizeof(*taken));
	struct spread spread;
	int rc = spread_open(topology, seats, count, &spread);

	if (!sorted || !taken)
		rc = -ENOMEM;
	for (size_t i = 0; rc == 0 && i < count; i++)
		sorted[i] = seats[take_seat(&spread, seats, taken)];
	if (rc == 0)
		memcpy(seats, sorted, count * sizeof(*seats));
	spread_close(&spread);
	free(taken);
	free(sorted);
	return rc;
}

unsigned topology_order(const struct topology *topology, enum pin_policy policy,
			int *cpus, unsigned max)
{
	static int (*const order[])(const void *, const void *) = {
		[PIN_COMPACT] = by_neighbourhood,
		[PIN_CORE] = by_thread,
		[PIN_NONE] = by_number,
	};
	unsigned count;
	struct pin_seat *seats = list_seats(topology, &count);

	if (!seats)
		return 0;
	if (policy != PIN_SCATTER)
		qsort(seats, count, sizeof(*seats), order[policy]);
	else if (spread_scatter(topology, seats, count) < 0)
		count = 0;
	for (unsigned i = 0; i < count && i < max; i++)
		cpus[i] = (int)seats[i].pu->os_index;
	free(seats);
	return count;
}

static int bind_task(const struct topology *topology, pid_t task, int cpu)
{
	hwloc_bitmap_t set;
	int rc;

	if (!topology->here)
		return -ENOTSUP;
	if (cpu < 0 ||
	    !hwloc_get_pu_obj_by_os_index(topology->hwloc, (unsigned)cpu))
		return -EINVAL;
	set = hwloc_bitmap_alloc();
	if (!set)
		return -ENOMEM;
	hwloc_bitmap_only(set, (unsigned)cpu);
	rc = hwloc_linux_set_tid_cpubind(topology->hwloc, task, set);
	hwloc_bitmap_free(set);
	return rc < 0 ? -errno : 0;
}

int topology_bind(const struct topology *topology, int cpu)
{
	return bind_task(topology, 0, cpu);
}

int topology_bind_task(const struct topology *topology, pid_t task, int cpu)
{
	return bind_task(topology, task, cpu);
}

int topology_unbind(const struct topology *topology)
{
	if (!topology->here)
		return -ENOTSUP;
	return hwloc_linux_set_tid_cpubind(topology->hwloc, 0,
					   topology->allowed) < 0
		       ? -errno
		       : 0;
}

int topology_bound(const struct topology *topology)
{
	hwloc_bitmap_t set;
	int cpu = -1;

	if (!topology->here)
		return -1;
	set = hwloc_bitmap_alloc();
	if (set && hwloc_linux_get_tid_cpubind(topology->hwloc, 0, set) == 0 &&
	    hwloc_bitmap_weight(set) == 1)
		cpu = hwloc_bitmap_first(set);
	hwloc_bitmap_free(set);
	return cpu;
}
