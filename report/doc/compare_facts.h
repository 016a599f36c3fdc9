/* SPDX-License-Identifier: MIT */
/*
 * What the headers of two records say differently: machine, build, plan,
 * kernels.
 */
#ifndef BREAKEVEN_REPORT_DOC_COMPARE_FACTS_H
#define BREAKEVEN_REPORT_DOC_COMPARE_FACTS_H

#include "results/record.h"

struct compare_fact {
	char *what, *a, *b; /* "CPU", "AMD EPYC", "Intel Xeon" */
};

struct compare_facts {
	size_t count;
	struct compare_fact *list;
};

/* Of kernels, those that are called the same. 0 or -ENOMEM;
 * compare_facts_free() frees what it holds in either case. */
int compare_facts_init(struct compare_facts *facts, const struct record *a,
		       const struct record *b);
void compare_facts_free(struct compare_facts *facts);

#endif
