/* SPDX-License-Identifier: MIT */
#include "bench/commands/study_compare_run.h"

#include "report/pages/study_compare_page.h"
#include "report/pages/study_page.h"

#include <errno.h>
#include <string.h>

static bool same_study(const char *path_a, const struct record *a,
		       const char *path_b, const struct record *b)
{
	if (a->study && b->study && strcmp(a->study, b->study) == 0)
		return true;
	fprintf(stderr,
		"breakeven compare: %s is of `breakeven %s`, %s of `breakeven "
		"%s`: name records of one command\n",
		path_a, a->study ? a->study : "bench", path_b,
		b->study ? b->study : "bench");
	return false;
}

static int read_values(const char *path, const struct record *record,
		       struct study_values *values)
{
	int rc = study_read_values(record, values);

	if (rc == -EINVAL)
		fprintf(stderr,
			"breakeven compare: %s lacks rows of `breakeven %s`: "
			"it was cut off, or is of another version\n",
			path, record->study);
	return rc;
}

static void judge(const struct study_changes *changes, double slower,
		  double faster, struct study_outcome *outcome)
{
	outcome->common |= changes->count > 0;
	for (size_t i = 0; i < changes->count; i++) {
		const struct interval *interval = &changes->changes[i].interval;

		outcome->slower |= interval->lo > slower;
		outcome->faster |= -interval->hi > faster;
	}
}

int study_compare_run(const char *path_a, const struct record *a,
		      const char *path_b, const struct record *b, bool json,
		      double slower, double faster, FILE *out,
		      const struct report_style *style,
		      struct study_outcome *outcome)
{
	struct study_values values[2] = {{NULL, 0}, {NULL, 0}};
	struct study_changes changes = {.count = 0};
	const struct study_comparison comparison = {
		{path_a, a}, {path_b, b}, &changes};
	int rc = same_study(path_a, a, path_b, b) ? 0 : -EINVAL;

	if (rc == 0)
		rc = read_values(path_a, a, &values[0]);
	if (rc == 0)
		rc = read_values(path_b, b, &values[1]);
	if (rc == 0)
		rc = study_compare(&values[0], &values[1], &changes);
	if (rc == 0) {
		judge(&changes, slower, faster, outcome);
		rc = (json ? study_compare_json
			   : study_compare_table)(&comparison, out, style);
	}
	study_changes_free(&changes);
	study_values_free(&values[0]);
	study_values_free(&values[1]);
	return rc;
}
