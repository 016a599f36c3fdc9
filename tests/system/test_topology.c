/* SPDX-License-Identifier: MIT */
/*
 * Placement on machines that are not here, and binding on the one that is.
 */
#include "system/topology.h"
#include "tests/system/load_topology.h"

#include <errno.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

/* hwloc 2.9 forgets the objects that it read from a file which turns out bad.
 * What we hold of hwloc begins elsewhere, and is still looked at. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
	return "leak:hwloc_alloc_setup_object";
}

#define COUNT(array) (sizeof(array) / sizeof(*(array)))
#define SMALL	     "pack:2 core:8 pu:2"
#define BIG	     "pack:2 numa:3 l2:4 core:5 pu:6"

enum { BIG_CPUS = 720, BIG_CORES = 120 };

/* The first CPUs of a policy are these. */
static void assert_order(const char *source, enum pin_policy policy,
			 const int *expected, unsigned count)
{
	struct topology *topology = load_topology(source);
	int cpus[BIG_CPUS];

	assert_true(topology_order(topology, policy, cpus, BIG_CPUS) >= count);
	for (unsigned i = 0; i < count; i++)
		assert_int_equal(cpus[i], expected[i]);
	topology_free(topology);
}

static void test_names(void **state)
{
	(void)state;
	assert_string_equal(pin_policy_names[PIN_COMPACT], "compact");
	assert_string_equal(pin_policy_names[PIN_SCATTER], "scatter");
	assert_string_equal(pin_policy_names[PIN_CORE], "core");
	assert_string_equal(pin_policy_names[PIN_NONE], "none");
	assert_null(pin_policy_names[PIN_NONE + 1]);
}

/* Whatever the policy, every CPU is there once, and no more than fit are
 * written. */
static void test_each_once(void **state)
{
	static const struct {
		const char *source;
		unsigned cpus;
	} machines[] = {
		{SMALL, 32},
		{BIG, BIG_CPUS},
		{"pu:1", 1},
		{"pu:6", 6},
		{"numa:2 core:3 pu:2", 12},
	};

	(void)state;
	for (size_t m = 0; m < COUNT(machines); m++) {
		struct topology *topology = load_topology(machines[m].source);

		for (int p = 0; pin_policy_names[p]; p++) {
			int cpus[BIG_CPUS + 1], seen[BIG_CPUS] = {0};
			unsigned count = machines[m].cpus;

			cpus[count] = -7;
			assert_int_equal(topology_order(topology,
							(enum pin_policy)p,
							cpus, count),
					 count);
			assert_int_equal(cpus[count], -7);
			for (unsigned i = 0; i < count; i++)
				assert_int_equal(seen[cpus[i]]++, 0);
			assert_int_equal(topology_order(topology,
							(enum pin_policy)p,
							NULL, 0),
					 count);
		}
		topology_free(topology);
	}
}

static void test_compact(void **state)
{
	static const int expected[] = {0, 1, 2, 3, 4, 5, 6, 7};

	(void)state;
	assert_order(SMALL, PIN_COMPACT, expected, 8);
	assert_order(BIG, PIN_COMPACT, expected, 8);
	assert_order("pu:1", PIN_COMPACT, expected, 1);
}

/* Neighbours are what hwloc says, not what the numbers of CPUs look like. */
static void test_interleaved_numbers(void **state)
{
	static const char source[] =
		"pack:2 core:2 pu:2(indexes=0,4,1,5,2,6,3,7)";
	static const int compact[] = {0, 4, 1, 5, 2, 6, 3, 7};
	static const int core[] = {0, 1, 2, 3, 4, 5, 6, 7};
	static const int scatter[] = {0, 2, 1, 3, 4, 6, 5, 7};

	(void)state;
	assert_order(source, PIN_COMPACT, compact, 8);
	assert_order(source, PIN_CORE, core, 8);
	assert_order(source, PIN_SCATTER, scatter, 8);
	assert_order(source, PIN_NONE, core, 8);
}

static void test_core(void **state)
{
	struct topology *topology = load_topology(BIG);
	int cpus[BIG_CPUS];

	(void)state;
	topology_order(topology, PIN_CORE, cpus, BIG_CPUS);
	for (int i = 0; i < BIG_CPUS; i++)
		assert_int_equal(cpus[i], i % BIG_CORES * 6 + i / BIG_CORES);
	topology_free(topology);
}

