/* SPDX-License-Identifier: MIT */
#include "bench/cli/interrupt.h"
#include "bench/cli/list.h"
#include "bench/cli/outfile.h"
#include "bench/cli/progress.h"
#include "bench/cli/terminal.h"
#include "bench/cli/usage.h"
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
	bool json, quiet;
};

enum { KEY_FORMAT = 256, KEY_MAX, KEY_RUNS, KEY_QUIET };

static const struct argp_option creation_options[] = {
	{"max", KEY_MAX, "SIZE", 0,
	 "Memory of the largest parent, as 256Mi (default 4Gi, or half of what "
	 "is available)",
	 0},
	{"runs", KEY_RUNS, "N", 0,
	 "How often each is done, 3 to 1000 (default 15; six give an interval)",
	 0},
	{"format", KEY_FORMAT, "table|json", 0, "How to tell it", 0},
	{"out", 'o', "FILE.json", 0,
	 "The record (default: a new one in results/runs, or here)", 0},
	{"quiet", KEY_QUIET, NULL, 0, "No progress on standard error", 0},
	{NULL, 0, NULL, 0, NULL, 0},
};

static error_t parse_max(struct argp_state *state, const char *text,
			 uint64_t *max)
{
	char error[256];
	uint64_t hi;

	if (list_sizes(text, max, &hi, error, sizeof(error)) == 0 &&
	    *max == hi && *max >= 1 << 20)
		return 0;
	argp_error(state,
		   "--max takes bytes from 1Mi on, as 256Mi or 4Gi, not '%s'",
		   text);
	return EINVAL;
}

static error_t creation_parse(int key, char *arg, struct argp_state *state)
{
	struct creation_options *options = state->input;

	switch (key) {
	case KEY_MAX:
		return parse_max(state, arg, &options->max);
	case KEY_RUNS:
		return usage_count(state, "runs", arg, RUNS_MIN, RUNS_MAX,
				   &options->runs);
	case KEY_FORMAT:
		return usage_format(state, arg, &options->json);
	case 'o':
		options->out = arg;
		return 0;
	case KEY_QUIET:
		options->quiet = true;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp creation_argp = {
	.options = creation_options,
	.parser = creation_parse,
	.doc = "Time the creation of threads, processes and pools, in C and in "
	       "Python, by the memory of the parent in small and in huge "
	       "pages; and the faults of pages that are touched or copied.",
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

static int tell(const struct creation *found, bool json, const char *path)
{
	struct report_style style;
	int rc;

	terminal_style(&style);
	rc = json ? creation_json(found, stdout)
		  : creation_table(found, stdout, &style);
	if (rc == 0 && !json)
		printf("\nRecord: %s\n", path);
	return rc < 0 || output_finish("breakeven creation");
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

	progress_init(&progress, options->quiet, 0);
	rc = creation_measure(&wishes, found, error);
	progress_clear(&progress);
	if (rc == ERROR_INTERRUPTED)
		return interrupt_status(wishes.interrupt_fd);
	if (rc)
		return complain(error);
	status = write_record(found, record, path);
	if (tell(found, options->json, path))
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

int cmd_creation(int argc, char **argv)
{
	struct creation_options options = {.max = DEFAULT_MAX,
					   .runs = DEFAULT_RUNS};
	char error[256] = "";
	struct topology *topology;
	int status = usage_parse(&creation_argp, argc, argv, &options);

	if (status)
		return usage_status(status);
	if (topology_load(NULL, &topology, error, sizeof(error)) < 0)
		return complain(error);
	status = with_machine(&options, topology);
	topology_free(topology);
	return status;
}
