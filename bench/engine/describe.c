/* SPDX-License-Identifier: MIT */
#include "bench/engine/describe.h"

#include "bench/engine/host_process.h"
#include "bench/host/facts.h"
#include "bench/host/plugin.h"
#include "bench/host/registry.h"

enum { DESCRIBE_MS = 10000 };

static int describe_ask_host(const char *program, json_t *order, json_t **out,
			     struct error *error)
{
	struct host_process host = {.program = program};
	int rc = host_process_start(&host, order, -1, NULL);

	if (rc == 0)
		rc = host_process_receive(&host, DESCRIBE_MS, -1, out);
	if (rc)
		*error = host.error;
	host_process_kill(&host);
	return rc;
}

static int describe_ask_runner(const char *program, const char *spec,
			       json_t **out, struct error *error)
{
	return describe_ask_host(program,
				 json_pack("{s:s,s:i,s:b}", "runner", spec,
					   "workers", 1, "describe", 1),
				 out, error);
}

/* NULL: the spec is no UTF-8, and `error` is filled. */
static json_t *describe_make_order(const char *spec, uint64_t n, bool attempt,
				   struct error *error)
{
	json_t *order =
		json_pack("{s:s,s:i,s:b,s:s,s:I,s:b}", "runner", "serial",
			  "workers", 1, "describe", 1, "kernel", spec, "n",
			  (json_int_t)n, "try", (int)attempt);

	if (!order)
		error_set(error, ERROR_USAGE,
			  "the path of a kernel is no UTF-8: rename the file");
	return order;
}

int describe_try(const char *spec, uint64_t n, struct error *error)
{
	struct error what;
	json_t *order = describe_make_order(spec, n, true, error),
	       *nothing = NULL;
	int rc;

	if (!order)
		return ERROR_USAGE;
	rc = describe_ask_host(NULL, order, &nothing, &what);
	json_decref(nothing);
	if (rc)
		error_set(error, what.kind, "kernel %.160s: %.340s%s", spec,
			  what.text,
			  rc == ERROR_FAILED
				  ? ", while it was filled, run and checked"
				  : "");
	return rc;
}

static int describe_ask_kernel(const char *program, const char *spec,
			       uint64_t n, json_t **out, struct error *error)
{
	struct error what;
	json_t *order = describe_make_order(spec, n, false, error);
	int rc;

	if (!order)
		return ERROR_USAGE;
	rc = describe_ask_host(program, order, out, &what);
	if (rc == ERROR_FAILED)
		error_set(error, ERROR_FAILED,
			  "kernel %.160s: while it was loaded and set up for "
			  "%llu items, %.200s (setup takes memory from the "
			  "arena, and touches none of it)",
			  spec, (unsigned long long)n, what.text);
	else if (rc)
		*error = what;
	return rc;
}

int describe_kernel(const char *program, const char *spec, uint64_t n,
		    json_t **facts, struct error *error)
{
	if (program || plugin_is(spec))
		return describe_ask_kernel(program, spec, n, facts, error);
	*facts = facts_kernel(spec, n, error);
	return *facts ? 0 : error->kind;
}

int describe_size(const char *program, const char *spec, uint64_t n,
		  size_t *size, struct error *error)
{
	json_t *facts = NULL;
	int rc = describe_kernel(program, spec, n, &facts, error);

	*size = (size_t)json_integer_value(json_object_get(facts, "size"));
	json_decref(facts);
	return rc;
}

/* Describe a runner that is a part of this command. */
static int describe_linked(const char *spec, json_t **facts,
			   struct error *error)
{
	const struct runner *runner = registry_runner(spec, error);
	union option_value options[SPEC_OPTIONS_MAX];

	if (!runner || spec_parse(spec, runner->options, options, error))
		return error->kind;
	*facts = facts_runner(runner);
	return *facts ? 0 : ERROR_FAILED;
}

int describe_runner(const char *program, const char *spec, json_t **facts,
		    struct error *error)
{
	return program || registry_in_module(spec)
		       ? describe_ask_runner(program, spec, facts, error)
		       : describe_linked(spec, facts, error);
}

int describe_build(const char *program, json_t **build, struct error *error)
{
	json_t *order = json_pack("{s:s,s:i,s:b,s:b}", "runner", "serial",
				  "workers", 1, "describe", 1, "build", 1);
	struct error what;
	int rc = describe_ask_host(program, order, build, &what);

	if (rc)
		return error_set(error, what.kind,
				 "%.160s is no breakeven that can be asked: "
				 "%.340s",
				 program, what.text);
	/* A program too old for this question describes the runner. */
	if (!json_object_get(*build, "commit")) {
		json_decref(*build);
		*build = json_object();
	}
	json_object_set_new(*build, "program", json_string(program));
	return 0;
}
