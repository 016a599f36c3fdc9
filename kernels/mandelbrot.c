/* SPDX-License-Identifier: MIT */
/*
 * Item i is row i of n of an image of the Mandelbrot set, WIDTH pixels:
 *
 *	for (k = 0; k < STEPS_MAX && |z| <= 2; k++) z = z * z + c;
 *
 * Rows near the real axis take longest. The image is the upper half of the set,
 * so that the two halves of its rows differ as much as possible.
 */
#include "kernels/kernel.h"
#include "kernels/vector.h"

#include <errno.h>

enum {
	WIDTH = 256,
	STEPS_MAX = 256, /* steps of a pixel */
	VECTORS = 4,	 /* of pixels, computed until the last one is out */
	LOOK = 4,	 /* steps between two looks at whether it is */
	TOGETHER = VECTORS * VECTOR_LANES,
	CHECKED = 8, /* check one of so many pixels */
};

struct mandelbrot {
	uint16_t *steps;
	size_t n;
};

static int mandelbrot_setup(void *ctx, struct arena *arena, size_t n,
			    const union option_value *options)
{
	struct mandelbrot *mandelbrot = ctx;

	(void)options;
	mandelbrot->n = n;
	mandelbrot->steps =
		arena_take(arena, n, WIDTH * sizeof(*mandelbrot->steps));
	return mandelbrot->steps ? 0 : -errno;
}

/* From -2 to 0.5, and from 1.25 down to 0. */
static double mandelbrot_re(size_t pixel)
{
	return -2 + 2.5 / WIDTH * ((double)pixel + 0.5);
}

static double mandelbrot_im(const struct mandelbrot *mandelbrot, size_t row)
{
	return 1.25 - 1.25 / (double)mandelbrot->n * ((double)row + 0.5);
}

/* The pixels being computed, in vectors. */
struct pixels {
	vector c_re[VECTORS], re[VECTORS], im[VECTORS];
	vector_mask left[VECTORS]; /* steps, counted down from 0 */
};

/* One step of each pixel. A pixel that is out stays out: above both 2 and |c|,
 * |z| only grows. A lane of the result is 0 if all pixels of that lane are out.
 */
static inline vector_mask mandelbrot_step(struct pixels *z, double c_im)
{
	vector_mask any = {0};

	for (int v = 0; v < VECTORS; v++) {
		vector re = z->re[v], im = z->im[v];
		vector re2 = re * re, im2 = im * im;
		vector_mask inside = re2 + im2 <= 4;

		z->re[v] = re2 - im2 + z->c_re[v];
		z->im[v] = (re + re) * im + c_im;
		z->left[v] += inside;
		any |= inside;
	}
	return any;
}

static bool mandelbrot_done(vector_mask any)
{
	int64_t all = 0;

	for (int l = 0; l < VECTOR_LANES; l++)
		all |= any[l];
	return all == 0;
}

static void mandelbrot_pixels(uint16_t *steps, size_t first, double im)
{
	struct pixels z = {.re = {{0}}};

	for (int p = 0; p < TOGETHER; p++)
		z.c_re[p / VECTOR_LANES][p % VECTOR_LANES] =
			mandelbrot_re(first + (size_t)p);
	for (int k = 0; k < STEPS_MAX; k += LOOK) {
		vector_mask any;

		for (int s = 0; s < LOOK; s++)
			any = mandelbrot_step(&z, im);
		if (mandelbrot_done(any))
			break;
	}
	for (int p = 0; p < TOGETHER; p++)
		steps[p] =
			(uint16_t)-z.left[p / VECTOR_LANES][p % VECTOR_LANES];
}

static void mandelbrot_run(const void *ctx, size_t begin, size_t end,
			   struct partial *out)
{
	const struct mandelbrot *mandelbrot = ctx;

	(void)out;
	for (size_t row = begin; row < end; row++)
		for (size_t p = 0; p < WIDTH; p += TOGETHER)
			mandelbrot_pixels(mandelbrot->steps + row * WIDTH + p,
					  p, mandelbrot_im(mandelbrot, row));
}

static size_t mandelbrot_spans(const void *ctx, size_t begin, size_t end,
			       struct span *spans)
{
	const struct mandelbrot *mandelbrot = ctx;

	spans[0] = span_out(mandelbrot->steps, WIDTH * sizeof(uint16_t), begin,
			    end);
	return 1;
}

static void mandelbrot_poison(void *ctx, size_t begin, size_t end)
{
	struct mandelbrot *mandelbrot = ctx;

	for (size_t p = begin * WIDTH; p < end * WIDTH; p++)
		mandelbrot->steps[p] = UINT16_MAX;
}

static unsigned mandelbrot_one(double c_re, double c_im)
{
	double re = 0, im = 0;
	unsigned k = 0;

	for (; k < STEPS_MAX && re * re + im * im <= 4; k++) {
		double next = re * re - im * im + c_re;

		im = 2 * re * im + c_im;
		re = next;
	}
	return k;
}

/* Check some pixels of each row, different ones from row to row: all of them,
 * one after the other, would take longer than the measured call. */
static bool mandelbrot_check(const void *ctx, size_t begin, size_t end)
{
	const struct mandelbrot *mandelbrot = ctx;

	for (size_t row = begin; row < end; row++) {
		const uint16_t *steps = mandelbrot->steps + row * WIDTH;
		double im = mandelbrot_im(mandelbrot, row);

		for (size_t p = 0; p < WIDTH; p++)
			if (steps[p] > STEPS_MAX ||
			    (p % CHECKED == row % CHECKED &&
			     steps[p] != mandelbrot_one(mandelbrot_re(p), im)))
				return false;
	}
	return true;
}

const struct kernel kernel_mandelbrot = {
	.abi = KERNEL_ABI,
	.name = "mandelbrot",
	.formula = "z = z * z + c, rows of 256 pixels",
	.bytes = WIDTH * sizeof(uint16_t),
	.grain = 1,
	.ctx_size = sizeof(struct mandelbrot),
	.setup = mandelbrot_setup,
	.run = mandelbrot_run,
	.spans = mandelbrot_spans,
	.poison = mandelbrot_poison,
	.check = mandelbrot_check,
};
