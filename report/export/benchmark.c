/* SPDX-License-Identifier: MIT */
/*
 * google-benchmark's JSON, for compare.py and whatever else reads it. A cell is
 * a benchmark and its generations are the repetitions, each with the median of
 * its calls: those are independent, rounds within one are not, so that
 * compare.py's U test means something.
 */
#include "analysis/samples.h"
#include "report/doc/text.h"
#include "report/doc/words.h"
#include "report/export/export.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { DIGITS = 9 };

struct writer {
	FILE *out;
	const struct findings *findings;
	const struct samples *samples;
	double *scratch;
	bool begun; /* there is a benchmark already */
};

typedef double sample_time(const struct sample *sample);

static double runner_ns(const struct sample *sample)
{
	return sample->runner_ns;
}

static double runner_cpu_ns(const struct sample *sample)
{
	return sample->runner_cpu_ns;
}

static double serial_ns(const struct sample *sample)
{
	return sample->serial_ns;
}

static double serial_cpu_ns(const struct sample *sample)
{
	return sample->serial_cpu_ns;
}

/* NaN: none was taken. */
static double median_of(const struct writer *writer,
			const struct sample *samples, size_t count,
			sample_time *time)
{
	size_t kept = 0;

	for (size_t i = 0; i < count; i++)
		if (time(&samples[i]) > 0)
			writer->scratch[kept++] = time(&samples[i]);
	return stats_find_median(writer->scratch, kept);
}

/* Where the samples end that are of the same cell, and, with `generation`, of
 * the same generation as the first. */
static size_t group_end(const struct samples *samples, size_t begin,
			bool generation)
{
	const struct sample *first = &samples->list[begin];
	size_t end = begin + 1;

	while (end < samples->count &&
	       key_compare(&samples->list[end].key, &first->key) == 0 &&
	       (!generation ||
		samples->list[end].generation == first->generation))
		end++;
	return end;
}

static size_t count_generations(const struct samples *samples, size_t begin,
				size_t end)
{
	size_t count = 0;

	for (; begin < end; begin = group_end(samples, begin, true))
		count++;
	return count;
}

/* As JSON has it, to be freed; NULL: out of memory. */
static char *name_of(const struct writer *writer, const struct key *key,
		     bool serial)
{
	const struct samples *samples = writer->samples;
	struct draft_text name;
	json_t *json;
	char *text;

	if (!text_begin(&name))
		return NULL;
	fprintf(name.file, "%s/%s/workers:%u/n:%llu",
		samples->kernels.list[key->kernel],
		serial ? "serial" : samples->runners.list[key->runner],
		serial ? 1 : key->workers, (unsigned long long)key->n);
	if (writer->findings->nplacements > 1)
		fprintf(name.file, "/placement:%s",
			samples->placements[key->placement]);
	text = text_end(&name);
	json = text ? json_string(text) : NULL;
	free(text);
	text = json ? json_dumps(json, JSON_ENCODE_ANY) : NULL;
	json_decref(json);
	return text;
}

/* One after the other, and without an object for each: all at once would take
 * more memory than the record. `name` is a string of JSON. */
static void put_repetition(struct writer *writer, const char *name,
			   size_t index, size_t count,
			   const struct sample *samples, size_t nsamples,
			   bool serial)
{
	double real = median_of(writer, samples, nsamples,
				serial ? serial_ns : runner_ns);
	double cpu = median_of(writer, samples, nsamples,
			       serial ? serial_cpu_ns : runner_cpu_ns);

	fprintf(writer->out,
		"%s\n  {\"name\": %s, \"run_name\": %s, "
		"\"run_type\": \"iteration\", \"repetitions\": %zu, "
		"\"repetition_index\": %zu, \"threads\": 1, "
		"\"iterations\": %zu, \"real_time\": %.*g, "
		"\"cpu_time\": %.*g, \"time_unit\": \"ns\"}",
		writer->begun ? "," : "", name, name, count, index, nsamples,
		DIGITS, isnan(real) ? 0 : real, DIGITS, isnan(cpu) ? 0 : cpu);
	writer->begun = true;
}

/* All repetitions of the cell that begins there, or of the base at its size. */
static int put_cell(struct writer *writer, size_t begin, size_t end,
		    bool serial)
{
	const struct samples *samples = writer->samples;
	size_t count = count_generations(samples, begin, end), index = 0, next;
	char *name = name_of(writer, &samples->list[begin].key, serial);
	int rc = name ? 0 : -ENOMEM;

	for (; rc == 0 && begin < end; begin = next) {
		next = group_end(samples, begin, true);
		put_repetition(writer, name, index++, count,
			       &samples->list[begin], next - begin, serial);
	}
	free(name);
	return rc;
}

