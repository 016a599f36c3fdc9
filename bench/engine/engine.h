/* SPDX-License-Identifier: MIT */
/*
 * The engine: contenders and their hosts, and requests to these. What is
 * measured in them, and in which order, is round.h.
 */
#ifndef BREAKEVEN_BENCH_ENGINE_ENGINE_H
#define BREAKEVEN_BENCH_ENGINE_ENGINE_H

#include "bench/engine/cpu_limits.h"
#include "bench/engine/host_process.h"
#include "bench/engine/page_policy.h"
#include "bench/host/memory.h"
#include "bench/protocol/request.h"
#include "results/record.h"
#include "system/topology.h"

#include <stdbool.h>
#include <stdint.h>

enum {
	ENGINE_BASE = 0, /* the contender that all are compared with: serial */
	ENGINE_GENERATIONS = 6, /* fewer cannot give a 95 % interval */
	ENGINE_FAILURES = 3, /* of a runner at a kernel, then it is excluded */
	ENGINE_PROBES = 63,  /* that tell what is usual */
	ENGINE_ANSWER_MS = 20000, /* a request that takes longer has hung */
};

struct calibration;
struct contender;
struct exclusion;
struct reference;

struct engine {
	/* Set by the caller before engine_open(), which owns none of it. */
	const struct topology *topology;
	/* What the machine is taken for, where it is pretended; or NULL. */
	const struct topology *pretended;
	const char *program; /* of hosts: a `breakeven`; NULL: this one */
	json_t *build;	     /* what that was built from */
	enum pin_policy pin;
	char **kernels; /* those asked for, and behind them others */
	size_t nkernels;
	json_t *facts; /* of each, as describe_kernel() has them */
	size_t empty_kernel, self_check_kernel; /* of the others */
	uint64_t seed;
	double epoch_ns;   /* length of an epoch to aim at */
	double deadline;   /* seconds of now_s(); 0: none */
	double budget_s;   /* from the start to the deadline */
	double narrow;	   /* octaves of an interval that is narrow enough */
	double longest_ns; /* call that there is time for; 0: any */
	double ask_s; /* what a request takes beside its work; 0: unknown */
	double calibrating_s;	  /* so far, in engine_calibrate() */
	int interrupt_fd;	  /* readable when the user wants to stop */
	size_t arena_size;	  /* bytes of address space for data */
	const char *memory_limit; /* what that is a share of, in words */
	enum memory memory;
	enum memory_source source; /* of huge pages */
	struct page_policy pages;
	unsigned sharers;      /* runs that share the memory with this one */
	bool oversubscribe;    /* more workers than CPUs are not capped */
	bool stamps;	       /* hosts can be asked for time stamps */
	struct record *record; /* NULL: no notes are taken */
	void (*notice)(const char *text); /* tell the user, at once */
	void (*relay)(
		const char *words); /* what a host wrote; NULL: as it is */

	/* Why what was to be opened, planned or measured was not. */
	struct error error;

	/* The engine's own. Contender 0 is the base, serial; behind those that
	 * are compared with it stand those of the self-check. */
	struct contender *contenders;
	size_t ncontenders, nself_checks;
	size_t aa_control; /* one of the latter: serial once more; 0: none */
	struct host_process probe; /* runs where there are two CPUs to probe */
	unsigned probings;
	double probe_ns[ENGINE_PROBES]; /* the last ones, in turn */
	double waited;			/* seconds, for quieter moments */
	struct cpu_limits cpu_limits;
	int *cpus; /* allowed, in the order of the policy */
	int sat;   /* where the caller was bound before; -1: nowhere */
	unsigned ncpus;
	unsigned most_asked; /* workers, of those that are too many */
	unsigned generation;
	int arena_fd;
	size_t kernel; /* prepared now, with n; SIZE_MAX: nothing is */
	uint64_t n;
	json_t *found_nodes; /* pages of its data by NUMA node; NULL: not
				known */
	bool unplaced_told;
	struct reference *references;
	size_t nreferences;
	struct exclusion *exclusions;
	size_t nexclusions;
	struct calibration *calibrations;
	size_t ncalibrations;
};

/* ------------------------------------------------------------- time */

/* Has the budget ended? From then on, all functions that open hosts, ask them
 * or measure a round return ERROR_LATE instead. */
bool engine_is_late(const struct engine *engine);

/* How long to wait for an answer of a host, in ms. */
int engine_patience_ms(const struct engine *engine);

/* What an answer that was waited for so long means: a host that was still at
 * work when the budget ended has not failed, it is late. */
int engine_judge_answer(const struct engine *engine, int rc);

/* ------------------------------------------------------------- engine */

/*
 * Find the CPUs, and bind the caller to the first. The engine has no contenders
 * yet: lineup_open() adds them, too. 0 or ERROR_FAILED: out of memory.
 */
int engine_open(struct engine *engine);
void engine_close(struct engine *engine);

/* The CPUs of so many workers, by worker: the first ones of the policy, as
 * topology_number_workers() sorts them. Those of ranks keep the policy's order,
 * of which each machine takes the first ones. If workers outnumber CPUs, there
 * is one for each CPU. The caller frees it. NULL: out of memory. */
int *engine_place_workers(const struct engine *engine, unsigned workers,
			  bool are_ranks);

/* The CPU of a contender's worker. Runners of one worker move on by one, in the
 * order of the policy, with each generation. */
int engine_choose_cpu(const struct engine *engine,
		      const struct contender *contender, unsigned worker);

/* A number of a kernel's facts. */
double engine_get_fact(const struct engine *engine, size_t kernel,
		       const char *key);

/* Has the record samples of that kernel and size in that generation? */
bool engine_has_block(const struct engine *engine, unsigned generation,
		      size_t kernel, uint64_t n);

/* ------------------------------------------------------------- hosts */

/*
 * Start a contender's host over the arena, in three steps: launch its process;
 * await that it is ready; have it create its workers, which is measured, and
 * park it. Each: 0 or an enum error_kind, told in the host's error; ERROR_LATE
 * if the budget ends before.
 */
int engine_launch_host(struct engine *engine, struct contender *contender);
int engine_await_host(struct engine *engine, struct contender *contender);
int engine_open_host(struct engine *engine, struct contender *contender);

/* Close the hosts and free the arena, until the next generation. */
void engine_close_hosts(struct engine *engine);

/*
 * Ask a contender's host, which is started if it is not running. As
 * host_process_ask(), or ERROR_LATE if the budget ends before it has answered:
 * then it is killed.
 */
int engine_ask(struct engine *engine, struct contender *contender,
	       json_t *request, json_t **result);

/* The request to a contender to prepare a kernel at a size. */
json_t *engine_prepare_request(const struct engine *engine, size_t contender,
			       size_t kernel, uint64_t n);

/* Have the base write the input and say what comes out (reference.h), unless it
 * has done so last. 0 or an enum error_kind. */
int engine_prepare(struct engine *engine, size_t kernel, uint64_t n);

/* The most workers of any runner that takes part. */
unsigned engine_most_workers(const struct engine *engine);

#endif
