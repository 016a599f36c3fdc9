/* SPDX-License-Identifier: MIT */
/*
 * The table and the JSON of `breakeven article`, and what the claims of the
 * article come to.
 */
#ifndef BREAKEVEN_REPORT_PAGES_ARTICLE_PAGE_H
#define BREAKEVEN_REPORT_PAGES_ARTICLE_PAGE_H

#include "analysis/studies/article_result.h"
#include "report/doc/style.h"

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/*
 * A sentence of the article's, and what the measurements say of it. The
 * answer is written in words to `out`, with its numbers put into `numbers`.
 */
struct article_claim {
	const char *claim;
	void (*answer)(const struct article *article, FILE *out,
		       json_t *numbers);
};
extern const struct article_claim article_claims[]; /* ends with NULL */

/* The same work of both: by how much Python takes longer. */
struct article_race {
	const char *name, *what;
	uint64_t n;
	const char *python, *c;
};
extern const struct article_race article_races[]; /* ends with NULL */
/* NAN where one of both was not measured. */
double article_race(const struct article *article,
		    const struct article_race *race);

/* 0, or -ENOMEM. What is written is flushed by the caller. */
int article_table(const struct article *article, FILE *out,
		  const struct report_style *style);
int article_json(const struct article *article, FILE *out);

#endif
