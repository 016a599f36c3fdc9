/* SPDX-License-Identifier: MIT */
/*
 * The host, as the files that open it and serve its requests know it.
 */
#ifndef BREAKEVEN_BENCH_HOST_HOST_STATE_H
#define BREAKEVEN_BENCH_HOST_HOST_STATE_H

#include "bench/host/page_nodes.h"
#include "bench/host/stamps.h"
#include "bench/protocol/wire.h"
#include "system/cpu_clock.h"

#include <stdbool.h>

struct probe;

struct host {
	struct wire wire;
	json_t *order; /* what it was started with */
	char *token;   /* of the launcher, where this is a rank; else
				NULL */
	bool joined;   /* this is a rank that has met the others */
	bool followed; /* they make the calls of the present request */
	bool window;   /* all ranks share the arena; partials are each one's */
	struct partial *partials;
	int arena_fd;
	int status; /* of the launcher whose ranks took our place */
	const struct runner *runner;
	struct team team;
	int *cpus;
	uint8_t *borders;
	struct topology *topology;
	enum memory memory;
	struct workload workload;
	struct page_nodes nodes;       /* that the order names for its data */
	const struct control *control; /* the last that was asked for */
	struct probe *probe;
	struct stamps *stamps; /* where the order asks for them */
	struct stamps_times times;
	struct cpu_clock clock; /* of all workers, as of the first epoch */
	bool clocked;
	bool fresh;	 /* no epoch since a kernel was prepared */
	int64_t open_ns; /* what creating the workers took */
	bool open;
};

/* Cut what is prepared into shares for so many workers; of the results, those
 * that lie here are to be verified. */
void host_cut(struct host *host, unsigned workers);

/* Answer with what stands under "ok", whose reference is stolen. 0 or
 * -errno. */
int host_answer(struct host *host, json_t *result);

/* Answer with an error, or with one of this kind. 0 or -errno. */
int host_refuse(struct host *host, const struct error *error);
int host_refuse_as(struct host *host, enum error_kind kind, const char *text);

/* The error of the runner, which returned rc, -errno. Returns its kind. */
int host_set_runner_error(const struct host *host, int rc, struct error *error);

/* Answer with it. 0 or -errno. */
int host_refuse_runner(struct host *host, int rc);

/* Understand the order, whose text is `order`, and make ready all that a runner
 * needs. False: the order is answered, with an error or with what it only asks
 * for. */
bool host_make_ready(struct host *host, char *order);

/* Create the workers, and have them answer an empty call: some are created by
 * the first call only. 0 or -errno, told in team.error. */
int host_open_runner(struct host *host);

/* Serve one request. 0, or -errno if it could not be answered. */
int host_serve(struct host *host, json_t *request);

#endif
