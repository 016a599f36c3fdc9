/* SPDX-License-Identifier: MIT */
/*
 * for (i = 0; i < n; i++) {
 *	fd = open("/dev/null"); s += i + 1; close(fd);
 * }
 *
 * or with an eventfd, which has no path. Threads share one table of descriptors
 * and its lock; each process has its own. All of them share the inode of the
 * path.
 */
#include "kernels/kernel.h"

#include <fcntl.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum { FD_CHURN_CALL };
enum { CALL_OPEN, CALL_EVENTFD };

static const struct option_spec fd_churn_options[] = {
	[FD_CHURN_CALL] = {.key = "call",
			   .type = OPTION_CHOICE,
			   .choices = "open|eventfd",
			   .fallback = "open",
			   .help = "what makes the descriptor: open() of "
				   "/dev/null, or eventfd()"},
	{.key = NULL},
};

struct fd_churn {
	unsigned call;
};

static int fd_churn_setup(void *ctx, struct arena *arena, size_t n,
			  const union option_value *options)
{
	struct fd_churn *churn = ctx;

	(void)arena, (void)n;
	churn->call = options[FD_CHURN_CALL].choice;
	return 0;
}

static int fd_churn_make(const struct fd_churn *churn)
{
	return churn->call == CALL_OPEN
		       ? open("/dev/null", O_RDONLY | O_CLOEXEC)
		       : eventfd(0, EFD_CLOEXEC);
}

/* Without a descriptor an item adds nothing, and the result is wrong. */
static void fd_churn_run(const void *ctx, size_t begin, size_t end,
			 struct partial *out)
{
	uint64_t s = 0;

	for (size_t i = begin; i < end; i++) {
		int fd = fd_churn_make(ctx);

		if (fd >= 0 && close(fd) == 0)
			s += i + 1;
	}
	out->u64[0] = s;
}

static void fd_churn_combine(const struct partial *partials, size_t tiles,
			     struct partial *result)
{
	*result = (struct partial){.u64 = {0}};
	for (size_t t = 0; t < tiles; t++)
		result->u64[0] += partials[t].u64[0];
}

static bool fd_churn_expect(const void *ctx, size_t n,
			    const struct partial *result)
{
	(void)ctx;
	return result->u64[0] == (n % 2 ? (uint64_t)n * ((n + 1) / 2)
					: (uint64_t)(n / 2) * (n + 1));
}

const struct kernel kernel_fd_churn = {
	.abi = KERNEL_ABI,
	.name = "fd_churn",
	.formula = "open a descriptor, close it",
	.grain = 2,
	.options = fd_churn_options,
	.ctx_size = sizeof(struct fd_churn),
	.setup = fd_churn_setup,
	.run = fd_churn_run,
	.combine = fd_churn_combine,
	.expect = fd_churn_expect,
};
