/* SPDX-License-Identifier: MIT */
#include "core/number.h"

#include <stddef.h>
#include <stdio.h>

struct text text_count(double count)
{
	char digits[48];
	struct text text;
	size_t length = (size_t)snprintf(digits, sizeof(digits), "%.0f", count);
	size_t out = 0;

	for (size_t i = 0; i < length && out + 2 < sizeof(text.s); i++) {
		if (i && (length - i) % 3 == 0)
			text.s[out++] = ',';
		text.s[out++] = digits[i];
	}
	text.s[out] = '\0';
	return text;
}

struct text text_size(uint64_t n)
{
	static const char *const units[] = {"Ki", "Mi", "Gi", "Ti"};
	struct text count, text;
	int unit = -1;

	if (n < 4096 || n % 1024 != 0)
		return text_count((double)n);
	while (unit < 3 && n % 1024 == 0) {
		n /= 1024;
		unit++;
	}
	count = text_count((double)n);
	snprintf(text.s, sizeof(text.s), "%.40s %s", count.s, units[unit]);
	return text;
}
