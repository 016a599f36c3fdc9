/* SPDX-License-Identifier: MIT */
#include "analysis/prediction.h"

#include "analysis/samples.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
	SIZES_MAX = 256,
	STEPS = 64,	/* per factor of two, in the search for the crossing */
	LONG_CALL = 20, /* a call so many times as long as D is all work */
	PAGE = 4096,
};

/* A measured gain is what it is within so much. */
#define GAIN_ERROR 1.05

/*
 * What a real job takes over an empty one. A pool: lines of its arguments, and
 * the wait for the slower worker. Workers that are created: caches that are
 * full of the kernel's data, not of the system's; with two threads that took
 * 1.2 to 1.5 times. docs/scaling.md has the measurements.
 */
#define LESS	     1.15 /* it may be so much smaller */
#define MORE_POOLED  1.3  /* and so much larger */
#define MORE_CREATED 1.7

/* Lines that a worker has written are fetched so many at a time. */
enum { FETCHED_AT_ONCE = 8 };

/* What a created process takes for each page that it touches, in ns: one fault
 * may map sixteen, or one, under a hypervisor. */
static const struct prediction_range fault_ns = {100, 500, 2000};

/* ------------------------------------------------------------- the kernel */

struct prediction_size {
	double n, ns;
	double gain[2]; /* of the most workers, that of the worst and of the
			   best runner; NaN: not known */
	double work;   /* of all shares, run one after the other by serial, over
			  that of the plain loop: the sum of its logarithms */
	size_t blocks; /* in that sum */
};

/* What is known of a kernel. */
struct prediction_curve {
	size_t count;
	struct prediction_size sizes[SIZES_MAX]; /* ascending */
	unsigned workers;			 /* of the gains */
	double bytes;				 /* of an item; 0: not known */
	double passes;
	double alone; /* the largest size that one worker gets alone, two being
			 asked for; 0: there is none */
};

/* A number of the kernel's in the header; 0: it is not there. */
static double prediction_fact(const struct record *record, const char *kernel,
			      const char *key)
{
	const json_t *kernels = json_object_get(record->header, "kernels");
	const json_t *fact = NULL;

	for (size_t k = 0; k < record->nkernels; k++)
		if (strcmp(record->kernels[k], kernel) == 0)
			fact = json_object_get(json_array_get(kernels, k), key);
	return json_is_true(fact) ? 1 : json_number_value(fact);
}

/* Straight over n between sizes, and on from the last two; below the smallest,
 * not faster than in proportion, and not slower than that. */
static double prediction_serial(const struct prediction_curve *curve, double n)
{
	const struct prediction_size *sizes = curve->sizes;
	size_t at = 1;
	double ns;

	while (at + 1 < curve->count && sizes[at].n < n)
		at++;
	ns = sizes[at - 1].ns + (n - sizes[at - 1].n) *
					(sizes[at].ns - sizes[at - 1].ns) /
					(sizes[at].n - sizes[at - 1].n);
	if (n < sizes[0].n)
		ns = fmin(fmax(ns, sizes[0].ns * n / sizes[0].n), sizes[0].ns);
	return ns;
}

/* Between the nearest sizes that have one, straight over log n. Smaller ones
 * have none (NaN), but of kernels whose cutting costs something that nothing
 * else tells they have that of the smallest. */
static double prediction_gain(const struct prediction_curve *curve, double n,
			      bool best)
{
	const struct prediction_size *below = NULL, *above = NULL;

	for (size_t i = 0; i < curve->count; i++) {
		const struct prediction_size *size = &curve->sizes[i];

		if (isnan(size->gain[best]))
			continue;
		if (size->n <= n)
			below = size;
		if (size->n >= n && !above)
			above = size;
	}
	if (above && curve->passes > 1 && !below)
		return above->gain[best];
	if (!below || !above)
		return NAN;
	if (above == below)
		return below->gain[best];
	return below->gain[best] + (above->gain[best] - below->gain[best]) *
					   log(n / below->n) /
					   log(above->n / below->n);
}

/* ------------------------------------------------------------- handing out */

