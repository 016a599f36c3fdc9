/* SPDX-License-Identifier: MIT */
#include "lib/pool.h"

#include <stdarg.h>
#include <stdio.h>

int pool_error_set(struct pool_error *error, int code, const char *format, ...)
{
	va_list args;

	if (!error)
		return code;
	error->code = code;
	error->index = POOL_NO_ITEM;
	va_start(args, format);
	vsnprintf(error->text, sizeof(error->text), format, args);
	va_end(args);
	return code;
}

void error_clear(struct pool_error *error)
{
	if (error)
		*error = (struct pool_error){.index = POOL_NO_ITEM};
}
