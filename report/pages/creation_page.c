/* SPDX-License-Identifier: MIT */
#include "report/pages/creation_page.h"

#include "report/doc/doc.h"
#include "report/doc/text.h"
#include "report/pages/skipped_items.h"
#include "results/json_value.h"
#include "stats/stats.h"

#include <math.h>
#include <string.h>

enum { DIGITS = 7, SIZES_MAX = 64 };

static const struct creation_row *find_row(const struct creation *creation,
					   const char *what, bool huge,
					   double mib)
{
	for (size_t i = 0; i < creation->nrows; i++)
		if (creation_is_row(&creation->rows[i], what, huge) &&
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

/* ------------------------------------------------------------- the table */

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
		if (row->huge == huge && !creation_is_python(row) &&
		    at == count && count < room)
			sizes[count++] = row->parent_mib;
	}
	stats_sort(sizes, count);
	return count;
}

static void put_sizes(struct doc *doc, const struct creation *creation,
		      bool huge)
{
	double sizes[SIZES_MAX];
	size_t count = list_sizes_of(creation, huge, sizes, SIZES_MAX);

	if (count == 0)
		return;
	fprintf(doc_table(doc), "Memory of the parent, in %s pages",
		huge ? "huge" : "4K");
	fputs("create and end", doc_column(doc, DOC_LEFT));
	for (size_t s = 0; s < count; s++)
		fputs(mib_text(sizes[s]).s, doc_column(doc, DOC_RIGHT));
	for (size_t i = 0; i < creation->nrows; i++) {
		const char *what = creation->rows[i].what;

		if (!is_first(creation, i) ||
		    creation_is_python(&creation->rows[i]))
			continue;
		fputs(what, doc_row(doc));
		for (size_t s = 0; s < count; s++) {
			const struct creation_row *row =
				find_row(creation, what, huge, sizes[s]);

			doc_time(doc, row ? row->us * 1e3 : NAN);
		}
	}
}

/* "1.20 ms to 1.31 ms"; nothing where no bound is known. */
static void put_interval(struct doc *doc, double lo_ns, double hi_ns)
{
	FILE *out = doc_cell(doc);

	if (isfinite(lo_ns) && isfinite(hi_ns))
		fprintf(out, "%s to %s", text_time(lo_ns).s,
			text_time(hi_ns).s);
}

static void put_python(struct doc *doc, const struct creation *creation)
{
	if (!creation->python)
		return;
	fprintf(doc_table(doc), "Python %.16s, in a process of its own",
		creation->python);
	fputs("create and end", doc_column(doc, DOC_LEFT));
	fputs("median", doc_column(doc, DOC_RIGHT));
	fputs("interval", doc_column(doc, DOC_RIGHT));
	for (size_t i = 0; i < creation->nrows; i++) {
		const struct creation_row *row = &creation->rows[i];

		if (!creation_is_python(row))
			continue;
		fputs(row->what, doc_row(doc));
		doc_time(doc, row->us * 1e3);
		put_interval(doc, row->lo * 1e3, row->hi * 1e3);
	}
}

static void put_fault(struct doc *doc, const struct creation_fault *fault)
{
	fputs(fault->what, doc_row(doc));
	fputs(fault->huge ? "huge" : "4K", doc_cell(doc));
	doc_time(doc, fault->ns);
	put_interval(doc, fault->lo, fault->hi);
	fprintf(doc_cell(doc), "%.1f", fault->faults);
	doc_time(doc, fault->ns * 4 / fault->page_kib);
}

static void put_faults(struct doc *doc, const struct creation *creation)
{
	static const char *const heads[] = {"pages", "a page", "interval",
					    "faults", "per 4 KiB"};

	fprintf(doc_table(doc), "Write to each page of %.0f MiB once",
		creation->fault_mib);
	doc_column(doc, DOC_LEFT);
	for (size_t i = 0; i < sizeof(heads) / sizeof(*heads); i++)
		fputs(heads[i], doc_column(doc, DOC_RIGHT));
	for (size_t i = 0; i < creation->nfaults; i++)
		put_fault(doc, &creation->faults[i]);
}

/* ------------------------------------------------------------- sentences */

