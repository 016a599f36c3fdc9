/* SPDX-License-Identifier: MIT */
/*
 * What samples mean: pure functions over arrays, independent of kernels,
 * runners and records. All ratios are natural logarithms of (serial time /
 * runner time): above 0 the runner wins.
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

/* The same for values in any order, which it reorders. No NaN. */
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

/* The value that |T| exceeds with probability alpha, for Student's T with
 * `freedom` degrees of freedom, at least 1. */
double stats_student(double alpha, size_t freedom);

/*
 * stats_median_interval() for few samples, at least STATS_GENERATIONS_MIN (with
 * fewer, nothing is known), whose order statistics may not reach alpha. Then
 * their extremes are moved outwards, on both sides, by a part of their range.
 * If order statistics reach alpha, it is the exact interval.
 *
 * The extremes of six values miss with 3.1 %, so a table of ten rows is wrong
 * in a quarter of all cases. The median lies beyond them by a part s of their
 * range with probability (2 (1 + s))^(1 - count) if the values on either side
 * of it are uniform, and less often if they are denser near it, as those of any
 * distribution with its summit there are. Stretched to 0.5 %, six miss with
 * 0.5 % for uniform values, 0.4 % for exponential ones, whose summit is not
 * there, and 0.2 % for normal ones (simulated in the tests). If values have
 * two states, all six have the same one with 3 %; only more values can help
 * against that.
 */
enum { STATS_GENERATIONS_MIN = 6 };
struct interval stats_few_interval(const double *x, size_t count, double alpha);

/* The smallest alpha for which that interval excludes 0, from ascending x; at
 * most 1: it includes it at any. */
double stats_few_p(const double *x, size_t count);

/* One of several comparisons that are read together. */
struct stats_comparison {
	const double *x; /* log-ratios of generations, ascending */
	size_t count;
	double share; /* of the error rate, for this look at it; 1: all */
	void *owner;  /* whose it is: the caller's */
	double p;     /* filled, as the following: of stats_few_p(), by share */
	struct interval interval;
	bool proven; /* it excludes 0 */
};

/*
 * Judge them such that any difference is falsely proven with probability at
 * most alpha (Holm 1979): the clearest has to reach alpha / count, the next one
 * alpha / (count - 1), and so on until one fails. Each gets the interval of
 * stats_few_interval() at the rate that it had to reach, those behind the first
 * failure at the rate of that. Orders the list by p.
 */
void stats_holm(struct stats_comparison *list, size_t count, double alpha);

/*
 * The share of an error rate for one look at `count` values, if there is a
 * look each time that the count has doubled, from 12 on: 1/2, 1/4, 1/8, ... So
 * any number of looks uses at most the whole rate. Below 12: 1/2.
 */
double stats_look_share(size_t count);

/* The wider of two: the smaller lo and the larger hi. */
struct interval stats_hull(struct interval a, struct interval b);

/* A number above 0, and an interval that holds it. */
struct stats_measured {
	double value;
	struct interval interval;
};

/* The interval of log(b / a), at the rate of theirs, where their errors are
 * independent: by the MOVER (Donner and Zou, Closed-form confidence intervals
 * for functions of the normal mean and standard deviation, Statistical Methods
 * in Medical Research 21, 2012), on logarithms. Infinite ends: one of both is
 * not known on some side. */
struct interval stats_log_ratio(const struct stats_measured *a,
				const struct stats_measured *b);

/* How far y lies above x. */
struct stats_shift {
	double shift; /* NaN: no values */
	struct interval interval;
};

/*
 * The shift from values x to values y, all independent of one another: the
 * median of all differences (Hodges & Lehmann 1963), and the interval that
 * inverts the exact rank-sum test (Mann & Whitney 1947; Hollander, Wolfe &
 * Chicken 2014, ch. 4.3): it misses with probability at most alpha if the two
 * distributions differ only by the shift. If either side has fewer than
 * STATS_GENERATIONS_MIN values, nothing is known.
 *
 * The extremes of six against six miss with 2 / 924. For an alpha that so few
 * values cannot reach, it is the hull of all differences and of Welch's
 * interval (1947): for 0.1 % it misses with at most that for normal, log-normal
 * and uniform values (simulated in the tests). If values have two states, six
 * of one state meet six of the other with at most 0.05 %; only more values can
 * help against that.
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

/* Replace the values by the medians of generations, ascending in generation,
 * and return how many there are. No NaN. */
size_t stats_fold_generations(struct stats_value *values, size_t count);

/* Write the medians of generations to `out`, ascending, and return how many
 * there are; `out` has room for so many. Folds the values. No NaN. */
size_t stats_generation_medians(struct stats_value *values, size_t count,
				double *out);

struct stats_estimate {
	double median; /* NaN: no values */
	struct interval interval;
	size_t count;
	unsigned generations;
};

