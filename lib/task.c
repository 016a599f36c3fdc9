/* SPDX-License-Identifier: MIT */
#include "lib/pool.h"

/*
 * The slot of the calling thread. A mutable global: the function of a tile does
 * not get its worker, and pool_open() has to know whether a task calls it.
 */
static _Thread_local struct slot *seat;

void task_sit(struct slot *slot)
{
	seat = slot;
}

bool task_inside(void)
{
	return seat != NULL;
}

/* relaxed: others read it only after this worker's end, or as a hint */
static void task_note(struct slot *slot, size_t begin, size_t end)
{
	atomic_store_explicit(&slot->begin, begin, memory_order_relaxed);
	atomic_store_explicit(&slot->end, end, memory_order_relaxed);
}

static void task_note_failure(struct slot *slot, size_t item, int code)
{
	if (item >= slot->failed)
		return;
	slot->failed = item;
	slot->code = code;
}

static void task_run_items(const struct call *call, size_t begin, size_t end)
{
	/* Copied from memory that tasks may overwrite: the compiler would have
	 * to load it again for each item. */
	pool_task *task = call->task;
	void *user = call->user;
	size_t in_size = call->in_size, out_size = call->out_size;
	const char *in = call->in + begin * in_size;
	char *out = call->out + begin * out_size;

	for (size_t i = begin; i < end; i++) {
		int code = task(user, i, in, out);

		if (code != 0)
			task_note_failure(seat, i, code);
		in += in_size;
		out += out_size;
	}
}

static void task_run_range(const struct call *call, size_t begin, size_t end)
{
	int code = call->range(call->user, begin, end - begin,
			       call->in + begin * call->in_size,
			       call->out + begin * call->out_size);

	if (code != 0)
		task_note_failure(seat, begin, code);
}

void task_run(const void *ctx, size_t begin, size_t end, struct partial *unused)
{
	const struct call *call = ctx;

	(void)unused;
	begin += call->first;
	end += call->first;
	task_note(seat, begin, end);
	if (call->range)
		task_run_range(call, begin, end);
	else
		task_run_items(call, begin, end);
	task_note(seat, 0, 0);
}
