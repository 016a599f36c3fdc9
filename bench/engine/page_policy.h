/* SPDX-License-Identifier: MIT */
/*
 * `--memory`: on which NUMA nodes the data of kernels lies.
 */
#ifndef BREAKEVEN_BENCH_ENGINE_PAGE_POLICY_H
#define BREAKEVEN_BENCH_ENGINE_PAGE_POLICY_H

#include "core/error.h"

#include <jansson.h>
#include <stdbool.h>

struct contender;
struct engine;

struct page_policy {
	enum {
		PAGES_ANYWHERE,	   /* as the system does: where it is filled */
		PAGES_FIRST_TOUCH, /* each worker's share on its node */
		PAGES_LOCAL,	   /* all on the node of the base */
		PAGES_INTERLEAVE,  /* on all nodes in turn */
		PAGES_ON_NODE,
	} kind;
	unsigned node;
};

/* What the option says, of a struct page_policy; false: it makes no sense. */
bool page_policy_take(const char *text, void *field);

/* As it was said; NULL: nothing was. `text` has room for it. */
enum { PAGE_POLICY_TEXT = 24 };
const char *page_policy_name(const struct page_policy *policy,
			     char text[PAGE_POLICY_TEXT]);

/* Can it be done on this machine, with workers bound as they are? 0 or
 * ERROR_USAGE. */
int page_policy_check(const struct engine *engine, struct error *error);

/* The nodes that a host's order names: of struct page_nodes; null: any. Shared
 * data has the shares of the most workers, private data those of its host. */
json_t *page_policy_nodes(const struct engine *engine,
			  const struct contender *contender);

/* Keep what the base says of the data that it has filled, and say once if the
 * system does not place pages. */
void page_policy_learn(struct engine *engine, const json_t *prepared);

#endif
