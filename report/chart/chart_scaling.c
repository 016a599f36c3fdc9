/* SPDX-License-Identifier: MIT */
#include "report/chart/chart_script.h"
#include "report/doc/text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static void scaling_put_title(FILE *script, const struct chart *chart,
			      const char *kernel, const char *what)
{
	if (chart->use == CHART_PAGE)
		return;
	fputs("set title '", script);
	chart_put_name(script, kernel);
	fprintf(script, ": %s'\n", what);
}

/* ------------------------------------------------------------- speed-ups */

static bool scaling_is_drawn(const struct scaling_line *line,
			     const char *kernel)
{
	return strcmp(line->kernel, kernel) == 0 && line->npoints > 1;
}

/* The range [lo, hi] of the speed-ups of a kernel, 1 among them; false: it has
 * none by several numbers of workers. */
static bool scaling_find_range(const struct scaling *scaling,
			       const char *kernel, double *lo, double *hi)
{
	bool any = false;

	*lo = 1;
	*hi = 1;
	for (size_t i = 0; i < scaling->nlines; i++) {
		const struct scaling_line *line = &scaling->lines[i];

		for (size_t p = 0;
		     scaling_is_drawn(line, kernel) && p < line->npoints; p++) {
			any = true;
			*lo = fmin(*lo, line->points[p].speedup);
			*hi = fmax(*hi, line->points[p].speedup);
		}
	}
	return any;
}

/* $l<index>: workers, speed-up, bounds, what it is. */
static void scaling_put_line(FILE *script, const struct scaling_line *line,
			     size_t index)
{
	fprintf(script, "$l%zu << EOD\n", index);
	for (size_t p = 0; p < line->npoints; p++) {
		const struct scaling_point *point = &line->points[p];
		bool known = isfinite(point->interval.lo) &&
			     isfinite(point->interval.hi);

		fprintf(script, "%u %.9g %.9g %.9g \"", point->workers,
			point->speedup,
			known ? point->interval.lo : point->speedup,
			known ? point->interval.hi : point->speedup);
		chart_put_name(script, line->runner);
		fprintf(script, " with %u, %s items: %s \u00d7\"\n",
			point->workers, text_size(line->n).s,
			text_ratio(point->speedup, false).s);
	}
	fputs("EOD\n", script);
}

/* The universal scalability law with the fitted parameters, where there are
 * any. */
static void scaling_put_law(FILE *script, const struct scaling_line *line,
			    const char *colour)
{
	double contention = line->contention.median;
	double coherence = line->coherence.median;

	if (isfinite(contention) && isfinite(coherence))
		fprintf(script,
			", x / (1 + %.9g * (x - 1) + %.9g * x * (x - 1)) with "
			"lines dt (2,3) lc rgb '%s' notitle",
			contention, coherence, colour);
}

static void scaling_put_plot(FILE *script, const struct chart *chart,
			     const struct scaling_line *line, size_t index)
{
	struct chart_look look = chart_runner_look(chart->record, line->runner);

	fprintf(script,
		", $l%zu using 1:2:3:4 with yerrorlines lc rgb '%s' pt %d "
		"ps 0.7 title '",
		index, look.colour, look.point);
	chart_put_name(script, line->runner);
	fprintf(script, ", %s items'", text_size(line->n).s);
	scaling_put_law(script, line, look.colour);
	chart_put_tips(script, chart, "1:2:5", "$l%zu", index);
}

static void scaling_put_workers_axis(FILE *script,
				     const struct scaling *scaling)
{
	fprintf(script,
		"set logscale x 2\nset xrange [%g:%g]\nset xlabel 'workers'\n"
		"set xtics (",
		scaling->workers[0] / 1.2,
		scaling->workers[scaling->nworkers - 1] * 1.2);
	for (size_t w = 0; w < scaling->nworkers; w++)
		fprintf(script, "%s%u", w ? ", " : "", scaling->workers[w]);
	fputs(")\n", script);
}

bool chart_speedups(FILE *script, const struct chart *chart,
		    const struct scaling *scaling, const char *kernel)
{
	double lo, hi;

	if (!scaling_find_range(scaling, kernel, &lo, &hi))
		return false;
	chart_put_terminal(script, chart, CHART_HEIGHT);
	scaling_put_title(script, chart, kernel,
			  "speed-up by number of workers");
	scaling_put_workers_axis(script, scaling);
	chart_put_ratio_axis(script, lo, hi, "serial");
	for (size_t i = 0; i < scaling->nlines; i++)
		if (scaling_is_drawn(&scaling->lines[i], kernel))
			scaling_put_line(script, &scaling->lines[i], i);
	fputs("plot x with lines dt (8,4) lc rgb 'black' title 'as many times "
	      "as workers'",
	      script);
	for (size_t i = 0; i < scaling->nlines; i++)
		if (scaling_is_drawn(&scaling->lines[i], kernel))
			scaling_put_plot(script, chart, &scaling->lines[i], i);
	fputc('\n', script);
	return true;
}

