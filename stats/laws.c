/* SPDX-License-Identifier: MIT */
#include "stats/stats.h"

#include <errno.h>
#include <math.h>

/* 1 / S = s + (1 - s) / w, so 1 / S - 1 / w = s (1 - 1 / w). */
double stats_amdahl(const struct stats_speedup *points, size_t count)
{
	double xy = 0, xx = 0;

	for (size_t i = 0; i < count; i++) {
		double x = 1 - 1 / points[i].workers;

		xy += x * (1 / points[i].speedup - 1 / points[i].workers);
		xx += x * x;
	}
	return xx > 0 ? xy / xx : NAN;
}

double stats_karp_flatt(const struct stats_speedup *point)
{
	return stats_amdahl(point, 1);
}

/* The better of the two fits that have one of the parameters alone, as neither
 * may be negative: y = a u, or y = b v. */
static struct stats_usl usl_alone(double uu, double vv, double uy, double vy)
{
	double a = uu > 0 ? fmax(uy / uu, 0) : 0;
	double b = vv > 0 ? fmax(vy / vv, 0) : 0;

	/* What the squares fall by. */
	return a * uy >= b * vy ? (struct stats_usl){a, 0}
				: (struct stats_usl){0, b};
}

/* w / S - 1 = a (w - 1) + b w (w - 1); divided by w - 1, so that errors of the
 * efficiency count alike at all numbers of workers. */
int stats_usl(const struct stats_speedup *points, size_t count,
	      struct stats_usl *usl)
{
	double uu = 0, uv = 0, vv = 0, uy = 0, vy = 0, det;
	size_t used = 0;

	for (size_t i = 0; i < count; i++) {
		double w = points[i].workers, y;

		if (!(w > 1))
			continue;
		y = (w / points[i].speedup - 1) / (w - 1);
		uu += 1;
		uv += w;
		vv += w * w;
		uy += y;
		vy += w * y;
		used++;
	}
	det = uu * vv - uv * uv;
	if (used < 3 || !(det > 1e-12 * uu * vv))
		return -EDOM;
	*usl = (struct stats_usl){(vv * uy - uv * vy) / det,
				  (uu * vy - uv * uy) / det};
	if (usl->contention < 0 || usl->coherence < 0)
		*usl = usl_alone(uu, vv, uy, vy);
	return 0;
}

double stats_usl_peak(const struct stats_usl *usl)
{
	if (isnan(usl->contention) || isnan(usl->coherence))
		return NAN;
	if (usl->contention >= 1)
		return 1;
	if (usl->coherence <= 0)
		return INFINITY;
	return fmax(1, sqrt((1 - usl->contention) / usl->coherence));
}
