/* SPDX-License-Identifier: MIT */
/*
 * What a table of its own kind (`dispatch`, `trace`, `creation`, `article`)
 * says nothing of, and why.
 */
#ifndef BREAKEVEN_ANALYSIS_STUDIES_SKIPPED_H
#define BREAKEVEN_ANALYSIS_STUDIES_SKIPPED_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

struct skipped {
	char *what, *why;
	bool failed; /* on the way; else this machine does not have it */
};

struct skipped_list {
	struct skipped *items;
	size_t count;
};

/* One more at the end; both strings are copied. 0 or -ENOMEM. */
int skipped_add(struct skipped_list *list, bool failed, const char *what,
		const char *why);
void skipped_free(struct skipped_list *list);

/* Those that failed, or those that did not: [{key, "reason"}], `key` for what
 * they are; a new reference. */
json_t *skipped_json(const struct skipped_list *list, bool failed,
		     const char *key);

/* Add those of such an array; a missing one is empty. 0, -EINVAL or -ENOMEM. */
int skipped_read(const json_t *array, bool failed, const char *key,
		 struct skipped_list *list);

/* Did none of them fail? */
bool skipped_none_failed(const struct skipped_list *list);

#endif
