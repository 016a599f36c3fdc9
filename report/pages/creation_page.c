/* SPDX-License-Identifier: MIT */
#include "report/pages/creation_page.h"

#include "report/doc/left_out_text.h"
#include "report/doc/text.h"
#include "results/json_value.h"
#include "stats/stats.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { DIGITS = 7, LAW_SIZES = 64, NAME = 16, CELL = 9, COLUMNS = 7 };

static const char *const pages_names[] = {"4k", "huge"};

/* ------------------------------------------------------------- laws */

static bool is_row(const struct creation_row *row, const char *what, bool huge)
{
	return row->huge == huge && strcmp(row->what, what) == 0;
}

/* Times may differ by orders of magnitude: the mean of their logarithms. */
static double mean_us(const struct stats_time *times, size_t count,
		      bool per_mib)
{
	double sum = 0;

	for (size_t i = 0; i < count; i++)
		sum += log(times[i].ns / (per_mib ? times[i].n : 1));
	return exp(sum / (double)count);
}

int creation_law(const struct creation *creation, const char *what, bool huge,
		 struct creation_law *law)
{
	struct stats_time times[LAW_SIZES];
	struct stats_line line;
	size_t count = 0;
	int rc;

	*law = (struct creation_law){
		.what = what, .huge = huge, .lo_mib = INFINITY, .hi_mib = 0};
	for (size_t i = 0; i < creation->nrows && count < LAW_SIZES; i++) {
		const struct creation_row *row = &creation->rows[i];

		if (!is_row(row, what, huge) || !isfinite(row->us))
			continue;
		times[count++] = (struct stats_time){row->parent_mib, row->us};
		law->lo_mib = fmin(law->lo_mib, row->parent_mib);
		law->hi_mib = fmax(law->hi_mib, row->parent_mib);
	}
	rc = stats_line(times, count, &line);
	if (rc)
		return rc;
	/* Neither is negative: without the one, the other is fitted alone. */
	law->base_us = line.beta < 0 ? mean_us(times, count, false)
				     : fmax(line.alpha, 0);
	law->us_per_mib = line.beta >= 0 && line.alpha < 0
				  ? mean_us(times, count, true)
				  : fmax(line.beta, 0);
	law->sizes = count;
	return 0;
}

static const struct creation_row *find_row(const struct creation *creation,
					   const char *what, bool huge,
					   double mib)
{
	for (size_t i = 0; i < creation->nrows; i++)
		if (is_row(&creation->rows[i], what, huge) &&
		    creation->rows[i].parent_mib == mib)
			return &creation->rows[i];
	return NULL;
}

/* Is this the first row of its kind, in pages of whatever kind? */
static bool is_first(const struct creation *creation, size_t i)
{
	for (size_t j = 0; j < i; j++)
		if (strcmp(creation->rows[j].what, creation->rows[i].what) == 0)
			return false;
	return true;
}

static bool is_python(const struct creation_row *row)
{
	return strncmp(row->what, "python", 6) == 0;
}

/* ------------------------------------------------------------- the table */

/* Nine columns: "1.23 ms" and its like. */
static void time_cell(FILE *out, double ns, bool utf8)
{
	struct text time = {"-"};

	if (isfinite(ns))
		time = text_time(ns, utf8);
	fprintf(out, "%*s%s", CELL - (int)text_width(time.s), "", time.s);
}

static struct text mib_text(double mib)
{
	struct text text;

	if (mib >= 1024 && fmod(mib, 1024) == 0)
		snprintf(text.s, sizeof(text.s), "%.0f GiB", mib / 1024);
	else
		snprintf(text.s, sizeof(text.s), "%.0f MiB", mib);
	return text;
}

/* The sizes of parents in pages of one kind, ascending; returns how many. */
static size_t list_sizes_of(const struct creation *creation, bool huge,
			    double *sizes, size_t room)
{
	size_t count = 0;

	for (size_t i = 0; i < creation->nrows; i++) {
		const struct creation_row *row = &creation->rows[i];
		size_t at = 0;

		while (at < count && sizes[at] != row->parent_mib)
			at++;
		if (row->huge == huge && !is_python(row) && at == count &&
		    count < room)
			sizes[count++] = row->parent_mib;
	}
	stats_sort(sizes, count);
	return count;
}

static void print_block(const struct creation *creation, bool huge,
			const double *sizes, size_t count, FILE *out, bool utf8)
{
	fprintf(out, "\nMemory of the parent, in %s pages\n%-*s",
		huge ? "huge" : "4K", NAME, "create and end");
	for (size_t s = 0; s < count; s++)
		fprintf(out, "%*s", CELL, mib_text(sizes[s]).s);
	fputc('\n', out);
	for (size_t i = 0; i < creation->nrows; i++) {
		const char *what = creation->rows[i].what;

		if (!is_first(creation, i) || is_python(&creation->rows[i]))
			continue;
		fprintf(out, "%-*.*s", NAME, NAME, what);
		for (size_t s = 0; s < count; s++) {
			const struct creation_row *row =
				find_row(creation, what, huge, sizes[s]);

			time_cell(out, row ? row->us * 1e3 : NAN, utf8);
		}
		fputc('\n', out);
	}
}

