/* SPDX-License-Identifier: MIT */
#include "bench/cli/terminal.h"
#include "bench/cli/usage.h"
#include "bench/commands/commands.h"
#include "bench/engine/describe.h"
#include "bench/host/plugin.h"
#include "bench/host/registry.h"
#include "report/doc/text.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { NAME_INDENT = 18, OPTION_INDENT = 8 };
enum { KEY_NAMES = 256, TRY_TILES = 4, TRY_ITEMS_MAX = 1 << 20 };

static const struct argp_option list_options[] = {
	{"kernel", 'k', "KERNEL", 0,
	 "Only this one: also a file, as ./mine.so, which is loaded, run "
	 "twice and checked",
	 0},
	{"names", KEY_NAMES, "WHAT", 0,
	 "Only names, and what options they take, one on a line, for scripts: "
	 "of kernels or of runners",
	 0},
	{NULL, 0, NULL, 0, NULL, 0},
};

struct list_wishes {
	const char *kernel; /* NULL: all */
	bool names, runners;
};

/* NOLINTNEXTLINE(readability-non-const-parameter): argp's own type */
static error_t list_parse(int key, char *arg, struct argp_state *state)
{
	struct list_wishes *wishes = state->input;

	switch (key) {
	case 'k':
		wishes->kernel = arg;
		return 0;
	case KEY_NAMES:
		wishes->names = true;
		wishes->runners = strcmp(arg, "runners") == 0;
		if (wishes->runners || strcmp(arg, "kernels") == 0)
			return 0;
		argp_error(state, "--names takes kernels or runners, not '%s'",
			   arg);
		return EINVAL;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp list_argp = {
	.options = list_options,
	.parser = list_parse,
	.doc = "List the kernels and runners of this build, with their "
	       "options.",
};

static const char *text(const json_t *object, const char *key)
{
	const char *value = json_string_value(json_object_get(object, key));

	return value ? value : "";
}

/* One line, or several where the terminal has no room for it: what follows the
 * first stands below the words that begin at `indent`. */
__attribute__((format(printf, 3, 4))) static int print_entry(unsigned columns,
							     unsigned indent,
							     const char *format,
							     ...)
{
	struct draft_text draft;
	va_list args;

	if (!text_begin(&draft))
		return -ENOMEM;
	va_start(args, format);
	vfprintf(draft.file, format, args);
	va_end(args);
	return text_end_paragraph(stdout, &draft, columns, indent);
}

static int print_option(unsigned columns, const char *key, const char *choices,
			const char *fallback, const char *help)
{
	return print_entry(columns, OPTION_INDENT,
			   "    :%s=%s  %s (default %s)", key,
			   choices ? choices : "N", help, fallback);
}

static int list_kernel(unsigned columns, const struct kernel *kernel)
{
	const struct option_spec *option = kernel->options;
	int rc = print_entry(
		columns, NAME_INDENT, "  %-15s %-38s %2.0f bytes %2.0f flops",
		kernel->name, kernel->formula[0] ? kernel->formula : "nothing",
		kernel->bytes, kernel->flops);

	for (; rc == 0 && option && option->key; option++)
		rc = print_option(columns, option->key, option->choices,
				  option->fallback, option->help);
	return rc;
}

static int list_kernels(unsigned columns, const struct registry_level *level)
{
	int rc = print_entry(columns, 0,
			     "Kernels: what is computed (per item), compiled "
			     "for: %s",
			     level->label);

	for (size_t i = 0; rc == 0 && level->kernels[i]; i++)
		rc = list_kernel(columns, level->kernels[i]);
	return rc;
}

static int list_all_options(unsigned columns, const json_t *options)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < json_array_size(options); i++) {
		const json_t *option = json_array_get(options, i);
		const char *choices = text(option, "choices");

		rc = print_option(
			columns, text(option, "key"), *choices ? choices : NULL,
			text(option, "fallback"), text(option, "help"));
	}
	return rc;
}

static int list_runner(unsigned columns, const char *name)
{
	char error[ERROR_TEXT_MAX];
	json_t *facts = NULL;
	int rc;

	if (describe_runner(name, &facts, error))
		return print_entry(columns, NAME_INDENT, "  %-15s not here: %s",
				   name, error);
	rc = print_entry(columns, NAME_INDENT, "  %-15s %s (%s, %s, data %s)",
			 name, text(facts, "summary"), text(facts, "unit"),
			 text(facts, "lifetime"), text(facts, "data"));
	if (rc == 0)
		rc = list_all_options(columns,
				      json_object_get(facts, "options"));
	json_decref(facts);
	return rc;
}

/* A file's kernel is run as well, on a few tiles and a piece of one. */
static int try_one(const char *spec, const json_t *facts,
		   char error[ERROR_TEXT_MAX])
{
	json_int_t grain = json_integer_value(json_object_get(facts, "grain"));
	json_int_t n = grain < TRY_ITEMS_MAX / TRY_TILES ? grain * TRY_TILES + 1
							 : TRY_ITEMS_MAX;

	return plugin_is(spec) ? describe_try(spec, (uint64_t)n, error) : 0;
}

