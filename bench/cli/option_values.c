/* SPDX-License-Identifier: MIT */
/*
 * The kinds of options: what each reads, and how it is described.
 */
#include "bench/cli/list.h"
#include "bench/cli/options.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

const char *const cli_formats[] = {"table", "json", NULL};

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

/* ------------------------------------------------------------- describing */

/* "SECONDS" is the unit "seconds". */
static void put_unit(FILE *out, const char *value)
{
	for (; value && *value; value++)
		fputc(tolower((unsigned char)*value), out);
}

static void say_count(const struct cli_option *option, FILE *out)
{
	fprintf(out, "a number from %.0f to %.0f", option->type.min,
		option->type.max);
}

static void say_counts(const struct cli_option *option, FILE *out)
{
	fprintf(out, "numbers from %.0f to %.0f, as 1,2,4", option->type.min,
		option->type.max);
}

static void say_whole(const struct cli_option *option, FILE *out)
{
	(void)option;
	fputs("a whole number below 2^63", out);
}

static void say_real(const struct cli_option *option, FILE *out)
{
	put_unit(out, option->value);
	fprintf(out, " from %g to %.0f", option->type.min, option->type.max);
}

static void say_percent(const struct cli_option *option, FILE *out)
{
	fprintf(out, "a percentage with its sign, from %g%% to %g%%, as 2%%",
		option->type.min, option->type.max);
}

/* A limit is a round one. */
static void put_size(FILE *out, double size)
{
	if (size >= 1 << 20)
		fprintf(out, "%.0fMi", size / (1 << 20));
	else
		fprintf(out, "%.0f", size);
}

static void say_size(const struct cli_option *option, FILE *out)
{
	fputs("one number of ", out);
	put_unit(out, option->value);
	fputs(" from ", out);
	put_size(out, option->type.min);
	fputs(" to 2^48, as 256Mi or 10k", out);
}

static void say_sizes(const struct cli_option *option, FILE *out)
{
	(void)option;
	fprintf(out, "up to %d sizes from 1 to 2^48, as 32Ki,1Mi",
		CLI_SIZES_MAX);
}

static void say_range(const struct cli_option *option, FILE *out)
{
	(void)option;
	fputs("a range of items LO..HI from 1 to 2^48, as 16..4Mi or 1000..2M",
	      out);
}

static void say_choice(const struct cli_option *option, FILE *out)
{
	const char *name = cli_choice(&option->type, 0), *next;

	for (size_t i = 1; name; i++, name = next) {
		next = cli_choice(&option->type, i);
		fprintf(out, "%s%s", i == 1 ? "" : next ? ", " : " or ", name);
	}
}

static void say_names(const struct cli_option *option, FILE *out)
{
	(void)option;
	fputs("names with a comma between them", out);
}

static void say_text(const struct cli_option *option, FILE *out)
{
	(void)option;
	fputs("a name", out);
}

static void say_file(const struct cli_option *option, FILE *out)
{
	(void)option;
	fputs("the name of a file", out);
}

static void say_hook(const struct cli_option *option, FILE *out)
{
	fputs(option->type.takes, out);
}

/* ------------------------------------------------------------- kinds */

static const struct {
	bool (*read)(const struct cli_type *type, const char *text,
		     void *field);
	void (*say)(const struct cli_option *option, FILE *out);
} kinds[] = {
	[CLI_FLAG] = {read_flag, NULL},
	[CLI_COUNT] = {read_count, say_count},
	[CLI_COUNTS] = {read_counts, say_counts},
	[CLI_WHOLE] = {read_whole, say_whole},
	[CLI_REAL] = {read_real, say_real},
	[CLI_PERCENT] = {read_percent, say_percent},
	[CLI_SIZE] = {read_size, say_size},
	[CLI_SIZES] = {read_sizes, say_sizes},
	[CLI_RANGE] = {read_range, say_range},
	[CLI_CHOICE] = {read_choice, say_choice},
	[CLI_KERNELS] = {read_names, say_names},
	[CLI_RUNNERS] = {read_names, say_names},
	[CLI_KERNEL] = {read_text, say_text},
	[CLI_RUNNER] = {read_text, say_text},
	[CLI_TEXT] = {read_text, say_text},
	[CLI_FILE] = {read_text, say_file},
	[CLI_OUTPUT] = {read_text, say_file},
	[CLI_HOOK] = {read_hook, say_hook},
};

bool cli_takes_value(const struct cli_option *option)
{
	return option->type.kind != CLI_FLAG;
}

bool cli_take(const struct cli_option *option, const char *text, void *field)
{
	return kinds[option->type.kind].read(&option->type, text, field);
}

void cli_describe(const struct cli_option *option, char *text, size_t size)
{
	FILE *out = fmemopen(text, size, "w");

	text[0] = '\0';
	if (!out)
		return;
	kinds[option->type.kind].say(option, out);
	fclose(out);
	text[size - 1] = '\0';
}