static void print_sizes(const struct creation *creation, bool huge, FILE *out,
			bool utf8)
{
	double sizes[LAW_SIZES];
	size_t count = list_sizes_of(creation, huge, sizes, LAW_SIZES);

	for (size_t at = 0; at < count; at += COLUMNS)
		print_block(creation, huge, sizes + at,
			    count - at < COLUMNS ? count - at : COLUMNS, out,
			    utf8);
}

static void interval_cells(FILE *out, double ns, double lo, double hi,
			   bool utf8)
{
	time_cell(out, ns, utf8);
	fputs("  ", out);
	time_cell(out, lo, utf8);
	fputs(" to", out);
	time_cell(out, hi, utf8);
}

static void print_python(const struct creation *creation, FILE *out, bool utf8)
{
	if (!creation->python)
		return;
	fprintf(out, "\nPython %.16s, in a process of its own\n%-27s%9s%10s\n",
		creation->python, "create and end", "median", "interval");
	for (size_t i = 0; i < creation->nrows; i++) {
		const struct creation_row *row = &creation->rows[i];

		if (!is_python(row))
			continue;
		fprintf(out, "%-27.27s", row->what);
		interval_cells(out, row->us * 1e3, row->lo * 1e3, row->hi * 1e3,
			       utf8);
		fputc('\n', out);
	}
}

static void print_faults(const struct creation *creation, FILE *out, bool utf8)
{
	if (creation->nfaults == 0)
		return;
	fprintf(out,
		"\nWrite to each page of %.0f MiB once\n%-24s%6s%9s%12s%9s%8s"
		"%10s\n",
		creation->fault_mib, "", "pages", "a page", "interval", "",
		"faults", "per 4 KiB");
	for (size_t i = 0; i < creation->nfaults; i++) {
		const struct creation_fault *fault = &creation->faults[i];

		fprintf(out, "%-24.24s%6s", fault->what,
			fault->huge ? "huge" : "4K");
		time_cell(out, fault->ns, utf8);
		time_cell(out, fault->lo, utf8);
		fputs(" to", out);
		time_cell(out, fault->hi, utf8);
		fprintf(out, "%8.1f ", fault->faults);
		time_cell(out, fault->ns * 4 / fault->page_kib, utf8);
		fputc('\n', out);
	}
}

/* ------------------------------------------------------------- sentences */

/* "95 us + 31 us per MiB resident in 4K pages". */
static void tell_line(FILE *out, const struct creation_law *law, bool utf8)
{
	fprintf(out, "%s + %s per MiB resident in %s pages",
		text_time(law->base_us * 1e3, utf8).s,
		text_time(law->us_per_mib * 1e3, utf8).s,
		law->huge ? "huge" : "4K");
}

/* Both ends of it, for a line is but a line. */
static void tell_ends(const struct creation *creation,
		      const struct creation_law *law, FILE *out, bool utf8)
{
	const struct creation_row *lo =
		find_row(creation, law->what, law->huge, law->lo_mib);
	const struct creation_row *hi =
		find_row(creation, law->what, law->huge, law->hi_mib);

	fprintf(out, " (%s at %s, %s at %s: %s times as long)",
		text_time(lo->us * 1e3, utf8).s, mib_text(law->lo_mib).s,
		text_time(hi->us * 1e3, utf8).s, mib_text(law->hi_mib).s,
		text_ratio(hi->us / lo->us, true).s);
}

static int print_laws(const struct creation *creation, FILE *out,
		      const struct report_style *style)
{
	struct draft_text draft;
	struct creation_law small, huge;
	bool have_small = creation_law(creation, "fork", false, &small) == 0;
	bool have_huge = creation_law(creation, "fork", true, &huge) == 0;

	if (!have_small && !have_huge)
		return 0;
	if (!text_begin(&draft))
		return -ENOMEM;
	fputs("The law of its growth: fork takes ", draft.file);
	if (have_small) {
		tell_line(draft.file, &small, style->utf8);
		tell_ends(creation, &small, draft.file, style->utf8);
	}
	if (have_small && have_huge)
		fputs(", and ", draft.file);
	if (have_huge) {
		tell_line(draft.file, &huge, style->utf8);
		tell_ends(creation, &huge, draft.file, style->utf8);
	}
	fputs(".", draft.file);
	fputc('\n', out);
	return text_end_paragraph(out, &draft, style->columns, 0);
}

/* From the smallest parent to the largest. */
static void tell_change(const struct creation *creation, const char *what,
			const char *before, FILE *out, bool utf8)
{
	struct creation_law law;
	const struct creation_row *lo, *hi;

	if (creation_law(creation, what, false, &law))
		return;
	lo = find_row(creation, what, false, law.lo_mib);
	hi = find_row(creation, what, false, law.hi_mib);
	fprintf(out, "%s%s goes from %s to", before, what,
		text_time(lo->us * 1e3, utf8).s);
	fprintf(out, " %s", text_time(hi->us * 1e3, utf8).s);
}

