/* SPDX-License-Identifier: MIT */
#include "bench/studies/spawn_parent.h"

#include "core/clock.h"
#include "core/error.h"
#include "runners/process/shm.h"
#include "system/child.h"
#include "system/child_fork.h"
#include "system/oom.h"
#include "system/sysfile.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { SAMPLE_NS = 200000, CALLS_MAX = 16, BOUND_MAX = 64 };

/* What the parent and the controller share. */
struct spawn_report {
	int rc;
	char error[ERROR_TEXT_MAX];
	double rss_mib;
	struct spawn_note note;
	int bound[BOUND_MAX];
	struct spawn_op_end *ends; /* of all ops; shared, too */
	double values[];	   /* ns of all, then counts of all */
};

static size_t spawn_report_size(const struct spawn_parent *parent)
{
	return sizeof(struct spawn_report) +
	       2 * parent->nops * parent->runs * sizeof(double);
}

/* ------------------------------------------------------------- the parent */

/* Private memory of the wanted pages, nothing behind it yet; NULL. */
static char *spawn_parent_map(size_t bytes, bool huge)
{
	char *base = mmap(NULL, bytes + HUGE_PAGE, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (base == MAP_FAILED)
		return NULL;
	base += -(uintptr_t)base % HUGE_PAGE;
	/* A kernel that has no huge pages refuses both, and gives small ones.
	 */
	madvise(base, bytes, huge ? MADV_HUGEPAGE : MADV_NOHUGEPAGE);
	return base;
}

static void spawn_parent_touch(char *base, size_t bytes)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);

	for (size_t i = 0; i < bytes; i += page)
		*(volatile char *)(base + i) = 1;
}

/* Half of the ballast in huge pages is enough to tell, for some may be missing
 * at its ends. */
static int spawn_parent_check_huge(const struct spawn_parent *parent,
				   struct spawn_report *report)
{
	uint64_t kib =
		sysfile_number("/proc/self/smaps_rollup", "AnonHugePages:", 0);

	if (!parent->huge || kib << 10 >= parent->ballast / 2)
		return 0;
	snprintf(report->error, sizeof(report->error),
		 "no huge pages came: AnonHugePages is %llu KiB of %zu (see "
		 "/sys/kernel/mm/transparent_hugepage/enabled)",
		 (unsigned long long)kib, parent->ballast >> 10);
	return -ENOTSUP;
}

static int spawn_parent_set_context(const struct spawn_parent *parent,
				    struct spawn_report *report,
				    struct spawn_context *context)
{
	char *ballast = spawn_parent_map(parent->ballast, parent->huge);
	char *stack = mmap(NULL, SPAWN_STACK, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	*context = (struct spawn_context){
		.huge = parent->huge,
		.region = spawn_parent_map(parent->region, parent->huge),
		.region_bytes = parent->region,
		.bound = report->bound,
		.topology = parent->topology,
		.note = &report->note,
		.error = report->error,
	};
	if (!ballast || stack == MAP_FAILED || !context->region)
		return -ENOMEM;
	context->stack = stack + SPAWN_STACK;
	spawn_parent_touch(ballast, parent->ballast);
	report->rss_mib =
		(double)sysfile_number("/proc/self/smaps_rollup", "Rss:", 0) /
		1024;
	return spawn_parent_check_huge(parent, report);
}

/* Run the op twice to warm it up, and find how many calls fill a sample. */
static int spawn_parent_find_calls(const struct spawn_context *context,
				   const struct spawn_op *op, size_t *calls)
{
	struct spawn_sample sample = {0, 0};
	int rc = op->once(context, op, &sample);

	if (rc == 0)
		rc = op->once(context, op, &sample);
	*calls = (size_t)fmin(fmax(SAMPLE_NS / fmax((double)sample.ns, 1), 1),
			      CALLS_MAX);
	return rc;
}

static int spawn_parent_sample(const struct spawn_context *context,
			       const struct spawn_op *op, size_t calls,
			       double *ns, double *count)
{
	struct spawn_sample sum = {0, 0};

	for (size_t i = 0; i < calls; i++) {
		struct spawn_sample sample = {0, 0};
		int rc = op->once(context, op, &sample);

		if (rc)
			return rc;
		sum.ns += sample.ns;
		sum.count += sample.count;
	}
	*ns = (double)sum.ns / (double)calls;
	*count = (double)sum.count / (double)calls;
	return 0;
}

static void spawn_parent_end_op(struct spawn_op_end *end, int rc)
{
	end->rc = rc;
	if (rc && !end->error[0])
		snprintf(end->error, sizeof(end->error), "%s", strerror(-rc));
}

static void spawn_parent_run_all(const struct spawn_parent *parent,
				 struct spawn_context *context,
				 struct spawn_report *report, size_t *calls)
{
	size_t runs = parent->runs, nops = parent->nops;
	double *counts = report->values + nops * runs;