/* The exit status. */
static int list_one(unsigned columns, const char *spec)
{
	char error[ERROR_TEXT_MAX];
	json_t *facts = NULL;
	int rc = describe_kernel(spec, 1, &facts, error);

	if (rc == 0)
		rc = try_one(spec, facts, error);
	if (rc) {
		json_decref(facts);
		fprintf(stderr, "breakeven list: %s\n", error);
		return rc == ERROR_USAGE ? 2 : 1;
	}
	rc = print_entry(
		columns, NAME_INDENT,
		"%s: %s, %s of %g bytes and %g flops an item, tiles of %lld "
		"items",
		text(facts, "name"), text(facts, "formula"),
		json_is_true(json_object_get(facts, "reduction"))
			? "a reduction"
			: "a map",
		json_number_value(json_object_get(facts, "bytes")),
		json_number_value(json_object_get(facts, "flops")),
		(long long)json_integer_value(json_object_get(facts, "grain")));
	if (rc == 0)
		rc = list_all_options(columns,
				      json_object_get(facts, "options"));
	json_decref(facts);
	if (rc == 0)
		return output_finish("breakeven list") ? 1 : 0;
	fputs("breakeven list: out of memory\n", stderr);
	return 1;
}

static int list_runners(unsigned columns)
{
	int rc = 0;

	puts("\nRunners: who computes it (unit, lifetime, data path)");
	for (size_t i = 0; rc == 0 && registry_runners[i]; i++)
		rc = list_runner(columns, registry_runners[i]->name);
	for (size_t i = 0; rc == 0 && registry_modules[i].name; i++)
		rc = list_runner(columns, registry_modules[i].name);
	if (rc)
		return rc;
	putchar('\n');
	text_paragraph(stdout,
		       "Any runner also takes :workers=N, which overrides "
		       "--workers. A spec is NAME:KEY=VALUE:KEY=VALUE, and "
		       "commas part specs:",
		       columns, 0);
	puts("  breakeven bench -k sum,spin:ops=100 "
	     "-r openmp:chunk=64,fork-pool:wait=spin");
	text_paragraph(stdout,
		       "A kernel may be a file of yours, as ./mine.so: see "
		       "docs/adding-a-kernel.md.",
		       columns, 0);
	return 0;
}

/* ------------------------------------------------------------- names */

/* "spin:ops=", or "openmp:schedule=static" for each choice. */
static void print_choices(const char *name, const char *key,
			  const char *choices)
{
	size_t length;

	if (!*choices)
		printf("%s:%s=\n", name, key);
	for (; *choices; choices += length + (choices[length] == '|')) {
		length = strcspn(choices, "|");
		printf("%s:%s=%.*s\n", name, key, (int)length, choices);
	}
}

static void print_names(const char *name, const json_t *facts)
{
	const json_t *options = json_object_get(facts, "options");

	puts(name);
	for (size_t i = 0; i < json_array_size(options); i++) {
		const json_t *option = json_array_get(options, i);

		print_choices(name, text(option, "key"),
			      text(option, "choices"));
	}
}

static void name_kernel(const char *name)
{
	char error[ERROR_TEXT_MAX];
	json_t *facts = NULL;

	if (describe_kernel(name, 1, &facts, error) == 0)
		print_names(name, facts);
	json_decref(facts);
}

/* Those that are not to be had here are no names to use. */
static void name_runner(const char *name)
{
	char error[ERROR_TEXT_MAX];
	json_t *facts = NULL;

	if (describe_runner(name, &facts, error) == 0)
		print_names(name, facts);
	json_decref(facts);
}

static int list_names(bool runners)
{
	for (size_t i = 0; !runners && registry_kernels()[i]; i++)
		name_kernel(registry_kernels()[i]->name);
	for (size_t i = 0; runners && registry_runners[i]; i++)
		name_runner(registry_runners[i]->name);
	for (size_t i = 0; runners && registry_modules[i].name; i++)
		name_runner(registry_modules[i].name);
	return output_finish("breakeven list") ? 1 : 0;
}

int cmd_list(int argc, char **argv)
{
	struct list_wishes wishes = {.kernel = NULL};
	int status = usage_parse(&list_argp, argc, argv, &wishes);
	char error[SPEC_ERROR_MAX];
	const struct registry_level *level = registry_level(error);
	struct report_style style;

	if (status)
		return usage_status(status);
	if (!level) {
		fprintf(stderr, "breakeven list: %s\n", error);
		return 2;
	}
	terminal_style(&style);
	if (wishes.kernel)
		return list_one(style.columns, wishes.kernel);
	if (wishes.names)
		return list_names(wishes.runners);
	if (list_kernels(style.columns, level) || list_runners(style.columns)) {
		fputs("breakeven list: out of memory\n", stderr);
		return 1;
	}
	return output_finish("breakeven list") ? 1 : 0;
}
