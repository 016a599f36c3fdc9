/* SPDX-License-Identifier: MIT */
/*
 * A measured threshold in a program: a loop that runs in parallel only if that
 * pays. The program then checks the threshold: it times both branches at every
 * size, and the one that the threshold chose.
 *
 *	FLAGS="-O3 -march=native -fopenmp -I."
 *	cc $FLAGS -shared -fPIC examples/threshold/kernel.c -o roots.so
 *	rm -f roots.jsonl
 *	build/breakeven bench -k ./roots.so -r openmp -o roots.jsonl
 *	build/breakeven report -f header -o thresholds.h roots.jsonl
 *	cc $FLAGS examples/threshold/program.c -o threshold
 *	./threshold
 */
#include "loop.h"
#include "thresholds.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* A clause with a measured number. */
static void roots_clause(double *restrict y, const double *restrict x, size_t n)
{
#pragma omp parallel for simd if (parallel : n > BREAKEVEN_ROOTS_OPENMP)
	for (size_t i = 0; i < n; i++)
		y[i] = root(x[i]);
}

static void roots_serial(double *restrict y, const double *restrict x, size_t n)
{
	roots(y, x, 0, n);
}

static void roots_parallel(double *restrict y, const double *restrict x,
			   size_t n)
{
#pragma omp parallel for simd
	for (size_t i = 0; i < n; i++)
		y[i] = root(x[i]);
}

/* The same without the clause. With libgomp that costs a small loop some 0.3
 * us: it sets up a region for one thread, too. */
static void roots_branch(double *restrict y, const double *restrict x, size_t n)
{
	if (n <= BREAKEVEN_ROOTS_OPENMP)
		roots(y, x, 0, n);
	else
		roots_parallel(y, x, n);
}

/* ------------------------------------------------------------- timing */

typedef void roots_fn(double *restrict y, const double *restrict x, size_t n);

enum { SERIAL, PARALLEL, BRANCH, CLAUSE, WAYS, ROUNDS = 41 };
enum { LARGEST = 4 << 20, EPOCH_NS = 300000 };

static roots_fn *const ways[WAYS] = {roots_serial, roots_parallel, roots_branch,
				     roots_clause};

struct data {
	double *x, *y;
};

static double now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

/* The time of one call, from `calls` calls back to back, after a warm-up. */
static double time_calls(roots_fn *way, const struct data *data, size_t n,
			 long calls)
{
	double start;

	for (long i = 0; i < 3 + calls / 8; i++)
		way(data->y, data->x, n);
	start = now_ns();
	for (long i = 0; i < calls; i++)
		way(data->y, data->x, n);
	return (now_ns() - start) / (double)calls;
}

static int ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double median(double *x, int count)
{
	qsort(x, (size_t)count, sizeof(*x), ascending);
	return x[count / 2];
}

/* A size, and the times of each way there: by round, in ns. */
struct row {
	size_t n;
	long calls[WAYS];
	double ns[WAYS][ROUNDS];
};

/* All sizes in each round, and all ways one after the other: so a disturbance
 * of one way also hits its neighbours, and a lasting one hits all sizes. */
static void measure(const struct data *data, struct row *rows, size_t count,
		    int rounds)
{
	for (size_t i = 0; i < count; i++)
		for (int w = 0; w < WAYS; w++)
			rows[i].calls[w] =
				1 +
				(long)(EPOCH_NS / time_calls(ways[w], data,
							     rows[i].n, 10));
	for (int r = 0; r < rounds; r++) {
		if (isatty(STDERR_FILENO))
			fprintf(stderr, "\rround %d of %d", r + 1, rounds);
		for (size_t i = 0; i < count; i++)
			for (int k = 0; k < WAYS; k++) {
				int w = (k + r) % WAYS;

				rows[i].ns[w][r] =
					time_calls(ways[w], data, rows[i].n,
						   rows[i].calls[w]);
			}
	}
	if (isatty(STDERR_FILENO))
		fputc('\n', stderr);
}

/* How much longer `way` takes than `than`: the median of ratios in rounds. */
static double ratio(const struct row *row, int rounds, int way, int than)
{
	double ratios[ROUNDS];

	for (int r = 0; r < rounds; r++)
		ratios[r] = row->ns[way][r] / row->ns[than][r];
	return median(ratios, rounds);
}

