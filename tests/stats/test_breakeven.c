/* SPDX-License-Identifier: MIT */
/*
 * Break-even sizes of curves that are spelled as a string, one letter a size:
 * W wins, L loses, ? is unresolved, e and f are equal with a median just below
 * and above 0, E is equal and wins, 0 reaches exactly 0 from below, - leaves a
 * gap. Sizes are 1, 2, 4, ...
 */
#include "stats/stats.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { POINTS_MAX = 16, LETTERS = 7 };

static const struct {
	char letter;
	double log_ratio;
	struct interval interval;
} letters[] = {
	{'W', 0.5, {0.4, 0.6}},	     {'L', -0.5, {-0.6, -0.4}},
	{'?', 0, {-1, 1}},	     {'e', -0.001, {-0.01, 0.01}},
	{'f', 0.001, {-0.01, 0.01}}, {'E', 0.005, {0.001, 0.01}},
	{'0', -0.5, {-1, 0}},
};

static size_t spell(const char *curve, struct stats_point points[POINTS_MAX])
{
	size_t count = 0;

	for (size_t i = 0; curve[i]; i++)
		for (size_t k = 0; k < sizeof(letters) / sizeof(letters[0]);
		     k++)
			if (letters[k].letter == curve[i])
				points[count++] = (struct stats_point){
					.n = exp2((double)i),
					.log_ratio = letters[k].log_ratio,
					.weight = 24,
					.interval = letters[k].interval,
				};
	return count;
}

static struct breakeven find(const char *curve)
{
	struct stats_point points[POINTS_MAX];

	return stats_breakeven(points, spell(curve, points));
}

/* NaN is the same as NaN. */
static bool same(double a, double b)
{
	return (isnan(a) && isnan(b)) || fabs(a - b) <= 1e-12 * fabs(b);
}

static void says(const char *curve, enum breakeven_verdict verdict, double n_lo,
		 double n_hi, double end_lo, double end_hi)
{
	struct breakeven got = find(curve);

	if (got.verdict != verdict || !same(got.n_lo, n_lo) ||
	    !same(got.n_hi, n_hi) || !same(got.n_end_lo, end_lo) ||
	    !same(got.n_end_hi, end_hi))
		fail_msg("%s: %s (%g, %g], end (%g, %g]", curve,
			 breakeven_verdict_names[got.verdict], got.n_lo,
			 got.n_hi, got.n_end_lo, got.n_end_hi);
	if (isnan(n_lo) || isnan(n_hi))
		assert_true(isnan(got.n_star));
	else
		assert_true(got.n_star >= n_lo && got.n_star <= n_hi);
	if (isnan(end_lo))
		assert_true(isnan(got.n_end));
	else
		assert_true(got.n_end >= end_lo && got.n_end <= end_hi);
}

static void says_at(const char *curve, double n_lo, double n_hi)
{
	says(curve, BREAKEVEN_AT, n_lo, n_hi, NAN, NAN);
}

static void says_unresolved(const char *curve, double n_lo, double n_hi)
{
	says(curve, BREAKEVEN_UNRESOLVED, n_lo, n_hi, NAN, NAN);
}

static void at(void **state)
{
	(void)state;
	says_at("LW", 1, 2);
	says_at("LLLWWW", 4, 8);
	says_at("LL?WWW", 2, 8);
	says_at("L????W", 1, 32);
	says_at("?LWWW", 2, 4);
	says_at("L?L?W?W?", 4, 16);
	says_at("LLW???", 2, 4);
	says_at("L0eWW", 1, 8);
}

static void always(void **state)
{
	(void)state;
	says("W", BREAKEVEN_ALWAYS, NAN, 1, NAN, NAN);
	says("WWWW", BREAKEVEN_ALWAYS, NAN, 1, NAN, NAN);
	says("W??e?", BREAKEVEN_ALWAYS, NAN, 1, NAN, NAN);
	says("EW", BREAKEVEN_ALWAYS, NAN, 1, NAN, NAN);
}

