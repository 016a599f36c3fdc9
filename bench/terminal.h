/* SPDX-License-Identifier: MIT */
/*
 * What standard output can show.
 */
#ifndef BREAKEVEN_BENCH_TERMINAL_H
#define BREAKEVEN_BENCH_TERMINAL_H

#include "report/report.h"

/* Colour on a terminal, unless NO_COLOR is set; UTF-8 where the locale has it;
 * COLUMNS, the terminal's width, or 100. */
void terminal_style(struct report_style *style);

#endif