static void test_scatter_small(void **state)
{
	static const int expected[] = {0,  16, 2,  18, 4,  20, 6, 22, 8, 24,
				       10, 26, 12, 28, 14, 30, 1, 17, 3};

	(void)state;
	assert_order(SMALL, PIN_SCATTER, expected, COUNT(expected));
}

/* Packages in turn, and the NUMA nodes within each in turn. */
static void test_scatter_big(void **state)
{
	struct topology *topology = load_topology(BIG);
	int cpus[BIG_CPUS];

	(void)state;
	topology_order(topology, PIN_SCATTER, cpus, BIG_CPUS);
	for (int i = 0; i < BIG_CPUS; i++) {
		struct cpu_place place;

		topology_place(topology, cpus[i], &place);
		assert_int_equal(place.package, i % 2);
		assert_int_equal(place.numa, i % 2 * 3 + i / 2 % 3);
		assert_int_equal(place.thread, i / BIG_CORES);
	}
	topology_free(topology);
}

/* Whatever the policy, its CPUs are kept, and follow one another as in the
 * machine. */
static void test_number_workers(void **state)
{
	static const unsigned counts[] = {0, 1, 2, 3, 7, 100, 121, BIG_CPUS};
	struct topology *topology = load_topology(BIG);

	(void)state;
	for (size_t i = 0; i < PIN_NONE * COUNT(counts); i++) {
		unsigned workers = counts[i % COUNT(counts)];
		int cpus[BIG_CPUS], taken[BIG_CPUS] = {0}, last = -1;

		topology_order(topology, (enum pin_policy)(i / COUNT(counts)),
			       cpus, BIG_CPUS);
		for (unsigned w = 0; w < workers; w++)
			taken[cpus[w]] = 1;
		assert_int_equal(
			topology_number_workers(topology, cpus, workers), 0);
		for (unsigned w = 0; w < workers; w++) {
			struct cpu_place place;

			assert_true(taken[cpus[w]]);
			topology_place(topology, cpus[w], &place);
			assert_true(place.cpu > last);
			last = place.cpu;
		}
	}
	topology_free(topology);
}

static void test_borders(void **state)
{
	static const uint8_t expected[] = {
		0,	     BORDER_NONE, BORDER_L3,
		BORDER_NONE, BORDER_NUMA, BORDER_NONE,
		BORDER_L3,   BORDER_NONE, BORDER_PACKAGE};
	struct topology *topology =
		load_topology("pack:2 numa:2 l3:2 core:2 pu:1");
	int cpus[COUNT(expected)];
	uint8_t borders[COUNT(expected)] = {0};

	(void)state;
	for (size_t i = 0; i < COUNT(expected); i++)
		cpus[i] = (int)i;
	topology_borders(topology, cpus, COUNT(expected), borders);
	for (size_t i = 1; i < COUNT(expected); i++)
		assert_int_equal(borders[i], expected[i]);
	assert_int_equal(topology_border(topology, 8, 0), BORDER_PACKAGE);
	topology_free(topology);
	/* Without an L3 cache, nothing is known to lie between cores. */
	topology = load_topology("pack:1 core:4 pu:1");
	assert_int_equal(topology_border(topology, 0, 3), BORDER_NONE);
	topology_free(topology);
}

static void test_one_package(void **state)
{
	static const int expected[] = {0, 8, 2, 10, 4, 12, 6, 14, 1, 9};

	(void)state;
	assert_order("pack:1 numa:2 core:4 pu:2", PIN_SCATTER, expected,
		     COUNT(expected));
}

static void test_place(void **state)
{
	struct topology *topology = load_topology(BIG);
	struct cpu_place place;

	(void)state;
	topology_place(topology, BIG_CPUS - 1, &place);
	assert_int_equal(place.cpu, BIG_CPUS - 1);
	assert_int_equal(place.package, 1);
	assert_int_equal(place.numa, 5);
	assert_int_equal(place.core, BIG_CORES - 1);
	assert_int_equal(place.thread, 5);
	topology_place(topology, BIG_CPUS, &place);
	assert_int_equal(place.cpu, BIG_CPUS);
	assert_int_equal(place.package, -1);
	assert_int_equal(place.numa, -1);
	assert_int_equal(place.core, -1);
	assert_int_equal(place.thread, -1);
	topology_free(topology);
	topology = load_topology("pu:1");
	topology_place(topology, 0, &place);
	assert_int_equal(place.package, -1);
	assert_int_equal(place.core, -1);
	topology_free(topology);
}