static void never(void **state)
{
	(void)state;
	says("L", BREAKEVEN_NEVER, NAN, NAN, NAN, NAN);
	says("LLLL", BREAKEVEN_NEVER, NAN, NAN, NAN, NAN);
	says("??L", BREAKEVEN_NEVER, NAN, NAN, NAN, NAN);
	says("0", BREAKEVEN_NEVER, NAN, NAN, NAN, NAN);
	says("LLe", BREAKEVEN_NEVER, NAN, NAN, NAN, NAN);
	/* Equal is equal, whichever side the noise is on. */
	says("e", BREAKEVEN_NEVER, NAN, NAN, NAN, NAN);
	says("f", BREAKEVEN_NEVER, NAN, NAN, NAN, NAN);
	says("Lf", BREAKEVEN_NEVER, NAN, NAN, NAN, NAN);
	/* A win by less than that is none, however well it is proven. */
	says("LLE", BREAKEVEN_NEVER, NAN, NAN, NAN, NAN);
	says("EEEE", BREAKEVEN_NEVER, NAN, NAN, NAN, NAN);
	says("E0", BREAKEVEN_NEVER, NAN, NAN, NAN, NAN);
}

static void unresolved(void **state)
{
	(void)state;
	says_unresolved("", NAN, NAN);
	says_unresolved("?", NAN, NAN);
	says_unresolved("????", NAN, NAN);
	says_unresolved("LL??", 2, NAN);
	says_unresolved("L?L?", 4, NAN);
	/* Wins, but whether from the smallest size on is open. */
	says_unresolved("?W", NAN, 2);
	says_unresolved("??WWW", NAN, 4);
	says_unresolved("0WWW", NAN, 2);
	says_unresolved("?W---L", NAN, 2);
}

static void nothing_from_no_points(void **state)
{
	struct breakeven got = stats_breakeven(NULL, 0);

	(void)state;
	assert_int_equal(got.verdict, BREAKEVEN_UNRESOLVED);
	assert_true(isnan(got.n_star) && isnan(got.n_lo) && isnan(got.n_hi));
	assert_true(isnan(got.n_end) && isnan(got.n_end_lo) &&
		    isnan(got.n_end_hi));
}

/* A win counts only if no loss follows within a factor of 4; 4 included, if any
 * other win does. */
static void refuted_wins(void **state)
{
	(void)state;
	says_at("WLLWW", 4, 8);
	says_at("W?LLWW", 8, 16);
	says_at("LWLWLWW", 16, 32);
	says_at("LW?LWWW", 8, 16);
	says_at("WLW", 2, 4);
	says("LW??LWW", BREAKEVEN_WINDOW, 1, 2, 2, 16);
	says_unresolved("WL", 2, NAN);
	says_unresolved("WLLLL", 16, NAN);
	says_unresolved("LWL??", 4, NAN);
}

static void windows(void **state)
{
	(void)state;
	says("LWWWWL", BREAKEVEN_WINDOW, 1, 2, 16, 32);
	says("LLWW??LL", BREAKEVEN_WINDOW, 2, 4, 8, 64);
	says("W--L", BREAKEVEN_WINDOW, NAN, 1, 1, 8);
	says("WWWWLLL", BREAKEVEN_WINDOW, NAN, 1, 8, 16);
	says("WWW?L?", BREAKEVEN_WINDOW, NAN, 1, 4, 16);
	/* From one step of a grid to the next. */
	says("W-L", BREAKEVEN_WINDOW, NAN, 1, 1, 4);
	says("L-W-L", BREAKEVEN_WINDOW, 1, 4, 4, 16);
	says("LLW?LL", BREAKEVEN_WINDOW, 2, 4, 4, 16);
	/* Wins once more, but not soon enough to refute. */
	says("WWWWL--WW", BREAKEVEN_WINDOW, NAN, 1, 8, 16);
	says("LWWWWL--WWL", BREAKEVEN_WINDOW, 1, 2, 16, 32);
}

/* A loss closes a window only if no win follows within a factor of 4; if all
 * are refuted, the first does. */
