/* SPDX-License-Identifier: MIT */
/*
 * The kinds of options: what each reads, and how it is described.
 */
#include "bench/cli/list.h"
#include "bench/cli/options.h"

#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

const struct cli_option cli_detail_table[] = {
	{"brief", 0, OPT_FLAG, offsetof(struct cli_detail, brief), NULL,
	 "Print the answer alone"},
	{"all", 0, OPT_FLAG, offsetof(struct cli_detail, all), NULL,
	 "Print intervals, times, costs, method and proofs, too"},
	CLI_ROW_END,
};

enum report_detail cli_detail(const struct cli_detail *detail)
{
	if (detail->brief)
		return STYLE_BRIEF;
	return detail->all ? STYLE_ALL : STYLE_USUAL;
}

const char *const cli_forms[] = {"table", "markdown", "html", NULL};
const char *const cli_formats[] = {"table", "markdown", "html", "json", NULL};

const char *cli_choice(const struct cli_type *type, size_t i)
{
	return type->name_at ? type->name_at(i) : type->names[i];
}

/* ------------------------------------------------------------- reading */

static bool read_flag(const struct cli_type *type, const char *text,
		      void *field)
{
	(void)type;
	(void)text;
	*(bool *)field = true;
	return true;
}

static bool read_count(const struct cli_type *type, const char *text,
		       void *field)
{
	size_t one;

	return list_counts(text, (unsigned long)type->min,
			   (unsigned long)type->max, field, 1, &one) == 0;
}

static bool read_counts(const struct cli_type *type, const char *text,
			void *field)
{
	struct cli_counts *counts = field;

	return list_counts(text, (unsigned long)type->min,
			   (unsigned long)type->max, counts->at, CLI_COUNTS_MAX,
			   &counts->count) == 0;
}

static bool read_whole(const struct cli_type *type, const char *text,
		       void *field)
{
	uint64_t *whole = field;
	char *end;

	(void)type;
	if (!isdigit((unsigned char)*text))
		return false;
	errno = 0;
	*whole = strtoull(text, &end, 10);
	return errno == 0 && !*end && *whole <= INT64_MAX;
}

static bool read_number(const struct cli_type *type, const char *text,
			const char *unit, double *number)
{
	char *end;

	*number = strtod(text, &end);
	return end != text && strcmp(end, unit) == 0 && *number >= type->min &&
	       *number <= type->max;
}

static bool read_real(const struct cli_type *type, const char *text,
		      void *field)
{
	return read_number(type, text, "", field);
}

/* Without its sign it could be taken for a share. */
static bool read_percent(const struct cli_type *type, const char *text,
			 void *field)
{
	double *share = field;
	bool good = read_number(type, text, "%", share);

	*share /= 100;
	return good;
}

static bool read_range(const struct cli_type *type, const char *text,
		       void *field)
{
	struct cli_range *range = field;

	(void)type;
	return list_sizes(text, &range->lo, &range->hi) == 0;
}

static bool read_size(const struct cli_type *type, const char *text,
		      void *field)
{
	uint64_t *size = field, hi;

	return list_sizes(text, size, &hi) == 0 && hi == *size &&
	       (double)*size >= type->min;
}

static bool read_sizes(const struct cli_type *type, const char *text,
		       void *field)
{
	struct cli_sizes *sizes = field;
	char **items;
	size_t count;
	bool good =
		list_split(text, &items, &count) == 0 && count <= CLI_SIZES_MAX;

	sizes->count = 0;
	for (size_t i = 0; good && i < count; i++)
		good = read_size(type, items[i], &sizes->at[sizes->count++]);
	list_free(items, count);
	return good;
}

static bool read_choice(const struct cli_type *type, const char *text,
			void *field)
{
	const char *name;

	for (int i = 0; (name = cli_choice(type, (size_t)i)); i++)
		if (strcmp(name, text) == 0) {
			*(int *)field = i;
			return true;
		}
	return false;
}

static bool read_text(const struct cli_type *type, const char *text,
		      void *field)
{
	(void)type;
	*(const char **)field = text;
	return true;
}

