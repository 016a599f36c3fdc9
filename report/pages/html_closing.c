/* SPDX-License-Identifier: MIT */
#include "report/doc/words.h"
#include "report/pages/html_assets.h"
#include "report/pages/html_page.h"

#include <errno.h>
#include <stdlib.h>

static int put_left_out(const struct page *page)
{
	for (size_t i = 0;; i++) {
		struct draft_text draft;
		int rc;

		if (!text_begin(&draft))
			return -ENOMEM;
		if (!words_left_out(draft.file, page->record, page->findings, i,
				    page->style)) {
			free(text_end(&draft));
			fputs(i ? "</ul>\n" : "<p>Nothing.</p>\n", page->out);
			return 0;
		}
		fputs(i ? "" : "<ul>\n", page->out);
		rc = html_put_draft(page->out, &draft, "li");
		if (rc)
			return rc;
	}
}

static int put_controls(const struct page *page)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < page->findings->ncontrols; i++) {
		struct draft_text draft;

		if (!text_begin(&draft))
			return -ENOMEM;
		words_control(draft.file, &page->findings->controls[i],
			      page->style);
		rc = html_put_draft(page->out, &draft, "li");
	}
	return rc;
}

static int put_proofs(const struct page *page)
{
	struct draft_text draft;
	int rc = 0;

	fputs("<ul>\n", page->out);
	for (unsigned i = 0; rc == 0 && i < WORDS_PROOFS; i++) {
		if (!text_begin(&draft))
			return -ENOMEM;
		if (words_proof(draft.file, page->findings, i, page->style))
			rc = html_put_draft(page->out, &draft, "li");
		else
			free(text_end(&draft));
	}
	if (rc || !text_begin(&draft))
		return rc ? rc : -ENOMEM;
	if (words_harness(draft.file, page->findings, page->style))
		rc = html_put_draft(page->out, &draft, "li");
	else
		free(text_end(&draft));
	if (rc == 0)
		rc = put_controls(page);
	fputs("</ul>\n", page->out);
	return rc;
}

static void put_rules(const struct page *page)
{
	fputs("<details><summary>The twelve rules of Hoefler and Belli "
	      "(SC'15), and where this page keeps them</summary>\n<ol>\n",
	      page->out);
	for (size_t i = 0; page_rules[i]; i++)
		fprintf(page->out, "<li>%s</li>\n", page_rules[i]);
	fputs("</ol></details>\n", page->out);
}

static void put_audit(const struct page *page)
{
	const json_t *audit = json_object_get(
		json_object_get(page->record->header, "machine"), "audit");

	if (json_array_size(audit) == 0)
		return;
	fputs("<details><summary>The machine</summary>\n", page->out);
	html_begin_table(page, "What may disturb a measurement here", "");
	fputs("<th scope=\"col\" class=\"text\">it is</th><th scope=\"col\" "
	      "class=\"text\">found</th></tr></thead>\n<tbody>\n",
	      page->out);
	for (size_t i = 0; i < json_array_size(audit); i++) {
		static const char *const keys[] = {"what", "level", "found"};
		const json_t *row = json_array_get(audit, i);

		fputs("<tr>", page->out);
		for (size_t k = 0; k < 3; k++) {
			const char *text = json_string_value(
				json_object_get(row, keys[k]));

			fputs(k ? "<td class=\"text\">" : "<th scope=\"row\">",
			      page->out);
			html_put(page->out, text ? text : "");
			fputs(k ? "</td>" : "</th>", page->out);
		}
		fputs("</tr>\n", page->out);
	}
	html_end_table(page);
	fputs("</details>\n", page->out);
}

static int put_words(const struct page *page,
		     void (*words)(FILE *, const struct record *,
				   const struct report_style *))
{
	struct draft_text draft;

	if (!text_begin(&draft))
		return -ENOMEM;
	words(draft.file, page->record, page->style);
	return html_put_paragraph(page, &draft);
}

/* What the marks and the gaps in the tables mean. */
static int put_notes(const struct page *page)
{
	struct draft_text draft;
	int rc = 0;

	fputs("<p>", page->out);
	html_put(page->out, words_legend);
	fputs("</p>\n", page->out);
	if (!text_begin(&draft))
		return -ENOMEM;
	if (words_unknown(draft.file, page->findings))
		rc = html_put_paragraph(page, &draft);
	else
		free(text_end(&draft));
	if (rc || !text_begin(&draft))
		return rc ? rc : -ENOMEM;
	if (words_isolation(draft.file, page->record))
		return html_put_paragraph(page, &draft);
	free(text_end(&draft));
	return 0;
}

int html_put_closing(const struct page *page)
{
	int rc;

	fputs("<section>\n<h2>Left out</h2>\n", page->out);
	rc = put_left_out(page);
	fprintf(page->out,
		"</section>\n<section id=\"r%u-proof\">\n<h2>Can it be "
		"trusted?</h2>\n",
		page->style->index);
	if (rc == 0)
		rc = put_proofs(page);
	if (rc == 0)
		rc = put_words(page, words_method);
	if (rc == 0)
		rc = put_notes(page);
	put_rules(page);
	put_audit(page);
	fprintf(page->out,
		"</section>\n<section id=\"r%u-again\">\n<h2>How to repeat it"
		"</h2>\n",
		page->style->index);
	if (rc == 0)
		rc = put_words(page, words_built);
	if (rc == 0)
		rc = put_words(page, words_again);
	fputs("</section>\n", page->out);
	return rc;
}
