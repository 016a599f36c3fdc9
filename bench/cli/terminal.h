/* SPDX-License-Identifier: MIT */
/*
 * What standard output, and standard error, can show.
 */
#ifndef BREAKEVEN_BENCH_CLI_TERMINAL_H
#define BREAKEVEN_BENCH_CLI_TERMINAL_H

#include "report/doc/style.h"

#include <stdbool.h>

/* Is this descriptor a terminal that obeys escape codes? TERM=dumb, and no
 * TERM, say that it does not. */
bool terminal_obeys(int fd);

/* How many columns the terminal has; 80 where that is not known. */
unsigned terminal_width(int fd);

/* Colour on a terminal that obeys, unless NO_COLOR is set; UTF-8 where the
 * locale has it; COLUMNS, the terminal's width, or 100. */
void terminal_style(struct report_style *style);

/* Flush standard output, behind a writer that returned `rc`, 0 or -errno. 0, or
 * -1 with the reason told once, in the name of `program`: what could not be
 * written must not look like success. */
int output_finish(const char *program, int rc);

#endif
