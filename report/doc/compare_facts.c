/* SPDX-License-Identifier: MIT */
#include "report/doc/compare_facts.h"

#include "report/doc/text.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum unit { UNIT_PLAIN, UNIT_BYTES, UNIT_NS };

/* Where a fact stands in a header, and what it is called. */
static const struct place {
	const char *what;
	const char *object; /* NULL: the header itself */
	const char *key;
	enum unit unit;
	const char *missing; /* what it is where it does not stand */
} places[] = {
	{"CPU", "machine", "model", UNIT_PLAIN, "not known"},
	{"host", "machine", "hostname", UNIT_PLAIN, "not known"},
	{"CPUs", "machine", "cpus", UNIT_PLAIN, "not known"},
	{"CPUs allowed", "machine", "allowed", UNIT_PLAIN, "not known"},
	{"CPU quota", "machine", "quota_cpus", UNIT_PLAIN, "none"},
	{"cores", "machine", "cores", UNIT_PLAIN, "not known"},
	{"packages", "machine", "packages", UNIT_PLAIN, "not known"},
	{"NUMA nodes", "machine", "numa_nodes", UNIT_PLAIN, "not known"},
	{"L1d cache", "machine", "l1d", UNIT_BYTES, "not known"},
	{"L2 cache", "machine", "l2", UNIT_BYTES, "not known"},
	{"L3 cache", "machine", "l3", UNIT_BYTES, "not known"},
	{"memory", "machine", "memory", UNIT_BYTES, "not known"},
	{"page size", "machine", "page_size", UNIT_BYTES, "not known"},
	{"huge pages", "machine", "thp", UNIT_PLAIN, "not known"},
	{"huge pages, shared", "machine", "thp_shmem", UNIT_PLAIN, "not known"},
	{"operating system", "machine", "kernel", UNIT_PLAIN, "not known"},
	{"hypervisor", "machine", "hypervisor", UNIT_PLAIN, "none"},
	{"clock", "machine", "clocksource", UNIT_PLAIN, "not known"},
	{"breakeven", NULL, "version", UNIT_PLAIN, "not known"},
	{"program", "build", "program", UNIT_PLAIN, "this one"},
	{"commit", "build", "commit", UNIT_PLAIN, "not known"},
	{"compiler", "build", "compiler", UNIT_PLAIN, "not known"},
	{"flags", "build", "flags", UNIT_PLAIN, "not known"},
	{"instruction set", "build", "kernels", UNIT_PLAIN, "not known"},
	{"build type", "build", "type", UNIT_PLAIN, "not known"},
	{"sanitizer", "build", "sanitizer", UNIT_PLAIN, "none"},
	{"environment", NULL, "environment", UNIT_PLAIN, "none"},
	{"pinning", "plan", "pin", UNIT_PLAIN, "not known"},
	{"arena", "plan", "arena", UNIT_PLAIN, "shared"},
	{"memory", "plan", "memory", UNIT_PLAIN, "where it is filled"},
	{"huge pages from", "plan", "huge", UNIT_PLAIN, "none"},
	{"generations", "plan", "generations", UNIT_PLAIN, "not known"},
	{"rounds", "plan", "rounds", UNIT_PLAIN, "not known"},
	{"epoch", "plan", "epoch_ns", UNIT_NS, "not known"},
	/* Of kernels. */
	{"formula", NULL, "formula", UNIT_PLAIN, "not known"},
	{"bytes an item", NULL, "bytes", UNIT_PLAIN, "not known"},
	{"flops an item", NULL, "flops", UNIT_PLAIN, "not known"},
	{"items of a tile", NULL, "grain", UNIT_PLAIN, "not known"},
};

enum {
	PLACES = sizeof(places) / sizeof(*places),
	KERNEL_PLACES = 4,
	HEADER_PLACES = PLACES - KERNEL_PLACES,
};

/* ------------------------------------------------------------- values */