static void refuted_losses(void **state)
{
	(void)state;
	says("WWWWLWWLL", BREAKEVEN_WINDOW, NAN, 1, 64, 128);
	says("WWWWL?WLL", BREAKEVEN_WINDOW, NAN, 1, 64, 128);
	says("WWWWLWW", BREAKEVEN_WINDOW, NAN, 1, 8, 16);
	says("LWWWWL?W?L?W", BREAKEVEN_WINDOW, 1, 2, 16, 32);
}

static double find_star(const struct stats_point *points, size_t count)
{
	struct breakeven got = stats_breakeven(points, count);

	assert_int_equal(got.verdict, BREAKEVEN_AT);
	return got.n_star;
}

/* Where y = a / n + b through two sizes is 1, y being runner by serial time. */
static double crossing(double n, double log_ratio, double m, double m_log_ratio)
{
	double y = exp(-log_ratio), z = exp(-m_log_ratio);
	double a = (y - z) / (1 / n - 1 / m), b = y - a / n;

	return a / (1 - b);
}

static bool close_to(double a, double b)
{
	return fabs(a - b) <= 1e-9 * fabs(b);
}

static void star_crosses_over_inverse_n(void **state)
{
	struct stats_point points[] = {
		{100, -0.3, 24, {-0.4, -0.2}},
		{1600, 0.1, 24, {0.05, 0.2}},
	};

	(void)state;
	assert_true(
		close_to(find_star(points, 2), crossing(100, -0.3, 1600, 0.1)));
	points[1].log_ratio = 0.3;
	assert_true(
		close_to(find_star(points, 2), crossing(100, -0.3, 1600, 0.3)));
	/* Twice the time at 100, 0.8 of it at 400: 1.2 = a (1/100 - 1/400), so
	 * a = 160, b = 0.4, and 160 / 0.6. */
	points[0].log_ratio = -log(2);
	points[1] = (struct stats_point){400, -log(0.8), 24, {0.05, 0.3}};
	assert_true(close_to(find_star(points, 2), 160 / 0.6));
}

static void star_uses_weights(void **state)
{
	/* The two in the middle pool: (3 * 0.2 - 1 * 1.0) / 4 = -0.1. */
	const struct stats_point points[] = {
		{1, -0.5, 4, {-0.6, -0.4}},
		{2, 0.2, 3, {-1, 1}},
		{4, -1, 1, {-2, 1}},
		{64, 0.1, 4, {0.05, 0.2}},
	};

	(void)state;
	assert_true(close_to(find_star(points, 4), crossing(4, -0.1, 64, 0.1)));
}

/* What comes before the last loss has no say: neither a crossing, nor a win. */
static void star_begins_at_the_last_loss(void **state)
{
	struct stats_point points[] = {
		{1, -0.9, 100, {-1, -0.8}},
		{2, 0.5, 100, {-1, 1}},
		{4, -0.1, 1, {-0.2, -0.05}},
		{16, 0.5, 100, {0.4, 0.6}},
	};

	(void)state;
	assert_true(close_to(find_star(points, 4), crossing(4, -0.1, 16, 0.5)));
	points[0] = (struct stats_point){1, 0.5, 100, {0.4, 0.6}};
	points[1] = points[2];
	points[1].n = 2;
	assert_true(close_to(find_star(points, 4), crossing(4, -0.1, 16, 0.5)));
}

/* What comes after the last win belongs to no rise. */
static void star_ignores_the_fall(void **state)
{
	struct stats_point points[] = {
		{1, -0.3, 24, {-0.4, -0.2}},  {16, 0.1, 24, {0.05, 0.2}},
		{64, -5, 24, {-9, 1}},	      {256, -9, 24, {-10, -8}},
		{8192, 0.1, 24, {0.05, 0.2}},
	};
	struct breakeven got;

	(void)state;
	assert_true(close_to(find_star(points, 2), crossing(1, -0.3, 16, 0.1)));
	assert_true(close_to(find_star(points, 3), crossing(1, -0.3, 16, 0.1)));
	for (size_t count = 4; count <= 5; count++) {
		got = stats_breakeven(points, count);
		assert_int_equal(got.verdict, BREAKEVEN_WINDOW);
		assert_true(close_to(got.n_star, crossing(1, -0.3, 16, 0.1)));
	}
}