static bool read_names(const struct cli_type *type, const char *text,
		       void *field)
{
	size_t length = strlen(text);

	return length > 0 && text[0] != ',' && text[length - 1] != ',' &&
	       !strstr(text, ",,") && read_text(type, text, field);
}

static bool read_hook(const struct cli_type *type, const char *text,
		      void *field)
{
	return type->hook(text, field);
}

/* ------------------------------------------------------------- kinds */

/* What stands for %a and %b are the limits, for %u the unit. */
static const struct {
	bool (*read)(const struct cli_type *type, const char *text,
		     void *field);
	const char *takes;
} kinds[] = {
	[CLI_FLAG] = {read_flag, ""},
	[CLI_COUNT] = {read_count, "a number from %a to %b"},
	[CLI_COUNTS] = {read_counts, "numbers from %a to %b, as 1,2,4"},
	[CLI_WHOLE] = {read_whole, "a whole number below 2^63"},
	[CLI_REAL] = {read_real, "%u from %a to %b"},
	[CLI_PERCENT] = {read_percent,
			 "a percentage with its sign, from %a% to %b%, as 2%"},
	[CLI_SIZE] = {read_size,
		      "one number of %u from %a to 2^48, as 256Mi or 10k"},
	[CLI_SIZES] = {read_sizes,
		       "up to 16 sizes from 1 to 2^48, as 32Ki,1Mi"},
	[CLI_RANGE] = {read_range, "a range of items LO..HI from 1 to 2^48, as "
				   "16..4Mi or 1000..2M"},
	[CLI_CHOICE] = {read_choice, "one of"},
	[CLI_KERNELS] = {read_names, "names with a comma between them"},
	[CLI_RUNNERS] = {read_names, "names with a comma between them"},
	[CLI_KERNEL] = {read_text, "a name"},
	[CLI_RUNNER] = {read_text, "a name"},
	[CLI_FILE] = {read_text, "the name of a file"},
	[CLI_OUTPUT] = {read_text, "the name of a file"},
	[CLI_HOOK] = {read_hook, NULL},
};

static_assert(CLI_SIZES_MAX == 16, "the words above say how many");

/* ------------------------------------------------------------- describing */

static void put_choices(FILE *out, const struct cli_type *type)
{
	const char *name = cli_choice(type, 0), *next;

	for (size_t i = 1; name; i++, name = next) {
		next = cli_choice(type, i);
		fprintf(out, "%s%s", i == 1 ? "" : next ? ", " : " or ", name);
	}
}

/* A limit of sizes is a round one. */
static void put_limit(FILE *out, const struct cli_option *option, double limit)
{
	if (option->type.kind == CLI_SIZE && limit >= 1 << 20)
		fprintf(out, "%.0fMi", limit / (1 << 20));
	else
		fprintf(out, "%.10g", limit);
}

/* "SECONDS" is the unit "seconds". */
static void put_unit(FILE *out, const char *value)
{
	for (; *value; value++)
		fputc(tolower((unsigned char)*value), out);
}

static void put_words(FILE *out, const struct cli_option *option,
		      const char *words)
{
	for (; *words; words++)
		if (strncmp(words, "%a", 2) == 0)
			put_limit(out, option, option->type.min), words++;
		else if (strncmp(words, "%b", 2) == 0)
			put_limit(out, option, option->type.max), words++;
		else if (strncmp(words, "%u", 2) == 0)
			put_unit(out, option->value), words++;
		else
			fputc(*words, out);
}

void cli_describe(const struct cli_option *option, char *text, size_t size)
{
	FILE *out = fmemopen(text, size, "w");

	text[0] = '\0';
	if (!out)
		return;
	if (option->type.kind == CLI_CHOICE)
		put_choices(out, &option->type);
	else if (option->type.takes)
		fputs(option->type.takes, out);
	else
		put_words(out, option, kinds[option->type.kind].takes);
	fclose(out);
	text[size - 1] = '\0';
}

bool cli_takes_value(const struct cli_option *option)
{
	return option->type.kind != CLI_FLAG;
}

bool cli_take(const struct cli_option *option, const char *text, void *field)
{
	return kinds[option->type.kind].read(&option->type, text, field);
}
