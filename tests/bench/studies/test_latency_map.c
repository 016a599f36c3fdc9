/* SPDX-License-Identifier: MIT */
/*
 * How far apart the CPUs of machines are that are not here: what is read of
 * many CPUs, and how it is told in 80 columns.
 */
#include "bench/commands/common/latency_page.h"
#include "bench/studies/latency_map.h"
#include "report/doc/style.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const double ns_by_border[] = {25, 100, 150, 220};

struct scene {
	struct topology *topology;
	struct latency_map map;
	unsigned reads;
	double share; /* last told */
	int fails_at; /* this reading; 0: none */
};

static void open_scene(struct scene *scene, const char *machine)
{
	struct error error;
	unsigned count;
	int *cpus;

	*scene = (struct scene){.fails_at = 0};
	assert_int_equal(topology_load(machine, &scene->topology, &error), 0);
	count = topology_order(scene->topology, PIN_NONE, NULL, 0);
	cpus = calloc(count, sizeof(*cpus));
	assert_non_null(cpus);
	topology_order(scene->topology, PIN_NONE, cpus, count);
	assert_int_equal(
		latency_map_init(&scene->map, scene->topology, cpus, count), 0);
	free(cpus);
}

static void close_scene(struct scene *scene)
{
	latency_map_free(&scene->map);
	topology_free(scene->topology);
}

static int read_pair(void *arg, int here, int there, double *ns)
{
	struct scene *scene = arg;

	assert_int_not_equal(here, there);
	*ns = ns_by_border[topology_border(scene->topology, here, there)];
	return ++scene->reads == (unsigned)scene->fails_at ? -ECHILD : 0;
}

static void take_share(void *arg, double share)
{
	struct scene *scene = arg;

	assert_true(share >= scene->share && share <= 1);
	scene->share = share;
}

static int fill(struct scene *scene)
{
	return latency_map_fill(&scene->map, scene->topology, read_pair,
				take_share, scene);
}

static double cell(const struct scene *scene, unsigned a, unsigned b)
{
	return scene->map.cells[a * scene->map.count + b].median;
}

/* The page of a machine's map, filled; the caller frees it. */
static char *page_text(struct scene *scene, const char *machine)
{
	const struct report_style style = {.columns = 80};
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	open_scene(scene, machine);
	assert_int_equal(fill(scene), 0);
	assert_int_equal(
		doc_print(latency_page_build, &scene->map, out, &style), 0);
	fclose(out);
	return text;
}

static void few_cpus_are_told_one_by_one(void **state)
{
	struct scene scene;

	(void)state;
	open_scene(&scene, "pack:2 l3:1 core:8 pu:1");
	assert_null(scene.map.what);
	assert_int_equal(scene.map.count, 16);
	assert_int_equal(fill(&scene), 0);
	assert_int_equal(scene.reads, 16 * 15 / 2 * LATENCY_PASSES);
	assert_true(scene.share >= 1);
	assert_true(cell(&scene, 0, 0) == 0);
	assert_true(cell(&scene, 0, 7) == 25 && cell(&scene, 7, 0) == 25);
	assert_true(cell(&scene, 0, 8) == 220);
	close_scene(&scene);
}

static void many_are_told_by_cache(void **state)
{
	struct scene scene;

	(void)state;
	open_scene(&scene, "pack:1 numa:1 l3:8 core:8 pu:2");
	assert_string_equal(scene.map.what, "L3 cache");
	assert_int_equal(scene.map.count, 8);
	assert_int_equal(fill(&scene), 0);
	assert_int_equal(scene.reads, 36 * LATENCY_PAIRS_MAX * LATENCY_PASSES);
	assert_true(cell(&scene, 3, 3) == 25);
	assert_true(cell(&scene, 3, 4) == 100 && cell(&scene, 4, 3) == 100);
	assert_true(scene.map.by_border[BORDER_NONE].most == 25);
	assert_true(scene.map.by_border[BORDER_L3].least == 100);
	assert_true(scene.map.by_border[BORDER_PACKAGE].median == 0);
	close_scene(&scene);
}

static void too_many_caches_are_told_by_what_is_above(void **state)
{
	static const struct {
		const char *machine, *what;
		unsigned groups;
	} cases[] = {
		{"pack:2 numa:4 l3:4 core:8 pu:2", "NUMA node", 8},
		{"pack:2 numa:8 l3:2 core:4 pu:1", "package", 2},
		{"pack:16 core:2 pu:2", "package", LATENCY_GROUPS_MAX},
		{"pack:1 core:60 pu:1", "package", 1},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct scene scene;

		open_scene(&scene, cases[i].machine);
		assert_string_equal(scene.map.what, cases[i].what);
		assert_int_equal(scene.map.count, cases[i].groups);
		assert_int_equal(fill(&scene), 0);
		close_scene(&scene);
	}
}

/* Of two groups of 16, each pair of another CPU on either side. */
static int count_partner(void *arg, int here, int there, double *ns)
{
	unsigned *seen = arg;

	*ns = 1;
	if (here < 16 && there >= 16)
		seen[there - 16]++;
	return 0;
}

static void no_progress(void *arg, double share)
{
	(void)arg;
	(void)share;
}

static void pairs_are_spread_over_both_groups(void **state)
{
	struct scene scene;
	unsigned seen[16] = {0};

	(void)state;
	open_scene(&scene, "pack:2 l3:1 core:16 pu:1");
	assert_int_equal(scene.map.count, 2);
	assert_int_equal(latency_map_fill(&scene.map, scene.topology,
					  count_partner, no_progress, seen),
			 0);
	for (int i = 0; i < 16; i++)
		assert_in_range(seen[i], 0, 2 * LATENCY_PASSES);
	close_scene(&scene);
}

static void a_failure_ends_it(void **state)
{
	struct scene scene;

	(void)state;
	open_scene(&scene, "core:3 pu:1");
	scene.fails_at = 5;
	assert_int_equal(fill(&scene), -ECHILD);
	assert_int_equal(scene.reads, 5);
	close_scene(&scene);
}

static void it_fits_80_columns(void **state)
{
	struct scene scene;
	char *text = page_text(&scene, "pack:4 numa:1 l3:3 core:8 pu:2");

	(void)state;
	assert_int_equal(scene.map.count, 12);
	/* No table was cut in two: all heads stand in one line. */
	assert_non_null(strstr(text, "    9    10    11\n"));
	for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n"))
		assert_true(strlen(line) <= 80);
	free(text);
	close_scene(&scene);
}

static void places_are_told_apart(void **state)
{
	struct scene scene;
	char *text = page_text(&scene, "pack:2 l3:2 core:8 pu:1");

	(void)state;
	assert_non_null(strstr(text, "by L3 cache"));
	assert_non_null(strstr(text, "\nL3 cache    0     1     2     3\n"));
	assert_non_null(strstr(text, "\n       1  100    25   220   220\n"));
	assert_non_null(strstr(text, "of L3 caches    100      100    100"));
	assert_non_null(strstr(text, "of packages     220      220    220"));
	assert_non_null(strstr(text, "L3 cache 3: CPUs 24-31"));
	free(text);
	close_scene(&scene);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(few_cpus_are_told_one_by_one),
		cmocka_unit_test(many_are_told_by_cache),
		cmocka_unit_test(too_many_caches_are_told_by_what_is_above),
		cmocka_unit_test(pairs_are_spread_over_both_groups),
		cmocka_unit_test(a_failure_ends_it),
		cmocka_unit_test(it_fits_80_columns),
		cmocka_unit_test(places_are_told_apart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
