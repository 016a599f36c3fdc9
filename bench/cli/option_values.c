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

static bool read_counts(const struct cli_type *type, const char *text,
			unsigned *counts, size_t room, size_t *count)
{
	return list_counts(text, (unsigned long)type->min,
			   (unsigned long)type->max, counts, room, count) == 0;
}

static bool read_whole(const char *text, uint64_t *whole)
{
	char *end;

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

/* Without its sign it could be taken for a share. */
static bool read_percent(const struct cli_type *type, const char *text,
			 double *share)
{
	bool good = read_number(type, text, "%", share);

	*share /= 100;
	return good;
}

static bool read_size(const struct cli_type *type, const char *text,
		      uint64_t *size)
{
	uint64_t hi;

	return list_sizes(text, size, &hi) == 0 && hi == *size &&
	       (double)*size >= type->min;
}

static bool has_size(const struct cli_sizes *sizes, uint64_t size)
{
	for (size_t i = 0; i < sizes->count; i++)
		if (sizes->at[i] == size)
			return true;
	return false;
}

/* One that stands twice counts once. */
static bool read_sizes(const struct cli_type *type, const char *text,
		       struct cli_sizes *sizes)
{
	char **items;
	size_t count;
	bool good = list_split(text, &items, &count) == 0;

	sizes->count = 0;
	for (size_t i = 0; good && i < count; i++) {
		uint64_t size;

		good = read_size(type, items[i], &size);
		if (!good || has_size(sizes, size))
			continue;
		good = sizes->count < CLI_SIZES_MAX;
		if (good)
			sizes->at[sizes->count++] = size;
	}
	list_free(items, count);
	return good;
}

static bool read_choice(const struct cli_type *type, const char *text,
			int *choice)
{
	const char *name;

	for (int i = 0; (name = cli_choice(type, (size_t)i)); i++)
		if (strcmp(name, text) == 0) {
			*choice = i;
			return true;
		}
	return false;
}

static bool is_list(const char *text)
{
	size_t length = strlen(text);

	return length > 0 && text[0] != ',' && text[length - 1] != ',' &&
	       !strstr(text, ",,");
}

bool cli_take(const struct cli_option *option, const char *text, void *field)
{
	const struct cli_type *type = &option->type;
	struct cli_counts *counts = field;
	struct cli_range *range = field;
	size_t one;

	switch (type->kind) {
	case CLI_FLAG:
		*(bool *)field = true;
		return true;
	case CLI_COUNT:
		return read_counts(type, text, field, 1, &one);
	case CLI_COUNTS:
		return read_counts(type, text, counts->at, CLI_COUNTS_MAX,
				   &counts->count);
	case CLI_WHOLE:
		return read_whole(text, field);
	case CLI_REAL:
		return read_number(type, text, "", field);
	case CLI_PERCENT:
		return read_percent(type, text, field);
	case CLI_SIZE:
		return read_size(type, text, field);
	case CLI_SIZES:
		return read_sizes(type, text, field);
	case CLI_RANGE:
		return list_sizes(text, &range->lo, &range->hi) == 0;
	case CLI_CHOICE:
		return read_choice(type, text, field);
	case CLI_HOOK:
		return type->hook(text, field);
	case CLI_KERNELS:
	case CLI_RUNNERS:
		*(const char **)field = text;
		return is_list(text);
	default:
		*(const char **)field = text;
		return true;
	}
}

bool cli_takes_value(const struct cli_option *option)
{
	return option->type.kind != CLI_FLAG;
}

/* ------------------------------------------------------------- describing */

/* What stands for %a and %b are the limits, for %u the unit. */
static const char *const takes[] = {
	[CLI_COUNT] = "a number from %a to %b",
	[CLI_COUNTS] = "numbers from %a to %b, as 1,2,4",
	[CLI_WHOLE] = "a whole number below 2^63",
	[CLI_REAL] = "%u from %a to %b",
	[CLI_PERCENT] = "a percentage with its sign, from %a% to %b%, as 2%",
	[CLI_SIZE] = "one number of %u from %a to 2^48, as 256Mi or 10k",
	[CLI_SIZES] = "up to 16 sizes from 1 to 2^48, as 32Ki,1Mi",
	[CLI_RANGE] = "a range LO..HI from 1 to 2^48, as 16..4Mi or 1k..2M",
	[CLI_KERNELS] = "names with a comma between them",
	[CLI_RUNNERS] = "names with a comma between them",
	[CLI_KERNEL] = "a name",
	[CLI_RUNNER] = "a name",
	[CLI_FILE] = "the name of a file",
	[CLI_OUTPUT] = "the name of a file",
};

static_assert(CLI_SIZES_MAX == 16, "the words above say how many");

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
		put_words(out, option, takes[option->type.kind]);
	fclose(out);
	text[size - 1] = '\0';
}
