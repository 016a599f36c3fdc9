/* SPDX-License-Identifier: MIT */
/*
 * beside_blas [ROUNDS]: `dot` and `sum` beside cblas_ddot() and cblas_dasum()
 * of OpenBLAS, on one core, for each instruction set that the CPU has. Calls of
 * both are timed in turn, in pairs, and a kernel is called as runners call it:
 * once over all items, and tile by tile as it is planned. Prints the shortest
 * times, and medians of the pairs' ratios.
 *
 * Ends with 1 where results differ by more than rounding, whatever the times
 * are, and with 77 where there is no OpenBLAS.
 */
#include "bench/host/registry.h"
#include "runners/runner.h"

#include <dlfcn.h>
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
	SKIPPED = 77,
	ROUNDS = 200,
	ROUNDS_MAX = 5000,
	LARGE = 1
		<< 20, /* items from which on a quarter of the rounds will do */
	SAMPLE = 20000, /* ns of calls that are timed at once */
	ARENA = 72 << 20,
	CTX = 256,
};

static const size_t sizes[] = {64, 512, 2048, 16384, 1 << 17, 1 << 20, 4 << 20};

typedef double ddot_fn(int n, const double *x, int step_x, const double *y,
		       int step_y);
typedef double dasum_fn(int n, const double *x, int step);

struct blas {
	ddot_fn *ddot;
	dasum_fn *dasum;
	char *(*core)(void);
};

/* What OpenBLAS takes for a level of ours; NULL: it has none. */
static const char *core_like(const char *level)
{
	if (strcmp(level, "v4") == 0)
		return "SkylakeX";
	return strcmp(level, "v3") == 0 ? "Haswell" : NULL;
}

/* A kernel, with the data that both compute on. */
struct blas_cell {
	const struct kernel *kernel;
	const struct blas *blas;
	bool is_dot;
	struct arena arena;
	alignas(CACHE_LINE) char ctx[CTX];
	const double *x, *y;
	size_t n;
	struct job job;
};

/* One way to compute the cell. */
typedef double way_fn(const struct blas_cell *cell);

static double way_whole(const struct blas_cell *cell)
{
	const struct job *job = &cell->job;

	job->run(job->ctx, 0, cell->n, job->partials);
	return job->partials->f64[0];
}

static double way_tiled(const struct blas_cell *cell)
{
	const struct job *job = &cell->job;
	struct partial result;

	job_run(job, 0, job->plan.tiles);
	cell->kernel->combine(job->partials, job->plan.tiles, &result);
	return result.f64[0];
}

static double way_blas(const struct blas_cell *cell)
{
	int n = (int)cell->n;

	return cell->is_dot ? cell->blas->ddot(n, cell->x, 1, cell->y, 1)
			    : cell->blas->dasum(n, cell->x, 1);
}

enum { WHOLE, TILED, BLAS, WAYS };

static way_fn *const ways[WAYS] = {way_whole, way_tiled, way_blas};

static int cell_make(struct blas_cell *cell, size_t n)
{
	const struct kernel *kernel = cell->kernel;
	struct plan plan = plan_make(n, kernel->grain, 2);
	struct span spans[SPANS_MAX];
	struct partial *partials;

	arena_reset(&cell->arena);
	partials = arena_take(&cell->arena, plan.tiles, sizeof(*partials));
	if (!partials || kernel->setup(cell->ctx, &cell->arena, n, NULL) < 0)
		return -1;
	kernel->fill(cell->ctx, 0, n, NULL);
	kernel->spans(cell->ctx, 0, n, spans);
	cell->x = spans[0].base;
	cell->y = cell->is_dot ? spans[1].base : NULL;
	cell->n = n;
	cell->job = (struct job){.run = kernel->run,
				 .ctx = cell->ctx,
				 .partials = partials,
				 .width = 1,
				 .plan = plan};
	return 0;
}

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

/* ns of a call. */
static double time_calls(way_fn *way, const struct blas_cell *cell, long calls)
{
	double begin = now();
	volatile double result;

	for (long i = 0; i < calls; i++)
		result = way(cell);
	(void)result;
	return (now() - begin) / (double)calls;
}

