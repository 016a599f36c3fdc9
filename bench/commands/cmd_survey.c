/* SPDX-License-Identifier: MIT */
#include "analysis/analyse.h"
#include "bench/cli/options.h"
#include "bench/cli/record_files.h"
#include "bench/cli/terminal.h"
#include "bench/commands/commands.h"
#include "report/pages/survey_page.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct survey_options {
	const char *kernel, *runner;
	int format;
	bool named;
	struct cli_files places;
};

#define AT(field) offsetof(struct survey_options, field)

static const struct cli_option survey_options[] = {
	{NULL, 0, OPT_FILES(1), AT(places), "FOLDER|FILE...",
	 "records of `bench` or `scale`, as in `breakeven survey "
	 "results/reference`"},
	{"kernel", 'k', OPT_KERNEL, AT(kernel), "NAME", "Only this kernel"},
	{"runner", 'r', OPT_RUNNER, AT(runner), "NAME", "Only this runner"},
	{"named", 0, OPT_FLAG, AT(named), NULL,
	 "Tell the names of hosts and files, too; else machines have letters "
	 "alone"},
	CLI_ROW_FORMAT(struct survey_options, format),
	CLI_ROW_END,
};

static const struct cli_example survey_examples[] = {
	{"breakeven survey results/reference",
	 "Records of several machines, side by side."},
	{"breakeven survey -k sum -f markdown records/",
	 "One kernel, as a table for an issue."},
	{NULL, NULL},
};

/* False: told why. */
static bool read_run(const char *path, struct survey_run *run)
{
	char error[ERROR_TEXT_MAX];

	*run = (struct survey_run){.path = path};
	if (record_read(path, &run->record, error)) {
		fprintf(stderr, "breakeven survey: %s\n", error);
		return false;
	}
	if (run->record->study || !run->record->header) {
		fprintf(stderr,
			"breakeven survey: %s: it is left out: it is no record "
			"of `bench`, and has no break-even sizes\n",
			path);
		record_free(run->record);
		return false;
	}
	run->findings = findings_make(run->record);
	return run->findings != NULL;
}

static int write_page(const struct survey *survey, int format)
{
	struct report_style style;

	if (format == CLI_JSON)
		return survey_json_write(stdout, survey);
	terminal_style(&style);
	style.form = (enum doc_form)format;
	return survey_write(stdout, survey, &style);
}

/* Returns the exit status. */
static int tell(const struct survey *survey, int format)
{
	int rc;

	if (!survey_has_any(survey)) {
		fputs("breakeven survey: nothing of these records is what was "
		      "asked for\n",
		      stderr);
		return 1;
	}
	rc = write_page(survey, format);
	return output_finish("breakeven survey", rc) ? 1 : 0;
}

static int survey_files(const struct survey_options *options,
			const glob_t *files)
{
	struct survey survey = {.kernel = options->kernel,
				.runner = options->runner,
				.named = options->named};
	int status = 0, told;

	survey.runs = calloc(files->gl_pathc + 1, sizeof(*survey.runs));
	if (!survey.runs)
		return 1;
	for (size_t i = 0; i < files->gl_pathc; i++) {
		if (read_run(files->gl_pathv[i], &survey.runs[survey.count]))
			survey.count++;
		else
			status = 1;
	}
	told = tell(&survey, options->format);
	for (size_t i = 0; i < survey.count; i++) {
		findings_free(survey.runs[i].findings);
		record_free(survey.runs[i].record);
	}
	free(survey.runs);
	return told ? told : status;
}

static int cmd_survey(int argc, char **argv)
{
	struct survey_options options = {.kernel = NULL};
	glob_t files = {.gl_pathc = 0};
	int status = cli_parse(&command_survey, argc, argv, &options);
	int rc = 0;

	if (status != CLI_GO)
		return status;
	for (int i = 0; rc == 0 && i < options.places.count; i++)
		rc = record_files_add(options.places.at[i], &files);
	status = rc ? 1 : survey_files(&options, &files);
	globfree(&files);
	return status;
}

const struct cli_command command_survey = {
	.name = "survey",
	.summary = "records of many machines side by side",
	.doc = "Hold records of many machines beside one another: a row for "
	       "each, a column for each quantity, and for each kernel from how "
	       "many items on which runner pays. Names of hosts are left out. "
	       "Exit status: 0; 1 when a record cannot be read or has none of "
	       "this.",
	.options = survey_options,
	.examples = survey_examples,
	.run = cmd_survey,
};
