/* SPDX-License-Identifier: MIT */
/*
 * Which program a runner hands over to: made-up ones, on a PATH of their own.
 */
#include "bench/machine/foreign_program.h"

#include "tests/fake_root.h"

static void put_program(const char *root, const char *text)
{
	char path[FAKE_PATH];

	put(root, "/bin/made", text);
	snprintf(path, sizeof(path), "%s/bin/made", root);
	assert_int_equal(chmod(path, 0755), 0);
	snprintf(path, sizeof(path), "%s/nowhere:%s/bin:/bin", root, root);
	assert_int_equal(setenv("PATH", path, 1), 0);
}

static void expect(const char *name, const char *path, const char *version)
{
	json_t *json = foreign_program_json(name);
	const char *found, *said;

	assert_non_null(json);
	found = json_string_value(json_object_get(json, "path"));
	said = json_string_value(json_object_get(json, "version"));
	assert_string_equal(found ? found : "none", path);
	assert_string_equal(said ? said : "none", version);
	json_decref(json);
}

static void its_file_and_version_are_told(void **state)
{
	char path[FAKE_PATH];

	put_program(*state, "#!/bin/sh\n[ $1 = --version ] && echo Made 9.1\n"
			    "echo more\n");
	snprintf(path, sizeof(path), "%s/bin/made", (const char *)*state);
	expect("made", path, "Made 9.1");
}

static void what_is_not_known_is_not_told(void **state)
{
	char path[FAKE_PATH];

	put_program(*state, "#!/bin/sh\necho wrong >&2\nexit 1\n");
	snprintf(path, sizeof(path), "%s/bin/made", (const char *)*state);
	expect("made", path, "none");
	expect("not-there-at-all", "none", "none");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		test_in_root(its_file_and_version_are_told),
		test_in_root(what_is_not_known_is_not_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
