/* SPDX-License-Identifier: MIT */
#include "system/sysfile.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool sysfile_line(const char *path, char *text, size_t size)
{
	FILE *file = fopen(path, "re");
	bool got = file && fgets(text, (int)size, file);

	/* NOLINTNEXTLINE(clang-analyzer-core.NullDereference) */
	text[got ? strcspn(text, "\n") : 0] = '\0';
	if (file)
		fclose(file);
	return got;
}

uint64_t sysfile_number(const char *path, const char *key, uint64_t fallback)
{
	FILE *file = fopen(path, "re");
	size_t length = strlen(key);
	char line[256], *end;
	uint64_t value;

	while (file && fgets(line, sizeof(line), file)) {
		if (strncmp(line, key, length) != 0)
			continue;
		value = strtoull(line + length, &end, 10);
		if (end != line + length)
			fallback = value;
		break;
	}
	if (file)
		fclose(file);
	return fallback;
}

void sysfile_write(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	ssize_t written = fd < 0 ? -1 : write(fd, text, strlen(text));

	(void)written;
	if (fd >= 0)
		close(fd);
}
