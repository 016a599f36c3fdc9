/* SPDX-License-Identifier: MIT */
#include "stats/stats.h"

#include <math.h>

/* P(|T| <= t) of Student's T with so many degrees of freedom, in closed form:
 * Abramowitz & Stegun 1964, 26.7.3 and 26.7.4. */
static double student_within(double t, size_t freedom)
{
	double angle = atan(t / sqrt((double)freedom));
	double c = cos(angle), term = freedom % 2 ? c : 1, sum = term;
	size_t k = freedom % 2 ? 3 : 2;

	if (freedom == 1)
		return angle * M_2_PI;
	for (; k + 2 <= freedom; k += 2) {
		term *= c * c * (double)(k - 1) / (double)k;
		sum += term;
	}
	return freedom % 2 ? M_2_PI * (angle + sin(angle) * sum)
			   : sin(angle) * sum;
}

double stats_student(double alpha, size_t freedom)
{
	double lo = 0, hi = 1e6;

	for (int i = 0; i < 100; i++) {
		double middle = (lo + hi) / 2;

		if (1 - student_within(middle, freedom) > alpha)
			lo = middle;
		else
			hi = middle;
	}
	return hi;
}
