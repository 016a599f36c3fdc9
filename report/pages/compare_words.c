/* SPDX-License-Identifier: MIT */
#include "report/pages/compare_words.h"

#include "analysis/trust.h"
#include "report/doc/words.h"

#include <math.h>
#include <string.h>

const char compare_words_legend[] =
	"Marks, of the record that A is compared with: + better, - worse, "
	"= equal within 2 %, ? cannot tell";

static const char *plural(size_t count)
{
	return count == 1 ? "" : "s";
}

static const char *text_in(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "";
}

/* ------------------------------------------------------------- sides */

void compare_words_side(FILE *out, const struct comparison *comparison, bool b,
			char letter)
{
	const struct compare_side *side = b ? &comparison->b : &comparison->a;
	const json_t *header = side->record->header;
	const char *commit =
		text_in(json_object_get(header, "build"), "commit");

	fprintf(out, "%c: ", b ? letter : 'A');
	fputs(side->path, out);
	fputs(" of ", out);
	fputs(text_in(header, "time")[0] ? text_in(header, "time")
					 : "an unknown date",
	      out);
	fputs(", breakeven ", out);
	fputs(text_in(header, "version"), out);
	if (*commit) {
		fputs(", commit ", out);
		fputs(commit, out);
	}
	fputs("; ", out);
	words_machine(out, side->record, side->findings);
}

static bool warn_of_trust(FILE *out, const struct comparison *comparison,
			  char letter)
{
	const struct findings *a = comparison->a.findings;
	const struct findings *b = comparison->b.findings;

	if (a->trusted && b->trusted)
		return false;
	if (!a->trusted && !b->trusted)
		fprintf(out, "A and %c are not trusted", letter);
	else
		fprintf(out, "%c is not trusted", a->trusted ? letter : 'A');
	fputs(", see above why: what differs may be the measurement", out);
	return true;
}

static bool warn_of_cpu(FILE *out, const struct comparison *comparison)
{
	if (!compare_other_cpu(comparison->a.record, comparison->b.record))
		return false;
	fprintf(out, "the CPUs differ: this compares %s; --of %s compares %s",
		comparison->of == TIMINGS_TIME ? "times" : "speed-ups",
		comparison->of == TIMINGS_TIME ? "speedup" : "time",
		comparison->of == TIMINGS_TIME ? "speed-ups over each one's "
						 "own serial"
					       : "times");
	return true;
}

static bool warn_of_nothing(FILE *out, const struct comparison *comparison)
{
	if (comparison->comparisons + comparison->few > 0)
		return false;
	fputs("they have no cell in common: compare runs of the same kernels, "
	      "runners and sizes (bench -k, -r, -n)",
	      out);
	return true;
}

static bool warn_of_few(FILE *out, const struct comparison *comparison)
{
	if (comparison->few == 0)
		return false;
	fprintf(out,
		"%zu of %zu cells were measured in less than six generations "
		"of fresh processes by one of them, which proves nothing: give "
		"%s",
		comparison->few, comparison->few + comparison->comparisons,
		comparison->paired ? "it more --generations, or more --budget"
				   : "both --generations 6, or more --budget");
	return true;
}

static bool warn_of_itself(FILE *out, const struct comparison *comparison)
{
	if (comparison->a.record != comparison->b.record ||
	    comparison->npairs == 0)
		return false;
	for (size_t i = 0; i < comparison->npairs; i++) {
		const struct compared_pair *pair = &comparison->pairs[i];

		if (strcmp(pair->kernel.a, pair->kernel.b) != 0 ||
		    strcmp(pair->runner.a, pair->runner.b) != 0)
			return false;
	}
	fputs("a record is compared with itself: name what of it to compare, "
	      "as -r openmp=pthread-pool",
	      out);
	return true;
}

