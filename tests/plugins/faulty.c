/* SPDX-License-Identifier: MIT */
/*
 * A map that does one thing wrong: what, is named when it is compiled, as in
 * -DFAULT=CRASH_RUN.
 */
#include "kernels/kernel.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum fault {
	NOTHING,
	WRONG_ABI,
	NO_RUN,
	NO_CHECK,
	BAD_NAME,
	BAD_FORMULA,
	HUGE_CONTEXT,
	OPEN_OPTIONS,
	CRASH_LOAD,
	CRASH_SETUP,
	CRASH_SETUP_LATER, /* of more than 2000 items */
	TOUCH_IN_SETUP,
	CRASH_FILL,
	CRASH_RUN,
	CRASH_CHECK,
	WRONG_RESULT,
	NO_TWO_ALIKE, /* each call computes something else */
	WRITES_BEHIND,
	FILLS_ALL,	 /* takes a petabyte */
	IN_PLACE,	 /* adds to what it was given */
	IN_PLACE_HEALED, /* the same, but poison() makes it good */
	POISONS_INPUT,
};

#define IN_PLACES (FAULT == IN_PLACE || FAULT == IN_PLACE_HEALED)

struct faulty {
	int64_t *x, *y;
	size_t n;
};

static void crash_if(bool faulty)
{
	if (faulty)
		abort();
}

__attribute__((constructor)) static void load(void)
{
	crash_if(FAULT == CRASH_LOAD);
}

static int faulty_setup(void *ctx, struct arena *arena, size_t n,
			const union option_value *options)
{
	struct faulty *faulty = ctx;

	(void)options;
	crash_if(FAULT == CRASH_SETUP ||
		 (FAULT == CRASH_SETUP_LATER && n > 2000));
	faulty->n = n;
	faulty->x = arena_take(arena, FAULT == FILLS_ALL ? n << 40 : n,
			       sizeof(*faulty->x));
	faulty->y = arena_take(arena, n, sizeof(*faulty->y));
	if (!faulty->x || !faulty->y)
		return -errno;
	if (FAULT == TOUCH_IN_SETUP)
		memset(faulty->y, 1, n);
	return 0;
}

static void faulty_fill(const void *ctx, size_t begin, size_t end,
			struct partial *out)
{
	const struct faulty *faulty = ctx;

	(void)out;
	crash_if(FAULT == CRASH_FILL);
	for (size_t i = begin; i < end; i++)
		faulty->x[i] = faulty->y[i] = (int64_t)i;
}

static void faulty_run(const void *ctx, size_t begin, size_t end,
		       struct partial *out)
{
	static int64_t calls;
	const struct faulty *faulty = ctx;

	(void)out;
	crash_if(FAULT == CRASH_RUN);
	calls += FAULT == NO_TWO_ALIKE;
	for (size_t i = begin; i < end; i++)
		faulty->y[i] =
			(IN_PLACES ? faulty->y : faulty->x)[i] + 1 + calls / 2;
	if (FAULT == WRITES_BEHIND && end == faulty->n)
		faulty->y[end] = 7;
}

static size_t faulty_spans(const void *ctx, size_t begin, size_t end,
			   struct span *spans)
{
	const struct faulty *faulty = ctx;

	spans[0] = span_in(faulty->x, sizeof(*faulty->x), begin, end);
	spans[1] = span_out(faulty->y, sizeof(*faulty->y), begin, end);
	return 2;
}

static void faulty_poison(void *ctx, size_t begin, size_t end)
{
	struct faulty *faulty = ctx;

	for (size_t i = begin; i < end; i++) {
		faulty->y[i] = FAULT == IN_PLACE_HEALED ? (int64_t)i : -1;
		if (FAULT == POISONS_INPUT)
			faulty->x[i] = -7;
	}
}

static bool faulty_check(const void *ctx, size_t begin, size_t end)
{
	const struct faulty *faulty = ctx;

	crash_if(FAULT == CRASH_CHECK);
	for (size_t i = begin; i < end; i++)
		if (faulty->y[i] != (int64_t)i + 1 + (FAULT == WRONG_RESULT))
			return false;
	return true;
}

static const struct option_spec open_options[] = {
	{.key = "a", .type = OPTION_COUNT, .fallback = "1"},
	{.key = NULL},
};

#define IF(fault, wrong, right) (FAULT == (fault) ? (wrong) : (right))

#ifndef NAMELESS
const struct kernel breakeven_kernel = {
	.abi = IF(WRONG_ABI, 1, KERNEL_ABI),
	.name = IF(BAD_NAME, "a\tb", "faulty"),
	.formula = IF(BAD_FORMULA, "\xff\xfe", "y[i] = x[i] + 1"),
	.bytes = 16,
	.flops = 1,
	.grain = 512,
	.options = IF(OPEN_OPTIONS, open_options, NULL),
	.ctx_size = IF(HUGE_CONTEXT, 1 << 20, sizeof(struct faulty)),
	.setup = faulty_setup,
	.fill = faulty_fill,
	.run = IF(NO_RUN, NULL, faulty_run),
	.spans = faulty_spans,
	.poison = faulty_poison,
	.check = IF(NO_CHECK, NULL, faulty_check),
};
#endif
