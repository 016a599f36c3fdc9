/* SPDX-License-Identifier: MIT */
#include "results/atomic_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* Open a file beside its final name, with the mode that fopen() would give it.
 * Its descriptor, or -1 with errno. */
static int atomic_file_open_draft(struct atomic_file *out)
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

int atomic_file_begin(struct atomic_file *out, const char *path)
{
	struct stat old;
	int fd, rc;

	*out = (struct atomic_file){.path = path};
	if (!path) {
		out->file = stdout;
		return 0;
	}
	if (stat(path, &old) == 0 && !S_ISREG(old.st_mode)) {
		out->file = fopen(path, "we");
		return out->file ? 0 : -errno;
	}
	fd = atomic_file_open_draft(out);
	if (fd >= 0)
		out->file = fdopen(fd, "w");
	if (out->file)
		return 0;
	rc = -errno;
	free(out->draft);
	return rc;
}

int atomic_file_commit(struct atomic_file *out)
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

void atomic_file_discard(struct atomic_file *out)
{
	if (!out->path)
		return;
	fclose(out->file);
	if (out->draft)
		unlink(out->draft);
	free(out->draft);
}
