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
	POLLS = 128, /* before a look at the clock */
	OVERSUBSCRIBED_POLLS =
		1, /* before the CPU is left to who may need it */
	OVERSUBSCRIBED_NS = 200000, /* of yielding, before sleep */
	POLL_TURNS_MAX = 300000,    /* as long as libgomp polls by default */
	SHORT_NS = 50000,	    /* polling costs no more than a wake-up */
	/* Who looks at a line that another is about to write takes it away
	 * from there, and the store has to fetch it back: look less often.
	 * Turns of cpu_relax() are whole: both make one where it takes 24 ns,
	 * and a second one costs a fork-join 20 ns there. */
	AWAIT_NS = 24,
	GATHER_NS = 40,
};

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

/*
 * Both who stores a word and who falls asleep on it need a full fence between
 * their store and their next load. The kernel can fence for all threads at
 * once: then who falls asleep, which is rare, pays for everybody, and a call
 * is free of fences.
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
	/* Fails only where no seat could register: then each fences. */
	if (gate->rare)
		syscall(SYS_membarrier, command, 0, 0);
}

/* How many workers a tree of so many levels below the caller holds. */
static uint64_t gate_tree_holds(uint32_t fan, uint32_t levels)
{
	uint64_t workers = 1, level = 1;

	while (levels-- > 0)
		workers += level *= fan;
	return workers;
}

/* The smallest fan that needs no more levels than the largest: who gathers
 * waits for the children of a line one after the other. */
static uint32_t gate_tree_fan(uint32_t workers)
{
	uint32_t levels = 1, fan = GATE_FAN;

	while (gate_tree_holds(GATE_FAN, levels) < workers)
		levels++;
	while (fan > 1 && levels > 1 &&
	       gate_tree_holds(fan - 1, levels) >= workers)
		fan--;
	return fan;
}

size_t gate_size(uint32_t workers)
{
	return sizeof(struct gate) + workers * sizeof(struct gate_line);
}

void gate_init(struct gate *gate, uint32_t workers, enum gate_wait wait,
	       bool shared, bool oversubscribed)
{
	int64_t turns_ns = relax_time();

	gate->workers = workers;
	gate->fan = gate_tree_fan(workers);
	gate->wait = oversubscribed && wait == GATE_SPIN ? GATE_ADAPTIVE : wait;
	gate->shared = shared;
	gate->oversubscribed = oversubscribed;
	gate->rare = gate->wait == GATE_ADAPTIVE && !oversubscribed;
	gate->relaxes_await =
		oversubscribed ? 1 : relax_turns(AWAIT_NS, turns_ns);
	gate->relaxes_gather =
		oversubscribed ? 1 : relax_turns(GATHER_NS, turns_ns);
	gate->poll_max_ns = oversubscribed
				    ? OVERSUBSCRIBED_NS
				    : turns_ns * (POLL_TURNS_MAX / RELAX_TURNS);
}

/*
 * A leader is the first worker of its block. It divides the others into `fan`
 * blocks of neighbours, so that workers near one another share a line.
 */
struct gate_seat gate_sit(struct gate *gate, uint32_t worker)
{
	struct gate_seat seat = {.gate = gate,
				 .down = &gate->lines[worker],
				 .budget_ns = gate->poll_max_ns};
	uint32_t leader = 0, others = gate->workers - 1;

	while (leader != worker) {
		uint32_t blocks = others < gate->fan ? others : gate->fan;
		uint32_t size = others / blocks, longer = others % blocks;
		uint32_t first = leader + 1;

		seat.up = &gate->lines[leader];
		seat.slot = 0;
		while (worker >= first + size + (seat.slot < longer)) {
			first += size + (seat.slot < longer);
			seat.slot++;
		}
		leader = first;
		others = size + (seat.slot < longer) - 1;
	}
	seat.children = others < gate->fan ? others : gate->fan;
	seat.fences = gate->wait != GATE_SPIN &&
		      !(gate->rare && gate_register_fence(gate));
	return seat;
}

