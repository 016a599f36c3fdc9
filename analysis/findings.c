/* SPDX-License-Identifier: MIT */
#include "analysis/findings.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool pair_equal(const struct pair *a, const struct pair *b)
{
	return strcmp(a->kernel, b->kernel) == 0 &&
	       strcmp(a->base, b->base) == 0 &&
	       strcmp(a->runner, b->runner) == 0 && a->workers == b->workers &&
	       strcmp(a->placement, b->placement) == 0;
}

const char *findings_make_text(struct findings *findings, const char *format,
			       ...)
{
	char **grown = reallocarray(findings->made, findings->nmade + 1,
				    sizeof(*grown));
	char *text;
	va_list args;
	int length;

	if (!grown)
		return NULL;
	findings->made = grown;
	va_start(args, format);
	length = vasprintf(&text, format, args);
	va_end(args);
	if (length < 0)
		return NULL;
	findings->made[findings->nmade++] = text;
	return text;
}

void findings_free(struct findings *findings)
{
	if (!findings)
		return;
	for (size_t i = 0; i < findings->nmade; i++)
		free(findings->made[i]);
	free(findings->made);
	free(findings->cells);
	free(findings->crossings);
	free(findings->controls);
	free(findings);
}

bool findings_is_usual(const struct findings *findings,
		       const struct crossing *crossing)
{
	const struct pair *pair = &crossing->pair;

	return strcmp(pair->base, "serial") == 0 &&
	       (findings->nplacements == 0 ||
		strcmp(pair->placement, findings->placements[0]) == 0);
}

const struct crossing *findings_find(const struct findings *findings,
				     const char *kernel, const char *runner,
				     unsigned workers)
{
	for (size_t i = 0; i < findings->ncrossings; i++) {
		const struct crossing *crossing = &findings->crossings[i];

		if (findings_is_usual(findings, crossing) &&
		    strcmp(crossing->pair.kernel, kernel) == 0 &&
		    strcmp(crossing->pair.runner, runner) == 0 &&
		    crossing->pair.workers == workers)
			return crossing;
	}
	return NULL;
}

const char *findings_kernel(const struct findings *findings, size_t index)
{
	const char *last = NULL;

	for (size_t i = 0; i < findings->ncrossings; i++) {
		const char *kernel = findings->crossings[i].pair.kernel;

		if (last && strcmp(kernel, last) == 0)
			continue;
		last = kernel;
		if (index-- == 0)
			return kernel;
	}
	return NULL;
}

unsigned findings_most_workers(const struct findings *findings)
{
	unsigned most = 0;

	for (size_t i = 0; i < findings->ncrossings; i++)
		if (findings->crossings[i].pair.workers > most)
			most = findings->crossings[i].pair.workers;
	return most;
}

bool findings_is_vague(double lo, double hi, double octaves)
{
	return hi - lo >= 2 && log2(hi / lo) > octaves;
}

size_t findings_count_vague(const struct findings *findings, double octaves,
			    size_t *known)
{
	size_t vague = 0;

	*known = 0;
	for (size_t i = 0; i < findings->ncrossings; i++) {
		const struct breakeven *at = &findings->crossings[i].at;

		if (!findings_is_usual(findings, &findings->crossings[i]) ||
		    !isfinite(at->n_star))
			continue;
		++*known;
		vague += findings_is_vague(at->n_lo, at->n_hi, octaves);
	}
	return vague;
}

bool findings_measured(const struct findings *findings)
{
	for (size_t i = 0; i < findings->ncells; i++)
		if (findings->cells[i].rounds > 0)
			return true;
	return false;
}
