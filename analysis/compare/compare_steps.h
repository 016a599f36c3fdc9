/* SPDX-License-Identifier: MIT */
/*
 * The steps of a comparison, which compare_init() takes one after the other.
 */
#ifndef BREAKEVEN_ANALYSIS_COMPARE_COMPARE_STEPS_H
#define BREAKEVEN_ANALYSIS_COMPARE_COMPARE_STEPS_H

#include <stddef.h>

struct comparison;
struct compare_wishes;
struct timings;

/* The pairs that both sides have, and what only one of them has. `wishes` is
 * completed. 0 or -ENOMEM. */
int compare_make_pairs(struct comparison *comparison,
		       struct compare_wishes *wishes);

/* What the machine did between the two. 0 or -ENOMEM. */
int compare_find_machine(struct comparison *comparison, const struct timings *a,
			 const struct timings *b);

/* The cells of these pairs; pairs that have none are dropped. 0 or -ENOMEM. */
int compare_make_cells(struct comparison *comparison, const struct timings *a,
		       const struct timings *b);

/* The name in the list that is the first `length` characters of the text, or
 * NULL. */
const char *compare_find_name(const char *const *list, size_t count,
			      const char *text, size_t length);

#endif
