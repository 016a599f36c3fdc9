/* SPDX-License-Identifier: MIT */
#include "bench/studies/calibration_runs.h"

#include "analysis/analyse.h"
#include "core/clock.h"
#include "core/random.h"
#include "results/record.h"
#include "system/child.h"
#include "system/child_fork.h"
#include "system/self.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* ------------------------------------------------------------- runs */

/* What a run leaves: two files without names, so that nothing of it outlives
 * us, however we end. */
struct calibration_outputs {
	int record, words; /* what it said on standard error */
	char path[32];	   /* of the record */
};

static int calibration_outputs_open(struct calibration_outputs *outputs)
{
	outputs->record = memfd_create("record", 0);
	outputs->words = memfd_create("words", MFD_CLOEXEC);
	if (outputs->record < 0 || outputs->words < 0)
		return -errno;
	snprintf(outputs->path, sizeof(outputs->path), "/dev/fd/%d",
		 outputs->record);
	return 0;
}

static void calibration_outputs_close(struct calibration_outputs *outputs)
{
	if (outputs->record >= 0)
		close(outputs->record);
	if (outputs->words >= 0)
		close(outputs->words);
}

static void calibration_exec(char *kernel, char *runner, char *sizes,
			     char *plan, char *seed,
			     struct calibration_outputs *outputs)
{
	char program[] = "breakeven", command[] = "bench", quiet[] = "--quiet";
	char lock[] = "--no-lock"; /* it is ours */
	char k[] = "-k", r[] = "-r", n[] = "-n", s[] = "--seed", o[] = "-o";
	char *argv[] = {program,       command, quiet, lock, k, kernel, r,
			runner,	       n,	sizes, plan, s, seed,	o,
			outputs->path, NULL};

	dup2(open("/dev/null", O_RDWR), STDOUT_FILENO);
	dup2(outputs->words, STDERR_FILENO);
	execv(self_program(), argv);
	_exit(127);
}

static int calibration_analyse(const char *path, struct record **record,
			       struct findings **findings)
{
	char error[ERROR_TEXT_MAX];

	if (record_read(path, record, error) < 0) {
		fprintf(stderr, "breakeven calibrate: %s\n", error);
		return 1;
	}
	*findings = findings_make(*record);
	if (*findings)
		return 0;
	record_free(*record);
	return 1;
}

static void calibration_complain(const char *why)
{
	fprintf(stderr, "breakeven calibrate: a run failed: %s\n", why);
}

/* Why a run failed: the first line that it said. */
static void calibration_print_failure(int words)
{
	char line[512];
	ssize_t got = pread(words, line, sizeof(line) - 1, 0);

	line[got > 0 ? got : 0] = '\0';
	line[strcspn(line, "\n")] = '\0';
	calibration_complain(line[0] ? line : "it gave no reason");
}

int calibration_runs_measure(struct calibration_runs *runs, const char *kernel,
			     const char *runner, const char *sizes,
			     struct record **record, struct findings **findings)
{
	char plan[32], seed[32], range[32];
	char *own_kernel = strdup(kernel), *own_runner = strdup(runner);
	struct calibration_outputs outputs;
	int status = -1, rc = 1;
	pid_t pid = calibration_outputs_open(&outputs);

	snprintf(range, sizeof(range), "%s", sizes);
	if (runs->generations)
		snprintf(plan, sizeof(plan), "--generations=%u",
			 runs->generations);
	else
		snprintf(plan, sizeof(plan), "--budget=%g", runs->budget_s);
	snprintf(seed, sizeof(seed), "%u",
		 (unsigned)random_next(&runs->random));
	if (pid == 0)
		pid = own_kernel && own_runner ? child_fork() : -ENOMEM;
	if (pid == 0)
		calibration_exec(own_kernel, own_runner, range, plan, seed,
				 &outputs);
	if (pid > 0)
		waitpid(pid, &status, 0);
	if (pid > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0)
		rc = calibration_analyse(outputs.path, record, findings);
	else if (pid > 0 && WIFEXITED(status))
		rc = WEXITSTATUS(status);
	if (pid < 0)
		calibration_complain(strerror(-pid));
	else if (rc == 1 || rc == 2)
		calibration_print_failure(outputs.words);
	calibration_outputs_close(&outputs);
	free(own_kernel);
	free(own_runner);
	return rc;
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
