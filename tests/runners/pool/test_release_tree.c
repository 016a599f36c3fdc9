/* SPDX-License-Identifier: MIT */
/*
 * The tree of release, at every number of workers and on machines that are not
 * here: each worker has one place, at a depth that grows with the logarithm;
 * what lies between packages and caches is crossed as rarely as can be; and
 * what a call takes, simulated, is a small part of what one line for all takes.
 * docs/gate.md has the simulated figures.
 */
#include "runners/pool/release_tree.h"
#include "system/topology.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#include <cmocka.h>

enum { WORKERS_MAX = 512 };

/* Packages of L3 caches of cores, and what a line takes between two cores, in
 * ns, by what lies between them. */
struct machine {
	uint32_t packages, caches, cores;
	unsigned ns[BORDER_PACKAGE + 1];
};

static const struct machine two_64 = {
	2,
	8,
	8,
	{[BORDER_NONE] = 25, [BORDER_L3] = 100, [BORDER_PACKAGE] = 220}};
static const struct machine two_128 = {
	2,
	8,
	16,
	{[BORDER_NONE] = 25, [BORDER_L3] = 110, [BORDER_PACKAGE] = 230}};
static const struct machine eight_60 = {
	8, 1, 60, {[BORDER_NONE] = 60, [BORDER_PACKAGE] = 150}};

static uint32_t count_workers(const struct machine *machine)
{
	return machine->packages * machine->caches * machine->cores;
}

static enum topology_border border(const struct machine *machine, uint32_t a,
				   uint32_t b)
{
	uint32_t cache_a = a / machine->cores, cache_b = b / machine->cores;

	if (cache_a / machine->caches != cache_b / machine->caches)
		return BORDER_PACKAGE;
	return cache_a != cache_b ? BORDER_L3 : BORDER_NONE;
}

/* Workers pinned one to a core, neighbours first; NULL: one cache for all. */
struct tree {
	const struct machine *machine;
	uint32_t workers;
	uint8_t borders[WORKERS_MAX];
	struct tree_place places[WORKERS_MAX];
};

static void plant(struct tree *tree, const struct machine *machine,
		  uint32_t workers)
{
	*tree = (struct tree){.machine = machine, .workers = workers};
	for (uint32_t w = 1; machine && w < workers; w++)
		tree->borders[w] = (uint8_t)border(machine, w - 1, w);
	for (uint32_t w = 0; w < workers; w++)
		tree->places[w] = release_tree_find(workers, tree->borders, w);
}

static uint32_t depth(const struct tree *tree, uint32_t worker)
{
	uint32_t levels = 0;

	for (; worker > 0; levels++)
		worker = tree->places[worker].leader;
	return levels;
}

static uint32_t deepest(const struct tree *tree)
{
	uint32_t max = 0;

	for (uint32_t w = 0; w < tree->workers; w++)
		if (depth(tree, w) > max)
			max = depth(tree, w);
	return max;
}

static void check_places(const struct tree *tree)
{
	uint32_t taken[WORKERS_MAX] = {0};

	for (uint32_t w = 1; w < tree->workers; w++) {
		struct tree_place place = tree->places[w];

		assert_true(place.leader < w);
		assert_true(place.slot < tree->places[place.leader].children);
		assert_true(tree->places[place.leader].children <= TREE_FAN);
		assert_false(taken[place.leader] & 1U << place.slot);
		taken[place.leader] |= 1U << place.slot;
	}
	for (uint32_t w = 0; w < tree->workers; w++)
		assert_int_equal(taken[w],
				 (1U << tree->places[w].children) - 1);
}

static void check_machine(const struct machine *machine)
{
	struct tree tree;

	for (uint32_t workers = 1; workers <= 300; workers++) {
		plant(&tree, machine, workers);
		check_places(&tree);
	}
}

static void every_worker_has_a_place_of_its_own(void **state)
{
	(void)state;
	check_machine(NULL);
	check_machine(&two_64);
	check_machine(&two_128);
	check_machine(&eight_60);
}

static void check_depth(uint32_t workers, uint32_t expected)
{
	struct tree tree;

	plant(&tree, NULL, workers);
	assert_int_equal(deepest(&tree), expected);
}

/* 1 + 7 + 49 + 343: one level up to eight workers, two up to 57, three up to
 * 400. */
static void the_tree_grows_with_the_logarithm(void **state)
{
	(void)state;
	check_depth(1, 0);
	check_depth(2, 1);
	check_depth(8, 1);
	check_depth(9, 2);
	check_depth(57, 2);
	check_depth(58, 3);
	check_depth(128, 3);
	check_depth(300, 3);
}

