/* SPDX-License-Identifier: MIT */
/*
 * The answer of a run: kernels by runners, and what follows from them about
 * processes and threads, and about creating and reusing them.
 */
#include "report/doc/text.h"
#include "report/doc/words.h"
#include "report/pages/run/run_page.h"
#include "report/pages/start_cell.h"

#include <math.h>
#include <string.h>

/* ------------------------------------------------------------- table */

/* What all columns have; 0: they differ. */
static unsigned common_workers(const struct findings *findings)
{
	unsigned workers = 0;

	for (size_t i = 0; i < findings->ncrossings; i++) {
		unsigned own = findings->crossings[i].pair.workers;

		if (workers && own != workers)
			return 0;
		workers = own;
	}
	return workers;
}

/* ------------------------------------------------------------- best */

/* What is best for a kernel at its largest size. */
struct best {
	const struct crossing *crossing; /* NULL: no runner seems faster */
	bool serial;			 /* none can be faster than equal */
	bool proven;			 /* that the runner is faster */
	uint64_t n;			 /* 0: nothing was measured */
};

static bool is_of_kernel(const struct findings *findings,
			 const struct crossing *crossing, const char *kernel)
{
	return findings_is_usual(findings, crossing) &&
	       strcmp(crossing->pair.kernel, kernel) == 0 &&
	       !isnan(crossing->asymptote);
}

/* With so many workers; 0: with any number. */
static bool is_with(const struct crossing *crossing, unsigned workers)
{
	return workers == 0 || crossing->pair.workers == workers;
}

static uint64_t find_largest(const struct findings *findings,
			     const char *kernel)
{
	uint64_t largest = 0;

	for (size_t i = 0; i < findings->ncrossings; i++)
		if (is_of_kernel(findings, &findings->crossings[i], kernel) &&
		    findings->crossings[i].n_max > largest)
			largest = findings->crossings[i].n_max;
	return largest;
}

/* Is it better than the best so far? What is proven goes before all else. */
static bool is_better(const struct crossing *crossing, const struct best *best)
{
	bool proven = crossing->asymptote_verdict == CELL_FASTER;

	if (!proven && (best->proven || crossing->asymptote <= 0 ||
			crossing->asymptote_verdict != CELL_UNRESOLVED))
		return false;
	return proven > best->proven || !best->crossing ||
	       crossing->asymptote > best->crossing->asymptote;
}

/* A runner that was left out at the largest size says nothing of it. */
static struct best find_best(const struct findings *findings,
			     const char *kernel, unsigned workers)
{
	struct best best = {.n = find_largest(findings, kernel)};
	bool undecided = false;
	size_t seen = 0;

	for (size_t i = 0; i < findings->ncrossings; i++) {
		const struct crossing *crossing = &findings->crossings[i];
		enum cell_verdict verdict = crossing->asymptote_verdict;

		if (!is_of_kernel(findings, crossing, kernel) ||
		    !is_with(crossing, workers) || crossing->n_max < best.n)
			continue;
		undecided |= verdict != CELL_SLOWER && verdict != CELL_EQUAL;
		seen++;
		if (is_better(crossing, &best)) {
			best.crossing = crossing;
			best.proven = verdict == CELL_FASTER;
		}
	}
	best.serial = seen > 0 && !undecided;
	return best;
}

/* The largest size of all kernels; 0: they differ. */
static uint64_t common_largest(const struct findings *findings)
{
	uint64_t common = 0;
	const char *kernel;

	for (size_t k = 0; (kernel = findings_kernel(findings, k)); k++) {
		uint64_t n = find_largest(findings, kernel);

		if (n && common && n != common)
			return 0;
		common = n ? n : common;
	}
	return common;
}

static void put_best(struct doc *doc, const struct findings *findings,
		     const char *kernel, unsigned workers)
{
	struct best best = find_best(findings, kernel, workers);
	FILE *out = doc_cell(doc);

	if (best.crossing)
		fprintf(out, "%s \u00d7 %s%s",
			text_ratio(exp(best.crossing->asymptote), false).s,
			best.crossing->pair.runner, best.proven ? "" : " ?");
	else
		fputs(best.serial ? "serial" : "?", out);
	if (best.n && !common_largest(findings))
		fprintf(out, " at %s", text_size(best.n).s);
}

static void put_best_column(struct doc *doc, const struct findings *findings)
{
	FILE *out = doc_column(doc, DOC_LEFT);

	if (common_largest(findings))
		fprintf(out, "best at %s",
			text_size(common_largest(findings)).s);
	else
		fputs("best at its largest size", out);
}

