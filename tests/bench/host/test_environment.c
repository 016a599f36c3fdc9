/* SPDX-License-Identifier: MIT */
/*
 * What becomes of variables that libraries read. The tests execute this program
 * again: what it is then told to do, it does in the second life.
 */
#include "bench/host/environment.h"

#include "bench/host/registry.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum { LINE = 128 };

/* Set each variable of the list to `value`. Returns how many. */
static size_t set_all(const char *value)
{
	FILE *list = fopen(LIBRARY_VARIABLES, "r");
	char name[LINE];
	size_t count = 0;

	if (!list)
		return 0;
	while (fgets(name, sizeof(name), list)) {
		name[strcspn(name, "\n")] = '\0';
		setenv(name, value, 1);
		count++;
	}
	fclose(list);
	return count;
}

/* The second life: is there none left, but what is not a library's? */
static int look_again(void)
{
	char names[LINE];
	const char *kept = getenv("KEPT");

	if (environment_names(ENVIRONMENT_IGNORED, names, sizeof(names)) > 0) {
		fprintf(stderr, "still set: %s\n", names);
		return 1;
	}
	if (!kept || strcmp(kept, "a=b") != 0 || getenv("OMP_NUM_THREADS")) {
		fputs("the rest has changed\n", stderr);
		return 1;
	}
	return 0;
}

/* Exit status of a child that sets all and isolates itself. */
static int isolated_status(const char *value)
{
	char program[] = "test", again[] = "again";
	char *argv[] = {program, again, NULL};
	pid_t pid = fork();
	int status = -1;

	if (pid == 0) {
		if (set_all(value) < 100 || setenv("KEPT", "a=b", 1) < 0)
			_exit(2);
		environment_isolate(argv);
		_exit(3);
	}
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void no_variable_survives(void **state)
{
	(void)state;
	assert_int_equal(isolated_status("1"), 0);
	assert_int_equal(isolated_status(""), 0);
	assert_int_equal(isolated_status("pack:2 core:8 pu:2"), 0);
}

/* Else each would execute itself for ever. */
static void a_clean_one_goes_on(void **state)
{
	char program[] = "test", fail[] = "fail";
	char *argv[] = {program, fail, NULL};

	(void)state;
	clearenv();
	assert_int_equal(environment_isolate(argv), 0);
	/* hwloc finds no plug-ins there. */
	assert_string_equal(getenv("HWLOC_PLUGINS_PATH"), "/dev/null");
	/* What that has set is no reason for another life. */
	assert_int_equal(environment_isolate(argv), 0);
}

static void names_are_told(void **state)
{
	char names[LINE], little[8];

	(void)state;
	clearenv();
	assert_int_equal(
		environment_names(ENVIRONMENT_IGNORED, names, sizeof(names)),
		0);
	assert_string_equal(names, "");
	setenv("OMP_NUM_THREADS", "2,2", 1);
	setenv("OMPANY", "no library's", 1);
	setenv("G_SLICED", "neither", 1);
	setenv("BENCHMARK_REPETITIONS", "4", 1);
	setenv("MALLOC_ARENA_MAX", "1", 1);
	assert_int_equal(
		environment_names(ENVIRONMENT_IGNORED, names, sizeof(names)),
		2);
	assert_string_equal(names, "OMP_NUM_THREADS, BENCHMARK_REPETITIONS");
	assert_int_equal(
		environment_names(ENVIRONMENT_IGNORED, little, sizeof(little)),
		2);
	assert_string_equal(little, "OMP_NUM");
	assert_int_equal(
		environment_names(ENVIRONMENT_HEEDED, names, sizeof(names)), 1);
	assert_string_equal(names, "MALLOC_ARENA_MAX");
}

static void records_have_what_is_heeded(void **state)
{
	json_t *list, *expected;

	(void)state;
	clearenv();
	setenv(REGISTRY_ISA, "v3", 1);
	setenv("KMP_AFFINITY", "scatter", 1);
	setenv("GLIBC_TUNABLES", "glibc.malloc.arena_max=1", 1);
	list = environment_json();
	expected = json_pack("[s,s]", "BREAKEVEN_ISA=v3",
			     "GLIBC_TUNABLES=glibc.malloc.arena_max=1");
	assert_true(json_equal(list, expected));
	json_decref(list);
	json_decref(expected);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_variable_survives),
		cmocka_unit_test(a_clean_one_goes_on),
		cmocka_unit_test(names_are_told),
		cmocka_unit_test(records_have_what_is_heeded),
	};

	if (argc > 1)
		return strcmp(argv[1], "again") == 0 ? look_again() : 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
