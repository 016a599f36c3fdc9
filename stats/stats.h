/* SPDX-License-Identifier: MIT */
/*
 * What samples mean: pure functions over arrays, that know nothing of kernels,
 * runners or records. All ratios are natural logarithms of
 * (serial time / runner time): above 0 the runner wins.
 */
#ifndef BREAKEVEN_STATS_STATS_H
#define BREAKEVEN_STATS_STATS_H

#include <stdbool.h>
#include <stddef.h>

struct interval {
	double lo, hi; /* -INFINITY and INFINITY: nothing is known */
};

/* Sort ascending, in place. No NaN. */
void stats_sort(double *x, size_t count);

/* Median of ascending x; NaN when count is 0. */
double stats_median(const double *x, size_t count);

/* The same of values in any order, which change places. No NaN. */
double stats_find_median(double *x, size_t count);

/*
 * Distribution-free interval for the median of a population, from ascending
 * samples: the innermost pair of order statistics (x[k], x[count-1-k]) that
 * misses it with probability at most alpha, by the exact binomial (the
 * interval that inverts the sign test: Hahn & Meeker 1991, ch. 5). Nothing is
 * known when even the extremes cannot reach alpha.
 */
struct interval stats_median_interval(const double *x, size_t count,
				      double alpha);

/* What |T| of Student's distribution with so many degrees of freedom, 1 at
 * least, exceeds with probability alpha. */
double stats_student(double alpha, size_t freedom);

/*
 * The same of few samples, STATS_GENERATIONS_MIN at least (of fewer, nothing
 * is known), for an alpha that order statistics of so few cannot reach: their
 * extremes are stretched, to both sides, by the part of their range that brings
 * them as far out as Student's t interval is on average. Where alpha can be
 * reached, it is the exact one.
 *
 * Six values alone miss with 3.1 %, and a table of ten rows says something
 * wrong in a quarter of all cases. Stretched to 0.5 %, they miss with 0.5 % of
 * normal values, 0.7 % of exponential ones, 0.9 % of uniform ones and less than
 * 0.4 % of long-tailed ones (simulated in the tests); of values of two states,
 * all six are of one with 3 % all the same, and only more of them can tell.
 */
enum { STATS_GENERATIONS_MIN = 6 };
struct interval stats_few_interval(const double *x, size_t count, double alpha);

/*
 * The share of an error rate that a look at `count` samples may spend, when
 * looks come as the count doubles from 12 on: 1/2, 1/4, 1/8, ... by doubling,
 * so that any number of looks spends at most the whole. Below 12: 1/2.
 */
double stats_look_share(size_t count);

/* The wider of two: the smaller lo and the larger hi. */
struct interval stats_hull(struct interval a, struct interval b);

/* By how much y lies above x. */
struct stats_shift {
	double shift; /* NaN: of nothing */
	struct interval interval;
};

/*
 * The shift from values x to values y, all independent of one another: the
 * median of all differences (Hodges & Lehmann 1963), and the interval that
 * inverts the exact rank-sum test (Mann & Whitney 1947; Hollander, Wolfe &
 * Chicken 2014, ch. 4.3): it misses with probability at most alpha where the
 * two are distributed alike but for the shift. Where either has fewer than
 * STATS_GENERATIONS_MIN, nothing is known.
 *
 * Six against six alone miss with 2 / 924. For an alpha below what so few can
 * reach, it is the hull of all differences and of the interval of Welch (1947):
 * at 0.1 % it misses with at most that of normal, log-normal and uniform
 * values (simulated in the tests); of values of two states, six of one meet six
 * of the other with 0.05 % at most, and only more of them can tell.
 *
 * 0 or -ENOMEM.
 */
int stats_shift(const double *x, size_t nx, const double *y, size_t ny,
		double alpha, struct stats_shift *shift);

/* A value, and the generation of processes that it was measured in. */
struct stats_value {
	double x;
	unsigned generation;
};

/* The medians of generations, ascending, to `out`, which has room for `count`;
 * returns how many there are. Reorders the values, of which none is NaN. */
size_t stats_generation_medians(struct stats_value *values, size_t count,
				double *out);

struct stats_estimate {
	double median; /* NaN: of nothing */
	struct interval interval;
	size_t count;
	unsigned generations;
};

/*
 * The median of values that were measured in several generations, and an
 * interval for it: the wider of two, over all values by stats_median_interval()
 * with error rate alpha, and over the medians of generations by
 * stats_few_interval() with alpha_generations. Values of one generation share
 * what it was dealt, as a layout of memory, and are not independent. Reorders
 * the values, of which none is NaN; scratch has room for as many.
 */
struct stats_estimate stats_estimate(struct stats_value *values, size_t count,
				     double alpha, double alpha_generations,
				     double *scratch);

enum cell_verdict {
	CELL_FASTER,
	CELL_SLOWER,
	CELL_EQUAL,
	CELL_UNRESOLVED,
	CELL_INVALID,
	CELL_SKIPPED,
	CELL_FAILED,
};
/* Indexed by enum cell_verdict: "faster", ... */
extern const char *const cell_verdict_names[];

/* Equal when the interval lies inside +-2 % (which wins over the others), else
 * faster or slower when it excludes 0, else unresolved. */