/* Is there a time of it that may be published? */
static bool is_told(const struct writer *writer, const struct key *key)
{
	const struct samples *samples = writer->samples;

	for (size_t i = 0; i < writer->findings->ncells; i++) {
		const struct cell *cell = &writer->findings->cells[i];
		const struct pair *pair = &cell->pair;

		if (cell->n == key->n && pair->workers == key->workers &&
		    strcmp(pair->runner, samples->runners.list[key->runner]) ==
			    0 &&
		    strcmp(pair->kernel, samples->kernels.list[key->kernel]) ==
			    0 &&
		    strcmp(pair->base, "serial") == 0 &&
		    strcmp(pair->placement,
			   samples->placements[key->placement]) == 0)
			return cell->rounds > 0;
	}
	return false;
}

/* The base at a size is the same to all that are compared with it there. */
struct told {
	size_t kernel;
	unsigned placement;
	uint64_t n;
};

static bool is_news(struct told *told, size_t *count, const struct key *key)
{
	for (size_t i = 0; i < *count; i++)
		if (told[i].kernel == key->kernel && told[i].n == key->n &&
		    told[i].placement == key->placement)
			return false;
	told[(*count)++] = (struct told){key->kernel, key->placement, key->n};
	return true;
}

static int put_cells(struct writer *writer)
{
	const struct samples *samples = writer->samples;
	struct told *told = calloc(writer->findings->ncells + 1, sizeof(*told));
	size_t ntold = 0, end;
	int rc = told ? 0 : -ENOMEM;

	for (size_t begin = 0; rc == 0 && begin < samples->count; begin = end) {
		const struct key *key = &samples->list[begin].key;

		end = group_end(samples, begin, false);
		if (key->base != 0 || !is_told(writer, key))
			continue;
		if (is_news(told, &ntold, key))
			rc = put_cell(writer, begin, end, true);
		if (rc == 0)
			rc = put_cell(writer, begin, end, false);
	}
	free(told);
	return rc;
}

static json_t *text_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return json_string(text ? text : "");
}

/* What was asked for and is not there, in words; NULL: out of memory. */
static json_t *left_out(const struct record *record,
			const struct findings *findings)
{
	json_t *list = json_array();
	bool more = true;

	for (size_t i = 0; list && more; i++) {
		struct draft_text draft;
		char *text;

		if (!text_begin(&draft)) {
			json_decref(list);
			return NULL;
		}
		more = words_left_out(draft.file, record, findings, i);
		text = text_end(&draft);
		if (text)
			text_plain(text, true);
		if (!text ||
		    (more && json_array_append_new(list, json_string(text)))) {
			json_decref(list);
			list = NULL;
		}
		free(text);
	}
	return list;
}

static json_t *context(const struct record *record,
		       const struct findings *findings)
{
	const json_t *machine = json_object_get(record->header, "machine");
	const json_t *cpus = json_object_get(machine, "cpus");

	return json_pack("{s:o,s:o,s:s,s:I,s:b,s:s,s:o,s:b,s:o}", "date",
			 text_of(record->header, "time"), "host_name",
			 text_of(machine, "hostname"), "executable",
			 "breakeven", "num_cpus", json_integer_value(cpus),
			 "cpu_scaling_enabled", 0, "library_build_type",
			 "release", "breakeven_machine",
			 text_of(machine, "model"), "breakeven_trusted",
			 (int)findings->trusted, "breakeven_left_out",
			 left_out(record, findings));
}

static int put_context(struct writer *writer, json_t *context)
{
	int rc;

	if (!context)
		return -ENOMEM;
	fputs("{\n \"context\": ", writer->out);
	rc = json_dumpf(context, writer->out,
			JSON_INDENT(1) | JSON_REAL_PRECISION(DIGITS));
	json_decref(context);
	return rc ? -EIO : 0;
}

int benchmark_write(FILE *out, const struct record *record,
		    const struct findings *findings,
		    const struct report_style *style)
{
	struct samples samples;
	struct writer writer = {
		.out = out, .findings = findings, .samples = &samples};
	int rc = samples_make(record, true, &samples);

	(void)style;
	writer.scratch = calloc(samples.count + 1, sizeof(double));
	if (rc == 0 && !writer.scratch)
		rc = -ENOMEM;
	if (rc == 0)
		rc = put_context(&writer, context(record, findings));
	fputs(",\n \"benchmarks\": [", out);
	if (rc == 0)
		rc = put_cells(&writer);
	fputs("\n ]\n}\n", out);
	free(writer.scratch);
	samples_free(&samples);
	return rc ? rc : report_flush(out);
}