/* Parts of a runner about a number of workers: the next one below or at it, the
 * one below that, and the next one above; NULL: there is none. */
struct prediction_parts {
	const struct prediction_part *second, *below, *above;
};

static struct prediction_parts prediction_find_parts(
	const struct prediction_question *asked, const char *runner,
	unsigned workers)
{
	struct prediction_parts found = {NULL, NULL, NULL};

	for (size_t i = 0; i < asked->nparts; i++) {
		const struct prediction_part *part = &asked->parts[i];

		if (strcmp(part->runner, runner) != 0 || part->workers < 2)
			continue;
		if (part->workers > workers) {
			if (!found.above ||
			    part->workers < found.above->workers)
				found.above = part;
		} else if (!found.below ||
			   part->workers > found.below->workers) {
			found.second = found.below;
			found.below = part;
		} else if (part->workers < found.below->workers &&
			   (!found.second ||
			    part->workers > found.second->workers)) {
			found.second = part;
		}
	}
	return found;
}

/* The nearest part below or at so many workers, or else above; NULL: none. */
static const struct prediction_part *prediction_find_part(
	const struct prediction_question *asked, const char *runner,
	unsigned workers)
{
	struct prediction_parts parts =
		prediction_find_parts(asked, runner, workers);

	return parts.below ? parts.below : parts.above;
}

/* How far p is from `from` on the way to `to`, by a tree or by turns. */
static double prediction_way(double from, double to, double p, bool tree)
{
	return tree ? log2(p / from) / log2(to / from)
		    : (p - from) / (to - from);
}

/* Through two parts, or through one and nothing at one worker. */
static double prediction_law(const struct prediction_parts *parts, double p,
			     bool tree)
{
	const struct prediction_part *to =
		parts->above ? parts->above : parts->below;
	const struct prediction_part *from =
		parts->above ? parts->below : parts->second;
	double way;

	if (!from)
		return to->ns * prediction_way(1, to->workers, p, tree);
	way = prediction_way(from->workers, to->workers, p, tree);
	return way <= 1 ? from->ns + way * (to->ns - from->ns)
			: to->ns + (way - 1) * fmax(0, to->ns - from->ns);
}

/* By both laws, for empty jobs. */
static struct prediction_range prediction_empty(
	const struct prediction_question *asked,
	const struct prediction_part *one, unsigned workers)
{
	struct prediction_parts parts =
		prediction_find_parts(asked, one->runner, workers);
	double tree = one->ns, turns = one->ns;

	if (one->workers != workers) {
		tree = prediction_law(&parts, workers, true);
		turns = prediction_law(&parts, workers, false);
	}
	return (struct prediction_range){
		fmin(tree, turns) * one->interval.lo / one->ns,
		sqrt(tree * turns),
		fmax(tree, turns) * one->interval.hi / one->ns,
	};
}

/* Lines that the caller fetches from each worker. */
static double prediction_lines(const struct record *record, const char *kernel)
{
	if (!prediction_fact(record, kernel, "reduction"))
		return 0;
	return fmax(1, prediction_fact(record, kernel, "width"));
}

struct prediction_range prediction_cost(const struct prediction_question *asked,
					const char *kernel, const char *runner,
					unsigned workers)
{
	const struct prediction_part *one =
		prediction_find_part(asked, runner, workers);
	double passes =
		fmax(1, prediction_fact(asked->record, kernel, "passes"));
	struct prediction_range cost;
	double lines = prediction_lines(asked->record, kernel);
	double fetch = asked->findings->checks.trip_ns[1] / 2;
	double more;

	if (!one || workers < 2)
		return (struct prediction_range){NAN, NAN, NAN};
	more = one->creates ? MORE_CREATED : MORE_POOLED;
	cost = prediction_empty(asked, one, workers);
	cost.lo *= passes / LESS;
	cost.mid *= passes * sqrt(more / LESS);
	cost.hi *= passes * more;
	if (isnan(fetch))
		return cost;
	/* From all workers at once, or one line after the other. */
	cost.mid += passes * fetch *
		    (lines > 0 ? fmax(1, lines / FETCHED_AT_ONCE) : 0);
	cost.hi += passes * fetch * lines * (workers - 1);
	return cost;
}

