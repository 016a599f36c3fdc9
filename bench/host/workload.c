/* SPDX-License-Identifier: MIT */
#include "bench/host/workload.h"

#include "bench/host/page_nodes.h"
#include "bench/host/registry.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#ifndef MADV_POPULATE_WRITE
#	define MADV_POPULATE_READ  22 /* Linux 5.14; glibc 2.36 lacks them */
#	define MADV_POPULATE_WRITE 23
#endif

enum {
	SAMPLE = 8,	    /* items looked at, at each end of a tile */
	GUARD = CACHE_LINE, /* bytes that must not be written */
	GUARD_VALUE = 0xa5,
};

static void *workload_map_arena(enum memory memory, int fd, size_t size,
				bool image)
{
	if (image && memory != MEMORY_PRIVATE)
		return memory_map_image(fd, size);
	return memory_map(memory, fd, size);
}

int workload_map(struct workload *workload, enum memory memory, int fd,
		 size_t size, unsigned workers, bool image)
{
	size_t common_size =
		sizeof(struct workload_common) + workers * sizeof(int);
	void *base = workload_map_arena(memory, fd, size, image);

	if (!base)
		return -errno;
	workload->common = memory_share(common_size, &workload->common_fd);
	if (!workload->common) {
		int error = errno;

		munmap(base, size);
		return -error;
	}
	workload->common_size = common_size;
	workload->image = image && memory != MEMORY_PRIVATE;
	workload->arena = (struct arena){.base = base, .size = size};
	return 0;
}

void workload_unmap(struct workload *workload)
{
	if (workload->arena.base)
		munmap(workload->arena.base, workload->arena.size);
	munmap(workload->common, workload->common_size);
	close(workload->common_fd);
}

/* Of MADV_POPULATE_...: else it is unknown or refused, and we do it. */
static bool workload_out_of_memory(int error)
{
	return error == ENOMEM || error == EFAULT || error == EHWPOISON;
}

/* Enter the pages into our page table, so that no call faults. */
static int workload_populate(char *base, size_t size)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);

	if (size == 0 || madvise(base, size, MADV_POPULATE_WRITE) == 0)
		return 0;
	if (workload_out_of_memory(errno))
		return -errno;
	for (size_t at = 0; at < size; at += page)
		__atomic_fetch_or(base + at, 0, __ATOMIC_RELAXED);
	return 0;
}

/* Drop our own copies, which hide the present content of the file, and map its
 * pages. A page is copied when a call writes to it, not before. */
static int workload_renew_image(const struct arena *arena, size_t taken)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);

	if (madvise(arena->base, arena->size, MADV_DONTNEED) < 0)
		return -errno;
	if (taken == 0 || madvise(arena->base, taken, MADV_POPULATE_READ) == 0)
		return 0;
	if (workload_out_of_memory(errno))
		return -errno;
	for (size_t at = 0; at < taken; at += page)
		__atomic_load_n(arena->base + at, __ATOMIC_RELAXED);
	return 0;
}

static size_t workload_get_grain(const struct kernel *kernel,
				 const union option_value *options)
{
	return kernel->grain_for ? kernel->grain_for(options) : kernel->grain;
}

/* Set up *kernel and take its memory, a guard behind that, and then partials
 * for any cut: so arrays are at the same place in every host. 0 or -errno. */
static int workload_take(struct workload *workload,
			 const union option_value *options)
{
	const struct kernel *kernel = workload->kernel;
	struct arena *arena = &workload->arena;
	size_t width = kernel_width(kernel), tiles;
	int rc = kernel->setup(workload->common->ctx, arena, workload->n,
			       options);

	if (rc < 0)
		return rc;
	workload->taken = arena->used;
	workload->grain = workload_get_grain(kernel, options);
	tiles = plan_most_tiles(workload->n, workload->grain);
	/* At once behind it, not only where the next line begins. */
	workload->guard = (unsigned char *)arena->base + workload->taken;
	if (!arena_take(arena, GUARD, 1))
		return -ENOMEM;
	/* One at least, for runs of nothing. */
	workload->job.partials = arena_take(arena, tiles ? tiles : 1,
					    width * sizeof(struct partial));
	return workload->job.partials ? 0 : -ENOMEM;
}

/* Set up kernel `spec` for n items in the arena, which has no memory behind it
 * if only its size is asked for. */