/* "95 us + 31 us per MiB resident in 4K pages". */
static void put_line(FILE *out, const struct creation_law *law)
{
	fprintf(out, "%s + %s per MiB resident in %s pages",
		text_time(law->base_us * 1e3).s,
		text_time(law->us_per_mib * 1e3).s, law->huge ? "huge" : "4K");
}

/* Both ends of it, for a line is but a line. */
static void put_ends(FILE *out, const struct creation *creation,
		     const struct creation_law *law)
{
	const struct creation_row *lo =
		find_row(creation, law->what, law->huge, law->lo_mib);
	const struct creation_row *hi =
		find_row(creation, law->what, law->huge, law->hi_mib);

	fprintf(out, " (%s at %s, %s at %s: %s times as long)",
		text_time(lo->us * 1e3).s, mib_text(law->lo_mib).s,
		text_time(hi->us * 1e3).s, mib_text(law->hi_mib).s,
		text_ratio(hi->us / lo->us, true).s);
}

static void put_laws(struct doc *doc, const struct creation *creation)
{
	const char *before = "How it grows: fork takes ";
	FILE *out = doc_paragraph(doc);

	for (int huge = 0; huge <= 1; huge++) {
		struct creation_law law;

		if (creation_law(creation, "fork", huge, &law))
			continue;
		fputs(before, out);
		before = ", and ";
		put_line(out, &law);
		put_ends(out, creation, &law);
	}
	if (before[0] == ',')
		fputc('.', out);
}

/* From the smallest parent to the largest. */
static void put_change(FILE *out, const struct creation *creation,
		       const char *what, const char *before)
{
	struct creation_law law;
	const struct creation_row *lo, *hi;

	if (creation_law(creation, what, false, &law))
		return;
	lo = find_row(creation, what, false, law.lo_mib);
	hi = find_row(creation, what, false, law.hi_mib);
	fprintf(out, "%s%s goes from %s to %s", before, what,
		text_time(lo->us * 1e3).s, text_time(hi->us * 1e3).s);
}

/* Those that do not copy the parent's page tables. */
static void put_flat(struct doc *doc, const struct creation *creation)
{
	struct creation_law law;
	FILE *out;

	if (creation_law(creation, "pthread", false, &law))
		return;
	out = doc_paragraph(doc);
	fprintf(out,
		"Those that copy no page tables, and need not grow with them: "
		"from %s to %s ",
		mib_text(law.lo_mib).s, mib_text(law.hi_mib).s);
	put_change(out, creation, "pthread", "");
	put_change(out, creation, "vfork", ", ");
	put_change(out, creation, "posix_spawn", ", ");
	put_change(out, creation, "clone_vm", ", ");
	fputc('.', out);
}

static int build_creation(struct doc *doc, const void *data)
{
	const struct creation *creation = data;

	fputs("What creating a thread, a process or a pool costs",
	      doc_heading(doc, 1));
	fprintf(doc_paragraph(doc),
		"To create a thread, a process or a pool and to see it end: "
		"medians of %zu runs, by the memory that is resident in the "
		"parent; their intervals are in the record. posix_spawn starts "
		"%s.",
		creation->runs, creation->worker);
	put_sizes(doc, creation, false);
	put_sizes(doc, creation, true);
	put_python(doc, creation);
	put_faults(doc, creation);
	put_laws(doc, creation);
	put_flat(doc, creation);
	skipped_put(doc, &creation->skipped);
	return 0;
}

int creation_table(const struct creation *creation, FILE *out,
		   const struct report_style *style)
{
	return doc_print(build_creation, creation, out, style);
}

/* ------------------------------------------------------------- JSON */

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
					  creation_pages[huge], "base_us",
					  law.base_us, "us_per_mib",
					  law.us_per_mib, "sizes",
					  (json_int_t)law.sizes, "lo_mib",
					  law.lo_mib, "hi_mib", law.hi_mib));
		}
	return laws;
}

int creation_json(const struct creation *creation, FILE *out)
{
	json_t *root = creation_object(creation);

	json_object_set_new(root, "laws", laws_json(creation));
	json_object_set(root, "machine", creation->machine);
	json_object_set(root, "build", creation->build);
	return json_put(out, root, DIGITS);
}
