/* SPDX-License-Identifier: MIT */
#include "analysis/proofs.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>

/* A draft of a family. */
struct proof_member {
	struct draft *draft;
	bool on_grid;
	bool proven;
};

struct proof_family {
	struct proof_member *members;
	size_t count;
};

/* Room for any family of a record. */
struct proof_room {
	struct stats_value *values;
	double *medians;
	struct stats_comparison *list;
};

/* Which number of the cells is judged. */
struct proof_subject {
	sample_value *value;
	struct interval *(*proof)(struct cell *cell);
};

static struct interval *proof_of_time(struct cell *cell)
{
	return &cell->proof;
}

static struct interval *proof_of_cpu(struct cell *cell)
{
	return &cell->cpu_proof;
}

static int proof_by_family(const void *a, const void *b)
{
	const struct proof_member *p = a, *q = b;
	int order = key_compare_table(&p->draft->key, &q->draft->key);

	return order ? order : q->on_grid - p->on_grid;
}

/* ------------------------------------------------------------- looks */

/* Of the generations up to `last`; ascending, at `out`. */
static size_t proof_take_medians(const struct draft *draft, sample_value *value,
				 json_int_t last, struct proof_room *room,
				 double *out)
{
	size_t count = samples_take_values(draft->samples, draft->nsamples,
					   value, room->values);
	size_t kept = 0;

	for (size_t i = 0; i < count; i++)
		if (room->values[i].generation <= last)
			room->values[kept++] = room->values[i];
	return stats_generation_medians(room->values, kept, out);
}

/* One look at what is still open, in the generations up to `last`. */
static void proof_look(const struct proof_family *family,
		       const struct proof_subject *subject, json_int_t last,
		       double rate, struct proof_room *room)
{
	double *medians = room->medians;
	size_t open = 0;

	for (size_t i = 0; i < family->count; i++) {
		struct proof_member *member = &family->members[i];
		size_t count;

		if (member->proven)
			continue;
		count = proof_take_medians(member->draft, subject->value, last,
					   room, medians);
		room->list[open++] = (struct stats_comparison){
			.x = medians,
			.count = count,
			.share = member->on_grid ? 1 : stats_look_share(count),
			.owner = member,
		};
		medians += count;
	}
	stats_holm(room->list, open, rate);
	for (size_t i = 0; i < open; i++) {
		struct proof_member *member = room->list[i].owner;

		*subject->proof(&member->draft->cell) = room->list[i].interval;
		member->proven = room->list[i].proven;
	}
}

static void proof_judge_family(const struct proof_family *family,
			       const struct proof_subject *subject,
			       const json_t *looks, struct proof_room *room)
{
	size_t count = looks ? json_array_size(looks) : 1;

	for (size_t i = 0; i < family->count; i++)
		family->members[i].proven = false;
	for (size_t k = 0; k < count; k++)
		proof_look(family, subject,
			   looks ? json_integer_value(json_array_get(looks, k))
				 : UINT_MAX,
			   count == 1 ? FINDINGS_RATE
			   : k == 0   ? PROOFS_FIRST_LOOK * FINDINGS_RATE
				    : (1 - PROOFS_FIRST_LOOK) * FINDINGS_RATE /
					      (double)(count - 1),
			   room);
}

/* ------------------------------------------------------------- families */

static size_t proof_take_members(struct drafts *drafts,
				 struct proof_member *members)
{
	size_t count = 0;

	for (size_t i = 0; i < drafts->count; i++) {
		struct draft *draft = &drafts->list[i];

		if (draft->nsamples)
			members[count++] = (struct proof_member){
				draft,
				samples_on_grid(drafts->record, draft->key.n),
				false,
			};
	}
	qsort(members, count, sizeof(*members), proof_by_family);
	return count;
}

static size_t proof_family_end(const struct proof_member *members, size_t count,
			       size_t begin)
{
	size_t end = begin + 1;

	while (end < count &&
	       proof_by_family(&members[end], &members[begin]) == 0)
		end++;
	return end;
}

static void proof_judge_all(struct drafts *drafts, struct proof_member *members,
			    struct proof_room *room)
{
	static const struct proof_subject subjects[] = {
		{sample_log_ratio, proof_of_time},
		{sample_cpu_log_ratio, proof_of_cpu},
	};
	const json_t *looks = record_looks(drafts->record);
	size_t count = proof_take_members(drafts, members), end;

	for (size_t begin = 0; begin < count; begin = end) {
		struct proof_family family = {.members = members + begin};

		end = proof_family_end(members, count, begin);
		family.count = end - begin;
		for (size_t s = 0; s < 2; s++)
			proof_judge_family(
				&family, &subjects[s],
				members[begin].on_grid ? looks : NULL, room);
	}
	for (size_t i = 0; i < count; i++) {
		struct cell *cell = &members[i].draft->cell;

		/* A later look's generations may take back what an earlier one
		 * has proven. */
		cell->proof = stats_hull(cell->proof, cell->interval);
		cell->cpu_proof =
			stats_hull(cell->cpu_proof, cell->cpu_interval);
		if (cell->rounds)
			cell->verdict = stats_verdict(cell->proof);
	}
}

int proofs_judge(struct drafts *drafts)
{
	size_t samples = drafts->samples.count + 1, count = drafts->count + 1;
	struct proof_member *members = calloc(count, sizeof(*members));
	struct proof_room room = {
		.values = calloc(samples, sizeof(*room.values)),
		.medians = calloc(samples, sizeof(*room.medians)),
		.list = calloc(count, sizeof(*room.list)),
	};
	int rc = members && room.values && room.medians && room.list ? 0
								     : -ENOMEM;

	if (rc == 0)
		proof_judge_all(drafts, members, &room);
	free(members);
	free(room.values);
	free(room.medians);
	free(room.list);
	return rc;
}