static void test_shape(void **state)
{
	struct topology *topology = load_topology(BIG);
	struct machine_shape shape;

	(void)state;
	topology_shape(topology, &shape);
	assert_int_equal(shape.packages, 2);
	assert_int_equal(shape.numa_nodes, 6);
	assert_int_equal(shape.cores, BIG_CORES);
	assert_int_equal(shape.cpus, BIG_CPUS);
	assert_int_equal(shape.allowed, BIG_CPUS);
	assert_int_equal(shape.l1d, 0);
	assert_true(shape.l2 > 0);
	assert_int_equal(shape.l3, 0);
	assert_string_equal(shape.model, "");
	topology_free(topology);
}

/* Two cores of two threads, as hwloc 2 writes them; CPUs 0, 1 and 3 are
 * allowed.
 */
static const char partly_allowed[] =
	"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
	"<!DOCTYPE topology SYSTEM \"hwloc2.dtd\">\n"
	"<topology version=\"2.0\">\n"
	"<object type=\"Machine\" os_index=\"0\" cpuset=\"0xf\" "
	"complete_cpuset=\"0xf\" allowed_cpuset=\"0xb\" nodeset=\"0x1\" "
	"complete_nodeset=\"0x1\" allowed_nodeset=\"0x1\" gp_index=\"1\">\n"
	"<object type=\"NUMANode\" os_index=\"0\" cpuset=\"0xf\" "
	"complete_cpuset=\"0xf\" nodeset=\"0x1\" complete_nodeset=\"0x1\" "
	"gp_index=\"8\" local_memory=\"1073741824\"/>\n"
	"<object type=\"Core\" os_index=\"0\" cpuset=\"0x3\" "
	"complete_cpuset=\"0x3\" nodeset=\"0x1\" complete_nodeset=\"0x1\" "
	"gp_index=\"4\">\n"
	"<object type=\"PU\" os_index=\"0\" cpuset=\"0x1\" "
	"complete_cpuset=\"0x1\" nodeset=\"0x1\" complete_nodeset=\"0x1\" "
	"gp_index=\"2\"/>\n"
	"<object type=\"PU\" os_index=\"1\" cpuset=\"0x2\" "
	"complete_cpuset=\"0x2\" nodeset=\"0x1\" complete_nodeset=\"0x1\" "
	"gp_index=\"3\"/>\n"
	"</object>\n"
	"<object type=\"Core\" os_index=\"1\" cpuset=\"0xc\" "
	"complete_cpuset=\"0xc\" nodeset=\"0x1\" complete_nodeset=\"0x1\" "
	"gp_index=\"7\">\n"
	"<object type=\"PU\" os_index=\"2\" cpuset=\"0x4\" "
	"complete_cpuset=\"0x4\" nodeset=\"0x1\" complete_nodeset=\"0x1\" "
	"gp_index=\"5\"/>\n"
	"<object type=\"PU\" os_index=\"3\" cpuset=\"0x8\" "
	"complete_cpuset=\"0x8\" nodeset=\"0x1\" complete_nodeset=\"0x1\" "
	"gp_index=\"6\"/>\n"
	"</object></object></topology>\n";

/* A file of that text, to be unlinked; its name ends with ".xml". */
static void write_xml(char path[], const char *text, size_t length)
{
	int fd = mkstemps(path, 4);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, length), (ssize_t)length);
	assert_int_equal(close(fd), 0);
}

/* The machine is told whole, and only the allowed CPUs are used: the first
 * two workers go to different cores, though CPU 3 is a second thread. */
static void test_partly_allowed(void **state)
{
	char path[] = "/tmp/test_topology_XXXXXX.xml";
	static const int core[] = {0, 3, 1}, compact[] = {0, 1, 3};
	struct machine_shape shape;
	struct topology *topology;

	(void)state;
	write_xml(path, partly_allowed, strlen(partly_allowed));
	assert_order(path, PIN_CORE, core, 3);
	assert_order(path, PIN_SCATTER, core, 3);
	assert_order(path, PIN_COMPACT, compact, 3);
	assert_order(path, PIN_NONE, compact, 3);
	topology = load_topology(path);
	topology_shape(topology, &shape);
	assert_int_equal(shape.cores, 2);
	assert_int_equal(shape.cpus, 4);
	assert_int_equal(shape.allowed, 3);
	topology_free(topology);
	unlink(path);
}

