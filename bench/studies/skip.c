/* SPDX-License-Identifier: MIT */
#include "bench/studies/skip.h"

#include "core/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

int skip_item(struct skipped_list *list, bool failed, const char *why,
	      const char *format, ...)
{
	char *what;
	va_list args;
	int rc;

	va_start(args, format);
	rc = vasprintf(&what, format, args);
	va_end(args);
	if (rc < 0)
		return ERROR_FAILED;
	rc = skipped_add(list, failed, what, why);
	free(what);
	return rc ? ERROR_FAILED : 0;
}
