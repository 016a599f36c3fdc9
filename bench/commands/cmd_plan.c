/* SPDX-License-Identifier: MIT */
#include "bench/cli/cpu_list.h"
#include "bench/cli/options.h"
#include "bench/cli/progress.h"
#include "bench/cli/terminal.h"
#include "bench/commands/commands.h"
#include "bench/engine/worker_count.h"
#include "core/number.h"
#include "report/doc/doc.h"
#include "runners/pool/plan.h"
#include "runners/pool/release_tree.h"
#include "system/topology.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS_MAX = 64, GRAIN = 16384 };

struct plan_options {
	const char *topology; /* NULL: this machine */
	int pin;	      /* -1: every policy */
	struct cli_counts workers;
	uint64_t items, grain;
	int format; /* an enum doc_form */
};

#define AT(field) offsetof(struct plan_options, field)

static const struct cli_option plan_options[] = {
	{"topology", 0, OPT_FILE, AT(topology), "SOURCE",
	 "A machine that is not here: a FILE that `lstopo x.xml` wrote, - for "
	 "standard input, or levels as \"pack:2 core:8 pu:2\""},
	{"workers", 'w', OPT_COUNTS(1, 4096), AT(workers), "LIST",
	 "Numbers of workers (default: one per CPU)"},
	{"pin", 0, OPT_CHOICE(pin_policy_names), AT(pin), "POLICY",
	 "compact, scatter, core or none (default: all of them)"},
	{"items", 'n', OPT_SIZE(1), AT(items), "ITEMS",
	 "Show how this number of items is cut into tiles"},
	{"grain", 0, OPT_SIZE(1), AT(grain), "ITEMS",
	 "Items per tile (default 16384)"},
	CLI_ROW_PAGE(struct plan_options, format),
	CLI_ROW_END,
};

static const char *check_options(const struct cli_parse *parse, void *data)
{
	struct plan_options *options = data;

	(void)parse;
	if (options->grain && !options->items)
		return "--grain says how --items are cut: name their number "
		       "as well";
	if (!options->grain)
		options->grain = GRAIN;
	return NULL;
}

static const struct cli_example plan_examples[] = {
	{"breakeven plan --pin scatter",
	 "Workers on the CPUs of this machine."},
	{"breakeven plan --topology \"pack:2 core:8 pu:2\" -w 4 -n 1000000",
	 "Four workers on a machine of 32 CPUs, and the tiles of each."},
	{NULL, NULL},
};

/* What the document is built from. */
struct plan_page {
	const struct topology *topology;
	const struct plan_options *options;
	int *order; /* room for all CPUs */
	unsigned cpus;
};

/* ------------------------------------------------------------- places */

static void put_number(struct doc *doc, int number)
{
	if (number < 0)
		fputc('-', doc_cell(doc));
	else
		fprintf(doc_cell(doc), "%d", number);
}

static void put_place(struct doc *doc, const struct topology *topology,
		      unsigned worker, int cpu)
{
	struct cpu_place place;

	topology_place(topology, cpu, &place);
	fprintf(doc_row(doc), "%u", worker);
	put_number(doc, place.cpu);
	put_number(doc, place.package);
	put_number(doc, place.numa);
	put_number(doc, place.l3);
	put_number(doc, place.core);
	put_number(doc, place.thread);
}

static void put_policy(struct doc *doc, const struct plan_page *page,
		       enum pin_policy policy, unsigned workers)
{
	static const char *const heads[] = {"CPU", "package", "NUMA",
					    "L3",  "core",    "thread"};
	bool table = policy != PIN_NONE && workers <= ROWS_MAX;
	FILE *out = table ? doc_table(doc) : doc_paragraph(doc);

	fprintf(out, "%s, %u worker%s", pin_policy_names[policy], workers,
		workers == 1 ? "" : "s");
	if (policy == PIN_NONE) {
		fputs(": bound to no CPU, the kernel moves them as it likes",
		      out);
	} else if (!table) {
		fputs(", their CPUs in the order of the workers:", out);
		cpu_list_write(out, page->order, workers);
	} else {
		fputs("worker", doc_column(doc, DOC_RIGHT));
		for (size_t i = 0; i < sizeof(heads) / sizeof(*heads); i++)
			fputs(heads[i], doc_column(doc, DOC_RIGHT));
		for (unsigned i = 0; i < workers; i++)
			put_place(doc, page->topology, i, page->order[i]);
	}
}

