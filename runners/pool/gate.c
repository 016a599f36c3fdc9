/* SPDX-License-Identifier: MIT */
#include "runners/pool/gate.h"

#include "core/clock.h"
#include "core/relax.h"

#include <errno.h>
#include <linux/futex.h>
#include <linux/membarrier.h>
#include <sched.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum {
	/* Looks at a line between two looks at the clock. */
	POLLS = 128,
	/* With more workers than CPUs: yield the CPU after one look, and sleep
	 * after so long. */
	OVERSUBSCRIBED_POLLS = 1,
	OVERSUBSCRIBED_NS = 200000,
	/* Poll for at most so many turns of cpu_relax(), as libgomp does by
	 * default. */
	POLL_TURNS_MAX = 300000,
	/* About what a wake-up costs. */
	SHORT_NS = 50000,
	/* Pauses between two looks. A look at a line that another CPU is about
	 * to write takes the line away from that CPU, and its store has to
	 * fetch it back. Pauses are whole turns of cpu_relax(): where a turn
	 * takes 24 ns, both are one turn, and a second turn would cost a
	 * fork-join 20 ns. */
	AWAIT_NS = 24,
	GATHER_NS = 40,
};

static void futex_wait(const struct gate *gate, _Atomic uint32_t *word,
		       uint32_t value, const struct timespec *timeout)
{
	/* A private futex is keyed by its address, and saves the look-up of
	 * the page; processes have only the page in common. */
	int op = gate->shared ? FUTEX_WAIT : FUTEX_WAIT_PRIVATE;

	syscall(SYS_futex, word, op, value, timeout, NULL, 0);
}

static void futex_wake_all(const struct gate *gate, _Atomic uint32_t *word)
{
	int op = gate->shared ? FUTEX_WAKE : FUTEX_WAKE_PRIVATE;

	syscall(SYS_futex, word, op, INT32_MAX, NULL, NULL, 0);
}

/*
 * A release or an arrival stores its word and then loads whether a thread
 * sleeps on it. A thread about to sleep stores that it sleeps and then loads
 * the word. Each side needs a full fence between its store and its load, or
 * both could miss the other. membarrier(2) puts a fence into all threads at
 * once: the sleeper, which is rare, calls it for both sides, and a call has no
 * fence.
 */
static bool gate_register_fence(const struct gate *gate)
{
	int command = gate->shared ? MEMBARRIER_CMD_REGISTER_GLOBAL_EXPEDITED
				   : MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED;

	return syscall(SYS_membarrier, command, 0, 0) == 0;
}

static void gate_fence_for_all(const struct gate *gate)
{
	int command = gate->shared ? MEMBARRIER_CMD_GLOBAL_EXPEDITED
				   : MEMBARRIER_CMD_PRIVATE_EXPEDITED;

	atomic_thread_fence(memory_order_seq_cst);
	/* Fails only if no seat could register: then every store fences. */
	if (gate->sleeps_rarely)
		syscall(SYS_membarrier, command, 0, 0);
}

size_t gate_size(uint32_t workers)
{
	return sizeof(struct gate) +
	       workers * (sizeof(struct gate_line) + sizeof(uint8_t));
}

uint8_t *gate_borders(struct gate *gate)
{
	return (uint8_t *)&gate->lines[gate->workers];
}

void gate_init(struct gate *gate, uint32_t workers, enum gate_wait wait,
	       bool shared, bool oversubscribed)
{
	int64_t turns_ns = relax_time();

	gate->workers = workers;
	gate->wait = oversubscribed && wait == GATE_SPIN ? GATE_ADAPTIVE : wait;
	gate->shared = shared;
	gate->oversubscribed = oversubscribed;
	gate->sleeps_rarely = gate->wait == GATE_ADAPTIVE && !oversubscribed;
	gate->await_turns =
		oversubscribed ? 1 : relax_turns(AWAIT_NS, turns_ns);
	gate->gather_turns =
		oversubscribed ? 1 : relax_turns(GATHER_NS, turns_ns);
	gate->poll_max_ns = oversubscribed
				    ? OVERSUBSCRIBED_NS
				    : turns_ns * (POLL_TURNS_MAX / RELAX_TURNS);
}

struct gate_seat gate_sit(struct gate *gate, uint32_t worker)
{
	struct tree_place place =
		release_tree_find(gate->workers, gate_borders(gate), worker);

