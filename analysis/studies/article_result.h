/* SPDX-License-Identifier: MIT */
/*
 * An article on processes, measured: what `breakeven article` found.
 */
#ifndef BREAKEVEN_ANALYSIS_STUDIES_ARTICLE_RESULT_H
#define BREAKEVEN_ANALYSIS_STUDIES_ARTICLE_RESULT_H

#include "analysis/studies/skipped.h"
#include "analysis/studies/study_values.h"

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

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

/* Of the rows; a new reference. */
json_t *article_rows_json(const struct article *article);

/* Its numbers, added to `values`, by name. 0 or -ENOMEM. */
int article_values(const struct article *article, struct study_values *values);

/* As it stands in a record; a new reference, NULL: out of memory. */
json_t *article_object(const struct article *article);

/*
 * What such an object says. 0, -EINVAL: it is none; or -ENOMEM. Strings but
 * that of Python are the object's, which has to outlive it. article_free() is
 * due in any case.
 */
int article_read(const json_t *object, struct article *article);
void article_free(struct article *article);

#endif
