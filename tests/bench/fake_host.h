/* SPDX-License-Identifier: MIT */
/*
 * Runs of a command whose hosts measure nothing: they answer at once, as
 * docs/protocol.md has it, with the times of a model. So what the controller
 * does by itself is tested: which sizes it measures, what it excludes, what it
 * concludes; where the truth is known, and in no time.
 *
 * A model is a JSON object, in which anything may be missing:
 *
 *	"item_ns": 1		what an item takes serial
 *	"trips": [50, 350]	of a line between two CPUs, by generation
 *	"interference": 1.5	what every second probe takes, by the usual
 *	"eager": true		hosts open with their order, as in older builds
 *	"runners": {"fork-pool": {"alpha_ns": 9000, "speedup": 2,
 *		"beyond": 1000000, "speedup_beyond": 0.5}}
 *				a call of n items takes alpha + n / speedup
 *	"faults": [{"runner": "fork-pool", "kernel": "sum", "op": "epoch",
 *		"from": 64, "to": 64, "does": "die"}]
 *				what goes wrong, and where: "die" by a signal,
 *				"leave" with status 3 and a word, "differ" in
 *				the result, "dawdle" for 80 ms that it does not
 *				tell, or an error's kind: "skipped", ...
 */
#ifndef BREAKEVEN_TESTS_BENCH_FAKE_HOST_H
#define BREAKEVEN_TESTS_BENCH_FAKE_HOST_H

#include "analysis/findings.h"

struct cli_command;

/* To be called first in main(): where this program was started as a host, it is
 * one, and does not return. */
void fake_host(int argc, char **argv);

struct fake_run {
	char folder[64];
	int status; /* of the command */
	char *text; /* what it said, on both outputs */
	struct record *record;
	struct findings *findings; /* NULL: the record is a study's */
};

/* Is the run trusted, or was it refused that for what the build or the machine
 * is: a Debug build, a build with sanitizers, a CPU quota, one CPU? */
bool fake_trusted(const struct fake_run *run);

/* May we use two CPUs? With one, nothing is probed. */
bool fake_two_cpus(void);

/* Run `breakeven bench ARGUMENTS` over hosts of the model; fails the test where
 * that is not possible. fake_free() removes what it left. */
struct fake_run fake_bench(const char *model, const char *arguments);
/* The same of another command that keeps a record and has -w. */
struct fake_run fake_command(const struct cli_command *command,
			     const char *model, const char *arguments);
void fake_free(struct fake_run *run);

/* The first crossing of this kernel and runner, over serial; fails the test
 * where there is none. */
const struct crossing *fake_crossing(const struct fake_run *run,
				     const char *kernel, const char *runner);

/* The cell of the first crossing's pair at n, or NULL. */
const struct cell *fake_cell(const struct fake_run *run, const char *kernel,
			     const char *runner, uint64_t n);

#endif