/* Those that do not copy the parent's page tables. */
static int print_flat(const struct creation *creation, FILE *out,
		      const struct report_style *style)
{
	struct draft_text draft;
	struct creation_law law;

	if (creation_law(creation, "pthread", false, &law))
		return 0;
	if (!text_begin(&draft))
		return -ENOMEM;
	fprintf(draft.file,
		"Those that copy no page tables, and need not grow with them: "
		"from %s to",
		mib_text(law.lo_mib).s);
	fprintf(draft.file, " %s ", mib_text(law.hi_mib).s);
	tell_change(creation, "pthread", "", draft.file, style->utf8);
	tell_change(creation, "vfork", ", ", draft.file, style->utf8);
	tell_change(creation, "posix_spawn", ", ", draft.file, style->utf8);
	tell_change(creation, "clone_vm", ", ", draft.file, style->utf8);
	fputc('.', draft.file);
	return text_end_paragraph(out, &draft, style->columns, 0);
}

static int print_opening(const struct creation *creation, FILE *out,
			 const struct report_style *style)
{
	struct draft_text draft;

	if (!text_begin(&draft))
		return -ENOMEM;
	fprintf(draft.file,
		"To create a thread, a process or a pool and to see it end: "
		"medians of %zu runs, by the memory that is resident in the "
		"parent; their intervals are in the record. posix_spawn starts "
		"%s.",
		creation->runs, creation->worker);
	return text_end_paragraph(out, &draft, style->columns, 0);
}

int creation_table(const struct creation *creation, FILE *out,
		   const struct report_style *style)
{
	int rc = print_opening(creation, out, style);

	if (rc)
		return rc;
	print_sizes(creation, false, out, style->utf8);
	print_sizes(creation, true, out, style->utf8);
	print_python(creation, out, style->utf8);
	print_faults(creation, out, style->utf8);
	rc = print_laws(creation, out, style);
	if (rc == 0)
		rc = print_flat(creation, out, style);
	if (rc == 0 && creation->skipped.count)
		fputc('\n', out);
	if (rc == 0)
		rc = left_out_print(&creation->skipped, out, style);
	return rc;
}

/* ------------------------------------------------------------- JSON */

static json_t *rows_json(const struct creation *creation)
{
	json_t *rows = json_array();

	for (size_t i = 0; i < creation->nrows; i++) {
		const struct creation_row *row = &creation->rows[i];

		json_array_append_new(rows,
				      json_pack("{s:s,s:f,s:s,s:o,s:o,s:o}",
						"what", row->what, "parent_mib",
						row->parent_mib, "pages",
						pages_names[row->huge], "us",
						json_number(row->us), "lo",
						json_number(row->lo), "hi",
						json_number(row->hi)));
	}
	return rows;
}

static json_t *faults_json(const struct creation *creation)
{
	json_t *faults = json_array();

	for (size_t i = 0; i < creation->nfaults; i++) {
		const struct creation_fault *fault = &creation->faults[i];

		json_array_append_new(
			faults,
			json_pack("{s:s,s:s,s:f,s:o,s:o,s:o,s:o,s:o}", "what",
				  fault->what, "pages",
				  pages_names[fault->huge], "page_kib",
				  fault->page_kib, "ns", json_number(fault->ns),
				  "lo", json_number(fault->lo), "hi",
				  json_number(fault->hi), "ns_per_4k",
				  json_number(fault->ns * 4 / fault->page_kib),
				  "faults", json_number(fault->faults)));
	}
	return faults;
}

static json_t *laws_json(const struct creation *creation)
{
	json_t *laws = json_array();

	for (size_t i = 0; i < creation->nrows; i++)
		for (int huge = 0; is_first(creation, i) && huge <= 1; huge++) {
			struct creation_law law;

			if (creation_law(creation, creation->rows[i].what, huge,
					 &law))
				continue;
			json_array_append_new(
				laws,
				json_pack("{s:s,s:s,s:f,s:f,s:I,s:f,s:f}",
					  "what", law.what, "pages",
					  pages_names[huge], "base_us",
					  law.base_us, "us_per_mib",
					  law.us_per_mib, "sizes",
					  (json_int_t)law.sizes, "lo_mib",
					  law.lo_mib, "hi_mib", law.hi_mib));
		}
	return laws;
}

int creation_json(const struct creation *creation, FILE *out)
{
	json_t *root = json_pack(
		"{s:o,s:o,s:o,s:I,s:f,s:s,s:s?,s:o,s:O?,s:O?}", "rows",
		rows_json(creation), "faults", faults_json(creation), "laws",
		laws_json(creation), "runs", (json_int_t)creation->runs,
		"fault_mib", creation->fault_mib, "worker", creation->worker,
		"python", creation->python, "left_out",
		skipped_json(&creation->skipped, false, "what"), "machine",
		creation->machine, "build", creation->build);

	return json_put(out, root, DIGITS);
}