/* ------------------------------------------------------------- release tree */

/* What lies between a worker and the one that releases it. */
struct tree_tally {
	unsigned workers[BORDER_PACKAGE + 1], levels;
};

static int tree_tally_make(const struct topology *topology, const int *order,
			   unsigned workers, struct tree_tally *tally)
{
	uint8_t *borders = calloc(workers, sizeof(*borders));
	unsigned *depth = calloc(workers, sizeof(*depth));

	*tally = (struct tree_tally){.levels = 0};
	if (borders)
		topology_borders(topology, order, workers, borders);
	for (unsigned w = 1; borders && depth && w < workers; w++) {
		unsigned leader = release_tree_find(workers, borders, w).leader;

		tally->workers[topology_border(topology, order[leader],
					       order[w])]++;
		depth[w] = depth[leader] + 1;
		if (depth[w] > tally->levels)
			tally->levels = depth[w];
	}
	free(borders);
	free(depth);
	return borders && depth ? 0 : -ENOMEM;
}

static int put_tree(struct doc *doc, const struct plan_page *page,
		    unsigned workers)
{
	const char *what[] = {"within an L3 cache", "across L3 caches",
			      "across NUMA nodes", "across packages"};
	struct tree_tally tally;
	struct cpu_place first;
	const char *comma = " ";
	FILE *out;

	if (workers < 3)
		return 0;
	if (tree_tally_make(page->topology, page->order, workers, &tally))
		return -ENOMEM;
	topology_place(page->topology, page->order[0], &first);
	if (first.l3 < 0)
		what[BORDER_NONE] = "near by";
	out = doc_paragraph(doc);
	fprintf(out, "A pool's release goes down %u level%s:", tally.levels,
		tally.levels == 1 ? "" : "s");
	for (int border = 0; border <= BORDER_PACKAGE; border++) {
		if (!tally.workers[border])
			continue;
		fprintf(out, "%sto %u %s", comma, tally.workers[border],
			what[border]);
		comma = ", ";
	}
	return 0;
}

/* ------------------------------------------------------------- tiles */

static void put_count(FILE *out, size_t count)
{
	fputs(text_count((double)count).s, out);
}

static void put_share(struct doc *doc, const struct plan *plan,
		      unsigned workers, unsigned worker)
{
	struct range share = plan_share(plan, workers, worker);
	size_t begin, end;

	fprintf(doc_row(doc), "%u", worker);
	put_count(doc_cell(doc), share.end - share.begin);
	if (share.begin == share.end) {
		fputc('0', doc_cell(doc));
		return;
	}
	begin = plan_tile(plan, share.begin).begin;
	end = plan_tile(plan, share.end - 1).end;
	put_count(doc_cell(doc), end - begin);
	put_count(doc_cell(doc), begin);
	put_count(doc_cell(doc), end);
}

/* Where there are too many workers for a table. */
static void put_shares(FILE *out, const struct plan *plan, unsigned workers)
{
	size_t shares = plan->tiles / plan->each;

	fprintf(out, ", %s for each of %zu workers",
		text_count((double)plan->each).s, shares);
	if (plan->longer)
		fprintf(out, ", which are %s or",
			text_count((double)(plan->length * plan->unit)).s);
	else
		fputs(", which are", out);
	fprintf(out, " %s items",
		text_count((double)((plan->length + (plan->longer > 0)) *
				    plan->unit))
			.s);
	if (shares < workers)
		fprintf(out, "; %zu workers have none", workers - shares);
}

