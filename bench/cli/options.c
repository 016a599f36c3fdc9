/* SPDX-License-Identifier: MIT */
#include "bench/cli/options.h"

#include "bench/cli/terminal.h"
#include "core/suggest.h"

#include <stdarg.h>
#include <string.h>

/* The state of one walk along a command line. */
struct cli_parse {
	struct cli_option rows[CLI_ROWS_MAX];
	size_t nrows;
	uint64_t given; /* a bit for each row */
	const char *who;
	char *options; /* the struct to be filled */
	size_t place;  /* of the next argument's row */
	bool help;
};

/* ------------------------------------------------------------- rows */

static size_t add_rows(const struct cli_option *table, size_t offset,
		       struct cli_option *rows, size_t count)
{
	for (; table && table->type.kind != CLI_END; table++) {
		if (table->type.kind == CLI_TABLE) {
			count = add_rows(table->type.table,
					 offset + table->offset, rows, count);
			continue;
		}
		rows[count] = *table;
		rows[count++].offset += offset;
	}
	return count;
}

size_t cli_rows(const struct cli_command *command,
		struct cli_option rows[CLI_ROWS_MAX])
{
	static const struct cli_option own[] = {
		{"help", 'h', OPT_FLAG, 0, NULL, "Show this help"},
		{"usage", '?', OPT_ALIAS("help"), 0, NULL, NULL},
		CLI_ROW_END,
	};
	size_t count =
		add_rows(own, 0, rows, add_rows(command->options, 0, rows, 0));

	rows[count] = own[2];
	return count;
}

static bool is_argument(const struct cli_option *row)
{
	return !row->name && !row->letter;
}

static const struct cli_option *follow(const struct cli_option *rows,
				       const struct cli_option *row)
{
	if (row->type.kind != CLI_ALIAS)
		return row;
	while (strcmp(rows->name ? rows->name : "", row->type.takes) != 0)
		rows++;
	return rows;
}

static const struct cli_option *find_name(const struct cli_option *rows,
					  const char *name, size_t length)
{
	const struct cli_option *found = NULL;

	for (const struct cli_option *row = rows; row->type.kind != CLI_END;
	     row++) {
		if (!row->name || strncmp(row->name, name, length) != 0)
			continue;
		if (!row->name[length])
			return follow(rows, row);
		if (found && follow(rows, row) != follow(rows, found))
			return NULL;
		found = row;
	}
	return found ? follow(rows, found) : NULL;
}

static const struct cli_option *find_letter(const struct cli_option *rows,
					    char letter)
{
	for (const struct cli_option *row = rows; row->type.kind != CLI_END;
	     row++)
		if (row->letter && row->letter == letter)
			return follow(rows, row);
	return NULL;
}

const struct cli_option *cli_find(const struct cli_option *rows,
				  const char *text, size_t length)
{
	if (strncmp(text, "--", 2) == 0)
		return length > 2 ? find_name(rows, text + 2, length - 2)
				  : NULL;
	return length == 2 && text[0] == '-' ? find_letter(rows, text[1])
					     : NULL;
}

/* ------------------------------------------------------------- errors */

int cli_wrong(const char *who, const char *error)
{
	fprintf(stderr, "%s: %s\nTry '%s --help'\n", who, error, who);
	return 2;
}

__attribute__((format(printf, 2, 3))) static int refuse(
	const struct cli_parse *parse, const char *format, ...)
{
	char text[CLI_ERROR_MAX];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	return cli_wrong(parse->who, text);
}

static const char *spelling(const struct cli_option *row, char text[64])
{
	if (row->name)
		snprintf(text, 64, "--%s", row->name);
	else if (row->letter)
		snprintf(text, 64, "-%c", row->letter);
	else
		snprintf(text, 64, "%s", row->value);
	return text;
}

/* Nothing is known by this name, or more than one is. */
static int refuse_option(const struct cli_parse *parse, const char *name,
			 size_t length)
{
	char word[64], similar[CLI_ERROR_MAX / 2] = "";
	struct suggestion near = {.word = word};
	size_t used = 0;

	snprintf(word, sizeof(word), "%.*s", (int)length, name);
	for (size_t i = 0; i < parse->nrows; i++) {
		const struct cli_option *row = &parse->rows[i];

		if (!row->name || row->type.kind == CLI_ALIAS)
			continue;
		suggestion_offer(&near, row->name);
		if (strncmp(row->name, name, length) == 0 &&
		    used < sizeof(similar))
			used += (size_t)snprintf(
				similar + used, sizeof(similar) - used,
				"%s--%s", used ? ", " : "", row->name);
	}
	if (used)
		return refuse(parse, "'--%s' may be one of %s", word, similar);
	if (near.name)
		return refuse(parse,
			      "there is no option '--%s': did you mean '--%s'?",
			      word, near.name);
	return refuse(parse, "there is no option '--%s'", word);
}

/* ------------------------------------------------------------- walking */

static int take(struct cli_parse *parse, const struct cli_option *row,
		const char *text)
{
	char takes[CLI_ERROR_MAX / 2], name[64];

	parse->given |= UINT64_C(1) << (row - parse->rows);
	if (row->name && strcmp(row->name, "help") == 0) {
		parse->help = true;
		return CLI_GO;
	}
	if (cli_take(row, text, parse->options + row->offset))
		return CLI_GO;
	cli_describe(row, takes, sizeof(takes));
	return refuse(parse, "%s takes %s, not '%.160s'", spelling(row, name),
		      takes, text);
}

