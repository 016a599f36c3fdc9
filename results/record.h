/* SPDX-License-Identifier: MIT */
/*
 * The record of what was measured: JSON lines, append-only. docs/record.md
 * describes every line. All reports are made from a record, and from nothing
 * else.
 *
 *	{"breakeven":1, ...}             the header: machine, build, plan, seed
 *	{"block":{...}}                  samples of one cell group
 *	{"note":{...}}                   a cell that failed, was skipped, ...
 *	{"row":{"table":"rows",...}}     of a study: see study_record.h
 *	{"verdict":{...}}                advisory; reports compute their own
 *	{"end":"<time>","complete":true} the last line of a whole run
 *
 * A torn last line is ignored; a record without an end was interrupted.
 */
#ifndef BREAKEVEN_RESULTS_RECORD_H
#define BREAKEVEN_RESULTS_RECORD_H

#include "core/error.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define RECORD_SCHEMA 1

/* What a series is to its block. */
enum role {
	ROLE_BASE,	 /* serial: what all are compared with */
	ROLE_RUNNER,	 /* compared with the base of the same round */
	ROLE_CONTROL,	 /* "tiles": serial over the tiles of `workers`, to
			    check these; "direct" in records whose serial ran
			    over tiles: one run(0, n); or a loop written by
			    hand for a runner */
	ROLE_AA_CONTROL, /* serial once more, which must come out equal */
	ROLE_SELF_CHECK, /* what is known beforehand, to check the measurement
			  */
};

struct series {
	const char *runner; /* as the user typed it */
	unsigned workers;
	enum role role;
	uint64_t calls; /* per epoch, the same in all rounds */
	double *ns;	/* by round: an epoch's time; its calls took
			   ns / calls each; 0: below the clock's
			   resolution; NaN (null in the file): not taken */
	double *cpu_ns; /* by round: CPU time of all workers in it; NULL: not
			   known */
	double open_ns; /* to create the workers, in this generation; NaN or 0:
			   not known */
	uint64_t tiles; /* of a call, where it is not cut as the block's are;
			   else 0 */
};

/* The state of the machine between two measurements; NaN (null in the file):
 * not known. */
struct reading {
	double trip_ns;	    /* of a cache line to the next CPU and back */
	double together_ns; /* of a piece of work on all CPUs in use at once,
			       on the slowest one */
	double alone_ns;    /* of the same on one CPU, the others idle */
};

/*
 * The rounds of one kernel at one size in one generation: in every round each
 * series was measured once, right after one another.
 */
struct block {
	unsigned generation; /* from 1 */
	const char *kernel;  /* as the user typed it */
	uint64_t n;
	uint64_t tiles; /* of a call that is cut for the most workers */
	size_t rounds;
	struct reading *readings; /* 2 x rounds: before and after each */
	uint64_t throttled; /* how often a CPU quota stopped us meanwhile */
	bool cpus_changed;  /* the CPUs that we may use changed meanwhile */
	json_t *nodes;	    /* by NUMA node, how many of some thousand pages
				of the data were found there: an array; NULL:
				not asked for, or not known */
	size_t nseries;
	struct series *series;
};

/* "skipped", "failed", "invalid": no time is published for the cell. */
struct note {
	const char *kind;
	const char *kernel; /* NULL: all kernels */
	const char *runner;
	unsigned workers;
	uint64_t n; /* 0: all sizes from here on */
	unsigned generation;
	bool beyond; /* at larger sizes, too: memory ran out */
	const char *reason;
};

/* A runner as the header describes it. */
struct record_runner {
	const char *spec;     /* as the user typed it */
	const char *unit;     /* "none", "thread", "process" */
	const char *lifetime; /* "per call", "pooled" */
	const char *data;     /* "in place", "shared", ... */
	const char *regime;   /* "one-shot", "warm", "warm+ship" */
	const char *base;     /* what it is compared with: "serial", and
				 besides it another one of these */
};

struct record {
	json_t *header;	   /* NULL until there is one */
	const char *study; /* the command that measured something of its own,
			      as "dispatch"; NULL: bench, grid or roof */
	bool ended;	   /* there is an end line */
	bool complete;	   /* and it says complete */
	size_t nrunners, nkernels;
	struct record_runner *runners;
	const char **kernels; /* specs, in the order of the run */
	size_t nblocks, nnotes;
	struct block *blocks;
	struct note *notes;
	size_t nrows;
	json_t **rows;	/* of a study: objects with a "table" */
	json_t *splits; /* of the end line: an array, or NULL */
	/* The other side of its run, whose probes count for both; whoever reads
	 * the two sets it. NULL: there is none. */
	const struct record *peer;
	/* Private: where strings live, the file that lines go to. */
	void *strings;
	int fd;
	off_t cut_at; /* where the next line goes, and all else behind that is
			 cut off; 0: to the end */
	int failure;  /* -errno of the first line that could not be written */
};

/* A record in memory, empty. NULL: out of memory. */
struct record *record_new(void);
void record_free(struct record *record);

/*
 * Read a file. 0, or -errno with `error` filled: file, line, what is wrong and
 * what to do. A newer schema, a file that is no record, a wrong type are
 * errors; a torn last line is not.
 */
int record_read(const char *path, struct record **out,
		char error[ERROR_TEXT_MAX]);

/* The descriptor that "/dev/fd/N", "/dev/stdout" or "/dev/stderr" names; -1: it
 * is the path of a file. */
int record_path_descriptor(const char *path);

/*
 * Send every line put from now on to a new file as well, or to the open
 * descriptor that /dev/fd/N names. -EEXIST when there is a file already: a
 * record is never overwritten.
 */
int record_attach(struct record *record, const char *path,
		  char error[ERROR_TEXT_MAX]);

/* The seconds that the run was given, 0 for a plan that was counted; NAN: the
 * header does not say. */
double record_budget_s(const struct record *record);

/* How many readings its blocks have. */
size_t record_count_readings(const struct record *record);

/* The generations after which the grid was looked at, ascending; NULL: once, at
 * the end. */
const json_t *record_looks(const struct record *record);

/*
 * Read the file of a run, and go on with it: lines that are put from now on go
 * to its end. The first of them takes the place of what may stand there: a torn
 * line, or the end and the verdicts before it. As record_read(); and -EEXIST
 * for a counted run that is complete, -EBUSY for one that is being written.
 */
int record_resume(const char *path, struct record **out,
		  char error[ERROR_TEXT_MAX]);

/*
 * Append one line to memory, and in a single write(2) to the file. Takes
 * ownership of json_t arguments (`splits` is an array or NULL); copies blocks
 * and notes. After -errno (no memory, or the file could not be written) the
 * line is not in the file.
 *
 * A header holds "machine", "build", "command", "seed", "time",
 * "kernels": [{"name", ...}], "runners": [{"name", "unit", "lifetime",
 * "data", "regime", ...}] and whatever else is worth keeping; that of a study
 * holds "study", and need not have kernels and runners.
 */
int record_put_header(struct record *record, json_t *header);
int record_put_block(struct record *record, const struct block *block);
int record_put_note(struct record *record, const struct note *note);
int record_put_row(struct record *record, json_t *row);
int record_put_verdict(struct record *record, json_t *verdict);
int record_put_end(struct record *record, bool complete, json_t *splits);

#endif
