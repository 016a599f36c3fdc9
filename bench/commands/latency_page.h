/* SPDX-License-Identifier: MIT */
#ifndef BREAKEVEN_BENCH_COMMANDS_LATENCY_PAGE_H
#define BREAKEVEN_BENCH_COMMANDS_LATENCY_PAGE_H

#include "report/doc/doc.h"

/* The page of `machine --latency`: of a struct latency_map that was filled. As
 * doc_print() wants it. */
int latency_page_build(struct doc *doc, const void *map);

#endif
