/* SPDX-License-Identifier: MIT */
#include "stats/stats.h"

#include <errno.h>
#include <math.h>

int stats_line(const struct stats_time *times, size_t count,
	       struct stats_line *line)
{
	double uu = 0, uv = 0, vv = 0, u1 = 0, v1 = 0, det;

	/* Relative errors are alike at all sizes, so divide by the time: find
	 * the least squares of 1 - alpha u - beta v. */
	for (size_t i = 0; i < count; i++) {
		double u = 1 / times[i].ns, v = times[i].n / times[i].ns;

		uu += u * u;
		uv += u * v;
		vv += v * v;
		u1 += u;
		v1 += v;
	}
	det = uu * vv - uv * uv;
	if (count < 2 || !(det > 1e-12 * uu * vv))
		return -EDOM;
	line->alpha = (vv * u1 - uv * v1) / det;
	line->beta = (uu * v1 - uv * u1) / det;
	return 0;
}

double stats_lines_meet(const struct stats_line *serial,
			const struct stats_line *runner)
{
	double n =
		(runner->alpha - serial->alpha) / (serial->beta - runner->beta);

	return serial->beta > runner->beta && n > 0 ? n : NAN;
}
