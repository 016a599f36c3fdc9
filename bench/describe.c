/* SPDX-License-Identifier: MIT */
#include "bench/describe.h"

#include <stdio.h>

enum { DESCRIBE_MS = 10000 };

int describe_runner(const char *spec, json_t **out,
		    char error[REMOTE_ERROR_MAX])
{
	struct remote remote = {.pid = 0};
	json_t *order = json_pack("{s:s,s:i,s:b}", "runner", spec, "workers", 1,
				  "describe", 1);
	int rc = remote_start(&remote, order, -1, NULL);

	if (rc == 0)
		rc = remote_receive(&remote, DESCRIBE_MS, -1, out);
	if (rc)
		snprintf(error, REMOTE_ERROR_MAX, "%s", remote.error);
	remote_kill(&remote);
	return rc;
}
