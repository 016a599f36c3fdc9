/* SPDX-License-Identifier: MIT */
#include "exercises.h"

/* The first n % workers have one item more. (n * index / workers would do, too,
 * until n * index no longer fits.) */
void share_of(size_t n, size_t workers, size_t index, size_t *lo, size_t *hi)
{
	size_t each = n / workers, more = n % workers;

	*lo = index * each + (index < more ? index : more);
	*hi = *lo + each + (index < more ? 1 : 0);
}
