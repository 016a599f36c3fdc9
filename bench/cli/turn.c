/* SPDX-License-Identifier: MIT */
#include "bench/cli/turn.h"

#include "bench/cli/interrupt.h"
#include "bench/cli/progress.h"
#include "core/clock.h"
#include "core/error.h"
#include "system/cpu_load.h"
#include "system/machine_lock.h"

#include <errno.h>
#include <math.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define LOCK "breakeven: measuring"

/* CPUs that may be busy on an idle machine: a twentieth of one, or a hundredth
 * of all, whichever is more. */
#define IDLE_LEAST 0.05
#define IDLE_PART  0.01

enum { LOOK_MS = 1000, RETRY_MS = 100 };

/* "" is as long as it takes. */
static bool take_seconds(const char *text, void *field)
{
	static const struct cli_option number = {.type = OPT_REAL(1, 1e6)};

	if (*text)
		return cli_take(&number, text, field);
	*(double *)field = INFINITY;
	return true;
}

#define AT(field) offsetof(struct turn_options, field)

const struct cli_option turn_table[] = {
	{"wait-for-quiet", 0,
	 CLI_OF(.kind = CLI_HOOK, .lone = true, .hook = take_seconds,
		.takes = "a number from 1 to 1000000"),
	 AT(quiet_s), "SECONDS",
	 "Begin once the machine is idle, but after SECONDS in any case "
	 "(default: as long as it takes)"},
	{"no-lock", 0, OPT_FLAG, AT(no_lock), NULL,
	 "Do not wait for the end of another run that measures on this "
	 "machine"},
	CLI_ROW_END,
};

/* Until fd (-1: none) has something, or for so long. ERROR_INTERRUPTED: the
 * user wants to stop. */
static int wait_for(int fd, int interrupt_fd, int ms)
{
	struct pollfd fds[] = {{.fd = interrupt_fd, .events = POLLIN},
			       {.fd = fd, .events = POLLIN}};

	poll(fds, 2, ms);
	return interrupt_pending(interrupt_fd) ? ERROR_INTERRUPTED : 0;
}

/* ------------------------------------------------------------- other runs */

static void tell_holder(pid_t holder)
{
	char text[160], process[48] = "";

	if (holder > 0)
		snprintf(process, sizeof(process), " (process %d)",
			 (int)holder);
	snprintf(text, sizeof(text),
		 "another run measures on this machine%s: waiting for its end; "
		 "--no-lock measures beside it",
		 process);
	progress_notice(text);
}

static int wait_for_lock(int interrupt_fd, int *lock)
{
	bool told = false;
	int rc = 0;

	/* Where there are no such locks, there is nothing to wait for. */
	while (rc == 0 && (*lock = machine_lock_try(LOCK)) == -EADDRINUSE) {
		pid_t holder;
		int fd = machine_lock_watch(LOCK, &holder);

		if (!told && fd >= 0) {
			tell_holder(holder);
			told = true;
		}
		rc = wait_for(fd, interrupt_fd, fd < 0 ? RETRY_MS : -1);
		if (fd >= 0)
			close(fd);
	}
	return rc;
}

/* ------------------------------------------------------------- idleness */

static double idle_limit(void)
{
	return fmax(IDLE_LEAST,
		    IDLE_PART * (double)sysconf(_SC_NPROCESSORS_ONLN));
}

static void tell_busy(double cpus, double seconds)
{
	char text[160], limit[48] = "";

	if (isfinite(seconds))
		snprintf(limit, sizeof(limit), ", for %.0f s at most", seconds);
	snprintf(text, sizeof(text),
		 "%.2g CPUs are busy with other things: waiting until the "
		 "machine is idle%s",
		 cpus, limit);
	progress_notice(text);
}

static int wait_for_idle(double seconds, int interrupt_fd)
{
	double start = now_s(), before = cpu_load_busy_s(""), from = start;
	bool told = false;

	if (isnan(before)) {
		progress_notice("--wait-for-quiet: /proc/stat tells nothing "
				"here, so there is no waiting");
		return 0;
	}
	while (from - start < seconds) {
		int rc = wait_for(-1, interrupt_fd, LOOK_MS);
		double now = now_s(), after = cpu_load_busy_s("");
		double cpus = (after - before) / (now - from);

		if (rc || !(cpus > idle_limit()))
			return rc;
		if (!told)
			tell_busy(cpus, seconds);
		told = true;
		before = after;
		from = now;
	}
	progress_notice("the machine was never idle: measuring all the same");
	return 0;
}

int turn_take(const struct turn_options *options, int interrupt_fd, int *lock)
{
	int rc = 0;

	*lock = -1;
	if (!options->no_lock && !getenv(TURN_NO_LOCK))
		rc = wait_for_lock(interrupt_fd, lock);
	if (rc == 0 && options->quiet_s > 0)
		rc = wait_for_idle(options->quiet_s, interrupt_fd);
	return rc;
}

int turn_wait(const struct turn_options *options, int interrupt_fd)
{
	int lock;

	return turn_take(options, interrupt_fd, &lock);
}
