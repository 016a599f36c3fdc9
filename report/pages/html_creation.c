/* SPDX-License-Identifier: MIT */
#include "report/pages/html_page.h"

#include <math.h>

static void put_created(const struct page *page, size_t i)
{
	const struct pair *pair = &page->findings->crossings[i].pair;
	double ns =
		chart_created_ns(page->findings, pair->runner, pair->workers);

	if (!html_is_column(page, i) || isnan(ns))
		return;
	fputs("<tr><th scope=\"row\">", page->out);
	html_put(page->out, pair->runner);
	fprintf(page->out, "</th><td>%u</td>", pair->workers);
	html_put_time(page, ns);
	fputs("</tr>\n", page->out);
}

int html_put_creation(struct page *page)
{
	static const char caption[] =
		"What it took to create the workers of each runner that keeps "
		"them: the median over kernels.";
	unsigned id = page->next++;

	fputs("<section>\n<h2>Creating the workers</h2>\n<figure "
	      "class=\"bars\">\n",
	      page->out);
	pictures_put(page->out, &page->pictures, id, caption, "");
	fprintf(page->out,
		"<figcaption>%s For the rest, and for what a parent's memory "
		"adds to a fork: <code>breakeven creation</code>; where the "
		"time of one call goes: <code>breakeven trace</code>."
		"</figcaption></figure>\n",
		caption);
	fputs("<details><summary>The numbers</summary>\n", page->out);
	html_begin_table(page, "Creation", "runner");
	fputs("<th scope=\"col\">workers</th><th scope=\"col\">time</th></tr>"
	      "</thead>\n<tbody>\n",
	      page->out);
	for (size_t i = 0; i < page->findings->ncrossings; i++)
		put_created(page, i);
	html_end_table(page);
	fputs("</details>\n</section>\n", page->out);
	return 0;
}