/* A row for each kernel, a column for each runner and number of workers. */
static void put_starts(struct run_page *page, unsigned workers)
{
	const struct findings *findings = page->findings;
	struct doc *doc = page->doc;
	FILE *out = doc_table(doc);
	const char *kernel;

	fputs("Items", out);
	if (workers)
		fprintf(out, ", with %u worker%s", workers,
			workers == 1 ? "" : "s");
	fputs("kernel", doc_column(doc, DOC_LEFT));
	for (size_t i = 0; i < findings->ncrossings; i++)
		if (run_is_column(findings, i))
			run_put_column(doc, DOC_RIGHT,
				       &findings->crossings[i].pair, workers);
	put_best_column(doc, findings);
	for (size_t k = 0; (kernel = findings_kernel(findings, k)); k++) {
		fputs(kernel, doc_row(doc));
		for (size_t i = 0; i < findings->ncrossings; i++) {
			const struct pair *pair = &findings->crossings[i].pair;

			if (run_is_column(findings, i))
				start_put_cell(doc,
					       findings_find(findings, kernel,
							     pair->runner,
							     pair->workers));
		}
		put_best(doc, findings, kernel, 0);
	}
}

/* ------------------------------------------------------------- by workers */

/* The next larger number of workers; 0: there is none. */
static unsigned next_workers(const struct findings *findings, unsigned workers)
{
	unsigned next = 0;

	for (size_t i = 0; i < findings->ncrossings; i++) {
		unsigned own = findings->crossings[i].pair.workers;

		if (own > workers && (next == 0 || own < next))
			next = own;
	}
	return next;
}

/* Is it the first crossing of its runner? */
static bool is_first_of_runner(const struct findings *findings, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (strcmp(findings->crossings[k].pair.runner,
			   findings->crossings[i].pair.runner) == 0)
			return false;
	return true;
}

/* Has every runner the same numbers of workers, more than one? */
static bool is_by_workers(const struct findings *findings)
{
	unsigned first = next_workers(findings, 0);

	if (next_workers(findings, first) == 0)
		return false;
	for (size_t i = 0; i < findings->ncrossings; i++) {
		const struct pair *pair = &findings->crossings[i].pair;

		for (unsigned w = first; w; w = next_workers(findings, w))
			if (!findings_find(findings, pair->kernel, pair->runner,
					   w))
				return false;
	}
	return true;
}

static int longest_kernel(const struct findings *findings)
{
	const char *kernel;
	size_t longest = 0;

	for (size_t k = 0; (kernel = findings_kernel(findings, k)); k++)
		if (strlen(kernel) > longest)
			longest = strlen(kernel);
	return (int)longest;
}

/* The label has both, since a wide table is cut between columns. */
static void put_worker_row(struct doc *doc, const struct findings *findings,
			   const char *kernel, unsigned workers)
{
	fprintf(doc_row(doc), "%-*s %3u", longest_kernel(findings), kernel,
		workers);
	for (size_t i = 0; i < findings->ncrossings; i++)
		if (is_first_of_runner(findings, i))
			start_put_cell(
				doc, findings_find(
					     findings, kernel,
					     findings->crossings[i].pair.runner,
					     workers));
	put_best(doc, findings, kernel, workers);
}

/* A row for each kernel and number of workers, a column for each runner. */
static void put_starts_by_workers(struct run_page *page)
{
	const struct findings *findings = page->findings;
	struct doc *doc = page->doc;
	const char *kernel;

	fputs("Items, by number of workers", doc_table(doc));
	fputs("kernel, workers", doc_column(doc, DOC_LEFT));
	for (size_t i = 0; i < findings->ncrossings; i++)
		if (is_first_of_runner(findings, i))
			fputs(findings->crossings[i].pair.runner,
			      doc_column(doc, DOC_RIGHT));
	put_best_column(doc, findings);
	for (size_t k = 0; (kernel = findings_kernel(findings, k)); k++)
		for (unsigned w = next_workers(findings, 0); w;
		     w = next_workers(findings, w))
			put_worker_row(doc, findings, kernel, w);
}

/* ------------------------------------------------------------- sentences */

/* What is compared over all kernels: a runner, what it is, and another. */
static const struct versus {
	const char *runner, *is, *other, *other_named;
} contrasts[] = {
	{"fork-pool", "a pool of processes", "pthread-pool",
	 "pthread-pool (a pool of threads)"},
	{"openmp", "OpenMP's threads", "pthread-pool", "pthread-pool"},
	{"pthread", "threads created per call", "pthread-pool", "pthread-pool"},
	{"fork", "processes created per call", "fork-pool", "fork-pool"},
};

struct contrast {
	size_t kernels, never; /* seen; in which the runner never pays */
	size_t known;	       /* in which both sizes are known */
	double lo, hi;	       /* of runner's size by the other's */
	uint64_t never_to;     /* up to here it pays in none of those */
};

static void compare_kernel(const struct findings *findings,
			   const struct versus *versus, const char *kernel,
			   unsigned workers, struct contrast *contrast)
{
	const struct crossing *own =
		findings_find(findings, kernel, versus->runner, workers);
	const struct crossing *other =
		findings_find(findings, kernel, versus->other, workers);
	double times;

	if (!own || !other)
		return;
	contrast->kernels++;
	if (own->at.verdict == BREAKEVEN_NEVER) {
		contrast->never++;
		if (own->n_max < contrast->never_to)
			contrast->never_to = own->n_max;
	}
	times = own->at.n_star / other->at.n_star;
	if (!isfinite(times))
		return;
	contrast->known++;
	contrast->lo = fmin(contrast->lo, times);
	contrast->hi = fmax(contrast->hi, times);
}

