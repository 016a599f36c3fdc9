/* SPDX-License-Identifier: MIT */
#include "core/suggest.h"

#include <string.h>

enum { LETTERS_MAX = 64 };

static unsigned least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

/* How far the first j letters of `b` are from the first i of `a`, where rows
 * are those of i, i - 1 and i - 2 letters. */
static unsigned step(const char *a, size_t i, const char *b, size_t j,
		     unsigned rows[3][LETTERS_MAX + 1])
{
	unsigned distance = least(least(rows[1][j], rows[0][j - 1]) + 1,
				  rows[1][j - 1] + (a[i - 1] != b[j - 1]));

	if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
		distance = least(distance, rows[2][j - 2] + 1);
	return distance;
}

static unsigned distance_between(const char *a, const char *b)
{
	size_t na = strlen(a), nb = strlen(b);
	unsigned rows[3][LETTERS_MAX + 1] = {{0}};

	for (size_t j = 0; j <= nb; j++)
		rows[0][j] = (unsigned)j;
	for (size_t i = 1; i <= na; i++) {
		memcpy(rows[2], rows[1], sizeof(rows[0]));
		memcpy(rows[1], rows[0], sizeof(rows[0]));
		rows[0][0] = (unsigned)i;
		for (size_t j = 1; j <= nb; j++)
			rows[0][j] = step(a, i, b, j, rows);
	}
	return rows[0][nb];
}

void suggestion_offer(struct suggestion *suggestion, const char *name)
{
	size_t length = strlen(suggestion->word);
	unsigned distance;

	if (length >= LETTERS_MAX || strlen(name) >= LETTERS_MAX)
		return;
	distance = distance_between(suggestion->word, name);
	if (distance > (length + 1) / 3 ||
	    (suggestion->name && distance >= suggestion->distance))
		return;
	suggestion->name = name;
	suggestion->distance = distance;
}
