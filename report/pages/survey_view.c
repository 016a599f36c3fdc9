/* SPDX-License-Identifier: MIT */
#include "report/pages/survey_view.h"

#include "report/doc/text.h"
#include "results/json_value.h"

#include <string.h>

enum { SURVEY_LETTERS = 26 };

const json_t *survey_machine(const struct survey_run *run)
{
	return json_object_get(run->record->header, "machine");
}

const char *survey_model(const struct survey_run *run)
{
	const char *model = json_string_in(survey_machine(run), "model");

	return model && *model ? model : "an unknown CPU";
}

/* A, B, ... Z, A2, B2, ... */
void survey_put_letter(FILE *out, size_t index)
{
	fputc('A' + (int)(index % SURVEY_LETTERS), out);
	if (index >= SURVEY_LETTERS)
		fprintf(out, "%zu", index / SURVEY_LETTERS + 1);
}

void survey_put_label(FILE *out, const struct survey *survey, size_t index)
{
	survey_put_letter(out, index);
	fputs("  ", out);
	text_clean(out, survey_model(&survey->runs[index]), true);
}

bool survey_wants(const struct survey *survey, const char *kernel,
		  const char *runner)
{
	return (!survey->kernel || strcmp(kernel, survey->kernel) == 0) &&
	       (!survey->runner || strcmp(runner, survey->runner) == 0);
}

const struct crossing *survey_find(const struct survey_run *run,
				   const char *kernel, const char *runner)
{
	return findings_find(run->findings, kernel, runner,
			     findings_most_workers(run->findings));
}

bool survey_has_kernel(const struct survey *survey,
		       const struct survey_run *run, const char *kernel)
{
	for (size_t i = 0; i < run->findings->ncrossings; i++) {
		const struct pair *pair = &run->findings->crossings[i].pair;

		if (strcmp(pair->kernel, kernel) == 0 &&
		    survey_wants(survey, kernel, pair->runner))
			return true;
	}
	return false;
}

/* Is it the first wanted crossing of its kernel, or of its runner at the
 * kernel, over all runs? */
static bool survey_is_first(const struct survey *survey, size_t at,
			    size_t crossing, bool runner)
{
	const struct pair *pair =
		&survey->runs[at].findings->crossings[crossing].pair;

	for (size_t r = 0; r <= at; r++) {
		const struct findings *findings = survey->runs[r].findings;
		size_t end = r == at ? crossing : findings->ncrossings;

		for (size_t i = 0; i < end; i++) {
			const struct pair *other = &findings->crossings[i].pair;

			if (survey_wants(survey, other->kernel,
					 other->runner) &&
			    strcmp(other->kernel, pair->kernel) == 0 &&
			    (!runner ||
			     strcmp(other->runner, pair->runner) == 0))
				return false;
		}
	}
	return true;
}

/* Call `put` on the first crossing of each kernel, or of each runner at
 * `kernel`. */
void survey_each(const struct survey *survey, const char *kernel,
		 void (*put)(void *data, const struct pair *pair), void *data)
{
	for (size_t r = 0; r < survey->count; r++) {
		const struct findings *findings = survey->runs[r].findings;

		for (size_t i = 0; i < findings->ncrossings; i++) {
			const struct pair *pair = &findings->crossings[i].pair;

			if ((!kernel || strcmp(pair->kernel, kernel) == 0) &&
			    survey_wants(survey, pair->kernel, pair->runner) &&
			    survey_is_first(survey, r, i, kernel != NULL))
				put(data, pair);
		}
	}
}