static int compare(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static void sort(double *values, int count)
{
	qsort(values, (size_t)count, sizeof(*values), compare);
}

static void time_cell(const struct blas_cell *cell, const char *name,
		      int rounds)
{
	double ns[WAYS][ROUNDS_MAX], ratio[ROUNDS_MAX];
	long calls = 1 + (long)(SAMPLE / (5 + 0.1 * (double)cell->n));

	for (int r = 0; r < rounds; r++)
		for (int w = 0; w < WAYS; w++)
			ns[w][r] = time_calls(ways[w], cell, calls);
	printf("%-4s %9zu", name, cell->n);
	for (int w = 0; w < BLAS; w++) {
		for (int r = 0; r < rounds; r++)
			ratio[r] = ns[w][r] / ns[BLAS][r];
		sort(ratio, rounds);
		sort(ns[w], rounds);
		printf("  %12.1f %5.2f", ns[w][0], ratio[rounds / 2]);
	}
	sort(ns[BLAS], rounds);
	printf("  %12.1f\n", ns[BLAS][0]);
}

static int check_cell(const struct blas_cell *cell, const char *name)
{
	double theirs = way_blas(cell);
	double error_max = (double)(cell->n + 2) * DBL_EPSILON * theirs;
	int rc = 0;

	for (int w = 0; w < BLAS; w++) {
		double ours = ways[w](cell);

		if (fabs(ours - theirs) <= error_max)
			continue;
		fprintf(stderr, "%s of %zu items: %.17g, but OpenBLAS: %.17g\n",
			name, cell->n, ours, theirs);
		rc = -1;
	}
	return rc;
}

static int compare_kernel(const struct blas *blas, const struct kernel *kernel,
			  int rounds)
{
	struct blas_cell cell = {.kernel = kernel,
				 .blas = blas,
				 .is_dot = strcmp(kernel->name, "dot") == 0};
	int rc = 0;

	cell.arena.size = ARENA;
	cell.arena.base = mmap(NULL, ARENA, PROT_READ | PROT_WRITE,
			       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (cell.arena.base == MAP_FAILED)
		return -1;
	for (size_t s = 0; s < sizeof(sizes) / sizeof(*sizes); s++) {
		if (cell_make(&cell, sizes[s]) < 0 ||
		    check_cell(&cell, kernel->name) < 0)
			rc = -1;
		else
			time_cell(&cell, kernel->name,
				  sizes[s] < LARGE ? rounds : 1 + rounds / 4);
	}
	munmap(cell.arena.base, ARENA);
	return rc;
}

static bool blas_load(struct blas *blas)
{
	void *library = dlopen("libopenblas.so.0", RTLD_NOW | RTLD_LOCAL);

	if (!library)
		return false;
	*(void **)&blas->ddot = dlsym(library, "cblas_ddot");
	*(void **)&blas->dasum = dlsym(library, "cblas_dasum");
	*(void **)&blas->core = dlsym(library, "openblas_get_corename");
	return blas->ddot && blas->dasum && blas->core;
}

/* In a process of its own, since OpenBLAS chooses its code when it is loaded.
 * Returns its exit status. */
static int compare_level(const struct registry_level *level, int rounds)
{
	struct blas blas;
	int rc = 0;

	setenv("OPENBLAS_CORETYPE", core_like(level->name), 1);
	setenv("OPENBLAS_NUM_THREADS", "1", 1);
	if (!blas_load(&blas)) {
		fputs("there is no OpenBLAS (Debian: libopenblas0)\n", stderr);
		return SKIPPED;
	}
	printf("%s, OpenBLAS as for %s: ns a call, ratio to OpenBLAS\n",
	       level->label, blas.core());
	printf("%-4s %9s  %18s  %18s  %12s\n", "", "items", "one call",
	       "its tiles", "OpenBLAS");
	for (size_t k = 0; level->kernels[k]; k++) {
		const char *name = level->kernels[k]->name;

		if (strcmp(name, "dot") == 0 || strcmp(name, "sum") == 0)
			rc |= compare_kernel(&blas, level->kernels[k], rounds);
	}
	return rc ? EXIT_FAILURE : EXIT_SUCCESS;
}

static int run_level(const struct registry_level *level, int rounds)
{
	pid_t child;
	int status;

	fflush(stdout);
	child = fork();
	if (child == 0) {
		status = compare_level(level, rounds);
		fflush(stdout);
		_exit(status);
	}
	if (child < 0 || waitpid(child, &status, 0) != child ||
	    !WIFEXITED(status))
		return EXIT_FAILURE;
	return WEXITSTATUS(status);
}

int main(int argc, char **argv)
{
	long rounds = argc > 1 ? strtol(argv[1], NULL, 10) : ROUNDS;
	int worst = 0;

	if (rounds < 1 || rounds > ROUNDS_MAX) {
		fprintf(stderr, "usage: %s [ROUNDS]  (1 to %d)\n", argv[0],
			ROUNDS_MAX);
		return EXIT_FAILURE;
	}
	for (const struct registry_level *l = registry_levels; l->name; l++) {
		int status = 0;

		if (core_like(l->name) && (!l->here || l->here()))
			status = run_level(l, (int)rounds);
		if (status)
			worst = status;
	}
	return worst;
}
