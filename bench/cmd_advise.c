/* SPDX-License-Identifier: MIT */
#include "bench/commands.h"
#include "bench/list.h"
#include "bench/terminal.h"
#include "bench/usage.h"
#include "report/advise.h"

#include <errno.h>
#include <glob.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct wishes {
	const char *kernel;
	const char *from; /* NULL: the newest that holds the kernel */
	uint64_t n;
	double calls;
	bool shipped, json;
};

static const struct argp_option advise_options[] = {
	{"calls", 'c', "K", 0,
	 "A pool has to be created first, for K calls (default: it is there)",
	 0},
	{"data", 'd', "WHERE", 0,
	 "shared (default): workers reach it where it is; shipped: it has to "
	 "be sent to them, or they inherit it",
	 0},
	{"from", 'i', "FILE", 0,
	 "The record to ask (default: the newest one in results/runs, or of "
	 "breakeven-*.jsonl here, that holds the kernel)",
	 0},
	{"format", 'f', "FORMAT", 0, "table (default) or json", 0},
	{NULL, 0, NULL, 0, NULL, 0},
};

static error_t parse_calls(struct argp_state *state, const char *text,
			   double *calls)
{
	char error[160];
	unsigned count;
	size_t found;

	if (list_counts(text, 1, 1000000000, &count, 1, &found, error,
			sizeof(error)) < 0) {
		argp_error(state, "--calls: %s", error);
		return EINVAL;
	}
	*calls = count;
	return 0;
}

static error_t parse_data(struct argp_state *state, const char *text,
			  bool *shipped)
{
	*shipped = strcmp(text, "shipped") == 0;
	if (*shipped || strcmp(text, "shared") == 0)
		return 0;
	argp_error(state, "--data takes shared or shipped, not '%s'", text);
	return EINVAL;
}

/* KERNEL, and then N. */
static error_t parse_argument(struct argp_state *state, const char *text,
			      struct wishes *wishes)
{
	char error[160];
	uint64_t hi;

	if (state->arg_num > 1)
		return ARGP_ERR_UNKNOWN;
	if (state->arg_num == 0) {
		wishes->kernel = text;
		return 0;
	}
	if (list_sizes(text, &wishes->n, &hi, error, sizeof(error)) == 0 &&
	    hi == wishes->n)
		return 0;
	argp_error(state,
		   "'%s' is no size: items, as 10000, 10k or 4Mi, from 1 to "
		   "2^48",
		   text);
	return EINVAL;
}

static error_t advise_parse(int key, char *arg, struct argp_state *state)
{
	struct wishes *wishes = state->input;

	switch (key) {
	case 'c':
		return parse_calls(state, arg, &wishes->calls);
	case 'd':
		return parse_data(state, arg, &wishes->shipped);
	case 'i':
		wishes->from = arg;
		return 0;
	case 'f':
		return usage_format(state, arg, &wishes->json);
	case ARGP_KEY_ARG:
		return parse_argument(state, arg, wishes);
	case ARGP_KEY_END:
		if (state->arg_num >= 2)
			return 0;
		argp_error(state, "name a kernel and a size, as in `breakeven "
				  "advise sum 10k`");
		return EINVAL;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp advise_argp = {
	.options = advise_options,
	.parser = advise_parse,
	.args_doc = "KERNEL N",
	.doc = "Which backend to use for a kernel of N items, by what a record "
	       "says, how much it gains, and what would change the answer.",
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
	char error[RECORD_ERROR_MAX];
	int rc = record_read(path, record, error);

	if (rc) {
		fprintf(stderr, "breakeven advise: %s\n", error);
		return rc;
	}
	if (holds(*record, kernel))
		return 0;
	return -ENOENT;
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

/* The first of them that holds the kernel; what cannot be read is told, and
 * passed over. */
static int take_first(const struct candidate *list, size_t count,
		      const char *kernel, char **path, struct record **record)
{
	for (size_t i = 0; i < count; i++) {
		if (read_record(list[i].path, kernel, record) == 0) {
			*path = strdup(list[i].path);
			return *path ? 0 : -ENOMEM;
		}
		record_free(*record);
		*record = NULL;
	}
	return -ENOENT;
}

/* The newest record that holds the kernel, and its path, to be freed. 0,
 * -ENOENT or -ENOMEM. */
static int find_record(const char *kernel, char **path, struct record **record)
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
		rc = list ? take_first(list, count, kernel, path, record)
			  : -ENOMEM;
	}
	free(list);
	globfree(&files);
	return rc;
}

static void tell_missing(const struct wishes *wishes,
			 const struct record *record)
{
	if (!record) {
		fprintf(stderr,
			"breakeven advise: no record in results/runs or here "
			"(breakeven-*.jsonl) holds the kernel '%s': measure "
			"it with `breakeven bench -k '%s'`, or name a record "
			"by --from\n",
			wishes->kernel, wishes->kernel);
		return;
	}
	fprintf(stderr,
		"breakeven advise: there is no kernel '%s' in %s; "
		"there is",
		wishes->kernel, wishes->from);
	for (size_t i = 0; i < record->nkernels; i++)
		fprintf(stderr, "%s %s", i ? "," : "", record->kernels[i]);
	fputc('\n', stderr);
}

/* ------------------------------------------------------------- answer */

static int write_advice(const struct wishes *wishes,
			const struct record *record,
			const struct findings *findings, const char *path)
{
	const struct advise_question question = {
		wishes->kernel, wishes->n, wishes->calls, wishes->shipped};
	struct report_style style;
	struct advice advice;
	int rc = advise_init(&advice, record, findings, &question);

	terminal_style(&style);
	if (rc == 0)
		rc = wishes->json ? advise_write_json(stdout, &advice, path)
				  : advise_write(stdout, &advice, path, &style);
	advise_free(&advice);
	if (rc == 0)
		return 0;
	fprintf(stderr, "breakeven advise: cannot write: %s\n", strerror(-rc));
	return 1;
}

static int answer(const struct wishes *wishes, const struct record *record,
		  const char *path)
{
	struct findings *findings = findings_of(record);
	int status = 1;

	if (!findings)
		fprintf(stderr, "breakeven advise: out of memory\n");
	else if (!advise_knows(findings, wishes->kernel))
		fprintf(stderr,
			"breakeven advise: %s has no time of '%s': measure it "
			"with `breakeven bench -k '%s'`\n",
			path, wishes->kernel, wishes->kernel);
	else
		status = write_advice(wishes, record, findings, path);
	findings_free(findings);
	return status;
}

int cmd_advise(int argc, char **argv)
{
	struct wishes wishes = {.calls = INFINITY};
	int status = usage_parse(&advise_argp, argc, argv, &wishes);
	struct record *record = NULL;
	char *path = NULL;
	int rc;

	if (status)
		return usage_status(status);
	rc = wishes.from ? read_record(wishes.from, wishes.kernel, &record)
			 : find_record(wishes.kernel, &path, &record);
	if (rc == 0)
		status = answer(&wishes, record,
				wishes.from ? wishes.from : path);
	else
		status = rc == -ENOENT && record ? 2 : 1;
	if (rc == -ENOENT && (record || !wishes.from))
		tell_missing(&wishes, record);
	else if (rc == -ENOMEM)
		fprintf(stderr, "breakeven advise: out of memory\n");
	free(path);
	record_free(record);
	return status;
}
