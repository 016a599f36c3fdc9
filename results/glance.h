/* SPDX-License-Identifier: MIT */
/*
 * What a record is of and what the run concluded, from its first line and its
 * last ones: quick however long it is. Reports compute their own from all of
 * it.
 */
#ifndef BREAKEVEN_RESULTS_GLANCE_H
#define BREAKEVEN_RESULTS_GLANCE_H

#include "results/record.h"

struct glance {
	json_t *header;
	json_t *verdicts; /* array of the objects of the last lines */
	bool complete;	  /* it ends as whole runs do */
};

/* 0, or -errno with `error` filled as record_read() does; glance_free() is due
 * in any case. */
int glance_at(const char *path, struct glance *glance,
	      char error[RECORD_ERROR_MAX]);
void glance_free(struct glance *glance);

#endif
