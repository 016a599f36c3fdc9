/* SPDX-License-Identifier: MIT */
/*
 * What the user asks of the article.
 */
#ifndef BREAKEVEN_BENCH_STUDIES_ARTICLE_PLAN_H
#define BREAKEVEN_BENCH_STUDIES_ARTICLE_PLAN_H

#include <stddef.h>

struct progress;
struct topology;

struct article_plan {
	size_t runs;
	int interrupt_fd;
	const struct topology *topology;
	struct progress *progress;
	void (*notice)(const char *text);
};

#endif
