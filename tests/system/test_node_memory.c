/* SPDX-License-Identifier: MIT */
/*
 * NUMA nodes: of machines that are not here, and of this one's memory.
 */
#include "system/node_memory.h"
#include "tests/system/load_topology.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

enum { PAGES = 64 };

static void cpus_have_nodes(void **state)
{
	struct topology *two = load_topology("pack:2 numa:1 core:4 pu:2");
	struct topology *split = load_topology("pack:2 numa:2 core:2 pu:1");

	(void)state;
	assert_int_equal(node_memory_count(two), 2);
	assert_int_equal(node_memory_of_cpu(two, 7), 0);
	assert_int_equal(node_memory_of_cpu(two, 8), 1);
	assert_int_equal(node_memory_count(split), 4);
	assert_int_equal(node_memory_of_cpu(split, 5), 2);
	assert_true(node_memory_has_any(split, 3));
	assert_false(node_memory_has_any(split, 4));
	topology_free(two);
	topology_free(split);
}

/* A system that refuses both says so by an error, or by no page. */
static void pages_lie_where_they_were_asked_for(void **state)
{
	size_t size = PAGES * (size_t)sysconf(_SC_PAGESIZE);
	char *base = mmap(NULL, size, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct topology *here = load_topology(NULL);
	size_t pages[NODE_MEMORY_MAX];
	unsigned last = node_memory_count(here) - 1;
	int rc;

	(void)state;
	assert_true(base != MAP_FAILED);
	assert_int_equal(node_memory_read(here, base, size, pages), 0);
	while (last > 0 && !node_memory_has_any(here, last))
		last--;
	rc = node_memory_place(here, base, size, (int)last);
	memset(base, 1, size);
	if (rc == 0 && node_memory_read(here, base, size, pages) > 0)
		assert_int_equal(pages[last], PAGES);
	else
		print_message("[  NOTE    ] pages cannot be placed or found "
			      "here\n");
	assert_int_equal(node_memory_place(here, base, size, 4095), -EINVAL);
	assert_int_equal(node_memory_place(here, base, 0, 0), 0);
	topology_free(here);
	munmap(base, size);
}

static void all_in_turn(void **state)
{
	size_t size = PAGES * (size_t)sysconf(_SC_PAGESIZE), seen, sum = 0;
	char *base = mmap(NULL, size, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct topology *here = load_topology(NULL);
	size_t pages[NODE_MEMORY_MAX];

	(void)state;
	assert_true(base != MAP_FAILED);
	node_memory_place(here, base, size, NODE_MEMORY_ALL);
	memset(base, 1, size);
	seen = node_memory_read(here, base, size, pages);
	for (size_t i = 0; i < NODE_MEMORY_MAX; i++)
		sum += pages[i];
	assert_int_equal(sum, seen);
	assert_true(seen == 0 || seen == PAGES);
	topology_free(here);
	munmap(base, size);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cpus_have_nodes),
		cmocka_unit_test(pages_lie_where_they_were_asked_for),
		cmocka_unit_test(all_in_turn),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
