/* SPDX-License-Identifier: MIT */
#include "bench/engine/exclusion.h"

#include "bench/engine/calibration.h"
#include "bench/engine/contender.h"
#include "bench/engine/engine.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ------------------------------------------------------------- notes */

static bool exclusion_is_same(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

/* A resumed run finds the same missing things again. */
static bool exclusion_is_noted(const struct record *record,
			       const struct note *note)
{
	for (size_t i = 0; i < record->nnotes; i++) {
		const struct note *old = &record->notes[i];

		if (old->n == note->n && old->workers == note->workers &&
		    exclusion_is_same(old->kernel, note->kernel) &&
		    exclusion_is_same(old->runner, note->runner) &&
		    exclusion_is_same(old->kind, note->kind) &&
		    exclusion_is_same(old->reason, note->reason))
			return true;
	}
	return false;
}

static int exclusion_put_note(struct engine *engine, enum error_kind kind,
			      const char *kernel,
			      const struct contender *contender, uint64_t n,
			      const char *reason)
{
	struct note note = {
		.kind = error_kind_names[kind],
		.kernel = kernel,
		.runner = contender->spec,
		.workers = contender->workers,
		.n = n,
		.generation = engine->generation,
		.beyond = kind == ERROR_MEMORY,
		.reason = reason,
	};
	int rc;

	if (!engine->record || exclusion_is_noted(engine->record, &note))
		return 0;
	rc = record_put_note(engine->record, &note);
	return rc < 0 ? error_set(&engine->error, ERROR_FAILED,
				  "the record cannot be written: %s",
				  strerror(-rc))
		      : 0;
}

/* Runners that this machine does not have were found before there was a record.
 */
int engine_note_absent(struct engine *engine)
{
	int rc = 0;

	for (size_t m = 0; rc == 0 && m < engine->ncontenders; m++)
		if (engine->contenders[m].out)
			rc = exclusion_put_note(
				engine, ERROR_SKIPPED, NULL,
				&engine->contenders[m], 0,
				engine->contenders[m].host.error.text);
	return rc;
}

/* ------------------------------------------------------------- exclusions */

bool engine_has_contenders(const struct engine *engine)
{
	for (size_t m = ENGINE_BASE + 1; m < engine->ncontenders; m++)
		if (!engine->contenders[m].out)
			return true;
	return false;
}

bool engine_is_excluded(const struct engine *engine, size_t contender,
			size_t kernel, uint64_t n)
{
	if (engine->contenders[contender].out)
		return true;
	for (size_t i = 0; i < engine->nexclusions; i++) {
		const struct exclusion *excluded = &engine->exclusions[i];

		if (excluded->kernel == kernel &&
		    excluded->contender == contender &&
		    (excluded->n == 0 || excluded->n == n ||
		     (excluded->beyond && excluded->n < n)))
			return true;
	}
	return false;
}

static int exclusion_add(struct engine *engine, size_t kernel, size_t contender,
			 uint64_t n, bool beyond)
{
	struct exclusion *grown = realloc(
		engine->exclusions, (engine->nexclusions + 1) * sizeof(*grown));

	if (!grown)
		return -ENOMEM;
	engine->exclusions = grown;
	grown[engine->nexclusions++] =
		(struct exclusion){kernel, contender, n, beyond};
	return 0;
}

static size_t exclusion_count(const struct engine *engine, size_t kernel,
			      size_t contender)
{
	size_t count = 0;

	for (size_t i = 0; i < engine->nexclusions; i++)
		count += engine->exclusions[i].kernel == kernel &&
			 engine->exclusions[i].contender == contender;
	return count;
}

/* The user did not ask for it, and the report says what is missing. */
static int exclusion_notice_self_check(struct engine *engine,
				       const struct contender *contender)
{
	char text[2 * ERROR_TEXT_MAX];

	snprintf(text, sizeof(text), "a self-check is skipped: %s: %s",
		 contender->spec, contender->host.error.text);
	engine->notice(text);
	return 0;
}

int engine_exclude(struct engine *engine, size_t kernel, size_t contender,
		   uint64_t n, enum error_kind kind, const char *reason)
{
	struct contender *excluded = &engine->contenders[contender];
	bool check = contender >= engine->ncontenders;
	bool skipped = kind == ERROR_SKIPPED;
	bool beyond = skipped || kind == ERROR_MEMORY;
	int rc;

	/* It disturbed everything measured since, at any size. */
	if (excluded->host.leaks)
		n = 0;
	/* It does not compute this kernel at the smallest size either. */
	if (skipped && !engine_has_calibration(engine, contender, kernel, 0))
		n = 0;
	if (check)
		n = 0;
	if (check && kernel == engine->self_check_kernel)
		excluded->out = kind;
	rc = check ? exclusion_notice_self_check(engine, excluded)
		   : exclusion_put_note(engine, kind, engine->kernels[kernel],
					excluded, n, reason);

	host_process_kill(&excluded->host);
	if (exclusion_add(engine, kernel, contender, n, beyond) < 0)
		return ERROR_FAILED;
	if (rc == 0 && n && !beyond &&
	    exclusion_count(engine, kernel, contender) >= ENGINE_FAILURES)
		rc = engine_exclude(engine, kernel, contender, 0, kind,
				    "it failed at several sizes and was left");
	return rc;
}

/* How a reason begins that is the base's: the record says it no other way. */
#define BASE_EXCLUDED "the serial base: "

int engine_exclude_base(struct engine *engine, size_t kernel, uint64_t n,
			enum error_kind kind, const char *reason)
{
	char text[ERROR_TEXT_MAX + 64];

	if (exclusion_add(engine, kernel, ENGINE_BASE, n,
			  kind == ERROR_MEMORY) < 0)
		return ERROR_FAILED;
	snprintf(text, sizeof(text), BASE_EXCLUDED "%s", reason);
	for (size_t m = ENGINE_BASE + 1; m < engine->ncontenders; m++)
		if (!engine_is_excluded(engine, m, kernel, n) &&
		    engine_exclude(engine, kernel, m, n, kind, text))
			return ERROR_FAILED;
	return 0;
}

/* A contender that does not open is excluded from the whole run. */
int engine_exclude_contender(struct engine *engine, struct contender *contender,
			     enum error_kind kind)
{
	char text[2 * ERROR_TEXT_MAX];

	host_process_kill(&contender->host);
	if (kind == ERROR_INTERRUPTED || kind == ERROR_LATE)
		return kind;
	contender->out = kind;
	if (contender >= &engine->contenders[engine->ncontenders])
		return exclusion_notice_self_check(engine, contender);
	snprintf(text, sizeof(text), "%s with %u worker%s is left out: %s",
		 contender->spec, contender->workers,
		 contender->workers == 1 ? "" : "s",
		 contender->host.error.text);
	engine->notice(text);
	return exclusion_put_note(engine, kind, NULL, contender, 0,
				  contender->host.error.text);
}

int engine_check_budget(struct engine *engine, size_t contender, double call_ns)
{
	struct contender *one = &engine->contenders[contender];

	if (engine->longest_ns == 0 || call_ns <= engine->longest_ns ||
	    contender == ENGINE_BASE)
		return 0;
	return error_set(
		&one->host.error, ERROR_SKIPPED,
		"a call takes some %.0f ms, and one of larger sizes more, for "
		"which the budget has no room: give it more with --budget, or "
		"name sizes with --sizes",
		call_ns * 1e-6);
}

/* ------------------------------------------------------------- restoring */

/* The index of the kernel that a note names, or nkernels. */
static size_t exclusion_find_kernel(const struct engine *engine,
				    const struct note *note)
{
	size_t k = 0;

	while (k < engine->nkernels &&
	       !exclusion_is_same(engine->kernels[k], note->kernel))
		k++;
	return k;
}

/* If a note gives the base as the reason, the base is excluded there, too. */
static int exclusion_restore(struct engine *engine, const struct note *note,
			     size_t kernel, size_t contender)
{
	bool beyond = strcmp(note->kind, "skipped") == 0 || note->beyond;
	bool base = note->reason && strncmp(note->reason, BASE_EXCLUDED,
					    strlen(BASE_EXCLUDED)) == 0;
	int rc = exclusion_add(engine, kernel, contender, note->n, beyond);

	return rc == 0 && base ? exclusion_add(engine, kernel, ENGINE_BASE,
					       note->n, beyond)
			       : rc;
}

int engine_restore_exclusions(struct engine *engine)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < engine->record->nnotes; i++) {
		const struct note *note = &engine->record->notes[i];
		size_t k = exclusion_find_kernel(engine, note);

		for (size_t m = ENGINE_BASE + 1;
		     rc == 0 && k < engine->nkernels && m < engine->ncontenders;
		     m++)
			if (exclusion_is_same(engine->contenders[m].spec,
					      note->runner) &&
			    engine->contenders[m].workers == note->workers)
				rc = exclusion_restore(engine, note, k, m);
	}
	return rc ? ERROR_FAILED : 0;
}
