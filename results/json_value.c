/* SPDX-License-Identifier: MIT */
#include "results/json_value.h"

#include <errno.h>
#include <math.h>

json_t *json_number(double value)
{
	return isfinite(value) ? json_real(value) : json_null();
}

json_t *json_numbers(const double *values, size_t count)
{
	json_t *array = json_array();

	for (size_t i = 0; i < count; i++)
		json_array_append_new(array, json_number(values[i]));
	return array;
}

double json_number_in(const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);

	return json_is_number(value) ? json_number_value(value) : NAN;
}

double json_end_in(const json_t *object, const char *key, double unknown)
{
	double value = json_number_in(object, key);

	return isnan(value) ? unknown : value;
}

const char *json_string_in(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

int json_count_in(const json_t *object, const char *key, uint64_t min,
		  uint64_t *count)
{
	const json_t *value = json_object_get(object, key);
	json_int_t number = json_integer_value(value);

	*count = 0;
	if (!json_is_integer(value) || number < 0 || (uint64_t)number < min)
		return -EINVAL;
	*count = (uint64_t)number;
	return 0;
}

int json_put(FILE *out, json_t *root, int digits)
{
	int rc;

	if (!root)
		return -ENOMEM;
	rc = json_dumpf(root, out,
			JSON_INDENT(1) | JSON_REAL_PRECISION(digits));
	json_decref(root);
	fputc('\n', out);
	return rc < 0 ? -EIO : 0;
}
