/* SPDX-License-Identifier: MIT */
#include "report/doc/words.h"

#include "report/doc/text.h"

#include <math.h>
#include <string.h>

const char words_marks[] = "+-=?!.!";
const char words_legend[] =
	"Marks: + faster, - slower, = equal within 2 %, ? cannot tell, "
	"! invalid or failed, . skipped: right for the whole table in 95 % of "
	"runs. In brackets: 95 % intervals of one field, 98 % of a break-even "
	"size";

bool words_chance(FILE *out, const struct findings *findings)
{
	for (size_t i = 0; i < findings->ncells; i++) {
		const struct cell *cell = &findings->cells[i];

		if (cell->verdict != CELL_UNRESOLVED ||
		    !(cell->interval.lo > 0 || cell->interval.hi < 0))
			continue;
		fputs("A ? whose interval does not hold 1 would be proven by "
		      "itself; among all fields of its table it may be chance.",
		      out);
		return true;
	}
	return false;
}

bool words_unknown(FILE *out, const struct findings *findings)
{
	for (size_t i = 0; i < findings->ncells; i++) {
		const struct cell *cell = &findings->cells[i];

		if (cell->rounds == 0 || !isinf(cell->interval.lo) ||
		    !isinf(cell->interval.hi))
			continue;
		fputs("Where an interval is [unknown], too little was "
		      "measured for one: it takes six generations of fresh "
		      "processes. ",
		      out);
		fputs(findings->counted ? "Ask for --generations 6"
					: "More budget would help: --budget",
		      out);
		return true;
	}
	return false;
}

static const json_t *header_object(const struct record *record, const char *key)
{
	return json_object_get(record->header, key);
}

static const char *string_in(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "";
}

static long long count_in(const json_t *object, const char *key)
{
	return (long long)json_integer_value(json_object_get(object, key));
}

static const char *plural(long long count)
{
	return count == 1 ? "" : "s";
}

/* ------------------------------------------------------------- machine */

static void put_counts(FILE *out, const json_t *machine)
{
	long long cpus = count_in(machine, "cpus");
	long long allowed = count_in(machine, "allowed");
	long long cores = count_in(machine, "cores");
	long long nodes = count_in(machine, "numa_nodes");

	if (cpus > 0 && allowed > 0 && allowed != cpus)
		fprintf(out, ", %lld of %lld CPUs", allowed, cpus);
	else if (cpus > 0)
		fprintf(out, ", %lld CPU%s", cpus, plural(cpus));
	if (cores > 0 && cores != cpus)
		fprintf(out, " on %lld core%s", cores, plural(cores));
	if (nodes > 1)
		fprintf(out, " in %lld NUMA nodes", nodes);
}

static void put_trust(FILE *out, const struct findings *findings)
{
	if (findings->trusted) {
		fputs(": trusted", out);
		return;
	}
	fputs(": NOT TRUSTED", out);
	for (size_t i = 0; i < findings->nreasons; i++)
		fprintf(out, "%s %s", i ? ";" : ":", findings->reasons[i]);
}

void words_machine(FILE *out, const struct record *record,
		   const struct findings *findings)
{
	const json_t *machine = header_object(record, "machine");
	const char *model = string_in(machine, "model");
	const char *hypervisor = string_in(machine, "hypervisor");

	fputs(*model ? model
		     : "A machine that the record does not "
		       "name",
	      out);
	put_counts(out, machine);
	if (*hypervisor)
		fputs(", virtual", out);
	put_trust(out, findings);
}

/* ------------------------------------------------------------- base */

/* Which measured cell's serial time is the smallest, or the largest. */
static const struct cell *extreme(const struct findings *findings, int sign)
{
	const struct cell *found = NULL;

	for (size_t i = 0; i < findings->ncells; i++) {
		const struct cell *cell = &findings->cells[i];

		if (cell->rounds > 0 &&
		    strcmp(cell->pair.base, "serial") == 0 &&
		    (!found || sign * (cell->serial_ns - found->serial_ns) > 0))
			found = cell;
	}
	return found;
}

static void put_serial(FILE *out, const struct cell *cell)
{
	fputs(text_time(cell->serial_ns).s, out);
	fputs(" (", out);
	fputs(cell->pair.kernel, out);
	fprintf(out, ", %s items)", text_size(cell->n).s);
}