	return (struct gate_seat){
		.gate = gate,
		.up = worker > 0 ? &gate->lines[place.leader] : NULL,
		.down = &gate->lines[worker],
		.slot = place.slot,
		.children = place.children,
		.fences = gate->wait != GATE_SPIN &&
			  !(gate->sleeps_rarely && gate_register_fence(gate)),
		.budget_ns = gate->poll_max_ns,
	};
}

/* Poll a little. False when it is time to look at the clock. */
static inline bool gate_poll(const struct gate *gate,
			     const _Atomic uint32_t *word, uint32_t value,
			     int turns)
{
	int polls = gate->wait == GATE_BLOCK ? 1
		    : gate->oversubscribed   ? OVERSUBSCRIBED_POLLS
					     : POLLS;

	for (int i = 0; i < polls; i++) {
		/* acquire: after this value, all that its writer wrote before
		 * it is visible */
		if (atomic_load_explicit(word, memory_order_acquire) == value)
			return true;
		for (int r = 0; r < turns; r++)
			cpu_relax();
	}
	return false;
}

static inline bool gate_poll_release(const struct gate_seat *seat)
{
	return gate_poll(seat->gate, &seat->up->epoch, seat->seen + 1,
			 seat->gate->await_turns);
}

static inline bool gate_poll_arrival(const struct gate_seat *seat,
				     uint32_t child)
{
	return gate_poll(seat->gate, &seat->down->arrived[child], seat->seen,
			 seat->gate->gather_turns);
}

/* Store a word that others may sleep on. The caller then loads whether they
 * do. */
static inline void gate_store(const struct gate_seat *seat,
			      _Atomic uint32_t *word, uint32_t value)
{
	/* release: a thread that sees this value also sees all that was
	 * written before it */
	atomic_store_explicit(word, value, memory_order_release);
	/* Either the next load here sees the sleeper, or the sleeper sees this
	 * value in its last look. Without a fence of its own this side only
	 * keeps the compiler from reordering: the sleeper's membarrier fences
	 * the CPU; see gate_register_fence(). */
	if (seat->fences)
		atomic_thread_fence(memory_order_seq_cst);
	else
		atomic_signal_fence(memory_order_seq_cst);
}

/* May a thread that has polled for `polled` ns go on? Yields the CPU first
 * where others need it. */
static bool gate_may_poll_on(const struct gate *gate, int64_t polled,
			     int64_t budget)
{
	if (gate->wait == GATE_BLOCK)
		return false;
	if (gate->wait == GATE_ADAPTIVE && polled >= budget)
		return false;
	if (gate->oversubscribed)
		sched_yield();
	return true;
}

/*
 * The last gaps predict the next one. If the last one was short, poll through
 * the next. If the last two were longer but alike, nap, and poll from a little
 * before the next release is due, to be awake when it comes. Otherwise polling
 * would be in vain: sleep soon.
 */
static void gate_learn(struct gate_seat *seat, int64_t gap)
{
	int64_t poll_max = seat->gate->poll_max_ns, early = gap / 8;
	int64_t apart =
		gap > seat->gap_ns ? gap - seat->gap_ns : seat->gap_ns - gap;

	early = early < poll_max / 2 ? early : poll_max / 2;
	seat->nap_ns = 0;
	if (gap < poll_max) {
		seat->budget_ns = poll_max;
	} else if (seat->gate->sleeps_rarely && apart < early) {
		seat->budget_ns = 2 * early;
		seat->nap_ns = gap - early;
	} else {
		seat->budget_ns = SHORT_NS < poll_max ? SHORT_NS : poll_max;
	}
	seat->gap_ns = gap;
}

/* Release the children into epoch seat->seen. */
static inline void gate_release_children(struct gate_seat *seat,
					 const void *job)
{
	struct gate_line *line = seat->down;

	if (seat->children == 0)
		return;
	/* plain: the release of the epoch publishes it */
	line->job = job;
	gate_store(seat, &line->epoch, seat->seen);
	/* relaxed: gate_store() has ordered it behind the store */
	if (atomic_load_explicit(&line->sleepers, memory_order_relaxed) != 0)
		futex_wake_all(seat->gate, &line->epoch);
}