static bool warn_of_moved(FILE *out, const struct comparison *comparison,
			  char letter)
{
	const double *a = comparison->a.findings->checks.trip_ns;
	const double *b = comparison->b.findings->checks.trip_ns;

	if (!comparison->moved)
		return false;
	fprintf(out, "a cache line between two CPUs and back takes %s in A",
		text_time(a[1]).s);
	fprintf(out,
		" and %s in %c: the host has moved them near to or far from "
		"one another, so that runners of several workers are not "
		"compared",
		text_time(b[1]).s, letter);
	return true;
}

bool compare_words_warning(FILE *out, const struct comparison *comparison,
			   size_t index, char letter)
{
	switch (index) {
	case 0:
		return warn_of_trust(out, comparison, letter);
	case 1:
		return warn_of_cpu(out, comparison);
	case 2:
		return warn_of_nothing(out, comparison);
	case 3:
		return warn_of_few(out, comparison);
	case 4:
		return warn_of_itself(out, comparison);
	case 5:
		return warn_of_moved(out, comparison, letter);
	default:
		return false;
	}
}

void compare_words_what(FILE *out, const struct comparison *comparison,
			char letter)
{

	if (comparison->of == TIMINGS_TIME)
		fprintf(out,
			"The tables say what a call takes in %c over what it "
			"takes in A: %c is faster below 1, slower above",
			letter, letter);
	else
		fprintf(out,
			"The tables say the speed-up over serial in %c over "
			"that in A: %c gains more above 1, less below",
			letter, letter);
	if (comparison->comparisons > 0)
		fprintf(out,
			". In brackets, 95 %% intervals for all %zu cells "
			"together, from %s",
			comparison->comparisons,
			comparison->paired
				? "what the two differ by in each generation: "
				  "they were measured by turns, in one run"
				: "the medians of generations");
}

static void put_machine(FILE *out, const char *what,
			const struct stats_shift *shift, char letter)
{
	fprintf(out, "%s takes %s %s %s the time in %c that it takes in A",
		what, text_ratio(exp(shift->shift), false).s, "\u00d7",
		text_interval(shift->interval.lo, shift->interval.hi, false).s,
		letter);
}

bool compare_words_machine(FILE *out, const struct comparison *comparison,
			   char letter)
{
	const struct compared_machine *machine = &comparison->machine;
	bool work = isfinite(machine->work.interval.lo);
	bool serial = isfinite(machine->serial.interval.lo);

	if (!work && !serial)
		return false;
	fputs("The machine: ", out);
	if (work)
		put_machine(out, "counted work, which no build changes,",
			    &machine->work, letter);
	if (work && serial)
		fputs("; ", out);
	if (serial)
		put_machine(out, "serial of the same build", &machine->serial,
			    letter);
	fputs(". Intervals reach over that: it is not the program's", out);
	return true;
}

/* ------------------------------------------------------------- names */

static void put_names(FILE *out, const struct compare_names *names)
{
	fputs(names->a, out);
	if (strcmp(names->a, names->b) == 0)
		return;
	fputs(" to ", out);
	fputs(names->b, out);
}

void compare_words_kernel(FILE *out, const struct compared_pair *pair)
{
	put_names(out, &pair->kernel);
}

static void put_placement(FILE *out, unsigned workers, const char *placement)
{
	bool told =
		strcmp(placement, "near") == 0 || strcmp(placement, "far") == 0;

	if (workers > 0)
		fprintf(out, " with %u", workers);
	if (told)
		fprintf(out, " (CPUs %s)", placement);
}

void compare_words_runner(FILE *out, const struct compared_pair *pair)
{
	if (!pair->runner.a) {
		fputs("serial", out);
		return;
	}
	put_names(out, &pair->runner);
	put_placement(out, pair->workers, pair->placement);
}

/* ------------------------------------------------------------- sizes */

static void put_from(FILE *out, const struct breakeven *at)
{
	fputs("from ", out);
	words_edge(out, at->n_star, at->n_lo, at->n_hi, "");
}

