/* SPDX-License-Identifier: MIT */
#include "report/chart/chart_script.h"
#include "report/doc/text.h"
#include "stats/stats.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

double chart_created_ns(const struct findings *findings, const char *runner,
			unsigned workers)
{
	double *list = calloc(findings->ncrossings + 1, sizeof(*list));
	double median = NAN;
	size_t count = 0;

	for (size_t i = 0; list && i < findings->ncrossings; i++) {
		const struct crossing *crossing = &findings->crossings[i];

		if (strcmp(crossing->pair.runner, runner) == 0 &&
		    crossing->pair.workers == workers &&
		    strcmp(crossing->pair.placement, findings->placements[0]) ==
			    0 &&
		    crossing->open_ns > 0)
			list[count++] = crossing->open_ns;
	}
	if (count > 0)
		median = stats_find_median(list, count);
	free(list);
	return median;
}

/* Runners with their workers, each once, in the order of the crossings. */
static bool seen_before(const struct findings *findings, size_t i)
{
	const struct pair *pair = &findings->crossings[i].pair;

	for (size_t k = 0; k < i; k++)
		if (strcmp(findings->crossings[k].pair.runner, pair->runner) ==
			    0 &&
		    findings->crossings[k].pair.workers == pair->workers)
			return true;
	return false;
}

static unsigned put_created(FILE *script, const struct findings *findings,
			    double *lo, double *hi)
{
	unsigned count = 0;

	fputs("$created << EOD\n", script);
	for (size_t i = 0; i < findings->ncrossings; i++) {
		const struct pair *pair = &findings->crossings[i].pair;
		double ns =
			chart_created_ns(findings, pair->runner, pair->workers);

		if (seen_before(findings, i) || isnan(ns))
			continue;
		fprintf(script, "%.9g %u \"", ns, ++count);
		chart_put_name(script, pair->runner);
		fprintf(script, ", %u workers\" \"  %s\"\n", pair->workers,
			text_time(ns).s);
		*lo = fmin(*lo, ns);
		*hi = fmax(*hi, ns);
	}
	fputs("EOD\n", script);
	return count;
}

bool chart_creation(FILE *script, const struct chart *chart)
{
	double lo = INFINITY, hi = 0;
	struct draft_text data;
	unsigned count = 0;
	char *text;

	if (text_begin(&data))
		count = put_created(data.file, chart->findings, &lo, &hi);
	text = text_end(&data);
	if (text && count > 0) {
		chart_put_terminal(script, chart, 90 + 40 * count);
		fputs(text, script);
		chart_put_time_axis(script, 'x', lo, hi * 3);
		fprintf(script,
			"set yrange [%u.6:0.4]\nset ytics ()\nunset key\n"
			"set xlabel 'time to create the workers'\n"
			"plot $created using 1:2:ytic(3) with points pt 7 ps "
			"1.2 "
			"lc rgb '%s' notitle, $created using 1:2:4 with labels "
			"left notitle\n",
			count, chart_looks[0].colour);
	}
	free(text);
	return text && count > 0;
}
