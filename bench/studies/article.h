/* SPDX-License-Identifier: MIT */
/*
 * What the article does, in C and in Python, in rounds in which all take turns.
 */
#ifndef BREAKEVEN_BENCH_STUDIES_ARTICLE_H
#define BREAKEVEN_BENCH_STUDIES_ARTICLE_H

#include "bench/cli/progress.h"
#include "report/pages/article_page.h"
#include "system/pin.h"

enum { ARTICLE_ERROR_MAX = 512, ARTICLE_WORKERS = 2 };

struct article_wishes {
	size_t runs;
	int interrupt_fd;
	const struct topology *topology;
	struct progress *progress;
	void (*notice)(const char *text);
};

/*
 * Measure it. 0 or an enum error_kind, told in `error` where it is the whole
 * that failed: what fails by itself is in found->skipped, with the reason.
 * article_free() is due in any case.
 */
int article_measure(const struct article_wishes *wishes, struct article *found,
		    char error[ARTICLE_ERROR_MAX]);
void article_free(struct article *found);

#endif
