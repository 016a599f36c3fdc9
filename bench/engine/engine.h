/* SPDX-License-Identifier: MIT */
/*
 * The engine: the compared runners, and generations of hosts for them. What is
 * measured in them, and in which order, is round.h.
 */
#ifndef BREAKEVEN_BENCH_ENGINE_ENGINE_H
#define BREAKEVEN_BENCH_ENGINE_ENGINE_H

#include "bench/engine/contender.h"
#include "bench/engine/watch.h"
#include "bench/host/memory.h"
#include "bench/protocol/request.h"
#include "results/record.h"
#include "system/pin.h"

#include <stdbool.h>
#include <stdint.h>

enum {
	ENGINE_BASE = 0, /* the contender that all are compared with: serial */
	ENGINE_GENERATIONS = 6,	  /* fewer cannot give a 95 % interval */
	ENGINE_FAILURES = 3,	  /* of a runner at a kernel, then it is left */
	ENGINE_CANARIES = 63,	  /* that tell what is usual */
	ENGINE_ANSWER_MS = 20000, /* a request that takes longer has hung */
};

/* A cell that failed or came out wrong: not measured again. */
struct exclusion {
	size_t kernel, contender;
	uint64_t n;  /* 0: all sizes */
	bool beyond; /* larger sizes neither */
};

/* How many calls fill an epoch, once that was found out. */
struct calibration {
	size_t kernel, contender;
	uint64_t n;
	enum way way;
	uint64_t calls;
	double call_ns;
};

struct engine {
	/* Set by the caller before engine_open(), which owns none of it. */
	const struct topology *topology;
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
	double longest_ns; /* call of a foreign runner that there is time for;
			      0: any */
	int interrupt_fd;  /* readable when the user wants to stop */
	size_t arena_size; /* bytes of address space for data */
	const char *memory_limit; /* what that is a share of, in words */
	enum memory memory;
	enum memory_source source; /* of huge pages */
	bool oversubscribe;	   /* more workers than CPUs are not capped */
	bool stamps;		   /* hosts can be asked for time stamps */
	struct record *record;	   /* NULL: no notes are taken */
	void (*notice)(const char *text); /* tell the user, at once */
	void (*relay)(
		const char *words); /* what a host wrote; NULL: as it is */

	/* The engine's own. Contender 0 is the base, serial; behind those that
	 * are compared with it come those that prove the measurement. */
	struct contender *contenders;
	size_t ncontenders, nself_checks;
	size_t aa_control; /* of the latter: serial once more; 0: there is none
			    */
	struct host_process probe; /* runs where there are two CPUs to probe */
	unsigned probings;
	double canaries[ENGINE_CANARIES]; /* the last ones, in turn */
	double waited;			  /* seconds, for quieter moments */
	struct watch watch;
	int *cpus; /* allowed, in the order of the policy */
	int sat;   /* where the caller was bound before; -1: nowhere */
	unsigned ncpus;
	unsigned most_asked; /* workers, of those that are too many */
	unsigned generation;
	int arena_fd;
	size_t kernel; /* prepared now, with n; SIZE_MAX: nothing is */
	uint64_t n;
	char digest[20]; /* of its serial result */
	uint64_t tiles;
	uint64_t groups; /* begun so far, for the order of rounds */
	struct exclusion *exclusions;
	size_t nexclusions;
	struct calibration *calibrations;
	size_t ncalibrations;
};

/* Has the budget ended? From then on, whatever would open hosts, ask them, or
 * measure a round returns ERROR_LATE instead. */
bool engine_is_late(const struct engine *engine);

/*
 * Describe and add the runners `specs` at each of the `workers` (solo runners
 * once, at their own number). 0, or an enum error_kind with `error` filled:
 * ERROR_USAGE for specs that cannot be understood. Runners that this machine
 * cannot have get a note in the record, and are left out.
 */
