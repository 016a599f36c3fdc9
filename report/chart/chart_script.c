/* SPDX-License-Identifier: MIT */
#include "report/chart/chart_script.h"

#include "report/doc/text.h"

#include <ctype.h>
#include <math.h>
#include <stdarg.h>
#include <string.h>

/* Speed-ups below that are in the tables, but would flatten all others. */
#define LEAST_RATIO 0.05

const struct chart_look chart_looks[CHART_LOOKS] = {
	{"#1b7fc4", 7, 1},  {"#d55e00", 5, 1},	{"#00966c", 9, 1},
	{"#b8609a", 13, 1}, {"#a67c00", 11, 1}, {"#6b6bd6", 6, 1},
	{"#808080", 4, 1},  {"#c23b4e", 8, 1},
};

bool chart_is_first(const struct record *record, size_t runner)
{
	for (size_t r = 0; r < runner; r++)
		if (strcmp(record->runners[r].spec,
			   record->runners[runner].spec) == 0)
			return false;
	return true;
}

struct chart_look chart_runner_look(const struct record *record,
				    const char *runner)
{
	size_t before = 0;

	for (size_t r = 0; r < record->nrunners; r++) {
		if (strcmp(record->runners[r].spec, runner) == 0)
			break;
		before += chart_is_first(record, r);
	}
	return chart_line_look(before);
}

struct chart_look chart_line_look(size_t line)
{
	return chart_looks[line % CHART_LOOKS];
}

void chart_put_name(FILE *script, const char *name)
{
	for (; *name; name++)
		if (isalnum((unsigned char)*name) ||
		    (unsigned char)*name >= 0x80 || /* UTF-8 */
		    strchr(" .,:=_+-/()[]%;|", *name))
			fputc(*name, script);
		else
			fputc('?', script);
}

void chart_put_terminal(FILE *script, const struct chart *chart,
			unsigned height)
{
	/* What was plotted before ends there. */
	fputs("set output\nreset\n", script);
	switch (chart->use) {
	case CHART_PAGE:
		fprintf(script,
			"set terminal svg noenhanced size 640,%u dynamic name "
			"'c%u' font 'sans-serif,13' linewidth 1.3\n",
			height, chart->id);
		break;
	case CHART_SVG:
		fprintf(script,
			"set terminal svg noenhanced size 800,%u dynamic font "
			"'sans-serif,14' linewidth 1.3\n",
			height * 5 / 4);
		break;
	case CHART_PNG:
		fprintf(script,
			"set terminal pngcairo noenhanced size 1600,%u font "
			"'sans-serif,26' linewidth 2.6 pointscale 2\n",
			height * 5 / 2);
		break;
	}
	fputs("set encoding utf8\n"
	      "set border 3\n"
	      "set tics nomirror\n"
	      "set grid lc rgb '#c0c0c0' dt (2,3)\n"
	      "set key outside below horizontal\n",
	      script);
	if (chart->use == CHART_PAGE)
		fputs("unset key\n", script);
}

void chart_put_tips(FILE *script, const struct chart *chart,
		    const char *columns, const char *format, ...)
{
	va_list args;

	if (chart->use != CHART_PAGE)
		return;
	fputs(", ", script);
	va_start(args, format);
	vfprintf(script, format, args);
	va_end(args);
	fprintf(script,
		" using %s with labels hypertext point pt 7 ps 2.5 notitle",
		columns);
}

void chart_put_sizes_axis(FILE *script, double lo, double hi)
{
	int first = (int)ceil(log2(lo)), last = (int)floor(log2(hi));
	int step = (last - first) / 8 + 1;

	if (step > 1)
		step += step % 2;
	fprintf(script,
		"set logscale x 2\nset xrange [%g:%g]\nset xlabel 'items'\n"
		"set xtics (",
		lo / 1.4, hi * 1.4);
	for (int k = first; k <= last; k += step)
		fprintf(script, "%s'%s' %.0f", k == first ? "" : ", ",
			text_size(UINT64_C(1) << k).s, ldexp(1, k));
	fputs(")\n", script);
}

void chart_put_ratio_axis(FILE *script, double lo, double hi, const char *base)
{
	static const double tics[] = {0.05, 0.1, 0.2, 0.5, 1,	2,   4,
				      8,    16,	 32,  64,  128, 256, 512};

	lo = fmax(lo, LEAST_RATIO);
	hi = fmax(hi, 1.2);
	fprintf(script, "set logscale y 10\nset yrange [%g:%g]\nset ytics (",
		lo / 1.1, hi * 1.25);
	for (size_t i = 0; i < sizeof(tics) / sizeof(tics[0]); i++)
		fprintf(script, "%s'%g' %g", i ? ", " : "", tics[i], tics[i]);
	fputs(")\nset ylabel 'speed-up over ", script);
	chart_put_name(script, base);
	fputs("'\nset arrow from graph 0, first 1 to graph 1, first 1 nohead "
	      "lw 1.5 lc rgb 'black'\n",
	      script);
}

static struct text decade(double ns)
{
	static const char *const units[] = {"ns", "\u00b5s", "ms", "s"};
	struct text text;
	int unit = 0;

	for (; unit < 3 && ns >= 999.5; unit++)
		ns /= 1000;
	snprintf(text.s, sizeof(text.s), "%g %s", ns, units[unit]);
	return text;
}

void chart_put_time_axis(FILE *script, char axis, double lo, double hi)
{
	int first = (int)ceil(log10(lo / 1.5)), last = (int)floor(log10(hi));
	int step = last - first > 8 ? 2 : 1;
	bool begun = false;

	fprintf(script, "set logscale %c 10\nset %crange [%g:%g]\nset %ctics (",
		axis, axis, lo / 1.6, hi * 1.6, axis);
	for (int k = first; k <= last + 1; k += step) {
		if (k < 0)
			continue;
		fprintf(script, "%s'%s' %g", begun ? ", " : "",
			decade(pow(10, k)).s, pow(10, k));
		begun = true;
	}
	fputs(")\n", script);
}
