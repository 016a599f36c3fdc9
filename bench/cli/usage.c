/* SPDX-License-Identifier: MIT */
#include "bench/cli/usage.h"

#include "bench/cli/list.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* What argp's children get, beside the input of the one that we wrap. */
struct wrapped {
	void *input;
	bool helped;
};

enum { KEY_HELP = '?', KEY_USAGE = 0x7e01 };

static const struct argp_option help_options[] = {
	{"help", KEY_HELP, NULL, 0, "Give this help", -1},
	{"usage", KEY_USAGE, NULL, 0, "Give a short summary of the options",
	 -1},
	{NULL, 0, NULL, 0, NULL, 0},
};

/* NOLINTNEXTLINE(readability-non-const-parameter): argp's own type */
static error_t parse_help(int key, char *arg, struct argp_state *state)
{
	struct wrapped *wrapped = state->input;

	(void)arg;
	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = wrapped->input;
		return 0;
	case KEY_HELP:
		wrapped->helped = true;
		argp_state_help(state, stdout, ARGP_HELP_STD_HELP);
		return ECANCELED;
	case KEY_USAGE:
		wrapped->helped = true;
		argp_state_help(state, stdout, ARGP_HELP_USAGE);
		return ECANCELED;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

int usage_parse(const struct argp *argp, int argc, char **argv, void *input)
{
	struct argp child = *argp;
	const struct argp_child children[] = {{&child, 0, NULL, 0},
					      {NULL, 0, NULL, 0}};
	const struct argp whole = {
		.options = help_options,
		.parser = parse_help,
		.doc = argp->doc,
		.children = children,
	};
	struct wrapped wrapped = {.input = input};
	int next = argc;
	error_t rc;

	/* What follows the options is printed of parents and children. */
	child.doc = NULL;
	rc = argp_parse(&whole, argc, argv, ARGP_NO_HELP | ARGP_NO_EXIT, &next,
			&wrapped);
	if (wrapped.helped)
		return output_finish(argv[0]) ? USAGE_WRONG : USAGE_DONE;
	if (rc == 0 && next >= argc)
		return USAGE_GO;
	if (rc == 0)
		fprintf(stderr,
			"%s: '%s' is no option, and there is no use "
			"for it\n",
			argv[0], argv[next]);
	argp_help(&whole, stderr, ARGP_HELP_USAGE | ARGP_HELP_LONG, argv[0]);
	return USAGE_WRONG;
}

error_t usage_format(struct argp_state *state, const char *text, bool *json)
{
	*json = strcmp(text, "json") == 0;
	if (*json || strcmp(text, "table") == 0)
		return 0;
	argp_error(state, "--format takes table or json, not '%s'", text);
	return EINVAL;
}

error_t usage_counts(struct argp_state *state, const char *option,
		     const char *text, unsigned long min, unsigned long max,
		     unsigned *out, size_t room, size_t *count)
{
	char error[256];

	if (list_counts(text, min, max, out, room, count, error,
			sizeof(error)) == 0)
		return 0;
	argp_error(state, "--%s: %s", option, error);
	return EINVAL;
}

error_t usage_count(struct argp_state *state, const char *option,
		    const char *text, unsigned long min, unsigned long max,
		    unsigned *out)
{
	size_t one;

	return usage_counts(state, option, text, min, max, out, 1, &one);
}

int usage_status(int parsed)
{
	return parsed == USAGE_DONE ? 0 : 2;
}
