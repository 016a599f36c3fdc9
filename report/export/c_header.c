/* SPDX-License-Identifier: MIT */
/*
 * Thresholds for a program: a C header to be included as it is, for
 * `#pragma omp parallel for if(n > BREAKEVEN_SUM_OPENMP)`. What is not known to
 * pay is never taken: a threshold is where it pays, or as large as a size_t. A
 * second macro, _KNOWN, tells what never pays from what is not known.
 */
#include "report/doc/text.h"
#include "report/doc/words.h"
#include "report/export/export.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static void put_upper(FILE *out, char letter)
{
	fputc(toupper((unsigned char)letter), out);
}

/* Of a name that may hold options, or a path. */
static void put_macro_part(FILE *out, const char *text)
{
	bool begun = false, gap = false;

	for (; *text; text++) {
		if (!isalnum((unsigned char)*text)) {
			gap = begun;
			continue;
		}
		if (gap)
			fputc('_', out);
		gap = false;
		begun = true;
		put_upper(out, *text);
	}
}

static bool same_runner(const struct pair *a, const struct pair *b)
{
	return strcmp(a->kernel, b->kernel) == 0 &&
	       strcmp(a->runner, b->runner) == 0 &&
	       strcmp(a->base, b->base) == 0;
}

/* With other numbers of workers as well? */
static bool is_ambiguous(const struct findings *findings,
			 const struct pair *pair)
{
	for (size_t i = 0; i < findings->ncrossings; i++)
		if (same_runner(&findings->crossings[i].pair, pair) &&
		    findings->crossings[i].pair.workers != pair->workers)
			return true;
	return false;
}

/* What a kernel from a file calls itself, and "" for others. */
static const char *own_name(const struct record *record, size_t k)
{
	const json_t *kernels = json_object_get(record->header, "kernels");
	const char *own = json_string_value(
		json_object_get(json_array_get(kernels, k), "kernel"));

	return own ? own : "";
}

/* Its own name, where no other kernel of the record has it; else the spec. */
static void put_kernel(FILE *out, const struct record *record, const char *spec)
{
	const char *own = "";
	size_t same = 0;

	for (size_t k = 0; k < record->nkernels; k++)
		if (strcmp(record->kernels[k], spec) == 0)
			own = own_name(record, k);
	for (size_t k = 0; k < record->nkernels; k++)
		same += strcmp(own_name(record, k), own) == 0 ||
			strcmp(record->kernels[k], own) == 0;
	put_macro_part(out, *own && same == 1 ? own : spec);
}

/* To be freed; NULL: out of memory. */
static char *macro_name(const struct record *record,
			const struct findings *findings,
			const struct pair *pair)
{
	struct draft_text name;

	if (!text_begin(&name))
		return NULL;
	fputs("BREAKEVEN_", name.file);
	put_kernel(name.file, record, pair->kernel);
	fputc('_', name.file);
	put_macro_part(name.file, pair->runner);
	if (is_ambiguous(findings, pair))
		fprintf(name.file, "_W%u", pair->workers);
	return text_end(&name);
}

/* The largest size at which it does not pay yet; infinite: it is not known to
 * pay at any. */
static double threshold(const struct breakeven *at)
{
	switch (at->verdict) {
	case BREAKEVEN_AT:
	case BREAKEVEN_WINDOW:
		return ceil(isnan(at->n_star) ? at->n_hi : at->n_star) - 1;
	case BREAKEVEN_ALWAYS:
		return at->n_hi - 1;
	default:
		return INFINITY;
	}
}

static bool is_known(const struct breakeven *at)
{
	return isfinite(threshold(at)) || at->verdict == BREAKEVEN_NEVER;
}

/* End the draft and write it as a comment, which nothing in it ends. */
static int put_comment(FILE *out, struct draft_text *draft)
{
	char *text = text_end(draft);

	if (!text)
		return -ENOMEM;
	text_plain(text, false);
	for (char *end = text; (end = strstr(end, "*/"));)
		*end = '+';
	fputs("\n/* ", out);
	text_paragraph(out, text, 76, 3);
	fputs(" */\n", out);
	free(text);
	return 0;
}

static int put_meaning(FILE *out, const struct findings *findings,
		       const struct crossing *crossing)
{
	const struct pair *pair = &crossing->pair;
	struct draft_text draft;

	if (!text_begin(&draft))
		return -ENOMEM;
	fputs(pair->kernel, draft.file);
	fputs(" under ", draft.file);
	fputs(pair->runner, draft.file);
	fprintf(draft.file, ", %u worker%s: ", pair->workers,
		pair->workers == 1 ? "" : "s");
	words_crossing(draft.file, findings, crossing);
	return put_comment(out, &draft);
}

static int put_threshold(FILE *out, const struct record *record,
			 const struct findings *findings,
			 const struct crossing *crossing)
{
	const struct breakeven *at = &crossing->at;
	double most = threshold(at);
	char *name = macro_name(record, findings, &crossing->pair);
	int rc = name ? put_meaning(out, findings, crossing) : -ENOMEM;

	if (rc == 0 && isfinite(most))
		fprintf(out, "#define %s %.0f\n", name, most);
	else if (rc == 0)
		fprintf(out, "#define %s SIZE_MAX\n", name);
	if (rc == 0)
		fprintf(out, "#define %s_KNOWN %d\n", name, is_known(at));
	if (rc == 0 && at->verdict == BREAKEVEN_WINDOW)
		fprintf(out, "#define %s_END %.0f\n", name, floor(at->n_end));
	free(name);
	return rc;
}

static int put_opening(FILE *out, const struct record *record,
		       const struct findings *findings)
{
	const char *when =
		json_string_value(json_object_get(record->header, "time"));
	struct draft_text draft;

	fputs("/* Sizes in items: parallel code pays where n is greater, and "
	      "less than _END,\n   where there is one. SIZE_MAX: it never "
	      "does, or, with _KNOWN 0, it is not\n   known. Written by "
	      "`breakeven report --format header`.\n */\n#ifndef "
	      "BREAKEVEN_THRESHOLDS_H\n"
	      "#define BREAKEVEN_THRESHOLDS_H\n\n#include <stdint.h>\n",
	      out);
	if (!text_begin(&draft))
		return -ENOMEM;
	words_machine(draft.file, record, findings);
	fputs(". Measured ", draft.file);
	fputs(when ? when : "at an unknown time", draft.file);
	fputs(". ", draft.file);
	if (findings->checks.trip_ns[1] > 0)
		fprintf(draft.file,
			"A cache line to the next CPU and back took %s then. ",
			text_time(findings->checks.trip_ns[1]).s);
	words_again(draft.file, record);
	return put_comment(out, &draft);
}

size_t header_unknown(const struct findings *findings)
{
	size_t count = 0;

	for (size_t i = 0; i < findings->ncrossings; i++)
		count += findings_is_usual(findings, &findings->crossings[i]) &&
			 !is_known(&findings->crossings[i].at);
	return count;
}

int header_write(FILE *out, const struct record *record,
		 const struct findings *findings,
		 const struct report_style *style)
{
	int rc = put_opening(out, record, findings);

	(void)style;
	for (size_t i = 0; rc == 0 && i < findings->ncrossings; i++)
		if (findings_is_usual(findings, &findings->crossings[i]))
			rc = put_threshold(out, record, findings,
					   &findings->crossings[i]);
	fputs("\n#endif\n", out);
	return rc ? rc : report_flush(out);
}
