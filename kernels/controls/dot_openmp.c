/* SPDX-License-Identifier: MIT */
#include "kernels/dot.h"

#include "kernels/control.h"
#include "kernels/kernel.h"

static void dot_by_hand(const void *ctx, size_t n, struct partial *result)
{
	const struct dot *dot = ctx;
	const double *restrict a = dot->a;
	const double *restrict b = dot->b;
	double s = 0;

#pragma omp parallel for simd schedule(static) reduction(+ : s)
	for (size_t i = 0; i < n; i++)
		s += a[i] * b[i];
	*result = (struct partial){.f64 = {s}};
}

const struct control control_dot = {
	.abi = KERNEL_ABI,
	.kernel = "dot",
	.run = dot_by_hand,
};
