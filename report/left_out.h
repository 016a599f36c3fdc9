/* SPDX-License-Identifier: MIT */
/*
 * Runners that a table of its own kind (`dispatch`, `trace`) says nothing of,
 * and why.
 */
#ifndef BREAKEVEN_REPORT_LEFT_OUT_H
#define BREAKEVEN_REPORT_LEFT_OUT_H

#include "report/report.h"

#include <jansson.h>
#include <stdbool.h>

struct left_out {
	const char *runner, *why;
	bool failed; /* on the way; else it was not to be had here */
};

/* A paragraph for each. 0 or -ENOMEM. */
int left_out_print(const struct left_out *list, size_t count, FILE *out,
		   const struct report_style *style);

/* Those that failed, or those that did not: [{"runner", "reason"}], a new
 * reference. */
json_t *left_out_json(const struct left_out *list, size_t count, bool failed);

/* Did nobody fail? */
bool left_out_innocent(const struct left_out *list, size_t count);

#endif
