/* SPDX-License-Identifier: MIT */
#include "analysis/compare/compare.h"

#include "analysis/compare/compare_steps.h"

#include <stdlib.h>
#include <string.h>

const char *const compared_start_names[] = {
	[START_SAME] = "overlapping", [START_SOONER] = "sooner",
	[START_LATER] = "later",      [START_NEW] = "new",
	[START_GONE] = "gone",	      [START_NEITHER] = "never in both",
	[START_UNKNOWN] = "unknown",
};

static const char *compare_get_string(const struct record *record,
				      const char *object, const char *key)
{
	const char *text = json_string_value(
		json_object_get(json_object_get(record->header, object), key));

	return text ? text : "";
}

bool compare_other_cpu(const struct record *a, const struct record *b)
{
	return strcmp(compare_get_string(a, "machine", "model"),
		      compare_get_string(b, "machine", "model")) != 0;
}

static bool compare_is_paired(const struct record *a, const struct record *b)
{
	const char *run = compare_get_string(a, "turns", "run");

	return a != b && *run &&
	       strcmp(run, compare_get_string(b, "turns", "run")) == 0;
}

void compare_join(struct record *a, struct record *b)
{
	if (!compare_is_paired(a, b))
		return;
	a->peer = b;
	b->peer = a;
}

const char *compare_find_name(const char *const *list, size_t count,
			      const char *text, size_t length)
{
	for (size_t i = 0; i < count; i++)
		if (strlen(list[i]) == length &&
		    strncmp(list[i], text, length) == 0)
			return list[i];
	return NULL;
}

bool compare_find_names(const char *text, const char *const *a, size_t na,
			const char *const *b, size_t nb,
			struct compare_names *names)
{
	size_t length = strlen(text);

	*names = (struct compare_names){compare_find_name(a, na, text, length),
					compare_find_name(b, nb, text, length)};
	for (const char *at = text;
	     !(names->a && names->b) && (at = strchr(at, '=')); at++)
		*names = (struct compare_names){
			compare_find_name(a, na, text, (size_t)(at - text)),
			compare_find_name(b, nb, at + 1, strlen(at + 1))};
	return names->a && names->b;
}

int compare_init(struct comparison *comparison, const struct compare_side *a,
		 const struct compare_side *b,
		 const struct compare_wishes *wishes)
{
	struct compare_wishes complete = *wishes;
	struct timings times_a = {.count = 0}, times_b = {.count = 0};
	int rc;

	*comparison = (struct comparison){
		.a = *a,
		.b = *b,
		.of = wishes->of,
		.paired = compare_is_paired(a->record, b->record),
	};
	rc = compare_make_pairs(comparison, &complete);
	if (rc == 0)
		rc = timings_init(&times_a, a->record, a->findings, wishes->of);
	if (rc == 0)
		rc = timings_init(&times_b, b->record, b->findings, wishes->of);
	if (rc == 0)
		rc = compare_find_machine(comparison, &times_a, &times_b);
	if (rc == 0)
		rc = compare_make_cells(comparison, &times_a, &times_b);
	timings_free(&times_a);
	timings_free(&times_b);
	return rc;
}

void compare_free(struct comparison *comparison)
{
	free(comparison->pairs);
	free(comparison->absent);
	free(comparison->cells);
	free(comparison->made);
}
