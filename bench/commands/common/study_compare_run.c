/* SPDX-License-Identifier: MIT */
#include "bench/commands/common/study_compare_run.h"

#include "report/pages/study_compare_page.h"
#include "report/pages/study_page.h"

#include <errno.h>
#include <math.h>
#include <string.h>

static bool same_study(const struct study_compare_request *request)
{
	const char *a = request->a->study, *b = request->b->study;

	if (a && b && strcmp(a, b) == 0)
		return true;
	fprintf(stderr,
		"breakeven compare: %s is of `breakeven %s`, %s of `breakeven "
		"%s`: name records of one command\n",
		request->path_a, a ? a : "bench", request->path_b,
		b ? b : "bench");
	return false;
}

static int read_values(const char *path, const struct record *record,
		       struct study_values *values)
{
	int rc = study_read_values(record, values);

	if (rc == -EINVAL) {
		fprintf(stderr,
			"breakeven compare: %s lacks rows of `breakeven %s`: "
			"it was cut off, or is of another version\n",
			path, record->study);
		return -ENODATA;
	}
	return rc;
}

static void judge(const struct study_changes *changes, double slower,
		  double faster, struct study_outcome *outcome)
{
	outcome->common |= changes->count > 0;
	for (size_t i = 0; i < changes->count; i++) {
		const struct interval *interval = &changes->changes[i].interval;

		outcome->known |= isfinite(interval->lo);
		outcome->slower |= interval->lo > slower;
		outcome->faster |= -interval->hi > faster;
	}
}

int study_compare_run(const struct study_compare_request *request, FILE *out,
		      const struct report_style *style,
		      struct study_outcome *outcome)
{
	struct study_values values[2] = {{.count = 0}, {.count = 0}};
	struct study_changes changes = {.count = 0};
	const struct study_comparison comparison = {
		{request->path_a, request->a},
		{request->path_b, request->b},
		&changes};
	int rc = same_study(request) ? 0 : -EINVAL;

	if (rc == 0)
		rc = read_values(request->path_a, request->a, &values[0]);
	if (rc == 0)
		rc = read_values(request->path_b, request->b, &values[1]);
	if (rc == 0)
		rc = study_compare(&values[0], &values[1], &changes);
	if (rc == 0) {
		judge(&changes, request->slower, request->faster, outcome);
		rc = (request->json ? study_compare_json : study_compare_table)(
			&comparison, out, style);
	}
	study_changes_free(&changes);
	study_values_free(&values[0]);
	study_values_free(&values[1]);
	return rc;
}
