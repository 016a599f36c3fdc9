/* SPDX-License-Identifier: MIT */
#include "analysis/draft.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static struct pair draft_make_pair(const struct drafts *drafts,
				   const struct key *key)
{
	const struct record *record = drafts->record;
	const struct samples *samples = &drafts->samples;
	struct pair pair = {
		.kernel = samples->kernels.list[key->kernel],
		.runner = samples->runners.list[key->runner],
		.workers = key->workers,
		.placement = samples->placements[key->placement],
		.base = key->base ? samples->runners.list[key->base - 1]
				  : "serial",
		.regime = "unknown",
	};

	for (size_t r = record->nrunners; r-- > 0;)
		if (strcmp(record->runners[r].spec, pair.runner) == 0)
			pair.regime = record->runners[r].regime;
	return pair;
}

struct cell cell_make(const struct pair *pair, uint64_t n)
{
	return (struct cell){
		.pair = *pair,
		.n = n,
		.serial_ns = NAN,
		.runner_ns = NAN,
		.direct_ns = NAN,
		.log_ratio = NAN,
		.interval = {-INFINITY, INFINITY},
		.proof = {-INFINITY, INFINITY},
		.cpu_log_ratio = NAN,
		.cpu_interval = {-INFINITY, INFINITY},
		.cpu_proof = {-INFINITY, INFINITY},
		.verdict = CELL_UNRESOLVED,
	};
}

struct draft *drafts_add(struct drafts *drafts, const struct key *key)
{
	struct draft *draft;
	struct pair pair;

	if (drafts->count == drafts->room) {
		size_t room = drafts->room ? 2 * drafts->room : 64;
		struct draft *grown =
			reallocarray(drafts->list, room, sizeof(*grown));

		if (!grown)
			return NULL;
		drafts->list = grown;
		drafts->room = room;
	}
	pair = draft_make_pair(drafts, key);
	draft = &drafts->list[drafts->count++];
	*draft = (struct draft){.key = *key, .cell = cell_make(&pair, key->n)};
	return draft;
}

static int draft_by_key(const void *a, const void *b)
{
	const struct draft *x = a, *y = b;

	return key_compare(&x->key, &y->key);
}

void drafts_sort(struct drafts *drafts)
{
	if (drafts->count)
		qsort(drafts->list, drafts->count, sizeof(*drafts->list),
		      draft_by_key);
}

void drafts_free(struct drafts *drafts)
{
	samples_free(&drafts->samples);
	free(drafts->list);
}
