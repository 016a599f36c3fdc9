/* SPDX-License-Identifier: MIT */
#include "report/doc/words.h"
#include "report/pages/html_page.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A window may be open from the smallest size on. */
static void put_edge(FILE *out, const struct breakeven *at)
{
	if (isnan(at->n_star)) {
		fprintf(out,
			"<td class=\"plus\"><data value=\"%.9g\">%s</data> "
			"<small>or less</small>",
			at->n_hi, text_count(at->n_hi).s);
		return;
	}
	fprintf(out, "<td class=\"plus\"><data value=\"%.9g\">", at->n_star);
	words_edge(out, at->n_star, at->n_lo, at->n_hi, "</data> <small>");
	fputs("</small>", out);
}

/* Where it begins to pay, as a field of a table. */
static void put_start(const struct page *page, const struct crossing *crossing)
{
	const struct breakeven *at = &crossing->at;

	switch (at->verdict) {
	case BREAKEVEN_AT:
	case BREAKEVEN_WINDOW:
		put_edge(page->out, at);
		if (at->verdict == BREAKEVEN_WINDOW)
			fprintf(page->out, " <small>to %s</small>",
				text_count(at->n_end).s);
		break;
	case BREAKEVEN_ALWAYS:
		fputs("<td class=\"plus\">always", page->out);
		break;
	case BREAKEVEN_NEVER:
		fputs("<td class=\"minus\">never", page->out);
		break;
	case BREAKEVEN_UNRESOLVED:
		fputs("<td>cannot tell", page->out);
		break;
	default:
		fprintf(page->out, "<td>%s",
			breakeven_verdict_names[at->verdict]);
		break;
	}
	fputs("</td>", page->out);
}

/* The crossing over serial in the commoner placement; NULL: none. */
static const struct crossing *crossing_of(const struct page *page,
					  const char *kernel,
					  const struct pair *like)
{
	const struct findings *findings = page->findings;

	for (size_t i = 0; i < findings->ncrossings; i++) {
		const struct pair *pair = &findings->crossings[i].pair;

		if (strcmp(pair->kernel, kernel) == 0 &&
		    strcmp(pair->runner, like->runner) == 0 &&
		    strcmp(pair->base, "serial") == 0 &&
		    pair->workers == like->workers &&
		    (findings->nplacements == 0 ||
		     strcmp(pair->placement, findings->placements[0]) == 0))
			return &findings->crossings[i];
	}
	return NULL;
}

static void put_starts_row(const struct page *page, const char *kernel)
{
	const struct findings *findings = page->findings;

	fputs("<tr><th scope=\"row\">", page->out);
	html_put(page->out, kernel);
	fputs("</th>", page->out);
	for (size_t i = 0; i < findings->ncrossings; i++) {
		const struct crossing *crossing;

		if (!html_is_column(page, i))
			continue;
		crossing =
			crossing_of(page, kernel, &findings->crossings[i].pair);
		if (crossing)
			put_start(page, crossing);
		else
			fputs("<td></td>", page->out);
	}
	fputs("</tr>\n", page->out);
}

/* Kernels by runners: the page in one table. */
static void put_starts(const struct page *page)
{
	const struct findings *findings = page->findings;
	const char *kernel;

	html_begin_table(page, "Items from which it pays [95 % interval]",
			 "kernel");
	for (size_t i = 0; i < findings->ncrossings; i++) {
		const struct pair *pair = &findings->crossings[i].pair;

		if (!html_is_column(page, i))
			continue;
		fputs("<th scope=\"col\">", page->out);
		html_put(page->out, pair->runner);
		fprintf(page->out, "<br><small>%u worker%s</small></th>",
			pair->workers, pair->workers == 1 ? "" : "s");
	}
	fputs("</tr></thead>\n<tbody>\n", page->out);
	for (size_t k = 0; (kernel = view_kernel(findings, k)); k++)
		put_starts_row(page, kernel);
	html_end_table(page);
}

static void put_links(const struct page *page)
{
	const char *kernel;

	fputs("<nav aria-label=\"Sections\"><ul>\n", page->out);
	for (size_t k = 0; (kernel = view_kernel(page->findings, k)); k++) {
		fprintf(page->out, "<li><a href=\"#r%u-k%zu\">",
			page->style->index, k);
		html_put(page->out, kernel);
		fputs("</a></li>\n", page->out);
	}
	fprintf(page->out,
		"<li><a href=\"#r%u-proof\">Can it be trusted?</a></li>\n"
		"<li><a href=\"#r%u-again\">How to repeat it</a></li>\n"
		"</ul></nav>\n",
		page->style->index, page->style->index);
}

static int put_found(const struct page *page)
{
	const char *kernel;
	int rc = 0;

	fputs("<ul>\n", page->out);
	for (size_t k = 0; rc == 0 && (kernel = view_kernel(page->findings, k));
	     k++) {
		struct draft_text draft;

		if (!text_begin(&draft))
			return -ENOMEM;
		words_found(draft.file, page->findings, kernel, page->style);
		rc = html_put_draft(page->out, &draft, "li");
	}
	fputs("</ul>\n", page->out);
	return rc;
}

int html_put_opening(const struct page *page)
{
	struct draft_text draft;
	int rc;

	fputs("<h1>From which size on does it pay?</h1>\n", page->out);
	if (!text_begin(&draft))
		return -ENOMEM;
	words_machine(draft.file, page->record, page->findings, page->style);
	fprintf(page->out, "<div class=\"trust%s\">",
		page->findings->trusted ? "" : " no");
	rc = html_put_paragraph(page, &draft);
	fputs("</div>\n", page->out);
	if (rc == 0)
		rc = put_found(page);
	put_starts(page);
	if (rc || !text_begin(&draft))
		return rc ? rc : -ENOMEM;
	words_base(draft.file, page->record, page->findings, page->style);
	fputs(". ", draft.file);
	if (words_arena(draft.file, page->record))
		fputc('.', draft.file);
	rc = html_put_paragraph(page, &draft);
	if (page->pictures.missing[0]) {
		fputs("<p class=\"note\">The charts are left out: ", page->out);
		html_put(page->out, page->pictures.missing);
		fputs(". The numbers are all here.</p>\n", page->out);
	}
	put_links(page);
	return rc;
}
