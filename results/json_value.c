/* SPDX-License-Identifier: MIT */
#include "results/json_value.h"

#include <errno.h>
#include <math.h>

json_t *json_number(double value)
{
	return isfinite(value) ? json_real(value) : json_null();
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