/* ------------------------------------------------------------- reading */

static bool prediction_takes(const struct prediction_question *asked,
			     const struct pair *pair, const char *kernel)
{
	return strcmp(pair->kernel, kernel) == 0 &&
	       strcmp(pair->base, "serial") == 0 &&
	       strcmp(pair->placement, asked->placement) == 0;
}

/* What the work of a cell gains, without handing out. */
static double prediction_cell_gain(const struct prediction_question *asked,
				   const struct cell *cell)
{
	const struct pair *pair = &cell->pair;
	const struct prediction_part *part =
		prediction_find_part(asked, pair->runner, pair->workers);
	struct prediction_range cost = prediction_cost(
		asked, pair->kernel, pair->runner, pair->workers);

	if (!part || part->creates || !(cell->runner_ns > LONG_CALL * cost.mid))
		return NAN;
	return cell->serial_ns / (cell->runner_ns - cost.mid);
}

static struct prediction_size *prediction_add_size(
	struct prediction_curve *curve, double n)
{
	size_t at = curve->count;

	for (size_t i = 0; i < curve->count; i++)
		if (curve->sizes[i].n == n)
			return &curve->sizes[i];
	if (curve->count == SIZES_MAX)
		return NULL;
	for (; at > 0 && curve->sizes[at - 1].n > n; at--)
		curve->sizes[at] = curve->sizes[at - 1];
	curve->count++;
	curve->sizes[at] = (struct prediction_size){n, NAN, {NAN, NAN}, 0, 0};
	return &curve->sizes[at];
}

/* What cutting costs: kernels of several passes read their input as often. */
static void prediction_add_work(const struct block *block,
				struct prediction_size *size)
{
	const struct series *base = samples_find_series(block, ROLE_BASE, NULL);
	const struct series *tiles =
		samples_find_series(block, ROLE_CONTROL, "tiles");

	for (size_t r = 0; base && tiles && r < block->rounds; r++)
		if (base->ns[r] > 0 && tiles->ns[r] > 0) {
			size->work += log(tiles->ns[r] / (double)tiles->calls /
					  (base->ns[r] / (double)base->calls));
			size->blocks++;
		}
}

static void prediction_read_work(const struct record *record,
				 const char *kernel,
				 struct prediction_curve *curve)
{
	for (size_t b = 0; b < record->nblocks; b++)
		for (size_t i = 0; i < curve->count; i++)
			if ((double)record->blocks[b].n == curve->sizes[i].n &&
			    strcmp(record->blocks[b].kernel, kernel) == 0)
				prediction_add_work(&record->blocks[b],
						    &curve->sizes[i]);
}

static void prediction_add_gain(struct prediction_size *size, double gain)
{
	size->gain[0] = fmin(size->gain[0], gain);
	size->gain[1] = fmax(size->gain[1], gain);
}

/* Of serial's times beside several runners the least, since what disturbs makes
 * them longer. */
static void prediction_read(const struct prediction_question *asked,
			    const char *kernel, struct prediction_curve *curve)
{
	const struct findings *findings = asked->findings;

	*curve = (struct prediction_curve){
		.workers = findings_most_workers(findings),
		.bytes = prediction_fact(asked->record, kernel, "bytes"),
		.passes = prediction_fact(asked->record, kernel, "passes"),
	};
	for (size_t i = 0; i < findings->ncells; i++) {
		const struct cell *cell = &findings->cells[i];
		struct prediction_size *size;

		if (cell->rounds == 0 ||
		    !prediction_takes(asked, &cell->pair, kernel))
			continue;
		size = prediction_add_size(curve, (double)cell->n);
		if (!size)
			return;
		size->ns = fmin(size->ns, cell->serial_ns);
		if (cell->pair.workers == curve->workers)
			prediction_add_gain(size,
					    prediction_cell_gain(asked, cell));
		if (cell->tiles == 1 && curve->workers > 1)
			curve->alone = fmax(curve->alone, size->n);
	}
	prediction_read_work(asked->record, kernel, curve);
}

