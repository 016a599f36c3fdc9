/* SPDX-License-Identifier: MIT */
#include "bench/studies/article_python.h"

#include <jansson.h>
#include <stdio.h>

/* The longest map takes a tenth of a second; the start of Python, some tenths.
 */
enum { ANSWER_MS = 60000 };

static int python_request(struct python *python, json_t *request,
			  int interrupt_fd, json_t **answer)
{
	return host_process_ask(&python->host, request, ANSWER_MS, interrupt_fd,
				answer);
}

/* Which one is it, and how large? */
static int python_meet(struct python *python, int interrupt_fd)
{
	json_t *answer = NULL;
	const char *version = "unknown";
	double kib = 0;
	int rc = python_request(python, json_pack("{s:s}", "op", "interpreter"),
				interrupt_fd, &answer);

	json_unpack(answer, "{s:s,s:F}", "version", &version, "rss_kib", &kib);
	snprintf(python->version, sizeof(python->version), "%s", version);
	python->rss_mib = kib / 1024;
	json_decref(answer);
	return rc;
}

int python_open(struct python *python, const struct topology *topology,
		int interrupt_fd)
{
	json_t *order =
		json_pack("{s:s,s:i}", "runner", "python-serial", "workers", 1);
	int rc;

	*python = (struct python){.rss_mib = 0};
	rc = host_process_start(&python->host, order, -1, topology);
	if (rc == 0)
		rc = host_process_receive(&python->host, ANSWER_MS,
					  interrupt_fd, NULL);
	if (rc == 0) {
		host_process_park(&python->host);
		rc = python_meet(python, interrupt_fd);
	}
	if (rc)
		python_close(python);
	return rc;
}

int python_ask(struct python *python, const char *request, int interrupt_fd,
	       double *number)
{
	json_t *answer = NULL;
	int rc;

	if (python->host.pid == 0)
		return ERROR_FAILED;
	rc = python_request(
		python,
		json_pack("{s:s,s:s}", "op", "article", "request", request),
		interrupt_fd, &answer);
	*number = json_number_value(json_object_get(answer, "number"));
	json_decref(answer);
	if (rc && rc != ERROR_INTERRUPTED)
		error_append(&python->host.error, (enum error_kind)rc,
			     ": python3 at \"%.48s\"", request);
	return rc;
}

void python_close(struct python *python)
{
	host_process_kill(&python->host);
}