/* On the same machine, the first core is a fast one. */
static void test_kinds(void **state)
{
	static const char kinds[] =
		"<cpukind cpuset=\"0xc\" forced_efficiency=\"0\">"
		"<info name=\"CoreType\" value=\"IntelAtom\"/></cpukind>"
		"<cpukind cpuset=\"0x3\" forced_efficiency=\"1\">"
		"<info name=\"CoreType\" value=\"IntelCore\"/></cpukind>"
		"</topology>\n";
	char path[] = "/tmp/test_topology_XXXXXX.xml";
	char text[sizeof(partly_allowed) + sizeof(kinds)];
	char told[CPU_KINDS_TEXT];
	struct machine_shape shape;
	struct topology *topology;

	(void)state;
	snprintf(text, sizeof(text), "%.*s%s",
		 (int)(strstr(partly_allowed, "</topology>") - partly_allowed),
		 partly_allowed, kinds);
	write_xml(path, text, strlen(text));
	topology = load_topology(path);
	unlink(path);
	topology_shape(topology, &shape);
	assert_int_equal(shape.nkinds, 2);
	topology_kinds(&shape, told);
	assert_string_equal(told, "2 CPUs of IntelAtom, 2 CPUs of IntelCore");
	topology_free(topology);
	topology = load_topology(SMALL);
	topology_shape(topology, &shape);
	assert_int_equal(shape.nkinds, 0);
	topology_kinds(&shape, told);
	assert_string_equal(told, "");
	topology_free(topology);
}

/* A made-up machine: what each of its CPUs is part of. */
enum { MADE_MAX = 32 };
struct made {
	unsigned count;
	int package[MADE_MAX], cache[MADE_MAX], core[MADE_MAX];
	int thread[MADE_MAX];
};

static unsigned from_1_to(unsigned *seed, unsigned max)
{
	*seed = *seed * 1103515245 + 12345;
	return 1 + (*seed >> 16) % max;
}

static void make_core(struct made *made, int package, int cache, int core,
		      unsigned threads)
{
	for (unsigned t = 0; t < threads; t++) {
		unsigned i = made->count++;

		made->package[i] = package;
		made->cache[i] = cache;
		made->core[i] = core;
		made->thread[i] = (int)t;
	}
}

/* Packages, the caches of one, their cores and the threads of these: each as
 * many as chance wants. */
static struct made make_up(unsigned seed)
{
	struct made made = {.count = 0};
	int caches = 0, cores = 0;

	for (unsigned p = from_1_to(&seed, 3); p-- > 0;) {
		for (unsigned c = from_1_to(&seed, 2); c-- > 0; caches++) {
			unsigned in_cache = from_1_to(&seed, 2);

			for (; in_cache-- > 0; cores++)
				make_core(&made, (int)p, caches, cores,
					  from_1_to(&seed, 2));
		}
	}
	return made;
}

/* Begin an object where CPU i is the first of a part, as which[] says. */
static void write_begin(FILE *file, const char *type, const char *more,
			const int *which, const struct made *made, unsigned i)
{
	static unsigned number = 100;
	unsigned set = 0;

	if (i && which[i] == which[i - 1])
		return;
	for (unsigned k = 0; k < made->count; k++)
		set |= (unsigned)(which[k] == which[i]) << k;
	fprintf(file,
		"<object type=\"%s\" os_index=\"%d\" cpuset=\"0x%x\" "
		"complete_cpuset=\"0x%x\" nodeset=\"0x1\" "
		"complete_nodeset=\"0x1\" gp_index=\"%u\" %s>\n",
		type, which[i], set, set, number++, more);
}

static void write_end(FILE *file, const int *which, const struct made *made,
		      unsigned i)
{
	if (i + 1 == made->count || which[i] != which[i + 1])
		fputs("</object>\n", file);
}