static int workload_set_up(struct workload *workload, const char *spec,
			   size_t n, struct error *error)
{
	const struct kernel *kernel = registry_kernel(spec, error);
	union option_value options[SPEC_OPTIONS_MAX];
	int rc;

	if (!kernel)
		return error->kind;
	rc = spec_parse(spec, kernel->options, options, error);
	if (rc)
		return rc;
	arena_reset(&workload->arena);
	memset(workload->common->ctx, 0, kernel->ctx_size);
	workload->kernel = kernel;
	workload->n = n;
	rc = workload_take(workload, options);
	if (rc == 0)
		return 0;
	error_set(error, ERROR_FAILED,
		  "%s of %zu items does not fit the %zu MiB of memory that a "
		  "run may use: name smaller sizes",
		  spec, n, workload->arena.size >> 20);
	return ERROR_FAILED;
}

void workload_cut(struct workload *workload, unsigned workers)
{
	const struct kernel *kernel = workload->kernel;

	workload->job = (struct job){
		.run = kernel->run,
		.ctx = workload->common->ctx,
		.partials = workload->job.partials,
		.width = kernel->combine || kernel->between
				 ? kernel_width(kernel)
				 : 0,
		.plan = plan_make(workload->n, workload->grain, workers),
		.ctx_size = kernel->ctx_size,
		.spans = kernel->spans,
		.accumulate = kernel_passes(kernel) > 1,
	};
	workload->own = (struct range){0, workload->job.plan.tiles};
}

static bool workload_guard_is_whole(const struct workload *workload)
{
	for (size_t i = 0; i < GUARD; i++)
		if (workload->guard[i] != GUARD_VALUE)
			return false;
	return true;
}

/* Bring in the pages that the kernel took. Those of partials follow with their
 * first values, before anything is measured. */
static int workload_bring_in(struct workload *workload, const char *spec,
			     size_t n, bool fill, struct error *error)
{
	const struct arena *arena = &workload->arena;
	int rc;

	if (fill && workload->nodes)
		workload->unplaced =
			page_nodes_place(workload->nodes, workload);
	rc = workload->image ? workload_renew_image(arena, workload->taken)
			     : workload_populate(arena->base, workload->taken);
	return rc == 0 ? 0
		       : error_set(error, ERROR_FAILED,
				   "no memory for %zu items of %s: %s", n, spec,
				   strerror(-rc));
}

int workload_prepare(struct workload *workload, const char *spec, size_t n,
		     bool fill, struct error *error)
{
	int rc = workload_set_up(workload, spec, n, error);

	if (rc == 0)
		rc = workload_bring_in(workload, spec, n, fill, error);
	if (rc) {
		workload->kernel = NULL;
		return rc;
	}
	workload_cut(workload, 1);
	workload->whole = true;
	memset(workload->guard, GUARD_VALUE, GUARD);
	if (fill && workload->kernel->fill)
		workload->kernel->fill(workload->common->ctx, 0, n, NULL);
	return 0;
}

void workload_reference(struct workload *workload)
{
	size_t tiles = workload->job.plan.tiles;

	for (unsigned p = 0; p < kernel_passes(workload->kernel); p++) {
		job_run(&workload->job, 0, tiles);
		if (workload->kernel->between)
			workload_between(workload, p, tiles);
	}
	if (workload->kernel->combine)
		workload_combine(workload);
}

/* Call `visit` on the items of a tile that are sampled, or on all. */
static bool workload_each_sample(struct workload *workload,
				 bool (*visit)(struct workload *, size_t,
					       size_t))
{
	const struct plan *plan = &workload->job.plan;
	const struct range own = workload->own;
	bool good = true;

	if (own.begin == own.end)
		return true;
	if (workload->whole)
		return visit(workload, plan_tile(plan, own.begin).begin,
			     plan_tile(plan, own.end - 1).end);
	for (size_t t = own.begin; good && t < own.end; t++) {
		struct range tile = plan_tile(plan, t);
		size_t length = tile.end - tile.begin;
		size_t sample = length < SAMPLE ? length : SAMPLE;

		good = visit(workload, tile.begin, tile.begin + sample) &&
		       visit(workload, tile.end - sample, tile.end);
	}
	return good;
}

static bool workload_poison_range(struct workload *workload, size_t begin,
				  size_t end)
{
	workload->kernel->poison(workload->common->ctx, begin, end);
	return true;
}

static bool workload_check_range(struct workload *workload, size_t begin,
				 size_t end)
{
	return workload->kernel->check(workload->common->ctx, begin, end);
}

void workload_poison(struct workload *workload)
{
	/* All ones is not a number, and no count either. */
	memset(workload->job.partials, 0xff,
	       workload->job.plan.tiles * workload->job.width *
		       sizeof(struct partial));
	memset(&workload->result, 0xff, sizeof(workload->result));
	if (workload->kernel->poison)
		workload_each_sample(workload, workload_poison_range);
}