static void put_bytes(FILE *out, double bytes)
{
	static const char *const units[] = {"B", "KiB", "MiB", "GiB", "TiB"};
	size_t unit = 0;

	while (unit + 1 < sizeof(units) / sizeof(*units) && bytes >= 1024) {
		bytes /= 1024;
		unit++;
	}
	fprintf(out, "%.3g %s", bytes, units[unit]);
}

static void put_number(FILE *out, double number, enum unit unit)
{
	if (unit == UNIT_BYTES)
		put_bytes(out, number);
	else if (unit == UNIT_NS)
		fputs(text_time(number).s, out);
	else
		fprintf(out, "%.15g", number);
}

static void put_strings(FILE *out, const json_t *array)
{
	for (size_t i = 0; i < json_array_size(array); i++) {
		const char *text = json_string_value(json_array_get(array, i));

		fprintf(out, "%s%s", i ? " " : "", text ? text : "?");
	}
}

/* A new string; NULL: out of memory. */
static char *value_of(const struct place *place, const json_t *value)
{
	const char *text = json_string_value(value);
	struct draft_text draft;

	if (!text_begin(&draft))
		return NULL;
	if (text && *text)
		fputs(text + strspn(text, " "), draft.file);
	else if (json_is_number(value))
		put_number(draft.file, json_number_value(value), place->unit);
	else if (json_array_size(value) > 0)
		put_strings(draft.file, value);
	else
		fputs(place->missing, draft.file);
	return text_end(&draft);
}

/* ------------------------------------------------------------- facts */

static void fact_free(struct compare_fact *fact)
{
	free(fact->what);
	free(fact->a);
	free(fact->b);
}

/* `of`: the kernel that it is of, or NULL. */
static int add_fact(struct compare_facts *facts, const struct place *place,
		    const char *of, const json_t *a, const json_t *b)
{
	struct compare_fact fact = {
		.a = value_of(place, json_object_get(a, place->key)),
		.b = value_of(place, json_object_get(b, place->key)),
	};
	int length = asprintf(&fact.what, "%s%s%s", of ? of : "",
			      of ? ": " : "", place->what);

	if (length < 0)
		fact.what = NULL;
	if (fact.what && fact.a && fact.b && strcmp(fact.a, fact.b) != 0) {
		facts->list[facts->count++] = fact;
		return 0;
	}
	length = fact.what && fact.a && fact.b ? 0 : -ENOMEM;
	fact_free(&fact);
	return length;
}

static const json_t *kernel_of(const struct record *record, size_t index)
{
	return json_array_get(json_object_get(record->header, "kernels"),
			      index);
}

static int add_kernel(struct compare_facts *facts, const struct record *a,
		      size_t k, const struct record *b)
{
	size_t other = 0;
	int rc = 0;

	while (other < b->nkernels &&
	       strcmp(a->kernels[k], b->kernels[other]) != 0)
		other++;
	for (size_t i = HEADER_PLACES;
	     rc == 0 && other < b->nkernels && i < PLACES; i++)
		rc = add_fact(facts, &places[i], a->kernels[k], kernel_of(a, k),
			      kernel_of(b, other));
	return rc;
}

int compare_facts_init(struct compare_facts *facts, const struct record *a,
		       const struct record *b)
{
	int rc = 0;

	*facts = (struct compare_facts){
		.list = calloc(HEADER_PLACES + KERNEL_PLACES * a->nkernels,
			       sizeof(*facts->list))};
	if (!facts->list)
		return -ENOMEM;
	for (size_t i = 0; rc == 0 && i < HEADER_PLACES; i++) {
		const char *object = places[i].object;

		rc = add_fact(facts, &places[i], NULL,
			      object ? json_object_get(a->header, object)
				     : a->header,
			      object ? json_object_get(b->header, object)
				     : b->header);
	}
	for (size_t k = 0; rc == 0 && k < a->nkernels; k++)
		rc = add_kernel(facts, a, k, b);
	return rc;
}

void compare_facts_free(struct compare_facts *facts)
{
	for (size_t i = 0; i < facts->count; i++)
		fact_free(&facts->list[i]);
	free(facts->list);
}