static void put_base(FILE *out, const struct findings *findings)
{
	const struct cell *least = extreme(findings, -1);
	const struct cell *most = extreme(findings, 1);

	fputs("The base is serial: one worker runs the loop", out);
	if (!least)
		return;
	fputs(". A call takes ", out);
	put_serial(out, least);
	if (most == least)
		return;
	fputs(" to ", out);
	put_serial(out, most);
}

/* Which runners are this program: they follow one another, or not. */
static void put_users(FILE *out, const json_t *runners, const json_t *program)
{
	const char *before = " runs ";

	for (size_t i = 0; i < json_array_size(runners); i++) {
		const json_t *runner = json_array_get(runners, i);

		if (!json_equal(json_object_get(runner, "program"), program))
			continue;
		fputs(before, out);
		fputs(string_in(runner, "name"), out);
		before = ", ";
	}
}

static void put_programs(FILE *out, const json_t *runners)
{
	for (size_t i = 0; i < json_array_size(runners); i++) {
		const json_t *program =
			json_object_get(json_array_get(runners, i), "program");
		const char *path = string_in(program, "path");
		size_t first = 0;

		while (!json_equal(
			       json_object_get(json_array_get(runners, first),
					       "program"),
			       program) &&
		       first < i)
			first++;
		if (first < i || !*path)
			continue;
		fputs(". ", out);
		fputs(string_in(program, "version"), out);
		fputs(" (", out);
		fputs(path, out);
		fputs(")", out);
		put_users(out, runners, program);
	}
}

/* Where runs differ in it, they differ in what handing out work costs. CPUs
 * that moved have a range. */
static void put_trip(FILE *out, const struct findings *findings)
{
	const double *ns = findings->checks.trip_ns;

	if (isnan(ns[1]))
		return;
	fputs(". A cache line takes ", out);
	if (ns[2] > 2 * ns[0])
		fprintf(out, "%s to %s", text_time(ns[0]).s,
			text_time(ns[2]).s);
	else
		fputs(text_time(ns[1]).s, out);
	fputs(" to the next CPU and back; handing out work costs in proportion",
	      out);
}

void words_base(FILE *out, const struct record *record,
		const struct findings *findings)
{
	put_base(out, findings);
	put_trip(out, findings);
	put_programs(out, header_object(record, "runners"));
}

/* Of all blocks: how many pages were found on a node. */
static double pages_on(const struct record *record, size_t node)
{
	double pages = 0;

	for (size_t b = 0; b < record->nblocks; b++)
		pages += json_number_value(
			json_array_get(record->blocks[b].nodes, node));
	return pages;
}

static size_t most_nodes(const struct record *record)
{
	size_t most = 0;

	for (size_t b = 0; b < record->nblocks; b++)
		if (json_array_size(record->blocks[b].nodes) > most)
			most = json_array_size(record->blocks[b].nodes);
	return most;
}

/* Where data was asked to lie, and where it was found. */
static bool put_nodes(FILE *out, const struct record *record)
{
	const char *memory = string_in(header_object(record, "plan"), "memory");
	size_t nodes = most_nodes(record);
	double all = 0;

	for (size_t i = 0; i < nodes; i++)
		all += pages_on(record, i);
	/* Some kernels have no arrays, and some systems do not say. */
	if (!*memory || !(all > 0))
		return false;
	fprintf(out, "Data was to lie by --memory %s; of its pages, ", memory);
	for (size_t i = 0; i < nodes; i++)
		fprintf(out, "%s%.0f %% %s on node %zu", i ? ", " : "",
			100 * pages_on(record, i) / all,
			i ? "lay" : "were found", i);
	return true;
}

static bool put_arena(FILE *out, const struct record *record)
{
	const json_t *plan = header_object(record, "plan");
	const char *arena = string_in(plan, "arena");

	if (strcmp(arena, "private") == 0) {
		fputs("Data lay in private memory, each runner's its own", out);
		return true;
	}
	if (strcmp(arena, "huge") != 0)
		return false;
	fputs("Data lay in shared memory of huge pages", out);
	if (strcmp(string_in(plan, "huge"), "transparent") == 0)
		fputs(", transparent ones as far as the kernel had them", out);
	return true;
}

