/* SPDX-License-Identifier: MIT */
/*
 * A folder that stands for the root of a machine, for tests of what reads files
 * below /proc and /sys: set-up and tear-down of a cmocka test, whose *state it
 * is, and files in it.
 */
#ifndef BREAKEVEN_TESTS_FAKE_ROOT_H
#define BREAKEVEN_TESTS_FAKE_ROOT_H

#include <errno.h>
#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

enum { FAKE_PATH = 512 };

static int make_root(void **state)
{
	char *root = strdup("/tmp/breakeven_test_XXXXXX");

	*state = root;
	return root && mkdtemp(root) ? 0 : -1;
}

static int remove_one(const char *path, const struct stat *status, int type,
		      struct FTW *walk)
{
	(void)status;
	(void)type;
	(void)walk;
	return remove(path);
}

static int remove_root(void **state)
{
	int rc = nftw(*state, remove_one, 16, FTW_DEPTH | FTW_PHYS);

	free(*state);
	return rc;
}

/* Write a file below the root, and the folders on the way to it. */
static void put(const char *root, const char *name, const char *text)
{
	char path[FAKE_PATH];
	FILE *file;

	snprintf(path, sizeof(path), "%s%s", root, name);
	for (char *at = path + strlen(root) + 1; (at = strchr(at, '/')); at++) {
		*at = '\0';
		assert_true(mkdir(path, 0755) == 0 || errno == EEXIST);
		*at = '/';
	}
	file = fopen(path, "w");
	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

#define test_in_root(test)                                                     \
	cmocka_unit_test_setup_teardown(test, make_root, remove_root)

#endif
