/* SPDX-License-Identifier: MIT */
#include "bench/commands/common/study_run.h"

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
	char *path;   /* of the record; NULL: it is in memory alone */
	bool lacking; /* what was put in parts is not all there, as was told */
};

static int study_complain(const struct study_run *run, const char *what)
{
	fprintf(stderr, "%s: %s\n", run->program, what);
	return 1;
}

/* What was written so far goes, and the rest stays in memory. */
static int study_detach(struct study_run *run)
{
	if (run->path)
		unlink(run->path);
	free(run->path);
	run->path = NULL;
	record_free(run->record);
	run->record = record_new();
	return run->record ? 0 : study_complain(run, "out of memory");
}

/* Where the record goes, with its header. 0 or -errno, with `error` filled. */
static int study_attach(struct study_run *run, json_t *header,
			char error[ERROR_TEXT_MAX])
{
	int rc = record_attach(run->record, run->path, error);

	/* A file of this name is not ours. */
	if (rc) {
		free(run->path);
		run->path = NULL;
		return rc;
	}
	rc = record_put_header(run->record, json_incref(header));
	if (rc)
		snprintf(error, ERROR_TEXT_MAX, "%s: %s", run->path,
			 strerror(-rc));
	return rc;
}

/* 0, or 1 with the reason told. */
static int study_begin(struct study_run *run, const char *command,
		       json_t *header, const char *out)
{
	char error[ERROR_TEXT_MAX], what[32];

	snprintf(what, sizeof(what), "%s-", command);
	run->record = record_new();
	run->path = out ? strdup(out) : outfile_new(what, "");
	if (!run->record || !run->path || !header)
		return study_complain(run, "out of memory");
	if (study_attach(run, header, error) == 0)
		return 0;
	if (out)
		return study_complain(run, error);
	fprintf(stderr, "%s: no record is kept: %s\n", run->program, error);
	if (study_detach(run))
		return 1;
	return record_put_header(run->record, json_incref(header))
		       ? study_complain(run, "out of memory")
		       : 0;
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

/* Measure, with `run` begun by this status. */
static int study_measure_with(struct study_run *run, int status,
			      study_measure *measure, void *data,
			      const struct topology *topology)
{
	if (status == 0)
		status = measure(data, topology, run);
	study_end(run);
	return status;
}

int study_run(const char *command, int argc, char *const *argv, const char *out,
	      study_measure *measure, void *data)
{
	struct study_run run = {.path = NULL};
	struct topology *topology;
	struct error error;
	json_t *header;
	int status;

	snprintf(run.program, sizeof(run.program), "breakeven %s", command);
	if (topology_load(NULL, &topology, &error))
		return study_complain(&run, error.text);
	header = header_make_study(command, argc, argv, topology);
	status = study_begin(&run, command, header, out);
	status = study_measure_with(&run, status, measure, data, topology);
	json_decref(header);
	topology_free(topology);
	return status;
}

/* 0, or an exit status with the reason told. */
static int study_reopen(struct study_run *run, const char *command,
			const char *path)
{
	char error[ERROR_TEXT_MAX];
	const char *study;

	if (record_resume(path, &run->record, error)) {
		study_complain(run, error);
		return 2;
	}
	study = run->record->study;
	run->path = strdup(path);
	if (!run->path)
		return study_complain(run, "out of memory");
	if (study && strcmp(study, command) == 0 && run->record->nrows)
		return 0;
	fprintf(stderr, "%s: --resume: %s is no record of `%s`\n", run->program,
		path, run->program);
	free(run->path); /* it is not ours to remove */
	run->path = NULL;
	return 2;
}

int study_resume(const char *command, const char *path, study_measure *measure,
		 void *data)
{
	struct study_run run = {.path = NULL};
	struct topology *topology;
	struct error error;
	int status;

	snprintf(run.program, sizeof(run.program), "breakeven %s", command);
	if (topology_load(NULL, &topology, &error))
		return study_complain(&run, error.text);
	status = study_reopen(&run, command, path);
	status = study_measure_with(&run, status, measure, data, topology);
	topology_free(topology);
	return status;
}

/* Tell it, if it is one. */
static void study_note_failure(struct study_run *run, int rc)
{
	if (rc == 0)
		return;
	fprintf(stderr, "%s: the record %s cannot be written: %s\n",
		run->program, run->path ? run->path : "in memory",
		strerror(-rc));
	run->lacking = true;
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
	json_t *header;

	if (rc == 0)
		return 0;
	study_note_failure(run, rc);
	header = json_incref(run->record->header);
	rc = study_detach(run) ||
	     record_put_header(run->record, json_incref(header)) ||
	     study_put(run->record, object, complete);
	json_decref(header);
	if (rc) {
		record_free(run->record);
		run->record = NULL;
	}
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
	return output_finish(run->program, rc);
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

/* ------------------------------------------------------------- in parts */

json_t *study_run_object(const struct study_run *run)
{
	return study_record_object(run->record);
}

void study_run_put(struct study_run *run, json_t *object)
{
	if (!run->lacking)
		study_note_failure(
			run, object ? study_record_put(run->record, object)
				    : -ENOMEM);
	json_decref(object);
}

void study_run_add(struct study_run *run, const char *table, json_t *row)
{
	if (!run->lacking)
		study_note_failure(
			run, row ? study_record_add(run->record, table, row)
				 : -ENOMEM);
	json_decref(row);
}

int study_run_close(struct study_run *run, bool complete)
{
	int rc = 0;

	if (run->record->nrows && !run->lacking) {
		rc = study_put_verdict(run->record);
		if (rc == 0)
			rc = record_put_end(run->record, complete, NULL);
		study_note_failure(run, rc);
	}
	return run->lacking;
}

const char *study_run_path(const struct study_run *run)
{
	return run->record->nrows ? run->path : NULL;
}
