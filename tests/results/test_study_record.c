/* SPDX-License-Identifier: MIT */
/*
 * A study's result is read from its record as it was put there, and rows have
 * no place in other records.
 */
#include "results/study_record.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static const char result[] =
	"{\"rows\":[{\"what\":\"fork\",\"us\":140.25,\"hi\":null},"
	"{\"what\":\"vfork\",\"us\":1e-7}],\"runs\":5,\"empty\":[],"
	"\"plain\":[1,2],\"inner\":{\"a\":[{\"b\":1}]}}";

static const char head[] = "{\"breakeven\":1,\"study\":\"creation\"}";

static json_t *parse(const char *text)
{
	json_t *json = json_loads(text, 0, NULL);

	assert_non_null(json);
	return json;
}

static struct record *begin(const char *header)
{
	struct record *record = record_new();

	assert_non_null(record);
	assert_int_equal(record_put_header(record, parse(header)), 0);
	return record;
}

static void assert_holds(const struct record *record, json_t *due)
{
	/* Twice: reading leaves the record as it is. */
	for (int i = 0; i < 2; i++) {
		json_t *object = study_record_object(record);

		assert_true(json_equal(object, due));
		json_decref(object);
	}
}

static void what_is_put_is_read(void **state)
{
	char folder[] = "/tmp/test_study_record.XXXXXX", path[64];
	struct record *record = begin(head), *read;
	json_t *object = parse(result);
	char error[ERROR_TEXT_MAX];

	(void)state;
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/x.jsonl", folder);
	record_free(record);
	record = record_new();
	assert_int_equal(record_attach(record, path, error), 0);
	assert_int_equal(record_put_header(record, parse(head)), 0);
	assert_int_equal(study_record_put(record, object), 0);
	assert_int_equal(record_put_end(record, true, NULL), 0);
	assert_int_equal(record_read(path, &read, error), 0);
	assert_string_equal(read->study, "creation");
	assert_int_equal(read->nrows, 3);
	assert_holds(record, object);
	assert_holds(read, object);
	record_free(read);
	record_free(record);
	json_decref(object);
	unlink(path);
	rmdir(folder);
}

/* 0.1 + 0.2 has more digits than are written. */
static void memory_holds_what_is_written(void **state)
{
	struct record *record = begin(head);
	json_t *object = json_pack("{s:f}", "us", 0.1 + 0.2), *read;

	(void)state;
	assert_int_equal(study_record_put(record, object), 0);
	read = study_record_object(record);
	assert_true(json_real_value(json_object_get(read, "us")) == 0.3);
	json_decref(read);
	json_decref(object);
	record_free(record);
}

static void a_record_without_rows_is_empty(void **state)
{
	struct record *record = begin(head);
	json_t *object = study_record_object(record);

	(void)state;
	assert_int_equal(json_object_size(object), 0);
	json_decref(object);
	record_free(record);
}

static void rows_belong_to_studies(void **state)
{
	static const char run[] =
		"{\"breakeven\":1,\"kernels\":[],\"runners\":[]}";
	struct record *record = begin(run);

	(void)state;
	assert_int_equal(record_put_row(record, parse("{\"table\":\"rows\"}")),
			 -EINVAL);
	assert_null(record->study);
	record_free(record);
	record = begin(head);
	assert_int_equal(record_put_row(record, parse("{\"what\":1}")),
			 -EINVAL);
	assert_int_equal(record_put_row(record, parse("{\"table\":3}")),
			 -EINVAL);
	assert_int_equal(record->nrows, 0);
	record_free(record);
}

/* A table that the first row does not name, a row after the end. */
static void strange_rows_do_no_harm(void **state)
{
	struct record *record = begin(head);
	json_t *object;

	(void)state;
	assert_int_equal(
		record_put_row(record, parse("{\"table\":\"x\",\"a\":1}")), 0);
	object = study_record_object(record);
	assert_int_equal(json_object_size(object), 0);
	json_decref(object);
	assert_int_equal(record_put_end(record, true, NULL), 0);
	assert_int_equal(record_put_row(record, parse("{\"table\":\"\"}")),
			 -EINVAL);
	record_free(record);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_put_is_read),
		cmocka_unit_test(memory_holds_what_is_written),
		cmocka_unit_test(a_record_without_rows_is_empty),
		cmocka_unit_test(rows_belong_to_studies),
		cmocka_unit_test(strange_rows_do_no_harm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
