/* SPDX-License-Identifier: MIT */
#include "analysis/scaling.h"
#include "report/export/export.h"
#include "results/json_value.h"

#include <float.h>
#include <math.h>

enum { DIGITS = 6 };

/* Null: not known, or no bound. */
static json_t *bound_json(double value)
{
	return json_number(value < DBL_MAX ? value : NAN);
}

static json_t *fit_json(const struct scaling_fit *fit)
{
	return json_pack("{s:o,s:o,s:o}", "median", bound_json(fit->median),
			 "lo", bound_json(fit->interval.lo), "hi",
			 bound_json(fit->interval.hi));
}

static json_t *point_json(const struct scaling_point *point)
{
	return json_pack("{s:I,s:o,s:o,s:o,s:o,s:o,s:o}", "workers",
			 (json_int_t)point->workers, "speedup",
			 json_number(point->speedup), "speedup_lo",
			 json_number(point->interval.lo), "speedup_hi",
			 json_number(point->interval.hi), "efficiency",
			 json_number(point->efficiency), "weak_efficiency",
			 json_number(point->weak), "karp_flatt",
			 json_number(point->serial_share));
}

static json_t *line_json(const struct scaling_line *line)
{
	json_t *points = json_array();

	for (size_t i = 0; i < line->npoints; i++)
		json_array_append_new(points, point_json(&line->points[i]));
	return json_pack(
		"{s:s,s:s,s:I,s:o,s:o,s:o,s:o,s:o}", "kernel", line->kernel,
		"runner", line->runner, "n", (json_int_t)line->n, "points",
		points, "amdahl", fit_json(&line->serial_share), "contention",
		fit_json(&line->contention), "coherence",
		fit_json(&line->coherence), "peak", fit_json(&line->peak));
}

static json_t *best_json(const struct scaling_best *best)
{
	const struct cell *cell = best->cell;

	return json_pack("{s:s,s:I,s:s?,s:I,s:o}", "kernel", best->kernel, "n",
			 (json_int_t)best->n, "runner",
			 cell		? cell->pair.runner
			 : best->serial ? "serial"
					: NULL,
			 "workers",
			 (json_int_t)(cell ? cell->pair.workers : best->serial),
			 "speedup",
			 json_number(cell	    ? exp(cell->log_ratio)
				     : best->serial ? 1
						    : NAN));
}

static json_t *scaling_json(const struct scaling *scaling,
			    const struct record *record,
			    const struct findings *findings)
{
	json_t *workers = json_array(), *best = json_array();
	json_t *lines = json_array();

	for (size_t i = 0; i < scaling->nworkers; i++)
		json_array_append_new(
			workers, json_integer((json_int_t)scaling->workers[i]));
	for (size_t i = 0; i < scaling->nbest; i++)
		json_array_append_new(best, best_json(&scaling->best[i]));
	for (size_t i = 0; i < scaling->nlines; i++)
		json_array_append_new(lines, line_json(&scaling->lines[i]));
	return json_pack("{s:b,s:b,s:o,s:o,s:o,s:o}", "complete",
			 (int)findings->complete, "trusted",
			 (int)findings->trusted, "workers", workers, "best",
			 best, "lines", lines, "left_out", notes_json(record));
}

int scale_json_write(FILE *out, const struct record *record,
		     const struct findings *findings,
		     const struct report_style *style)
{
	struct scaling scaling;
	int rc = scaling_make(record, findings, &scaling);

	(void)style;
	if (rc == 0)
		rc = json_put(out, scaling_json(&scaling, record, findings),
			      DIGITS);
	scaling_free(&scaling);
	return rc ? rc : report_flush(out);
}
