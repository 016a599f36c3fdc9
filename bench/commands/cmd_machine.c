/* SPDX-License-Identifier: MIT */
#include "bench/cli/options.h"
#include "bench/cli/terminal.h"
#include "bench/commands/commands.h"
#include "bench/machine/audit.h"
#include "bench/machine/machine.h"
#include "bench/studies/latency.h"
#include "report/doc/text.h"
#include "system/quota.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct machine_options {
	const char *source; /* of a topology; NULL: this machine */
	bool latency;
};

#define AT(field) offsetof(struct machine_options, field)

static const struct cli_option machine_options[] = {
	{"topology", 0, OPT_FILE, AT(source), "SOURCE",
	 "A machine that is not here: a FILE that `lstopo x.xml` wrote, - for "
	 "standard input, or levels as \"pack:2 core:8 pu:2\""},
	{"latency", 0, OPT_FLAG, AT(latency), NULL,
	 "Instead, time a cache line from each CPU to each other one and "
	 "back"},
	CLI_ROW_END,
};

static const char *check_options(const struct cli_parse *parse, void *data)
{
	const struct machine_options *options = data;

	(void)parse;
	return options->latency && options->source
		       ? "--latency measures this machine, so it cannot go "
			 "with --topology"
		       : NULL;
}

static const struct cli_example machine_examples[] = {
	{"breakeven machine",
	 "What it is, what disturbs on it, and what to do about that."},
	{"breakeven machine --latency", "How far apart its CPUs are."},
	{NULL, NULL},
};

static const char *known(const char *value)
{
	return value[0] ? value : "not known";
}

static void line(const char *what, const char *value)
{
	printf("%-14s %s\n", what, known(value));
}

static void size_line(const char *what, uint64_t bytes)
{
	if (bytes >> 30 && bytes % (1 << 30) == 0)
		printf("%-14s %llu GiB\n", what,
		       (unsigned long long)bytes >> 30);
	else if (bytes >> 20)
		printf("%-14s %.1f MiB\n", what, (double)bytes / (1 << 20));
	else if (bytes)
		printf("%-14s %llu KiB\n", what,
		       (unsigned long long)bytes >> 10);
	else
		line(what, "none found");
}

static void print_shape(const struct machine_shape *shape)
{
	char kinds[CPU_KINDS_TEXT];

	line("CPU", shape->model);
	printf("%-14s %u package%s, %u core%s, %u CPU%s, %u NUMA node%s\n",
	       "topology", shape->packages, shape->packages == 1 ? "" : "s",
	       shape->cores, shape->cores == 1 ? "" : "s", shape->cpus,
	       shape->cpus == 1 ? "" : "s", shape->numa_nodes,
	       shape->numa_nodes == 1 ? "" : "s");
	topology_kinds(shape, kinds);
	if (kinds[0])
		line("kinds", kinds);
	printf("%-14s %u CPU%s\n", "we may use", shape->allowed,
	       shape->allowed == 1 ? "" : "s");
	size_line("L1d cache", shape->l1d);
	size_line("L2 cache", shape->l2);
	size_line("L3 cache", shape->l3);
	size_line("memory", shape->memory);
}

static void print_workers(const struct machine_facts *facts)
{
	double quota = facts->quota_cpus;

	if (quota == QUOTA_NONE)
		line("CPU quota", "none");
	else
		printf("%-14s %.4g CPU%s worth of time\n", "CPU quota", quota,
		       quota == 1 ? "'s" : "s'");
	printf("%-14s %u, unless --workers says otherwise\n", "workers",
	       quota_workers(quota, facts->shape.allowed));
}

static void print_facts(const struct machine_facts *facts)
{
	print_shape(&facts->shape);
	print_workers(facts);
	printf("%-14s %ld KiB; huge pages: private %s, shared %s\n", "pages",
	       facts->page_size / 1024, known(facts->thp),
	       known(facts->thp_shmem));
	line("host", facts->hostname);
	line("kernel", facts->kernel);
	line("hypervisor", facts->bare ? "none" : facts->hypervisor);
	printf("%-14s %s, steps of %.0f ns\n", "clock",
	       known(facts->clocksource), facts->clock_resolution_ns);
}

enum { AUDIT_INDENT = 26 };

/* Indented, in lines as long as the terminal lets them be. */
static void print_reason(const char *label, const char *reason,
			 unsigned columns)
{
	char text[512];

	snprintf(text, sizeof(text), "%*s%s: %s", AUDIT_INDENT, "", label,
		 reason);
	text_paragraph(stdout, text, columns, AUDIT_INDENT + 2);
}

