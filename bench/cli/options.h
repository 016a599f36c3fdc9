/* SPDX-License-Identifier: MIT */
/*
 * A command as a table of its options, and the one parser that walks it.
 *
 *	static const struct cli_option options[] = {
 *		{"budget", 'b', OPT_REAL(0.1, 1e6),
 *		 offsetof(struct my_options, budget_s), "SECONDS",
 *		 "Time to spend"},
 *		CLI_ROW_END,
 *	};
 *
 * Help, errors and completion follow from the table.
 */
#ifndef BREAKEVEN_BENCH_CLI_OPTIONS_H
#define BREAKEVEN_BENCH_CLI_OPTIONS_H

#include "core/error.h"
#include "report/doc/style.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum {
	CLI_COUNTS_MAX = 64,
	CLI_SIZES_MAX = 16,
	CLI_ROWS_MAX = 64, /* of a command, with those of its sub-tables */
};

enum cli_kind {
	CLI_END,     /* of the table */
	CLI_FLAG,    /* bool */
	CLI_COUNT,   /* unsigned, within [min, max] */
	CLI_COUNTS,  /* struct cli_counts, each within [min, max] */
	CLI_WHOLE,   /* uint64_t, below 2^63 */
	CLI_REAL,    /* double, within [min, max] */
	CLI_PERCENT, /* double, within [min, max]: "2%" is 0.02 */
	CLI_SIZE,    /* uint64_t, from min on: "1000", "64Ki", "4M" */
	CLI_SIZES,   /* struct cli_sizes: "32Ki,1Mi" */
	CLI_RANGE,   /* struct cli_range: "16..4Mi", or "16" for both ends */
	CLI_CHOICE,  /* int: which of the names */
	CLI_KERNELS, /* const char *: "sum,dot", none of them empty */
	CLI_RUNNERS, /* the same */
	CLI_KERNEL,  /* const char *, one of them */
	CLI_RUNNER,
	CLI_FILE,   /* const char *, a file that is there */
	CLI_OUTPUT, /* const char *, a file that is made */
	CLI_FILES, /* struct cli_files: arguments that are left, at least min */
	CLI_HOOK,  /* what its function makes of it */
	CLI_TABLE, /* another table, of a struct at the offset */
	CLI_ALIAS, /* an old spelling of the option `takes`; not in the help */
};

struct cli_counts {
	size_t count;
	unsigned at[CLI_COUNTS_MAX];
};

struct cli_sizes {
	size_t count;
	uint64_t at[CLI_SIZES_MAX];
};

struct cli_range {
	uint64_t lo, hi;
};

struct cli_files {
	int count;
	char **at;
};

struct cli_option;

/* A kind, and what it needs to know. */
struct cli_type {
	enum cli_kind kind;
	double min, max;
	bool lone;		  /* its value may be missing, and is then "" */
	const char *const *names; /* of choices, ending with NULL; */
	const char *(*name_at)(size_t i); /* or this; NULL after the last */
	const struct cli_option *table;
	/* Take the text. False: `takes` says what would be right. */
	bool (*hook)(const char *text, void *field);
	const char *takes;
};

#define CLI_OF(...)                                                            \
	{                                                                      \
		__VA_ARGS__                                                    \
	}
#define OPT_END		   CLI_OF(.kind = CLI_END)
#define OPT_FLAG	   CLI_OF(.kind = CLI_FLAG)
#define OPT_COUNT(lo, hi)  CLI_OF(.kind = CLI_COUNT, .min = (lo), .max = (hi))
#define OPT_COUNTS(lo, hi) CLI_OF(.kind = CLI_COUNTS, .min = (lo), .max = (hi))
#define OPT_WHOLE	   CLI_OF(.kind = CLI_WHOLE)
#define OPT_REAL(lo, hi)   CLI_OF(.kind = CLI_REAL, .min = (lo), .max = (hi))
#define OPT_PERCENT(lo, hi)                                                    \
	CLI_OF(.kind = CLI_PERCENT, .min = (lo), .max = (hi))
#define OPT_SIZE(lo)	  CLI_OF(.kind = CLI_SIZE, .min = (lo))
#define OPT_SIZES	  CLI_OF(.kind = CLI_SIZES, .min = 1)
#define OPT_RANGE	  CLI_OF(.kind = CLI_RANGE)
#define OPT_CHOICE(array) CLI_OF(.kind = CLI_CHOICE, .names = (array))
#define OPT_CHOICE_AT(at) CLI_OF(.kind = CLI_CHOICE, .name_at = (at))
#define OPT_KERNELS	  CLI_OF(.kind = CLI_KERNELS)
#define OPT_RUNNERS	  CLI_OF(.kind = CLI_RUNNERS)
#define OPT_KERNEL	  CLI_OF(.kind = CLI_KERNEL)
#define OPT_RUNNER	  CLI_OF(.kind = CLI_RUNNER)
#define OPT_FILE	  CLI_OF(.kind = CLI_FILE)
#define OPT_OUTPUT	  CLI_OF(.kind = CLI_OUTPUT)
#define OPT_LONE_OUTPUT	  CLI_OF(.kind = CLI_OUTPUT, .lone = true)
#define OPT_FILES(least)  CLI_OF(.kind = CLI_FILES, .min = (least))
#define OPT_HOOK(take, what)                                                   \
	CLI_OF(.kind = CLI_HOOK, .hook = (take), .takes = (what))