bool workload_verify(struct workload *workload, struct error *error)
{
	const struct kernel *kernel = workload->kernel;
	bool good = true;

	if (!workload_guard_is_whole(workload)) {
		error_set(
			error, ERROR_INVALID,
			"%s of %zu items wrote behind the memory that it took "
			"from the arena",
			kernel->name, workload->n);
		return false;
	}
	if (kernel->check)
		good = workload_each_sample(workload, workload_check_range);
	if (good && kernel->expect)
		good = kernel->expect(workload->common->ctx, workload->n,
				      &workload->result);
	if (good)
		workload->whole = false;
	else
		error_set(error, ERROR_INVALID,
			  "%s of %zu items came out wrong", kernel->name,
			  workload->n);
	return good;
}

bool workload_compute(struct workload *workload, struct error *error)
{
	workload_poison(workload);
	workload_reference(workload);
	return workload_verify(workload, error);
}

/* ------------------------------------------------------------- proof */

/* Compute it serially, without poison, and check every item. */
static bool workload_call_is_right(struct workload *workload, char digest[17])
{
	struct error error;

	workload->whole = true;
	workload_reference(workload);
	workload_digest(workload, digest);
	return workload_verify(workload, &error);
}

static bool workload_repeats(struct workload *workload, const char first[17])
{
	char second[17];

	return workload_call_is_right(workload, second) &&
	       strcmp(first, second) == 0;
}

static void workload_describe_changes(const struct workload *workload,
				      struct error *error)
{
	error_set(
		error, ERROR_INVALID,
		"%s of %zu items came out wrong when it was called again: its "
		"loop changes its input, or keeps something for the next "
		"call. Calls repeat on the same input: read from one array "
		"and write to another, as y[i] = z[i] + a * x[i] for y[i] += "
		"a * x[i]",
		workload->kernel->name, workload->n);
}

/* The first call after poison() came out wrong: would it without? */
static void workload_explain(struct workload *workload, struct error *error)
{
	const struct kernel *kernel = workload->kernel;
	char first[17];

	if (!workload_guard_is_whole(workload))
		return;
	if (kernel->fill)
		kernel->fill(workload->common->ctx, 0, workload->n, NULL);
	if (!workload_call_is_right(workload, first))
		return;
	if (!workload_repeats(workload, first))
		workload_describe_changes(workload, error);
	else
		error_set(error, ERROR_INVALID,
			  "%s of %zu items came out wrong after .poison alone: "
			  "it is to spoil what .run writes, and nothing that "
			  ".run reads",
			  kernel->name, workload->n);
}

bool workload_prove(struct workload *workload, struct error *error)
{
	char first[17];

	if (!workload_compute(workload, error)) {
		workload_explain(workload, error);
		return false;
	}
	workload_digest(workload, first);
	if (workload_repeats(workload, first))
		return true;
	workload_describe_changes(workload, error);
	return false;
}

bool workload_try(const char *spec, size_t n, struct error *error)
{
	size_t size = workload_size(spec, n, error);
	struct workload workload = {.n = 0};
	bool good;
	int rc;

	if (size == 0)
		return false;
	rc = workload_map(&workload, MEMORY_PRIVATE, -1, size, 1, false);
	if (rc < 0 || !workload.common) {
		error_set(error, ERROR_FAILED, "no memory to try it: %s",
			  strerror(-rc));
		return false;
	}
	good = workload_prepare(&workload, spec, n, true, error) == 0 &&
	       workload_prove(&workload, error);
	workload_unmap(&workload);
	return good;
}

void workload_digest(const struct workload *workload, char digest[17])
{
	uint64_t bits = 0;

	digest[0] = '\0';
	if (!workload->kernel->combine)
		return;
	for (size_t i = 0; i < 8; i++)
		bits = (bits << 7 | bits >> 57) ^ workload->result.u64[i];
	snprintf(digest, 17, "%016llx", (unsigned long long)bits);
}

size_t workload_size(const char *spec, size_t n, struct error *error)
{
	/* An arena with no memory behind it: set-up touches none. */
	struct workload workload = {
		.arena = {.base = (char *)CACHE_LINE, .size = SIZE_MAX / 4}};
	struct workload_common *common =
		aligned_alloc(CACHE_LINE, sizeof(*common));
	int rc;

	if (!common) {
		error_set(error, ERROR_FAILED, "out of memory");
		return 0;
	}
	workload.common = common;
	rc = workload_set_up(&workload, spec, n, error);
	free(common);
	return rc ? 0 : workload.arena.used + CACHE_LINE;
}
