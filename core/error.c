/* SPDX-License-Identifier: MIT */
#include "core/error.h"

#include <stddef.h>

const char *const error_kind_names[] = {
	NULL,	   "usage",	  "skipped", "failed",
	"invalid", "interrupted", "late",    "failed",
};