#define OPT_TABLE(rows) CLI_OF(.kind = CLI_TABLE, .table = (rows))
#define OPT_ALIAS(name) CLI_OF(.kind = CLI_ALIAS, .takes = (name))

/* A row. Without name and letter it is an argument, known by its place: each of
 * those is needed, unless it is a list of files. */
struct cli_option {
	const char *name; /* "budget" */
	char letter;	  /* or 0 */
	struct cli_type type;
	size_t offset;	   /* of the field that it fills */
	const char *value; /* "SECONDS"; in errors the unit of a number */
	const char *help;  /* of an argument: what to name, for the error */
};

/* What many commands take: the forms of a document, in their order, and JSON.
 */
enum { CLI_JSON = DOC_HTML + 1 };
extern const char
	*const cli_formats[]; /* "table", "markdown", "html", "json" */
#define CLI_ROW_FORMAT(type, field)                                            \
	CLI_OF("format", 'f', OPT_CHOICE(cli_formats), offsetof(type, field),  \
	       "FORMAT",                                                       \
	       "Output format: table (default), markdown, html or json")
extern const char *const cli_forms[]; /* the same without JSON */
#define CLI_ROW_PAGE(type, field)                                              \
	CLI_OF("format", 'f', OPT_CHOICE(cli_forms), offsetof(type, field),    \
	       "FORMAT", "Output format: table (default), markdown or html")
/* How much of a report is printed: a struct cli_detail. */
struct cli_detail {
	bool brief, all;
};
enum report_detail cli_detail(const struct cli_detail *detail);
extern const struct cli_option cli_detail_table[];
#define CLI_ROW_DETAIL(type, field)                                            \
	CLI_OF(NULL, 0, OPT_TABLE(cli_detail_table), offsetof(type, field),    \
	       NULL, NULL)
#define CLI_ROW_QUIET(type, field)                                             \
	CLI_OF("quiet", 0, OPT_FLAG, offsetof(type, field), NULL,              \
	       "No progress on standard error")
#define CLI_ROW_END CLI_OF(NULL, 0, OPT_END, 0, NULL, NULL)

struct cli_example {
	const char *line; /* "breakeven bench -k sum", to be pasted */
	const char *what;
};

struct cli_parse;

struct cli_command {
	const char *name;    /* "bench" */
	const char *summary; /* in a few words; NULL: not for users */
	const char *doc;     /* a paragraph */
	const struct cli_option *options;
	const struct cli_example *examples; /* up to line == NULL */
	/* After all options: NULL, or why they do not go together. */
	const char *(*check)(const struct cli_parse *parse, void *options);
	/* May be NULL: words of argv that are not ours; and what the help has
	 * between options and examples. */
	bool (*skips)(const char *word);
	void (*help)(FILE *out);
	/* Returns the exit status. argv[0] is "breakeven bench". */
	int (*run)(int argc, char **argv);
	bool measures; /* so that the environment has a say in it */
};

/* Go on: the options are there. Else it is the exit status. */
enum { CLI_GO = -1 };

/*
 * Fill the command's options, which hold the defaults, from argv. CLI_GO; 0
 * when help was asked for and given; 2 when what is wrong has been told, in a
 * line or two on standard error.
 */
int cli_parse(const struct cli_command *command, int argc, char **argv,
	      void *options);

/* For check(): was any option given beside `names`, as ",budget,quiet,"? */
bool cli_given_beside(const struct cli_parse *parse, const char *names);

/* The rows of the command, sub-tables in their place, and behind them --help;
 * ends with CLI_END. Returns how many there are. */
size_t cli_rows(const struct cli_command *command,
		struct cli_option rows[CLI_ROWS_MAX]);

/* The option that `text` calls by its name, as "--budget" or, where that is
 * unique, "--bud", by its letter or by an old spelling; `length` of it count.
 * NULL: there is none. */
const struct cli_option *cli_find(const struct cli_option *rows,
				  const char *text, size_t length);

/* The i-th name of a choice, or NULL. */
const char *cli_choice(const struct cli_type *type, size_t i);

/* Does an option of this kind need a value? */
bool cli_takes_value(const struct cli_option *option);

/* Take the text to the row's field. False: it is not one of what it takes. */
bool cli_take(const struct cli_option *option, const char *text, void *field);

/* "a number from 1 to 1000" */
void cli_describe(const struct cli_option *option, char *text, size_t size);

/* The whole help. */
void cli_help(const struct cli_command *command, FILE *out);

/* "breakeven bench: ERROR", and where to read more. Returns the exit status of
 * wrong use. */
int cli_wrong(const char *caller, const char *error);

#endif