enum cell_verdict stats_verdict(struct interval log_ratio);

/*
 * Does a sample of positive numbers come from two states far apart (the host
 * moves virtual CPUs between near and far cores)? True when some threshold
 * parts it such that each side holds at least 5 % of the samples (and 3) and
 * the 10th percentile of the upper side is at least twice the 90th of the
 * lower; *threshold is then the geometric mean of those two. x ascending.
 */
bool stats_two_modes(const double *x, size_t count, double *threshold);

/* One size of one runner, for the functions below; ascending in n. */
struct stats_point {
	double n;		  /* items, above 0 */
	double log_ratio;	  /* median */
	double weight;		  /* samples behind it, above 0 */
	struct interval interval; /* of log_ratio */
};

/*
 * Isotonic least-squares fit of log_ratio with the weights: fit[i] is
 * ascending (pool adjacent violators: Barlow et al. 1972).
 */
void stats_isotonic(const struct stats_point *points, size_t count,
		    double *fit);

enum breakeven_verdict {
	BREAKEVEN_AT,	      /* loses, then wins to the end */
	BREAKEVEN_ALWAYS,     /* wins from the smallest size on */
	BREAKEVEN_NEVER,      /* no size is proven to win, the largest is
				 proven not to, or to be equal */
	BREAKEVEN_WINDOW,     /* wins, and loses again at larger sizes */
	BREAKEVEN_UNRESOLVED, /* cannot tell */
	BREAKEVEN_INVALID,
	BREAKEVEN_SKIPPED,
	BREAKEVEN_FAILED,
};
/* Indexed by enum breakeven_verdict: "at", ... */
extern const char *const breakeven_verdict_names[];

/* NaN where there is no such number. */
struct breakeven {
	enum breakeven_verdict verdict;
	double n_star, n_lo, n_hi;	  /* where it begins to pay */
	double n_end, n_end_lo, n_end_hi; /* where a window closes */
};

/*
 * The break-even size N*, from sizes in ascending order. A size wins when its
 * interval lies above 0, loses when below.
 *
 * N* begins at the smallest winning size that no losing size follows within a
 * factor of 4. Its interval is (largest losing size before it, that size]: a
 * test inversion. Its point is where the isotonic fit crosses 0, straight
 * over 1 / n between sizes, kept inside the interval.
 *
 * always: no size before it loses; then n_hi is that size, n_star and n_lo
 * NaN. It needs the smallest size itself to win, else unresolved with n_hi.
 * window: as `at` or `always`, but a losing size follows later; n_end is
 * treated as n_star is, falling, over the sizes from n_hi on. Where every later
 * loss is followed by a win within a factor of 4, the first of them counts.
 * never: no size wins and the largest gains nothing: it does not reach beyond 0
 * (interval.hi <= 0), or it is equal (stats_verdict()), on whichever side of 0;
 * otherwise unresolved, with n_lo the largest losing size if there is one.
 */
struct breakeven stats_breakeven(const struct stats_point *points,
				 size_t count);

/* One paired measurement. */
struct stats_sample {
	double n, log_ratio;
	unsigned generation; /* from 1 */
};

struct stats_crossing {
	double n_star;
	struct interval n;
	size_t samples;	    /* that were close enough to say */
	double sensitivity; /* by how much N* moves when the ratio does: 2 where
			       1 % more time moves it by 2 % */
};

/*
 * Where the ratio rises through 1, from single measurements about n0, in
 * ascending order of n. The interval that stats_breakeven() gives reaches from
 * one measured size to another, each proven alone; here all samples within a
 * factor of 1.5 prove together.
 *
 * Near n0, runner by serial time is taken as a / n + b; b is fitted to the
 * medians of sizes (weighted least squares). Along that line each sample says
 * itself where it would cross 1: N* is the median of what they say, and its
 * interval that of stats_estimate(), but not narrower than what 0.25 % of the
 * ratio move it to both sides: so much may a time be off in every sample alike,
 * by what the harness adds to a call and by the clock. It reaches to what any
 * size says by itself that disagrees.
 *
 * 0; -EDOM when the samples are too few (24, in six generations), or do not
 * rise; -ENOMEM.
 */
#define STATS_RATIO_FLOOR 0.0025
int stats_crossing(const struct stats_sample *samples, size_t count, double n0,
		   double alpha, double alpha_generations,
		   struct stats_crossing *crossing);

/* A size, and what a call of it takes. */
struct stats_time {
	double n, ns;
};

/* T(n) = alpha + beta n. */
struct stats_line {
	double alpha; /* ns: start-up */
	double beta;  /* ns an item; 1 / beta is Hockney's r_infinity, and
			 alpha / beta his n_1/2 (Hockney & Jesshope 1981) */
};

/*
 * The line through measured times that makes the squares of the relative
 * errors least. It holds within one cache regime, not across. 0, or -EDOM: of
 * fewer than two sizes.
 */
int stats_line(const struct stats_time *times, size_t count,
	       struct stats_line *line);

/* Where the runner's line falls below serial's: (alpha_r - alpha_s) / (beta_s -
 * beta_r). NaN: nowhere above 0. */
double stats_lines_meet(const struct stats_line *serial,
			const struct stats_line *runner);

#endif
