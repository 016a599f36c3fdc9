/* SPDX-License-Identifier: MIT */
#include "analysis/compare/compare_steps.h"

#include "analysis/compare/compare.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Of the error rate that all cells share, for each shift. */
#define SHIFT_RATE 0.005

static const struct stats_shift unknown = {NAN, {-INFINITY, INFINITY}};

/* ------------------------------------------------------------- probe */

/* What counted work took on one CPU alone, generation by generation, ascending;
 * `out` and `values` have room for all readings. */
static size_t machine_find_work(const struct record *record,
				struct stats_value *values, double *out)
{
	size_t kept = 0;

	for (size_t b = 0; b < record->nblocks; b++) {
		const struct block *block = &record->blocks[b];

		for (size_t i = 0; i < 2 * block->rounds; i++)
			if (block->readings[i].alone_ns > 0)
				values[kept++] = (struct stats_value){
					log(block->readings[i].alone_ns),
					block->generation};
	}
	return stats_generation_medians(values, kept, out);
}

static int machine_compare_work(const struct record *a, const struct record *b,
				struct stats_shift *shift)
{
	size_t room_a = record_count_readings(a);
	size_t room_b = record_count_readings(b);
	struct stats_value *values =
		calloc(room_a + room_b + 1, sizeof(*values));
	double *x = calloc(room_a + 1, sizeof(*x));
	double *y = calloc(room_b + 1, sizeof(*y));
	int rc = -ENOMEM;

	if (values && x && y) {
		size_t nx = machine_find_work(a, values, x);
		size_t ny = machine_find_work(b, values, y);

		rc = stats_shift(x, nx, y, ny, SHIFT_RATE, shift);
	}
	free(values);
	free(x);
	free(y);
	return rc;
}

/* ------------------------------------------------------------- serial */

/* Records without an optional one agree in it. */
static bool machine_has_same(const struct record *a, const struct record *b,
			     const char *object, const char *key, bool optional)
{
	const json_t *one = json_object_get(a->header, object);
	const json_t *other = json_object_get(b->header, object);

	if (key)
		one = json_object_get(one, key);
	if (key)
		other = json_object_get(other, key);
	return !one && !other ? optional : json_equal(one, other);
}

/* Were the same program and the same plan measured, as far as is known? Sources
 * that were changed may have been changed again. */
static bool machine_is_alone(const struct record *a, const struct record *b)
{
	static const char *const keys[][2] = {
		{"build", "commit"},  {"build", "compiler"},
		{"build", "flags"},   {"build", "kernels"},
		{"build", "type"},    {"plan", "arena"},
		{"plan", "epoch_ns"}, {"plan", "pin"},
		{"environment", NULL}};
	const char *commit = json_string_value(
		json_object_get(json_object_get(a->header, "build"), "commit"));

	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++)
		if (!machine_has_same(a, b, keys[i][0], keys[i][1], false))
			return false;
	return commit && *commit && !strstr(commit, "-dirty") &&
	       machine_has_same(a, b, "plan", "memory", true);
}

/* What serial takes in B over what it takes in A: the median over cells. A
 * kernel from a file may be another one by now. */
static int machine_compare_serial(const struct timings *a,
				  const struct timings *b,
				  struct stats_shift *shift)
{
	double *scratch =
		calloc(timings_most(a) + timings_most(b) + 1, sizeof(*scratch));
	double *ratios = calloc(a->count + 1, sizeof(*ratios));
	size_t kept = 0;

	for (size_t i = 0; scratch && ratios && i < a->count; i++) {
		const struct timing *one = &a->list[i];
		const struct timing *other =
			timings_find_serial(b, one->kernel, one->n);

		if (one->runner || !other || strchr(one->kernel, '/'))
			continue;
		ratios[kept] = timing_find_median(other, scratch);
		ratios[kept++] -= timing_find_median(one, scratch);
	}
	if (scratch && ratios) {
		stats_sort(ratios, kept);
		*shift = (struct stats_shift){
			stats_median(ratios, kept),
			stats_few_interval(ratios, kept, SHIFT_RATE)};
	}
	free(scratch);
	free(ratios);
	return scratch && ratios ? 0 : -ENOMEM;
}

/* ------------------------------------------------------------- both */

/* Have all intervals reach over the shift, if it is known. */
static void machine_add(struct compared_machine *machine,
			const struct stats_shift *shift)
{
	if (!isfinite(shift->interval.lo) || !isfinite(shift->interval.hi))
		return;
	machine->reach = stats_hull(machine->reach, shift->interval);
	machine->rate += SHIFT_RATE;
}

int compare_find_machine(struct comparison *comparison, const struct timings *a,
			 const struct timings *b)
{
	struct compared_machine *machine = &comparison->machine;
	const struct record *record_a = comparison->a.record;
	const struct record *record_b = comparison->b.record;
	int rc;

	*machine =
		(struct compared_machine){.work = unknown, .serial = unknown};
	if (comparison->of != TIMINGS_TIME || comparison->paired ||
	    record_a == record_b || compare_other_cpu(record_a, record_b))
		return 0;
	rc = machine_compare_work(record_a, record_b, &machine->work);
	if (rc == 0 && machine_is_alone(record_a, record_b))
		rc = machine_compare_serial(a, b, &machine->serial);
	machine_add(machine, &machine->work);
	machine_add(machine, &machine->serial);
	return rc;
}