/* Returns how much longer the branch takes than the better of its two sides. */
static double tell(struct row *row, int rounds)
{
	int better =
		ratio(row, rounds, SERIAL, PARALLEL) <= 1 ? SERIAL : PARALLEL;
	double over = ratio(row, rounds, BRANCH, better);

	printf("%9zu", row->n);
	for (int w = 0; w < WAYS; w++)
		printf(" %11.1f", median(row->ns[w], rounds));
	printf("   %-8s %5.2f\n", better == SERIAL ? "serial" : "parallel",
	       over);
	return over;
}

/* ------------------------------------------------------------- program */

static void tell_threshold(void)
{
	if (BREAKEVEN_ROOTS_OPENMP < SIZE_MAX)
		printf("parallel above %zu items",
		       (size_t)BREAKEVEN_ROOTS_OPENMP);
	else if (BREAKEVEN_ROOTS_OPENMP_KNOWN)
		fputs("serial at any size", stdout);
	else
		fputs("serial at any size, since it is not known where "
		      "parallel code pays: measure again with more --budget",
		      stdout);
	puts("; ns per call, ratios as medians of the rounds'");
}

static bool check(const struct data *data, size_t n)
{
	for (int w = 0; w < WAYS; w++) {
		memset(data->y, 0, n * sizeof(*data->y));
		ways[w](data->y, data->x, n);
		for (size_t i = 0; i < n; i++)
			if (data->y[i] != root(data->x[i])) {
				fprintf(stderr,
					"threshold: way %d is wrong at item "
					"%zu of %zu\n",
					w, i, n);
				return false;
			}
	}
	return true;
}

static bool open_data(struct data *data)
{
	data->x = malloc(LARGEST * sizeof(*data->x));
	data->y = malloc(LARGEST * sizeof(*data->y));
	for (size_t i = 0; data->x && data->y && i < LARGEST; i++) {
		data->x[i] = 1 + (double)(i % 300) / 100;
		data->y[i] = 0;
	}
	return data->x && data->y;
}

static int by_size(const void *a, const void *b)
{
	size_t x = ((const struct row *)a)->n, y = ((const struct row *)b)->n;

	return (x > y) - (x < y);
}

/* Powers of two, and some sizes around the threshold, which is the last size
 * that runs serially and should not lose much. */
static size_t list_sizes(struct row *rows)
{
	static const double near[] = {0.7, 0.85, 1, 1.2, 1.5};
	size_t count = 0;

	for (size_t n = 16; n <= LARGEST; n *= 2)
		rows[count++].n = n;
	if (BREAKEVEN_ROOTS_OPENMP <= LARGEST / 2) {
		for (size_t i = 0; i < sizeof(near) / sizeof(near[0]); i++)
			rows[count++].n =
				(size_t)(near[i] *
					 (double)BREAKEVEN_ROOTS_OPENMP);
		rows[count++].n = BREAKEVEN_ROOTS_OPENMP + 1;
	}
	qsort(rows, count, sizeof(*rows), by_size);
	return count;
}

int main(int argc, char **argv)
{
	int rounds = argc > 1 && strcmp(argv[1], "--quick") == 0 ? 1 : ROUNDS;
	double worst = 0;
	struct data data;
	static struct row rows[64];
	size_t count = list_sizes(rows), at = 0;

	if (!open_data(&data))
		return 1;
	for (size_t i = 0; i < count; i++)
		if (!check(&data, rows[i].n))
			return 1;
	tell_threshold();
	printf("%9s %11s %11s %11s %11s   %-8s %s\n", "items", "serial",
	       "parallel", "branch", "if clause", "better", "branch / better");
	measure(&data, rows, count, rounds);
	for (size_t i = 0; i < count; i++) {
		double over = tell(&rows[i], rounds);

		if (over > worst) {
			worst = over;
			at = rows[i].n;
		}
	}
	printf("at worst the branch takes %.2f times the better of its two "
	       "sides, at %zu items\n",
	       worst, at);
	free(data.x);
	free(data.y);
	return 0;
}