	for (size_t a = 0; a < nops; a++) {
		context->error = report->ends[a].error;
		spawn_parent_end_op(&report->ends[a],
				    spawn_parent_find_calls(context,
							    &parent->ops[a],
							    &calls[a]));
	}
	for (size_t run = 0; run < runs; run++)
		for (size_t i = 0; i < nops; i++) {
			size_t a = (i + run + parent->first) % nops;
			size_t at = a * runs + run;

			if (report->ends[a].rc)
				continue;
			context->error = report->ends[a].error;
			spawn_parent_end_op(
				&report->ends[a],
				spawn_parent_sample(
					context, &parent->ops[a], calls[a],
					&report->values[at], &counts[at]));
		}
}

static void spawn_parent_main(const struct spawn_parent *parent,
			      struct spawn_report *report)
{
	size_t *calls = calloc(parent->nops + 1, sizeof(*calls));
	struct spawn_context context;

	setpgid(0, 0);
	if (parent->topology)
		topology_unbind(parent->topology);
	report->rc = calls ? spawn_parent_set_context(parent, report, &context)
			   : -ENOMEM;
	if (report->rc == 0)
		spawn_parent_run_all(parent, &context, report, calls);
	_exit(CHILD_DONE);
}

/* ------------------------------------------------------------- the controller
 */

/* Wait until no process holds the other end of the pipe, as all that descend
 * from the parent do; or until the user wants to stop. */
static int spawn_parent_await(int fd, int interrupt_fd)
{
	struct pollfd polled[] = {{.fd = fd, .events = POLLIN},
				  {.fd = interrupt_fd, .events = POLLIN}};

	while (poll(polled, 2, -1) < 0)
		if (errno != EINTR)
			return ERROR_FAILED;
	return polled[1].revents ? ERROR_INTERRUPTED : 0;
}

static int spawn_parent_conclude(struct spawn_parent *parent,
				 const struct spawn_report *report)
{
	size_t values = parent->nops * parent->runs;

	memcpy(parent->ns, report->values, values * sizeof(double));
	memcpy(parent->count, report->values + values, values * sizeof(double));
	memcpy(parent->ends, report->ends,
	       parent->nops * sizeof(*report->ends));
	parent->rss_mib = report->rss_mib;
	if (report->rc == 0)
		return 0;
	return error_set(
		&parent->error,
		report->rc == -ENOTSUP ? ERROR_SKIPPED : ERROR_FAILED, "%s",
		report->error[0] ? report->error : strerror(-report->rc));
}

static int spawn_parent_attend(struct spawn_parent *parent,
			       const struct spawn_report *report, pid_t pid,
			       int fd)
{
	uint64_t kills = oom_kills("");
	char end[CHILD_END_MAX];
	const char *memory;
	int rc;

	setpgid(pid, pid);
	rc = spawn_parent_await(fd, parent->interrupt_fd);
	if (rc)
		kill(-pid, SIGKILL);
	if (child_reap(pid, end) && rc == 0)
		return spawn_parent_conclude(parent, report);
	/* Its children are killed by its death, and exit soon. */
	if (rc)
		spawn_parent_await(fd, -1);
	memory = oom_since("", kills);
	return error_set(&parent->error,
			 rc ? (enum error_kind)rc : ERROR_FAILED,
			 "the measured parent %s%s%s", end, memory ? ": " : "",
			 memory ? memory : "");
}

static int spawn_parent_fail(struct spawn_parent *parent, const char *what,
			     int error)
{
	return error_set(&parent->error, ERROR_FAILED,
			 "no process to measure in: %s: %s%s", what,
			 strerror(error),
			 error == EAGAIN ? " (" CHILD_LIMITS ")" : "");
}

/* Fork it and see it through. */
static int spawn_parent_fork(struct spawn_parent *parent,
			     struct spawn_report *report)
{
	int ends[2], rc;
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return spawn_parent_fail(parent, "a pipe", errno);
	pid = child_fork();
	if (pid == 0)
		spawn_parent_main(parent, report);
	close(ends[1]);
	rc = pid < 0 ? spawn_parent_fail(parent, "fork", -pid)
		     : spawn_parent_attend(parent, report, pid, ends[0]);
	close(ends[0]);
	return rc;
}

int spawn_parent_run(struct spawn_parent *parent)
{
	size_t size = spawn_report_size(parent);
	size_t ends_size = parent->nops * sizeof(struct spawn_op_end);
	struct spawn_report *report = shm_alloc(size);
	struct spawn_op_end *ends = shm_alloc(ends_size);
	int rc;

	parent->error = (struct error){.kind = 0};
	if (report && ends) {
		report->ends = ends;
		for (size_t i = 0; i < 2 * parent->nops * parent->runs; i++)
			report->values[i] = NAN;
		rc = spawn_parent_fork(parent, report);
	} else {
		rc = spawn_parent_fail(parent, "shared memory", errno);
	}
	shm_free(ends, ends_size);
	shm_free(report, size);
	return rc;
}
