/* SPDX-License-Identifier: MIT */
#ifndef BREAKEVEN_BENCH_COMMANDS_COMMON_LATENCY_PAGE_H
#define BREAKEVEN_BENCH_COMMANDS_COMMON_LATENCY_PAGE_H

#include "report/doc/doc.h"

/* The page of `machine --latency`, as doc_print() wants it: `data` is a struct
 * latency_map that was filled. */
int latency_page_build(struct doc *doc, const void *data);

#endif
