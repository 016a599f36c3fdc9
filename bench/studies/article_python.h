/* SPDX-License-Identifier: MIT */
/*
 * A Python 3 that runs scripts/article.py and answers one request at a time.
 * In between it is blocked in a read, and so are its workers.
 */
#ifndef BREAKEVEN_BENCH_STUDIES_ARTICLE_PYTHON_H
#define BREAKEVEN_BENCH_STUDIES_ARTICLE_PYTHON_H

#include "core/error.h"

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define PYTHON_SCRIPT "article.py"

enum { PYTHON_LINE_MAX = 512 };

struct python {
	pid_t pid;   /* 0: not running */
	int fd;	     /* a socket, to its standard input and output */
	size_t used; /* bytes in line[] not yet handed out */
	char line[PYTHON_LINE_MAX];
	char version[32];
	double rss_mib;
	uint64_t oom_kills; /* in our control group, when it was started */
	struct error error;
};

/*
 * Start one. It leads a process group, and dies with the calling process, as
 * its children die with it. 0 or an enum error_kind, told in python->error:
 * ERROR_SKIPPED where there is no python3 that can do it. python_close() is
 * due in any case.
 */
int python_open(struct python *python, int interrupt_fd);

/* Ask for a number: what the script says of the request, which has no new line.
 * 0 or an enum error_kind, told in python->error; then it may have ended. */
int python_ask(struct python *python, const char *request, int interrupt_fd,
	       double *number);

/* End it with all its children. */
void python_close(struct python *python);

#endif