static void put_start(FILE *out, const struct crossing *crossing)
{
	const struct breakeven *at = &crossing->at;

	switch (at->verdict) {
	case BREAKEVEN_AT:
	case BREAKEVEN_WINDOW:
	case BREAKEVEN_ALWAYS:
		if (isnan(at->n_star))
			fprintf(out, "pays from the smallest size (%s)",
				text_size((uint64_t)at->n_hi).s);
		else
			put_from(out, at);
		if (!isnan(at->n_end))
			fprintf(out, " to %s", text_count(at->n_end).s);
		return;
	case BREAKEVEN_NEVER:
		fprintf(out, "never up to %s", text_size(crossing->n_max).s);
		return;
	default:
		fputs("cannot tell", out);
		return;
	}
}

bool compare_words_start(FILE *out, const struct compared_pair *pair,
			 char letter)
{
	static const char *const says[] = {
		[START_SAME] = "the intervals overlap",
		[START_SOONER] = "SOONER, the intervals are apart",
		[START_LATER] = "LATER, the intervals are apart",
		[START_NEW] = "NEW",
		[START_GONE] = "GONE",
		[START_NEITHER] = "never in both",
		[START_UNKNOWN] = "cannot be compared",
	};

	if (!pair->a)
		return false;
	fputs("A ", out);
	put_start(out, pair->a);
	fprintf(out, "; %c ", letter);
	put_start(out, pair->b);
	fprintf(out, ": %s", says[pair->start]);
	return true;
}

/* ------------------------------------------------------------- summary */

void compare_words_counts(FILE *out, const struct comparison *comparison,
			  char letter)
{
	const size_t *counts = comparison->counts;
	bool time = comparison->of == TIMINGS_TIME;
	size_t all = comparison->comparisons + comparison->few;

	fprintf(out, "Of %zu cell%s, ", all, plural(all));
	if (all == 0) {
		fputs("nothing can be said", out);
		return;
	}
	fprintf(out,
		"%c %s in %zu, %s in %zu and is equal within 2 %% in %zu; of "
		"%zu it cannot be told",
		letter, time ? "is faster" : "gains more", counts[CELL_FASTER],
		time ? "slower" : "less", counts[CELL_SLOWER],
		counts[CELL_EQUAL], counts[CELL_UNRESOLVED]);
}

/* That of a verdict which is farthest from 1. */
static const struct compared_cell *farthest(const struct compared_pair *pair,
					    enum cell_verdict verdict,
					    size_t *count)
{
	const struct compared_cell *found = NULL;

	*count = 0;
	for (size_t i = 0; i < pair->ncells; i++) {
		const struct compared_cell *cell = &pair->cells[i];

		if (cell->verdict != verdict)
			continue;
		++*count;
		if (!found || fabs(cell->log_ratio) > fabs(found->log_ratio))
			found = cell;
	}
	return found;
}

static void put_cell(FILE *out, const struct compared_cell *cell)
{
	fprintf(out, "%s items: %s %s %s", text_size(cell->n).s,
		text_ratio(exp(cell->log_ratio), false).s, "\u00d7",
		text_interval(cell->interval.lo, cell->interval.hi, false).s);
}

static bool put_most(FILE *out, const struct compared_pair *pair,
		     enum cell_verdict verdict, const char *word)
{
	size_t count;
	const struct compared_cell *cell = farthest(pair, verdict, &count);

	if (!cell)
		return false;
	fprintf(out, " %s at %zu of %zu size%s, %s", word, count, pair->ncells,
		plural(pair->ncells), count > 1 ? "most at " : "");
	put_cell(out, cell);
	return true;
}

bool compare_words_changed(FILE *out, const struct comparison *comparison,
			   const struct compared_pair *pair)
{
	bool time = comparison->of == TIMINGS_TIME, slower;
	size_t count;

	if (!farthest(pair, CELL_FASTER, &count) &&
	    !farthest(pair, CELL_SLOWER, &count))
		return false;
	compare_words_kernel(out, pair);
	fputs(", ", out);
	compare_words_runner(out, pair);
	fputc(':', out);
	slower = put_most(out, pair, CELL_SLOWER,
			  time ? "slower" : "gains less");
	if (slower && farthest(pair, CELL_FASTER, &count))
		fputc(';', out);
	put_most(out, pair, CELL_FASTER, time ? "faster" : "gains more");
	return true;
}

