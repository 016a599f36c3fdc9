/* SPDX-License-Identifier: MIT */
#include "report/doc/left_out_text.h"

#include "report/doc/text.h"

#include <errno.h>

int left_out_print(const struct skipped_list *list, FILE *out,
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
