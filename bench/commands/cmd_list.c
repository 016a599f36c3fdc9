/* SPDX-License-Identifier: MIT */
#include "bench/cli/options.h"
#include "bench/cli/terminal.h"
#include "bench/commands/commands.h"
#include "bench/commands/common/names.h"
#include "bench/engine/describe.h"
#include "bench/host/plugin.h"
#include "bench/host/registry.h"
#include "report/doc/doc.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TRY_TILES = 4, TRY_ITEMS_MAX = 1 << 20 };

struct list_options {
	const char *kernel; /* NULL: all */
	int names;	    /* an enum of what; -1: not only those */
	int format;	    /* an enum doc_form */
};

enum { KERNELS, RUNNERS };

static const char *const name_kinds[] = {"kernels", "runners", NULL};

#define AT(field) offsetof(struct list_options, field)

static const struct cli_option list_options[] = {
	{"kernel", 'k', OPT_KERNEL, AT(kernel), "KERNEL",
	 "Only this one: also a file, as ./mine.so, which is loaded, run "
	 "twice and checked"},
	{"names", 0, OPT_CHOICE(name_kinds), AT(names), "WHAT",
	 "Only names, and what options they take, one on a line, for scripts: "
	 "of kernels or of runners"},
	CLI_ROW_PAGE(struct list_options, format),
	CLI_ROW_END,
};

static const struct cli_example list_examples[] = {
	{"breakeven list", "All kernels and runners of this build."},
	{"breakeven list -k matmul", "One kernel, with its options."},
	{NULL, NULL},
};

static const char *text(const json_t *object, const char *key)
{
	const char *value = json_string_value(json_object_get(object, key));

	return value ? value : "";
}

/* ------------------------------------------------------------- kernels */

static void put_option(struct doc *doc, const char *owner, const char *key,
		       const char *choices, const char *fallback,
		       const char *help)
{
	fprintf(doc_row(doc), "%s:%s=%s", owner, key, choices ? choices : "N");
	fputs(fallback, doc_cell(doc));
	fputs(help, doc_cell(doc));
}

static void begin_options(struct doc *doc, const char *whose)
{
	fprintf(doc_table(doc), "Options of %s", whose);
	fputs("option", doc_column(doc, DOC_LEFT));
	fputs("default", doc_column(doc, DOC_LEFT));
	fputs("meaning", doc_column(doc, DOC_WRAP));
}

static void put_kernel(struct doc *doc, const struct kernel *kernel)
{
	fputs(kernel->name, doc_row(doc));
	fprintf(doc_cell(doc), "%g", kernel->bytes);
	fprintf(doc_cell(doc), "%g", kernel->flops);
	fputs(kernel->formula[0] ? kernel->formula : "nothing", doc_cell(doc));
}

static void put_kernels(struct doc *doc, const struct registry_level *level)
{
	fprintf(doc_table(doc),
		"Kernels: what is computed, with bytes and flops per item; "
		"compiled for: %s",
		level->label);
	fputs("kernel", doc_column(doc, DOC_LEFT));
	fputs("bytes", doc_column(doc, DOC_RIGHT));
	fputs("flops", doc_column(doc, DOC_RIGHT));
	fputs("computes", doc_column(doc, DOC_WRAP));
	for (size_t i = 0; level->kernels[i]; i++)
		put_kernel(doc, level->kernels[i]);
	begin_options(doc, "kernels");
	for (size_t i = 0; level->kernels[i]; i++) {
		const struct option_spec *o = level->kernels[i]->options;

		for (; o && o->key; o++)
			put_option(doc, level->kernels[i]->name, o->key,
				   o->choices, o->fallback, o->help);
	}
}

/* ------------------------------------------------------------- runners */

static void put_options(struct doc *doc, const char *owner,
			const json_t *options)
{
	for (size_t i = 0; i < json_array_size(options); i++) {
		const json_t *option = json_array_get(options, i);
		const char *choices = text(option, "choices");

		put_option(doc, owner, text(option, "key"),
			   *choices ? choices : NULL, text(option, "fallback"),
			   text(option, "help"));
	}
}

/* What each runner says of itself; NULL where it is not here. */
struct list_runner {
	const char *name;
	json_t *facts;
	struct error error;
};

static void put_runner(struct doc *doc, const struct list_runner *runner)
{
	const json_t *facts = runner->facts;

	fputs(runner->name, doc_row(doc));
	if (facts)
		fprintf(doc_cell(doc), "%s (%s, %s, data %s)",
			text(facts, "summary"), text(facts, "unit"),
			text(facts, "lifetime"), text(facts, "data"));
	else
		fprintf(doc_cell(doc), "not here: %s", runner->error.text);
}

