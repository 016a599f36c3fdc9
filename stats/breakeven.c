/* SPDX-License-Identifier: MIT */
#include "stats/stats.h"

#include <math.h>
#include <stdlib.h>

#define LASTING 4.0 /* no loss within so many times the size of a win */

/* The size where losing turns into winning; on mirrored points, the reverse. */
struct edge {
	double star, lo, hi;
};

static bool wins(const struct stats_point *point)
{
	return point->interval.lo > 0;
}

static bool loses(const struct stats_point *point)
{
	return point->interval.hi < 0;
}

/* By more than what counts as equal. */
static bool gains(const struct stats_point *point)
{
	return wins(point) && stats_verdict(point->interval) != CELL_EQUAL;
}

static bool none_gains(const struct stats_point *points, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (gains(&points[i]))
			return false;
	return true;
}

/* The first losing size from `begin` on; count when there is none. */
static size_t next_loss(const struct stats_point *points, size_t count,
			size_t begin)
{
	while (begin < count && !loses(&points[begin]))
		begin++;
	return begin;
}

/* The last losing size before `end`; end when there is none. */
static size_t last_loss(const struct stats_point *points, size_t end)
{
	for (size_t i = end; i-- > 0;)
		if (loses(&points[i]))
			return i;
	return end;
}

/* The first winning size such that the next loss is further away than `factor`;
 * count when there is none. */
static size_t win_that_lasts(const struct stats_point *points, size_t count,
			     double factor)
{
	for (size_t i = 0; i < count; i++) {
		size_t loss = next_loss(points, count, i + 1);

		if (wins(&points[i]) &&
		    (loss == count || points[loss].n > factor * points[i].n))
			return i;
	}
	return count;
}

/* The first winning size that lasts; count when there is none. A grid has steps
 * of LASTING: if no win lasts longer, one from step to step does. */
static size_t lasting_win(const struct stats_point *points, size_t count)
{
	size_t win = win_that_lasts(points, count, LASTING);

	return win < count ? win
			   : win_that_lasts(points, count, 0.99 * LASTING);
}

/* How many points belong to the rise to `win`. It ends with the last win before
 * the next loss, so that a later fall does not pull the fit down. */
static size_t rise_length(const struct stats_point *points, size_t count,
			  size_t win)
{
	size_t length = next_loss(points, count, win + 1);

	while (length > win + 1 && !wins(&points[length - 1]))
		length--;
	return length;
}

/* Where an ascending fit crosses 0. Between two sizes the runner's share of
 * serial's time is taken as linear in 1 / n, as in stats_crossing(). NaN: it
 * does not cross. */
static double find_fit_crossing(const struct stats_point *points, size_t count,
				const double *fit)
{
	for (size_t i = 1; i < count; i++) {
		double below = fit[i - 1], above = fit[i];
		double share = expm1(-below) / (exp(-below) - exp(-above));
		double from = 1 / points[i - 1].n, to = 1 / points[i].n;

		if (below <= 0 && above > 0)
			return 1 / (from + (to - from) * share);
	}
	return NAN;
}

/* The edge between a losing point and a later winning one. Earlier sizes have
 * no say: there may be a win before the loss. */
static struct edge make_edge(const struct stats_point *points, size_t count,
			     size_t loss, size_t win)
{
	struct edge edge = {NAN, points[loss].n, points[win].n};
	size_t length = rise_length(points, count, win) - loss;
	double *fit = malloc(length * sizeof(*fit));

	if (fit) {
		stats_isotonic(points + loss, length, fit);
		edge.star = find_fit_crossing(points + loss, length, fit);
	}
	free(fit);
	if (isnan(edge.star))
		edge.star = sqrt(edge.lo) * sqrt(edge.hi);
	edge.star = fmin(fmax(edge.star, edge.lo), edge.hi);
	return edge;
}

/* A new array of the points with win and loss exchanged, to be freed, or NULL.
 */
static struct stats_point *mirror(const struct stats_point *points,
				  size_t count)
{
	struct stats_point *mirrored = malloc(count * sizeof(*mirrored));

	for (size_t i = 0; mirrored && i < count; i++) {
		mirrored[i] = points[i];
		mirrored[i].log_ratio = -points[i].log_ratio;
		mirrored[i].interval.lo = -points[i].interval.hi;
		mirrored[i].interval.hi = -points[i].interval.lo;
	}
	return mirrored;
}

/* Look for the end of the win at which the mirrored points begin. */
static void find_end(const struct stats_point *mirrored, size_t count,
		     struct breakeven *result)
{
	size_t end = lasting_win(mirrored, count);
	struct edge edge;

	/* A loss is significant even if a win follows soon after. */
	for (size_t i = 0; end == count && i < count; i++)
		if (wins(&mirrored[i]))
			end = i;
	if (end == count)
		return;
	edge = make_edge(mirrored, count, last_loss(mirrored, end), end);
	result->verdict = BREAKEVEN_WINDOW;
	result->n_end = edge.star;
	result->n_end_lo = edge.lo;
	result->n_end_hi = edge.hi;
}

static bool no_gain(const struct stats_point *point)
{
	return point->interval.hi <= 0 ||
	       stats_verdict(point->interval) == CELL_EQUAL;
}

/* No win lasts. */
static void find_never(const struct stats_point *points, size_t count,
		       struct breakeven *result)
{
	size_t loss = last_loss(points, count);

	if (none_gains(points, count) && no_gain(&points[count - 1]))
		result->verdict = BREAKEVEN_NEVER;
	else if (loss < count)
		result->n_lo = points[loss].n;
}

/* The win at `win` lasts: N* lies before it, if a loss does. */
static void find_start(const struct stats_point *points, size_t count,
		       size_t win, struct breakeven *result)
{
	size_t loss = last_loss(points, win);
	struct edge edge;

	result->n_hi = points[win].n;
	if (loss == win) {
		if (win == 0)
			result->verdict = BREAKEVEN_ALWAYS;
		return;
	}
	edge = make_edge(points, count, loss, win);
	result->verdict = BREAKEVEN_AT;
	result->n_star = edge.star;
	result->n_lo = edge.lo;
}

struct breakeven stats_breakeven(const struct stats_point *points, size_t count)
{
	struct breakeven result = {
		BREAKEVEN_UNRESOLVED, NAN, NAN, NAN, NAN, NAN, NAN};
	size_t win = lasting_win(points, count);
	struct stats_point *mirrored;

	if (count == 0)
		return result;
	mirrored = mirror(points, count);
	if (!mirrored)
		return result;
	if (win == count || none_gains(points, count))
		find_never(points, count, &result);
	else
		find_start(points, count, win, &result);
	if (result.verdict == BREAKEVEN_AT ||
	    result.verdict == BREAKEVEN_ALWAYS)
		find_end(mirrored + win, count - win, &result);
	free(mirrored);
	return result;
}
