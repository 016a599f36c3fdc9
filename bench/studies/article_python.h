/* SPDX-License-Identifier: MIT */
/*
 * A host in Python (scripts/python_host.py) that runs what the article runs
 * (scripts/article.py). Parked between requests.
 */
#ifndef BREAKEVEN_BENCH_STUDIES_ARTICLE_PYTHON_H
#define BREAKEVEN_BENCH_STUDIES_ARTICLE_PYTHON_H

#include "bench/engine/host_process.h"

struct topology;

struct python {
	struct host_process host; /* its error says what went wrong last */
	char version[32];
	double rss_mib;
};

/* Start one, to run wherever the topology allows. 0 or an enum error_kind,
 * which host.error explains: ERROR_SKIPPED if there is no python3 that can do
 * it. python_close() is due in any case. */
int python_open(struct python *python, const struct topology *topology,
		int interrupt_fd);

/* Ask for a number: what article.py says of the request. 0 or an enum
 * error_kind, which host.error explains; then it may have ended. */
int python_ask(struct python *python, const char *request, int interrupt_fd,
	       double *number);

/* End it with all its children. */
void python_close(struct python *python);

#endif
