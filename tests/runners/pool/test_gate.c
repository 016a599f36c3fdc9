/* SPDX-License-Identifier: MIT */
/*
 * No thread passes a join before all have arrived, whichever of them sleep.
 */
#include "runners/pool/gate.h"
#include "runners/process/shm.h"

#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>

enum { CALLS = 300, CROWD = 12 };

static struct gate *new_gate(uint32_t workers, enum gate_wait wait)
{
	struct gate *gate = shm_alloc(gate_size(workers));

	assert_non_null(gate);
	gate_init(gate, workers, wait, false, workers > 2);
	return gate;
}

static void a_gate_of_128_is_small(void **state)
{
	(void)state;
	assert_in_range(gate_size(128), 1, 64 << 10);
}

struct crowd {
	struct gate *gate;
	uint32_t worker;
	_Atomic int *done; /* calls, by worker */
};

/* Some workers dawdle, so that others fall asleep in every way. */
static void dawdle(uint32_t worker, int call)
{
	const struct timespec nap = {.tv_nsec = 300000};

	if ((worker + (uint32_t)call) % 37 == 0)
		nanosleep(&nap, NULL);
}

static void *crowd_body(void *arg)
{
	struct crowd *crowd = arg;
	struct gate_seat seat = gate_sit(crowd->gate, crowd->worker);

	while (gate_await(&seat)) {
		dawdle(crowd->worker, crowd->done[crowd->worker]);
		crowd->done[crowd->worker]++;
		gate_arrive(&seat);
	}
	return NULL;
}

static void call_often(struct gate *gate, _Atomic int *done, uint32_t workers)
{
	struct gate_seat caller = gate_sit(gate, 0);

	for (int call = 1; call <= CALLS; call++) {
		dawdle(0, call);
		gate_release(&caller, &caller);
		assert_int_equal(gate_join(&caller, NULL, NULL), 0);
		for (uint32_t w = 1; w < workers; w++)
			assert_int_equal(done[w], call);
	}
	gate_release(&caller, NULL);
}

/* Call often, with a thread for each worker, and free the gate. */
static void run_crowd(struct gate *gate)
{
	uint32_t workers = gate->workers;
	_Atomic int done[CROWD] = {0};
	struct crowd crowd[CROWD];
	pthread_t threads[CROWD];

	for (uint32_t w = 1; w < workers; w++) {
		crowd[w] = (struct crowd){gate, w, done};
		assert_int_equal(pthread_create(&threads[w], NULL, crowd_body,
						&crowd[w]),
				 0);
	}
	call_often(gate, done, workers);
	for (uint32_t w = 1; w < workers; w++)
		pthread_join(threads[w], NULL);
	shm_free(gate, gate_size(workers));
}

static void no_worker_passes_before_all_have_arrived(void **state)
{
	static const uint32_t sizes[] = {1, 2, 3, 8, 9, CROWD};

	(void)state;
	for (size_t s = 0; s < sizeof(sizes) / sizeof(*sizes); s++)
		for (int wait = GATE_SPIN; wait <= GATE_BLOCK; wait++)
			run_crowd(new_gate(sizes[s], (enum gate_wait)wait));
}

/* Four CPUs to a package, two to a cache: what the tree makes of that is tested
 * beside release_tree.c. */
static void seats_follow_the_borders(void **state)
{
	struct gate *gate = new_gate(CROWD, GATE_ADAPTIVE);

	(void)state;
	for (uint32_t w = 1; w < CROWD; w++)
		gate_borders(gate)[w] = w % 4 == 0 ? 3 : w % 2 == 0;
	/* Flat, it would lead the others of its block of four. */
	assert_ptr_equal(gate_sit(gate, 4).up, &gate->lines[0]);
	assert_ptr_equal(gate_sit(gate, 6).up, &gate->lines[4]);
	assert_ptr_equal(gate_sit(gate, 7).up, &gate->lines[6]);
	run_crowd(gate);
}

static int give_up(void *arg)
{
	*(int *)arg += 1;
	return *(int *)arg < 3 ? 0 : -EPIPE;
}

static void a_caller_that_waits_in_vain_gives_up(void **state)
{
	(void)state;
	for (int wait = GATE_SPIN; wait <= GATE_BLOCK; wait++) {
		struct gate *gate = new_gate(2, (enum gate_wait)wait);
		struct gate_seat caller = gate_sit(gate, 0);
		int looks = 0;

		gate_release(&caller, &caller);
		assert_int_equal(gate_join(&caller, give_up, &looks), -EPIPE);
		assert_int_equal(looks, 3);
		shm_free(gate, gate_size(2));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_gate_of_128_is_small),
		cmocka_unit_test(no_worker_passes_before_all_have_arrived),
		cmocka_unit_test(seats_follow_the_borders),
		cmocka_unit_test(a_caller_that_waits_in_vain_gives_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