/* Every other cache is left out, so that the tree is deeper here than there. */
static void write_cpu(FILE *file, const struct made *made, unsigned i)
{
	bool cached = made->cache[i] % 2 == 0;

	write_begin(file, "Package", "", made->package, made, i);
	if (cached)
		write_begin(file, "L3Cache",
			    "cache_size=\"1024\" depth=\"3\" "
			    "cache_linesize=\"64\" "
			    "cache_associativity=\"8\" cache_type=\"0\"",
			    made->cache, made, i);
	write_begin(file, "Core", "", made->core, made, i);
	fprintf(file,
		"<object type=\"PU\" os_index=\"%u\" cpuset=\"0x%x\" "
		"complete_cpuset=\"0x%x\" nodeset=\"0x1\" "
		"complete_nodeset=\"0x1\" gp_index=\"%u\"/>\n",
		i, 1U << i, 1U << i, i + 1);
	write_end(file, made->core, made, i);
	if (cached)
		write_end(file, made->cache, made, i);
	write_end(file, made->package, made, i);
}

static void write_made(const struct made *made, char path[])
{
	unsigned all = (unsigned)((1ULL << made->count) - 1);
	FILE *file = fdopen(mkstemps(path, 4), "w");

	assert_non_null(file);
	fprintf(file,
		"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
		"<!DOCTYPE topology SYSTEM \"hwloc2.dtd\">\n"
		"<topology version=\"2.0\">\n"
		"<object type=\"Machine\" os_index=\"0\" cpuset=\"0x%x\" "
		"complete_cpuset=\"0x%x\" allowed_cpuset=\"0x%x\" "
		"nodeset=\"0x1\" complete_nodeset=\"0x1\" "
		"allowed_nodeset=\"0x1\" gp_index=\"90\">\n"
		"<object type=\"NUMANode\" os_index=\"0\" cpuset=\"0x%x\" "
		"complete_cpuset=\"0x%x\" nodeset=\"0x1\" "
		"complete_nodeset=\"0x1\" gp_index=\"91\" "
		"local_memory=\"1073741824\"/>\n",
		all, all, all, all, all);
	for (unsigned i = 0; i < made->count; i++)
		write_cpu(file, made, i);
	fputs("</object></topology>\n", file);
	assert_int_equal(fclose(file), 0);
}

/* Has the part of CPU `cpu` one that is free, and a thread of this number of
 * its core? */
static bool has_room(const struct made *made, const int *which,
		     const unsigned *workers, unsigned cpu, int thread)
{
	bool is_free = false;

	for (unsigned i = 0; i < made->count; i++)
		is_free |= which[i] == which[cpu] && !workers[i] &&
			   made->thread[i] == thread;
	return is_free;
}

static unsigned workers_in(const struct made *made, const int *which,
			   const unsigned *workers, unsigned cpu)
{
	unsigned sum = 0;

	for (unsigned i = 0; i < made->count; i++)
		sum += which[i] == which[cpu] ? workers[i] : 0;
	return sum;
}

/* No CPU that was free had a lower thread, or one as low in an emptier
 * package. */
static void assert_farthest(const struct made *made, const unsigned *workers,
			    unsigned chosen)
{
	const int *package = made->package;
	int thread = made->thread[chosen];
	unsigned here = workers_in(made, package, workers, chosen);

	for (unsigned i = 0; i < made->count; i++) {
		assert_true(workers[i] || made->thread[i] >= thread);
		if (has_room(made, package, workers, i, thread))
			assert_true(workers_in(made, package, workers, i) >=
				    here);
	}
}

static void test_scatter_irregular(void **state)
{
	(void)state;
	for (unsigned seed = 1; seed <= 200; seed++) {
		char path[] = "/tmp/test_topology_XXXXXX.xml";
		struct made made = make_up(seed);
		unsigned workers[MADE_MAX] = {0};
		struct topology *topology;
		int cpus[MADE_MAX];

		write_made(&made, path);
		topology = load_topology(path);
		unlink(path);
		assert_int_equal(
			topology_order(topology, PIN_SCATTER, cpus, MADE_MAX),
			made.count);
		for (unsigned i = 0; i < made.count; i++) {
			unsigned cpu = (unsigned)cpus[i];

			assert_in_range(cpu, 0, made.count - 1);
			assert_int_equal(workers[cpu], 0);
			assert_farthest(&made, workers, cpu);
			workers[cpu] = 1;
		}
		topology_free(topology);
	}
}

/* Load with standard error sent to a file: neither hwloc nor libxml2 may talk
 * in our place. */
static int load_silently(const char *source, struct topology **topology,
			 struct error *error)
{
	FILE *errors = tmpfile();
	int before = dup(STDERR_FILENO), rc;
	long said;