bool words_arena(FILE *out, const struct record *record)
{
	bool arena = put_arena(out, record);

	if (arena && most_nodes(record))
		fputs(". ", out);
	return put_nodes(out, record) || arena;
}

/* ------------------------------------------------------------- kernel */

static const json_t *kernel_facts(const struct record *record,
				  const char *kernel)
{
	const json_t *kernels = header_object(record, "kernels");

	for (size_t i = 0; i < json_array_size(kernels); i++) {
		const json_t *facts = json_array_get(kernels, i);

		if (strcmp(string_in(facts, "name"), kernel) == 0)
			return facts;
	}
	return NULL;
}

void words_kernel(FILE *out, const struct record *record, const char *kernel,
		  const char *before)
{
	const json_t *facts = kernel_facts(record, kernel);
	const char *own = string_in(facts, "kernel"); /* of a file's */
	const char *formula = string_in(facts, "formula");
	double bytes = json_number_value(json_object_get(facts, "bytes"));
	double flops = json_number_value(json_object_get(facts, "flops"));
	bool costs = bytes > 0 || flops > 0;

	if (*own || *formula || costs)
		fputs(before, out);
	if (*own) {
		fputs(own, out);
		fputs(*formula || costs ? ": " : "", out);
	}
	fputs(formula, out);
	if (!costs)
		return;
	fputs(*formula ? ", " : "", out);
	if (bytes > 0)
		fprintf(out, "%g byte%s", bytes, bytes == 1 ? "" : "s");
	if (flops > 0)
		fprintf(out, "%s%g flop%s", bytes > 0 ? " and " : "", flops,
			flops == 1 ? "" : "s");
	fputs(" an item", out);
}

static const char *placement_words(const char *placement)
{
	if (strcmp(placement, "near") == 0)
		return ", CPUs near to one another";
	if (strcmp(placement, "far") == 0)
		return ", CPUs far from one another";
	return "";
}

void words_placement(FILE *out, const struct view *view)
{
	const char *words = placement_words(view->placement);
	unsigned most = 0;

	for (size_t c = 0; c < view->ncolumns; c++)
		if (view->columns[c]->pair.workers > most)
			most = view->columns[c]->pair.workers;
	/* One worker has no neighbour, and all rounds count for it. */
	if (most == 1 || !*words)
		return;
	/* Those that are probed. */
	fprintf(out, "%s%s", most > 2 ? ", the first two" : ",", words + 1);
}

void words_speeds(FILE *out, const struct view *view)
{
	fputs("Speed-up over ", out);
	fputs(view->base, out);
	if (view->workers > 0)
		fprintf(out, " with %u worker%s", view->workers,
			plural(view->workers));
	words_placement(out, view);
}

void words_caption(FILE *out, const struct view *view)
{
	fputs("Break-even size", out);
	if (!view_is_first(view)) {
		fputs(" over ", out);
		fputs(view->base, out);
	}
	fputs(" [interval]; speed-up at the largest size", out);
}

void words_times(FILE *out, const struct view *view)
{
	fputs("Median time of a call", out);
	words_placement(out, view);
}

void words_rare(FILE *out, const struct view *view)
{
	fputs("In another placement", out);
	words_placement(out, view);
	fputs(": seen too rarely to tell, see --format csv", out);
}

void words_more(FILE *out, const struct view *view)
{
	fprintf(out,
		"and %zu size%s more near the break-even points: see --format "
		"csv",
		view->more, plural((long long)view->more));
}

void words_runner(FILE *out, const struct pair *pair, unsigned workers)
{
	fputs(pair->runner, out);
	if (pair->workers != workers && pair->workers > 0)
		fprintf(out, " with %u", pair->workers);
	if (strcmp(pair->regime, "unknown") != 0) {
		fputs(" (", out);
		fputs(pair->regime, out);
		fputc(')', out);
	}
}

/* ------------------------------------------------------------- break-even */

/* Three digits that count, unless they would leave the interval. */
struct text words_size(double n, double lo, double hi)
{
	double unit = pow(10, floor(log10(n)) - 2);
	double near = unit > 1 ? round(n / unit) * unit : n;