static void put_runners(struct doc *doc, const struct list_runner *runners,
			size_t count)
{
	fputs("Runners: how the tiles are computed (unit, lifetime, data)",
	      doc_table(doc));
	fputs("runner", doc_column(doc, DOC_LEFT));
	fputs("is", doc_column(doc, DOC_WRAP));
	for (size_t i = 0; i < count; i++)
		put_runner(doc, &runners[i]);
	begin_options(doc, "runners");
	for (size_t i = 0; i < count; i++)
		put_options(doc, runners[i].name,
			    json_object_get(runners[i].facts, "options"));
	fputs("Any runner also takes :workers=N, which overrides --workers. A "
	      "spec is NAME:KEY=VALUE:KEY=VALUE, and commas separate specs:",
	      doc_paragraph(doc));
	fputs("breakeven bench -k sum,spin:ops=100 "
	      "-r openmp:chunk=64,fork-pool:wait=spin",
	      doc_item(doc));
	fputs("A kernel may be a file of yours, as ./mine.so: see "
	      "docs/adding-a-kernel.md.",
	      doc_paragraph(doc));
}

static const char *runner_name(size_t i)
{
	size_t own = 0;

	while (registry_runners[own])
		own++;
	return i < own ? registry_runners[i]->name
		       : registry_modules[i - own].name;
}

static int build_list(struct doc *doc, const void *data)
{
	struct list_runner *runners;
	size_t count = 0;

	while (runner_name(count))
		count++;
	runners = calloc(count + 1, sizeof(*runners));
	if (!runners)
		return -ENOMEM;
	for (size_t i = 0; i < count; i++) {
		runners[i].name = runner_name(i);
		describe_runner(NULL, runners[i].name, &runners[i].facts,
				&runners[i].error);
	}
	put_kernels(doc, data);
	put_runners(doc, runners, count);
	for (size_t i = 0; i < count; i++)
		json_decref(runners[i].facts);
	free(runners);
	return 0;
}

/* ------------------------------------------------------------- one kernel */

/* A file's kernel is run as well, on a few tiles and a piece of one. */
static int try_one(const char *spec, const json_t *facts, struct error *error)
{
	json_int_t grain = json_integer_value(json_object_get(facts, "grain"));
	json_int_t n = grain < TRY_ITEMS_MAX / TRY_TILES ? grain * TRY_TILES + 1
							 : TRY_ITEMS_MAX;

	return plugin_is(spec) ? describe_try(spec, (uint64_t)n, error) : 0;
}

static int build_one(struct doc *doc, const void *data)
{
	const json_t *facts = data;

	fprintf(doc_paragraph(doc),
		"%s: %s, %s of %g bytes and %g flops an item, tiles of %lld "
		"items",
		text(facts, "name"), text(facts, "formula"),
		json_is_true(json_object_get(facts, "reduction"))
			? "a reduction"
			: "a map",
		json_number_value(json_object_get(facts, "bytes")),
		json_number_value(json_object_get(facts, "flops")),
		(long long)json_integer_value(json_object_get(facts, "grain")));
	begin_options(doc, text(facts, "name"));
	put_options(doc, text(facts, "name"),
		    json_object_get(facts, "options"));
	return 0;
}

/* The exit status. */
static int write_list(doc_build *build, const void *data,
		      const struct report_style *style)
{
	int rc = doc_print(build, data, stdout, style);

	return output_finish("breakeven list", rc) ? 1 : 0;
}

/* The exit status. */
static int list_one(const char *spec, const struct report_style *style)
{
	struct error error;
	json_t *facts = NULL;
	int rc = describe_kernel(NULL, spec, 1, &facts, &error);

	if (rc == 0)
		rc = try_one(spec, facts, &error);
	if (rc) {
		fprintf(stderr, "breakeven list: %s\n", error.text);
		rc = rc == ERROR_USAGE ? 2 : 1;
	} else {
		rc = write_list(build_one, facts, style);
	}
	json_decref(facts);
	return rc;
}

static int cmd_list(int argc, char **argv)
{
	struct list_options options = {.names = -1};
	int status = cli_parse(&command_list, argc, argv, &options);
	struct error error;
	const struct registry_level *level = registry_level(&error);
	struct report_style style;

	if (status != CLI_GO)
		return status;
	if (!level) {
		fprintf(stderr, "breakeven list: %s\n", error.text);
		return 2;
	}
	terminal_style(&style);
	style.form = (enum doc_form)options.format;
	if (options.kernel)
		return list_one(options.kernel, &style);
	if (options.names >= 0) {
		names_write(stdout, options.names == RUNNERS);
		return output_finish("breakeven list", 0) ? 1 : 0;
	}
	return write_list(build_list, level, &style);
}

const struct cli_command command_list = {
	.name = "list",
	.summary = "kernels and runners, with their options",
	.doc = "List the kernels and runners of this build, with their "
	       "options.",
	.options = list_options,
	.examples = list_examples,
	.run = cmd_list,
};