	assert_non_null(errors);
	assert_true(before >= 0);
	assert_true(dup2(fileno(errors), STDERR_FILENO) >= 0);
	rc = topology_load(source, topology, error);
	assert_true(dup2(before, STDERR_FILENO) >= 0);
	close(before);
	said = lseek(fileno(errors), 0, SEEK_END);
	fclose(errors);
	assert_int_equal(said, 0);
	return rc;
}

static void assert_refused(const char *source, const char *word)
{
	struct topology *topology = NULL;
	struct error error;

	if (!load_silently(source, &topology, &error))
		fail_msg("'%s' is not refused", source);
	assert_null(topology);
	assert_non_null(strstr(error.text, source));
	assert_non_null(strstr(error.text, word));
}

static void test_bad_sources(void **state)
{
	static const char *const bad[] = {
		"",
		"junk",
		"pack:x",
		"pack:0 pu:2",
		"core:2 junk:3",
		"pack:2 core:",
		"pu:1 pu:",
		"/tmp",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++)
		assert_refused(bad[i], "pack:2 core:8 pu:2");
	assert_refused("/not/there.xml", strerror(ENOENT));
	assert_refused("70000 70000", "too many CPUs");
	assert_refused("pack:4097 pu:1", "too many CPUs");
	assert_refused("numa:65(memory=1GB) 64", "too many CPUs");
}

static void test_bad_files(void **state)
{
	(void)state;
	for (size_t cut = 0; cut < sizeof(partly_allowed) - 20; cut += 61) {
		char path[] = "/tmp/test_topology_XXXXXX.xml";

		write_xml(path, partly_allowed, cut);
		assert_refused(path, "lstopo");
		unlink(path);
	}
}

/* A file that lacks what hwloc reckons with is refused or read, whatever hwloc
 * itself does of it. */
static void test_damaged_files(void **state)
{
	char text[sizeof(partly_allowed)];
	struct error error;
	char *at = text;

	(void)state;
	memcpy(text, partly_allowed, sizeof(text));
	while ((at = strstr(at, "complete_"))) {
		char path[] = "/tmp/test_topology_XXXXXX.xml";
		struct topology *topology = NULL;

		*at = 'C';
		write_xml(path, text, strlen(text));
		*at++ = 'c';
		if (load_silently(path, &topology, &error))
			assert_non_null(strstr(error.text, path));
		topology_free(topology);
		unlink(path);
	}
}

/* What a newer hwloc wrote is told as that, with how to write it for ours. */
static void test_newer_file(void **state)
{
	char text[sizeof(partly_allowed)],
		path[] = "/tmp/test_topology_XXXXXX.xml";

	(void)state;
	snprintf(text, sizeof(text), "%s", partly_allowed);
	*strstr(text, "2.0") = '9';
	write_xml(path, text, strlen(text));
	assert_refused(path, "of version 9 of hwloc");
	assert_refused(path, "lstopo --export-xml-flags 2 x.xml");
	unlink(path);
}

/* Whatever a file is called, and from standard input. */
static void test_any_file(void **state)
{
	char path[] = "/tmp/test_topology_XXXXXX.txt.";
	static const int compact[] = {0, 1, 3};
	int fd = mkstemps(path, 5), before = dup(STDIN_FILENO);

	(void)state;
	assert_int_equal(write(fd, partly_allowed, sizeof(partly_allowed) - 1),
			 sizeof(partly_allowed) - 1);
	assert_order(path, PIN_COMPACT, compact, 3);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	assert_int_equal(dup2(fd, STDIN_FILENO), STDIN_FILENO);
	assert_order("-", PIN_COMPACT, compact, 3);
	assert_refused("-", "lstopo"); /* it has been read */
	dup2(before, STDIN_FILENO);
	close(before);
	close(fd);
	unlink(path);
}

static void test_not_here(void **state)
{
	struct topology *topology = load_topology("pu:1");

	(void)state;
	assert_int_equal(topology_bind(topology, 0), -ENOTSUP);
	assert_int_equal(topology_bind_task(topology, getpid(), 0), -ENOTSUP);
	assert_int_equal(topology_bound(topology), -1);
	topology_free(topology);
}

/* Run a check in a child, whose binding is its own. It returns 0 when all is
 * well, else which step was not. */
