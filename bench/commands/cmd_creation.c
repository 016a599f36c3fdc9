/* SPDX-License-Identifier: MIT */
#include "bench/cli/interrupt.h"
#include "bench/cli/options.h"
#include "bench/cli/outfile.h"
#include "bench/cli/progress.h"
#include "bench/cli/terminal.h"
#include "bench/cli/turn.h"
#include "bench/commands/commands.h"
#include "bench/host/build_facts.h"
#include "bench/machine/machine.h"
#include "bench/studies/creation.h"
#include "core/error.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DEFAULT_MAX (UINT64_C(4) << 30)

enum { DEFAULT_RUNS = 15, RUNS_MIN = 3, RUNS_MAX = 1000 };

struct creation_options {
	uint64_t max;
	unsigned runs;
	const char *out;
	int format;
	struct turn_options turn;
	bool quiet;
};

#define AT(field) offsetof(struct creation_options, field)

static const struct cli_option creation_options[] = {
	{"max", 0, OPT_SIZE(1 << 20), AT(max), "BYTES",
	 "Memory of the largest parent, as 256Mi (default 4Gi, or half of what "
	 "is available)"},
	{"runs", 0, OPT_COUNT(RUNS_MIN, RUNS_MAX), AT(runs), "N",
	 "Repetitions of each, 3 to 1000 (default 15; six give an interval)"},
	CLI_ROW_FORMAT(struct creation_options, format),
	{"output", 'o', OPT_OUTPUT, AT(out), "FILE.json",
	 "The record (default: a new one in results/runs, or here)"},
	CLI_ROW_TURN(struct creation_options, turn),
	CLI_ROW_QUIET(struct creation_options, quiet),
	CLI_ROW_END,
};

static const struct cli_example creation_examples[] = {
	{"breakeven creation --max 256Mi",
	 "Parents of up to 256 MiB: half a minute."},
	{NULL, NULL},
};

static int complain(const char *what)
{
	fprintf(stderr, "breakeven creation: %s\n", what);
	return 1;
}

/* Before anything is measured: a record that cannot be written is to be known
 * at once. NULL: told. */
static FILE *open_record(const struct creation_options *options, char **path)
{
	FILE *file;

	*path = options->out ? strdup(options->out)
			     : outfile_new("creation-", ".json");
	file = *path ? fopen(*path, "wxe") : NULL;
	if (!file)
		fprintf(stderr,
			"breakeven creation: the record %s cannot be written: "
			"%s%s\n",
			*path ? *path : "", strerror(errno),
			errno == EEXIST ? " (a record is never overwritten)"
					: "");
	return file;
}

static int write_record(const struct creation *found, FILE *record,
			const char *path)
{
	errno = 0;
	if (creation_json(found, record) == 0 && fflush(record) == 0)
		return 0;
	fprintf(stderr,
		"breakeven creation: the record %s cannot be written: %s\n",
		path, strerror(errno));
	return 1;
}

static int tell(const struct creation *found, int format, const char *path)
{
	struct report_style style;
	int rc;

	terminal_style(&style);
	style.form = (enum doc_form)format;
	rc = format == CLI_JSON ? creation_json(found, stdout)
				: creation_table(found, stdout, &style);
	if (rc == 0 && format == DOC_TERMINAL)
		printf("\nRecord: %s\n", path);
	return output_finish("breakeven creation") || rc < 0;
}

/* Measure, and write what was found. Returns the exit status. */
static int run(const struct creation_options *options,
	       const struct topology *topology, struct creation *found,
	       FILE *record, const char *path)
{
	char error[ERROR_TEXT_MAX] = "";
	struct progress progress;
	const struct creation_plan wishes = {
		.max = options->max,
		.runs = options->runs,
		.interrupt_fd = interrupt_open(),
		.topology = topology,
		.progress = &progress,
	};
	int rc, status;

	rc = turn_wait(&options->turn, wishes.interrupt_fd);
	progress_init(&progress, options->quiet, 0);
	if (rc == 0)
		rc = creation_measure(&wishes, found, error);
	progress_clear(&progress);
	if (rc == ERROR_INTERRUPTED)
		return interrupt_status(wishes.interrupt_fd);
	if (rc)
		return complain(error);
	status = write_record(found, record, path);
	if (tell(found, options->format, path))
		status = 1;
	if (status == 0 && found->nrows == 0)
		status = complain("nothing was measured: everything is left "
				  "out, see above");
	return status;
}

static int with_machine(const struct creation_options *options,
			const struct topology *topology)
{
	struct machine_facts facts;
	struct creation found = {.runs = 0};
	char *path = NULL;
	FILE *record = open_record(options, &path);
	int status = 1;

	if (!record) {
		free(path);
		return status;
	}
	machine_collect(topology, &facts);
	found.machine = machine_json(&facts);
	found.build = build_json();
	status = run(options, topology, &found, record, path);
	if (fclose(record) != 0 && status == 0)
		status = complain("the record cannot be written whole");
	/* A record of nothing is none. It was made by us, just now. */
	if (status > 1 || found.nrows == 0)
		unlink(path);
	json_decref(found.machine);
	json_decref(found.build);
	creation_free(&found);
	free(path);
	return status;
}

static int cmd_creation(int argc, char **argv)
{
	struct creation_options options = {.max = DEFAULT_MAX,
					   .runs = DEFAULT_RUNS};
	char error[256] = "";
	struct topology *topology;
	int status = cli_parse(&command_creation, argc, argv, &options);

	if (status != CLI_GO)
		return status;
	if (topology_load(NULL, &topology, error, sizeof(error)) < 0)
		return complain(error);
	status = with_machine(&options, topology);
	topology_free(topology);
	return status;
}

const struct cli_command command_creation = {
	.name = "creation",
	.summary = "what threads, processes and pools cost to create",
	.doc = "Time the creation of threads, processes and pools, in C and in "
	       "Python, by the memory of the parent in small and in huge "
	       "pages; and the faults of pages that are touched or copied.",
	.options = creation_options,
	.examples = creation_examples,
	.run = cmd_creation,
	.measures = true,
};
