/* SPDX-License-Identifier: MIT */
/*
 * What the tables and the charts of a survey share: its machines, and the
 * kernels and runners that are wanted, in the order in which they were seen.
 */
#ifndef BREAKEVEN_REPORT_PAGES_SURVEY_VIEW_H
#define BREAKEVEN_REPORT_PAGES_SURVEY_VIEW_H

#include "report/pages/survey_page.h"

#include <jansson.h>

const json_t *survey_machine(const struct survey_run *run);
const char *survey_model(const struct survey_run *run);

/* A, B, ... Z, A2, B2, ...; and with the CPU behind it. */
void survey_put_letter(FILE *out, size_t index);
void survey_put_label(FILE *out, const struct survey *survey, size_t index);

bool survey_wants(const struct survey *survey, const char *kernel,
		  const char *runner);

/* Has the run anything of this kernel that is wanted? */
bool survey_has_kernel(const struct survey *survey,
		       const struct survey_run *run, const char *kernel);

/* With the most workers of the run; NULL: there is none. */
const struct crossing *survey_find(const struct survey_run *run,
				   const char *kernel, const char *runner);

/* Call `put` on the first crossing of each kernel, or of each runner at
 * `kernel`. */
void survey_each(const struct survey *survey, const char *kernel,
		 void (*put)(void *data, const struct pair *pair), void *data);

#endif
