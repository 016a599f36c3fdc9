/* SPDX-License-Identifier: MIT */
/*
 * What all formats for people say in words. Each writes a sentence without a
 * line's end to `out`.
 */
#ifndef BREAKEVEN_REPORT_DOC_WORDS_H
#define BREAKEVEN_REPORT_DOC_WORDS_H

#include "report/doc/text.h"
#include "report/doc/view.h"

/* The machine, and whether the run can be trusted and, if not, why. */
void words_machine(FILE *out, const struct record *record,
		   const struct findings *findings);

/* What all are compared with, how long it takes, and which programs runners
 * are, where they are not ours. */
void words_base(FILE *out, const struct record *record,
		const struct findings *findings);

/* What a runner costs beside its time, row by row: what a row is called, and
 * its field for a crossing, "" where there is none. */
enum { WORDS_COSTS = 7 };
extern const char words_costs_caption[];
extern const char *const words_costs[WORDS_COSTS];
struct text words_cost(const struct crossing *crossing, unsigned row);

/* The rows that say something of any column of the view, in order: their
 * numbers go to rows[]. Returns how many. */
unsigned words_costs_known(const struct view *view, unsigned rows[WORDS_COSTS]);

/* Where the data lay; false, and nothing, where that is as usual. */
bool words_arena(FILE *out, const struct record *record);

/* What the kernel computes, after `before`: "s += a[i], 8 bytes and 1 flop an
 * item". Nothing where the record does not say. */
void words_kernel(FILE *out, const struct record *record, const char *kernel,
		  const char *before);

/* ", CPUs near to one another", or far; of more than two workers, the first two
 * are meant. Nothing where there is one placement. */
void words_placement(FILE *out, const struct view *view);

/* What stands over the tables of a view, below them, or, of a rare one, in
 * their place. */
void words_speeds(FILE *out, const struct view *view);
void words_times(FILE *out, const struct view *view);
void words_more(FILE *out, const struct view *view);
void words_rare(FILE *out, const struct view *view);
void words_caption(FILE *out, const struct view *view); /* of crossings */

/* The name of a runner, with its workers unless they are `workers`, and with
 * its regime. */
void words_runner(FILE *out, const struct pair *pair, unsigned workers);

/* Where it begins to pay; the smallest size where that is not known better;
 * infinite: nowhere, or not known. */
double words_start(const struct breakeven *at);

/* A number of items with no more digits than its interval supports: "5,750",
 * the interval, "[5,743 .. 6,392]", and both, "5,750 items [5,743 .. 6,392]".
 */
struct text words_size(double n, double lo, double hi);
void words_range(FILE *out, double lo, double hi);
void words_edge(FILE *out, double n, double lo, double hi, const char *items);

/* From which size on the runner pays. */
void words_crossing(FILE *out, const struct findings *findings,
		    const struct crossing *crossing);

/* The index-th thing that was left out, and why; false: there are not so
 * many. */
bool words_left_out(FILE *out, const struct record *record,
		    const struct findings *findings, size_t index);

/* What speed does not say of processes and threads; false, and nothing, where
 * the run does not compare them. */
bool words_isolation(FILE *out, const struct record *record);

/* What the harness adds to a call; false, and nothing, when it is not known. */
bool words_harness(FILE *out, const struct findings *findings);

/* What the run proves of itself, a sentence for each index below WORDS_PROOFS;
 * false, and nothing, where it does not say. */
enum { WORDS_PROOFS = 6 };
bool words_proof(FILE *out, const struct findings *findings, unsigned index);

/* How it was measured and summed up. */
void words_method(FILE *out, const struct record *record);

/* What a runner costs over a loop written by hand. */
void words_control(FILE *out, const struct control_cost *cost);

/* The marks, by enum cell_verdict, and what they mean. */
extern const char words_marks[];
extern const char words_legend[];

/* What a ? beside an interval that excludes 1 means; false, and nothing, where
 * there is none. */
bool words_chance(FILE *out, const struct findings *findings);

/* What a speed-up without an interval means; false, and nothing, where there is
 * none. */
bool words_unknown(FILE *out, const struct findings *findings);

/* What the run was built with, and the command that repeats it. */
void words_built(FILE *out, const struct record *record);
void words_again(FILE *out, const struct record *record);

#endif
