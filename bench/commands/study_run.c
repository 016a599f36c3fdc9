/* SPDX-License-Identifier: MIT */
#include "bench/commands/study_run.h"

#include "bench/cli/outfile.h"
#include "bench/cli/terminal.h"
#include "bench/session/header.h"
#include "core/error.h"
#include "report/pages/study_page.h"
#include "results/record.h"
#include "results/study_record.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct study_run {
	char program[32]; /* "breakeven dispatch", for messages */
	struct record *record;
	char *path; /* of the record; NULL: it is in memory alone */
};

static int study_complain(const struct study_run *run, const char *what)
{
	fprintf(stderr, "%s: %s\n", run->program, what);
	return 1;
}

/* Where the record goes. 0, or 1 with the reason told. */
static int study_attach(struct study_run *run, const char *command,
			const char *out)
{
	char error[RECORD_ERROR_MAX], what[32];

	snprintf(what, sizeof(what), "%s-", command);
	run->path = out ? strdup(out) : outfile_new(what, ".jsonl");
	if (!run->path)
		return study_complain(run, "out of memory");
	if (record_attach(run->record, run->path, error) == 0)
		return 0;
	free(run->path);
	run->path = NULL;
	if (out)
		return study_complain(run, error);
	fprintf(stderr, "%s: no record is kept: %s\n", run->program, error);
	return 0;
}

/* 0, or 1 with the reason told. */
static int study_begin(struct study_run *run, const char *command,
		       json_t *header, const char *out)
{
	run->record = record_new();
	if (!run->record || !header)
		return study_complain(run, "out of memory");
	if (study_attach(run, command, out))
		return 1;
	if (record_put_header(run->record, json_incref(header)) == 0)
		return 0;
	return study_complain(run, "the record cannot be written");
}

static void study_end(struct study_run *run)
{
	bool empty = !run->record || run->record->nrows == 0;

	record_free(run->record);
	/* It was made by us, just now. */
	if (empty && run->path)
		unlink(run->path);
	free(run->path);
}

int study_run(const char *command, int argc, char *const *argv, const char *out,
	      study_measure *measure, void *data)
{
	struct study_run run = {.path = NULL};
	struct topology *topology;
	char error[ERROR_TEXT_MAX];
	json_t *header;
	int status;

	snprintf(run.program, sizeof(run.program), "breakeven %s", command);
	if (topology_load(NULL, &topology, error, sizeof(error)) < 0)
		return study_complain(&run, error);
	header = header_make_study(command, argc, argv, topology);
	status = study_begin(&run, command, header, out);
	if (status == 0)
		status = measure(data, topology, &run);
	study_end(&run);
	json_decref(header);
	topology_free(topology);
	return status;
}

/* A line for the history. */
static int study_put_verdict(struct record *record)
{
	char *says = study_headline(record);
	int rc = says ? record_put_verdict(
				record, json_pack("{s:s,s:s}", "study",
						  record->study, "says", says))
		      : -ENOMEM;

	free(says);
	return rc;
}

static int study_put(struct record *record, json_t *object, bool complete)
{
	int rc = study_record_put(record, object);

	if (rc == 0)
		rc = study_put_verdict(record);
	return rc ? rc : record_put_end(record, complete, NULL);
}

/* Where the file takes no more, the record goes on in memory, so that what was
 * measured can still be told. Returns the exit status. */
static int study_keep(struct study_run *run, json_t *object, bool complete)
{
	int rc = study_put(run->record, object, complete);
	struct record *record;

	if (rc == 0)
		return 0;
	fprintf(stderr, "%s: the record %s cannot be written: %s\n",
		run->program, run->path ? run->path : "", strerror(-rc));
	record = record_new();
	if (record &&
	    record_put_header(record, json_incref(run->record->header)) == 0)
		study_put(record, object, complete);
	record_free(run->record);
	run->record = record;
	return 1;
}

static int study_print(const struct study_run *run, int format)
{
	struct report_style style;
	int rc;

	terminal_style(&style);
	style.count = 1;
	style.form = format == CLI_JSON ? DOC_TERMINAL : (enum doc_form)format;
	rc = study_write(run->record,
			 format == CLI_JSON ? STUDY_JSON : STUDY_PAGE, stdout,
			 &style);
	if (rc == 0 && format == DOC_TERMINAL && run->path)
		printf("\nRecord: %s\n", run->path);
	return output_finish(run->program) || rc < 0;
}

int study_run_tell(struct study_run *run, json_t *object, bool complete,
		   int format)
{
	int status;

	if (!object)
		return study_complain(run, "out of memory");
	status = study_keep(run, object, complete);
	json_decref(object);
	if (!run->record)
		return study_complain(run, "out of memory");
	return study_print(run, format) ? 1 : status;
}
