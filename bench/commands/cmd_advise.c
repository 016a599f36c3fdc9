/* SPDX-License-Identifier: MIT */
#include "analysis/advise.h"
#include "analysis/analyse.h"
#include "bench/cli/options.h"
#include "bench/cli/terminal.h"
#include "bench/commands/commands.h"
#include "report/export/export.h"
#include "report/pages/advise_text.h"

#include <errno.h>
#include <glob.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct advise_options {
	const char *kernel;
	const char *from; /* NULL: the newest that holds the kernel */
	uint64_t n;
	unsigned calls; /* 0: a pool is there */
	int data, format;
};

enum { DATA_SHARED, DATA_SHIPPED };

static const char *const data_paths[] = {"shared", "shipped", NULL};

#define WHAT_TO_NAME "a kernel and a size, as in `breakeven advise sum 10k`"
#define AT(field)    offsetof(struct advise_options, field)

static const struct cli_option advise_options[] = {
	{NULL, 0, OPT_KERNEL, AT(kernel), "KERNEL", WHAT_TO_NAME},
	{NULL, 0, OPT_SIZE(1), AT(n), "ITEMS", WHAT_TO_NAME},
	{"calls", 'c', OPT_COUNT(1, 1e9), AT(calls), "CALLS",
	 "A pool has to be created first, for so many calls (default: it is "
	 "there)"},
	{"data", 'd', OPT_CHOICE(data_paths), AT(data), "WHERE",
	 "shared (default): workers reach it where it is; shipped: it has to "
	 "be sent to them, or they inherit it"},
	{"from", 'i', OPT_FILE, AT(from), "FILE",
	 "The record to ask (default: the newest one in results/runs, or of "
	 "breakeven-*.jsonl here, that holds the kernel; of one machine's, the "
	 "newest that is trusted)"},
	CLI_ROW_FORMAT(struct advise_options, format),
	CLI_ROW_END,
};

static const struct cli_example advise_examples[] = {
	{"breakeven advise sum 10k",
	 "Which backend to use at that size, by the newest record."},
	{"breakeven advise sum 10k --calls 100",
	 "The same, with the creation of a pool for 100 calls."},
	{NULL, NULL},
};

/* ------------------------------------------------------------- record */

static bool holds(const struct record *record, const char *kernel)
{
	for (size_t i = 0; i < record->nkernels; i++)
		if (strcmp(record->kernels[i], kernel) == 0)
			return true;
	return false;
}

/* A record, where it holds the kernel; -ENOENT where it does not. */
static int read_record(const char *path, const char *kernel,
		       struct record **record)
{
	char error[ERROR_TEXT_MAX];
	int rc = record_read(path, record, error);

	if (rc) {
		fprintf(stderr, "breakeven advise: %s\n", error);
		return rc;
	}
	return holds(*record, kernel) ? 0 : -ENOENT;
}

struct candidate {
	const char *path;
	struct timespec written;
};

static int newest_first(const void *a, const void *b)
{
	const struct candidate *x = a, *y = b;
	const struct timespec *s = &x->written, *t = &y->written;

	if (s->tv_sec != t->tv_sec)
		return s->tv_sec < t->tv_sec ? 1 : -1;
	return (s->tv_nsec < t->tv_nsec) - (s->tv_nsec > t->tv_nsec);
}

/* The regular ones of the files, to be freed; NULL: out of memory. */
static struct candidate *list_candidates(const glob_t *files, size_t *count)
{
	struct candidate *list = calloc(files->gl_pathc + 1, sizeof(*list));

	*count = 0;
	for (size_t i = 0; list && i < files->gl_pathc; i++) {
		struct stat facts;

		if (stat(files->gl_pathv[i], &facts) == 0 &&
		    S_ISREG(facts.st_mode))
			list[(*count)++] = (struct candidate){
				files->gl_pathv[i], facts.st_mtim};
	}
	if (list)
		qsort(list, *count, sizeof(*list), newest_first);
	return list;
}

/* What is asked; everything is freed by source_free(). */
struct advise_source {
	char *path;
	struct record *record;
	struct findings *findings;
};

static void source_free(struct advise_source *source)
{
	free(source->path);
	findings_free(source->findings);
	record_free(source->record);
	*source = (struct advise_source){NULL, NULL, NULL};
}

/* 0; -ENOENT, and the record, where it does not hold the kernel; or another
 * error, which has been told. */
static int source_open(const char *path, const char *kernel,
		       struct advise_source *source)
{
	int rc = read_record(path, kernel, &source->record);

	if (rc)
		return rc;
	source->path = strdup(path);
	source->findings = findings_make(source->record);
	return source->path && source->findings ? 0 : -ENOMEM;
}

static bool same_machine(const struct record *a, const struct record *b)
{
	static const char *const keys[] = {"model", "cpus", "allowed"};
	const json_t *x = json_object_get(a->header, "machine");
	const json_t *y = json_object_get(b->header, "machine");

	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++)
		if (!json_equal(json_object_get(x, keys[i]),
				json_object_get(y, keys[i])))
			return false;
	return true;
}

