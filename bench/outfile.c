/* SPDX-License-Identifier: MIT */
#include "bench/outfile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* Runs may begin within one second. */
char *outfile_new(const char *what, const char *suffix)
{
	char host[64] = "machine", when[32], path[256], twin[8] = "";
	time_t now = time(NULL);
	struct tm local;
	bool home = access("results", W_OK) == 0;

	gethostname(host, sizeof(host) - 1);
	localtime_r(&now, &local);
	strftime(when, sizeof(when), "%Y%m%d-%H%M%S", &local);
	if (home)
		mkdir("results/runs", 0777);
	for (int i = 2; i < 100; i++) {
		snprintf(path, sizeof(path), "%s%s%s-%s%s%s",
			 home ? "results/runs/" : "breakeven-", what, host,
			 when, twin, suffix);
		if (access(path, F_OK) < 0)
			break;
		snprintf(twin, sizeof(twin), "-%d", i);
	}
	return strdup(path);
}

/* As fopen() would make it, beside where it will be. The file, or -1. */
static int make_draft(struct outfile *out)
{
	mode_t mask = umask(0);
	int fd;

	umask(mask);
	if (asprintf(&out->draft, "%s.XXXXXX", out->path) < 0) {
		out->draft = NULL;
		return -1;
	}
	fd = mkostemp(out->draft, O_CLOEXEC);
	if (fd >= 0)
		fchmod(fd, 0666 & ~mask);
	return fd;
}

int outfile_begin(struct outfile *out, const char *path)
{
	struct stat old;
	int fd, rc;

	*out = (struct outfile){.path = path};
	if (!path) {
		out->file = stdout;
		return 0;
	}
	if (stat(path, &old) == 0 && !S_ISREG(old.st_mode)) {
		out->file = fopen(path, "we");
		return out->file ? 0 : -errno;
	}
	fd = make_draft(out);
	if (fd >= 0)
		out->file = fdopen(fd, "w");
	if (out->file)
		return 0;
	rc = -errno;
	free(out->draft);
	return rc;
}

int outfile_end(struct outfile *out)
{
	int rc = 0;

	errno = 0;
	if (fflush(out->file) || ferror(out->file))
		rc = errno ? -errno : -EIO;
	if (!out->path)
		return rc;
	if (fclose(out->file) && rc == 0)
		rc = -errno;
	if (rc == 0 && out->draft && rename(out->draft, out->path) < 0)
		rc = -errno;
	if (rc && out->draft)
		unlink(out->draft);
	free(out->draft);
	return rc;
}

void outfile_drop(struct outfile *out)
{
	if (!out->path)
		return;
	fclose(out->file);
	if (out->draft)
		unlink(out->draft);
	free(out->draft);
}
