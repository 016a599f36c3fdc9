/* SPDX-License-Identifier: MIT */
/*
 * An answer of `breakeven advise`, in sentences and a small table.
 */
#ifndef BREAKEVEN_REPORT_PAGES_ADVISE_TEXT_H
#define BREAKEVEN_REPORT_PAGES_ADVISE_TEXT_H

#include "analysis/advise.h"
#include "report/doc/style.h"

/* `path` is that of the record. 0 or -errno of the stream. */
int advise_write(FILE *out, const struct advice *advice, const char *path,
		 const struct report_style *style);

#endif
