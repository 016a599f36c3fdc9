/* SPDX-License-Identifier: MIT */
/*
 * How this command was built; kept in every record.
 */
#ifndef BREAKEVEN_BENCH_BUILD_FACTS_H
#define BREAKEVEN_BENCH_BUILD_FACTS_H

#include <jansson.h>

struct build_facts {
	const char *version, *commit, *type, *sanitizer, *compiler, *flags;
};

extern const struct build_facts build_facts;

/* As the record's header holds it; a new reference. */
json_t *build_json(void);

#endif