static void in_child(int (*check)(void))
{
	pid_t pid = fork();
	int status;

	assert_true(pid >= 0);
	if (pid == 0)
		_exit(check());
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

static int bind_to_each(void)
{
	struct topology *topology;
	int cpus[CPU_SETSIZE];
	struct error error;
	unsigned count;

	if (topology_load(NULL, &topology, &error))
		return 1;
	count = topology_order(topology, PIN_CORE, cpus, CPU_SETSIZE);
	if (count == 0 || count > CPU_SETSIZE)
		return 2;
	for (unsigned i = 0; i < count; i++)
		if (topology_bind(topology, cpus[i]) < 0 ||
		    topology_bound(topology) != cpus[i] ||
		    sched_getcpu() != cpus[i])
			return 3;
	/* What cannot be leaves the binding as it was. */
	if (topology_bind(topology, 1 << 16) != -EINVAL ||
	    topology_bind(topology, -1) != -EINVAL)
		return 4;
	if (topology_bound(topology) != cpus[count - 1])
		return 5;
	topology_free(topology);
	return 0;
}

static void test_bind(void **state)
{
	(void)state;
	in_child(bind_to_each);
}

/* What `taskset -c CPU` leaves is all that is used, and it ends there. */
static int bound_beforehand(void)
{
	struct machine_shape shape;
	struct topology *topology;
	cpu_set_t set;
	struct error error;
	int cpu, last = -1;

	if (sched_getaffinity(0, sizeof(set), &set) < 0)
		return 1;
	for (int i = 0; i < CPU_SETSIZE; i++)
		if (CPU_ISSET(i, &set))
			last = i;
	CPU_ZERO(&set);
	CPU_SET(last, &set);
	if (sched_setaffinity(0, sizeof(set), &set) < 0)
		return 2;
	if (topology_load(NULL, &topology, &error))
		return 3;
	topology_shape(topology, &shape);
	if (shape.allowed != 1 || shape.cpus < shape.allowed)
		return 4;
	for (int p = 0; pin_policy_names[p]; p++)
		if (topology_order(topology, (enum pin_policy)p, &cpu, 1) !=
			    1 ||
		    cpu != last)
			return 5;
	if (topology_bound(topology) != last)
		return 6;
	topology_free(topology);
	return 0;
}

static void test_bound_beforehand(void **state)
{
	(void)state;
	in_child(bound_beforehand);
}

static int bind_a_task(void)
{
	struct topology *topology;
	cpu_set_t set;
	struct error error;
	int cpu, rc = 0;
	pid_t pid;

	if (topology_load(NULL, &topology, &error) ||
	    topology_order(topology, PIN_NONE, &cpu, 1) < 1)
		return 1;
	pid = fork();
	if (pid == 0) {
		pause();
		_exit(0);
	}
	if (topology_bind_task(topology, pid, cpu) < 0 ||
	    sched_getaffinity(pid, sizeof(set), &set) < 0 ||
	    CPU_COUNT(&set) != 1 || !CPU_ISSET(cpu, &set))
		rc = 2;
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	if (topology_bind_task(topology, pid, cpu) != -ESRCH)
		rc = 3;
	topology_free(topology);
	return rc;
}

static void test_bind_task(void **state)
{
	(void)state;
	in_child(bind_a_task);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_each_once),
		cmocka_unit_test(test_compact),
		cmocka_unit_test(test_interleaved_numbers),
		cmocka_unit_test(test_core),
		cmocka_unit_test(test_scatter_small),
		cmocka_unit_test(test_scatter_big),
		cmocka_unit_test(test_number_workers),
		cmocka_unit_test(test_borders),
		cmocka_unit_test(test_one_package),
		cmocka_unit_test(test_place),
		cmocka_unit_test(test_shape),
		cmocka_unit_test(test_partly_allowed),
		cmocka_unit_test(test_kinds),
		cmocka_unit_test(test_scatter_irregular),
		cmocka_unit_test(test_bad_sources),
		cmocka_unit_test(test_bad_files),
		cmocka_unit_test(test_damaged_files),
		cmocka_unit_test(test_newer_file),
		cmocka_unit_test(test_any_file),
		cmocka_unit_test(test_not_here),
		cmocka_unit_test(test_bind),
		cmocka_unit_test(test_bound_beforehand),
		cmocka_unit_test(test_bind_task),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
