/* SPDX-License-Identifier: MIT */
#include "analysis/studies/study_values.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int study_values_add(struct study_values *values, const char *unit,
		     double value, struct interval interval, const char *format,
		     ...)
{
	struct study_value one = {
		.unit = unit, .value = value, .interval = interval};
	struct study_value *grown;
	va_list args;
	int length;

	if (!isfinite(value))
		return 0;
	va_start(args, format);
	length = vasprintf(&one.what, format, args);
	va_end(args);
	if (length < 0)
		return -ENOMEM;
	grown = reallocarray(values->values, values->count + 1, sizeof(*grown));
	if (!grown) {
		free(one.what);
		return -ENOMEM;
	}
	grown[values->count++] = one;
	values->values = grown;
	return 0;
}

void study_values_free(struct study_values *values)
{
	for (size_t i = 0; i < values->count; i++)
		free(values->values[i].what);
	free(values->values);
	*values = (struct study_values){.count = 0};
}

const struct study_value *study_values_find(const struct study_values *values,
					    const char *what)
{
	for (size_t i = 0; i < values->count; i++)
		if (strcmp(values->values[i].what, what) == 0)
			return &values->values[i];
	return NULL;
}
