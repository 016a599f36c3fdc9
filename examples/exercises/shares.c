/* SPDX-License-Identifier: MIT */
#include "exercises.h"

/* TODO: ten items for four workers: who has the last two? */
void share_of(size_t n, size_t workers, size_t index, size_t *lo, size_t *hi)
{
	*lo = index * (n / workers);
	*hi = *lo + n / workers;
}
