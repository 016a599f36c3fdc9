/* SPDX-License-Identifier: MIT */
#include "bench/commands/common/fail_on.h"

#include "analysis/compare/compare.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

bool fail_on_take(const char *text, void *field)
{
	struct compare_limits *limits = field;
	double *const places[] = {
		[LIMIT_SLOWER] = &limits->slower,
		[LIMIT_FASTER] = &limits->faster,
		[LIMIT_BREAKEVEN] = &limits->breakeven,
	};

	for (int kind = 0; kind < LIMIT_KINDS; kind++) {
		size_t length = strlen(limit_names[kind]);
		double percent;
		char *end;

		if (strncmp(text, limit_names[kind], length) != 0 ||
		    text[length] != '=')
			continue;
		percent = strtod(text + length + 1, &end);
		if (end == text + length + 1 || (*end == '%' && end[1]) ||
		    (*end && *end != '%') || !(percent >= 0 && percent <= 1e6))
			break;
		*places[kind] = log1p(percent / 100);
		return true;
	}
	return false;
}
