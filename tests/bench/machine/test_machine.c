/* SPDX-License-Identifier: MIT */
/*
 * The facts about a machine, as a record keeps them.
 */
#include "bench/machine/machine.h"

#include "system/quota.h"

#include "tests/fake_root.h"

#include <math.h>
#include <sys/syscall.h>
#include <time.h>

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

static void test_kinds(void **state)
{
	const struct machine_facts facts = {
		.shape = {.kinds = {{"IntelAtom", 4}, {"", 2}}, .nkinds = 2},
	};
	json_t *json = machine_json(&facts);
	const json_t *kinds = json_object_get(json, "kinds");

	(void)state;
	assert_int_equal(json_array_size(kinds), 2);
	assert_string_equal(json_string_value(json_object_get(
				    json_array_get(kinds, 0), "name")),
			    "IntelAtom");
	assert_int_equal(json_integer_value(json_object_get(
				 json_array_get(kinds, 0), "cpus")),
			 4);
	assert_true(json_is_null(
		json_object_get(json_array_get(kinds, 1), "name")));
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
	struct error error;

	(void)state;
	assert_int_equal(topology_load(NULL, &topology, &error), 0);
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

static struct machine_facts facts_of_cpu(const char *root)
{
	struct machine_facts facts = {.page_size = 4096};

	machine_cpu(root, &facts);
	return facts;
}

static void x86_tells_either_way(void **state)
{
	struct machine_facts facts;

	put(*state, "/proc/cpuinfo",
	    "processor\t: 0\ncpu family\t: 25\nmodel\t\t: 1\n"
	    "model name\t: Some CPU\nflags\t\t: fpu hypervisor sse\n");
	facts = facts_of_cpu(*state);
	assert_string_equal(facts.shape.model, "Some CPU");
	assert_string_equal(facts.hypervisor, "yes");
	assert_false(facts.bare);
	put(*state, "/proc/cpuinfo",
	    "model name\t: Some CPU\nflags\t\t: fpu sse\n");
	facts = facts_of_cpu(*state);
	assert_string_equal(facts.hypervisor, "");
	assert_true(facts.bare);
}

static void arm_is_named_by_numbers(void **state)
{
	put(*state, "/proc/cpuinfo",
	    "processor\t: 0\nBogoMIPS\t: 243.75\n"
	    "Features\t: fp asimd evtstrm\nCPU implementer\t: 0x41\n"
	    "CPU architecture: 8\nCPU variant\t: 0x3\nCPU part\t: 0xd0c\n");
	assert_string_equal(facts_of_cpu(*state).shape.model,
			    "ARM Neoverse-N1");
	put(*state, "/proc/cpuinfo",
	    "CPU implementer\t: 0x41\nCPU part\t: 0xd05\n"
	    "CPU implementer\t: 0x41\nCPU part\t: 0xd05\n"
	    "CPU implementer\t: 0x41\nCPU part\t: 0xd0b\n");
	assert_string_equal(facts_of_cpu(*state).shape.model,
			    "ARM Cortex-A55, ARM Cortex-A76");
	put(*state, "/proc/cpuinfo",
	    "CPU implementer\t: 0x61\nCPU part\t: 0x022\n");
	assert_string_equal(facts_of_cpu(*state).shape.model,
			    "Apple part 0x22");
	put(*state, "/proc/cpuinfo",
	    "CPU implementer\t: 0x99\nCPU part\t: 0x1\n");
	assert_string_equal(facts_of_cpu(*state).shape.model,
			    "ARM implementer 0x99 part 0x1");
}

/* Its flags are called otherwise, and say nothing of a hypervisor. */
static void arm_is_not_taken_for_bare_metal(void **state)
{
	struct machine_facts facts;

	put(*state, "/proc/cpuinfo",
	    "Features\t: fp\nCPU implementer\t: 0x41\nCPU part\t: 0xd0c\n");
	facts = facts_of_cpu(*state);
	assert_false(facts.bare);
	assert_string_equal(facts.hypervisor, "");
	put(*state, "/sys/hypervisor/type", "xen\n");
	put(*state, "/sys/class/dmi/id/sys_vendor", "Somebody\n");
	facts = facts_of_cpu(*state);
	assert_false(facts.bare);
	assert_string_equal(facts.hypervisor, "Somebody");
}

static void without_proc_nothing_is_known(void **state)
{
	struct machine_facts facts = facts_of_cpu(*state);

	assert_string_equal(facts.shape.model, "");
	assert_string_equal(facts.hypervisor, "");
	assert_false(facts.bare);
}

static void other_architectures_are_named(void **state)
{
	put(*state, "/proc/cpuinfo", "processor\t: 0\ncpu\t\t: POWER9\n");
	assert_string_equal(facts_of_cpu(*state).shape.model, "POWER9");
	put(*state, "/proc/cpuinfo", "hart\t: 0\nuarch\t: sifive,u74\n");
	assert_string_equal(facts_of_cpu(*state).shape.model, "sifive,u74");
}

/* ------------------------------------------------------------- clocks */

/* The clock of this program, for all that it is linked with. 0: the kernel's;
 * else in steps of so many ns, or, below 0, not at all. */
static int64_t clock_step;

/* NOLINTNEXTLINE(readability-inconsistent-declaration-parameter-name) */
int clock_gettime(clockid_t id, struct timespec *time)
{
	int rc = (int)syscall(SYS_clock_gettime, id, time);
	int64_t ns = (int64_t)time->tv_sec * 1000000000 + time->tv_nsec;

	if (clock_step > 0)
		ns -= ns % clock_step;
	if (clock_step < 0)
		ns = 1000000000;
	time->tv_sec = ns / 1000000000;
	time->tv_nsec = ns % 1000000000;
	return rc;
}

static void a_clock_has_steps(void **state)
{
	(void)state;
	clock_step = 0;
	assert_true(machine_clock_step_ns() > 0);
	clock_step = 10000000;
	assert_true(fmod(machine_clock_step_ns(), 1e7) == 0);
	assert_true(machine_clock_step_ns() >= 1e7);
	clock_step = -1;
	assert_true(machine_clock_step_ns() == 0);
	clock_step = 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_unknown),
		cmocka_unit_test(test_kinds),
		cmocka_unit_test(test_known),
		cmocka_unit_test(test_here),
		test_in_root(x86_tells_either_way),
		test_in_root(arm_is_named_by_numbers),
		test_in_root(arm_is_not_taken_for_bare_metal),
		test_in_root(without_proc_nothing_is_known),
		test_in_root(other_architectures_are_named),
		cmocka_unit_test(a_clock_has_steps),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
