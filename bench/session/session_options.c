/* SPDX-License-Identifier: MIT */
#include "bench/session/session_options.h"

#include "bench/host/memory.h"
#include "system/topology.h"

#define SESSION_KERNELS "square_map,square_map_f64,sum,dot,minmax"
#define SESSION_RUNNERS "fork,pthread,fork-pool,pthread-pool,openmp"

#define EPOCH_NS 1e6

enum { COUNT_MAX = 1000 };

#define AT(field) offsetof(struct session_options, field)

const struct session_options session_defaults = {
	.kernels = SESSION_KERNELS,
	.runners = SESSION_RUNNERS,
	.pin = PIN_CORE,
	.seed = SESSION_NO_SEED,
};

const struct cli_option session_common_table[] = {
	{"epoch", 0, OPT_REAL(20, 1e6), AT(epoch_us), "MICROSECONDS",
	 "Length of the calls back to back that make one sample (default "
	 "1000, less if a small budget needs it)"},
	{"pin", 0, OPT_CHOICE(pin_policy_names), AT(pin), "POLICY",
	 "How workers are bound to CPUs: core (default), compact, scatter or "
	 "none"},
	{"arena", 0, OPT_CHOICE(memory_names), AT(memory), "KIND",
	 "Where data lies: in memory that all share (shared, default), in each "
	 "runner's own as from malloc (private), or in huge pages (huge)"},
	{"memory", 0,
	 OPT_HOOK(page_policy_take, "first-touch, local, interleave or the "
				    "number of a NUMA node"),
	 AT(pages), "POLICY",
	 "On which NUMA nodes data lies: each worker's share on its own "
	 "(first-touch), all on the node of serial (local), on all in turn "
	 "(interleave), or on the node of this number (default: where serial "
	 "fills it)"},
	{"seed", 0, OPT_WHOLE, AT(seed), "N", "Seed of the order of rounds"},
	{"output", 'o', OPT_OUTPUT, AT(out), "FILE.jsonl",
	 "The record (default: a new one in results/runs, or here)"},
	CLI_ROW_TURN(struct session_options, turn),
	CLI_ROW_QUIET(struct session_options, quiet),
	CLI_ROW_END,
};

const struct cli_option session_work_table[] = {
	{"kernels", 'k', OPT_KERNELS, AT(kernels), "LIST",
	 "Kernels (default " SESSION_KERNELS "); also a file of yours, as "
	 "./mine.so"},
	{"runners", 'r', OPT_RUNNERS, AT(runners), "LIST",
	 "Runners, each as name:key=value:... (default " SESSION_RUNNERS
	 "); serial is the A/A control"},
	{"workers", 'w', OPT_COUNTS(1, 4096), AT(workers), "LIST",
	 "Numbers of workers (default: one per CPU that we may use; of "
	 "`bench` on more than four CPUs, and of `scale`, several)"},
	{"sizes", 'n', OPT_RANGE, AT(sizes), "LO..HI",
	 "Sizes in items, as 16..4Mi (default: from 16 up to 4 times the last "
	 "cache or 20 ms of serial work)"},
	/* For tests: as many workers as that machine has CPUs, none bound. */
	{"pretend", 0, OPT_FILE, AT(pretend), "TOPOLOGY", NULL},
	{"oversubscribe", 0, OPT_FLAG, AT(oversubscribe), NULL,
	 "Allow more workers than CPUs; else their number is capped"},
	{"budget", 0, OPT_REAL(0.1, 1e6), AT(budget), "SECONDS",
	 "Time to spend (default: 6 for each kernel and runner, 8 to 150)"},
	{"rounds", 0, OPT_COUNT(1, COUNT_MAX), AT(rounds), "N",
	 "Measure each cell N times (3 if only --generations is given) in each "
	 "generation, and end: the same work on every machine. No size is "
	 "narrowed down; --budget also ends it, if given"},
	{"generations", 0, OPT_COUNT(1, COUNT_MAX), AT(generations), "G",
	 "The same, in G generations of fresh processes (6 if only --rounds is "
	 "given: the fewest from which anything is concluded)"},
	CLI_ROW_END,
};

const struct cli_option session_table[] = {
	{NULL, 0, OPT_TABLE(session_work_table), 0, NULL, NULL},
	{"precision", 0, OPT_PERCENT(0.1, 50), AT(precision), "PERCENT",
	 "End when each break-even size is known to within this much to both "
	 "sides, as 2% (default: a factor of 1.06 in all); without --budget, "
	 "it has ten times the default"},
	{"require-trust", 0, OPT_FLAG, AT(require_trust), NULL,
	 "End with status 3 if the run is not trusted"},
	{NULL, 0, OPT_TABLE(session_common_table), 0, NULL, NULL},
	CLI_ROW_END,
};

bool session_is_counted(const struct session_options *options)
{
	return options->rounds || options->generations;
}

double session_epoch_ns(const struct session_options *options)
{
	return options->epoch_us > 0 ? options->epoch_us * 1e3 : EPOCH_NS;
}
