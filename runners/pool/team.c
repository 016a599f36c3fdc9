/* SPDX-License-Identifier: MIT */
#include "runners/runner.h"

#include <stdarg.h>
#include <stdio.h>

int team_fail(struct team *team, int error, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(team->error, sizeof(team->error), format, args);
	va_end(args);
	return error;
}
