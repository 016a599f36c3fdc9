/* SPDX-License-Identifier: MIT */
#include "analysis/analyse.h"
#include "analysis/prediction.h"
#include "analysis/studies/dispatch_result.h"
#include "bench/cli/options.h"
#include "bench/cli/terminal.h"
#include "bench/commands/commands.h"
#include "bench/host/registry.h"
#include "report/pages/prediction_page.h"
#include "results/study_record.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SAY "breakeven predict: "

enum { WORKERS_MOST = 4096 };

struct predict_options {
	struct cli_files records;
	const char *kernel, *runner;
	struct cli_counts workers;
	int format;
};

#define AT(field) offsetof(struct predict_options, field)

static const struct cli_option predict_options[] = {
	{NULL, 0, OPT_FILES(2), AT(records), "RECORD...",
	 "one of `bench` or `scale`, and one or more of `dispatch`"},
	{"workers", 'w', OPT_COUNTS(2, WORKERS_MOST), AT(workers), "LIST",
	 "Numbers of workers to predict (default 2,4,8, ... 128)"},
	{"kernel", 'k', OPT_KERNEL, AT(kernel), "NAME", "Only this kernel"},
	{"runner", 'r', OPT_RUNNER, AT(runner), "NAME", "Only this runner"},
	CLI_ROW_FORMAT(struct predict_options, format),
	CLI_ROW_END,
};

static const struct cli_example predict_examples[] = {
	{"breakeven predict run.jsonl dispatch.jsonl -w 16,64",
	 "From a run and from what handing out costs, for larger machines."},
	{NULL, NULL},
};

/* What the records say; freed by sources_free(). */
struct predict_sources {
	struct record *run; /* NULL: there is none yet */
	const char *run_path;
	struct findings *findings;
	struct dispatch *dispatches;
	json_t **objects; /* that their strings lie in */
	size_t count;	  /* of both */
	struct prediction_part *parts;
	size_t nparts;
};

static void sources_free(struct predict_sources *sources)
{
	for (size_t i = 0; i < sources->count; i++) {
		dispatch_free(&sources->dispatches[i]);
		json_decref(sources->objects[i]);
	}
	free(sources->dispatches);
	free(sources->objects);
	free(sources->parts);
	findings_free(sources->findings);
	record_free(sources->run);
}

/* ------------------------------------------------------------- records */

/* 0 or an exit status, told why. */
static int take_run(struct predict_sources *sources, const char *path,
		    struct record *record)
{
	if (sources->run) {
		fprintf(stderr,
			SAY "%s and %s are both of runs: name one, and records "
			    "of `breakeven dispatch`\n",
			sources->run_path, path);
		record_free(record);
		return 2;
	}
	sources->run = record;
	sources->run_path = path;
	sources->findings = findings_make(record);
	return sources->findings ? 0 : 1;
}

/* The record is freed: the object has all of it. */
static int take_dispatch(struct predict_sources *sources, const char *path,
			 struct record *record)
{
	json_t *object = study_record_object(record);
	int rc;

	record_free(record);
	sources->objects[sources->count] = object;
	rc = dispatch_read(object, &sources->dispatches[sources->count++]);
	if (rc == 0)
		return 0;
	fprintf(stderr, SAY "%s: %s\n", path,
		rc == -EINVAL ? "its rows are not those of `dispatch`"
			      : strerror(-rc));
	return 1;
}

static int take_record(struct predict_sources *sources, const char *path)
{
	char error[ERROR_TEXT_MAX];
	struct record *record;

	if (record_read(path, &record, error)) {
		fprintf(stderr, SAY "%s\n", error);
		return 1;
	}
	if (!record->study)
		return take_run(sources, path, record);
	if (strcmp(record->study, "dispatch") == 0)
		return take_dispatch(sources, path, record);
	fprintf(stderr,
		SAY "%s is of `breakeven %s`: name records of `bench`, `scale` "
		    "and `dispatch`\n",
		path, record->study);
	record_free(record);
	return 2;
}

static int check_sources(const struct predict_sources *sources)
{
	if (!sources->run) {
		fputs(SAY "none of these is of a run, which tells what serial "
			  "takes: name one of `breakeven bench`\n",
		      stderr);
		return 2;
	}
	if (sources->count == 0) {
		fputs(SAY "none of these tells what handing out work costs: "
			  "measure it with `breakeven dispatch -r RUNNERS`\n",
		      stderr);
		return 2;
	}
	return 0;
}

static int read_sources(const struct cli_files *files,
			struct predict_sources *sources)
{
	int status = 0;

	sources->dispatches =
		calloc((size_t)files->count, sizeof(*sources->dispatches));
	sources->objects = calloc((size_t)files->count, sizeof(json_t *));
	if (!sources->dispatches || !sources->objects)
		return 1;
	for (int i = 0; status == 0 && i < files->count; i++)
		status = take_record(sources, files->at[i]);
	return status ? status : check_sources(sources);
}

/* ------------------------------------------------------------- parts */

/* Does it create workers in each call, and which? By the run, or, if it has not
 * measured that runner, by this program. */
