/* SPDX-License-Identifier: MIT */
/*
 * for (j = 0; j < DIM; j++)
 *	for (c[i][j] = k = 0; k < DIM; k++)
 *		c[i][j] += a[i][k] * b[k][j];
 *
 * on double: item i is a row of c, and b is small enough to stay in a cache.
 */
#include "kernels/kernel.h"
#include "kernels/vector.h"

#include <errno.h>

/*
 * Keep ROWS rows times COLUMNS vectors of sums in the 32 or 16 registers; the
 * compiler does not do so by itself. Each sum adds its products in the order of
 * k, in blocks of any shape.
 */
enum { DIM = 128, ROWS = 4, COLUMNS = VECTOR_BYTES == 64 ? 4 : 2 };
enum { STRIP = COLUMNS * VECTOR_LANES };

static_assert(DIM % STRIP == 0, "rows are whole strips");

struct matmul {
	double *a, *b, *c;
};

static int matmul_setup(void *ctx, struct arena *arena, size_t n,
			const union option_value *options)
{
	struct matmul *matmul = ctx;

	(void)options;
	matmul->a = arena_take(arena, n, DIM * sizeof(double));
	matmul->b = arena_take(arena, DIM, DIM * sizeof(double));
	matmul->c = arena_take(arena, n, DIM * sizeof(double));
	return matmul->a && matmul->b && matmul->c ? 0 : -errno;
}

/* a[i][k] = a_row(i) + a_column(k) and b[k][j] = b_row(k) + j, so that the
 * product has a closed form, in whole numbers. */
static double a_row(size_t i)
{
	return (double)(i % 1021);
}

static double a_column(size_t k)
{
	return (double)(k % 7);
}

static double b_row(size_t k)
{
	return (double)(k % 5);
}

static void matmul_fill(const void *ctx, size_t begin, size_t end,
			struct partial *out)
{
	const struct matmul *matmul = ctx;

	(void)out;
	for (size_t i = begin; i < end; i++)
		for (size_t k = 0; k < DIM; k++)
			matmul->a[i * DIM + k] = a_row(i) + a_column(k);
	for (size_t k = 0; begin == 0 && k < DIM; k++)
		for (size_t j = 0; j < DIM; j++)
			matmul->b[k * DIM + j] = b_row(k) + (double)j;
}

/* One strip of `rows` rows; every call passes a constant. */
static inline __attribute__((always_inline)) void matmul_strip(
	const double *restrict a, const double *restrict b, double *restrict c,
	int rows)
{
	vector sums[ROWS][COLUMNS];

	for (int r = 0; r < rows; r++)
		for (int v = 0; v < COLUMNS; v++)
			sums[r][v] = (vector){0};
	for (int k = 0; k < DIM; k++)
		for (int r = 0; r < rows; r++)
			for (int v = 0; v < COLUMNS; v++)
				sums[r][v] +=
					a[r * DIM + k] *
					*(const vector *)&b[k * DIM +
							    v * VECTOR_LANES];
	for (int r = 0; r < rows; r++)
		for (int v = 0; v < COLUMNS; v++)
			*(vector *)&c[r * DIM + v * VECTOR_LANES] = sums[r][v];
}

static void matmul_run(const void *ctx, size_t begin, size_t end,
		       struct partial *out)
{
	const struct matmul *matmul = ctx;

	(void)out;
	for (size_t j = 0; j < DIM; j += STRIP) {
		const double *a = matmul->a + begin * DIM;
		const double *b = matmul->b + j;
		double *c = matmul->c + begin * DIM + j;
		size_t left = end - begin;

		for (; left >= ROWS; left -= ROWS) {
			matmul_strip(a, b, c, ROWS);
			a += ROWS * DIM;
			c += ROWS * DIM;
		}
		if (left == 3)
			matmul_strip(a, b, c, 3);
		else if (left == 2)
			matmul_strip(a, b, c, 2);
		else if (left == 1)
			matmul_strip(a, b, c, 1);
	}
}

static size_t matmul_spans(const void *ctx, size_t begin, size_t end,
			   struct span *spans)
{
	const struct matmul *matmul = ctx;

	spans[0] = span_in(matmul->a, DIM * sizeof(double), begin, end);
	spans[1] = span_in(matmul->b, DIM * sizeof(double), 0, DIM);
	spans[2] = span_out(matmul->c, DIM * sizeof(double), begin, end);
	return 3;
}

/* No result is negative. */
static void matmul_poison(void *ctx, size_t begin, size_t end)
{
	struct matmul *matmul = ctx;

	for (size_t p = begin * DIM; p < end * DIM; p++)
		matmul->c[p] = -1;
}

/* The sum over k of (a_row + a_column) * (b_row + j), multiplied out. */
static bool matmul_check(const void *ctx, size_t begin, size_t end)
{
	const struct matmul *matmul = ctx;
	double columns = 0, rows = 0, both = 0;

	for (size_t k = 0; k < DIM; k++) {
		columns += a_column(k);
		rows += b_row(k);
		both += a_column(k) * b_row(k);
	}
	for (size_t i = begin; i < end; i++)
		for (size_t j = 0; j < DIM; j++)
			if (matmul->c[i * DIM + j] !=
			    a_row(i) * (rows + DIM * (double)j) +
				    columns * (double)j + both)
				return false;
	return true;
}

const struct kernel kernel_matmul = {
	.abi = KERNEL_ABI,
	.name = "matmul",
	.formula = "rows of c = a * b, b of 128 x 128",
	.bytes = 2 * DIM * sizeof(double),
	.flops = 2.0 * DIM * DIM,
	.grain = 4,
	.ctx_size = sizeof(struct matmul),
	.setup = matmul_setup,
	.fill = matmul_fill,
	.run = matmul_run,
	.spans = matmul_spans,
	.poison = matmul_poison,
	.check = matmul_check,
};