static struct contrast compare_runners(const struct findings *findings,
				       const struct versus *versus,
				       unsigned workers)
{
	struct contrast contrast = {.lo = INFINITY, .never_to = UINT64_MAX};
	const char *kernel;

	for (size_t k = 0; (kernel = findings_kernel(findings, k)); k++)
		compare_kernel(findings, versus, kernel, workers, &contrast);
	return contrast;
}

static void put_times(FILE *out, const struct versus *versus,
		      const struct contrast *contrast)
{
	struct text lo = text_ratio(contrast->lo, true);
	struct text hi = text_ratio(contrast->hi, true);

	fprintf(out, "%s (%s) needs %s", versus->runner, versus->is, lo.s);
	if (strcmp(lo.s, hi.s) != 0)
		fprintf(out, " to %s", hi.s);
	fprintf(out, " times the items of %s", versus->other_named);
	if (contrast->known < contrast->kernels)
		fprintf(out, ", in %zu of %zu kernels", contrast->known,
			contrast->kernels);
	if (contrast->never)
		fprintf(out, "; it never pays in %zu", contrast->never);
	fputs(".", out);
}

/* Creating them costs more than they gain. */
static void put_never(FILE *out, const struct versus *versus,
		      const struct contrast *contrast)
{
	fprintf(out, "%s (%s) never pays", versus->runner, versus->is);
	if (contrast->never < contrast->kernels)
		fprintf(out, " in %zu of %zu kernels", contrast->never,
			contrast->kernels);
	fprintf(out, ": up to %s items, overhead outweighs all that it gains.",
		text_size(contrast->never_to).s);
}

static void put_contrast(struct doc *doc, const struct findings *findings,
			 const struct versus *versus, unsigned workers)
{
	struct contrast contrast = compare_runners(findings, versus, workers);
	FILE *out;

	if (contrast.known == 0 && contrast.never == 0)
		return;
	out = doc_item(doc);
	if (!common_workers(findings))
		fprintf(out, "With %u workers, ", workers);
	if (contrast.known > 0)
		put_times(out, versus, &contrast);
	else
		put_never(out, versus, &contrast);
}

/* Calls after which creating a pool has been won back. */
static void put_recovered(struct doc *doc, const struct findings *findings)
{
	double lo = INFINITY, hi = 0;
	uint64_t n_max = 0;

	for (size_t i = 0; i < findings->ncrossings; i++) {
		const struct crossing *crossing = &findings->crossings[i];

		if (!findings_is_usual(findings, crossing) ||
		    !isfinite(crossing->amortised))
			continue;
		lo = fmin(lo, fmax(1, ceil(crossing->amortised)));
		hi = fmax(hi, fmax(1, ceil(crossing->amortised)));
		n_max = crossing->n_max > n_max ? crossing->n_max : n_max;
	}
	if (n_max == 0)
		return;
	fprintf(doc_item(doc),
		hi > lo ? "A pool is recovered after %s to %s calls of %s "
			  "items."
			: "A pool is recovered after %s call%s of %s items.",
		text_count(lo).s,
		hi > lo	 ? text_count(hi).s
		: lo > 1 ? "s"
			 : "",
		text_size(n_max).s);
}

/* Is any runner that is named as the best not proven to be faster? */
static bool has_open_best(const struct findings *findings)
{
	const char *kernel;

	for (size_t k = 0; (kernel = findings_kernel(findings, k)); k++) {
		struct best best = find_best(findings, kernel, 0);

		if (best.crossing && !best.proven)
			return true;
	}
	return false;
}

/* What ? means, and what to do. */
static void put_unresolved(struct doc *doc, const struct findings *findings)
{
	size_t all = 0, open = 0;
	FILE *out;

	for (size_t i = 0; i < findings->ncrossings; i++) {
		const struct crossing *crossing = &findings->crossings[i];

		if (!findings_is_usual(findings, crossing))
			continue;
		all++;
		open += crossing->at.verdict == BREAKEVEN_UNRESOLVED;
	}
	if (!open && !has_open_best(findings))
		return;
	out = doc_item(doc);
	fputs("? is not proven either way", out);
	if (open)
		fprintf(out, " (%zu of %zu)", open, all);
	fprintf(out, ": %s or fewer --runners may tell.",
		findings->counted ? "more --generations" : "a longer --budget");
}

void run_put_answer(struct run_page *page)
{
	const struct findings *findings = page->findings;
	unsigned workers = findings_most_workers(findings);

	if (is_by_workers(findings))
		put_starts_by_workers(page);
	else
		put_starts(page, common_workers(findings));
	put_unresolved(page->doc, findings);
	for (size_t i = 0; i < sizeof(contrasts) / sizeof(contrasts[0]); i++)
		put_contrast(page->doc, findings, &contrasts[i], workers);
	put_recovered(page->doc, findings);
}