static void describe_runner(const struct record *run,
			    struct prediction_part *part)
{
	size_t length = strcspn(part->runner, ":");

	for (size_t i = 0; registry_runners[i]; i++)
		if (strncmp(registry_runners[i]->name, part->runner, length) ==
			    0 &&
		    !registry_runners[i]->name[length]) {
			part->creates =
				registry_runners[i]->lifetime == LIFETIME_CALL;
			part->processes =
				registry_runners[i]->unit == UNIT_PROCESS;
		}
	for (size_t i = 0; i < run->nrunners; i++)
		if (strcmp(run->runners[i].spec, part->runner) == 0) {
			part->creates = strcmp(run->runners[i].lifetime,
					       "per call") == 0;
			part->processes =
				strcmp(run->runners[i].unit, "process") == 0;
		}
}

static void add_parts(struct predict_sources *sources,
		      const struct dispatch *dispatch)
{
	for (size_t i = 0; i < dispatch->nrows; i++) {
		struct prediction_part part = {
			.runner = dispatch->rows[i].runner};

		if (!dispatch_is_first_row(dispatch, i))
			continue;
		part.workers = dispatch_cost(dispatch, part.runner, &part.ns,
					     &part.interval);
		describe_runner(sources->run, &part);
		if (part.workers)
			sources->parts[sources->nparts++] = part;
	}
}

static int make_parts(struct predict_sources *sources)
{
	size_t room = 1;

	for (size_t i = 0; i < sources->count; i++)
		room += sources->dispatches[i].nrows;
	sources->parts = calloc(room, sizeof(*sources->parts));
	if (!sources->parts)
		return 1;
	for (size_t i = 0; i < sources->count; i++)
		add_parts(sources, &sources->dispatches[i]);
	return 0;
}

/* The placement that handing out was measured in, or else the commoner one. */
static const char *find_placement(const struct predict_sources *sources)
{
	const struct findings *findings = sources->findings;
	const char *wanted = sources->dispatches[0].placement;

	for (size_t i = 0; i < findings->nplacements; i++)
		if (strcmp(findings->placements[i], wanted) == 0)
			return findings->placements[i];
	return findings->nplacements ? findings->placements[0] : "unknown";
}

/* ------------------------------------------------------------- answer */

static int tell_nothing(const struct predict_options *options)
{
	if (options->kernel || options->runner)
		fputs(SAY "nothing of these records is what was asked for\n",
		      stderr);
	else
		fputs(SAY "nothing can be predicted: the run has fewer than "
			  "two sizes, or no runner was measured by `dispatch` "
			  "with two workers or more\n",
		      stderr);
	return 1;
}

static int write_page(const struct predict_options *options,
		      const struct prediction_page *page)
{
	struct report_style style;
	int rc;

	terminal_style(&style);
	style.form = (enum doc_form)options->format;
	rc = options->format == CLI_JSON
		     ? prediction_json_write(stdout, page)
		     : prediction_write(stdout, page, &style);
	if (rc < 0)
		fprintf(stderr, SAY "%s\n", strerror(-rc));
	return output_finish("breakeven predict") || rc < 0 ? 1 : 0;
}

static int answer(const struct predict_options *options,
		  const struct predict_sources *sources)
{
	static const unsigned usual[] = {2, 4, 8, 16, 32, 64, 128};
	const struct cli_counts *workers = &options->workers;
	const struct prediction_page page = {
		.asked = {.record = sources->run,
			  .findings = sources->findings,
			  .placement = find_placement(sources),
			  .parts = sources->parts,
			  .nparts = sources->nparts},
		.workers = workers->count ? workers->at : usual,
		.nworkers = workers->count ? workers->count
					   : sizeof(usual) / sizeof(*usual),
		.kernel = options->kernel,
		.runner = options->runner,
		.run_trip_ns = sources->findings->nplacements > 1
				       ? NAN
				       : sources->findings->checks.trip_ns[1],
		.parts_trip_ns = sources->dispatches[0].raw_ns,
	};

	if (!prediction_page_has_any(&page))
		return tell_nothing(options);
	return write_page(options, &page);
}

static int cmd_predict(int argc, char **argv)
{
	struct predict_options options = {.kernel = NULL};
	struct predict_sources sources = {.run = NULL};
	int status = cli_parse(&command_predict, argc, argv, &options);

	if (status != CLI_GO)
		return status;
	status = read_sources(&options.records, &sources);
	if (status == 0)
		status = make_parts(&sources);
	if (status == 0)
		status = answer(&options, &sources);
	sources_free(&sources);
	return status;
}

const struct cli_command command_predict = {
	.name = "predict",
	.summary = "break-even sizes with more workers than are here",
	.doc = "Predict from how many items on runners pay with numbers of "
	       "workers that were not measured: from a run's serial times, and "
	       "from what handing out work costs with few workers. What is "
	       "printed is marked as predicted, and held against what the run "
	       "measured.",
	.options = predict_options,
	.examples = predict_examples,
	.run = cmd_predict,
};
