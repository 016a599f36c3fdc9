/* SPDX-License-Identifier: MIT */
/*
 * The lessons of `breakeven lab`, one after the other: a prediction, a
 * measurement, what follows from it.
 */
#ifndef BREAKEVEN_BENCH_LAB_LAB_H
#define BREAKEVEN_BENCH_LAB_LAB_H

#include "report/doc/style.h"
#include "report/lessons/lesson_result.h"

#include <stdint.h>

struct topology;

struct lab {
	/* What the user asked for. */
	const char *folder; /* of further lessons, which come last; or NULL */
	char *const *names; /* of lessons; */
	int nnames;	    /* 0: all */
	bool pause;	    /* ask, and wait */
	bool teacher;	    /* tell what teachers are told */
	uint64_t seed;	    /* of what changes from one student to the next */
	/* What there is: as many results as lessons. */
	size_t count;
	struct lesson *lessons;
	struct lesson_result *results;
};

/* Read all lessons that were asked for. 0, or ERROR_USAGE: there is no such
 * lesson, or one is no lesson, as the error says. lab_free() is due in any
 * case. */
int lab_open(struct lab *lab, struct error *error);

/* Choose what stands for the names in each lesson. */
void lab_choose(struct lab *lab, const struct topology *topology);

/*
 * Teach lesson i: show it, ask, measure, tell. Pages go to standard output in
 * this style; if that is not the terminal's form, only measure. 0, or
 * ERROR_INTERRUPTED; ERROR_USAGE: the lesson cannot be measured as it is
 * written.
 */
int lab_teach(struct lab *lab, size_t i, const struct report_style *style);

/* All lessons as one document, answers folded. 0, -ENOMEM or -errno. */
int lab_write(const struct lab *lab, FILE *out,
	      const struct report_style *style);

void lab_free(struct lab *lab);

#endif
