/* SPDX-License-Identifier: MIT */
#include "bench/protocol/request.h"

#include <stddef.h>

const char *const way_names[] = {"runner", "tiles", "hand", NULL};
