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
	const char *caller;
	char *options;	    /* the struct to be filled */
	char **files;	    /* where the list of files begins in argv */
	char **next, **end; /* words that are left */
	size_t place;	    /* of the next argument's row */
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

int cli_wrong(const char *caller, const char *error)
{
	fprintf(stderr, "%s: %s\nTry '%s --help'\n", caller, error, caller);
	return 2;
}

__attribute__((format(printf, 2, 3))) static int refuse(
	const struct cli_parse *parse, const char *format, ...)
{
	char text[ERROR_TEXT_MAX];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	return cli_wrong(parse->caller, text);
}

/* Nothing is known by this name, or more than one is. */
static int refuse_option(const struct cli_parse *parse, const char *word,
			 size_t length)
{
	char name[64], similar[ERROR_TEXT_MAX / 2] = "";
	struct suggestion near = {.word = name};
	size_t used = 0;

	snprintf(name, sizeof(name), "%.*s", (int)length - 2, word + 2);
	for (size_t i = 0; i < parse->nrows && word[1] == '-'; i++) {
		const struct cli_option *row = &parse->rows[i];

		if (!row->name || !row->help || row->type.kind == CLI_ALIAS)
			continue;
		suggestion_offer(&near, row->name);
		if (strncmp(row->name, name, length - 2) == 0 &&
		    used < sizeof(similar))
			used += (size_t)snprintf(
				similar + used, sizeof(similar) - used,
				"%s--%s", used ? ", " : "", row->name);
	}
	if (used)
		return refuse(parse, "'--%s' may be one of %s", name, similar);
	return refuse(parse, "there is no option '%.*s'%s%s%s", (int)length,
		      word, near.name ? ": did you mean '--" : "",
		      near.name ? near.name : "", near.name ? "'?" : "");
}

/* ------------------------------------------------------------- walking */

static int take(struct cli_parse *parse, const struct cli_option *row,
		const char *text)
{
	char takes[ERROR_TEXT_MAX / 2];

	parse->given |= UINT64_C(1) << (row - parse->rows);
	if (row->name && strcmp(row->name, "help") == 0) {
		parse->help = true;
		return CLI_GO;
	}
	if (text && cli_take(row, text, parse->options + row->offset))
		return CLI_GO;
	cli_describe(row, takes, sizeof(takes));
	if (!text)
		return refuse(parse, "--%s needs a value: it takes %s",
			      row->name, takes);
	return refuse(parse, "%s%s takes %s, not '%.160s'",
		      row->name ? "--" : "", row->name ? row->name : row->value,
		      takes, text);
}

/* "--workers=2", "--workers 2", "-w2" or "-w 2": the value may be the next
 * word. */
static int take_option(struct cli_parse *parse, const char *word)
{
	bool by_name = word[1] == '-';
	size_t length = by_name ? strcspn(word, "=") : 2;
	const struct cli_option *row = cli_find(parse->rows, word, length);
	const char *value = word[length] ? word + length + by_name : NULL;

	if (!row)
		return refuse_option(parse, word, length);
	if (!cli_takes_value(row) && value)
		return refuse(parse, "--%s takes no value, so not '%.160s'",
			      row->name, value);
	if (!value && (!cli_takes_value(row) || row->type.lone))
		value = "";
	else if (!value && parse->next < parse->end)
		value = *parse->next++;
	return take(parse, row, value);
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

/* Files stay in argv: each moves to its front, before the options that were
 * read; no word is lost, since records keep them. */
static char **move_file(struct cli_parse *parse, int count)
{
	char **to = parse->files + count, **from = parse->next - 1;
	char *file = *from;

	memmove(to + 1, to, (size_t)(from - to) * sizeof(*to));
	*to = file;
	return parse->files;
}

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
	files->at = move_file(parse, files->count++);
	return CLI_GO;
}

static int check_arguments(const struct cli_parse *parse)
{
	const struct cli_option *row = argument_row(parse, parse->place);

	if (!row || (row->type.kind == CLI_FILES &&
		     parse->place >= (size_t)row->type.min))
		return CLI_GO;
	return refuse(parse, "name %s", row->help);
}

static int walk(struct cli_parse *parse, const struct cli_command *command)
{
	bool options = true;
	int rc = CLI_GO;

	while (rc == CLI_GO && !parse->help && parse->next < parse->end) {
		char *word = *parse->next++;

		if (options && strcmp(word, "--") == 0)
			options = false;
		else if (command->skips && command->skips(word))
			continue;
		else if (options && word[0] == '-' && word[1])
			rc = take_option(parse, word);
		else
			rc = take_argument(parse, word);
	}
	return rc;
}

int cli_parse(const struct cli_command *command, int argc, char **argv,
	      void *options)
{
	struct cli_parse parse = {
		.caller = argv[0],
		.options = options,
		.files = argv + 1,
		.next = argv + 1,
		.end = argv + argc,
	};
	const char *wrong;
	int rc;

	parse.nrows = cli_rows(command, parse.rows);
	rc = walk(&parse, command);
	if (rc == CLI_GO && parse.help) {
		cli_help(command, stdout);
		return output_finish(argv[0], 0) ? 1 : 0;
	}
	if (rc == CLI_GO)
		rc = check_arguments(&parse);
	if (rc != CLI_GO || !command->check)
		return rc;
	wrong = command->check(&parse, options);
	return wrong ? cli_wrong(argv[0], wrong) : CLI_GO;
}

bool cli_given_beside(const struct cli_parse *parse, const char *names)
{
	for (size_t i = 0; i < parse->nrows; i++) {
		char name[64];

		if (!(parse->given >> i & 1) || !parse->rows[i].name)
			continue;
		snprintf(name, sizeof(name), ",%s,", parse->rows[i].name);
		if (!strstr(names, name))
			return true;
	}
	return false;
}
