/* SPDX-License-Identifier: MIT */
#include "report/chart/chart_script.h"

#include "report/doc/text.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

const struct chart_look chart_looks[CHART_LOOKS] = {
	{"#1b7fc4", 7, 1},  {"#d55e00", 5, 1},	{"#00966c", 9, 1},
	{"#b8609a", 13, 1}, {"#a67c00", 11, 1}, {"#6b6bd6", 6, 1},
	{"#808080", 4, 1},  {"#c23b4e", 8, 1},
};

void chart_put_name(FILE *script, const char *name)
{
	for (; *name; name++)
		if (isalnum((unsigned char)*name) ||
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
