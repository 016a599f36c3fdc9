/* SPDX-License-Identifier: MIT */
/*
 * On which nodes data is to lie, on a machine of two nodes that is not here.
 */
#include "bench/engine/contender.h"
#include "bench/engine/engine.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

/* CPUs 0 and 1 are on node 0, 2 and 3 on node 1. */
struct two_nodes {
	struct topology *topology;
	struct contender contenders[2];
	int cpus[4];
	struct engine engine;
};

static void set_up(struct two_nodes *two, const char *policy)
{
	struct error error;

	*two = (struct two_nodes){
		.contenders = {{.workers = 1},
			       {.workers = 4, .cpus = two->cpus}},
		.cpus = {0, 1, 2, 3},
		.engine = {.pin = PIN_CORE,
			   .generation = 1,
			   .cpus = two->cpus,
			   .ncpus = 4,
			   .contenders = two->contenders,
			   .ncontenders = 2},
	};
	assert_int_equal(topology_load("pack:2 numa:1 core:2 pu:1",
				       &two->topology, &error),
			 0);
	two->engine.topology = two->topology;
	if (policy)
		assert_true(page_policy_take(policy, &two->engine.pages));
}

static void tear_down(struct two_nodes *two)
{
	topology_free(two->topology);
}

/* What the order of a contender's host says. */
static void assert_nodes(const struct two_nodes *two, size_t contender,
			 const char *expected)
{
	json_t *nodes =
		page_policy_nodes(&two->engine, &two->contenders[contender]);
	char *text = json_dumps(nodes, JSON_COMPACT | JSON_ENCODE_ANY);

	assert_string_equal(text, expected);
	free(text);
	json_decref(nodes);
}

static void shared_data_lies_by_the_most_workers(void **state)
{
	struct two_nodes two;

	(void)state;
	set_up(&two, "first-touch");
	assert_nodes(&two, 0, "[0,0,1,1]");
	assert_nodes(&two, 1, "[0,0,1,1]");
	two.engine.memory = MEMORY_PRIVATE;
	assert_nodes(&two, 0, "[0]");
	assert_nodes(&two, 1, "[0,0,1,1]");
	tear_down(&two);
}

static void local_moves_with_the_base(void **state)
{
	struct two_nodes two;

	(void)state;
	set_up(&two, "local");
	assert_nodes(&two, 0, "[0]");
	two.engine.generation = 3;
	assert_nodes(&two, 0, "[1]");
	tear_down(&two);
}

static void the_others_are_what_they_say(void **state)
{
	struct two_nodes two;

	(void)state;
	set_up(&two, NULL);
	assert_nodes(&two, 0, "null");
	tear_down(&two);
	set_up(&two, "interleave");
	assert_nodes(&two, 1, "[-1]");
	tear_down(&two);
	set_up(&two, "1");
	assert_nodes(&two, 1, "[1]");
	tear_down(&two);
}

static void names_go_both_ways(void **state)
{
	static const char *const names[] = {"first-touch", "local",
					    "interleave", "0", "63"};
	static const char *const bad[] = {"",	"far",	 "-1",
					  "1x", "12345", "Local"};
	char text[PAGE_POLICY_TEXT];
	struct page_policy policy = {.kind = PAGES_ANYWHERE};

	(void)state;
	assert_null(page_policy_name(&policy, text));
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		assert_true(page_policy_take(names[i], &policy));
		assert_string_equal(page_policy_name(&policy, text), names[i]);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_false(page_policy_take(bad[i], &policy));
}

static void what_cannot_be_is_refused(void **state)
{
	struct two_nodes two;
	struct error error;

	(void)state;
	set_up(&two, "1");
	assert_int_equal(page_policy_check(&two.engine, &error), 0);
	assert_true(page_policy_take("2", &two.engine.pages));
	assert_int_equal(page_policy_check(&two.engine, &error), ERROR_USAGE);
	assert_non_null(strstr(error.text, "2 NUMA nodes, numbered from 0"));
	assert_true(page_policy_take("first-touch", &two.engine.pages));
	assert_int_equal(page_policy_check(&two.engine, &error), 0);
	two.engine.pin = PIN_NONE;
	assert_int_equal(page_policy_check(&two.engine, &error), ERROR_USAGE);
	assert_non_null(strstr(error.text, "--pin none"));
	tear_down(&two);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shared_data_lies_by_the_most_workers),
		cmocka_unit_test(local_moves_with_the_base),
		cmocka_unit_test(the_others_are_what_they_say),
		cmocka_unit_test(names_go_both_ways),
		cmocka_unit_test(what_cannot_be_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