/* Sleep until the release, but not longer than `nap_ns`; 0: no limit. */
static void gate_sleep_till_release(struct gate_seat *seat, int64_t nap_ns)
{
	const struct timespec nap = {.tv_sec = nap_ns / 1000000000,
				     .tv_nsec = nap_ns % 1000000000};
	struct gate_line *line = seat->up;

	/* seq_cst here and below: a sleeper's system calls cost more */
	atomic_fetch_add(&line->sleepers, 1);
	gate_fence_for_all(seat->gate);
	if (nap_ns > 0 && atomic_load(&line->epoch) == seat->seen)
		futex_wait(seat->gate, &line->epoch, seat->seen, &nap);
	while (nap_ns == 0 && atomic_load(&line->epoch) == seat->seen)
		futex_wait(seat->gate, &line->epoch, seat->seen, NULL);
	atomic_fetch_sub(&line->sleepers, 1);
}

/* Poll for at most `budget_ns`. */
static bool gate_poll_for(const struct gate_seat *seat, int64_t budget_ns)
{
	int64_t start = now_ns();
	bool released = false;

	while (!released &&
	       gate_may_poll_on(seat->gate, now_ns() - start, budget_ns))
		released = gate_poll_release(seat);
	return released;
}

/* The slow path of gate_await(): wait for the epoch after `seen`. */
static void gate_await_long(struct gate_seat *seat)
{
	int64_t start = now_ns();

	if (seat->nap_ns > 0)
		gate_sleep_till_release(seat, seat->nap_ns);
	if (!gate_poll_for(seat, seat->budget_ns))
		gate_sleep_till_release(seat, 0);
	gate_learn(seat, now_ns() - start);
}

const void *gate_await(struct gate_seat *seat)
{
	const void *job;

	if (!gate_poll_release(seat))
		gate_await_long(seat);
	/* The leader releases again only after this worker has arrived, so
	 * this is the epoch right after `seen`. */
	seat->seen++;
	job = seat->up->job;
	gate_release_children(seat, job);
	return job;
}

static void gate_sleep_till_arrival(struct gate_seat *seat, uint32_t child)
{
	const struct timespec watch = {.tv_nsec = GATE_WATCH_MS * 1000000};
	struct gate_line *line = seat->down;

	/* seq_cst here and below, as in gate_sleep_till_release() */
	atomic_store(&line->gatherer_asleep, 1);
	gate_fence_for_all(seat->gate);
	if (atomic_load(&line->arrived[child]) != seat->seen)
		futex_wait(seat->gate, &line->gatherer_asleep, 1, &watch);
	atomic_store(&line->gatherer_asleep, 0);
}

/* The slow path of gate_gather(): wait for one child, and watch meanwhile. */
static int gate_gather_long(struct gate_seat *seat, uint32_t child,
			    int (*watch)(void *), void *arg)
{
	struct gate *gate = seat->gate;
	int64_t start = now_ns(), watched = start;

	while (!gate_poll_arrival(seat, child)) {
		int64_t now = now_ns();

		if (watch && now - watched >= GATE_WATCH_MS * 1000000) {
			int rc = watch(arg);

			if (rc < 0)
				return rc;
			watched = now;
		}
		if (!gate_may_poll_on(gate, now - start, gate->poll_max_ns))
			gate_sleep_till_arrival(seat, child);
	}
	return 0;
}

static inline int gate_gather(struct gate_seat *seat, int (*watch)(void *),
			      void *arg)
{
	for (uint32_t child = 0; child < seat->children; child++) {
		int rc;

		if (gate_poll_arrival(seat, child))
			continue;
		rc = gate_gather_long(seat, child, watch, arg);
		if (rc < 0)
			return rc;
	}
	return 0;
}

void gate_arrive(struct gate_seat *seat)
{
	_Atomic uint32_t *asleep = &seat->up->gatherer_asleep;

	gate_gather(seat, NULL, NULL);
	gate_store(seat, &seat->up->arrived[seat->slot], seat->seen);
	/* relaxed: gate_store() has ordered it behind the store */
	if (atomic_load_explicit(asleep, memory_order_relaxed) != 0 &&
	    atomic_exchange(asleep, 0) != 0)
		futex_wake_all(seat->gate, asleep);
}

void gate_release(struct gate_seat *caller, const void *job)
{
	caller->seen++;
	gate_release_children(caller, job);
}

int gate_join(struct gate_seat *caller, int (*watch)(void *arg), void *arg)
{
	return gate_gather(caller, watch, arg);
}

uint32_t gate_missing(const struct gate_seat *caller)
{
	uint32_t worker = caller->gate->workers;

	while (--worker > 0) {
		struct gate_seat seat = gate_sit(caller->gate, worker);

		/* seq_cst: only ever called after milliseconds */
		if (atomic_load(&seat.up->arrived[seat.slot]) != caller->seen)
			break;
	}
	return worker;
}
