/* SPDX-License-Identifier: MIT */
#include "report/pages/skipped_items.h"

void skipped_put(struct doc *doc, const struct skipped_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		fprintf(doc_item(doc), "%s: %s: %s",
			list->items[i].failed ? "Failed, and left out"
					      : "Left out",
			list->items[i].what, list->items[i].why);
}
