/* SPDX-License-Identifier: MIT */
#include "core/error.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

const char *const error_kind_names[] = {
	NULL,	   "usage",	  "skipped", "failed",
	"invalid", "interrupted", "late",    "failed",
};

int error_set(struct error *error, enum error_kind kind, const char *format,
	      ...)
{
	va_list args;

	error->kind = kind;
	va_start(args, format);
	vsnprintf(error->text, sizeof(error->text), format, args);
	va_end(args);
	return kind;
}

int error_append(struct error *error, enum error_kind kind, const char *format,
		 ...)
{
	size_t length = strlen(error->text);
	va_list args;

	error->kind = kind;
	va_start(args, format);
	vsnprintf(error->text + length, sizeof(error->text) - length, format,
		  args);
	va_end(args);
	return kind;
}

const char *error_text(const struct error *error)
{
	return error->text[0] ? error->text : "out of memory";
}
