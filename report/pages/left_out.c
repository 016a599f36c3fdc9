/* SPDX-License-Identifier: MIT */
#include "report/pages/left_out.h"

#include "report/doc/text.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

int left_out_add(struct left_out_list *list, bool failed, const char *what,
		 const char *why)
{
	struct left_out one = {strdup(what), strdup(why), failed};
	struct left_out *grown =
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

void left_out_free(struct left_out_list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		free(list->items[i].what);
		free(list->items[i].why);
	}
	free(list->items);
}

int left_out_print(const struct left_out_list *list, FILE *out,
		   const struct report_style *style)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < list->count; i++) {
		struct draft_text draft;

		if (!text_begin(&draft))
			return -ENOMEM;
		fputs(list->items[i].failed ? "Failed, and left out: "
					    : "Left out: ",
		      draft.file);
		text_clean(draft.file, list->items[i].what, style->utf8);
		fputs(": ", draft.file);
		text_clean(draft.file, list->items[i].why, style->utf8);
		rc = text_end_paragraph(out, &draft, style->columns, 2);
	}
	return rc;
}

json_t *left_out_json(const struct left_out_list *list, bool failed,
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

bool left_out_innocent(const struct left_out_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->items[i].failed)
			return false;
	return true;
}
