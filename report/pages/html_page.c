/* SPDX-License-Identifier: MIT */
#include "report/pages/html_page.h"

#include <math.h>
#include <string.h>

struct chart html_next_chart(struct page *page)
{
	return (struct chart){CHART_PAGE, page->next++, page->record,
			      page->findings};
}

int html_put_paragraph(const struct page *page, struct draft_text *draft)
{
	return html_put_draft(page->out, draft, "p");
}

void html_begin_table(const struct page *page, const char *caption,
		      const char *corner)
{
	fputs("<div class=\"scroll\" tabindex=\"0\"><table>\n<caption>",
	      page->out);
	html_put(page->out, caption);
	fprintf(page->out,
		"</caption>\n<thead><tr><th scope=\"col\" class=\"text\">%s"
		"</th>",
		corner);
}

void html_end_table(const struct page *page)
{
	fputs("</tbody></table></div>\n", page->out);
}

void html_put_time(const struct page *page, double ns)
{
	fputs("<td>", page->out);
	if (isfinite(ns))
		html_put_value(page->out, text_time(ns, true).s, ns);
	fputs("</td>", page->out);
}

bool html_is_column(const struct page *page, size_t i)
{
	const struct crossing *list = page->findings->crossings;

	for (size_t k = 0; k < i; k++)
		if (strcmp(list[k].pair.runner, list[i].pair.runner) == 0 &&
		    list[k].pair.workers == list[i].pair.workers)
			return false;
	return true;
}
