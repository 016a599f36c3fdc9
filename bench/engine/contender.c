/* SPDX-License-Identifier: MIT */
#include "bench/engine/contender.h"

#include <stdlib.h>
#include <string.h>

bool contender_is(const struct contender *contender, const char *key)
{
	return json_is_true(json_object_get(contender->facts, key));
}

const char *contender_fact(const struct contender *contender, const char *key)
{
	return json_string_value(json_object_get(contender->facts, key));
}

bool contender_is_one_of(const struct contender *contender, const char *key,
			 const char *word)
{
	const char *text = contender_fact(contender, key);

	return text && strcmp(text, word) == 0;
}

bool contender_has_ranks(const struct contender *contender)
{
	return contender_is_one_of(contender, "data", "resident");
}

void contender_free(struct contender *contender)
{
	free(contender->spec);
	free(contender->bare);
	free(contender->cpus);
	json_decref(contender->facts);
}
