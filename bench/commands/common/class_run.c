/* SPDX-License-Identifier: MIT */
#include "bench/commands/common/class_run.h"

#include "bench/cli/options.h"
#include "bench/cli/record_files.h"
#include "bench/cli/terminal.h"
#include "report/lessons/class_page.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

struct class_reader {
	const char *program;
	struct class class;
	unsigned others; /* records of something else */
	int status;
};

static void class_complain(struct class_reader *reader, const char *path,
			   const char *why)
{
	fprintf(stderr, "%s: %s%s%s\n", reader->program, path,
		*path ? ": " : "", why);
	reader->status = 1;
}

static void class_read_file(struct class_reader *reader, const char *path)
{
	char error[ERROR_TEXT_MAX];
	struct record *record;
	int rc;

	if (record_read(path, &record, error)) {
		class_complain(reader, "", error);
		return;
	}
	if (!record->study || strcmp(record->study, "lab") != 0) {
		reader->others++;
	} else {
		rc = class_add(&reader->class, record);
		if (rc)
			class_complain(reader, path,
				       rc == -ENOMEM
					       ? "out of memory"
					       : "it was cut off before its "
						 "first lesson, or is of "
						 "another version");
	}
	record_free(record);
}

static int class_tell(const struct class_reader *reader, int format)
{
	struct report_style style;
	int rc;

	terminal_style(&style);
	style.count = 1;
	style.form = format == CLI_JSON ? DOC_TERMINAL : (enum doc_form)format;
	rc = format == CLI_JSON ? class_json(&reader->class, stdout)
				: class_write(&reader->class, stdout, &style);
	return output_finish(reader->program, rc) ? 1 : reader->status;
}

int class_run(const char *program, char *const *places, int nplaces, int format)
{
	struct class_reader reader = {.program = program};
	glob_t files = {.gl_pathc = 0};
	int rc = 0;

	for (int i = 0; rc == 0 && i < nplaces; i++)
		rc = record_files_add(places[i], &files);
	for (size_t i = 0; rc == 0 && i < files.gl_pathc; i++)
		class_read_file(&reader, files.gl_pathv[i]);
	globfree(&files);
	if (reader.others)
		fprintf(stderr,
			"%s: %u record%s of something else: passed over\n",
			program, reader.others, reader.others == 1 ? "" : "s");
	if (rc)
		class_complain(&reader, "", "out of memory");
	else if (reader.class.count == 0)
		class_complain(&reader, "", "there is no record of a lab");
	else
		reader.status = class_tell(&reader, format);
	class_free(&reader.class);
	return reader.status;
}
