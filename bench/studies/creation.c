/* SPDX-License-Identifier: MIT */
#include "bench/studies/creation.h"

#include "bench/cli/progress.h"
#include "bench/studies/article_python.h"
#include "bench/studies/skip.h"
#include "bench/studies/spawn_ops.h"
#include "bench/studies/spawn_parent.h"
#include "core/error.h"
#include "report/doc/text.h"
#include "stats/stats.h"
#include "system/headroom.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ALPHA 0.05

enum { MIB = 1 << 20, FAULT_MIB = 32 };

/* The requests to Python, and their names in the table. */
static const struct {
	const char *what, *request;
} python_acts[] = {
	{"python-process-5", "processes 5"},
	{"python-thread", "threads 1"},
	{"python-thread-5", "threads 5"},
	{"python-pool-4", "pool 4"},
};
enum { PYTHON_ACTS = sizeof(python_acts) / sizeof(*python_acts) };

/* ------------------------------------------------------------- what is found
 */

static int creation_grow(void **array, size_t count, size_t size)
{
	void *grown = realloc(*array, (count + 1) * size);

	if (!grown)
		return -ENOMEM;
	*array = grown;
	return 0;
}

struct middle {
	double median;
	struct interval interval;
};

/* The median of `runs` values, which are sorted in place. */
static struct middle creation_find_middle(double *values, size_t runs)
{
	stats_sort(values, runs);
	return (struct middle){stats_median(values, runs),
			       stats_median_interval(values, runs, ALPHA)};
}

static int creation_add_row(struct creation *found, const char *what,
			    double mib, bool huge, double *ns)
{
	struct middle middle = creation_find_middle(ns, found->runs);

	if (creation_grow((void **)&found->rows, found->nrows,
			  sizeof(*found->rows)) < 0)
		return ERROR_FAILED;
	found->rows[found->nrows++] = (struct creation_row){
		.what = what,
		.parent_mib = mib,
		.huge = huge,
		.us = middle.median / 1e3,
		.lo = middle.interval.lo / 1e3,
		.hi = middle.interval.hi / 1e3,
	};
	return 0;
}

static int creation_add_fault(struct creation *found, const char *what,
			      bool huge, double *ns, double *count, size_t runs)
{
	double kib =
		huge ? HUGE_PAGE / 1024 : (double)sysconf(_SC_PAGESIZE) / 1024;
	double pages = found->fault_mib * 1024 / kib;
	struct middle middle = creation_find_middle(ns, runs);

	stats_sort(count, runs);
	if (creation_grow((void **)&found->faults, found->nfaults,
			  sizeof(*found->faults)) < 0)
		return ERROR_FAILED;
	found->faults[found->nfaults++] = (struct creation_fault){
		.what = what,
		.huge = huge,
		.page_kib = kib,
		.ns = middle.median / pages,
		.lo = middle.interval.lo / pages,
		.hi = middle.interval.hi / pages,
		.faults = stats_median(count, runs) / pages,
	};
	return 0;
}

/* ------------------------------------------------------------- parents */

static int creation_room_for(struct spawn_parent *parent)
{
	size_t values = parent->nops * parent->runs;

	parent->ns = calloc(values, sizeof(double));
	parent->count = calloc(values, sizeof(double));
	parent->ends = calloc(parent->nops, sizeof(*parent->ends));
	return parent->ns && parent->count && parent->ends ? 0 : ERROR_FAILED;
}

static void creation_free_parent(struct spawn_parent *parent)
{
	free(parent->ns);
	free(parent->count);
	free(parent->ends);
}

/* A parent that fails as a whole is skipped, and the others go on. */
static int creation_excuse(struct creation *found,
			   const struct spawn_parent *parent, int rc)
{
	if (rc == ERROR_INTERRUPTED)
		return rc;
	return skip_item(&found->skipped, false, parent->error.text,
			 "a parent of %zu MiB in %s pages",
			 parent->ballast / MIB, parent->huge ? "huge" : "4K");
}

