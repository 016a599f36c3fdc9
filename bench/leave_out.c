/* SPDX-License-Identifier: MIT */
#include "bench/leave_out.h"

#include "bench/remote.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int leave_out(struct left_out_list *list, bool failed, const char *why,
	      const char *format, ...)
{
	struct left_out one = {NULL, strdup(why), failed};
	struct left_out *grown =
		realloc(list->items, (list->count + 1) * sizeof(*grown));
	va_list args;

	if (grown)
		list->items = grown;
	va_start(args, format);
	if (vasprintf(&one.what, format, args) < 0)
		one.what = NULL;
	va_end(args);
	if (grown && one.what && one.why) {
		grown[list->count++] = one;
		return 0;
	}
	free(one.what);
	free(one.why);
	return REMOTE_FAILED;
}

void leave_out_free(struct left_out_list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		free(list->items[i].what);
		free(list->items[i].why);
	}
	free(list->items);
}
