/* SPDX-License-Identifier: MIT */
/*
 * The one door to gnuplot, a program that a user may have or not: it draws all
 * charts, for pages and for papers, so that they are the same everywhere.
 */
#ifndef BREAKEVEN_REPORT_CHART_GNUPLOT_H
#define BREAKEVEN_REPORT_CHART_GNUPLOT_H

#include <stdbool.h>
#include <stddef.h>

enum { GNUPLOT_ERROR_MAX = 512 };

/* What a script wrote to standard output: pictures, one after the other. */
struct gnuplot_output {
	char *bytes;
	size_t size;
};

/*
 * Run a script that draws pictures, each of which begins with `mark`, and wait
 * for its end; one of no length draws none. 0; -ENOENT: there is no gnuplot; or
 * another -errno; `error` says in each case what is the matter and what to do.
 * gnuplot_free() frees the output.
 */
int gnuplot_run(const char *script, size_t length, const char *mark,
		struct gnuplot_output *out, char error[GNUPLOT_ERROR_MAX]);
void gnuplot_free(struct gnuplot_output *out);

/*
 * The picture that begins at or behind *at: each begins with `mark`, "<?xml" or
 * PNG's signature, and ends where the next one does. *at moves behind it.
 * false: there are no more.
 */
bool gnuplot_next(const struct gnuplot_output *out, const char *mark,
		  size_t *at, const char **picture, size_t *size);

#endif
