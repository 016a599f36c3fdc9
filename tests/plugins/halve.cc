/* SPDX-License-Identifier: MIT */
/*
 * for (i = 0; i < n; i++) y[i] = x[i] / 2;
 */
#include "kernels/kernel.h"

#include <cerrno>

namespace
{
struct halve {
	double *x, *y;
};

int setup(void *ctx, arena *memory, size_t n, const option_value *)
{
	auto *mine = static_cast<halve *>(ctx);

	mine->x = static_cast<double *>(arena_take(memory, n, sizeof(double)));
	mine->y = static_cast<double *>(arena_take(memory, n, sizeof(double)));
	return mine->x && mine->y ? 0 : -errno;
}

void fill(const void *ctx, size_t begin, size_t end, partial *)
{
	for (size_t i = begin; i < end; i++)
		static_cast<const halve *>(ctx)->x[i] = double(i % 8);
}

void run(const void *ctx, size_t begin, size_t end, partial *)
{
	const double *__restrict x = static_cast<const halve *>(ctx)->x;
	double *__restrict y = static_cast<const halve *>(ctx)->y;

	for (size_t i = begin; i < end; i++)
		y[i] = x[i] / 2;
}

size_t spans(const void *ctx, size_t begin, size_t end, span *touched)
{
	const auto *mine = static_cast<const halve *>(ctx);

	touched[0] = span_in(mine->x, sizeof(double), begin, end);
	touched[1] = span_out(mine->y, sizeof(double), begin, end);
	return 2;
}

void poison(void *ctx, size_t begin, size_t end)
{
	for (size_t i = begin; i < end; i++)
		static_cast<halve *>(ctx)->y[i] = -1;
}

bool check(const void *ctx, size_t begin, size_t end)
{
	for (size_t i = begin; i < end; i++)
		if (2 * static_cast<const halve *>(ctx)->y[i] != double(i % 8))
			return false;
	return true;
}
} // namespace

const kernel breakeven_kernel = {
	.abi = KERNEL_ABI,
	.name = "halve",
	.formula = "y[i] = x[i] / 2",
	.bytes = 16,
	.flops = 1,
	.grain = 4096,
	.ctx_size = sizeof(halve),
	.setup = setup,
	.fill = fill,
	.run = run,
	.spans = spans,
	.poison = poison,
	.check = check,
};