/* Poll a little. False when it is time to look at the clock. */
static inline bool gate_poll(const struct gate *gate,
			     const _Atomic uint32_t *word, uint32_t value,
			     int relaxes)
{
	int polls = gate->wait == GATE_BLOCK ? 1
		    : gate->oversubscribed   ? OVERSUBSCRIBED_POLLS
					     : POLLS;

	for (int i = 0; i < polls; i++) {
		/* acquire: what was written before it is ours from now on */
		if (atomic_load_explicit(word, memory_order_acquire) == value)
			return true;
		for (int r = 0; r < relaxes; r++)
			cpu_relax();
	}
	return false;
}

static inline bool gate_poll_release(const struct gate_seat *seat)
{
	return gate_poll(seat->gate, &seat->up->epoch, seat->seen + 1,
			 seat->gate->relaxes_await);
}

static inline bool gate_poll_arrival(const struct gate_seat *seat,
				     uint32_t child)
{
	return gate_poll(seat->gate, &seat->down->arrived[child], seat->seen,
			 seat->gate->relaxes_gather);
}

/* Others may sleep on `word`: once it is written, see whether they do. */
static inline void gate_store(const struct gate_seat *seat,
			      _Atomic uint32_t *word, uint32_t value)
{
	/* release: what we wrote before comes before it */
	atomic_store_explicit(word, value, memory_order_release);
	/* Either we see a sleeper in our next load, or it sees this word when
	 * it looks once more; see gate_fence_for_all(). */
	if (seat->fences)
		atomic_thread_fence(memory_order_seq_cst);
	else
		atomic_signal_fence(memory_order_seq_cst);
}

/* May somebody who has polled for so long go on polling? */
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
 * The last gaps tell what to do in the next one. Was it one that anybody would
 * poll through, then poll. Were the last two longer but alike, then take a nap
 * and poll from a little before the next is due, so that it finds us awake.
 * Else polling would be in vain: sleep soon.
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
	} else if (seat->gate->rare && apart < early) {
		seat->budget_ns = 2 * early;
		seat->nap_ns = gap - early;
	} else {
		seat->budget_ns = SHORT_NS < poll_max ? SHORT_NS : poll_max;
	}
	seat->gap_ns = gap;
}

/* Let the children go on: epoch seat->seen begins. */
static inline void gate_release_children(struct gate_seat *seat,
					 const void *job)
{
	struct gate_line *line = seat->down;

	if (seat->children == 0)
		return;
	line->job = job;
	gate_store(seat, &line->epoch, seat->seen);
	if (atomic_load_explicit(&line->sleepers, memory_order_relaxed) != 0)
		futex_wake_all(seat->gate, &line->epoch);
}

/* Until the release, or `nap_ns` at most; 0: without a limit. */
static void gate_sleep_till_release(struct gate_seat *seat, int64_t nap_ns)
{
	const struct timespec nap = {.tv_sec = nap_ns / 1000000000,
				     .tv_nsec = nap_ns % 1000000000};
	struct gate_line *line = seat->up;

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

/* Not at the first poll: wait for the epoch after `seen`. */
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
	/* Who releases does so again only after we have arrived, so the epoch
	 * is the one after `seen`. */
	seat->seen++;
	job = seat->up->job;
	gate_release_children(seat, job);
	return job;
}

static void gate_sleep_till_arrival(struct gate_seat *seat, uint32_t child)
{
	const struct timespec watch = {.tv_nsec = GATE_WATCH_MS * 1000000};
	struct gate_line *line = seat->down;

	atomic_store(&line->gatherer_asleep, 1);
	gate_fence_for_all(seat->gate);
	if (atomic_load(&line->arrived[child]) != seat->seen)
		futex_wait(seat->gate, &line->gatherer_asleep, 1, &watch);
	atomic_store(&line->gatherer_asleep, 0);
}

/* Not at the first poll: wait for a child, and watch meanwhile. */
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

		if (atomic_load(&seat.up->arrived[seat.slot]) != caller->seen)
			break;
	}
	return worker;
}