static int creation_take_parent(struct creation *found,
				const struct spawn_parent *parent)
{
	double mib = (double)(parent->ballast / MIB);
	int rc = 0;

	for (size_t a = 0; rc == 0 && a < parent->nops; a++)
		if (parent->ends[a].rc)
			rc = skip_item(&found->skipped, false,
				       parent->ends[a].error,
				       "%s, by a parent of %.0f MiB in %s "
				       "pages",
				       parent->ops[a].name, mib,
				       parent->huge ? "huge" : "4K");
		else
			rc = creation_add_row(found, parent->ops[a].name, mib,
					      parent->huge,
					      parent->ns + a * parent->runs);
	return rc;
}

static int creation_measure_parent(const struct creation_plan *plan,
				   struct creation *found, uint64_t bytes,
				   bool huge)
{
	struct spawn_parent parent = {
		.ballast = bytes,
		.huge = huge,
		.ops = spawn_creation,
		.nops = spawn_ncreation,
		.runs = plan->runs,
		.interrupt_fd = plan->interrupt_fd,
		.topology = plan->topology,
	};
	int rc = creation_room_for(&parent);

	progress_show(plan->progress, "a parent of %llu MiB in %s pages",
		      (unsigned long long)(bytes / MIB), huge ? "huge" : "4K");
	if (rc == 0)
		rc = spawn_parent_run(&parent);
	rc = rc ? creation_excuse(found, &parent, rc)
		: creation_take_parent(found, &parent);
	creation_free_parent(&parent);
	return rc;
}

static int creation_take_faults(struct creation *found,
				const struct spawn_parent *parent)
{
	int rc = 0;

	for (size_t a = 0; rc == 0 && a < parent->nops; a++)
		if (parent->ends[a].rc)
			rc = skip_item(&found->skipped, false,
				       parent->ends[a].error, "%s",
				       parent->ops[a].name);
		else
			rc = creation_add_fault(
				found, parent->ops[a].name, parent->huge,
				parent->ns + a * parent->runs,
				parent->count + a * parent->runs, parent->runs);
	return rc;
}

static int creation_measure_faults(const struct creation_plan *plan,
				   struct creation *found, bool huge)
{
	struct spawn_parent parent = {
		.ballast = HUGE_PAGE,
		.region = (size_t)(found->fault_mib * MIB),
		.huge = huge,
		.ops = spawn_faults,
		.nops = spawn_nfaults,
		.runs = plan->runs,
		.interrupt_fd = plan->interrupt_fd,
		.topology = plan->topology,
	};
	int rc = creation_room_for(&parent);

	progress_show(plan->progress, "faults of %s pages",
		      huge ? "huge" : "4K");
	if (rc == 0)
		rc = spawn_parent_run(&parent);
	if (rc && rc != ERROR_INTERRUPTED)
		rc = skip_item(&found->skipped, false, parent.error.text,
			       "faults of %s pages", huge ? "huge" : "4K");
	else if (rc == 0)
		rc = creation_take_faults(found, &parent);
	creation_free_parent(&parent);
	return rc;
}

/* ------------------------------------------------------------- sizes */

static int creation_note_large(struct creation *found, uint64_t bytes,
			       uint64_t room, const char *limit)
{
	char text[256];

	snprintf(text, sizeof(text), "half of %s is %llu MiB", limit,
		 (unsigned long long)(room / MIB));
	return skip_item(&found->skipped, false, text, "a parent of %llu MiB",
			 (unsigned long long)(bytes / MIB));
}

static int creation_measure_size(const struct creation_plan *plan,
				 struct creation *found, uint64_t bytes)
{
	int rc = creation_measure_parent(plan, found, bytes, false);

	if (rc)
		return rc;
	if (bytes < HUGE_PAGE)
		return skip_item(&found->skipped, false,
				 "one huge page is 2 MiB",
				 "a parent of %llu MiB in huge pages",
				 (unsigned long long)(bytes / MIB));
	return creation_measure_parent(plan, found, bytes, true);
}

