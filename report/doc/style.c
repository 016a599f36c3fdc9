/* SPDX-License-Identifier: MIT */
#include "report/doc/style.h"

#include <errno.h>

bool report_begins(const struct report_style *style)
{
	return style->index == 0;
}

bool report_ends(const struct report_style *style)
{
	return style->index + 1 >= style->count;
}

int report_flush(FILE *out)
{
	errno = 0;
	if (fflush(out) == 0 && !ferror(out))
		return 0;
	return errno ? -errno : -EIO;
}
