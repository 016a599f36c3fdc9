/* SPDX-License-Identifier: MIT */
#include "bench/cli/list.h"

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static const uint64_t largest_size = UINT64_C(1) << 48;

static bool list_has(const unsigned *counts, size_t count, unsigned long value)
{
	for (size_t i = 0; i < count; i++)
		if (counts[i] == value)
			return true;
	return false;
}

int list_counts(const char *text, unsigned long min, unsigned long max,
		unsigned *out, size_t max_out, size_t *count)
{
	const char *at = text;

	for (*count = 0;; at++) {
		char *end;
		unsigned long value;

		errno = 0;
		value = strtoul(at, &end, 10);
		if (!isdigit((unsigned char)*at) || errno || value < min ||
		    value > max || (*end && *end != ','))
			break;
		if (!list_has(out, *count, value)) {
			if (*count == max_out)
				break;
			out[(*count)++] = (unsigned)value;
		}
		at = end;
		if (!*end)
			return 0;
	}
	return -EINVAL;
}

static int parse_size(const char *text, const char **end, uint64_t *size)
{
	static const struct {
		const char *name;
		uint64_t factor;
	} suffixes[] = {
		{"Ki", UINT64_C(1) << 10},
		{"Mi", UINT64_C(1) << 20},
		{"Gi", UINT64_C(1) << 30},
		{"k", 1000},
		{"M", 1000000},
		{"G", 1000000000},
	};
	char *rest;

	if (!isdigit((unsigned char)*text))
		return -EINVAL;
	errno = 0;
	*size = strtoull(text, &rest, 10);
	if (errno)
		return -EINVAL;
	*end = rest;
	for (size_t i = 0; i < sizeof(suffixes) / sizeof(*suffixes); i++) {
		size_t length = strlen(suffixes[i].name);

		if (strncmp(rest, suffixes[i].name, length) != 0)
			continue;
		*end = rest + length;
		if (__builtin_mul_overflow(*size, suffixes[i].factor, size))
			return -EINVAL;
		break;
	}
	return *size >= 1 && *size <= largest_size ? 0 : -EINVAL;
}

int list_sizes(const char *text, uint64_t *lo, uint64_t *hi)
{
	const char *end = NULL;
	int rc = parse_size(text, &end, lo);

	*hi = *lo;
	if (rc == 0 && strncmp(end, "..", 2) == 0)
		rc = parse_size(end + 2, &end, hi);
	return rc == 0 && *end == '\0' && *lo <= *hi ? 0 : -EINVAL;
}

int list_split(const char *text, char ***items, size_t *count)
{
	size_t room = 1;
	int rc;

	*count = 0;
	for (const char *c = text; *c; c++)
		room += *c == ',';
	*items = calloc(room, sizeof(**items));
	if (!*items)
		return -ENOMEM;
	for (const char *at = text;; at++) {
		size_t length = strcspn(at, ",");

		rc = -EINVAL;
		if (length == 0)
			break;
		rc = -ENOMEM;
		(*items)[*count] = strndup(at, length);
		if (!(*items)[*count])
			break;
		++*count;
		at += length;
		if (!*at)
			return 0;
	}
	list_free(*items, *count);
	*items = NULL;
	*count = 0;
	return rc;
}

void list_free(char **items, size_t count)
{
	for (size_t i = 0; items && i < count; i++)
		free(items[i]);
	free(items);
}
