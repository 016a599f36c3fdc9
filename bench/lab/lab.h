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
struct turn_options;

struct lab {
	/* What the user asked for. */
	const char *folder; /* of further lessons, which come last; or NULL */
	const char *const *names; /* of lessons; */
	int nnames;		  /* 0: all */
	const char *seat;	  /* who it is; or NULL */
	bool pause;		  /* ask, and wait */
	bool teacher;		  /* tell what teachers are told */
	uint64_t seed; /* of what changes from one student to the next */
	const struct turn_options *turn; /* when a lesson may be measured */
	int interrupt_fd;
	/* Called when a lesson was predicted, and when it was measured; or
	 * NULL. */
	void (*keep)(void *data, const struct lab_answer *answer);
	void *data;
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

/* Take over what an earlier run predicted and measured in the same lessons. Its
 * object has to outlive the lab. */
void lab_restore(struct lab *lab, const struct lab_result *found);

/*
 * Teach lesson i, if it was not measured before: show it, ask, measure, tell.
 * Pages go to standard output in this style; if that is not the terminal's
 * form, only measure. 0, or ERROR_INTERRUPTED; ERROR_USAGE: the lesson cannot
 * be measured as it is written.
 */
int lab_teach(struct lab *lab, size_t i, const struct report_style *style);

/* All lessons as one document, answers folded. 0, -ENOMEM or -errno. */
int lab_write(const struct lab *lab, FILE *out,
	      const struct report_style *style);

/* All that is known of it, as it stands in a record; a new reference, NULL: out
 * of memory. */
json_t *lab_object(const struct lab *lab);

void lab_free(struct lab *lab);

#endif