/* ------------------------------------------------------------- a call */

/* What all shares are over the plain loop, at least as much: as serial ran them
 * at the nearest size, or else as the gain tells. */
static double prediction_work(const struct prediction_curve *curve, double n)
{
	const struct prediction_size *near = NULL;
	double gain = prediction_gain(curve, n, true);

	for (size_t i = 0; i < curve->count; i++)
		if (curve->sizes[i].blocks &&
		    (!near ||
		     fabs(log(curve->sizes[i].n / n)) < fabs(log(near->n / n))))
			near = &curve->sizes[i];
	if (near)
		return fmax(1, exp(near->work / (double)near->blocks));
	return curve->passes > 1 && gain > 0 ? fmax(1, curve->workers / gain)
					     : 1;
}

/* How many of the workers get a share of n items: heavy ones are worth one, or
 * a few, and light ones so many. */
static unsigned prediction_shares(const struct prediction_curve *curve,
				  double n, unsigned workers)
{
	double worth = 2 * n / (curve->alone + 1);

	return curve->alone == 0 || worth >= workers ? workers
						     : (unsigned)fmax(1, worth);
}

/* A worker's share of the work, by serial's times. */
static struct prediction_range prediction_share_by_serial(
	const struct prediction_question *asked,
	const struct prediction_curve *curve, double n, unsigned workers)
{
	unsigned shares = prediction_shares(curve, n, workers);
	double keep = asked->findings->checks.compute_interval.lo;
	double work = prediction_work(curve, n);
	double serial = prediction_serial(curve, n);
	double nearer = prediction_serial(curve, n / shares);
	double even = serial / shares;
	/* The last share may be the longest, as where items differ. */
	double last = serial - prediction_serial(curve, n - n / shares);
	struct prediction_range share = {work * fmin(even, nearer), 0,
					 work * fmax(even, fmax(nearer, last))};

	if (shares == 1)
		share.lo = share.hi = serial;
	else if (keep > 0 && keep < 1)
		share.hi /= keep;
	share.mid = sqrt(share.lo * share.hi);
	return share;
}

/* Where gains are known, these say more: as many workers gain as much, more
 * workers at least that, fewer in proportion. */
static struct prediction_range prediction_share(
	const struct prediction_question *asked,
	const struct prediction_curve *curve, double n, unsigned workers)
{
	struct prediction_range share =
		prediction_share_by_serial(asked, curve, n, workers);
	double serial = prediction_serial(curve, n);
	double worst = serial / prediction_gain(curve, n, false) * GAIN_ERROR;
	double best = serial / prediction_gain(curve, n, true) / GAIN_ERROR;

	if (isnan(worst) || isnan(best))
		return share;
	if (workers == curve->workers)
		return (struct prediction_range){best, sqrt(best * worst),
						 worst};
	if (workers < curve->workers)
		worst *= (double)curve->workers / workers;
	share.hi = fmax(share.hi, worst);
	share.mid = sqrt(share.lo * share.hi);
	return share;
}

/* Find where a call gets shorter than serial's. */
static struct prediction_range prediction_cross(
	const struct prediction_question *asked,
	const struct prediction_curve *curve,
	const struct prediction_range *cost, bool faults, unsigned workers)
{
	double first = curve->sizes[0].n;
	double last = curve->sizes[curve->count - 1].n;
	int steps = (int)floor(STEPS * log2(last / first));
	struct prediction_range found = {INFINITY, INFINITY, INFINITY};

	for (int i = 0; i <= steps && isinf(found.hi); i++) {
		double n = fmin(last, first * exp2((double)i / STEPS));
		double at = i == 0 ? 0 : n,
		       serial = prediction_serial(curve, n);
		double pages = faults ? n * curve->bytes / PAGE / workers : 0;
		struct prediction_range share =
			prediction_share(asked, curve, n, workers);

		if (cost->lo + share.lo + pages * fault_ns.lo < serial)
			found.lo = fmin(found.lo, at);
		if (cost->mid + share.mid + pages * fault_ns.mid < serial)
			found.mid = fmin(found.mid, at);
		if (cost->hi + share.hi + pages * fault_ns.hi < serial)
			found.hi = at;
	}
	return found;
}

