/* SPDX-License-Identifier: MIT */
/*
 * A kernel that goes wrong on purpose, at one size and in one place.
 */
#include "kernels/kernel.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { FAULT_HOW, FAULT_AT, FAULT_WHO };
enum {
	HOW_SEGV,
	HOW_ABRT,
	HOW_FPE,
	HOW_EXIT0,
	HOW_EXIT99,
	HOW_WRONG,
	HOW_HANG,
	HOW_FILL
};
enum { WHO_WORKER, WHO_ALL };

static const struct option_spec fault_options[] = {
	[FAULT_HOW] = {.key = "how",
		       .type = OPTION_CHOICE,
		       .choices = "segv|abrt|fpe|exit0|exit99|wrong|hang|fill",
		       .fallback = "segv",
		       .help = "what goes wrong"},
	[FAULT_AT] = {.key = "at",
		      .type = OPTION_COUNT,
		      .fallback = "1024",
		      .min = 1,
		      .max = 1e9,
		      .help = "at which size"},
	[FAULT_WHO] = {.key = "who",
		       .type = OPTION_CHOICE,
		       .choices = "worker|all",
		       .fallback = "worker",
		       .help = "who does it: all but the host, or everybody"},
	{.key = NULL},
};

struct fault {
	unsigned how, who;
	size_t at, n;
};

static int fault_setup(void *ctx, struct arena *arena, size_t n,
		       const union option_value *options)
{
	struct fault *fault = ctx;

	(void)arena;
	fault->how = options[FAULT_HOW].choice;
	fault->who = options[FAULT_WHO].choice;
	fault->at = (size_t)options[FAULT_AT].count;
	fault->n = n;
	return 0;
}

/* Until the kernel puts an end to it. */
static void fill_memory(void)
{
	enum { PART = 1 << 20 };

	for (;;) {
		char *part = malloc(PART);

		if (part)
			memset(part, 1, PART);
	}
}

static void go_wrong(unsigned how)
{
	switch (how) {
	case HOW_SEGV:
		raise(SIGSEGV);
		break;
	case HOW_ABRT:
		abort();
	case HOW_FPE:
		raise(SIGFPE);
		break;
	case HOW_EXIT0:
		exit(0);
	case HOW_EXIT99:
		_exit(99);
	case HOW_HANG:
		for (;;)
			pause();
	case HOW_FILL:
		fill_memory();
		break;
	default:
		break;
	}
}

/* The host leads its process group, and its main thread is its process. */
static int is_worker(void)
{
	return getpgrp() != syscall(SYS_gettid);
}

static void fault_run(const void *ctx, size_t begin, size_t end,
		      struct partial *out)
{
	const struct fault *fault = ctx;
	int mine =
		fault->n == fault->at && (fault->who == WHO_ALL || is_worker());

	if (mine)
		go_wrong(fault->how);
	out->i64[0] =
		(int64_t)(end - begin) + (mine && fault->how == HOW_WRONG);
}

static void fault_combine(const struct partial *partials, size_t tiles,
			  struct partial *result)
{
	*result = (struct partial){.i64 = {0}};
	for (size_t t = 0; t < tiles; t++)
		result->i64[0] += partials[t].i64[0];
}

static bool fault_expect(const void *ctx, size_t n,
			 const struct partial *result)
{
	(void)ctx;
	return result->i64[0] == (int64_t)n;
}

const struct kernel kernel_fault = {
	.abi = KERNEL_ABI,
	.name = "fault",
	.formula = "counts items, and goes wrong",
	.grain = 1,
	.options = fault_options,
	.ctx_size = sizeof(struct fault),
	.setup = fault_setup,
	.run = fault_run,
	.combine = fault_combine,
	.expect = fault_expect,
};
