/* SPDX-License-Identifier: MIT */
#include "bench/cli/terminal.h"

#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { DEFAULT_COLUMNS = 100, LEAST_COLUMNS = 60, MOST_COLUMNS = 1000 };
enum { USUAL_WIDTH = 80 };

bool terminal_obeys(int fd)
{
	const char *term = getenv("TERM");

	return isatty(fd) && term && *term && strcmp(term, "dumb") != 0;
}

/* 0: not known. */
static unsigned window(int fd)
{
	struct winsize size;

	return ioctl(fd, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

unsigned terminal_width(int fd)
{
	unsigned width = window(fd);

	return width > 0 ? width : USUAL_WIDTH;
}

static unsigned columns(void)
{
	const char *text = getenv("COLUMNS");
	long set = text ? strtol(text, NULL, 10) : 0;

	if (set <= 0)
		set = window(STDOUT_FILENO);
	if (set <= 0)
		return DEFAULT_COLUMNS;
	if (set > MOST_COLUMNS)
		return MOST_COLUMNS;
	return set < LEAST_COLUMNS ? LEAST_COLUMNS : (unsigned)set;
}

static bool speaks_utf8(void)
{
	locale_t locale = newlocale(LC_CTYPE_MASK, "", (locale_t)0);
	bool utf8;

	if (!locale)
		return false;
	utf8 = strcmp(nl_langinfo_l(CODESET, locale), "UTF-8") == 0;
	freelocale(locale);
	return utf8;
}

void terminal_style(struct report_style *style)
{
	const char *no_colour = getenv("NO_COLOR");

	*style = (struct report_style){
		.count = 1,
		.detail = STYLE_ALL,
		.colour = terminal_obeys(STDOUT_FILENO) &&
			  !(no_colour && *no_colour),
		.utf8 = speaks_utf8(),
		.columns = columns(),
	};
}

int output_finish(const char *program, int rc)
{
	int error;

	errno = 0;
	if (fflush(stdout) == 0 && !ferror(stdout)) {
		if (rc)
			fprintf(stderr, "%s: %s\n", program, strerror(-rc));
		return rc ? -1 : 0;
	}
	error = errno ? errno : -rc;
	fprintf(stderr, "%s: standard output cannot be written%s%s\n", program,
		error ? ": " : "", error ? strerror(error) : "");
	return -1;
}