/* ------------------------------------------------------------- absent */

bool compare_words_absent(FILE *out, const struct comparison *comparison,
			  size_t index, char letter)
{
	const struct compared_absent *absent;

	if (index >= comparison->nabsent)
		return false;
	absent = &comparison->absent[index];
	fprintf(out, "only in %c: ", absent->in_b ? letter : 'A');
	fputs(absent->kernel ? absent->kernel : "", out);
	if (absent->kernel && absent->runner)
		fputs(", ", out);
	fputs(absent->runner ? absent->runner : "", out);
	put_placement(out, absent->workers, absent->placement);
	if (absent->n > 0)
		fprintf(out, ", %s items", text_size(absent->n).s);
	if (absent->reason) {
		fprintf(out, " (in %c: ", absent->in_b ? 'A' : letter);
		fputs(absent->reason, out);
		fputc(')', out);
	}
	return true;
}

bool compare_words_sizes(FILE *out, const struct comparison *comparison,
			 char letter)
{
	if (comparison->only_a + comparison->only_b == 0)
		return false;
	fprintf(out,
		"of what both have, sizes that the other one did not measure: "
		"%zu cell%s of A, %zu of %c",
		comparison->only_a, plural(comparison->only_a),
		comparison->only_b, letter);
	return true;
}

/* ------------------------------------------------------------- limits */

/* The index-th cell of the pair that is beyond; counts `index` down. */
static const struct compared_cell *caught_cell(
	const struct comparison *comparison, const struct compared_pair *pair,
	enum limit_kind kind, double limit, size_t *index)
{
	for (size_t i = 0; i < pair->ncells; i++)
		if (compare_cell_beyond(comparison, &pair->cells[i], kind,
					limit) > 0 &&
		    (*index)-- == 0)
			return &pair->cells[i];
	return NULL;
}

bool compare_words_caught(FILE *out, const struct comparison *comparison,
			  const struct compare_limits *limits,
			  enum limit_kind kind, size_t index, char letter)
{
	double limit = compare_limit(limits, kind);

	for (size_t p = 0; !isnan(limit) && p < comparison->npairs; p++) {
		const struct compared_pair *pair = &comparison->pairs[p];
		const struct compared_cell *cell = NULL;
		bool found;

		if (kind == LIMIT_BREAKEVEN)
			found = pair->a &&
				compare_start_beyond(pair, limit) > 0 &&
				index-- == 0;
		else
			found = (cell = caught_cell(comparison, pair, kind,
						    limit, &index)) != NULL;
		if (!found)
			continue;
		compare_words_kernel(out, pair);
		fputs(", ", out);
		compare_words_runner(out, pair);
		fputs(cell ? ", " : ": ", out);
		if (cell)
			put_cell(out, cell);
		else
			compare_words_start(out, pair, letter);
		return true;
	}
	return false;
}

bool compare_words_limit(FILE *out, const struct comparison *comparison,
			 const struct compare_limits *limits,
			 enum limit_kind kind)
{
	static const char *const says[][2] = {
		[LIMIT_SLOWER] = {"cells are slower", "cells gain less"},
		[LIMIT_FASTER] = {"cells are faster", "cells gain more"},
		[LIMIT_BREAKEVEN] = {"break-even sizes are larger",
				     "break-even sizes are larger"},
	};
	double limit = compare_limit(limits, kind);
	struct compare_count count;

	if (isnan(limit))
		return false;
	count = compare_judge(comparison, kind, limit);
	fprintf(out,
		"Limit %s=%.4g%%: %zu of %zu %s by more than that, %zu are "
		"not, and of %zu it cannot be told, so that they could not "
		"have been caught",
		limit_names[kind], 100 * expm1(limit), count.caught,
		count.caught + count.within + count.open,
		says[kind][comparison->of], count.within, count.open);
	return true;
}