/* What a parent of this size takes, as many times as a small one: forks of
 * 64 MiB in small pages take twice as long as those of next to nothing. */
static double creation_work(uint64_t bytes)
{
	return 1 + (double)bytes / (64 * MIB);
}

static double creation_all_work(uint64_t max)
{
	double work = 2; /* faults and Python */

	for (uint64_t bytes = (uint64_t)CREATION_BASE_MIB * MIB; bytes <= max;
	     bytes *= CREATION_STEP)
		work += creation_work(bytes);
	return work;
}

static int creation_measure_sizes(const struct creation_plan *plan,
				  struct creation *found)
{
	const char *limit;
	uint64_t room = headroom_plan("", 0, &limit);
	double all = creation_all_work(plan->max < room ? plan->max : room);
	double done = 0;
	int rc = 0;

	for (uint64_t bytes = (uint64_t)CREATION_BASE_MIB * MIB;
	     rc == 0 && bytes <= plan->max; bytes *= CREATION_STEP) {
		progress_part(plan->progress, done / all);
		done += creation_work(bytes);
		rc = bytes > room
			     ? creation_note_large(found, bytes, room, limit)
			     : creation_measure_size(plan, found, bytes);
	}
	return rc;
}

/* ------------------------------------------------------------- Python */

static int creation_ask_all(const struct creation_plan *plan,
			    struct python *python, double *ns)
{
	double unused;
	int rc = 0;

	/* A first one of each loads what it needs. */
	for (size_t a = 0; rc == 0 && a < PYTHON_ACTS; a++)
		rc = python_ask(python, python_acts[a].request,
				plan->interrupt_fd, &unused);
	for (size_t run = 0; rc == 0 && run < plan->runs; run++)
		for (size_t i = 0; rc == 0 && i < PYTHON_ACTS; i++) {
			size_t a = (i + run) % PYTHON_ACTS;

			rc = python_ask(python, python_acts[a].request,
					plan->interrupt_fd,
					&ns[a * plan->runs + run]);
		}
	return rc;
}

static int creation_take_python(struct creation *found,
				const struct python *python, double *ns)
{
	int rc = 0;

	found->python = strdup(python->version);
	for (size_t a = 0; rc == 0 && a < PYTHON_ACTS; a++)
		rc = creation_add_row(found, python_acts[a].what,
				      python->rss_mib, false,
				      ns + a * found->runs);
	return found->python ? rc : ERROR_FAILED;
}

static int creation_measure_python(const struct creation_plan *plan,
				   struct creation *found)
{
	double *ns = calloc(PYTHON_ACTS * plan->runs, sizeof(*ns));
	struct python python;
	int rc;

	if (!ns)
		return ERROR_FAILED;
	progress_show(plan->progress, "processes and threads of Python");
	rc = python_open(&python, plan->topology, plan->interrupt_fd);
	if (rc == 0)
		rc = creation_ask_all(plan, &python, ns);
	python_close(&python);
	if (rc == 0)
		rc = creation_take_python(found, &python, ns);
	else if (rc != ERROR_INTERRUPTED)
		rc = skip_item(&found->skipped, false, python.host.error.text,
			       "Python");
	free(ns);
	return rc;
}

int creation_measure(const struct creation_plan *plan, struct creation *found)
{
	const char *limit;
	/* Children copy what their parent touched. */
	double room = (double)headroom_plan("", 0, &limit) / 2;
	int rc;

	found->runs = plan->runs;
	found->fault_mib = fmin(FAULT_MIB, /* to be quick */
				fmin((double)plan->max, room) / MIB);
	found->fault_mib = fmax(floor(found->fault_mib / 2) * 2, 2);
	found->worker = SPAWN_WORKER ", a static executable that does nothing";
	rc = creation_measure_sizes(plan, found);
	if (rc == 0)
		rc = creation_measure_faults(plan, found, false);
	if (rc == 0)
		rc = creation_measure_faults(plan, found, true);
	if (rc == 0)
		rc = creation_measure_python(plan, found);
	return rc;
}
