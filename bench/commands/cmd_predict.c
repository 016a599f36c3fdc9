/* SPDX-License-Identifier: MIT */
#include "analysis/analyse.h"
#include "analysis/prediction.h"
#include "analysis/studies/dispatch_result.h"
#include "bench/cli/options.h"
#include "bench/cli/terminal.h"
#include "bench/commands/commands.h"
#include "bench/engine/describe.h"
#include "core/spec.h"
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
	json_t **objects;  /* that their strings lie in */
	json_t **machines; /* of their headers */
	size_t count;	   /* of all three */
	struct prediction_part *parts;
	size_t nparts;
};

static void sources_free(struct predict_sources *sources)
{
	for (size_t i = 0; i < sources->count; i++) {
		dispatch_free(&sources->dispatches[i]);
		json_decref(sources->objects[i]);
		json_decref(sources->machines[i]);
	}
	free(sources->dispatches);
	free(sources->objects);
	free(sources->machines);
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

/* What is wrong with a record of `dispatch` as a source; NULL: nothing. */
static const char *find_fault(const struct dispatch *dispatch,
			      const struct record *record)
{
	json_int_t cpus = json_integer_value(json_object_get(
		json_object_get(record->header, "machine"), "allowed"));

	if (cpus > 0 && dispatch->workers > (unsigned)cpus)
		return "its workers share CPUs, which costs more than handing "
		       "out";
	if (dispatch->tiles != dispatch->workers)
		return "it was not of a tile for each worker";
	return NULL;
}

/* The record is freed: the object has all of it. */
static int take_dispatch(struct predict_sources *sources, const char *path,
			 struct record *record)
{
	struct dispatch *dispatch = &sources->dispatches[sources->count];
	json_t *object = study_record_object(record);
	int rc = dispatch_read(object, dispatch);
	const char *fault = rc ? NULL : find_fault(dispatch, record);

	if (rc)
		fprintf(stderr, SAY "%s: %s\n", path,
			rc == -EINVAL ? "its rows are not those of `dispatch`"
				      : strerror(-rc));
	if (fault)
		fprintf(stderr, SAY "%s is left out: %s\n", path, fault);
	if (rc || fault) {
		dispatch_free(dispatch);
		json_decref(object);
	} else {
		sources->machines[sources->count] =
			json_incref(json_object_get(record->header, "machine"));
		sources->objects[sources->count++] = object;
	}
	record_free(record);
	return rc ? 1 : 0;
}

static bool is_of_roof(const struct record *record)
{
	const char *command = json_string_value(
		json_array_get(json_object_get(record->header, "command"), 1));

	return command && strcmp(command, "roof") == 0;
}

static int take_record(struct predict_sources *sources, const char *path)
{
	char error[ERROR_TEXT_MAX];
	struct record *record;

	if (record_read(path, &record, error)) {
		fprintf(stderr, SAY "%s\n", error);
		return 1;
	}
	if (is_of_roof(record)) {
		fprintf(stderr,
			SAY "%s is of `breakeven roof`, which measures memory "
			    "alone: name a record of `bench` or `scale`\n",
			path);
		record_free(record);
		return 2;
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
	size_t room = (size_t)files->count;
	int status = 0;

	sources->dispatches = calloc(room, sizeof(*sources->dispatches));
	sources->objects = calloc(room, sizeof(json_t *));
	sources->machines = calloc(room, sizeof(json_t *));
	if (!sources->dispatches || !sources->objects || !sources->machines)
		return 1;
	for (int i = 0; status == 0 && i < files->count; i++)
		status = take_record(sources, files->at[i]);
	return status ? status : check_sources(sources);
}

/* Say once if they are of another machine than the run. */
static void check_machines(const struct predict_sources *sources)
{
	const json_t *run = json_object_get(sources->run->header, "machine");

	for (size_t i = 0; i < sources->count; i++)
		if (!json_equal(
			    json_object_get(run, "model"),
			    json_object_get(sources->machines[i], "model"))) {
			fputs(SAY "handing out was measured on another CPU "
				  "than the run: what is predicted is of "
				  "neither\n",
			      stderr);
			return;
		}
}

/* ------------------------------------------------------------- parts */

/* What a runner is, as the run has it, or else this program. */
struct runner_facts {
	bool creates, processes;
	bool divides; /* workers reach the data, and run side by side */
};

static bool is_made_to_behave(const char *name)
{
	static const char *const names[] = {"serial", "planted", "pthread-gil"};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (strcmp(names[i], name) == 0)
			return true;
	return false;
}

static struct runner_facts make_facts(const char *lifetime, const char *unit,
				      const char *data, bool has_base)
{
	return (struct runner_facts){
		.creates = strcmp(lifetime, "per call") == 0,
		.processes = strcmp(unit, "process") == 0,
		.divides = !has_base && (strcmp(data, "in place") == 0 ||
					 strcmp(data, "shared") == 0),
	};
}

/* 0, or an enum error_kind with `error` filled: this program lacks it. */
static int describe_unmeasured(const char *name, struct runner_facts *facts,
			       struct error *error)
{
	json_t *known = NULL;
	int rc = describe_runner(NULL, name, &known, error);

	if (rc == 0)
		*facts = make_facts(
			json_string_value(json_object_get(known, "lifetime")),
			json_string_value(json_object_get(known, "unit")),
			json_string_value(json_object_get(known, "data")),
			json_is_string(json_object_get(known, "base")));
	json_decref(known);
	return rc;
}

/* The same. */
static int describe_part(const struct record *run, const char *spec,
			 struct runner_facts *facts, struct error *error)
{
	char name[SPEC_NAME_MAX] = "";
	int rc = -1;

	spec_name(spec, name);
	*facts = (struct runner_facts){.divides = false};
	for (size_t i = 0; rc && i < run->nrunners; i++) {
		const struct record_runner *runner = &run->runners[i];

		if (strcmp(runner->spec, spec) != 0)
			continue;
		*facts =
			make_facts(runner->lifetime, runner->unit, runner->data,
				   strcmp(runner->base, "serial") != 0);
		rc = 0;
	}
	if (rc)
		rc = describe_unmeasured(name, facts, error);
	facts->divides &= !is_made_to_behave(name);
	return rc;
}

/* Is anything to be said of it? Else it is told why not. */
static bool can_predict(const struct record *run, const char *spec,
			struct runner_facts *facts)
{
	struct error error;

	if (describe_part(run, spec, facts, &error))
		fprintf(stderr,
			SAY "%s is left out: the run has not measured it, and "
			    "%s\n",
			spec, error.text);
	else if (!facts->divides)
		fprintf(stderr,
			SAY "%s is left out: its data is sent to its workers, "
			    "or they do not run side by side\n",
			spec);
	return facts->divides;
}

/* Add it, or widen what is there of the same runner and workers. */
static void add_part(struct predict_sources *sources,
		     const struct prediction_part *part)
{
	for (size_t i = 0; i < sources->nparts; i++) {
		struct prediction_part *other = &sources->parts[i];

		if (other->workers != part->workers ||
		    strcmp(other->runner, part->runner) != 0)
			continue;
		other->ns = sqrt(other->ns * part->ns);
		other->interval = stats_hull(other->interval, part->interval);
		return;
	}
	sources->parts[sources->nparts++] = *part;
}

static void add_parts(struct predict_sources *sources,
		      const struct dispatch *dispatch)
{
	for (size_t i = 0; i < dispatch->nrows; i++) {
		struct prediction_part part = {
			.runner = dispatch->rows[i].runner};
		struct runner_facts facts;

		if (!dispatch_is_first_row(dispatch, i))
			continue;
		if (!can_predict(sources->run, part.runner, &facts))
			continue;
		part.creates = facts.creates;
		part.processes = facts.processes;
		part.workers = dispatch_cost(dispatch, part.runner, &part.ns,
					     &part.interval);
		if (part.workers)
			add_part(sources, &part);
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
	const char *kernel = options->kernel, *runner = options->runner;

	if (kernel || runner)
		fprintf(stderr, SAY "nothing is predicted%s%s%s%s: %s%s%s\n",
			kernel ? " for kernel " : "", kernel ? kernel : "",
			runner ? " under runner " : "", runner ? runner : "",
			kernel ? "the run must have it, at two sizes or more"
			       : "",
			kernel && runner ? ", and " : "",
			runner ? "a record of `dispatch` must have it, with "
				 "two workers or more"
			       : "");
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
	return output_finish("breakeven predict", rc) ? 1 : 0;
}

static int answer(const struct predict_options *options,
		  const struct predict_sources *sources)
{
	static const unsigned usual[] = {2, 4, 8, 16, 32, 64, 128};
	const struct cli_counts *workers = &options->workers;
	struct prediction_page page = {
		.asked = {.record = sources->run,
			  .findings = sources->findings,
			  .placement = find_placement(sources),
			  .parts = sources->parts,
			  .nparts = sources->nparts,
			  .kernel = options->kernel,
			  .runner = options->runner,
			  .workers = workers->count ? workers->at : usual,
			  .nworkers = workers->count
					      ? workers->count
					      : sizeof(usual) / sizeof(*usual)},
		.run_trip_ns = sources->findings->nplacements > 1
				       ? NAN
				       : sources->findings->checks.trip_ns[1],
		.parts_trip_ns = sources->dispatches[0].raw_ns,
	};
	int status = 1;

	if (predictions_make(&page.asked, &page.predictions) < 0)
		fputs(SAY "out of memory\n", stderr);
	else if (page.predictions.count == 0)
		status = tell_nothing(options);
	else
		status = write_page(options, &page);
	predictions_free(&page.predictions);
	return status;
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
		check_machines(&sources);
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
