/* SPDX-License-Identifier: MIT */
#include "bench/host/empty_job.h"

#include "core/clock.h"
#include "core/relax.h"

#include <errno.h>
#include <sched.h>
#include <stdatomic.h>
#include <string.h>

enum { PATIENCE = 1000 };

/* Longer than any burst of stolen time that was seen: a worker that has not
 * come by then is dead or stopped, which a pool only notices at its join. */
static const int64_t meet_ns = 2000000000;

const char *const empty_job_names[] = {"empty", "rendezvous"};

/* Two lines, since prefetchers fetch the neighbour of a line, too. */
struct empty_job_mark {
	alignas(2 * CACHE_LINE) _Atomic uint32_t begun;
};

/* By tile. */
struct empty_job_place {
	/* The call in which the tile began; even and odd calls in turn, so
	 * that a worker can fetch the next one while others read this. */
	struct empty_job_mark marks[2];
	alignas(2 * CACHE_LINE) uint32_t call; /* the tile's own count */
};

struct rendezvous {
	size_t tiles;
	_Atomic bool missed;
	int hold; /* turns of cpu_relax() before the caller looks */
	alignas(2 * CACHE_LINE) struct empty_job_place places[];
};

static void empty_job_nothing(const void *ctx, size_t begin, size_t end,
			      struct partial *out)
{
	(void)ctx, (void)begin, (void)end, (void)out;
}

/* Ask for the line as its writer. */
static inline void empty_job_fetch(struct empty_job_mark *mark)
{
#if defined(__x86_64__)
	/* The built-in needs a flag to be more than a prefetch to read. */
	__asm__ volatile("prefetchw %0" : : "m"(mark->begun));
#else
	__builtin_prefetch(mark, 1);
#endif
}

/* False if the worker did not come. */
static bool empty_job_await(const struct empty_job_mark *mark, uint32_t call)
{
	int64_t since = 0;

	for (int polls = 1;
	     atomic_load_explicit(&mark->begun, memory_order_acquire) != call;
	     polls++) {
		cpu_relax();
		if (polls % PATIENCE != 0)
			continue;
		/* The worker may need this CPU. */
		sched_yield();
		if (since == 0)
			since = now_ns();
		else if (now_ns() - since > meet_ns)
			return false;
	}
	return true;
}

static void empty_job_meet(const void *ctx, size_t tile, size_t end,
			   struct partial *out)
{
	/* What all workers share is written through their marks alone. */
	struct rendezvous *rendezvous = *(struct rendezvous *const *)ctx;
	struct empty_job_place *mine = &rendezvous->places[tile];
	uint32_t call = ++mine->call;

	(void)end, (void)out;
	if (tile > 0) {
		atomic_store_explicit(&mine->marks[call % 2].begun, call,
				      memory_order_release);
		empty_job_fetch(&mine->marks[(call + 1) % 2]);
	}
	for (int i = 0; tile == 0 && i < rendezvous->hold; i++)
		cpu_relax();
	for (size_t t = 1; t < rendezvous->tiles; t++)
		if (t != tile &&
		    !empty_job_await(&rendezvous->places[t].marks[call % 2],
				     call)) {
			atomic_store(&rendezvous->missed, true);
			return;
		}
}

/* An arena aligns to one line only. */
static struct rendezvous *empty_job_take_rendezvous(struct arena *arena,
						    size_t tiles)
{
	size_t size = sizeof(struct rendezvous) +
		      tiles * sizeof(struct empty_job_place);
	char *room = arena_take(arena, size + CACHE_LINE, 1);

	if (!room)
		return NULL;
	room += (uintptr_t)room % (2 * CACHE_LINE);
	memset(room, 0, size);
	return (struct rendezvous *)(void *)room;
}

size_t empty_job_size(size_t tiles)
{
	/* The rest is what the arena leaves between things. */
	return (tiles + 1) * (sizeof(struct empty_job_place) +
			      sizeof(struct partial)) +
	       64 * CACHE_LINE;
}

struct job empty_job_plain(struct partial *partials, size_t tiles)
{
	return (struct job){
		.run = empty_job_nothing,
		.partials = partials,
		.plan = plan_chunks(tiles, 1),
	};
}

int empty_job_make(enum empty_job kind, size_t tiles, struct arena *arena,
		   struct job *job)
{
	struct partial *partials;
	struct rendezvous *rendezvous, **ctx;

	arena_reset(arena);
	ctx = arena_take(arena, 1, sizeof(struct rendezvous *));
	partials = arena_take(arena, tiles, sizeof(*partials));
	rendezvous = empty_job_take_rendezvous(arena, tiles);
	if (!ctx || !partials || !rendezvous)
		return -ENOMEM;
	rendezvous->tiles = tiles;
	atomic_init(&rendezvous->missed, false);
	*ctx = rendezvous;
	*job = empty_job_plain(partials, tiles);
	job->ctx = ctx;
	if (kind == EMPTY_JOB_RENDEZVOUS)
		job->run = empty_job_meet;
	return 0;
}

static struct rendezvous *empty_job_rendezvous(const struct job *job)
{
	return *(struct rendezvous *const *)job->ctx;
}

void empty_job_hold(const struct job *rendezvous, int turns)
{
	empty_job_rendezvous(rendezvous)->hold = turns;
}

bool empty_job_missed(const struct job *job)
{
	return atomic_load(&empty_job_rendezvous(job)->missed);
}