	if (near < lo || near > hi)
		near = n;
	return text_count(near);
}

void words_range(FILE *out, double lo, double hi)
{
	fprintf(out, "[%s .. %s]", text_count(lo).s, text_count(hi).s);
}

void words_edge(FILE *out, double n, double lo, double hi, const char *items)
{
	fprintf(out, "%s%s ", words_size(n, lo, hi).s, items);
	words_range(out, lo, hi);
}

double words_start(const struct breakeven *at)
{
	switch (at->verdict) {
	case BREAKEVEN_AT:
	case BREAKEVEN_ALWAYS:
	case BREAKEVEN_WINDOW:
		return isnan(at->n_star) ? at->n_hi : at->n_star;
	default:
		return INFINITY;
	}
}

static const struct crossing *earliest(const struct findings *findings,
				       const struct crossing *crossing)
{
	const struct crossing *best = crossing;

	for (size_t i = 0; i < findings->ncrossings; i++) {
		const struct crossing *other = &findings->crossings[i];

		if (strcmp(other->pair.kernel, crossing->pair.kernel) == 0 &&
		    strcmp(other->pair.base, crossing->pair.base) == 0 &&
		    strcmp(other->pair.placement, crossing->pair.placement) ==
			    0 &&
		    other->pair.workers == crossing->pair.workers &&
		    words_start(&other->at) < words_start(&best->at))
			best = other;
	}
	return best;
}

static void put_comparison(FILE *out, const struct findings *findings,
			   const struct crossing *crossing)
{
	const struct crossing *best = earliest(findings, crossing);
	double times = words_start(&crossing->at) / words_start(&best->at);

	if (best == crossing || isnan(crossing->at.n_star))
		return;
	fprintf(out, ", %s%s %s what ",
		isnan(best->at.n_star) ? "at least " : "",
		text_ratio(times, false).s, "\u00d7");
	fputs(best->pair.runner, out);
	fputs(" needs", out);
}

static void put_window(FILE *out, const struct breakeven *at)
{
	if (isnan(at->n_star)) {
		fprintf(out,
			"a window: from the smallest size measured "
			"(%s items)",
			text_size((uint64_t)at->n_hi).s);
	} else {
		fputs("a window: from ", out);
		words_edge(out, at->n_star, at->n_lo, at->n_hi, "");
	}
	fputs(" to ", out);
	words_edge(out, at->n_end, at->n_end_lo, at->n_end_hi, " items");
}

static void put_unresolved(FILE *out, const struct findings *findings,
			   const struct crossing *crossing)
{
	const struct breakeven *at = &crossing->at;
	double hi = isnan(at->n_hi) ? (double)crossing->n_max : at->n_hi;

	fputs("cannot tell", out);
	if (crossing->reason) {
		fputs(": ", out);
		fputs(crossing->reason, out);
	} else if (!isnan(at->n_lo) && at->n_lo < hi) {
		fprintf(out, " between %s and %s items",
			text_size((uint64_t)at->n_lo).s,
			text_size((uint64_t)hi).s);
	} else {
		fprintf(out, " up to %s items", text_size((uint64_t)hi).s);
	}
	if (crossing->n_max > 0)
		fputs(findings->counted
			      ? "; a --budget instead of --rounds would help"
			      : "; more budget would help: --budget",
		      out);
}

static void put_asymptote(FILE *out, const struct crossing *crossing)
{
	const struct interval *interval = &crossing->asymptote_interval;

	if (!isfinite(crossing->asymptote))
		return;
	fprintf(out, "; %s %s %s at %s",
		text_ratio(exp(crossing->asymptote), false).s, "\u00d7",
		text_interval(interval->lo, interval->hi, false).s,
		text_size(crossing->n_max).s);
}

