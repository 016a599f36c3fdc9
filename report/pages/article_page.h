/* SPDX-License-Identifier: MIT */
/*
 * An article on processes, measured: the table and the JSON of `breakeven
 * article`, and what its claims come to.
 */
#ifndef BREAKEVEN_REPORT_PAGES_ARTICLE_PAGE_H
#define BREAKEVEN_REPORT_PAGES_ARTICLE_PAGE_H

#include "analysis/skipped.h"
#include "report/doc/style.h"

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* What is done, how the rows name it. */
#define ARTICLE_START	"start-join" /* n workers that do nothing */
#define ARTICLE_POOL	"pool"	     /* of n workers: create and tear down */
#define ARTICLE_SQUARE	"square"     /* a map over n numbers */
#define ARTICLE_COMPUTE "collatz"    /* the same, heavy on computing */

/* Systems that do it. */
#define ARTICLE_C_SERIAL	 "c-serial"
#define ARTICLE_C_SHARED	 "c-shared"
#define ARTICLE_C_SHIPPED	 "c-shipped"
#define ARTICLE_C_THREADS	 "c-threads"
#define ARTICLE_C_PROCESSES	 "c-processes"
#define ARTICLE_PYTHON_LIST	 "python-list"
#define ARTICLE_PYTHON_POOL	 "python-pool"
#define ARTICLE_PYTHON_THREADS	 "python-threads"
#define ARTICLE_PYTHON_PROCESSES "python-processes"

/* Median and interval; -INFINITY and INFINITY where nothing is known. */
struct article_row {
	const char *what;
	uint64_t n;
	const char *system;
	double ms, lo, hi;
};

/* What a parent reads in a variable of its own, 0 before, where a child process
 * or a thread has written 1; < 0: not known. */
struct article_memory {
	int process, thread;
};

struct article {
	size_t runs;
	unsigned workers; /* of the maps */
	char *python;	  /* its version; NULL: there is none */
	struct article_row *rows;
	size_t nrows;
	struct article_memory c_memory, python_memory;
	struct skipped_list skipped;
	json_t *machine, *build; /* borrowed; NULL: not told */
};

/* NULL where it was not measured. */
const struct article_row *article_row(const struct article *article,
				      const char *what, uint64_t n,
				      const char *system);

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
