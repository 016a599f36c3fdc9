/* SPDX-License-Identifier: MIT */
/*
 * One kernel at one size, ready to run: its partials and data in the arena, its
 * tiles, and the proof that a runner computed them.
 */
#ifndef BREAKEVEN_BENCH_HOST_WORKLOAD_H
#define BREAKEVEN_BENCH_HOST_WORKLOAD_H

#include "bench/host/memory.h"
#include "core/error.h"
#include "kernels/kernel.h"
#include "runners/runner.h"

/* What a team and its host share: made before the team opens, so that workers
 * forked then have it at the same address, in a file, so that others can map
 * it. */
struct workload_common {
	alignas(CACHE_LINE) char ctx[JOB_CTX_MAX];
	/* For jobs that contribute nothing: takes memory only where it is
	 * written. */
	struct partial unused[PLAN_TILES_MAX];
	int bound[]; /* by worker */
};

struct page_nodes;

struct workload {
	struct arena arena;
	const struct page_nodes *nodes; /* of those who fill; NULL: any */
	int unplaced; /* -errno: the system did not place what was prepared */
	bool image;   /* the arena is one, by copy-on-write */
	struct workload_common *common;
	size_t common_size;
	int common_fd;
	const struct kernel *kernel; /* NULL: nothing prepared yet */
	size_t n, grain;
	struct job job;
	struct range own;      /* tiles whose results lie here after a call */
	struct partial result; /* of the last call, for reductions */
	bool whole;	       /* the next check looks at every item, not at
				  samples */
	size_t taken;	       /* bytes of the arena that the kernel took */
	unsigned char *guard;  /* behind them */
};

/*
 * Map `size` bytes of memory of this kind, of the memory file where it has one,
 * and the common part for `workers`. With `image`, a memory file is mapped
 * copy-on-write: what its owner wrote before workload_prepare() is read, what
 * is written stays here. 0 or -errno. workload_unmap() undoes it.
 */
int workload_map(struct workload *workload, enum memory memory, int fd,
		 size_t size, unsigned workers, bool image);
void workload_unmap(struct workload *workload);

/*
 * Set up kernel `spec` for n items, cut for one worker, and bring its pages in;
 * with `fill`, write the input. 0; ERROR_USAGE for an unknown kernel or option;
 * ERROR_FAILED if there is too little memory: `error` says what.
 */
int workload_prepare(struct workload *workload, const char *spec, size_t n,
		     bool fill, struct error *error);

/* Cut what is prepared into shares for so many workers. All tiles are our own
 * then. */
void workload_cut(struct workload *workload, unsigned workers);

/* Compute it serially, tile by tile: for reductions the reference that runners
 * of as many workers must match, bit by bit. */
void workload_reference(struct workload *workload);

/* Fold the partials into `result`, where the kernel is a reduction. */
static inline void workload_combine(struct workload *workload)
{
	workload->kernel->combine(workload->job.partials,
				  workload->job.plan.tiles, &workload->result);
}

/* After a pass over `tiles` tiles, where the kernel does something then. */
static inline void workload_between(struct workload *workload, unsigned pass,
				    size_t tiles)
{
	workload->kernel->between(workload->common->ctx, pass,
				  workload->job.partials, tiles);
}

/* Spoil all that a run must write: samples of each tile, or every item. */
void workload_poison(struct workload *workload);

/* Is what the last call wrote right? On false `error` says what is not, of kind
 * ERROR_INVALID. */
bool workload_verify(struct workload *workload, struct error *error);

/* Compute it serially, over poison: is it right? On false as
 * workload_verify(). */
bool workload_compute(struct workload *workload, struct error *error);

/*
 * Compute it serially, twice on the same input, which must have been filled,
 * and look at every item. On false `error` says what is wrong with the kernel,
 * as that its loop changes its input.
 */
bool workload_prove(struct workload *workload, struct error *error);

/* The same for kernel `spec` at n items, in memory of its own. */
bool workload_try(const char *spec, size_t n, struct error *error);

/* The bits of the result as 16 hexadecimal digits, "" for maps. */
void workload_digest(const struct workload *workload, char digest[17]);

/* Arena bytes that kernel `spec` takes for n items; 0 and `error` when it
 * cannot be set up. Nothing is mapped or touched. */
size_t workload_size(const char *spec, size_t n, struct error *error);

#endif
