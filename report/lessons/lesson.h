/* SPDX-License-Identifier: MIT */
/*
 * A lesson: a claim, a question, what is measured for it, and what follows from
 * what was measured. It is a Markdown file; docs/teaching/README.md says how
 * one is written.
 */
#ifndef BREAKEVEN_REPORT_LESSONS_LESSON_H
#define BREAKEVEN_REPORT_LESSONS_LESSON_H

#include "core/error.h"

#include <stdbool.h>
#include <stddef.h>

enum {
	LESSON_PARTS_MAX = 24,
	LESSON_MEASURES_MAX = 4,
	LESSON_LETS_MAX = 12,
	LESSON_OUTCOMES_MAX = 6,
	LESSON_CHANGES_MAX = 4,
	LESSON_NAME_MAX = 32,
};

/* A section, "## Question", and what stands below it. */
struct lesson_part {
	const char *name;
	char *text;
	unsigned line; /* of the file, that of the heading */
};

/* "- let threads: speed-up sum pthread-pool": a name, and what it is. */
struct lesson_let {
	const char *name, *what;
};

/* What may come out, where the answer lies in [lo, hi]. */
struct lesson_outcome {
	const char *name; /* of the section that says what follows */
	double lo, hi;
};

/* Strings lie in `text`. */
struct lesson {
	char name[LESSON_NAME_MAX]; /* of its file, without .md */
	char *text;
	const char *title;
	size_t nparts; /* the first has no name, and stands below the title */
	struct lesson_part parts[LESSON_PARTS_MAX];

	/* What its section "Measure" says. */
	size_t nmeasures, nlets, noutcomes, nchanges;
	const char *measures[LESSON_MEASURES_MAX]; /* command lines */
	struct lesson_let lets[LESSON_LETS_MAX];
	struct lesson_let changes[LESSON_CHANGES_MAX]; /* "4Ki 16Ki": one of */
	struct lesson_outcome outcomes[LESSON_OUTCOMES_MAX];
	const char *answer; /* the name of the let that is asked for */
	const char *unit;   /* of a number that is to be predicted; NULL: one of
			       the outcomes is */
};

/* The lessons that are built in, in the order of the course: docs/lessons. The
 * last one has no name. */
struct lesson_file {
	const char *name, *text;
};
extern const struct lesson_file lesson_files[];

/* Understand a file. 0, or an enum error_kind: the error says the line, and
 * what is wrong with it. lesson_free() is due in any case. */
int lesson_parse(struct lesson *lesson, const char *name, const char *text,
		 struct error *error);
void lesson_free(struct lesson *lesson);

/* The text of a section, or "". */
const char *lesson_part(const struct lesson *lesson, const char *name);

/* Which outcome is it that the answer lies in [lo, hi]? Its place, or -1: that
 * reaches into more than one, or none. */
int lesson_outcome(const struct lesson *lesson, double lo, double hi);

#endif
