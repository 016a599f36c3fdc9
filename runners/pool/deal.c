/* SPDX-License-Identifier: MIT */
#include "runners/pool/deal.h"

static uint64_t hand_pack(uint32_t epoch, struct range tiles)
{
	return (uint64_t)epoch << 32 | (uint64_t)tiles.begin << 16 | tiles.end;
}

static struct range hand_left(uint64_t left)
{
	return (struct range){left >> 16 & UINT16_MAX, left & UINT16_MAX};
}

/* Tiles to take at once from so many. */
static size_t portion(const struct deal *deal, size_t chunk, size_t left)
{
	size_t half = (left + 1) / 2;

	if (deal->schedule == DEAL_GUIDED && half > chunk)
		return half;
	return chunk < left ? chunk : left;
}

/* What is in the hand of `worker` in call `epoch`, given its word. */
static struct range hand_now(const struct deal *deal, const struct job *job,
			     unsigned worker, uint32_t epoch, uint64_t word)
{
	if (word >> 32 == epoch)
		return hand_left(word);
	return plan_share(&job->plan, deal->workers, worker);
}

/*
 * Take from the front of one's own hand. An empty range: nothing was left.
 *
 * A worker writes its hand in every call, even if it is empty, so that no word
 * is ever old enough to meet its epoch's number again.
 */
static struct range take(struct deal *deal, const struct job *job,
			 unsigned worker, uint32_t epoch, size_t chunk)
{
	_Atomic uint64_t *hand = &deal->hands[worker].left;
	/* relaxed: tiles are numbers; their data came with the release, and
	 * goes back with the arrival */
	uint64_t word = atomic_load_explicit(hand, memory_order_relaxed);
	struct range left, taken;

	do {
		left = hand_now(deal, job, worker, epoch, word);
		taken = left;
		taken.end = left.begin +=
			portion(deal, chunk, left.end - left.begin);
	} while (!atomic_compare_exchange_weak_explicit(
		hand, &word, hand_pack(epoch, left), memory_order_relaxed,
		memory_order_relaxed));
	return taken;
}

/*
 * Move the back half of another's hand into one's own, which is empty: nobody
 * else writes an empty hand. False when there was nothing. Half of what is
 * left, rather than a chunk, since each theft costs both a cache miss.
 */
static bool steal(struct deal *deal, const struct job *job, unsigned worker,
		  unsigned victim, uint32_t epoch)
{
	_Atomic uint64_t *hand = &deal->hands[victim].left;
	uint64_t word = atomic_load_explicit(hand, memory_order_relaxed);
	struct range left, stolen;

	do {
		left = hand_now(deal, job, victim, epoch, word);
		if (left.begin == left.end)
			return false;
		stolen = left;
		stolen.begin = left.end -= (left.end - left.begin + 1) / 2;
	} while (!atomic_compare_exchange_weak_explicit(
		hand, &word, hand_pack(epoch, left), memory_order_relaxed,
		memory_order_relaxed));
	atomic_store_explicit(&deal->hands[worker].left,
			      hand_pack(epoch, stolen), memory_order_relaxed);
	return true;
}

static bool steal_any(struct deal *deal, const struct job *job, unsigned worker,
		      uint32_t epoch)
{
	for (unsigned next = 1; next < deal->workers; next++)
		if (steal(deal, job, worker, (worker + next) % deal->workers,
			  epoch))
			return true;
	return false;
}

static void run_hands(struct deal *deal, const struct job *job, unsigned worker,
		      uint32_t epoch)
{
	size_t chunk = plan_chunk(&job->plan, deal->chunk);

	do {
		struct range tiles;

		do {
			tiles = take(deal, job, worker, epoch, chunk);
			job_run(job, tiles.begin, tiles.end);
		} while (tiles.begin < tiles.end);
	} while (steal_any(deal, job, worker, epoch));
}

/* Chunks go round, as in OpenMP's schedule(static, chunk). */
static void run_round(const struct deal *deal, const struct job *job,
		      unsigned worker)
{
	size_t chunk = plan_chunk(&job->plan, deal->chunk);
	size_t tiles = job->plan.tiles;

	for (size_t t = worker * chunk; t < tiles; t += deal->workers * chunk)
		job_run(job, t, t + chunk < tiles ? t + chunk : tiles);
}

void deal_run_chunks(struct deal *deal, const struct job *job, unsigned worker,
		     uint32_t epoch)
{
	if (deal->schedule == DEAL_STATIC)
		run_round(deal, job, worker);
	else
		run_hands(deal, job, worker, epoch);
}
