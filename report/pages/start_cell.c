/* SPDX-License-Identifier: MIT */
#include "report/pages/start_cell.h"

#include "report/doc/words.h"

#include <math.h>

/* Where it begins to pay; with its interval where that is known. */
static void start_put_edge(struct doc *doc, FILE *out,
			   const struct breakeven *at)
{
	bool open = isnan(at->n_star); /* from the smallest size on */

	if (open)
		fprintf(out, "%s or less", text_count(at->n_hi).s);
	else
		fputs(words_size(at->n_star, at->n_lo, at->n_hi).s, out);
	if (at->verdict == BREAKEVEN_WINDOW)
		fprintf(out, " to %s",
			words_size(at->n_end, at->n_end_lo, at->n_end_hi).s);
	doc_number(doc, open ? at->n_hi : at->n_star);
	if (!open)
		words_range(doc_range(doc), at->n_lo, at->n_hi);
}

void start_put_cell(struct doc *doc, const struct crossing *crossing)
{
	FILE *out = doc_cell(doc);

	if (!crossing)
		return;
	switch (crossing->at.verdict) {
	case BREAKEVEN_AT:
	case BREAKEVEN_WINDOW:
		start_put_edge(doc, out, &crossing->at);
		break;
	case BREAKEVEN_UNRESOLVED:
		fputs("?", out);
		break;
	default:
		fputs(breakeven_verdict_names[crossing->at.verdict], out);
		break;
	}
}
