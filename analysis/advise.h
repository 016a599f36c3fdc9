/* SPDX-License-Identifier: MIT */
/*
 * What a record advises: which backend to use for a kernel at a size, and what
 * would change the answer.
 */
#ifndef BREAKEVEN_ANALYSIS_ADVISE_H
#define BREAKEVEN_ANALYSIS_ADVISE_H

#include "analysis/findings.h"

struct advise_question {
	const char *kernel; /* one of the findings' */
	uint64_t n;
	double calls; /* that a pool is created for; INFINITY: it is there */
	bool shipped; /* data has to be shipped, or is inherited; else it is
			 where workers reach it */
};

/* A runner at a size. Numbers are NaN where `known` is false. */
struct advise_option {
	const struct crossing *crossing;
	const struct record_runner *runner;
	bool known;	  /* measured at the size, or on both sides of it */
	bool between;	  /* on both sides: straight over log n between these */
	double call_ns;	  /* with its share of what creating the pool takes */
	double warm_ns;	  /* without */
	double log_ratio; /* serial's time over it */
	struct interval interval;
	enum cell_verdict verdict; /* at the rate of the table: proofs.h */
	double open_ns; /* of a pool, to create it; NaN: none, or not known */
	bool tie;	/* cannot be told apart from the best */
};

/* All runners at a size. */
struct advise_set {
	uint64_t n;
	double serial_ns; /* NaN: not known */
	size_t count;
	struct advise_option *options; /* the fastest first, then the unknown */
	const struct advise_option *best;   /* NULL: none is proven faster */
	const struct advise_option *chosen; /* NULL: serial */
};

struct advice {
	struct advise_question question;
	const struct record *record;
	const struct findings *findings;
	const char *placement;	/* the commoner one */
	uint64_t n_min, n_max;	/* what was measured */
	struct advise_set here; /* at n, or at the end that is nearest to it */
	/* The nearest sizes at which the answer is proven to be another; n 0:
	 * none. */
	struct advise_set smaller, larger;
	/* The same question with what might be otherwise; no options: there is
	 * no such thing in the record. */
	struct advise_set many_calls, other_placement, other_data;
};

/* Has the record any cell of the kernel? */
bool advise_knows(const struct findings *findings, const char *kernel);

/*
 * The best is the runner with the largest speed-up that is proven to be faster
 * than serial; without any, serial is. Those whose own speed-up lies within its
 * interval are ties; of these, threads are chosen before processes, then
 * fewer workers. The findings must know the kernel. 0 or -ENOMEM; advise_free()
 * frees what it holds in either case. Record and findings have to outlive it.
 */
int advise_init(struct advice *advice, const struct record *record,
		const struct findings *findings,
		const struct advise_question *question);
void advise_free(struct advice *advice);

/* From how many calls on a pool that has to be created wins over what takes
 * `than_ns` a call; NaN: never, or not known. */
double advise_calls(const struct advise_option *option, double than_ns);

#endif