static void put_verdict(FILE *out, const struct findings *findings,
			const struct crossing *crossing)
{
	const struct breakeven *at = &crossing->at;

	switch (at->verdict) {
	case BREAKEVEN_AT:
		fputs("from ", out);
		words_edge(out, at->n_star, at->n_lo, at->n_hi, " items");
		put_comparison(out, findings, crossing);
		break;
	case BREAKEVEN_ALWAYS:
		fprintf(out,
			"pays from the smallest size measured (%s items) on",
			text_size((uint64_t)at->n_hi).s);
		break;
	case BREAKEVEN_NEVER:
		fprintf(out, "never up to %s items%s",
			text_size(crossing->n_max).s,
			crossing->asymptote_verdict == CELL_EQUAL
				? ": equal there, within 2 %"
				: "");
		break;
	case BREAKEVEN_WINDOW:
		put_window(out, at);
		put_comparison(out, findings, crossing);
		break;
	case BREAKEVEN_UNRESOLVED:
		put_unresolved(out, findings, crossing);
		break;
	case BREAKEVEN_INVALID:
	case BREAKEVEN_SKIPPED:
	case BREAKEVEN_FAILED:
		fputs(breakeven_verdict_names[at->verdict], out);
		break;
	}
}

void words_crossing(FILE *out, const struct findings *findings,
		    const struct crossing *crossing)
{
	put_verdict(out, findings, crossing);
	put_asymptote(out, crossing);
	if (crossing->at.verdict == BREAKEVEN_NEVER &&
	    isfinite(findings->checks.compute))
		fprintf(out, ", where %u CPU%s can do %.2f %s at most",
			crossing->pair.workers, plural(crossing->pair.workers),
			findings->checks.compute * crossing->pair.workers,
			"\u00d7");
	if (!crossing->reason || crossing->at.verdict == BREAKEVEN_UNRESOLVED)
		return;
	fputs(crossing->n_max ? "; " : ": ", out);
	fputs(crossing->reason, out);
}

/* ------------------------------------------------------------- left out */

static bool same_string(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

static bool said_before(const struct record *record, size_t i)
{
	const struct note *note = &record->notes[i];

	for (size_t j = 0; j < i; j++) {
		const struct note *other = &record->notes[j];

		if (same_string(note->kind, other->kind) &&
		    same_string(note->kernel, other->kernel) &&
		    same_string(note->runner, other->runner) &&
		    note->workers == other->workers && note->n == other->n)
			return true;
	}
	return false;
}

static void put_note(FILE *out, const struct note *note)
{
	fputs(note->kind, out);
	fputs(": ", out);
	fputs(note->runner, out);
	if (note->workers > 0)
		fprintf(out, " with %u worker%s", note->workers,
			plural(note->workers));
	fputs(note->kernel ? " at " : " at all kernels", out);
	fputs(note->kernel ? note->kernel : "", out);
	if (note->n > 0)
		fprintf(out, ", %s items", text_size(note->n).s);
	fputs(": ", out);
	fputs(note->reason, out);
}

bool words_left_out(FILE *out, const struct record *record,
		    const struct findings *findings, size_t index)
{
	for (size_t i = 0; i < record->nnotes; i++) {
		if (said_before(record, i) || index-- > 0)
			continue;
		put_note(out, &record->notes[i]);
		return true;
	}
	if (index > 0 || findings->dropped == 0)
		return false;
	fprintf(out,
		"dropped: %s of %s rounds, in which the CPUs changed between "
		"near and far",
		text_count((double)findings->dropped).s,
		text_count((double)findings->rounds).s);
	return true;
}

/* ------------------------------------------------------------- the rest */

static bool has_unit(const struct record *record, const char *unit)
{
	for (size_t i = 0; i < record->nrunners; i++)
		if (strcmp(record->runners[i].unit, unit) == 0)
			return true;
	return false;
}

bool words_isolation(FILE *out, const struct record *record)
{
	if (!has_unit(record, "process") || !has_unit(record, "thread"))
		return false;
	fputs("Beside speed: code that may crash costs a pool of processes a "
	      "worker, and its caller goes on; under threads it takes the "
	      "whole program along (examples/isolation shows it)",
	      out);
	return true;
}

bool words_harness(FILE *out, const struct findings *findings)
{
	if (isnan(findings->harness_ns))
		return false;
	fprintf(out,
		"What the harness adds to a call (serial `empty` of one "
		"item): %s",
		text_time(findings->harness_ns).s);
	return true;
}

void words_method(FILE *out, const struct record *record)
{
	const json_t *epoch =
		json_object_get(header_object(record, "plan"), "epoch_ns");

	fputs("Method: calls back to back in epochs", out);
	if (json_is_number(epoch))
		fprintf(out, " of %s", text_time(json_number_value(epoch)).s);
	fputs(", from the first release to the last result; rounds of one "
	      "epoch of each, in a balanced order that the seed chooses; "
	      "ratios within rounds; the median over generations of fresh "
	      "processes of the median in one; exact intervals over "
	      "generations, from order statistics, no distribution assumed. "
	      "Marks share an error rate "
	      "of 5 % within a table (Holm). For the tail of single calls: "
	      "breakeven dispatch",
	      out);
}

static double percent(double log_cost)
{
	return isfinite(log_cost) ? 100 * expm1(log_cost) : log_cost;
}

void words_control(FILE *out, const struct control_cost *cost)
{
	fputs(cost->runner, out);
	fprintf(out, " with %u worker%s costs %.1f %% %s", cost->workers,
		plural(cost->workers), percent(cost->log_cost),
		text_range(percent(cost->interval.lo),
			   percent(cost->interval.hi), 1)
			.s);
	fputs(" over a loop written by hand (", out);
	fputs(cost->kernel, out);
	fprintf(out, ", n = %s", text_size(cost->n_min).s);
	if (cost->n_max > cost->n_min)
		fprintf(out, " to %s", text_size(cost->n_max).s);
	fputs(", calls of 0.1 ms and longer)", out);
}

static void put_argument(FILE *out, const char *text)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789_./:=,+-@%";

	if (*text && text[strspn(text, plain)] == '\0') {
		fputs(text, out);
		return;
	}
	fputc('\'', out);
	for (const char *quote; (quote = strchr(text, '\'')); text = quote + 1)
		fprintf(out, "%.*s'\\''", (int)(quote - text), text);
	fputs(text, out);
	fputc('\'', out);
}

