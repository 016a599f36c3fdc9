/* SPDX-License-Identifier: MIT */
/*
 * `compare` of records of a study.
 */
#ifndef BREAKEVEN_BENCH_COMMANDS_STUDY_COMPARE_RUN_H
#define BREAKEVEN_BENCH_COMMANDS_STUDY_COMPARE_RUN_H

#include "report/doc/style.h"
#include "results/record.h"

#include <stdbool.h>
#include <stdio.h>

/* What the exit status of a comparison depends on. */
struct study_outcome {
	bool slower, faster; /* proven beyond the limit */
	bool common;	     /* something is in both */
};

/*
 * Compare the two, in style->form or as JSON. The limits are logarithms, NAN:
 * none. 0; -EINVAL: they are not of one study, or rows are missing, with the
 * reason told; -ENOMEM, or -errno of the stream.
 */
int study_compare_run(const char *path_a, const struct record *a,
		      const char *path_b, const struct record *b, bool json,
		      double slower, double faster, FILE *out,
		      const struct report_style *style,
		      struct study_outcome *outcome);

#endif