static void end_crosses_over_inverse_n(void **state)
{
	const struct stats_point points[] = {
		{1, -0.3, 24, {-0.4, -0.2}}, {16, 0.1, 24, {0.05, 0.2}},
		{256, 0.3, 24, {0.2, 0.4}},  {4096, -0.1, 24, {-0.2, -0.05}},
		{16384, 9, 24, {-10, 10}},
	};
	struct breakeven got = stats_breakeven(points, 5);

	(void)state;
	assert_int_equal(got.verdict, BREAKEVEN_WINDOW);
	assert_true(close_to(got.n_star, crossing(1, -0.3, 16, 0.1)));
	assert_true(got.n_lo == 1 && got.n_hi == 16);
	/* Falling, serial and runner change places. */
	assert_true(close_to(got.n_end, crossing(256, -0.3, 4096, 0.1)));
	assert_true(got.n_end_lo == 256 && got.n_end_hi == 4096);
}

/* Does `other` follow within so many steps? Two make a factor of 4. */
static bool refuted(const char *curve, size_t i, char other, size_t steps)
{
	size_t left = strlen(curve + i + 1);

	return memchr(curve + i + 1, other, left < steps ? left : steps) !=
	       NULL;
}

/* The first of `mine` from `i` on that lasts, or else lasts so long but for the
 * last step; the end of the curve if none does. */
static size_t lasting(const char *curve, size_t from, char mine, char other)
{
	size_t i = from;

	for (size_t steps = 2; steps > 0; steps--) {
		i = from;
		while (curve[i] &&
		       (curve[i] != mine || refuted(curve, i, other, steps)))
			i++;
		if (curve[i])
			return i;
	}
	return i;
}

/* The size of the last `letter` in [begin, end). */
static double find_last(const char *curve, size_t begin, size_t end,
			char letter)
{
	double n = NAN;

	for (size_t i = begin; i < end; i++)
		if (curve[i] == letter)
			n = exp2((double)i);
	return n;
}

static void check_curve(const char *curve)
{
	size_t length = strlen(curve), win = lasting(curve, 0, 'W', 'L'), end;
	double n_lo = find_last(curve, 0, win, 'L');
	const char *loss = win < length ? strchr(curve + win, 'L') : NULL;
	double n_hi = exp2((double)win);

	if (win == length && !strchr(curve, 'W') && curve[length - 1] == 'L') {
		says(curve, BREAKEVEN_NEVER, NAN, NAN, NAN, NAN);
	} else if (win == length) {
		says_unresolved(curve, n_lo, NAN);
	} else if (isnan(n_lo) && win > 0) {
		says_unresolved(curve, NAN, n_hi);
	} else if (!loss) {
		says(curve, win ? BREAKEVEN_AT : BREAKEVEN_ALWAYS, n_lo, n_hi,
		     NAN, NAN);
	} else {
		end = lasting(curve, win, 'L', 'W');
		if (end == length)
			end = (size_t)(loss - curve);
		says(curve, BREAKEVEN_WINDOW, n_lo, n_hi,
		     find_last(curve, win, end, 'W'), exp2((double)end));
	}
}

static void every_short_curve(void **state)
{
	(void)state;
	for (size_t length = 1, curves = 3; length <= LETTERS;
	     length++, curves *= 3)
		for (size_t k = 0; k < curves; k++) {
			char curve[LETTERS + 1] = "";

			for (size_t i = 0, rest = k; i < length; i++, rest /= 3)
				curve[i] = "WL?"[rest % 3];
			check_curve(curve);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(at),
		cmocka_unit_test(always),
		cmocka_unit_test(never),
		cmocka_unit_test(unresolved),
		cmocka_unit_test(nothing_from_no_points),
		cmocka_unit_test(refuted_wins),
		cmocka_unit_test(windows),
		cmocka_unit_test(refuted_losses),
		cmocka_unit_test(star_crosses_over_inverse_n),
		cmocka_unit_test(star_uses_weights),
		cmocka_unit_test(star_begins_at_the_last_loss),
		cmocka_unit_test(star_ignores_the_fall),
		cmocka_unit_test(end_crosses_over_inverse_n),
		cmocka_unit_test(every_short_curve),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
