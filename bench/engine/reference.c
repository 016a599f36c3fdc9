/* SPDX-License-Identifier: MIT */
#include "bench/engine/reference.h"

#include "bench/engine/contender.h"
#include "bench/engine/engine.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

unsigned reference_cut(const struct contender *contender)
{
	return contender_is_one_of(contender, "unit", "none")
		       ? 1
		       : contender->workers;
}

unsigned reference_most_cut(const struct engine *engine)
{
	unsigned most = 1;

	for (size_t i = 0; i < engine->ncontenders; i++) {
		unsigned cut = reference_cut(&engine->contenders[i]);

		most = cut > most ? cut : most;
	}
	return most;
}

const struct reference *reference_find(const struct engine *engine,
				       size_t kernel, uint64_t n,
				       unsigned workers)
{
	for (size_t i = engine->nreferences; i > 0; i--) {
		const struct reference *reference = &engine->references[i - 1];

		if (reference->kernel == kernel && reference->n == n &&
		    reference->workers == workers)
			return reference;
	}
	return NULL;
}

static bool reference_is_asked(const json_t *cuts, unsigned workers)
{
	for (size_t i = 0; i < json_array_size(cuts); i++)
		if (json_integer_value(json_array_get(cuts, i)) == workers)
			return true;
	return false;
}

json_t *reference_missing(const struct engine *engine, size_t kernel,
			  uint64_t n)
{
	json_t *cuts = json_array();

	for (size_t i = 0; i < engine->ncontenders; i++) {
		unsigned workers = reference_cut(&engine->contenders[i]);

		if (!reference_find(engine, kernel, n, workers) &&
		    !reference_is_asked(cuts, workers))
			json_array_append_new(cuts, json_integer(workers));
	}
	return cuts;
}

static int reference_add(struct engine *engine, struct reference reference)
{
	struct reference *references =
		realloc(engine->references,
			(engine->nreferences + 1) * sizeof(*references));

	if (!references)
		return -ENOMEM;
	references[engine->nreferences++] = reference;
	engine->references = references;
	return 0;
}

static int reference_take(struct engine *engine, size_t kernel, uint64_t n,
			  const json_t *cut)
{
	const char *digest = json_string_value(json_object_get(cut, "digest"));
	struct reference reference = {
		.kernel = kernel,
		.n = n,
		.workers = (unsigned)json_integer_value(
			json_object_get(cut, "workers")),
		.tiles = (uint64_t)json_integer_value(
			json_object_get(cut, "tiles")),
	};

	snprintf(reference.digest, sizeof(reference.digest), "%s",
		 digest ? digest : "");
	return reference_add(engine, reference);
}

/* A host of a build that cuts alike for any number of workers. */
static int reference_take_one(struct engine *engine, size_t kernel, uint64_t n,
			      const json_t *answer)
{
	json_t *cuts = reference_missing(engine, kernel, n);
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < json_array_size(cuts); i++) {
		rc = reference_take(engine, kernel, n, answer);
		if (rc == 0)
			engine->references[engine->nreferences - 1].workers =
				(unsigned)json_integer_value(
					json_array_get(cuts, i));
	}
	json_decref(cuts);
	return rc;
}

int reference_learn(struct engine *engine, size_t kernel, uint64_t n,
		    const json_t *answer)
{
	const json_t *cuts = json_object_get(answer, "cuts");
	int rc = 0;

	if (!cuts)
		return reference_take_one(engine, kernel, n, answer);
	for (size_t i = 0; rc == 0 && i < json_array_size(cuts); i++)
		rc = reference_take(engine, kernel, n, json_array_get(cuts, i));
	return rc;
}

json_t *reference_request(const struct engine *engine, const char *op,
			  enum way way)
{
	json_t *request =
		json_pack("{s:s,s:s}", "op", op, "way", way_names[way]);

	if (way == WAY_TILES)
		json_object_set_new(request, "cut",
				    json_integer(reference_most_cut(engine)));
	return request;
}
