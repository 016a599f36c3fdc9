/* SPDX-License-Identifier: MIT */
/*
 * for (i = begin; i < end; i++) counter++;
 *
 * in memory, each tile on a counter of its own while it runs. Counters are
 * neighbours, so that those in use lie in one cache line; `padded` ones are two
 * lines apart. They lie in the arena: processes share the line as threads do.
 */
#include "core/relax.h"
#include "kernels/kernel.h"

#include <errno.h>
#include <sched.h>
#include <stdatomic.h>
#include <string.h>

enum { FALSE_SHARING_PADDED };
enum { PADDED_NO, PADDED_YES };

enum {
	COUNTERS = 64, /* tiles that run at a time; more wait for their turn */
	APART = 2 * CACHE_LINE / sizeof(uint64_t),
	POLLS = 100,
};

static const struct option_spec false_sharing_options[] = {
	[FALSE_SHARING_PADDED] = {.key = "padded",
				  .type = OPTION_CHOICE,
				  .choices = "no|yes",
				  .fallback = "no",
				  .help = "counters are neighbours, or two "
					  "cache lines apart"},
	{.key = NULL},
};

/* In the arena. The line of `taken` is written twice by a tile. */
struct counters {
	/* A bit for each counter. */
	alignas(2 * CACHE_LINE) _Atomic uint64_t taken;
	alignas(2 * CACHE_LINE) uint64_t values[COUNTERS * APART];
};

struct false_sharing {
	struct counters *counters;
	size_t apart; /* words from one counter to the next */
};

/* An arena aligns to one line only. */
static struct counters *take_counters(struct arena *arena)
{
	char *memory =
		arena_take(arena, sizeof(struct counters) + CACHE_LINE, 1);

	if (!memory)
		return NULL;
	memory += (uintptr_t)memory % (2 * CACHE_LINE);
	return (struct counters *)(void *)memory;
}

static int false_sharing_setup(void *ctx, struct arena *arena, size_t n,
			       const union option_value *options)
{
	struct false_sharing *sharing = ctx;

	(void)n;
	sharing->counters = take_counters(arena);
	sharing->apart =
		options[FALSE_SHARING_PADDED].choice == PADDED_YES ? APART : 1;
	return sharing->counters ? 0 : -errno;
}

static void false_sharing_fill(const void *ctx, size_t begin, size_t end,
			       struct partial *out)
{
	const struct false_sharing *sharing = ctx;

	(void)end, (void)out;
	if (begin == 0)
		memset(sharing->counters, 0, sizeof(*sharing->counters));
}

/* Take the first free counter: any two workers get neighbours. Acquire: what
 * the previous owner has counted is visible. */
static unsigned take_one(_Atomic uint64_t *taken)
{
	for (unsigned polls = 1;; polls++) {
		uint64_t seen =
			atomic_load_explicit(taken, memory_order_relaxed);

		if (~seen) {
			unsigned one = (unsigned)__builtin_ctzll(~seen);

			if (atomic_compare_exchange_strong_explicit(
				    taken, &seen, seen | UINT64_C(1) << one,
				    memory_order_acquire, memory_order_relaxed))
				return one;
		}
		cpu_relax();
		if (polls % POLLS == 0)
			sched_yield();
	}
}

/* Release: the next owner sees what this one has counted. */
static void give_back(_Atomic uint64_t *taken, unsigned one)
{
	atomic_fetch_and_explicit(taken, ~(UINT64_C(1) << one),
				  memory_order_release);
}

static void false_sharing_run(const void *ctx, size_t begin, size_t end,
			      struct partial *out)
{
	const struct false_sharing *sharing = ctx;
	unsigned one = take_one(&sharing->counters->taken);
	/* Volatile: counted in memory, item by item. */
	volatile uint64_t *counter =
		&sharing->counters->values[one * sharing->apart];
	uint64_t before = *counter;

	for (size_t i = begin; i < end; i++)
		++*counter;
	out->u64[0] = *counter - before;
	give_back(&sharing->counters->taken, one);
}

static void false_sharing_combine(const struct partial *partials, size_t tiles,
				  struct partial *result)
{
	*result = (struct partial){.u64 = {0}};
	for (size_t t = 0; t < tiles; t++)
		result->u64[0] += partials[t].u64[0];
}

static bool false_sharing_expect(const void *ctx, size_t n,
				 const struct partial *result)
{
	(void)ctx;
	return result->u64[0] == n;
}

const struct kernel kernel_false_sharing = {
	.abi = KERNEL_ABI,
	.name = "false_sharing",
	.formula = "counter++, neighbours of others'",
	.flops = 1,
	/* Large enough to hide the cost of taking a counter. */
	.grain = 16384,
	.options = false_sharing_options,
	.ctx_size = sizeof(struct false_sharing),
	.setup = false_sharing_setup,
	.fill = false_sharing_fill,
	.run = false_sharing_run,
	.combine = false_sharing_combine,
	.expect = false_sharing_expect,
};
