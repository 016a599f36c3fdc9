/* SPDX-License-Identifier: MIT */
/*
 * refuse CALL[,CALL...] ERROR COMMAND [ARGUMENT...]: execute the command, and
 * whatever it starts, with a kernel that answers these system calls with this
 * error. Exit status 77 where that cannot be had.
 */
#include "tests/faults/refuse.h"

#include <unistd.h>

enum { USAGE = 2, SKIPPED = 77, NOT_FOUND = 127 };

int main(int argc, char **argv)
{
	int rc = argc > 3 ? refuse(argv[1], argv[2]) : -EINVAL;

	if (rc == -EINVAL) {
		fputs("Usage: refuse CALL[,CALL...] ERROR COMMAND...\n",
		      stderr);
		return USAGE;
	}
	if (rc < 0) {
		fprintf(stderr, "refuse: seccomp: %s\n", strerror(-rc));
		return SKIPPED;
	}
	execvp(argv[3], argv + 3);
	perror(argv[3]);
	return NOT_FOUND;
}
