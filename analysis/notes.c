/* SPDX-License-Identifier: MIT */
#include "analysis/draft.h"

#include <errno.h>
#include <math.h>
#include <string.h>

static enum cell_verdict note_verdict(const struct note *note)
{
	for (int v = CELL_INVALID; v <= CELL_FAILED; v++)
		if (strcmp(note->kind, cell_verdict_names[v]) == 0)
			return (enum cell_verdict)v;
	return CELL_FAILED;
}

int verdict_severity(enum cell_verdict verdict)
{
	switch (verdict) {
	case CELL_INVALID:
		return 3;
	case CELL_FAILED:
		return 2;
	case CELL_SKIPPED:
		return 1;
	default:
		return 0;
	}
}

/* No time is published, whatever was seen. */
static void note_void_cell(struct cell *cell, const struct note *note)
{
	enum cell_verdict verdict = note_verdict(note);
	uint64_t tiles;

	if (verdict_severity(verdict) <= verdict_severity(cell->verdict))
		return;
	tiles = cell->tiles;
	*cell = cell_make(&cell->pair, cell->n);
	cell->tiles = tiles;
	cell->verdict = verdict;
	cell->reason = note->reason;
}

/* A note on a base other than serial applies to all runners that are compared
 * with it there. */
static void note_apply_to_compared(struct drafts *drafts,
				   const struct note *note,
				   const struct key *key)
{
	for (size_t i = 0; i < drafts->count; i++) {
		struct draft *draft = &drafts->list[i];

		if (draft->key.kernel == key->kernel &&
		    draft->key.base == key->runner + 1 &&
		    (note->n == 0 || draft->key.n == note->n))
			note_void_cell(&draft->cell, note);
	}
}

/* To a runner over the base of `key`: its cells, or else a new one. */
static int note_apply(struct drafts *drafts, const struct note *note,
		      struct key key)
{
	bool placed = false, found = false;
	struct draft *draft;

	for (size_t i = 0; i < drafts->count; i++) {
		draft = &drafts->list[i];
		if (draft->key.kernel != key.kernel ||
		    draft->key.base != key.base ||
		    draft->key.runner != key.runner ||
		    draft->key.workers != key.workers)
			continue;
		if (!placed || draft->key.placement < key.placement)
			key.placement = draft->key.placement;
		placed = true;
		if (note->n != 0 && draft->key.n != note->n)
			continue;
		note_void_cell(&draft->cell, note);
		found = true;
	}
	/* Over another base, cells that were not measured are not listed. */
	if (found || (key.base && !placed))
		return 0;
	draft = drafts_add(drafts, &key);
	if (!draft)
		return -ENOMEM;
	note_void_cell(&draft->cell, note);
	return 0;
}

/* At one kernel, over each base. */
static int note_apply_at(struct drafts *drafts, const struct note *note,
			 struct key key)
{
	const char *other = samples_base(drafts->record, note->runner);
	int rc = note_apply(drafts, note, key);

	note_apply_to_compared(drafts, note, &key);
	if (rc || !other)
		return rc;
	key.base = 1 + names_find(&drafts->samples.runners, other);
	return note_apply(drafts, note, key);
}

/* To all kernels that were asked for, the first in the list of names: not to
 * those of the self-check. */
static int note_apply_to_all(struct drafts *drafts, const struct note *note,
			     struct key key)
{
	size_t asked = drafts->record->nkernels;
	size_t count = asked ? asked : drafts->samples.kernels.count;
	int rc = 0;

	for (key.kernel = 0; rc == 0 && key.kernel < count; key.kernel++)
		rc = note_apply_at(drafts, note, key);
	return rc;
}

int notes_apply(struct drafts *drafts)
{
	const struct record *record = drafts->record;
	struct names *kernels = &drafts->samples.kernels;
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < record->nnotes; i++) {
		const struct note *note = &record->notes[i];
		struct key key = {
			.runner = names_find(&drafts->samples.runners,
					     note->runner),
			.workers = note->workers,
			.n = note->n,
		};

		if (note->kernel) {
			key.kernel = names_find(kernels, note->kernel);
			rc = note_apply_at(drafts, note, key);
		} else {
			rc = note_apply_to_all(drafts, note, key);
		}
	}
	return rc;
}
