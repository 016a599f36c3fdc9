/* SPDX-License-Identifier: MIT */
#include "analysis/key.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

size_t names_find(struct names *names, const char *name)
{
	for (size_t i = 0; i < names->count; i++)
		if (names->list[i] && strcmp(names->list[i], name) == 0)
			return i;
	names->list[names->count] = name;
	return names->count++;
}

int names_init(struct names *names, size_t room)
{
	names->list = calloc(room + 1, sizeof(*names->list));
	return names->list ? 0 : -ENOMEM;
}

void names_free(struct names *names)
{
	free(names->list);
	names->list = NULL;
}

static int key_compare_number(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

int key_compare_table(const struct key *a, const struct key *b)
{
	int order = key_compare_number(a->kernel, b->kernel);

	order = order ? order : key_compare_number(a->base, b->base);
	return order ? order : key_compare_number(a->placement, b->placement);
}

int key_compare_pair(const struct key *a, const struct key *b)
{
	int order = key_compare_number(a->kernel, b->kernel);

	order = order ? order : key_compare_number(a->base, b->base);
	order = order ? order : key_compare_number(a->runner, b->runner);
	order = order ? order : key_compare_number(a->workers, b->workers);
	return order ? order : key_compare_number(a->placement, b->placement);
}

int key_compare(const struct key *a, const struct key *b)
{
	int order = key_compare_pair(a, b);

	return order ? order : key_compare_number(a->n, b->n);
}
