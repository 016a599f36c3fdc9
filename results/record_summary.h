/* SPDX-License-Identifier: MIT */
/*
 * What a record is of and what the run concluded, from its first line and its
 * last ones: quick however long it is. Reports compute their own from all of
 * it.
 */
#ifndef BREAKEVEN_RESULTS_RECORD_SUMMARY_H
#define BREAKEVEN_RESULTS_RECORD_SUMMARY_H

#include "results/record.h"

struct record_summary {
	json_t *header;
	json_t *verdicts; /* array of the objects of the last lines */
	bool complete;	  /* it ends as whole runs do */
};

/* 0, or -errno with `error` filled as record_read() does; record_summary_free()
 * is due in any case. */
int record_summary_read(const char *path, struct record_summary *summary,
			char error[RECORD_ERROR_MAX]);
void record_summary_free(struct record_summary *summary);

#endif
