/* SPDX-License-Identifier: MIT */
/*
 * What was found, in a sentence for each kernel.
 */
#include "report/doc/text.h"
#include "report/doc/words.h"

#include <math.h>
#include <string.h>

static bool is_of(const struct findings *findings,
		  const struct crossing *crossing, const char *kernel)
{
	const struct pair *pair = &crossing->pair;

	return strcmp(pair->kernel, kernel) == 0 &&
	       strcmp(pair->base, "serial") == 0 &&
	       (findings->nplacements == 0 ||
		strcmp(pair->placement, findings->placements[0]) == 0);
}

struct found {
	size_t runners, never, unknown;
	const struct crossing *first; /* that pays; NULL: none does */
	const struct crossing *best;  /* that is faster at the largest size */
};

static struct found find(const struct findings *findings, const char *kernel)
{
	struct found found = {0, 0, 0, NULL, NULL};

	for (size_t i = 0; i < findings->ncrossings; i++) {
		const struct crossing *crossing = &findings->crossings[i];
		double start = words_start(&crossing->at);

		if (!is_of(findings, crossing, kernel))
			continue;
		found.runners++;
		found.never += crossing->at.verdict == BREAKEVEN_NEVER;
		found.unknown += crossing->at.verdict == BREAKEVEN_UNRESOLVED;
		if (isfinite(start) &&
		    (!found.first || start < words_start(&found.first->at)))
			found.first = crossing;
		if (crossing->asymptote_interval.lo > 0 &&
		    (!found.best ||
		     crossing->asymptote > found.best->asymptote))
			found.best = crossing;
	}
	return found;
}

static void put_who(FILE *out, const struct crossing *crossing,
		    const struct report_style *style)
{
	text_clean(out, crossing->pair.runner, style->utf8);
	fprintf(out, " (%u worker%s)", crossing->pair.workers,
		crossing->pair.workers == 1 ? "" : "s");
}

static void put_first(FILE *out, const struct found *found,
		      const struct report_style *style)
{
	const struct breakeven *at = &found->first->at;

	put_who(out, found->first, style);
	fputs(" pays first, from ", out);
	if (isnan(at->n_star))
		fprintf(out, "the smallest size measured (%s items)",
			text_size((uint64_t)at->n_hi).s);
	else
		words_edge(out, at->n_star, at->n_lo, at->n_hi, " items");
	if (at->verdict == BREAKEVEN_WINDOW)
		fprintf(out, ", up to %s", text_count(at->n_end).s);
}

void words_found(FILE *out, const struct findings *findings, const char *kernel,
		 const struct report_style *style)
{
	struct found found = find(findings, kernel);

	text_clean(out, kernel, style->utf8);
	fputs(": ", out);
	if (found.first)
		put_first(out, &found, style);
	else if (found.runners > 0 && found.never == found.runners)
		fprintf(out, "no runner of %zu ever pays", found.runners);
	else if (found.unknown > 0)
		fputs("no runner was seen to pay, and of some it cannot be "
		      "told",
		      out);
	else
		fputs("nothing was found", out);
	if (found.first && found.never > 0)
		fprintf(out, "; %zu of %zu runners never pay%s", found.never,
			found.runners, found.never == 1 ? "s" : "");
	if (!found.best)
		return;
	fprintf(out, "; fastest at %s items is ",
		text_size(found.best->n_max).s);
	put_who(out, found.best, style);
	fprintf(out, ", %s %s %s",
		text_ratio(exp(found.best->asymptote), false).s,
		style->utf8 ? "\u00d7" : "x",
		text_interval(found.best->asymptote_interval.lo,
			      found.best->asymptote_interval.hi, false)
			.s);
}