static void put_tiles(struct doc *doc, const struct plan_options *options,
		      unsigned workers)
{
	static const char *const heads[] = {"tiles", "items", "from", "to"};
	struct plan plan = plan_make(options->items, options->grain, workers);
	FILE *out = workers > ROWS_MAX ? doc_paragraph(doc) : doc_table(doc);

	fprintf(out, "%s items with a grain of %s: %s tile%s",
		text_count((double)options->items).s,
		text_count((double)options->grain).s,
		text_count((double)plan.tiles).s, plan.tiles == 1 ? "" : "s");
	if (plan.tiles < workers)
		fputs(" (so few items are not worth a share for each worker)",
		      out);
	if (workers > ROWS_MAX) {
		put_shares(out, &plan, workers);
		return;
	}
	fputs("worker", doc_column(doc, DOC_RIGHT));
	for (size_t i = 0; i < sizeof(heads) / sizeof(*heads); i++)
		fputs(heads[i], doc_column(doc, DOC_RIGHT));
	for (unsigned worker = 0; worker < workers; worker++)
		put_share(doc, &plan, workers, worker);
}

/* ------------------------------------------------------------- the page */

static unsigned cap(unsigned workers, unsigned cpus)
{
	char text[WORKER_COUNT_TEXT_MAX];

	workers = worker_count_cap(workers, cpus, false, text);
	if (text[0])
		progress_notice(text);
	return workers;
}

static void put_kinds(struct doc *doc, const struct topology *topology)
{
	struct machine_shape shape;
	char kinds[CPU_KINDS_TEXT];

	topology_shape(topology, &shape);
	topology_kinds(&shape, kinds);
	if (kinds[0])
		fprintf(doc_paragraph(doc),
			"%s: as many tiles take longer on the slower ones",
			kinds);
}

static int put_plans(struct doc *doc, const struct plan_page *page,
		     unsigned workers)
{
	int rc = 0;

	for (int policy = 0; rc == 0 && pin_policy_names[policy]; policy++) {
		if (page->options->pin >= 0 && page->options->pin != policy)
			continue;
		topology_order(page->topology, (enum pin_policy)policy,
			       page->order, page->cpus);
		if (policy != PIN_NONE)
			rc = topology_number_workers(page->topology,
						     page->order, workers);
		put_policy(doc, page, (enum pin_policy)policy, workers);
		if (rc == 0 && policy != PIN_NONE)
			rc = put_tree(doc, page, workers);
	}
	if (page->options->items)
		put_tiles(doc, page->options, workers);
	return rc;
}

static int build_plan(struct doc *doc, const void *data)
{
	const struct plan_page *page = data;
	int rc = 0;

	put_kinds(doc, page->topology);
	for (size_t i = 0; rc == 0 && i < page->options->workers.count; i++)
		rc = put_plans(doc, page, page->options->workers.at[i]);
	return rc;
}

static int print_plans(const struct topology *topology,
		       struct plan_options *options)
{
	struct report_style style;
	struct plan_page page = {.topology = topology, .options = options};
	struct cli_counts *workers = &options->workers;
	int rc;

	page.cpus = topology_order(topology, PIN_NONE, NULL, 0);
	if (workers->count == 0) {
		workers->at[workers->count++] =
			worker_count_default(topology, progress_notice);
	}
	for (size_t i = 0; i < workers->count; i++)
		workers->at[i] = cap(workers->at[i], page.cpus);
	page.order = calloc(page.cpus + 1, sizeof(*page.order));
	if (!page.order)
		return -ENOMEM;
	terminal_style(&style);
	style.form = (enum doc_form)options->format;
	rc = doc_print(build_plan, &page, stdout, &style);
	free(page.order);
	return rc;
}

static int cmd_plan(int argc, char **argv)
{
	struct plan_options options = {.pin = -1};
	int status = cli_parse(&command_plan, argc, argv, &options), rc;
	struct topology *topology;
	struct error error;

	if (status != CLI_GO)
		return status;
	if (topology_load(options.topology, &topology, &error)) {
		fprintf(stderr, "breakeven plan: %s\n", error.text);
		return 2;
	}
	rc = print_plans(topology, &options);
	topology_free(topology);
	return output_finish("breakeven plan", rc) ? 1 : 0;
}

const struct cli_command command_plan = {
	.name = "plan",
	.summary = "which worker would go where, on any machine",
	.doc = "Show which worker would run where, here or on a machine that "
	       "is not here, and how items would be cut into tiles. Measures "
	       "nothing.",
	.options = plan_options,
	.examples = plan_examples,
	.check = check_options,
	.run = cmd_plan,
};
