/* SPDX-License-Identifier: MIT */
#include "bench/host/pattern.h"

#include "core/clock.h"
#include "core/relax.h"

#include <errno.h>
#include <sched.h>
#include <stdatomic.h>
#include <string.h>

enum { PATIENCE = 1000 };

/* Longer than any burst of stolen time that was seen: who has not come by then
 * is dead or stopped, and a pool notices that at its join only. */
static const int64_t meet_ns = 2000000000;

const char *const pattern_names[] = {"empty", "rendezvous"};

/* Two lines, for what fetches the neighbour of a line as well. */
struct mark {
	alignas(2 * CACHE_LINE) _Atomic uint32_t begun;
};

/* By tile. */
struct place {
	/* The call in which the tile began; even and odd calls in turn, so
	 * that a worker can fetch the next one while others read this. */
	struct mark marks[2];
	alignas(2 * CACHE_LINE) uint32_t call; /* the tile's own count */
};

struct meeting {
	size_t tiles;
	_Atomic bool missed;
	int hold; /* turns of cpu_relax() before the caller looks */
	alignas(2 * CACHE_LINE) struct place places[];
};

void pattern_nothing(const void *ctx, size_t begin, size_t end,
		     struct partial *out)
{
	(void)ctx, (void)begin, (void)end, (void)out;
}

/* Ask for the line as its writer. */
static inline void fetch_to_write(struct mark *mark)
{
#if defined(__x86_64__)
	/* The built-in needs a flag to be more than a prefetch to read. */
	__asm__ volatile("prefetchw %0" : : "m"(mark->begun));
#else
	__builtin_prefetch(mark, 1);
#endif
}

/* False when nobody came. */
static bool await(const struct mark *mark, uint32_t call)
{
	int64_t since = 0;

	for (int polls = 1;
	     atomic_load_explicit(&mark->begun, memory_order_acquire) != call;
	     polls++) {
		cpu_relax();
		if (polls % PATIENCE != 0)
			continue;
		/* Who is to come may need this CPU. */
		sched_yield();
		if (since == 0)
			since = now_ns();
		else if (now_ns() - since > meet_ns)
			return false;
	}
	return true;
}

static void meet(const void *ctx, size_t tile, size_t end, struct partial *out)
{
	/* What all workers share is written through their marks alone. */
	struct meeting *meeting = *(struct meeting *const *)ctx;
	struct place *mine = &meeting->places[tile];
	uint32_t call = ++mine->call;

	(void)end, (void)out;
	if (tile > 0) {
		atomic_store_explicit(&mine->marks[call % 2].begun, call,
				      memory_order_release);
		fetch_to_write(&mine->marks[(call + 1) % 2]);
	}
	for (int i = 0; tile == 0 && i < meeting->hold; i++)
		cpu_relax();
	for (size_t t = 1; t < meeting->tiles; t++)
		if (t != tile &&
		    !await(&meeting->places[t].marks[call % 2], call)) {
			atomic_store(&meeting->missed, true);
			return;
		}
}

/* An arena aligns to one line only. */
static struct meeting *take_meeting(struct arena *arena, size_t tiles)
{
	size_t size = sizeof(struct meeting) + tiles * sizeof(struct place);
	char *room = arena_take(arena, size + CACHE_LINE, 1);

	if (!room)
		return NULL;
	room += (uintptr_t)room % (2 * CACHE_LINE);
	memset(room, 0, size);
	return (struct meeting *)(void *)room;
}

size_t pattern_size(size_t tiles)
{
	/* The rest is what the arena leaves between things. */
	return (tiles + 1) * (sizeof(struct place) + sizeof(struct partial)) +
	       64 * CACHE_LINE;
}

int pattern_job(enum pattern pattern, size_t tiles, struct arena *arena,
		struct job *job)
{
	struct partial *partials;
	struct meeting *meeting, **ctx;

	arena_reset(arena);
	ctx = arena_take(arena, 1, sizeof(struct meeting *));
	partials = arena_take(arena, tiles, sizeof(*partials));
	meeting = take_meeting(arena, tiles);
	if (!ctx || !partials || !meeting)
		return -ENOMEM;
	meeting->tiles = tiles;
	atomic_init(&meeting->missed, false);
	*ctx = meeting;
	*job = (struct job){
		.run = pattern == PATTERN_EMPTY ? pattern_nothing : meet,
		.ctx = ctx,
		.partials = partials,
		.width = 1,
		.plan = plan_make(tiles, 1),
	};
	return 0;
}

static struct meeting *meeting_of(const struct job *job)
{
	return *(struct meeting *const *)job->ctx;
}

void pattern_hold(const struct job *rendezvous, int turns)
{
	meeting_of(rendezvous)->hold = turns;
}

bool pattern_missed(const struct job *job)
{
	return atomic_load(&meeting_of(job)->missed);
}
