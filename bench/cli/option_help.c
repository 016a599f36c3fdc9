/* SPDX-License-Identifier: MIT */
#include "bench/cli/options.h"
#include "bench/cli/terminal.h"
#include "report/doc/text.h"

#include <string.h>

enum { COLUMN = 29, HELP_WIDTH = 80 };

static bool is_shown(const struct cli_option *row)
{
	return row->type.kind != CLI_ALIAS && row->help &&
	       (row->name || row->letter);
}

static void put_usage(const struct cli_command *command,
		      const struct cli_option *rows, FILE *out)
{
	fprintf(out, "Usage: breakeven %s [OPTION...]", command->name);
	for (; rows->type.kind != CLI_END; rows++)
		if (!rows->name && !rows->letter)
			fprintf(out, " %s", rows->value);
	fputc('\n', out);
}

/* "  -w, --workers=LIST " */
static void put_spelling(const struct cli_option *row, FILE *out)
{
	char letter[8] = "   ", value[64] = "";

	if (row->letter)
		snprintf(letter, sizeof(letter), "-%c%c", row->letter,
			 row->name ? ',' : ' ');
	if (cli_takes_value(row))
		snprintf(value, sizeof(value), row->type.lone ? "[=%s]" : "=%s",
			 row->value);
	fprintf(out, "  %s --%s%s", letter, row->name, value);
}

/* The text begins at its column, on a line of its own if the option is long. */
static void put_option(const struct cli_option *row, FILE *out)
{
	struct draft_text draft;
	char spelled[128] = "";
	FILE *file = fmemopen(spelled, sizeof(spelled), "w");

	if (!file)
		return;
	put_spelling(row, file);
	fclose(file);
	if (strlen(spelled) + 2 > COLUMN) {
		fprintf(out, "%s\n", spelled);
		spelled[0] = '\0';
	}
	if (!text_begin(&draft))
		return;
	fprintf(draft.file, "%-*s%s", COLUMN, spelled, row->help);
	text_end_paragraph(out, &draft, HELP_WIDTH, COLUMN);
}

static void put_examples(const struct cli_example *example, FILE *out)
{
	if (!example)
		return;
	fputs("\nExamples:\n", out);
	for (; example->line; example++)
		fprintf(out, "  %s\n        %s\n", example->line,
			example->what);
}

void cli_help(const struct cli_command *command, FILE *out)
{
	struct cli_option rows[CLI_ROWS_MAX];

	cli_rows(command, rows);
	put_usage(command, rows, out);
	text_paragraph(out, command->doc, HELP_WIDTH, 0);
	fputc('\n', out);
	for (const struct cli_option *row = rows; row->type.kind != CLI_END;
	     row++)
		if (is_shown(row))
			put_option(row, out);
	if (command->help)
		command->help(out);
	put_examples(command->examples, out);
}
