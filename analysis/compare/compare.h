/* SPDX-License-Identifier: MIT */
/*
 * Two records held against each other, cell by cell. All logarithms are of B
 * over A.
 */
#ifndef BREAKEVEN_ANALYSIS_COMPARE_COMPARE_H
#define BREAKEVEN_ANALYSIS_COMPARE_COMPARE_H

#include "analysis/findings.h"
#include "analysis/timings.h"

/* One side; the same record may stand on both. */
struct compare_side {
	const char *path;
	const struct record *record;
	const struct findings *findings;
};

/* What is called `a` in A is compared with what is called `b` in B. */
struct compare_names {
	const char *a, *b;
};

/* No names: all that both have. */
struct compare_wishes {
	enum timings_of of;
	struct compare_names *kernels, *runners;
	size_t nkernels, nrunners;
};

/* Is it another CPU? Then times say little of a program, and speed-ups are
 * the fairer question. */
bool compare_other_cpu(const struct record *a, const struct record *b);

/* If they are the two sides of one run, measured by turns, make each the
 * other's peer, before either has findings. */
void compare_join(struct record *a, struct record *b);

/*
 * "NAME", or "OLD=NEW", to names of the two lists: OLD of A's, NEW of B's.
 * Names may hold a '=' themselves, as fork-pool:wait=spin does. False: there
 * are no such names.
 */
bool compare_find_names(const char *text, const char *const *a, size_t na,
			const char *const *b, size_t nb,
			struct compare_names *names);

struct compared_cell {
	uint64_t n;
	double a, b;	  /* ns per call, or speed-up */
	double log_ratio; /* b over a */
	struct interval interval;
	unsigned generations_a, generations_b;
	/* Faster: B is, or gains more over serial. Unresolved may be that
	 * either was seen in too few generations. */
	enum cell_verdict verdict;
};

/* How two break-even sizes compare. */
enum compared_start {
	START_SAME,    /* their intervals overlap */
	START_SOONER,  /* apart; B pays from a smaller size on */
	START_LATER,   /* apart; from a larger one */
	START_NEW,     /* only B pays */
	START_GONE,    /* only A did */
	START_NEITHER, /* never pays */
	START_UNKNOWN, /* one of them cannot tell */
};
extern const char *const compared_start_names[]; /* "overlapping", ... */

struct compared_pair {
	struct compare_names kernel, runner; /* runner: NULL for serial */
	unsigned workers;
	const char *placement; /* "": one worker, which has no placement */
	size_t ncells;
	const struct compared_cell *cells; /* ascending in n */
	const struct crossing *a, *b;	   /* NULL for serial */
	enum compared_start start;
};

/* What only one of them measured. */
struct compared_absent {
	const char *kernel; /* NULL: all */
	const char *runner; /* NULL: all */
	unsigned workers;   /* 0: whatever they are */
	const char *placement;
	uint64_t n;	    /* 0: all sizes */
	bool in_b;	    /* B has it, and A does not */
	const char *reason; /* of the other one; or NULL */
};

/*
 * How much slower the machine as a whole was in B, as far as times show that no
 * change of the program explains: the probe's counted work, and serial where
 * both are of one build and plan. NaN, and an infinite interval, where that is
 * unknown: of speed-ups, of the sides of one run, of different CPUs.
 */
struct compared_machine {
	struct stats_shift work, serial;
	struct interval reach; /* what each interval reaches over: both, and 0
				*/
	double rate;	       /* what they take of the cells' error rate */
};

struct comparison {
	struct compare_side a, b;
	enum timings_of of;
	size_t npairs, nabsent;
	struct compared_pair *pairs; /* by kernel: serial, and its runners */
	struct compared_absent *absent;
	bool paired; /* they are the sides of one run: generation by generation
			of the same moments */
	bool moved;  /* the CPUs in use were near to one another in one record
			and far in the other, for the whole of both */
	struct compared_machine machine;
	size_t comparisons;    /* that share the error rate of 5 % */
	size_t few;	       /* cells of less than six generations */
	size_t only_a, only_b; /* cells of sizes that the other has not */
	size_t counts[CELL_FAILED + 1]; /* cells by verdict */
	/* Private. */
	struct compared_cell *cells;
	struct compare_names *made;
};

/*
 * Cells of the same kernel, runner, workers, placement and size (not those of
 * several workers where the CPUs have moved), at sizes of
 * the first pass of either, by the medians of their generations:
 * stats_shift(), with an error rate of 5 % shared among all of them. Of the
 * sides of one run, by what the medians of a generation differ by:
 * stats_few_interval(). Intervals of two runs reach over what the machine did.
 * 0 or -ENOMEM; compare_free() frees what it holds in either case. The sides
 * have to outlive it.
 */
int compare_init(struct comparison *comparison, const struct compare_side *a,
		 const struct compare_side *b,
		 const struct compare_wishes *wishes);
void compare_free(struct comparison *comparison);

/* ------------------------------------------------------------- limits */

/* What must not be, as logarithms; NaN: no such limit. */
struct compare_limits {
	double slower, faster; /* of a cell */
	double breakeven;      /* of a break-even size: larger */
};

struct compare_count {
	size_t caught; /* proven to be beyond the limit */
	size_t open;   /* may be, or not: could not have been caught */
	size_t within; /* proven not to be */
};

enum limit_kind { LIMIT_SLOWER, LIMIT_FASTER, LIMIT_BREAKEVEN, LIMIT_KINDS };
extern const char *const limit_names[]; /* "slower", ... */

/* That of a kind; NaN: there is none. */
double compare_limit(const struct compare_limits *limits, enum limit_kind kind);

/* Where does a cell stand, where the pair's size? +1: proven beyond, 0: open,
 * -1: proven within. */
int compare_cell_beyond(const struct comparison *comparison,
			const struct compared_cell *cell, enum limit_kind kind,
			double limit);
int compare_start_beyond(const struct compared_pair *pair, double limit);

/* Is anything proven to be beyond its limit? */
bool compare_is_beyond(const struct comparison *comparison,
		       const struct compare_limits *limits);

struct compare_count compare_judge(const struct comparison *comparison,
				   enum limit_kind kind, double limit);

#endif