static const struct crossing *prediction_find_measured(
	const struct prediction_question *asked, const char *kernel,
	const char *runner, unsigned workers)
{
	for (size_t i = 0; i < asked->findings->ncrossings; i++) {
		const struct crossing *crossing =
			&asked->findings->crossings[i];

		if (crossing->pair.workers == workers &&
		    strcmp(crossing->pair.runner, runner) == 0 &&
		    prediction_takes(asked, &crossing->pair, kernel))
			return crossing;
	}
	return NULL;
}

static bool prediction_make(const struct prediction_question *asked,
			    const struct prediction_curve *curve,
			    const char *kernel, const char *runner,
			    unsigned workers, struct prediction *prediction)
{
	struct prediction_range cost =
		prediction_cost(asked, kernel, runner, workers);
	const struct prediction_part *part =
		prediction_find_part(asked, runner, workers);

	if (!part || isnan(cost.mid) || curve->count < 2)
		return false;
	*prediction = (struct prediction){
		.kernel = kernel,
		.runner = runner,
		.workers = workers,
		.n = prediction_cross(asked, curve, &cost,
				      part->creates && part->processes,
				      workers),
		.n_min = (uint64_t)curve->sizes[0].n,
		.n_max = (uint64_t)curve->sizes[curve->count - 1].n,
		.measured = prediction_find_measured(asked, kernel, runner,
						     workers),
	};
	return true;
}

/* ------------------------------------------------------------- all of them */

/* Is it asked for, and the first part of its runner? */
static bool prediction_begins(const struct prediction_question *asked,
			      size_t part)
{
	const char *runner = asked->parts[part].runner;

	for (size_t i = 0; i < part; i++)
		if (strcmp(asked->parts[i].runner, runner) == 0)
			return false;
	return !asked->runner || strcmp(asked->runner, runner) == 0;
}

static void predictions_add_kernel(const struct prediction_question *asked,
				   const char *kernel,
				   struct predictions *predictions)
{
	struct prediction_curve curve;

	prediction_read(asked, kernel, &curve);
	for (size_t w = 0; w < asked->nworkers; w++)
		for (size_t i = 0; i < asked->nparts; i++)
			if (prediction_begins(asked, i) &&
			    prediction_make(
				    asked, &curve, kernel,
				    asked->parts[i].runner, asked->workers[w],
				    &predictions->list[predictions->count]))
				predictions->count++;
}

int predictions_make(const struct prediction_question *asked,
		     struct predictions *predictions)
{
	const char *kernel;
	size_t kernels = 0;

	while (findings_kernel(asked->findings, kernels))
		kernels++;
	*predictions = (struct predictions){
		.list = calloc(kernels * asked->nparts * asked->nworkers + 1,
			       sizeof(*predictions->list))};
	if (!predictions->list)
		return -ENOMEM;
	for (size_t k = 0; (kernel = findings_kernel(asked->findings, k)); k++)
		if (!asked->kernel || strcmp(asked->kernel, kernel) == 0)
			predictions_add_kernel(asked, kernel, predictions);
	return 0;
}

void predictions_free(struct predictions *predictions)
{
	free(predictions->list);
}

/* ------------------------------------------------------------- the check */

bool prediction_is_checked(const struct prediction *prediction)
{
	const struct crossing *measured = prediction->measured;

	return measured && (measured->at.verdict == BREAKEVEN_AT ||
			    measured->at.verdict == BREAKEVEN_WINDOW ||
			    measured->at.verdict == BREAKEVEN_ALWAYS ||
			    measured->at.verdict == BREAKEVEN_NEVER);
}

bool prediction_holds(const struct prediction *prediction)
{
	const struct breakeven *at = &prediction->measured->at;
	const struct prediction_range *n = &prediction->n;

	if (at->verdict == BREAKEVEN_NEVER)
		return isinf(n->hi);
	if (at->verdict == BREAKEVEN_ALWAYS)
		return n->lo <= at->n_hi;
	return n->lo <= at->n_star && at->n_star <= n->hi;
}
