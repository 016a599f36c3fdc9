/* SPDX-License-Identifier: MIT */
/*
 * How this command was built; kept in every record.
 */
#ifndef BREAKEVEN_BENCH_HOST_BUILD_FACTS_H
#define BREAKEVEN_BENCH_HOST_BUILD_FACTS_H

#include <jansson.h>
#include <stdio.h>

struct build_facts {
	const char *version, *commit, *type, *sanitizer, *compiler, *flags;
	const char *libraries; /* found when it was built */
};

extern const struct build_facts build_facts;

/* As the record's header holds it; a new reference. */
json_t *build_json(void);

/* The same for people, and which modules there are: paste it into a bug report.
 */
void build_print(FILE *out);

#endif
