/* SPDX-License-Identifier: MIT */
#include "analysis/studies/skipped.h"

#include "results/json_value.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

int skipped_add(struct skipped_list *list, bool failed, const char *what,
		const char *why)
{
	struct skipped one = {strdup(what), strdup(why), failed};
	struct skipped *grown =
		reallocarray(list->items, list->count + 1, sizeof(*grown));

	if (grown)
		list->items = grown;
	if (grown && one.what && one.why) {
		grown[list->count++] = one;
		return 0;
	}
	free(one.what);
	free(one.why);
	return -ENOMEM;
}

void skipped_free(struct skipped_list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		free(list->items[i].what);
		free(list->items[i].why);
	}
	free(list->items);
}

json_t *skipped_json(const struct skipped_list *list, bool failed,
		     const char *key)
{
	json_t *array = json_array();

	for (size_t i = 0; i < list->count; i++)
		if (list->items[i].failed == failed)
			json_array_append_new(
				array,
				json_pack("{s:s,s:s}", key, list->items[i].what,
					  "reason", list->items[i].why));
	return array;
}

int skipped_read(const json_t *array, bool failed, const char *key,
		 struct skipped_list *list)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < json_array_size(array); i++) {
		const json_t *item = json_array_get(array, i);
		const char *what = json_string_in(item, key);
		const char *why = json_string_in(item, "reason");

		rc = what && why ? skipped_add(list, failed, what, why)
				 : -EINVAL;
	}
	return rc;
}

bool skipped_none_failed(const struct skipped_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->items[i].failed)
			return false;
	return true;
}