/* ------------------------------------------------------------- envelope */

static double scaling_best_value(const struct scaling_best *best)
{
	return best->cell ? exp(best->cell->log_ratio) : 1;
}

/* The sizes of a kernel, [begin, end); false: of fewer than two of them it is
 * known what is best. */
static bool scaling_find_bests(const struct scaling *scaling,
			       const char *kernel, size_t *begin, size_t *end)
{
	size_t known = 0;

	*begin = 0;
	while (*begin < scaling->nbest &&
	       strcmp(scaling->best[*begin].kernel, kernel) != 0)
		++*begin;
	for (*end = *begin; *end < scaling->nbest &&
			    strcmp(scaling->best[*end].kernel, kernel) == 0;
	     ++*end)
		known += scaling->best[*end].cell || scaling->best[*end].serial;
	return known > 1;
}

/* A point: size, speed-up, workers, what it is. */
static void scaling_put_best(FILE *script, const struct scaling_best *best)
{
	const char *runner = best->cell ? best->cell->pair.runner : "serial";
	unsigned workers = best->cell ? best->cell->pair.workers : 1;

	fprintf(script, "%llu %.9g %u \"", (unsigned long long)best->n,
		scaling_best_value(best), workers);
	chart_put_name(script, runner);
	fprintf(script, " with %u, %s items: %s \u00d7\"\n", workers,
		text_size(best->n).s,
		text_ratio(scaling_best_value(best), false).s);
}

static bool scaling_is_best(const struct scaling_best *best, const char *runner)
{
	return best->cell && strcmp(best->cell->pair.runner, runner) == 0;
}

/* $r<index>: where the runner is best; false, and nothing: nowhere. */
static bool scaling_put_bests(FILE *script, const struct scaling *scaling,
			      size_t begin, size_t end, const char *runner,
			      size_t index)
{
	bool any = false;

	for (size_t i = begin; i < end; i++) {
		if (!scaling_is_best(&scaling->best[i], runner))
			continue;
		if (!any)
			fprintf(script, "$r%zu << EOD\n", index);
		any = true;
		scaling_put_best(script, &scaling->best[i]);
	}
	if (any)
		fputs("EOD\n", script);
	return any;
}

/* $best: all of them, which one line joins. */
static void scaling_put_envelope(FILE *script, const struct scaling *scaling,
				 size_t begin, size_t end, double *hi)
{
	fputs("$best << EOD\n", script);
	for (size_t i = begin; i < end; i++) {
		const struct scaling_best *best = &scaling->best[i];

		if (!best->cell && !best->serial)
			continue;
		scaling_put_best(script, best);
		*hi = fmax(*hi, scaling_best_value(best));
	}
	fputs("EOD\n", script);
}

static void scaling_put_best_plots(FILE *script, const struct chart *chart,
				   const struct scaling *scaling, size_t begin,
				   size_t end)
{
	const struct record *record = chart->record;
	struct draft_text plots;
	FILE *out = text_begin(&plots);
	char *text;

	for (size_t r = 0; out && r < record->nrunners; r++) {
		const char *runner = record->runners[r].spec;
		struct chart_look look = chart_runner_look(record, runner);

		if (!chart_is_first(record, r) ||
		    !scaling_put_bests(script, scaling, begin, end, runner, r))
			continue;
		fprintf(out,
			", $r%zu using 1:2 with points pt %d lc rgb '%s' "
			"title '",
			r, look.point, look.colour);
		chart_put_name(out, runner);
		fputc('\'', out);
	}
	text = text_end(&plots);
	fprintf(script,
		"plot $best using 1:2 with lines lc rgb '#808080' notitle%s, "
		"$best using 1:2:3 with labels offset 0,0.8 notitle",
		text ? text : "");
	free(text);
	chart_put_tips(script, chart, "1:2:4", "$best");
	fputc('\n', script);
}

bool chart_envelope(FILE *script, const struct chart *chart,
		    const struct scaling *scaling, const char *kernel)
{
	size_t begin, end;
	double hi = 1;

	if (!scaling_find_bests(scaling, kernel, &begin, &end))
		return false;
	chart_put_terminal(script, chart, CHART_HEIGHT);
	scaling_put_title(script, chart, kernel,
			  "what is best at each size, with its workers");
	scaling_put_envelope(script, scaling, begin, end, &hi);
	chart_put_sizes_axis(script, (double)scaling->best[begin].n,
			     (double)scaling->best[end - 1].n);
	chart_put_ratio_axis(script, 1, hi, "serial");
	scaling_put_best_plots(script, chart, scaling, begin, end);
	return true;
}
