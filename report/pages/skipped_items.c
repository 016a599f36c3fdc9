/* SPDX-License-Identifier: MIT */
#include "report/pages/skipped_items.h"

#include "report/doc/words.h"

void skipped_put(struct doc *doc, const struct skipped_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		fprintf(doc_item(doc), "%s: %s: %s",
			list->items[i].failed ? "Failed, and left out"
					      : "Left out",
			list->items[i].what, list->items[i].why);
}

void skipped_put_notes(struct doc *doc, unsigned level,
		       const struct record *record,
		       const struct findings *findings)
{
	size_t i = 0;

	fputs("Left out", doc_heading(doc, level));
	while (words_left_out(doc_item(doc), record, findings, i))
		i++;
	if (i == 0)
		fputs("Nothing.", doc_paragraph(doc));
}