/* The value stands behind "=" or in the next word, *next. */
static int take_value(struct cli_parse *parse, const struct cli_option *row,
		      const char *value, char ***next)
{
	char takes[CLI_ERROR_MAX / 2], name[64];

	if (!cli_takes_value(row) && value)
		return refuse(parse, "%s takes no value, so not '%.160s'",
			      spelling(row, name), value);
	if (!value && (!cli_takes_value(row) || row->type.lone))
		value = "";
	else if (!value)
		value = *(*next)++;
	if (value)
		return take(parse, row, value);
	cli_describe(row, takes, sizeof(takes));
	return refuse(parse, "%s needs a value: it takes %s",
		      spelling(row, name), takes);
}

static int take_long(struct cli_parse *parse, const char *word, char ***next)
{
	size_t length = strcspn(word, "=");
	const struct cli_option *row = cli_find(parse->rows, word, length);

	if (!row)
		return refuse_option(parse, word + 2, length - 2);
	return take_value(parse, row, word[length] ? word + length + 1 : NULL,
			  next);
}

/* "-w2", or several that take no value. */
static int take_letters(struct cli_parse *parse, const char *word, char ***next)
{
	int rc = CLI_GO;

	while (rc == CLI_GO && *++word) {
		const struct cli_option *row = find_letter(parse->rows, *word);

		if (!row)
			return refuse(parse, "there is no option '-%c'", *word);
		if (!cli_takes_value(row)) {
			rc = take(parse, row, "");
			continue;
		}
		return take_value(parse, row, word[1] ? word + 1 : NULL, next);
	}
	return rc;
}

/* The row of the place-th argument; a list of files takes all that follow. */
static const struct cli_option *argument_row(const struct cli_parse *parse,
					     size_t place)
{
	for (size_t i = 0; i < parse->nrows; i++)
		if (is_argument(&parse->rows[i]) &&
		    (place-- == 0 || parse->rows[i].type.kind == CLI_FILES))
			return &parse->rows[i];
	return NULL;
}

/* Files stay in argv: they move to its front, over words that were read. */
static int take_argument(struct cli_parse *parse, char *word)
{
	const struct cli_option *row = argument_row(parse, parse->place);
	struct cli_files *files;

	if (!row)
		return refuse(parse, "unexpected argument '%.160s'", word);
	parse->place++;
	if (row->type.kind != CLI_FILES)
		return take(parse, row, word);
	files = (struct cli_files *)(void *)(parse->options + row->offset);
	files->at[files->count++] = word;
	return CLI_GO;
}

/* The first example that is of the command itself. */
static const char *example_of(const struct cli_command *command)
{
	const struct cli_example *example = command->examples;
	const size_t length = strlen("breakeven ") + strlen(command->name);
	char begin[64];

	snprintf(begin, sizeof(begin), "breakeven %s", command->name);
	while (strncmp(example->line, begin, length) != 0)
		example++;
	return example->line;
}

static int check_arguments(const struct cli_parse *parse,
			   const struct cli_command *command)
{
	const struct cli_option *row = argument_row(parse, parse->place);

	if (!row || (row->type.kind == CLI_FILES &&
		     parse->place >= (size_t)row->type.min))
		return CLI_GO;
	return refuse(parse, "name %s, as in '%s'", row->help,
		      example_of(command));
}

static int walk(struct cli_parse *parse, char **argv)
{
	bool options = true;
	int rc = CLI_GO;

	for (char **next = argv + 1; rc == CLI_GO && !parse->help && *next;) {
		char *word = *next++;

		if (options && strcmp(word, "--") == 0)
			options = false;
		else if (options && strncmp(word, "--", 2) == 0)
			rc = take_long(parse, word, &next);
		else if (options && word[0] == '-' && word[1])
			rc = take_letters(parse, word, &next);
		else
			rc = take_argument(parse, word);
	}
	return rc;
}

int cli_parse(const struct cli_command *command, int argc, char **argv,
	      void *options)
{
	struct cli_parse parse = {.who = argv[0], .options = options};
	const char *wrong;
	int rc;

	(void)argc;
	parse.nrows = cli_rows(command, parse.rows);
	for (size_t i = 0; i < parse.nrows; i++)
		if (parse.rows[i].type.kind == CLI_FILES)
			((struct cli_files *)(void *)(parse.options +
						      parse.rows[i].offset))
				->at = argv + 1;
	rc = walk(&parse, argv);
	if (rc == CLI_GO && parse.help) {
		cli_help(command, stdout);
		return output_finish(argv[0]) ? 1 : 0;
	}
	if (rc == CLI_GO)
		rc = check_arguments(&parse, command);
	if (rc != CLI_GO || !command->check)
		return rc;
	wrong = command->check(&parse, options);
	return wrong ? cli_wrong(argv[0], wrong) : CLI_GO;
}

static bool is_one_of(const char *name, const char *names)
{
	size_t length = strlen(name);

	for (; names; names = strchr(names, ',')) {
		names += *names == ',';
		if (strncmp(names, name, length) == 0 &&
		    (!names[length] || names[length] == ','))
			return true;
	}
	return false;
}

bool cli_given_beside(const struct cli_parse *parse, const char *names)
{
	for (size_t i = 0; i < parse->nrows; i++)
		if (parse->given >> i & 1 && parse->rows[i].name &&
		    !is_one_of(parse->rows[i].name, names))
			return true;
	return false;
}
