/* SPDX-License-Identifier: MIT */
#include "kernels/triad.h"

#include "kernels/control.h"
#include "kernels/kernel.h"
#include "kernels/stream.h"

/* A loop that the compiler vectorises stores through the caches: gcc ignores
 * the hint `nontemporal`. The arena aligns arrays so that vectors can be
 * stored. */
static void triad_stream_by_hand(const struct triad *triad, size_t n)
{
	double *restrict a = triad->a;
	const double *restrict b = triad->b;
	const double *restrict c = triad->c;
	size_t whole = n - n % VECTOR_LANES;

#pragma omp parallel
	{
#pragma omp for schedule(static) nowait
		for (size_t i = 0; i < whole; i += VECTOR_LANES)
			stream_store(&a[i],
				     vector_load(&b[i]) +
					     TRIAD_S * vector_load(&c[i]));
		stream_end();
	}
	for (size_t i = whole; i < n; i++)
		a[i] = b[i] + TRIAD_S * c[i];
}

static void triad_by_hand(const void *ctx, size_t n, struct partial *result)
{
	const struct triad *triad = ctx;
	double *restrict a = triad->a;
	const double *restrict b = triad->b;
	const double *restrict c = triad->c;

	(void)result;
	if (triad->stream) {
		triad_stream_by_hand(triad, n);
		return;
	}
#pragma omp parallel for simd schedule(static)
	for (size_t i = 0; i < n; i++)
		a[i] = b[i] + TRIAD_S * c[i];
}

const struct control control_triad = {
	.abi = KERNEL_ABI,
	.kernel = "triad",
	.run = triad_by_hand,
};
