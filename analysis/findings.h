/* SPDX-License-Identifier: MIT */
/*
 * What a record says: a verdict per cell and a break-even size per runner.
 * Every format prints these, and the bench's search steers by them, so there
 * is one analysis.
 */
#ifndef BREAKEVEN_ANALYSIS_FINDINGS_H
#define BREAKEVEN_ANALYSIS_FINDINGS_H

#include "results/record.h"
#include "stats/stats.h"

/* Which runner at which kernel; strings belong to the record. */
struct pair {
	const char *kernel, *runner;
	unsigned workers;
	const char *placement; /* "near", "far", "one", "unknown" */
	const char *base;      /* what it is compared with: "serial", or the
				  serial runner of its own language */
	const char *regime;    /* "one-shot", "warm", "warm+ship" */
};

/* How often an interval misses: that of one ratio; and that of one break-even
 * size, of which a run prints some twenty-five without a mark, and each is
 * taken at its word. What a table calls proven is another matter: proofs.h. */
#define FINDINGS_RATE	   0.05
#define FINDINGS_SIZE_RATE 0.02

/* Fewer generations give no 95 % interval. */
enum { FINDINGS_GENERATIONS = STATS_GENERATIONS_MIN };

bool pair_equal(const struct pair *a, const struct pair *b);

/* kernel x runner x workers x n: what one field of a table tells. Numbers
 * that are missing are NaN. */
struct cell {
	struct pair pair;
	uint64_t n, tiles;
	double serial_ns, runner_ns; /* median per call; serial: the base */
	double direct_ns;	     /* one run(0, n), the same rounds */
	double log_ratio;	     /* of paired rounds: stats_estimate() */
	struct interval interval;    /* of it, by itself: 95 % */
	struct interval proof;	     /* at the rate of its table: proofs.h */
	double cpu_log_ratio;	     /* the same of CPU times */
	struct interval cpu_interval, cpu_proof;
	size_t rounds;
	unsigned generations;
	enum cell_verdict verdict;
	bool throttled;	    /* a CPU quota stopped the run meanwhile */
	const char *reason; /* of invalid, skipped, failed, of times below the
			       clock's resolution; or NULL */
};

struct crossing {
	struct pair pair;
	struct breakeven at;
	struct breakeven ungated; /* with the rounds that were gated */
	double sensitivity;	  /* of stats_crossing(); NaN: not known */
	double model; /* where straight lines through the times of the sizes in
			 the same cache cross; NaN: there are too few */
	struct breakeven cpu_at; /* where it begins to save CPU time */
	double cpu_log_ratio;	 /* serial by runner, at n_max */
	double metg_ns; /* smallest task, wall time x workers / tasks, at which
			   half of the workers' time is of use; NaN: none */
	double open_ns; /* to create the workers */
	double amortised; /* calls of n_max items that win it back; NaN: none */
	uint64_t n_max;	  /* largest size measured */
	double asymptote; /* log-ratio at n_max */
	struct interval asymptote_interval;
	enum cell_verdict asymptote_verdict; /* as its cell is marked */
	const char *reason; /* of invalid, skipped, failed; what was left out;
			       why it cannot be told; or NULL */
};

/* What a runner takes over a loop written for it by hand, in calls of 0.1 ms
 * and longer, of the same rounds. */
struct control_cost {
	const char *kernel, *runner;
	unsigned workers;
	uint64_t n_min, n_max;
	double log_cost; /* median of log(runner time / time by hand) */
	struct interval interval;
	size_t rounds;
};

/* The self-checks of a run; NaN: not measured. */
struct self_checks {
	/* A/A control: sizes at which serial was compared with itself, those of
	 * them called faster or slower, and the largest |log-ratio|. */
	size_t aa_sizes, aa_differ;
	double aa_worst;
	/* The known break-even size of the planted runner, and the measured
	 * one. */
	double known_truth, found;
	struct interval found_interval;
	double trip_ns[3]; /* a cache line to the next CPU and back: quartiles;
			      NaN: not known */
	/* The same between workers of a pool and those that release them, the
	 * least, the median and the most; 0 workers: not known. */
	unsigned link_workers;
	double link_ns[3];
	bool unequal;	/* its CPUs are of several kinds: no ceiling is told */
	double compute; /* share of their speed that all CPUs in use keep when
			all work, without touching memory */
	struct interval compute_interval;
};

enum { FINDINGS_REASONS_MAX = 16 };

struct findings {
	size_t ncells, ncrossings;
	struct cell *cells; /* by kernel, base, runner, workers, placement, n */
	struct crossing *crossings; /* in the same order */
	bool complete, trusted;
	bool counted;	 /* the plan was, so that no budget would give more */
	size_t nreasons; /* why it is not trusted */
	const char *reasons[FINDINGS_REASONS_MAX];
	size_t nplacements; /* seen in the record, the commoner one first */
	const char *placements[2];
	size_t rounds, dropped; /* of all; in which the placement changed */
	size_t gated;		/* rounds that other load disturbed: skipped */
	uint64_t throttled;	/* times that a CPU quota stopped the run */
	double harness_ns; /* what the harness adds to a call; NaN: unknown */
	struct self_checks checks;
	size_t ncontrols;
	struct control_cost *controls;
	/* Private: the strings that do not belong to the record. */
	size_t nmade;
	char **made;
};

/* A string that lives as long as the findings; NULL: out of memory. */
const char *findings_make_text(struct findings *findings, const char *format,
			       ...) __attribute__((format(printf, 2, 3)));

/* Free them; NULL is allowed. */
void findings_free(struct findings *findings);

/* Is the crossing over serial, where the CPUs are as they mostly were? */
bool findings_is_usual(const struct findings *findings,
		       const struct crossing *crossing);

/* The usual crossing of a runner with so many workers; NULL: there is none. */
const struct crossing *findings_find(const struct findings *findings,
				     const char *kernel, const char *runner,
				     unsigned workers);

/* The `index`-th kernel, in the order of crossings; NULL: there are not so
 * many. */
const char *findings_kernel(const struct findings *findings, size_t index);

/* The most workers of any runner; 0: there is none. */
unsigned findings_most_workers(const struct findings *findings);

/* Is a size that lies in [lo, hi] known less well than to so many octaves? Not
 * if they are neighbours, or NaN. */
bool findings_is_vague(double lo, double hi, double octaves);

/* How many of the usual break-even sizes that are known are vague? *known
 * becomes how many are known. */
size_t findings_count_vague(const struct findings *findings, double octaves,
			    size_t *known);

/* Was anything measured of any runner? */
bool findings_measured(const struct findings *findings);

#endif
