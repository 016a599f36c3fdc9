/* SPDX-License-Identifier: MIT */
#include "report/pages/html_page.h"
#include "report/pages/split_table.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

int html_script_split(struct page *page, const char *kernel)
{
	struct split split;
	int rc = split_find(page->record, kernel, &split);

	if (rc == 0 && split.nrows > 0) {
		struct chart chart = html_next_chart(page);

		chart_split(page->script, &chart, &split);
	}
	split_free(&split);
	return rc == -ENOMEM ? rc : 0;
}

/* ------------------------------------------------------------- table */

/* What a pool took to open was no part of the call. */
static void put_created(const struct page *page, const struct split_row *row)
{
	if (row->creates) {
		html_put_time(page, row->create_ns);
		return;
	}
	fputs("<td>(", page->out);
	html_put_value(page->out, text_time(row->open_ns, true).s,
		       row->open_ns);
	fputs(")</td>", page->out);
}

static void put_row(const struct page *page, const struct split_row *row)
{
	fputs("<tr><th scope=\"row\">", page->out);
	html_put(page->out, row->runner);
	fputs("</th>", page->out);
	html_put_time(page, row->call_ns);
	put_created(page, row);
	for (unsigned part = 1; part < SPLIT_PARTS; part++)
		html_put_time(page, split_part_ns(row, part));
	fputs("<td>", page->out);
	html_put(page->out, split_stamps(row).s);
	fputs("</td></tr>\n", page->out);
}

static void put_rows(const struct page *page, const struct split *split)
{
	fputs("<details><summary>The numbers</summary>\n", page->out);
	html_begin_table(page, "Parts of a call", "runner");
	fputs("<th scope=\"col\">call</th>", page->out);
	for (unsigned part = 0; part < SPLIT_PARTS; part++)
		fprintf(page->out, "<th scope=\"col\">%s</th>",
			split_parts[part]);
	fputs("<th scope=\"col\">stamps</th></tr></thead>\n<tbody>\n",
	      page->out);
	for (size_t i = 0; i < split->nrows; i++)
		put_row(page, &split->rows[i]);
	html_end_table(page);
	fprintf(page->out, "<p>%s</p>\n", split_legend);
	fputs("</details>\n", page->out);
}

/* ------------------------------------------------------------- words */

static int put_sentences(const struct page *page, const struct split *split)
{
	struct draft_text draft;

	if (!text_begin(&draft))
		return -ENOMEM;
	split_words(draft.file, split, page->style);
	for (size_t i = 0; i < split->nrows; i++) {
		fputc(' ', draft.file);
		split_words_idle(draft.file, &split->rows[i], page->style);
	}
	return html_put_paragraph(page, &draft);
}

static int put_left_out(const struct page *page, const struct split *split)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < split->skipped.count; i++) {
		const struct skipped *item = &split->skipped.items[i];
		struct draft_text draft;

		if (!text_begin(&draft))
			return -ENOMEM;
		fprintf(draft.file, "%s: %s: %s",
			item->failed ? "Failed, and left out" : "Left out",
			item->what, item->why);
		rc = html_put_paragraph(page, &draft);
	}
	return rc;
}

/* What the bars are made of. */
static void put_key(const struct page *page)
{
	fputs("<ul class=\"key\">", page->out);
	for (unsigned part = 0; part < SPLIT_PARTS; part++)
		fprintf(page->out,
			"<li><svg aria-hidden=\"true\" viewBox=\"0 0 1 "
			"1\"><path fill=\"%s\" d=\"M0 0h1v1h-1z\"/></svg>%s"
			"</li>\n",
			chart_part_colour(part), split_parts[part]);
	fputs("</ul>\n", page->out);
}

static int put_split(struct page *page, const struct split *split)
{
	static const char caption[] =
		"Of what parts a call of each runner consists, and how long it "
		"is.";
	int rc;

	fputs("<div class=\"split\">\n<h3>Where the time of a call goes</h3>\n",
	      page->out);
	rc = put_sentences(page, split);
	if (split->nrows > 0) {
		fputs("<figure class=\"bars\">\n", page->out);
		put_key(page);
		pictures_put(page->out, &page->pictures, page->next++, caption,
			     "");
		fprintf(page->out, "<figcaption>%s</figcaption></figure>\n",
			caption);
		put_rows(page, split);
	}
	if (rc == 0)
		rc = put_left_out(page, split);
	fputs("</div>\n", page->out);
	return rc;
}

int html_put_split(struct page *page, const char *kernel)
{
	struct split split;
	int rc = split_find(page->record, kernel, &split);

	if (rc == 0)
		rc = put_split(page, &split);
	else if (rc == -EINVAL)
		fputs("<p class=\"note\">Where the time of a call goes is left "
		      "out: what the record says of it cannot be read.</p>\n",
		      page->out);
	split_free(&split);
	return rc == -ENOMEM ? rc : 0;
}