/* Is `other` to be asked in place of the newer `source`? */
static bool is_better(const struct advise_source *other,
		      const struct advise_source *source, const char *kernel)
{
	return !source->record ||
	       (other->findings->trusted && !source->findings->trusted &&
		advise_knows(other->findings, kernel) &&
		same_machine(other->record, source->record));
}

/* The newest of them that holds the kernel, or the newest trusted one of the
 * same machine; what cannot be read is told, and passed over. */
static int take_best(const struct candidate *list, size_t count,
		     const char *kernel, struct advise_source *source)
{
	const char *newest = NULL;

	for (size_t i = 0; i < count; i++) {
		struct advise_source other = {NULL, NULL, NULL};
		int rc = source_open(list[i].path, kernel, &other);

		if (rc == 0 && is_better(&other, source, kernel)) {
			newest = newest ? newest : list[i].path;
			source_free(source);
			*source = other;
		} else {
			source_free(&other);
		}
		if (rc == -ENOMEM)
			return rc;
		if (source->record && source->findings->trusted)
			break;
	}
	if (!source->record)
		return -ENOENT;
	if (strcmp(newest, source->path) != 0)
		fprintf(stderr,
			"breakeven advise: %s is newer, but NOT TRUSTED; "
			"--from asks it all the same\n",
			newest);
	return 0;
}

/* 0, -ENOENT or -ENOMEM. */
static int find_source(const char *kernel, struct advise_source *source)
{
	static const char *const patterns[] = {"results/runs/*.jsonl",
					       "breakeven-*.jsonl"};
	glob_t files = {.gl_pathc = 0};
	struct candidate *list = NULL;
	size_t count;
	int rc = 0;

	for (size_t i = 0; i < 2; i++)
		if (glob(patterns[i], i ? GLOB_APPEND : 0, NULL, &files) ==
		    GLOB_NOSPACE)
			rc = -ENOMEM;
	if (rc == 0) {
		list = list_candidates(&files, &count);
		rc = list ? take_best(list, count, kernel, source) : -ENOMEM;
	}
	free(list);
	globfree(&files);
	return rc;
}

static void tell_missing(const struct advise_options *options,
			 const struct record *record)
{
	if (!record) {
		fprintf(stderr,
			"breakeven advise: no record in results/runs or here "
			"(breakeven-*.jsonl) holds the kernel '%s': measure "
			"it with `breakeven bench -k '%s'`, or name a record "
			"by --from\n",
			options->kernel, options->kernel);
		return;
	}
	if (record->study) {
		fprintf(stderr,
			"breakeven advise: %s is of `breakeven %s`, which "
			"knows no break-even size: name a record of `bench`\n",
			options->from, record->study);
		return;
	}
	fprintf(stderr,
		"breakeven advise: there is no kernel '%s' in %s; "
		"there is",
		options->kernel, options->from);
	for (size_t i = 0; i < record->nkernels; i++)
		fprintf(stderr, "%s %s", i ? "," : "", record->kernels[i]);
	fputc('\n', stderr);
}

/* ------------------------------------------------------------- answer */

static int write_advice(const struct advise_options *options,
			const struct record *record,
			const struct findings *findings, const char *path)
{
	const struct advise_question question = {options->kernel, options->n,
						 options->calls ? options->calls
								: INFINITY,
						 options->data == DATA_SHIPPED};
	struct report_style style;
	struct advice advice;
	int rc = advise_init(&advice, record, findings, &question);

	terminal_style(&style);
	style.form = (enum doc_form)options->format;
	if (rc == 0)
		rc = options->format == CLI_JSON
			     ? advise_json_write(stdout, &advice, path)
			     : advise_write(stdout, &advice, path, &style);
	advise_free(&advice);
	return output_finish("breakeven advise", rc) ? 1 : 0;
}

static int answer(const struct advise_options *options,
		  const struct advise_source *source)
{
	if (advise_knows(source->findings, options->kernel))
		return write_advice(options, source->record, source->findings,
				    source->path);
	fprintf(stderr,
		"breakeven advise: %s has no time of '%s': measure it with "
		"`breakeven bench -k '%s'`\n",
		source->path, options->kernel, options->kernel);
	return 1;
}

static int cmd_advise(int argc, char **argv)
{
	struct advise_options options = {.calls = 0};
	int status = cli_parse(&command_advise, argc, argv, &options);
	struct advise_source source = {NULL, NULL, NULL};
	int rc;

	if (status != CLI_GO)
		return status;
	rc = options.from ? source_open(options.from, options.kernel, &source)
			  : find_source(options.kernel, &source);
	if (rc == 0)
		status = answer(&options, &source);
	else
		status = rc == -ENOENT && source.record ? 2 : 1;
	if (rc == -ENOENT && (source.record || !options.from))
		tell_missing(&options, source.record);
	else if (rc == -ENOMEM)
		fprintf(stderr, "breakeven advise: out of memory\n");
	source_free(&source);
	return status;
}

const struct cli_command command_advise = {
	.name = "advise",
	.summary = "which backend to use for a kernel at a size",
	.doc = "Which backend to use for a kernel of so many items, by what a "
	       "record says, how much it gains, and what would change the "
	       "answer.",
	.options = advise_options,
	.examples = advise_examples,
	.run = cmd_advise,
};