static void print_audit(const struct machine_facts *facts)
{
	struct report_style style;
	struct audit audit;

	terminal_style(&style);
	audit_collect("", facts, &audit);
	printf("\nWhat disturbs measurements here\n");
	for (size_t i = 0; i < audit.count; i++) {
		const struct audit_line *line = &audit.lines[i];
		char text[512];

		snprintf(text, sizeof(text), "%-9s %-15s %s",
			 audit_level_name(line->level), line->what,
			 line->found);
		text_paragraph(stdout, text, style.columns, AUDIT_INDENT);
		if (line->level == AUDIT_FINE)
			continue;
		print_reason("why", line->why, style.columns);
		print_reason("do", line->remedy, style.columns);
	}
}

/* Of a machine that is not here, only the topology is known. */
static void print_machine(const struct topology *topology, bool here)
{
	struct machine_facts facts;

	if (here) {
		machine_collect(topology, &facts);
		print_facts(&facts);
		print_audit(&facts);
		return;
	}
	topology_shape(topology, &facts.shape);
	print_shape(&facts.shape);
}

/* Readings of one pair that lie further apart are no single figure. */
static bool is_torn(const struct latency *pair)
{
	return pair->most > 1.5 * pair->least;
}

static void print_matrix(const int *cpus, unsigned count,
			 const struct latency *matrix)
{
	bool torn = false;

	printf("A cache line to another CPU and back, in ns: the median of %d "
	       "readings\n%4s",
	       LATENCY_PASSES, "CPU");
	for (unsigned b = 0; b < count; b++)
		printf(" %5d", cpus[b]);
	putchar('\n');
	for (unsigned a = 0; a < count; a++) {
		printf("%4d", cpus[a]);
		for (unsigned b = 0; b < count; b++) {
			const struct latency *pair = &matrix[a * count + b];

			if (a == b)
				printf(" %5s", "-");
			else
				printf(" %4.0f%c", pair->median,
				       is_torn(pair) ? '~' : ' ');
			torn = torn || is_torn(pair);
		}
		putchar('\n');
	}
	if (torn)
		puts("~ readings more than half apart: others use these CPUs, "
		     "or a host moves them");
}

/* 0 or -errno. */
static int print_latency(const struct topology *topology, unsigned count)
{
	struct latency *matrix = calloc((size_t)count * count, sizeof(*matrix));
	int *cpus = calloc(count, sizeof(*cpus));
	int error = -ENOMEM;

	if (matrix && cpus) {
		topology_order(topology, PIN_NONE, cpus, count);
		error = latency_measure(topology, cpus, count, matrix);
	}
	if (error == 0)
		print_matrix(cpus, count, matrix);
	free(matrix);
	free(cpus);
	return error;
}

/* The exit status. */
static int tell_latency(const struct topology *topology)
{
	unsigned count = topology_order(topology, PIN_NONE, NULL, 0);
	int error;

	if (count < 2) {
		fputs("breakeven machine: --latency needs two CPUs, and this "
		      "process may use one (see taskset)\n",
		      stderr);
		return 1;
	}
	error = print_latency(topology, count);
	if (error < 0)
		fprintf(stderr,
			"breakeven machine: --latency: the CPUs cannot be "
			"timed: %s\n",
			strerror(-error));
	return error < 0 ? 1 : 0;
}

static int cmd_machine(int argc, char **argv)
{
	struct machine_options options = {NULL, false};
	int status = cli_parse(&command_machine, argc, argv, &options);
	struct topology *topology;
	char error[512];

	if (status != CLI_GO)
		return status;
	status = 0;
	if (topology_load(options.source, &topology, error, sizeof(error)) <
	    0) {
		fprintf(stderr, "breakeven machine: %s\n", error);
		return options.source ? 2 : 1;
	}
	if (options.latency)
		status = tell_latency(topology);
	else
		print_machine(topology, !options.source);
	topology_free(topology);
	return output_finish("breakeven machine") ? 1 : status;
}

const struct cli_command command_machine = {
	.name = "machine",
	.summary = "what this machine is",
	.doc = "Tell what this machine is, as far as it matters here, and what "
	       "on it disturbs measurements; nothing is changed. The same "
	       "facts go into every record.",
	.options = machine_options,
	.examples = machine_examples,
	.check = check_options,
	.run = cmd_machine,
};
