/* SPDX-License-Identifier: MIT */
/*
 * A call: check its arguments, place them where the workers see them, and run
 * it.
 */
#include "core/clock.h"
#include "lib/pool.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* Chunks of one release: a tile queue numbers them with 16 bits. */
enum { BATCH = UINT16_MAX, CHUNKS_PER_WORKER = 4 };

/* An array of the caller, and its copy for the workers. */
struct array {
	const char *name;
	const char *own;
	size_t item, bytes;
	char *copy; /* NULL: workers use it in place */
};

struct request {
	struct pool *pool;
	pool_task *task;
	pool_range_task *range;
	struct array in, out, user;
	char *results; /* the `out` array, not const */
	size_t n;
	struct pool_options options;
};

static int array_check(struct array *array, size_t n, struct pool_error *error)
{
	if (!array->own && array->item == 0)
		return 0;
	if (!array->own || array->item == 0)
		return pool_error_set(
			error, -EINVAL,
			"`%s` is %s: give an array and the bytes of an "
			"item, or neither",
			array->name,
			array->own ? "of items of 0 bytes" : "NULL");
	if (__builtin_mul_overflow(n, array->item, &array->bytes) ||
	    array->bytes > PTRDIFF_MAX)
		return pool_error_set(
			error, -EOVERFLOW,
			"`%s`: %zu items of %zu bytes are more than memory "
			"can be",
			array->name, n, array->item);
	return 0;
}

static int request_check_options(const struct request *request,
				 struct pool_error *error)
{
	double timeout = request->options.timeout;

	if (!(timeout >= 0 && timeout < 1e9))
		return pool_error_set(
			error, -EINVAL,
			"a timeout of %g s: it is a number of seconds, 0 "
			"for none",
			timeout);
	if (timeout > 0 && request->pool->flags & POOL_CALLER)
		return pool_error_set(
			error, -EINVAL,
			"a timeout cannot end a task of the caller: open "
			"the pool without POOL_CALLER");
	return 0;
}

/* Processes do not see what `user` points to, unless it is copied or shared. */
static int request_check_user(struct request *request, struct pool_error *error)
{
	const struct pool *pool = request->pool;
	struct array *user = &request->user;

	if (pool->flags & POOL_THREADS || !user->own ||
	    store_meets(&pool->store, user->own))
		return 0;
	user->bytes = request->options.user_size;
	if (user->bytes > 0 && user->bytes <= PTRDIFF_MAX)
		return 0;
	return pool_error_set(
		error, -EINVAL,
		"`user` is not seen by processes: give its size, to have "
		"it copied, or take it from pool_alloc()");
}

static int request_check(struct request *request, struct pool_error *error)
{
	struct pool *pool = request->pool;
	int rc;

	if (pool->fate.code) {
		if (error)
			*error = pool->fate;
		return pool->fate.code;
	}
	if (!request->task && !request->range)
		return pool_error_set(error, -EINVAL,
				      "there is no task: it is NULL");
	if (request->n > PTRDIFF_MAX)
		return pool_error_set(error, -EOVERFLOW,
				      "%zu items are too many", request->n);
	rc = request_check_options(request, error);
	if (rc == 0 && request->n > 0)
		rc = array_check(&request->in, request->n, error);
	if (rc == 0 && request->n > 0)
		rc = array_check(&request->out, request->n, error);
	if (rc == 0 && request->n > 0)
		rc = request_check_user(request, error);
	return rc;
}

/* Take memory for a copy of the array, unless all workers see it. */
static int array_place(struct pool *pool, struct array *array,
		       struct pool_error *error)
{
	if (pool->flags & POOL_THREADS || array->bytes == 0)
		return 0;
	if (store_holds(&pool->store, array->own, array->bytes))
		return 0;
	if (store_meets(&pool->store, array->own))
		return pool_error_set(
			error, -EINVAL,
			"`%s` begins in memory of the pool, but ends "
			"behind it",
			array->name);
	array->copy = store_take(&pool->store, array->bytes);
	if (array->copy)
		return 0;
	return pool_error_set(
		error, -ENOMEM,
		"no memory for a copy of `%s`, %zu bytes: it takes as much "
		"again as the array, unless that is of pool_alloc()",
		array->name, array->bytes);
}

static void array_unplace(struct pool *pool, struct array *array)
{
	if (array->copy)
		store_return(&pool->store, array->copy);
}

static void array_copy_in(struct pool *pool, struct array *array)
{
	if (!array->copy)
		return;
	memcpy(array->copy, array->own, array->bytes);
	pool->copied += array->bytes;
}

static void array_copy_out(struct pool *pool, void *out,
			   const struct array *array)
{
	if (!array->copy)
		return;
	memcpy(out, array->copy, array->bytes);
	pool->copied += array->bytes;
}

static size_t request_get_chunk(const struct request *request)
{
	size_t parts = (size_t)CHUNKS_PER_WORKER * pool_workers(request->pool);
	size_t chunk = request->options.chunk;

	if (chunk == 0)
		chunk = (request->n - 1) / parts + 1;
	return chunk < request->n ? chunk : request->n;
}

