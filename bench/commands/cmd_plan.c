/* SPDX-License-Identifier: MIT */
#include "bench/cli/list.h"
#include "bench/cli/progress.h"
#include "bench/cli/usage.h"
#include "bench/commands/commands.h"
#include "bench/engine/worker_count.h"
#include "runners/pool/plan.h"
#include "system/pin.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KEY_TOPOLOGY = 256, KEY_PIN, KEY_GRAIN, WORKERS_MAX = 64 };
enum { ROWS_MAX = 64, COLUMNS = 80, GRAIN = 16384 };

struct plan_wishes {
	const char *topology; /* NULL: this machine */
	int pin;	      /* -1: every policy */
	unsigned workers[WORKERS_MAX];
	size_t nworkers;
	uint64_t items, grain;
};

static const struct argp_option plan_options[] = {
	{"topology", KEY_TOPOLOGY, "SOURCE", 0,
	 "A machine that is not here: a FILE that `lstopo x.xml` wrote, - for "
	 "standard input, or levels as \"pack:2 core:8 pu:2\"",
	 0},
	{"workers", 'w', "LIST", 0, "Numbers of workers (default: one per CPU)",
	 0},
	{"pin", KEY_PIN, "POLICY", 0,
	 "compact, scatter, core or none (default: all of them)", 0},
	{"items", 'n', "N", 0, "Show how N items are cut into tiles", 0},
	{"grain", KEY_GRAIN, "ITEMS", 0, "Items per tile (default 16384)", 0},
	{NULL, 0, NULL, 0, NULL, 0},
};

static void parse_policy(struct argp_state *state, const char *text,
			 struct plan_wishes *wishes)
{
	for (int i = 0; pin_policy_names[i]; i++)
		if (strcmp(text, pin_policy_names[i]) == 0)
			wishes->pin = i;
	if (wishes->pin < 0)
		argp_error(state,
			   "--pin takes compact, scatter, core or none, not "
			   "'%s'",
			   text);
}

static error_t parse_size(struct argp_state *state, const char *text,
			  uint64_t *size)
{
	char error[256];
	uint64_t hi;

	if (list_sizes(text, size, &hi, error, sizeof(error)) < 0) {
		argp_error(state, "%s", error);
		return EINVAL;
	}
	if (hi != *size) {
		argp_error(state, "one size is needed here, not the range '%s'",
			   text);
		return EINVAL;
	}
	return 0;
}

static error_t check_wishes(struct argp_state *state,
			    struct plan_wishes *wishes)
{
	if (wishes->grain && !wishes->items) {
		argp_error(state, "--grain says how --items are cut: name "
				  "their number as well");
		return EINVAL;
	}
	if (!wishes->grain)
		wishes->grain = GRAIN;
	return 0;
}

static error_t parse_workers(struct argp_state *state, const char *text,
			     struct plan_wishes *wishes)
{
	char error[256];

	if (list_counts(text, 1, 4096, wishes->workers, WORKERS_MAX,
			&wishes->nworkers, error, sizeof(error)) == 0)
		return 0;
	argp_error(state, "%s", error);
	return EINVAL;
}

