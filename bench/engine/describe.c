/* SPDX-License-Identifier: MIT */
#include "bench/engine/describe.h"

#include <stdio.h>

enum { DESCRIBE_MS = 10000 };

static int describe(json_t *order, json_t **out, char error[REMOTE_ERROR_MAX])
{
	struct remote remote = {.pid = 0};
	int rc = remote_start(&remote, order, -1, NULL);

	if (rc == 0)
		rc = remote_receive(&remote, DESCRIBE_MS, -1, out);
	if (rc)
		snprintf(error, REMOTE_ERROR_MAX, "%s", remote.error);
	remote_kill(&remote);
	return rc;
}

int describe_runner(const char *spec, json_t **out,
		    char error[REMOTE_ERROR_MAX])
{
	return describe(json_pack("{s:s,s:i,s:b}", "runner", spec, "workers", 1,
				  "describe", 1),
			out, error);
}

/* NULL: the spec is no UTF-8, and `error` is filled. */
static json_t *order_of(const char *spec, uint64_t n, bool attempt,
			char error[REMOTE_ERROR_MAX])
{
	json_t *order =
		json_pack("{s:s,s:i,s:b,s:s,s:I,s:b}", "runner", "serial",
			  "workers", 1, "describe", 1, "kernel", spec, "n",
			  (json_int_t)n, "try", (int)attempt);

	if (!order)
		snprintf(error, REMOTE_ERROR_MAX,
			 "the path of a kernel is no UTF-8: rename the file");
	return order;
}

int describe_try(const char *spec, uint64_t n, char error[REMOTE_ERROR_MAX])
{
	char what[REMOTE_ERROR_MAX];
	json_t *order = order_of(spec, n, true, error), *nothing = NULL;
	int rc;

	if (!order)
		return REMOTE_USAGE;
	rc = describe(order, &nothing, what);
	json_decref(nothing);
	if (rc)
		snprintf(error, REMOTE_ERROR_MAX, "kernel %.160s: %.340s%s",
			 spec, what,
			 rc == REMOTE_FAILED
				 ? ", while it was filled, run and checked"
				 : "");
	return rc;
}

int describe_kernel(const char *spec, uint64_t n, json_t **out,
		    char error[REMOTE_ERROR_MAX])
{
	char what[REMOTE_ERROR_MAX];
	json_t *order = order_of(spec, n, false, error);
	int rc;

	if (!order)
		return REMOTE_USAGE;
	rc = describe(order, out, what);
	if (rc == REMOTE_FAILED)
		snprintf(error, REMOTE_ERROR_MAX,
			 "kernel %.160s: while it was loaded and set up for "
			 "%llu items, %.200s (setup takes memory from the "
			 "arena, and touches none of it)",
			 spec, (unsigned long long)n, what);
	else if (rc)
		snprintf(error, REMOTE_ERROR_MAX, "%s", what);
	return rc;
}
