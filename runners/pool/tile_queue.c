/* SPDX-License-Identifier: MIT */
#include "runners/pool/tile_queue.h"

static uint64_t share_pack(uint32_t epoch, struct range tiles)
{
	return (uint64_t)epoch << 32 | (uint64_t)tiles.begin << 16 | tiles.end;
}

static struct range share_unpack(uint64_t left)
{
	return (struct range){left >> 16 & UINT16_MAX, left & UINT16_MAX};
}

/* How many of the `left` tiles to take at once. */
static size_t tile_queue_portion(const struct tile_queue *queue, size_t chunk,
				 size_t left)
{
	size_t half = (left + 1) / 2;

	if (queue->schedule == TILE_QUEUE_GUIDED && half > chunk)
		return half;
	return chunk < left ? chunk : left;
}

/* What is left of the share of `worker` in call `epoch`, from its word. */
static struct range share_now(const struct tile_queue *queue,
			      const struct job *job, unsigned worker,
			      uint32_t epoch, uint64_t word)
{
	if (word >> 32 == epoch)
		return share_unpack(word);
	return plan_share(&job->plan, queue->workers, worker);
}

/*
 * Take from the front of one's own share. An empty range: nothing was left.
 *
 * A worker writes its word in every call, even if its share is empty: so no
 * word grows so old that the 32-bit epoch comes round to it again.
 */
static struct range tile_queue_take(struct tile_queue *queue,
				    const struct job *job, unsigned worker,
				    uint32_t epoch, size_t chunk)
{
	_Atomic uint64_t *share = &queue->shares[worker].left;
	/* relaxed: the word carries only numbers; the gate's release and
	 * arrival order the data of the tiles */
	uint64_t word = atomic_load_explicit(share, memory_order_relaxed);
	struct range left, taken;

	do {
		left = share_now(queue, job, worker, epoch, word);
		taken = left;
		taken.end = left.begin +=
			tile_queue_portion(queue, chunk, left.end - left.begin);
	} while (!atomic_compare_exchange_weak_explicit(
		share, &word, share_pack(epoch, left), memory_order_relaxed,
		memory_order_relaxed));
	return taken;
}

/*
 * Move the back half of another worker's share into one's own. False when
 * there was nothing to take. One's own share is empty, and no other worker
 * writes an empty share, so a plain store is enough for it. Half of what is
 * left, rather than a chunk, since each theft costs both sides a cache miss.
 */
static bool tile_queue_steal(struct tile_queue *queue, const struct job *job,
			     unsigned worker, unsigned victim, uint32_t epoch)
{
	_Atomic uint64_t *share = &queue->shares[victim].left;
	uint64_t word = atomic_load_explicit(share, memory_order_relaxed);
	struct range left, stolen;

	do {
		left = share_now(queue, job, victim, epoch, word);
		if (left.begin == left.end)
			return false;
		stolen = left;
		stolen.begin = left.end -= (left.end - left.begin + 1) / 2;
	} while (!atomic_compare_exchange_weak_explicit(
		share, &word, share_pack(epoch, left), memory_order_relaxed,
		memory_order_relaxed));
	atomic_store_explicit(&queue->shares[worker].left,
			      share_pack(epoch, stolen), memory_order_relaxed);
	return true;
}

static bool tile_queue_steal_any(struct tile_queue *queue,
				 const struct job *job, unsigned worker,
				 uint32_t epoch)
{
	for (unsigned next = 1; next < queue->workers; next++)
		if (tile_queue_steal(queue, job, worker,
				     (worker + next) % queue->workers, epoch))
			return true;
	return false;
}

static void run_shares(struct tile_queue *queue, const struct job *job,
		       unsigned worker, uint32_t epoch)
{
	size_t chunk = plan_chunk(&job->plan, queue->chunk);

	do {
		struct range tiles;

		do {
			tiles = tile_queue_take(queue, job, worker, epoch,
						chunk);
			job_run(job, tiles.begin, tiles.end);
		} while (tiles.begin < tiles.end);
	} while (tile_queue_steal_any(queue, job, worker, epoch));
}

/* Chunks go round, as in OpenMP's schedule(static, chunk). */
static void run_round_robin(const struct tile_queue *queue,
			    const struct job *job, unsigned worker)
{
	size_t chunk = plan_chunk(&job->plan, queue->chunk);
	size_t tiles = job->plan.tiles;

	for (size_t t = worker * chunk; t < tiles; t += queue->workers * chunk)
		job_run(job, t, t + chunk < tiles ? t + chunk : tiles);
}

void tile_queue_run_chunks(struct tile_queue *queue, const struct job *job,
			   unsigned worker, uint32_t epoch)
{
	if (queue->schedule == TILE_QUEUE_STATIC)
		run_round_robin(queue, job, worker);
	else
		run_shares(queue, job, worker, epoch);
}
