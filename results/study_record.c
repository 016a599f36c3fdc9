/* SPDX-License-Identifier: MIT */
#include "results/study_record.h"

#include <errno.h>
#include <string.h>

/* An array of objects: each is a row. */
static bool is_table(const json_t *value)
{
	return json_is_array(value) &&
	       (json_array_size(value) == 0 ||
		json_is_object(json_array_get(value, 0)));
}

/* A row of `table` with the members of `object`; their order stays. */
static json_t *make_row(const char *table, json_t *object)
{
	json_t *row = json_pack("{s:s}", "table", table);
	json_t *value;
	const char *key;

	json_object_foreach(object, key, value)
	{
		int rc = table[0] == '\0' && is_table(value)
				 ? json_object_set_new(row, key, json_array())
				 : json_object_set(row, key, value);

		if (rc < 0) {
			json_decref(row);
			return NULL;
		}
	}
	return row;
}

static int put_table(struct record *record, const char *name,
		     const json_t *table)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < json_array_size(table); i++)
		rc = record_put_row(record,
				    make_row(name, json_array_get(table, i)));
	return rc;
}

int study_record_put(struct record *record, json_t *object)
{
	int rc = record_put_row(record, make_row("", object));
	void *at = json_object_iter(object);

	for (; rc == 0 && at; at = json_object_iter_next(object, at))
		if (is_table(json_object_iter_value(at)))
			rc = put_table(record, json_object_iter_key(at),
				       json_object_iter_value(at));
	return rc;
}

int study_record_add(struct record *record, const char *table, json_t *row)
{
	return record_put_row(record, make_row(table, row));
}

/* A copy, without the name of its table; a deep one, since rows are added to
 * arrays of the first. */
static json_t *strip_row(const json_t *row)
{
	json_t *object = json_deep_copy(row);

	json_object_del(object, "table");
	return object;
}

/* Add a row to what came before it. A row of a table that the first one does
 * not name is passed over. */
static int add_row(json_t *object, const json_t *row)
{
	const char *table = json_string_value(json_object_get(row, "table"));
	json_t *rows = json_object_get(object, table), *stripped;
	int rc;

	if (table[0] && !json_is_array(rows))
		return 0;
	stripped = strip_row(row);
	rc = table[0] ? json_array_append(rows, stripped)
		      : json_object_update(object, stripped);
	json_decref(stripped);
	return rc;
}

json_t *study_record_object(const struct record *record)
{
	json_t *object = json_object();

	for (size_t i = 0; object && i < record->nrows; i++)
		if (add_row(object, record->rows[i]) < 0) {
			json_decref(object);
			return NULL;
		}
	return object;
}
