/* SPDX-License-Identifier: MIT */
/*
 * The cells of a record while it is analysed: filled from samples, then from
 * notes, and read for the crossings.
 */
#ifndef BREAKEVEN_ANALYSIS_DRAFT_H
#define BREAKEVEN_ANALYSIS_DRAFT_H

#include "analysis/findings.h"
#include "analysis/samples.h"

/* A cell and where it stands. n == 0: only a note is known of the pair; it gets
 * a crossing, and no cell. */
struct draft {
	struct key key;
	struct cell cell;
	const struct sample *samples; /* NULL: only notes */
	size_t nsamples;
};

struct drafts {
	const struct record *record;
	struct samples samples;
	size_t count, room;
	struct draft *list;
};

/* A cell without any number yet. */
struct cell cell_make(const struct pair *pair, uint64_t n);

/* Add a draft with its place alone. NULL: out of memory. */
struct draft *drafts_add(struct drafts *drafts, const struct key *key);

/* By key. */
void drafts_sort(struct drafts *drafts);

/* Free what they hold, and the samples. */
void drafts_free(struct drafts *drafts);

/* ------------------------------------------------------------- steps */

/* A draft of each cell that has samples. 0 or -ENOMEM. */
int cells_make(struct drafts *drafts);

/* What the notes of the record say of cells; those that were not measured get a
 * draft. 0 or -ENOMEM. */
int notes_apply(struct drafts *drafts);

/* How bad a verdict is: wrong is worse than failed, and that is worse than
 * skipped; 0 for all others. */
int verdict_severity(enum cell_verdict verdict);

/* The crossings of the sorted drafts. The findings have room for one a draft.
 * 0 or -ENOMEM. */
int crossings_make(const struct drafts *all, struct findings *findings);

#endif
