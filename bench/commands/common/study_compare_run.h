/* SPDX-License-Identifier: MIT */
/*
 * `compare` of records of a study.
 */
#ifndef BREAKEVEN_BENCH_COMMANDS_COMMON_STUDY_COMPARE_RUN_H
#define BREAKEVEN_BENCH_COMMANDS_COMMON_STUDY_COMPARE_RUN_H

#include "report/doc/style.h"
#include "results/record.h"

#include <stdbool.h>
#include <stdio.h>

/* What the exit status of a comparison depends on. */
struct study_outcome {
	bool slower, faster; /* proven beyond the limit */
	bool common;	     /* something is in both */
	bool known;	     /* some number has an interval */
};

struct study_compare_request {
	const char *path_a, *path_b;
	const struct record *a, *b;
	bool json;
	double slower, faster; /* limits, as logarithms; NAN: none */
};

/*
 * Compare the two, as JSON or in style->form. 0; -EINVAL: they are not of one
 * study; -ENODATA: rows are missing; both with the reason told; -ENOMEM, or
 * -errno of the stream.
 */
int study_compare_run(const struct study_compare_request *request, FILE *out,
		      const struct report_style *style,
		      struct study_outcome *outcome);

#endif