static bool put_command(FILE *out, const json_t *command)
{
	bool seeded = false;

	for (size_t i = 0; i < json_array_size(command); i++) {
		const char *text =
			json_string_value(json_array_get(command, i));

		if (!text)
			continue;
		/* The record that it left is never overwritten. */
		if (strcmp(text, "-o") == 0 ||
		    (strncmp(text, "--ou", 4) == 0 && !strchr(text, '=')))
			i++;
		if (strncmp(text, "-o", 2) == 0 ||
		    strncmp(text, "--ou", 4) == 0)
			continue;
		seeded |= strncmp(text, "--seed", 6) == 0;
		fputc(' ', out);
		put_argument(out, text);
	}
	return seeded;
}

static void put_fact(FILE *out, const char *fact)
{
	fact += strspn(fact, " ");
	fputs(*fact ? ", " : "", out);
	fputs(fact, out);
}

void words_built(FILE *out, const struct record *record)
{
	static const char *const facts[] = {"commit", "type", "compiler",
					    "flags"};
	const char *level;
	const json_t *machine = header_object(record, "machine");
	const json_t *build = header_object(record, "build");

	fputs("Built: breakeven ", out);
	fputs(string_in(record->header, "version"), out);
	for (size_t i = 0; i < sizeof(facts) / sizeof(facts[0]); i++)
		put_fact(out, string_in(build, facts[i]));
	level = string_in(build, "kernels");
	if (level[0] && strcmp(level, "native") != 0) {
		fputs(", kernels for ", out);
		fputs(level, out);
	}
	put_fact(out, string_in(machine, "kernel"));
}

/* Assignments, as a shell has them before a command. */
static void put_environment(FILE *out, const json_t *environment)
{
	for (size_t i = 0; i < json_array_size(environment); i++) {
		const char *text =
			json_string_value(json_array_get(environment, i));

		if (!text)
			continue;
		fputc(' ', out);
		put_argument(out, text);
	}
}

void words_again(FILE *out, const struct record *record)
{
	const json_t *seed = header_object(record, "seed");

	fputs("Again:", out);
	put_environment(out, header_object(record, "environment"));
	if (!put_command(out, header_object(record, "command")) &&
	    json_is_integer(seed))
		fprintf(out, " --seed %" JSON_INTEGER_FORMAT,
			json_integer_value(seed));
}
