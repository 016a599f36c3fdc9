/* SPDX-License-Identifier: MIT */
#include "bench/cli/options.h"
#include "bench/cli/progress.h"
#include "bench/cli/terminal.h"
#include "bench/commands/commands.h"
#include "bench/commands/common/latency_page.h"
#include "bench/machine/audit.h"
#include "bench/machine/machine.h"
#include "bench/studies/latency.h"
#include "report/doc/doc.h"
#include "system/quota.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct machine_options {
	const char *source; /* of a topology; NULL: this machine */
	bool latency;
	int format; /* an enum doc_form */
};

#define AT(field) offsetof(struct machine_options, field)

static const struct cli_option machine_options[] = {
	{"topology", 0, OPT_FILE, AT(source), "SOURCE",
	 "A machine that is not here: a FILE that `lstopo x.xml` wrote, - for "
	 "standard input, or levels as \"pack:2 core:8 pu:2\""},
	{"latency", 0, OPT_FLAG, AT(latency), NULL,
	 "Instead, time a cache line from each CPU to each other one and "
	 "back; of more than 16 CPUs, between L3 caches, NUMA nodes or "
	 "packages"},
	CLI_ROW_PAGE(struct machine_options, format),
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

/* ------------------------------------------------------------- facts */

static void put_fact(struct doc *doc, const char *what, const char *value)
{
	fputs(what, doc_term(doc));
	fputs(known(value), doc_meaning(doc));
}

static FILE *begin_fact(struct doc *doc, const char *what)
{
	fputs(what, doc_term(doc));
	return doc_meaning(doc);
}

static void put_bytes(struct doc *doc, const char *what, uint64_t bytes)
{
	FILE *out = begin_fact(doc, what);

	if (bytes >> 30 && bytes % (1 << 30) == 0)
		fprintf(out, "%llu GiB", (unsigned long long)bytes >> 30);
	else if (bytes >> 20)
		fprintf(out, "%.1f MiB", (double)bytes / (1 << 20));
	else if (bytes)
		fprintf(out, "%llu KiB", (unsigned long long)bytes >> 10);
	else
		fputs("none found", out);
}

static void put_shape(struct doc *doc, const struct machine_shape *shape)
{
	char kinds[CPU_KINDS_TEXT];

	fputs("Machine", doc_heading(doc, 1));
	put_fact(doc, "CPU", shape->model);
	fprintf(begin_fact(doc, "topology"),
		"%u package%s, %u core%s, %u CPU%s, %u NUMA node%s",
		shape->packages, shape->packages == 1 ? "" : "s", shape->cores,
		shape->cores == 1 ? "" : "s", shape->cpus,
		shape->cpus == 1 ? "" : "s", shape->numa_nodes,
		shape->numa_nodes == 1 ? "" : "s");
	topology_kinds(shape, kinds);
	if (kinds[0])
		put_fact(doc, "kinds", kinds);
	fprintf(begin_fact(doc, "we may use"), "%u CPU%s", shape->allowed,
		shape->allowed == 1 ? "" : "s");
	put_bytes(doc, "L1d cache", shape->l1d);
	put_bytes(doc, "L2 cache", shape->l2);
	put_bytes(doc, "L3 cache", shape->l3);
	put_bytes(doc, "memory", shape->memory);
}

static void put_workers(struct doc *doc, const struct machine_facts *facts)
{
	double quota = facts->quota_cpus;

	if (quota == QUOTA_NONE)
		put_fact(doc, "CPU quota", "none");
	else
		fprintf(begin_fact(doc, "CPU quota"),
			"%.4g CPU%s worth of time", quota,
			quota == 1 ? "'s" : "s'");
	fprintf(begin_fact(doc, "workers"),
		"%u, unless --workers says otherwise",
		quota_workers(quota, facts->shape.allowed));
}

static void put_facts(struct doc *doc, const struct machine_facts *facts)
{
	put_shape(doc, &facts->shape);
	put_workers(doc, facts);
	fprintf(begin_fact(doc, "pages"),
		"%ld KiB; huge pages: private %s, shared %s",
		facts->page_size / 1024, known(facts->thp),
		known(facts->thp_shmem));
	put_fact(doc, "host", facts->hostname);
	put_fact(doc, "kernel", facts->kernel);
	put_fact(doc, "hypervisor", facts->bare ? "none" : facts->hypervisor);
	fprintf(begin_fact(doc, "clock"), "%s, steps of %.0f ns",
		known(facts->clocksource), facts->clock_resolution_ns);
}

/* ------------------------------------------------------------- audit */

/* A row of its own below what it is about. */
static void put_reason(struct doc *doc, const char *label, const char *reason)
{
	doc_row(doc);
	doc_cell(doc);
	fprintf(doc_cell(doc), "%s: %s", label, reason);
}

static void put_audit(struct doc *doc, const struct machine_facts *facts)
{
	struct audit audit;

	audit_collect("", facts, &audit);
	fputs("What disturbs measurements here", doc_table(doc));
	doc_column(doc, DOC_LEFT);
	doc_column(doc, DOC_LEFT);
	doc_column(doc, DOC_WRAP);
	for (size_t i = 0; i < audit.count; i++) {
		const struct audit_line *line = &audit.lines[i];

		fputs(audit_level_name(line->level), doc_row(doc));
		fputs(line->what, doc_cell(doc));
		fputs(line->found, doc_cell(doc));
		if (line->level == AUDIT_FINE)
			continue;
		put_reason(doc, "why", line->why);
		put_reason(doc, "do", line->remedy);
	}
}

static int build_machine(struct doc *doc, const void *data)
{
	struct machine_facts facts;

	machine_collect(data, &facts);
	put_facts(doc, &facts);
	put_audit(doc, &facts);
	return 0;
}

/* On a machine that is not here, only the topology is known. */
static int build_shape(struct doc *doc, const void *data)
{
	struct machine_shape shape;

	topology_shape(data, &shape);
	put_shape(doc, &shape);
	return 0;
}

/* ------------------------------------------------------------- latency */

struct latency_task {
	const struct topology *topology;
	struct progress progress;
};

static int read_pair(void *arg, int here, int there, double *ns)
{
	const struct latency_task *task = arg;

	return latency_read_pair(task->topology, here, there, ns);
}

static void show_share(void *arg, double share)
{
	struct latency_task *task = arg;

	progress_part(&task->progress, share);
	progress_show(&task->progress, "timing a cache line between CPUs");
}

/* 0 or -errno. */
static int print_latency(const struct topology *topology, unsigned count,
			 const struct report_style *style)
{
	struct latency_task task = {.topology = topology};
	int *cpus = calloc(count, sizeof(*cpus));
	struct latency_map map;
	int error = -ENOMEM;

	progress_init(&task.progress, false, 0);
	if (cpus) {
		topology_order(topology, PIN_NONE, cpus, count);
		error = latency_map_init(&map, topology, cpus, count);
	}
	if (error == 0)
		error = latency_map_fill(&map, topology, read_pair, show_share,
					 &task);
	progress_clear(&task.progress);
	topology_unbind(topology);
	/* Whether it could be written is told at the end. */
	if (error == 0)
		doc_print(latency_page_build, &map, stdout, style);
	if (cpus)
		latency_map_free(&map);
	free(cpus);
	return error;
}

/* The exit status. */
static int tell_latency(const struct topology *topology,
			const struct report_style *style)
{
	unsigned count = topology_order(topology, PIN_NONE, NULL, 0);
	int error;

	if (count < 2) {
		fputs("breakeven machine: --latency needs two CPUs, and this "
		      "process may use one (see taskset)\n",
		      stderr);
		return 1;
	}
	error = print_latency(topology, count, style);
	if (error < 0)
		fprintf(stderr,
			"breakeven machine: --latency: the CPUs cannot be "
			"timed: %s\n",
			strerror(-error));
	return error < 0 ? 1 : 0;
}

static int cmd_machine(int argc, char **argv)
{
	struct machine_options options = {.source = NULL};
	struct report_style style;
	int status = cli_parse(&command_machine, argc, argv, &options), rc = 0;
	struct topology *topology;
	struct error error;

	if (status != CLI_GO)
		return status;
	status = 0;
	if (topology_load(options.source, &topology, &error)) {
		fprintf(stderr, "breakeven machine: %s\n", error.text);
		return options.source ? 2 : 1;
	}
	terminal_style(&style);
	style.form = (enum doc_form)options.format;
	if (options.latency)
		status = tell_latency(topology, &style);
	else
		rc = doc_print(options.source ? build_shape : build_machine,
			       topology, stdout, &style);
	topology_free(topology);
	return output_finish("breakeven machine", rc) ? 1 : status;
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
