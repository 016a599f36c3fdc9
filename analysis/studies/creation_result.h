/* SPDX-License-Identifier: MIT */
/*
 * What it costs to create a thread, a process or a pool, and to touch a page:
 * what `breakeven creation` found, and the laws of its growth.
 */
#ifndef BREAKEVEN_ANALYSIS_STUDIES_CREATION_RESULT_H
#define BREAKEVEN_ANALYSIS_STUDIES_CREATION_RESULT_H

#include "analysis/studies/skipped.h"
#include "analysis/studies/study_values.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

/* Create one by one parent, to its end: median and interval in us, -INFINITY
 * and INFINITY where nothing is known. */
struct creation_row {
	const char *what;  /* "fork"; of Python's: "python-..." */
	double parent_mib; /* resident before anything is timed; of Python's:
			      its own */
	bool huge;	   /* that memory lies in huge pages */
	double us, lo, hi;
};

/* Bring in or copy a page, whose size is known to the reader as that of the
 * memory: ns a page, and ns for each 4 KiB of it. */
struct creation_fault {
	const char *what;
	bool huge;
	double page_kib;
	double ns, lo, hi;
	double faults; /* of the kernel's count, for each page */
};

/* A law of growth: us = base_us + us_per_mib * MiB. */
struct creation_law {
	const char *what;
	bool huge;
	double base_us, us_per_mib;
	double lo_mib, hi_mib; /* sizes that it rests on */
	size_t sizes;
};

struct creation {
	size_t runs;
	double fault_mib;   /* that were touched */
	const char *worker; /* what was spawned */
	char *python;	    /* its version; NULL: there is none */
	struct creation_row *rows;
	size_t nrows;
	struct creation_fault *faults;
	size_t nfaults;
	struct skipped_list skipped;
	json_t *machine, *build; /* borrowed; NULL: not told */
};

/* What is created, in pages of this kind. */
bool creation_is_row(const struct creation_row *row, const char *what,
		     bool huge);

/* Of Python's: its size is the one that it has. */
bool creation_is_python(const struct creation_row *row);

/* The names of kinds of pages, by whether they are huge. */
extern const char *const creation_pages[];

/*
 * The law of `what` in pages of one kind: stats_line() over all sizes. 0, or
 * -EDOM where fewer than two sizes were measured.
 */
int creation_law(const struct creation *creation, const char *what, bool huge,
		 struct creation_law *law);

/* Its numbers, added to `values`, by name. 0 or -ENOMEM. */
int creation_values(const struct creation *creation,
		    struct study_values *values);

/* As it stands in a record; a new reference, NULL: out of memory. */
json_t *creation_object(const struct creation *creation);

/*
 * What such an object says. 0, -EINVAL: it is none; or -ENOMEM. Strings but
 * that of Python are the object's, which has to outlive it. creation_free() is
 * due in any case.
 */
int creation_read(const json_t *object, struct creation *creation);
void creation_free(struct creation *creation);

#endif
