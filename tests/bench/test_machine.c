/* SPDX-License-Identifier: MIT */
/*
 * The facts about a machine, as a record keeps them.
 */
#include "bench/machine.h"

#include "system/quota.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

static const char *const keys[] = {
	"hostname",
	"model",
	"packages",
	"numa_nodes",
	"cores",
	"cpus",
	"allowed",
	"l1d",
	"l2",
	"l3",
	"memory",
	"page_size",
	"thp",
	"thp_shmem",
	"kernel",
	"hypervisor",
	"quota_cpus",
	"clocksource",
	"clock_resolution_ns",
};

static json_int_t number(const json_t *json, const char *key)
{
	return json_integer_value(json_object_get(json, key));
}

/* Every key is always there; what is not known is null. */
static void test_unknown(void **state)
{
	const struct machine_facts facts = {.quota_cpus = QUOTA_NONE};
	json_t *json = machine_json(&facts);

	(void)state;
	assert_non_null(json);
	assert_int_equal(json_object_size(json), COUNT(keys));
	for (size_t i = 0; i + 1 < COUNT(keys); i++)
		assert_true(json_is_null(json_object_get(json, keys[i])));
	json_decref(json);
}

static void test_known(void **state)
{
	const struct machine_facts facts = {
		.shape = {.packages = 2,
			  .numa_nodes = 6,
			  .cores = 120,
			  .cpus = 720,
			  .allowed = 719,
			  .l3 = UINT64_C(1) << 33,
			  .memory = UINT64_C(1) << 40,
			  .model = "Model"},
		.hostname = "host",
		.thp = "madvise",
		.page_size = 4096,
		.quota_cpus = 0.1,
		.clock_resolution_ns = 17.5,
	};
	json_t *json = machine_json(&facts);

	(void)state;
	assert_non_null(json);
	assert_int_equal(number(json, "packages"), 2);
	assert_int_equal(number(json, "numa_nodes"), 6);
	assert_int_equal(number(json, "cores"), 120);
	assert_int_equal(number(json, "cpus"), 720);
	assert_int_equal(number(json, "allowed"), 719);
	assert_true(json_is_null(json_object_get(json, "l1d")));
	assert_int_equal(number(json, "l3"), INT64_C(1) << 33);
	assert_int_equal(number(json, "memory"), INT64_C(1) << 40);
	assert_int_equal(number(json, "page_size"), 4096);
	assert_true(json_real_value(json_object_get(json, "quota_cpus")) ==
		    0.1);
	assert_string_equal(json_string_value(json_object_get(json, "model")),
			    "Model");
	assert_string_equal(json_string_value(json_object_get(json, "thp")),
			    "madvise");
	assert_true(json_real_value(json_object_get(
			    json, "clock_resolution_ns")) == 17.5);
	json_decref(json);
}

/* Something is known of any machine that runs this. */
static void test_here(void **state)
{
	struct topology *topology;
	struct machine_facts facts;
	char error[512];

	(void)state;
	assert_int_equal(topology_load(NULL, &topology, error, sizeof(error)),
			 0);
	machine_collect(topology, &facts);
	topology_free(topology);
	assert_true(facts.shape.allowed >= 1);
	assert_true(facts.shape.allowed <= facts.shape.cpus);
	assert_true(facts.shape.memory > 1 << 20);
	assert_true(facts.page_size >= 4096);
	assert_int_equal(facts.page_size & (facts.page_size - 1), 0);
	assert_int_equal(strncmp(facts.kernel, "Linux ", 6), 0);
	assert_true(facts.clock_resolution_ns > 0);
	assert_null(strchr(facts.thp, '['));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_unknown),
		cmocka_unit_test(test_known),
		cmocka_unit_test(test_here),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
