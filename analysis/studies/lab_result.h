/* SPDX-License-Identifier: MIT */
/*
 * What one run of `breakeven lab` leaves: what was predicted in each lesson,
 * and what was measured.
 */
#ifndef BREAKEVEN_ANALYSIS_STUDIES_LAB_RESULT_H
#define BREAKEVEN_ANALYSIS_STUDIES_LAB_RESULT_H

#include "analysis/studies/study_values.h"
#include "core/error.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

enum lab_kind {
	LAB_RATIO,
	LAB_ITEMS, /* infinite: never */
	LAB_TIME,  /* ns */
	LAB_COUNT,
	LAB_KINDS,
};

struct lab_value {
	const char *name;
	enum lab_kind kind;
	double value;		  /* NaN: not known */
	struct interval interval; /* ends may be infinite: not known */
	double confidence; /* how often such an interval holds it, in percent;
			      0: it is exact, and has no interval */
};

enum {
	LAB_VALUES_MAX = 12,
	LAB_CHOICES_MAX = 7,
	LAB_CHOICE_MAX = 24,
	LAB_PREDICTION_MAX = 64,
};

/* What stands for a name in a lesson: "n" is "64Ki". */
struct lab_choice {
	const char *name;
	char text[LAB_CHOICE_MAX];
};

enum lab_state {
	LAB_NOT_MEASURED,
	LAB_SKIPPED, /* it cannot be measured here */
	LAB_UNCLEAR, /* no outcome follows from what was measured */
	LAB_TOLD,
	LAB_STATES,
};

/* A lesson. It is complete in itself: whoever reads it need not have the
 * lesson's text. */
struct lab_answer {
	const char *lesson; /* its name */
	const char *title;
	const char *unit;  /* of the number that is asked for; NULL: an outcome
			      is */
	const char *asked; /* name of the value that is asked for */
	size_t nchoices;
	struct lab_choice choices[LAB_CHOICES_MAX];
	char prediction[LAB_PREDICTION_MAX]; /* as it was typed, or the name of
						an outcome; "": none */
	double predicted;		     /* a number; NaN: none is */
	size_t nvalues;
	struct lab_value values[LAB_VALUES_MAX];
	enum lab_state state;
	const char *outcome;	  /* of LAB_TOLD; else NULL */
	char why[ERROR_TEXT_MAX]; /* of all other states */
	double seconds;		  /* that measuring took */
};

struct lab_result {
	const char *seat; /* who it was; NULL: not told */
	uint64_t seed;
	const char *folder; /* of further lessons; NULL: none */
	size_t count;
	struct lab_answer *answers;
};

/* The value of this name, or the one that is asked for; NULL: it was not
 * measured. */
const struct lab_value *lab_find_value(const struct lab_answer *answer,
				       const char *name);
const struct lab_value *lab_asked_value(const struct lab_answer *answer);

/* Was the prediction right: the outcome, or a number within a quarter of the
 * interval, and exactly that if it is exact? False, too, if nothing was
 * predicted or measured. */
bool lab_is_right(const struct lab_answer *answer);

/* Can that be said: was something predicted, and did what was measured tell it?
 */
bool lab_is_judged(const struct lab_answer *answer);

/*
 * As it stands in a record, with all that is in each answer; a new reference,
 * NULL: out of memory. The first has no lessons: each is a row of the table
 * "lessons" that follows once it was begun, and again once it was measured.
 */
json_t *lab_result_json(const struct lab_result *lab);
json_t *lab_answer_json(const struct lab_answer *answer);

/*
 * What such an object says, the last row of each lesson. 0; -EINVAL: it is
 * none; -ENOMEM. Strings are the object's, which has to outlive it.
 * lab_result_free() is due in any case.
 */
int lab_result_read(const json_t *object, struct lab_result *lab);
void lab_result_free(struct lab_result *lab);

/* The numbers that were asked for, added to `values`. 0 or -ENOMEM. */
int lab_result_values(const struct lab_result *lab,
		      struct study_values *values);

#endif