int engine_open(struct engine *engine, char *const *specs, size_t nspecs,
		const unsigned *workers, size_t nworkers,
		char error[ERROR_TEXT_MAX]);
void engine_close(struct engine *engine);

/* Close the hosts and free the arena, until the next generation. */
void engine_close_hosts(struct engine *engine);

/* Close the hosts of the generation before; open fresh ones over a fresh
 * arena. 0 or an enum error_kind, told in `error`, when not even the base can
 * be had; ERROR_LATE when the budget ends before all are open. */
int engine_start_generation(struct engine *engine, unsigned generation,
			    char error[ERROR_TEXT_MAX]);

/* A number of a kernel's facts. */
double engine_get_fact(const struct engine *engine, size_t kernel,
		       const char *key);

/* Is any contender left to compare with the base? */
bool engine_has_contenders(const struct engine *engine);

/* Is this contender not measured at this kernel and size? */
bool engine_is_excluded(const struct engine *engine, size_t contender,
			size_t kernel, uint64_t n);

/*
 * Ask a contender's host, which is started if it is not running. As
 * host_process_ask(), or ERROR_LATE when the budget ends before it has
 * answered: it is killed.
 */
int engine_ask(struct engine *engine, struct contender *contender,
	       json_t *request, json_t **result);

/* The request to prepare a kernel at a size. */
json_t *engine_prepare_request(const struct engine *engine, size_t kernel,
			       uint64_t n, bool base);

/* Have the base write the input and say what comes out, unless it has done so
 * last. 0 or an enum error_kind. */
int engine_prepare(struct engine *engine, size_t kernel, uint64_t n);

/* How many calls of what is prepared fill an epoch, and what one takes: asked
 * once, and the same from then on. 0 or an enum error_kind. */
int engine_calibrate(struct engine *engine, size_t contender, enum way way,
		     uint64_t *calls, double *call_ns);

/* An epoch came out so short that its calibration cannot have been right: ask
 * anew for the next ones. */
void engine_invalidate_calibration(struct engine *engine, size_t contender,
				   enum way way, double epoch_ns);

/* Is there time for such calls of a foreign contender? Others are far from as
 * slow. 0, or ERROR_SKIPPED, told in its host.error. */
int engine_check_budget(struct engine *engine, size_t contender,
			double call_ns);

/*
 * A contender failed at a kernel and size (n 0: at all): note it, and go on
 * without. One that is skipped, or that memory ran out for, is so at larger
 * sizes, too. 0, or ERROR_FAILED when that cannot be noted.
 */
int engine_exclude(struct engine *engine, size_t kernel, size_t contender,
		   uint64_t n, enum error_kind kind, const char *reason);

/* The same of a kernel whose base failed: under every runner, for there is
 * nothing to compare them with. */
int engine_exclude_base(struct engine *engine, size_t kernel, uint64_t n,
			enum error_kind kind, const char *reason);

/* Of a run that goes on: whom the notes of its record say not to measure. 0, or
 * ERROR_FAILED. */
int engine_restore_exclusions(struct engine *engine);

/* Has the record samples of that kernel and size in that generation? */
bool engine_has_block(const struct engine *engine, unsigned generation,
		      size_t kernel, uint64_t n);

/* Time per call of the base alone at this size, in ns; < 0: -(enum
 * error_kind). */
double engine_base_ns(struct engine *engine, size_t kernel, uint64_t n);

/* How the machine is at this moment (probe.h); NAN where that is not to be had.
 * The canary sits on all CPUs in use or, if they are many, on some of them in
 * turn. 0, or ERROR_INTERRUPTED. */
int engine_probe(struct engine *engine, struct reading *reading);

/* A reading to begin a round with: the one at hand, if there is one and its
 * canary was not disturbed. Else look, and while it is disturbed wait a little
 * and look again: three times, and a tenth of the time that there is at most.
 * As engine_probe(). */
int engine_wait_quiet(struct engine *engine, struct reading *reading);

#endif
