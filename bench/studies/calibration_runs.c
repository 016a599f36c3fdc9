/* SPDX-License-Identifier: MIT */
#include "bench/studies/calibration_runs.h"

#include "analysis/analyse.h"
#include "bench/studies/self_run.h"
#include "core/clock.h"
#include "core/random.h"
#include "system/child.h"
#include "system/child_fork.h"

#include <signal.h>
#include <stdio.h>
#include <time.h>

/* ------------------------------------------------------------- runs */

int calibration_runs_measure(struct calibration_runs *runs, const char *kernel,
			     const char *runner, const char *sizes,
			     struct record **record, struct findings **findings)
{
	char plan[32], seed[32], why[ERROR_TEXT_MAX] = "out of memory";
	const char *const words[] = {"bench",  "-k", kernel, "-r",
				     runner,   "-n", sizes,  plan,
				     "--seed", seed, NULL};
	int status;

	if (runs->generations)
		snprintf(plan, sizeof(plan), "--generations=%u",
			 runs->generations);
	else
		snprintf(plan, sizeof(plan), "--budget=%g", runs->budget_s);
	snprintf(seed, sizeof(seed), "%u",
		 (unsigned)random_next(&runs->random));
	status = self_run(words, record, why);
	if (status == 0) {
		*findings = findings_make(*record);
		if (*findings)
			return 0;
		record_free(*record);
		status = 1;
	}
	if (status == 1 || status == 2)
		fprintf(stderr, "breakeven calibrate: a run failed: %s\n", why);
	return status;
}

/* ------------------------------------------------------------- bursts */

static void calibration_busy(int64_t ns)
{
	int64_t start = now_ns();

	while (now_ns() - start < ns)
		;
}

static void calibration_idle(int64_t ns)
{
	const struct timespec nap = {.tv_sec = ns / 1000000000,
				     .tv_nsec = ns % 1000000000};

	nanosleep(&nap, NULL);
}

/* Two such processes share one CPU with the measured one: a burst leaves it a
 * third. */
static void calibration_disturb(uint64_t random)
{
	for (;;) {
		int64_t end = now_ns() + INT64_C(2000000000);

		while (now_ns() < end) {
			calibration_busy((
				int64_t)(5e6 + 56e6 * random_uniform(&random)));
			calibration_idle(
				(int64_t)(10e6 * random_uniform(&random)));
		}
		calibration_idle(INT64_C(2000000000));
	}
}

int calibration_runs_burst(struct calibration_runs *runs,
			   const struct topology *topology, int cpu)
{
	for (int i = 0; i < CALIBRATION_BURSTS; i++) {
		uint64_t random = random_next(&runs->random);
		pid_t pid = child_fork();

		if (pid < 0)
			return pid;
		if (pid == 0) {
			topology_bind(topology, cpu);
			calibration_disturb(random);
		}
		runs->bursts[i] = pid;
	}
	return 0;
}

void calibration_runs_calm(struct calibration_runs *runs)
{
	char end[CHILD_END_MAX];

	for (int i = 0; i < CALIBRATION_BURSTS; i++)
		if (runs->bursts[i] > 0) {
			kill(runs->bursts[i], SIGKILL);
			child_reap(runs->bursts[i], end);
			runs->bursts[i] = 0;
		}
}
