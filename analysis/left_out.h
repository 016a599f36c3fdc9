/* SPDX-License-Identifier: MIT */
/*
 * What a table of its own kind (`dispatch`, `trace`, `creation`, `article`)
 * says nothing of, and why.
 */
#ifndef BREAKEVEN_ANALYSIS_LEFT_OUT_H
#define BREAKEVEN_ANALYSIS_LEFT_OUT_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

struct left_out {
	char *what, *why;
	bool failed; /* on the way; else it was not to be had here */
};

struct left_out_list {
	struct left_out *items;
	size_t count;
};

/* One more at the end; both strings are copied. 0 or -ENOMEM. */
int left_out_add(struct left_out_list *list, bool failed, const char *what,
		 const char *why);
void left_out_free(struct left_out_list *list);

/* Those that failed, or those that did not: [{key, "reason"}], `key` for what
 * they are; a new reference. */
json_t *left_out_json(const struct left_out_list *list, bool failed,
		      const char *key);

/* Did nobody fail? */
bool left_out_innocent(const struct left_out_list *list);

#endif
