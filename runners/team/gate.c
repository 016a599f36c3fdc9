/* SPDX-License-Identifier: MIT */
#include "runners/team/gate.h"

#include <errno.h>
#include <linux/futex.h>
#include <sched.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum {
	POLLS_PER_LOOK = 256, /* polls between looks at the clock, ~3 us */
	ADAPTIVE_US = 8000,   /* as long as libgomp polls by default */
};

static inline void cpu_relax(void)
{
#if defined(__x86_64__) || defined(__i386__)
	__builtin_ia32_pause();
#elif defined(__aarch64__)
	__asm__ volatile("yield");
#endif
}

static int64_t now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static void futex_wait(const struct gate *gate, _Atomic uint32_t *word,
		       uint32_t value, const struct timespec *timeout)
{
	/* A private futex is keyed by address and skips the look-up of the
	 * page; between processes only the page is common. */
	int op = gate->shared ? FUTEX_WAIT : FUTEX_WAIT_PRIVATE;

	syscall(SYS_futex, word, op, value, timeout, NULL, 0);
}

static void futex_wake_all(const struct gate *gate, _Atomic uint32_t *word)
{
	int op = gate->shared ? FUTEX_WAKE : FUTEX_WAKE_PRIVATE;

	syscall(SYS_futex, word, op, INT32_MAX, NULL, NULL, 0);
}

static _Atomic uint32_t *arrival(struct gate *gate, uint32_t worker)
{
	if (gate->workers <= GATE_INLINE)
		return &gate->arrived[worker];
	return &gate->slots[worker].arrived;
}

size_t gate_size(uint32_t workers)
{
	size_t slots = workers <= GATE_INLINE ? 0 : workers;

	return sizeof(struct gate) + slots * sizeof(struct gate_slot);
}

void gate_init(struct gate *gate, uint32_t workers, enum gate_wait wait,
	       bool shared, bool crowded)
{
	gate->workers = workers;
	gate->wait = wait;
	gate->shared = shared;
	gate->crowded = crowded;
}

/* Poll a little. False when it is time to look at the clock. */
static inline bool poll_change(const _Atomic uint32_t *word, uint32_t old)
{
	for (int i = 0; i < POLLS_PER_LOOK; i++) {
		/* acquire: what was written before the change is ours now */
		if (atomic_load_explicit(word, memory_order_acquire) != old)
			return true;
		cpu_relax();
	}
	return false;
}

static inline bool poll_value(const _Atomic uint32_t *word, uint32_t value)
{
	for (int i = 0; i < POLLS_PER_LOOK; i++) {
		if (atomic_load_explicit(word, memory_order_acquire) == value)
			return true;
		cpu_relax();
	}
	return false;
}

/* May somebody who has polled since `start` go on polling? */
static bool poll_on(const struct gate *gate, int64_t *start)
{
	if (gate->wait == GATE_BLOCK)
		return false;
	if (gate->crowded)
		sched_yield();
	if (gate->wait == GATE_SPIN)
		return true;
	if (*start == 0)
		*start = now_us();
	return now_us() - *start < ADAPTIVE_US;
}

void gate_release(struct gate *gate, const void *job)
{
	uint32_t next =
		atomic_load_explicit(&gate->epoch, memory_order_relaxed) + 1;

	gate->job = job;
	if (gate->wait == GATE_SPIN) {
		/* release: the job and its data come before the epoch */
		atomic_store_explicit(&gate->epoch, next, memory_order_release);
		return;
	}
	/* seq_cst: either we see a sleeper here, or it sees the new epoch
	 * when the kernel compares; see worker_sleep(). */
	atomic_store(&gate->epoch, next);
	if (atomic_load(&gate->sleepers) != 0)
		futex_wake_all(gate, &gate->epoch);
}

static void worker_sleep(struct gate *gate, uint32_t seen)
{
	atomic_fetch_add(&gate->sleepers, 1);
	while (atomic_load(&gate->epoch) == seen)
		futex_wait(gate, &gate->epoch, seen, NULL);
	atomic_fetch_sub(&gate->sleepers, 1);
}

const void *gate_await(struct gate *gate, uint32_t *seen)
{
	int64_t start = 0;

	while (!poll_change(&gate->epoch, *seen)) {
		if (poll_on(gate, &start))
			continue;
		worker_sleep(gate, *seen);
		break;
	}
	/* A caller releases again only after we have arrived, so the epoch
	 * is the one after `seen`. */
	*seen += 1;
	return gate->job;
}

void gate_arrive(struct gate *gate, uint32_t worker, uint32_t seen)
{
	_Atomic uint32_t *slot = arrival(gate, worker);

	if (gate->wait == GATE_SPIN) {
		/* release: our results come before our arrival */
		atomic_store_explicit(slot, seen, memory_order_release);
		return;
	}
	/* seq_cst: either we see that the caller sleeps, or it sees us when
	 * it looks once more; see caller_sleep(). */
	atomic_store(slot, seen);
	if (atomic_load(&gate->caller_asleep) != 0 &&
	    atomic_exchange(&gate->caller_asleep, 0) != 0)
		futex_wake_all(gate, &gate->caller_asleep);
}

static void caller_sleep(struct gate *gate, const _Atomic uint32_t *slot,
			 uint32_t epoch)
{
	const struct timespec watch = {.tv_nsec = GATE_WATCH_MS * 1000000};

	atomic_store(&gate->caller_asleep, 1);
	if (atomic_load(slot) != epoch)
		futex_wait(gate, &gate->caller_asleep, 1, &watch);
	atomic_store(&gate->caller_asleep, 0);
}

static int join_one(struct gate *gate, uint32_t worker, uint32_t epoch,
		    int (*watch)(void *, uint32_t), void *arg)
{
	const _Atomic uint32_t *slot = arrival(gate, worker);
	int64_t start = 0, watched = 0;

	while (!poll_value(slot, epoch)) {
		int64_t now = now_us();
		int rc;

		if (!watched)
			watched = now;
		if (watch && now - watched >= GATE_WATCH_MS * 1000) {
			watched = now;
			rc = watch(arg, worker);
			if (rc < 0)
				return rc;
		}
		if (!poll_on(gate, &start))
			caller_sleep(gate, slot, epoch);
	}
	return 0;
}

int gate_join(struct gate *gate, int (*watch)(void *arg, uint32_t worker),
	      void *arg)
{
	uint32_t epoch =
		atomic_load_explicit(&gate->epoch, memory_order_relaxed);

	for (uint32_t worker = 1; worker < gate->workers; worker++) {
		int rc = join_one(gate, worker, epoch, watch, arg);

		if (rc < 0)
			return rc;
	}
	return 0;
}
