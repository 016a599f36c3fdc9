/* SPDX-License-Identifier: MIT */
/*
 * What studies share: the record is begun before anything is measured, holds
 * what was found, and does not stay where nothing was.
 */
#include "bench/commands/common/study_run.h"
#include "bench/session/header.h"
#include "results/study_record.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static char folder[] = "/tmp/test_study_run.XXXXXX";
static char name[] = "creation", option[] = "--runs", value[] = "5";
static char *const argv[] = {name, option, value};

static int enter(void **state)
{
	(void)state;
	return mkdtemp(folder) && chdir(folder) == 0 ? 0 : -1;
}

static int leave(void **state)
{
	(void)state;
	unlink("x.jsonl");
	return chdir("/") == 0 && rmdir(folder) == 0 ? 0 : -1;
}

/* What the test wants of a measurement. */
struct plan {
	int status; /* >= 0: it fails with that, and finds nothing */
	bool begun;
};

static json_t *found(void)
{
	return json_pack("{s:[{s:s,s:f,s:s,s:f,s:f,s:f}],s:[],s:[],s:i,s:f,"
			 "s:s}",
			 "rows", "what", "fork", "parent_mib", 1.0, "pages",
			 "4k", "us", 250.0, "lo", 240.0, "hi", 260.0, "faults",
			 "left_out", "runs", 5, "fault_mib", 2.0, "worker",
			 "nothing");
}

static int measure(void *data, const struct topology *topology,
		   struct study_run *run)
{
	struct plan *plan = data;

	assert_non_null(topology);
	plan->begun = true;
	if (plan->status >= 0)
		return plan->status;
	return study_run_tell(run, found(), true, CLI_JSON);
}

static int run_in(const char *out, struct plan *plan)
{
	int status, saved = dup(STDOUT_FILENO);

	fflush(stdout);
	assert_non_null(freopen("/dev/null", "w", stdout));
	status = study_run("creation", 3, argv, out, measure, plan);
	fflush(stdout);
	dup2(saved, STDOUT_FILENO);
	close(saved);
	return status;
}

static void what_was_found_is_on_record(void **state)
{
	struct plan plan = {.status = -1};
	char error[ERROR_TEXT_MAX];
	json_t *object, *due = found();
	struct record *record;

	(void)state;
	assert_int_equal(run_in("x.jsonl", &plan), 0);
	assert_int_equal(record_read("x.jsonl", &record, error), 0);
	assert_string_equal(record->study, "creation");
	assert_true(record->complete);
	assert_string_equal(
		json_string_value(json_array_get(
			json_object_get(record->header, "command"), 2)),
		"--runs");
	assert_non_null(json_object_get(
		json_object_get(record->header, "machine"), "audit"));
	object = study_record_object(record);
	assert_true(json_equal(object, due));
	json_decref(object);
	json_decref(due);
	record_free(record);
}

static void a_record_is_never_overwritten(void **state)
{
	struct plan plan = {.status = -1};
	struct stat before, after;

	(void)state;
	assert_int_equal(stat("x.jsonl", &before), 0);
	assert_int_equal(run_in("x.jsonl", &plan), 1);
	assert_false(plan.begun);
	assert_int_equal(stat("x.jsonl", &after), 0);
	assert_int_equal(before.st_size, after.st_size);
	assert_int_equal(unlink("x.jsonl"), 0);
}

static void what_found_nothing_leaves_nothing(void **state)
{
	struct plan plan = {.status = 130};

	(void)state;
	assert_int_equal(run_in("x.jsonl", &plan), 130);
	assert_true(plan.begun);
	assert_int_equal(access("x.jsonl", F_OK), -1);
}

static void a_folder_that_is_not_there_is_told_before(void **state)
{
	struct plan plan = {.status = -1};

	(void)state;
	assert_int_equal(run_in("nowhere/x.jsonl", &plan), 1);
	assert_false(plan.begun);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_found_is_on_record),
		cmocka_unit_test(a_record_is_never_overwritten),
		cmocka_unit_test(what_found_nothing_leaves_nothing),
		cmocka_unit_test(a_folder_that_is_not_there_is_told_before),
	};

	return cmocka_run_group_tests(tests, enter, leave);
}