/*
 * What we estimate everywhere: the median over generations of the median in a
 * generation. Values of one generation are not independent: they share its
 * layout of memory, and the state of the machine at that moment. The interval
 * is that of stats_few_interval(). Folds the values; scratch has room for as
 * many, and begins with the medians, ascending. No NaN.
 */
struct stats_estimate stats_estimate(struct stats_value *values, size_t count,
				     double alpha, double *scratch);

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

/* Equal if the interval lies inside +-2 %; otherwise faster or slower if it
 * excludes 0; otherwise unresolved. */
enum cell_verdict stats_verdict(struct interval log_ratio);

/*
 * Do positive numbers come from two states that are far apart? (The host may
 * move virtual CPUs between near and far cores.) True if some threshold
 * separates them such that each side has at least 5 % of the samples (and at
 * least 3), and the 10th percentile of the upper side is at least twice the
 * 90th of the lower side; *threshold is then the geometric mean of these two. x
 * ascending.
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

/* NaN: there is no such number. */
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
 * factor of 4; if there is none, at one that a loss follows at just that
 * factor, which is the step of a grid. Its interval is (largest losing size
 * before it, that size]: a test inversion. Its point is where the isotonic fit
 * of the sizes from that loss on crosses 0, straight over 1 / n between sizes,
 * kept inside the interval.
 *
 * always: no size before it loses; then n_hi is that size, n_star and n_lo
 * NaN. It needs the smallest size itself to win, else unresolved with n_hi.
 * window: as `at` or `always`, but a losing size follows later; n_end is found
 * as n_star is, with win and loss exchanged, over the sizes from n_hi on. If a
 * win follows every later loss within a factor of 4, the first loss counts.
 * never: no size wins by more than is equal (stats_verdict()), and the largest
 * size gains nothing: its interval does
 * not reach above 0 (hi <= 0), or it is equal (stats_verdict()) on either side
 * of 0. Otherwise unresolved, with n_lo the largest losing size if there is
 * one.
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
	size_t samples;	    /* near enough to n0 to count */
	bool between;	    /* of sizes on both sides of N*: beyond them, times
			       may jump */
	double sensitivity; /* how much N* moves when the ratio does: 2 if 1 %
			       more time moves it by 2 % */
};

/*
 * Where the ratio rises through 1, from single measurements around n0, in
 * ascending order of n. The interval of stats_breakeven() reaches from one
 * measured size to another, and each of the two is significant alone; here all
 * samples within a factor of 1.5 count together.
 *
 * Near n0 the runner's time by serial's is taken as a / n + b; b is fitted to
 * the medians of sizes (weighted least squares). Along that line, each sample
 * gives a size where the ratio would be 1. N* is what stats_estimate() says of
 * these sizes, with its interval, but that is at least as wide as 0.25 % of
 * the ratio move it to both sides: the harness and the clock may shift all
 * samples alike by so much. If the samples of one size alone contradict that
 * interval, it is extended to their median.
 *
 * 0; -EDOM: fewer than 24 samples or six generations, or no rise; -ENOMEM.
 */
#define STATS_RATIO_FLOOR 0.0025
int stats_crossing(const struct stats_sample *samples, size_t count, double n0,
		   double alpha, struct stats_crossing *crossing);

/* A size, and the time of a call at that size. */
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
 * The line through measured times with the least squares of relative errors. It
 * is valid within one cache regime, not across. 0, or -EDOM: fewer than two
 * sizes.
 */
int stats_line(const struct stats_time *times, size_t count,
	       struct stats_line *line);

/* The size where the runner's line falls below serial's: (alpha_r - alpha_s) /
 * (beta_s - beta_r). NaN: there is none above 0. */
double stats_lines_meet(const struct stats_line *serial,
			const struct stats_line *runner);

/* Speed-up over serial, above 0, by so many workers. */
struct stats_speedup {
	double workers, speedup;
};

/* The share of the work that does not spread over workers (Amdahl 1967), by
 * least squares of 1 / speed-up; negative: more than the workers was gained.
 * NaN: no point with more than one worker. */
double stats_amdahl(const struct stats_speedup *points, size_t count);

/* The same of one point: the serial fraction of Karp & Flatt (1990). If it
 * grows with the workers, overhead does. */
double stats_karp_flatt(const struct stats_speedup *point);

/* The universal scalability law (Gunther 1993): a speed-up by w workers of w /
 * (1 + contention (w - 1) + coherence w (w - 1)). */
struct stats_usl {
	double contention, coherence; /* neither is negative */
};

/* Its least squares. 0, or -EDOM: fewer than three numbers of workers above
 * one.
 */
int stats_usl(const struct stats_speedup *points, size_t count,
	      struct stats_usl *usl);

/* The number of workers with the largest speed-up, at least 1; infinite: more
 * always gain. NaN of NaN. */
double stats_usl_peak(const struct stats_usl *usl);

#endif
