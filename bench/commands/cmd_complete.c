/* SPDX-License-Identifier: MIT */
/*
 * What could stand at the cursor, for the completion of shells, which are in
 * scripts/completion/: `breakeven complete WORD...`, with the words up to the
 * cursor, the last of which may be empty. Each line is what the last word could
 * be, and behind a tab what it means. An empty line comes first if more may
 * follow without a blank.
 */
#include "bench/cli/terminal.h"
#include "bench/commands/commands.h"
#include "bench/commands/common/names.h"

#include <glob.h>
#include <stdlib.h>
#include <string.h>

/* The last word: what is kept of it, and what is completed. */
struct completion {
	int keep;
	const char *whole, *begin;
};

static struct completion completion_of(const char *word, const char *begin)
{
	return (struct completion){(int)(begin - word), word, begin};
}

/* The first words of the help are enough. */
static void offer(const struct completion *last, const char *candidate,
		  const char *help)
{
	if (strncmp(candidate, last->begin, strlen(last->begin)) == 0)
		printf("%.*s%s%s%.*s\n", last->keep, last->whole, candidate,
		       help ? "\t" : "", help ? (int)strcspn(help, "(;:") : 0,
		       help ? help : "");
}

static void offer_commands(const char *word)
{
	const struct completion last = completion_of(word, word);

	for (size_t i = 0; commands[i]; i++)
		if (commands[i]->summary)
			offer(&last, commands[i]->name, commands[i]->summary);
}

static void offer_options(const struct cli_option *row, const char *word)
{
	const struct completion last = completion_of(word, word);

	for (; row->type.kind != CLI_END; row++) {
		char spelling[64];

		if (!row->name || !row->help || row->type.kind == CLI_ALIAS)
			continue;
		snprintf(spelling, sizeof(spelling), "--%s", row->name);
		offer(&last, spelling, row->help);
	}
}

/* Folders, and files that end so. */
static void offer_files(const struct completion *last, const char *suffix)
{
	glob_t found = {.gl_pathc = 0};
	char pattern[4096];

	puts("");
	snprintf(pattern, sizeof(pattern), "%s*", last->begin);
	glob(pattern, GLOB_MARK, NULL, &found);
	for (size_t i = 0; i < found.gl_pathc; i++) {
		const char *path = found.gl_pathv[i];
		size_t length = strlen(path), end = strlen(suffix);

		if (path[length - 1] == '/' ||
		    (length >= end && strcmp(path + length - end, suffix) == 0))
			offer(last, path, NULL);
	}
	globfree(&found);
}

/* "fork-pool:wait=spin:sch" may go on as any "fork-pool:..." that is listed,
 * behind its last colon. */
static void offer_names(struct completion last, bool runners)
{
	char *lines = NULL, *rest, *line;
	const char *colon = strrchr(last.begin, ':');
	size_t size, name = strcspn(last.begin, ":"), cut = 0;
	FILE *out = open_memstream(&lines, &size);
	struct completion behind = last;

	if (!out)
		return;
	names_write(out, runners);
	fclose(out);
	puts("");
	if (colon) {
		behind = completion_of(last.whole, colon + 1);
		cut = name + 1;
	}
	for (rest = lines; (line = strsep(&rest, "\n"));)
		if (*line && (cut == 0 || strncmp(line, last.begin, cut) == 0))
			offer(&behind, line + cut, NULL);
	if (!runners && strchr(last.begin, '/'))
		offer_files(&last, ".so");
	free(lines);
}

static void offer_value(const struct cli_option *row, const char *word,
			const char *value)
{
	const struct completion last = completion_of(word, value);
	const char *comma = strrchr(value, ',');
	const struct completion element =
		completion_of(word, comma ? comma + 1 : value);
	const char *name;

	switch (row->type.kind) {
	case CLI_CHOICE:
		for (size_t i = 0; (name = cli_choice(&row->type, i)); i++)
			offer(&last, name, NULL);
		break;
	case CLI_KERNELS:
	case CLI_RUNNERS:
		offer_names(element, row->type.kind == CLI_RUNNERS);
		break;
	case CLI_KERNEL:
	case CLI_RUNNER:
		offer_names(last, row->type.kind == CLI_RUNNER);
		break;
	case CLI_FILE:
	case CLI_FILES:
		offer_files(&last, ".jsonl");
		break;
	case CLI_OUTPUT:
		offer_files(&last, "");
		break;
	default:
		break;
	}
}

/* The option whose value the next word is, or NULL. */
static const struct cli_option *awaited(const struct cli_option *rows,
					const char *word)
{
	const struct cli_option *row = cli_find(rows, word, strlen(word));

	return row && cli_takes_value(row) && !row->type.lone ? row : NULL;
}

static void offer_argument(const struct cli_option *rows, char **words,
			   int count)
{
	const char *last = words[count - 1];
	size_t place = 0;

	for (int i = 0; i < count - 1; i++)
		if (awaited(rows, words[i]))
			i++;
		else
			place += words[i][0] != '-';
	for (; rows->type.kind != CLI_END; rows++)
		if (!rows->name && !rows->letter &&
		    (place-- == 0 || rows->type.kind == CLI_FILES)) {
			offer_value(rows, last, last);
			return;
		}
}

/* The words behind the command's name. */
static void offer_word(const struct cli_command *command, char **words,
		       int count)
{
	struct cli_option rows[CLI_ROWS_MAX];
	const char *last = words[count - 1], *equals = strchr(last, '=');
	const struct cli_option *row = NULL;

	cli_rows(command, rows);
	if (count > 1)
		row = awaited(rows, words[count - 2]);
	if (row) {
		offer_value(row, last, last);
	} else if (last[0] == '-' && equals) {
		row = cli_find(rows, last, (size_t)(equals - last));
		if (row)
			offer_value(row, last, equals + 1);
	} else if (last[0] == '-') {
		offer_options(rows, last);
	} else {
		offer_argument(rows, words, count);
	}
}

static int cmd_complete(int argc, char **argv)
{
	static const struct cli_option own[] = {
		{"help", 'h', OPT_FLAG, 0, NULL, "Show the help"},
		{"version", 0, OPT_FLAG, 0, NULL, "What it was built with"},
		CLI_ROW_END,
	};
	const struct cli_command *command;

	if (argc < 3) {
		offer_commands(argc < 2 ? "" : argv[1]);
		offer_options(own, argc < 2 ? "" : argv[1]);
	} else if (strcmp(argv[1], "help") == 0) {
		offer_commands(argv[2]);
	} else {
		command = commands_find(argv[1]);
		if (command && command->summary)
			offer_word(command, argv + 2, argc - 2);
	}
	return output_finish(argv[0], 0) ? 1 : 0;
}

const struct cli_command command_complete = {
	.name = "complete",
	.run = cmd_complete,
};
