/* SPDX-License-Identifier: MIT */
#include "bench/session/sizing.h"

#include "bench/engine/calibration.h"
#include "bench/engine/contender.h"
#include "bench/engine/describe.h"
#include "bench/engine/engine.h"
#include "core/clock.h"

#include <math.h>

#define LONGEST_CALL_NS 20e6
#define MIB		1048576.0

/* Of what it takes to write the data for the first time: another process takes
 * so long to enter the pages. Seen on a virtual machine; less elsewhere. */
#define COLD 0.5

#define PROOF_CALLS 2 /* that the base makes to prove the kernel */

int sizing_check(struct engine *engine, const char *kernel, uint64_t n,
		 size_t limit)
{
	size_t size;
	int rc = describe_size(engine->program, kernel, n, &size,
			       &engine->error);

	if (rc || (size <= limit && size <= engine->arena_size))
		return rc;
	return error_set(
		&engine->error, ERROR_USAGE,
		"%s: %llu items need %.2f MiB, but a run may use %.2f MiB, "
		"its share of %s: name smaller sizes with --sizes",
		kernel, (unsigned long long)n, (double)size / MIB,
		(double)engine->arena_size / MIB, engine->memory_limit);
}

static int measure(struct engine *engine, size_t kernel, struct sizes *sizes,
		   uint64_t n)
{
	double ns = 0, start = now_s();
	int rc = engine_prepare(engine, kernel, n);

	sizes->ready_s[sizes->count] = now_s() - start;
	if (rc == 0)
		rc = engine_measure_base(engine, kernel, n, &ns);
	sizes->n[sizes->count] = n;
	sizes->ns[sizes->count++] = ns;
	return rc ? error_set(&engine->error, (enum error_kind)rc,
			      "%s at %llu items: %s", engine->kernels[kernel],
			      (unsigned long long)n,
			      engine->contenders[0].host.error.text)
		  : 0;
}

int sizing_find(struct engine *engine, size_t kernel, uint64_t lo, uint64_t hi,
		uint64_t llc, struct sizes *sizes)
{
	const char *name = engine->kernels[kernel];
	size_t limit = hi ? engine->arena_size : 4 * (size_t)llc;
	uint64_t n = lo;
	int rc;

	sizes->count = 0;
	if (limit == 0 || limit > engine->arena_size)
		limit = engine->arena_size;
	rc = sizing_check(engine, name, hi ? hi : lo, engine->arena_size);
	if (rc == ERROR_USAGE || rc == ERROR_INTERRUPTED)
		return rc;
	while (sizes->count < SIZING_MAX && (hi == 0 || n <= hi)) {
		rc = sizing_check(engine, name, n, limit);
		if (rc == ERROR_USAGE) {
			engine->error = (struct error){.text = ""};
			return 0;
		}
		if (rc)
			return rc;
		rc = measure(engine, kernel, sizes, n);
		if (rc)
			return rc;
		if (n == hi)
			break;
		/* The next would take longer than it may. */
		if (hi == 0 &&
		    sizes->ns[sizes->count - 1] * SIZING_STEP > LONGEST_CALL_NS)
			break;
		n *= SIZING_STEP;
		if (hi && n > hi)
			n = hi;
	}
	return 0;
}

double sizing_epoch_s(const struct engine *engine, double call_ns)
{
	return engine->ask_s + fmax(1.2 * engine->epoch_ns, 2 * call_ns) * 1e-9;
}

/* In one generation: the base writes the data and computes them once; each slot
 * enters them and is asked, and there is a probe behind each round. */
static double size_s(const struct engine *engine, const struct sizes *sizes,
		     size_t i, double slots, size_t rounds)
{
	double call_s = 1e-9 * sizes->ns[i];
	double entry_s = fmax(sizes->ready_s[i] - PROOF_CALLS * call_s, 0);
	double one = (double)rounds * sizing_epoch_s(engine, sizes->ns[i]) +
		     engine->ask_s + COLD * entry_s;

	return entry_s + call_s + slots * one +
	       (double)rounds * 2 * engine->ask_s;
}

double sizing_visit_s(const struct engine *engine, const struct sizes *sizes,
		      double slots, size_t rounds)
{
	double total = 0;

	for (size_t k = 0; k < engine->nkernels; k++)
		for (size_t i = 0; i < sizes[k].count; i++)
			total += size_s(engine, &sizes[k], i, slots, rounds);
	return total;
}