/* Run items [first, first + n); each chunk is a tile. */
static int request_run_batch(struct pool *pool, size_t first, size_t n,
			     size_t chunk)
{
	const struct job job = {
		.run = task_run,
		.ctx = &pool->common->call,
		.partials = &pool->common->unused,
		.plan = plan_chunks(n, chunk),
	};

	pool->common->call.first = first;
	if (pool->deadline_ns > 0 && now_ns() >= pool->deadline_ns)
		return team_fail(
			&pool->team, -ETIMEDOUT,
			"not done within %g s: %zu items had not begun",
			pool->timeout, n);
	return worker_pool_dispatch(&pool->team, &job);
}

static int request_run_batches(struct request *request)
{
	struct pool *pool = request->pool;
	size_t chunk = request_get_chunk(request), n = request->n, done = 0,
	       part;
	int rc = 0;

	if (pool->flags & POOL_CALLER)
		task_sit(&pool->common->slots[0]);
	for (; done < n && rc == 0; done += part) {
		part = (n - done - 1) / chunk < BATCH ? n - done
						      : chunk * BATCH;
		rc = request_run_batch(pool, done, part, chunk);
	}
	task_sit(NULL);
	return rc;
}

/* The pool has failed in a call: kill its processes, and keep the error. */
static int break_pool(struct pool *pool, int code, struct pool_error *error)
{
	worker_ops_kill(pool);
	pool_error_set(&pool->fate, code, "%s", pool->team.error);
	if (error)
		*error = pool->fate;
	return code;
}

static int report_failure(const struct pool *pool, struct pool_error *error)
{
	const struct slot *first = &pool->common->slots[0];
	char why[128] = "";

	for (unsigned worker = 1; worker < pool->team.workers; worker++)
		if (pool->common->slots[worker].failed < first->failed)
			first = &pool->common->slots[worker];
	if (first->failed == POOL_NO_ITEM)
		return 0;
	if (first->code < 0 && strerrorname_np(-first->code))
		snprintf(why, sizeof(why), " (%s)", strerror(-first->code));
	pool_error_set(error, first->code, "the task of item %zu returned %d%s",
		       first->failed, first->code, why);
	if (error)
		error->index = first->failed;
	return first->code;
}

static void request_prepare(const struct request *request)
{
	const struct array *in = &request->in, *out = &request->out;
	const struct array *user = &request->user;
	struct pool *pool = request->pool;
	double timeout = request->options.timeout;

	pool->common->call = (struct call){
		.task = request->task,
		.range = request->range,
		.user = user->copy ? user->copy : request->options.user,
		.in = in->copy ? in->copy : in->own,
		.in_size = request->in.item,
		.out = out->copy ? out->copy : request->results,
		.out_size = request->out.item,
	};
	for (unsigned worker = 0; worker < pool->team.workers; worker++)
		pool->common->slots[worker].failed = POOL_NO_ITEM;
	pool->timeout = timeout;
	pool->deadline_ns =
		timeout > 0 ? now_ns() + (int64_t)(timeout * 1e9) : 0;
}

static int request_run_placed(struct request *request, struct pool_error *error)
{
	struct pool *pool = request->pool;
	int rc;

	array_copy_in(pool, &request->in);
	array_copy_in(pool, &request->user);
	request_prepare(request);
	rc = request_run_batches(request);
	if (rc < 0)
		return break_pool(pool, rc, error);
	array_copy_out(pool, request->results, &request->out);
	return report_failure(pool, error);
}

static int request_run(struct request *request, struct pool_error *error)
{
	struct pool *pool = request->pool;
	int rc = request_check(request, error);

	if (rc != 0 || request->n == 0)
		return rc;
	rc = array_place(pool, &request->in, error);
	if (rc == 0)
		rc = array_place(pool, &request->out, error);
	if (rc == 0)
		rc = array_place(pool, &request->user, error);
	if (rc == 0)
		rc = request_run_placed(request, error);
	array_unplace(pool, &request->user);
	array_unplace(pool, &request->out);
	array_unplace(pool, &request->in);
	return rc;
}

static int request_map(struct request *request,
		       const struct pool_options *options)
{
	static const struct pool_options none;
	struct pool_error *error;
	int rc;

	request->options = options ? *options : none;
	request->user =
		(struct array){.name = "user", .own = request->options.user};
	error = request->options.error;
	error_clear(error);
	rc = pool_enter(request->pool, error);
	if (rc < 0)
		return rc;
	rc = request_run(request, error);
	pool_leave(request->pool);
	return rc;
}

int pool_map(struct pool *pool, pool_task *task, const void *in, size_t in_size,
	     void *out, size_t out_size, size_t n,
	     const struct pool_options *options)
{
	struct request request = {
		.pool = pool,
		.task = task,
		.in = {.name = "in", .own = in, .item = in_size},
		.out = {.name = "out", .own = out, .item = out_size},
		.results = out,
		.n = n,
	};

	return request_map(&request, options);
}

int pool_map_range(struct pool *pool, pool_range_task *task, const void *in,
		   size_t in_size, void *out, size_t out_size, size_t n,
		   const struct pool_options *options)
{
	struct request request = {
		.pool = pool,
		.range = task,
		.in = {.name = "in", .own = in, .item = in_size},
		.out = {.name = "out", .own = out, .item = out_size},
		.results = out,
		.n = n,
	};

	return request_map(&request, options);
}