static uint32_t count_crossings(const struct tree *tree,
				enum topology_border what)
{
	uint32_t count = 0;

	for (uint32_t w = 1; w < tree->workers; w++)
		count += border(tree->machine, tree->places[w].leader, w) ==
			 what;
	return count;
}

static void borders_are_crossed_once(void **state)
{
	struct tree tree;

	(void)state;
	plant(&tree, &two_128, 256);
	assert_int_equal(count_crossings(&tree, BORDER_PACKAGE), 1);
	assert_int_equal(count_crossings(&tree, BORDER_L3), 14);
	plant(&tree, &two_64, 20); /* three caches, the last of them in part */
	assert_int_equal(count_crossings(&tree, BORDER_L3), 2);
	plant(&tree, &eight_60, 480);
	assert_int_equal(count_crossings(&tree, BORDER_PACKAGE), 7);
}

/* Far apart first: packages in turn. */
static void workers_without_near_neighbours_have_places_too(void **state)
{
	struct tree tree = {.workers = 256};

	(void)state;
	for (uint32_t w = 1; w < tree.workers; w++)
		tree.borders[w] = BORDER_PACKAGE;
	for (uint32_t w = 0; w < tree.workers; w++)
		tree.places[w] =
			release_tree_find(tree.workers, tree.borders, w);
	check_places(&tree);
	assert_true(deepest(&tree) <= 6);
}

/*
 * What a call without work takes, in ns. A line serves those that poll it one
 * after the other, in their order, and a leader reads its children's arrivals
 * one after the other: each is a transfer between the two.
 */
struct simulation {
	const struct tree *tree;
	uint32_t children[WORKERS_MAX][WORKERS_MAX]; /* by leader and slot */
	unsigned released[WORKERS_MAX];
};

static void simulate_release(struct simulation *simulation)
{
	const struct tree *tree = simulation->tree;

	/* Leaders come before those that they lead. */
	for (uint32_t leader = 0; leader < tree->workers; leader++) {
		unsigned at = simulation->released[leader];

		for (uint32_t s = 0; s < tree->places[leader].children; s++) {
			uint32_t child = simulation->children[leader][s];

			at += tree->machine->ns[border(tree->machine, leader,
						       child)];
			simulation->released[child] = at;
		}
	}
}

static unsigned simulate_join(const struct simulation *simulation)
{
	const struct tree *tree = simulation->tree;
	unsigned arrived[WORKERS_MAX];

	for (uint32_t w = tree->workers; w-- > 0;) {
		arrived[w] = simulation->released[w];
		for (uint32_t s = 0; s < tree->places[w].children; s++) {
			uint32_t child = simulation->children[w][s];

			if (arrived[child] > arrived[w])
				arrived[w] = arrived[child];
			arrived[w] +=
				tree->machine
					->ns[border(tree->machine, w, child)];
		}
	}
	return arrived[0];
}

static unsigned simulate(const struct tree *tree)
{
	static struct simulation simulation;

	simulation = (struct simulation){.tree = tree};
	for (uint32_t w = 1; w < tree->workers; w++)
		simulation.children[tree->places[w].leader]
				   [tree->places[w].slot] = w;
	simulate_release(&simulation);
	return simulate_join(&simulation);
}

static void check_call(const struct machine *machine, unsigned tree_ns,
		       unsigned blind_ns, unsigned line_ns)
{
	struct tree tree, blind, line;

	plant(&tree, machine, count_workers(machine));
	assert_int_equal(simulate(&tree), tree_ns);
	plant(&blind, NULL, tree.workers);
	blind.machine = machine;
	assert_int_equal(simulate(&blind), blind_ns);
	/* All by the caller's line. */
	line = tree;
	line.places[0].children = tree.workers - 1;
	for (uint32_t w = 1; w < tree.workers; w++)
		line.places[w] = (struct tree_place){0, w - 1, 0};
	assert_int_equal(simulate(&line), line_ns);
	assert_true(10 * tree_ns <= line_ns);
	assert_true(tree_ns < blind_ns);
}

static void a_call_takes_a_small_part_of_one_line(void **state)
{
	(void)state;
	check_call(&two_64, 1315, 2120, 20075);
	check_call(&two_128, 1420, 2535, 42365);
	check_call(&eight_60, 1860, 2670, 66690);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_worker_has_a_place_of_its_own),
		cmocka_unit_test(the_tree_grows_with_the_logarithm),
		cmocka_unit_test(borders_are_crossed_once),
		cmocka_unit_test(
			workers_without_near_neighbours_have_places_too),
		cmocka_unit_test(a_call_takes_a_small_part_of_one_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
