/* SPDX-License-Identifier: MIT */
/*
 * A summary of a record, from its first line and its last ones: what was run
 * and what the run concluded. Quick for a record of any length. Reports compute
 * their own verdicts from all of it.
 */
#ifndef BREAKEVEN_RESULTS_RECORD_SUMMARY_H
#define BREAKEVEN_RESULTS_RECORD_SUMMARY_H

#include "results/record.h"

struct record_summary {
	json_t *header;
	json_t *verdicts; /* array of the objects of the verdict lines */
	bool complete;	  /* its end line says that the run was complete */
};

/* 0, or -errno with `error` filled as by record_read(). Call
 * record_summary_free() in either case. */
int record_summary_read(const char *path, struct record_summary *summary,
			char error[ERROR_TEXT_MAX]);
void record_summary_free(struct record_summary *summary);

#endif
