/* SPDX-License-Identifier: MIT */
/*
 * A record, an answer or a comparison, for programs. Each returns 0, or -errno
 * of the stream.
 */
#ifndef BREAKEVEN_REPORT_EXPORT_EXPORT_H
#define BREAKEVEN_REPORT_EXPORT_EXPORT_H

#include "analysis/advise.h"
#include "analysis/compare/compare.h"
#include "analysis/studies/split.h"
#include "report/doc/style.h"

/* What was left out, and why: a new reference. */
json_t *notes_json(const struct record *record);

int csv_write(FILE *out, const struct record *record,
	      const struct findings *findings,
	      const struct report_style *style);
int json_write(FILE *out, const struct record *record,
	       const struct findings *findings,
	       const struct report_style *style);
int scale_json_write(FILE *out, const struct record *record,
		     const struct findings *findings,
		     const struct report_style *style);
int benchmark_write(FILE *out, const struct record *record,
		    const struct findings *findings,
		    const struct report_style *style);
int header_write(FILE *out, const struct record *record,
		 const struct findings *findings,
		 const struct report_style *style);

/* How many thresholds are not known. */
size_t header_unknown(const struct findings *findings);

int advise_json_write(FILE *out, const struct advice *advice, const char *path);
int compare_json_write(FILE *out, const struct comparison *comparison,
		       const struct compare_limits *limits,
		       const struct report_style *style);

/*
 * One call of each runner, in the Chrome trace-event format (Google, "Trace
 * Event Format", the JSON object form), which ui.perfetto.dev and
 * chrome://tracing open. A runner is a process of it, and a worker a thread;
 * all calls begin at 0. 0, -EIO or -ENOMEM; flushed by
 * the caller.
 */
int split_trace(const struct split *split, FILE *out);

#endif
