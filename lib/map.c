/* SPDX-License-Identifier: MIT */
/*
 * A call: what it is given is checked, placed where the workers see it, and
 * handed out.
 */
#include "core/clock.h"
#include "lib/pool.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* Chunks of one release: their numbers have 16 bits at the deal. */
enum { BATCH = UINT16_MAX, CHUNKS_PER_WORKER = 4 };

/* An array as the caller has it, and where the workers find it. */
struct array {
	const char *name;
	const char *own;
	size_t item, bytes;
	char *copy; /* NULL: they use it in place */
};

struct request {
	struct pool *pool;
	pool_task *task;
	pool_range_task *range;
	struct array in, out, user;
	char *results; /* what `out` is, to be written */
	size_t n;
	struct pool_options options;
};

static int check_array(struct array *array, size_t n, struct pool_error *error)
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

static int check_options(const struct request *request,
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

/* A pointer alone means nothing in another process. */
static int check_user(struct request *request, struct pool_error *error)
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

static int check(struct request *request, struct pool_error *error)
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
	rc = check_options(request, error);
	if (rc == 0 && request->n > 0)
		rc = check_array(&request->in, request->n, error);
	if (rc == 0 && request->n > 0)
		rc = check_array(&request->out, request->n, error);
	if (rc == 0 && request->n > 0)
		rc = check_user(request, error);
	return rc;
}

/* Find or make memory for the array that all workers see. */
static int place(struct pool *pool, struct array *array,
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

static void unplace(struct pool *pool, struct array *array)
{
	if (array->copy)
		store_return(&pool->store, array->copy);
}

static void copy_in(struct pool *pool, struct array *array)
{
	if (!array->copy)
		return;
	memcpy(array->copy, array->own, array->bytes);
	pool->copied += array->bytes;
}

static void copy_out(struct pool *pool, void *out, const struct array *array)
{
	if (!array->copy)
		return;
	memcpy(out, array->copy, array->bytes);
	pool->copied += array->bytes;
}

static size_t chunk_of(const struct request *request)
{
	size_t parts = (size_t)CHUNKS_PER_WORKER * pool_workers(request->pool);
	size_t chunk = request->options.chunk;

	if (chunk == 0)
		chunk = (request->n - 1) / parts + 1;
	return chunk < request->n ? chunk : request->n;
}

/* Items [first, first + n), a chunk a tile. */
static int run_batch(struct pool *pool, size_t first, size_t n, size_t chunk)
{
	const struct job job = {
		.run = task_run,
		.ctx = &pool->common->call,
		.partials = &pool->common->unused,
		.plan = {.n = n,
			 .tiles = (n - 1) / chunk + 1,
			 .length = 1,
			 .unit = chunk},
	};

	pool->common->call.first = first;
	if (pool->deadline_ns > 0 && now_ns() >= pool->deadline_ns)
		return team_fail(
			&pool->team, -ETIMEDOUT,
			"not done within %g s: %zu items had not begun",
			pool->timeout, n);
	return crew_dispatch(&pool->team, &job);
}

static int run_batches(struct request *request)
{
	struct pool *pool = request->pool;
	size_t chunk = chunk_of(request), n = request->n, done = 0, part;
	int rc = 0;

	if (pool->flags & POOL_CALLER)
		task_sit(&pool->common->slots[0]);
	for (; done < n && rc == 0; done += part) {
		part = (n - done - 1) / chunk < BATCH ? n - done
						      : chunk * BATCH;
		rc = run_batch(pool, done, part, chunk);
	}
	task_sit(NULL);
	return rc;
}

/* What is left when the pool fails in a call: nobody who could go on. */
static int break_pool(struct pool *pool, int code, struct pool_error *error)
{
	birth_undo(pool);
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

static void prepare(const struct request *request)
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

static int run_placed(struct request *request, struct pool_error *error)
{
	struct pool *pool = request->pool;
	int rc;

	copy_in(pool, &request->in);
	copy_in(pool, &request->user);
	prepare(request);
	rc = run_batches(request);
	if (rc < 0)
		return break_pool(pool, rc, error);
	copy_out(pool, request->results, &request->out);
	return report_failure(pool, error);
}

static int run(struct request *request, struct pool_error *error)
{
	struct pool *pool = request->pool;
	int rc = check(request, error);

	if (rc != 0 || request->n == 0)
		return rc;
	rc = place(pool, &request->in, error);
	if (rc == 0)
		rc = place(pool, &request->out, error);
	if (rc == 0)
		rc = place(pool, &request->user, error);
	if (rc == 0)
		rc = run_placed(request, error);
	unplace(pool, &request->user);
	unplace(pool, &request->out);
	unplace(pool, &request->in);
	return rc;
}

static int map(struct request *request, const struct pool_options *options)
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
	rc = run(request, error);
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

	return map(&request, options);
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

	return map(&request, options);
}