static error_t plan_parse(int key, char *arg, struct argp_state *state)
{
	struct plan_wishes *wishes = state->input;

	switch (key) {
	case KEY_TOPOLOGY:
		wishes->topology = arg;
		return 0;
	case 'w':
		return parse_workers(state, arg, wishes);
	case KEY_PIN:
		parse_policy(state, arg, wishes);
		return wishes->pin < 0 ? EINVAL : 0;
	case 'n':
		return parse_size(state, arg, &wishes->items);
	case KEY_GRAIN:
		return parse_size(state, arg, &wishes->grain);
	case ARGP_KEY_END:
		return check_wishes(state, wishes);
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp plan_argp = {
	.options = plan_options,
	.parser = plan_parse,
	.doc = "Show which worker would run where, here or on a machine that "
	       "is not here, and how items would be cut into tiles. Measures "
	       "nothing.",
};

static void print_number(int number)
{
	if (number < 0)
		printf("%9s", "-");
	else
		printf("%9d", number);
}

static void print_row(const struct topology *topology, unsigned worker, int cpu)
{
	struct cpu_place place;

	topology_place(topology, cpu, &place);
	printf("%9u%9d", worker, place.cpu);
	print_number(place.package);
	print_number(place.numa);
	print_number(place.core);
	print_number(place.thread);
	putchar('\n');
}

/* How many of the CPUs, from the first on, lie at one distance. */
static unsigned run_length(const int *cpus, unsigned count)
{
	unsigned length = count < 2 ? count : 2;

	while (length < count &&
	       cpus[length] - cpus[length - 1] == cpus[1] - cpus[0])
		length++;
	return length;
}

/* "5", or a run of `length` CPUs as `taskset -c` takes it: "0-6:2". */
static void write_run(const int *cpus, unsigned length, char *text, size_t size)
{
	int last = cpus[length - 1], stride = cpus[1] - cpus[0];

	if (stride == 1)
		snprintf(text, size, "%d-%d", cpus[0], last);
	else
		snprintf(text, size, "%d-%d:%d", cpus[0], last, stride);
}

static void print_order(const int *cpus, unsigned workers)
{
	size_t column = (size_t)printf("  ");

	for (unsigned i = 0; i < workers;) {
		unsigned length = run_length(cpus + i, workers - i);
		char text[40];

		if (length < 3 || cpus[i + 1] < cpus[i]) {
			length = 1;
			snprintf(text, sizeof(text), "%d", cpus[i]);
		} else {
			write_run(cpus + i, length, text, sizeof(text));
		}
		i += length;
		if (column + strlen(text) + 1 > COLUMNS)
			column = (size_t)printf("\n  ") - 1;
		column += (size_t)printf("%s%s", text, i < workers ? "," : "");
	}
	putchar('\n');
}

static void print_policy(const struct topology *topology,
			 enum pin_policy policy, const int *cpus,
			 unsigned workers)
{
	printf("%s, %u worker%s%s\n", pin_policy_names[policy], workers,
	       workers == 1 ? "" : "s",
	       policy == PIN_NONE
		       ? ": bound to no CPU, the kernel moves them as it likes"
		       : "");
	if (policy == PIN_NONE)
		return;
	if (workers > ROWS_MAX) {
		puts("  their CPUs, in the order of the workers:");
		print_order(cpus, workers);
		return;
	}
	printf("%9s%9s%9s%9s%9s%9s\n", "worker", "CPU", "package", "NUMA",
	       "core", "thread");
	for (unsigned worker = 0; worker < workers; worker++)
		print_row(topology, worker, cpus[worker]);
}

/* Of a column that holds any share of so many items, apart from the one before.
 */
static int share_width(uint64_t items)
{
	int width = snprintf(NULL, 0, "  %llu", (unsigned long long)items);

	return width > 9 ? width : 9;
}

static void print_share(const struct plan *plan, unsigned workers,
			unsigned worker, int width)
{
	struct range share = plan_share(plan, workers, worker);
	size_t begin, end;

	if (share.begin == share.end) {
		printf("%9u%9d%*d\n", worker, 0, width, 0);
		return;
	}
	begin = plan_tile(plan, share.begin).begin;
	end = plan_tile(plan, share.end - 1).end;
	printf("%9u%9zu%*zu  %zu, %zu\n", worker, share.end - share.begin,
	       width, end - begin, begin, end);
}

static void print_tiles(const struct plan_wishes *wishes, unsigned workers)
{
	struct plan plan = plan_make(wishes->items, wishes->grain);
	int width = share_width(wishes->items);

	printf("%llu items with a grain of %llu: %zu tile%s\n",
	       (unsigned long long)wishes->items,
	       (unsigned long long)wishes->grain, plan.tiles,
	       plan.tiles == 1 ? "" : "s");
	if (plan.tiles == 2 && wishes->items < wishes->grain)
		puts("(two even where both are below the grain, so that it "
		     "does "
		     "not decide where a\nrunner begins to pay)");
	if (workers > ROWS_MAX) {
		printf("%zu to %zu tiles for each of %u workers\n",
		       plan.tiles / workers,
		       plan.tiles / workers + (plan.tiles % workers != 0),
		       workers);
		return;
	}
	printf("%9s%9s%*s  %s\n", "worker", "tiles", width, "items",
	       "from, to");
	for (unsigned worker = 0; worker < workers; worker++)
		print_share(&plan, workers, worker, width);
}

static unsigned cap(unsigned workers, unsigned cpus)
{
	char text[WORKER_COUNT_TEXT_MAX];

	workers = worker_count_cap(workers, cpus, false, text);
	if (text[0])
		progress_notice(text);
	return workers;
}

static void print_kinds(const struct topology *topology)
{
	struct machine_shape shape;
	char kinds[CPU_KINDS_TEXT];

	topology_shape(topology, &shape);
	topology_kinds(&shape, kinds);
	if (kinds[0])
		printf("%s: as many tiles take longer on the slower ones\n\n",
		       kinds);
}

static int print_plans(const struct topology *topology,
		       struct plan_wishes *wishes)
{
	unsigned cpus = topology_order(topology, PIN_NONE, NULL, 0);
	int *order = calloc(cpus + 1, sizeof(*order));

	if (!order)
		return -ENOMEM;
	if (wishes->nworkers == 0) {
		/* A quota is this machine's. */
		wishes->workers[0] =
			wishes->topology ? cpus
					 : worker_count_default(
						   topology, progress_notice);
		wishes->nworkers = 1;
	}
	for (size_t i = 0; i < wishes->nworkers; i++) {
		unsigned workers = cap(wishes->workers[i], cpus);

		for (int policy = 0; pin_policy_names[policy]; policy++) {
			if (wishes->pin >= 0 && wishes->pin != policy)
				continue;
			topology_order(topology, (enum pin_policy)policy, order,
				       cpus);
			print_policy(topology, (enum pin_policy)policy, order,
				     workers);
			putchar('\n');
		}
		if (wishes->items)
			print_tiles(wishes, workers);
	}
	free(order);
	return 0;
}

int cmd_plan(int argc, char **argv)
{
	struct plan_wishes wishes = {.pin = -1};
	int status = usage_parse(&plan_argp, argc, argv, &wishes);
	struct topology *topology;
	char error[256];

	if (status)
		return usage_status(status);
	if (topology_load(wishes.topology, &topology, error, sizeof(error)) <
	    0) {
		fprintf(stderr, "breakeven plan: %s\n", error);
		return 2;
	}
	print_kinds(topology);
	status = print_plans(topology, &wishes) < 0;
	topology_free(topology);
	return output_finish("breakeven plan") || status ? 1 : 0;
}
