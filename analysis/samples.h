/* SPDX-License-Identifier: MIT */
/*
 * The samples of a record, taken out of their blocks: sorted, paired with
 * their base, and told apart by placement.
 */
#ifndef BREAKEVEN_ANALYSIS_SAMPLES_H
#define BREAKEVEN_ANALYSIS_SAMPLES_H

#include "analysis/key.h"
#include "results/record.h"
#include "stats/stats.h"

/* One round of one runner. Times are per call; 0: below the clock's
 * resolution; NaN: not taken. Runner and its base, `serial`, are both at hand;
 * `direct`, one run(0, n), is known of serial only. A runner that the record
 * compares with another base as well has two samples a round. */
struct sample {
	struct key key;
	unsigned generation;
	uint64_t tiles;
	double serial_ns, runner_ns, direct_ns;
	double serial_cpu_ns, runner_cpu_ns;
};

/* What one number of a sample is. */
typedef double sample_value(const struct sample *sample);

/* log(serial / runner); NaN where the clock could not tell. */
double sample_log_ratio(const struct sample *sample);

/* The same of CPU times; NaN where they are not known. */
double sample_cpu_log_ratio(const struct sample *sample);

/* The values that are numbers, with their generations; returns how many. */
size_t samples_take_values(const struct sample *samples, size_t count,
			   sample_value *value, struct stats_value *out);

struct samples {
	struct names kernels, runners;
	/* By struct key's. First the one that more is known of, over the sizes
	 * of the first pass. */
	const char *placements[2];
	size_t rounds;	   /* of all blocks */
	size_t dropped;	   /* of these, in which the placement changed */
	size_t gated;	   /* of these, disturbed by other load */
	double longest_ns; /* probe of an undisturbed round; infinite: none */
	size_t count;
	struct sample *list; /* by key, then generation */
};

/*
 * Take all samples out of a record. With `gate`, rounds that were disturbed
 * (disturbed_rounds.h) are skipped, unless a cell has no others; they are
 * counted in any case. 0 or -ENOMEM; samples_free() is due after an error, too.
 */
int samples_make(const struct record *record, bool gate,
		 struct samples *samples);

/* Where the cell whose samples begin at `begin` ends. */
size_t samples_cell_end(const struct samples *samples, size_t begin);

/* The series of a role, and by the name of its runner unless that is NULL;
 * NULL: there is none. */
const struct series *samples_find_series(const struct block *block,
					 enum role role, const char *runner);

/* One run over all items: the base itself; in older records, whose base ran
 * over tiles, "direct" where that was measured. NULL: there is no base. */
const struct series *samples_find_whole(const struct block *block);

/* What the record compares a runner with besides serial; NULL: nothing. */
const char *samples_base(const struct record *record, const char *runner);

void samples_free(struct samples *samples);

/* Is n a size of the first pass? Of a record that does not say, all are. */
bool samples_on_grid(const struct record *record, uint64_t n);

/* What the harness adds to a call: serial `empty` of one item; the median over
 * rounds. NaN: not measured. 0 or -ENOMEM. */
int samples_harness(const struct record *record, double *ns);

#endif
