/* SPDX-License-Identifier: MIT */
#include "bench/session/session.h"

#include "bench/cli/interrupt.h"
#include "bench/cli/list.h"
#include "bench/cli/outfile.h"
#include "bench/engine/capacity.h"
#include "bench/engine/describe.h"
#include "bench/engine/exclusion.h"
#include "bench/engine/generation.h"
#include "bench/engine/lineup.h"
#include "bench/engine/worker_count.h"
#include "bench/host/registry.h"
#include "bench/machine/machine.h"
#include "bench/session/header.h"
#include "bench/session/resume.h"
#include "bench/session/self_check.h"
#include "core/clock.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#define DEFAULT_KERNELS "square_map,square_map_f64,sum,dot,minmax"
#define DEFAULT_RUNNERS "fork,pthread,fork-pool,pthread-pool,openmp"
#define EPOCH_NS	1e6
#define SHORTEST_EPOCH	0.2e6
#define LONGEST_CALL	20e6
#define SHORTEST_CALL	1e6
#define FOREIGN_CALL	5e6
#define NARROW		(1.0 / 12) /* octaves, of a break-even interval: enough */
#define PATIENCE	10	   /* times the budget, for a precision */
#define FIRST_SHARE	0.6 /* of the budget that the first pass may take */

enum { USAGE = 2, LIST_MAX = 64, COUNT_MAX = 1000 };

/* ------------------------------------------------------------- options */

const struct argp_option session_options[] = {
	{"kernels", 'k', "LIST", 0,
	 "What to compute (default " DEFAULT_KERNELS "); also a file of yours, "
	 "as ./mine.so",
	 0},
	{"runners", 'r', "LIST", 0,
	 "Who computes it, each as name:key=value:... (default " DEFAULT_RUNNERS
	 "); serial is the A/A control",
	 0},
	{"workers", 'w', "LIST", 0,
	 "Numbers of workers (default: one per CPU that we may use)", 0},
	{"sizes", 'n', "LO..HI", 0,
	 "Sizes in items, as 16..4Mi (default: from 16 up to 4 times the last "
	 "cache or 20 ms of serial work)",
	 0},
	{"oversubscribe", SESSION_OVERSUBSCRIBE, NULL, 0,
	 "Allow more workers than CPUs; else their number is capped", 0},
	{"pin", SESSION_PIN, "POLICY", 0,
	 "core (default), compact, scatter or none: who runs where", 0},
	{"arena", SESSION_ARENA, "KIND", 0,
	 "Where data lies: in memory that all share (shared, default), in each "
	 "runner's own as from malloc (private), or in huge pages (huge)",
	 0},
	{"budget", SESSION_BUDGET, "SECONDS", 0,
	 "Time to spend (default: 6 for each kernel and runner, 8 to 150)", 0},
	{"rounds", SESSION_ROUNDS, "N", 0,
	 "Measure each cell so often in each generation (default 3), and end: "
	 "the same work on every machine. No size is narrowed down; a --budget "
	 "that is named ends it, too",
	 0},
	{"generations", SESSION_GENERATIONS, "G", 0,
	 "The same, in so many generations of fresh processes (default 6, the "
	 "fewest from which anything is concluded)",
	 0},
	{"epoch", SESSION_EPOCH, "US", 0,
	 "Microseconds of calls back to back that make one sample, from 20 on "
	 "(default 1000, less where a small budget needs it)",
	 0},
	{"precision", SESSION_PRECISION, "PERCENT", 0,
	 "End when each break-even size is known to within so much to both "
	 "sides, as 2% (default: a factor of 1.06 in all); gives ten times the "
	 "budget, where none is named",
	 0},
	{"seed", SESSION_SEED, "N", 0, "Seed of the order of rounds", 0},
	{"out", 'o', "FILE.jsonl", 0,
	 "The record (default: a new one in results/runs, or here)", 0},
	{"quiet", SESSION_QUIET, NULL, 0, "No progress on standard error", 0},
	{NULL, 0, NULL, 0, NULL, 0},
};

static int parse_pin(struct argp_state *state, const char *text,
		     struct wishes *wishes)
{
	for (int i = 0; pin_policy_names[i]; i++) {
		if (strcmp(text, pin_policy_names[i]) != 0)
			continue;
		wishes->pin = (enum pin_policy)i;
		return 0;
	}
	argp_error(state,
		   "--pin takes compact, scatter, core or none, not "
		   "'%s'",
		   text);
	return EINVAL;
}

static int parse_arena(struct argp_state *state, const char *text,
		       struct wishes *wishes)
{
	int memory = memory_find(text);

	if (memory >= 0) {
		wishes->memory = (enum memory)memory;
		return 0;
	}
	argp_error(state, "--arena takes shared, private or huge, not '%s'",
		   text);
	return EINVAL;
}

static int parse_real(struct argp_state *state, const char *option,
		      const char *unit, const char *text, double min,
		      double max, double *out)
{
	char *end;

	*out = strtod(text, &end);
	if (end != text && !*end && *out >= min && *out <= max)
		return 0;
	argp_error(state, "--%s takes %s from %g to %.0f, not '%s'", option,
		   unit, min, max, text);
	return EINVAL;
}

static int parse_budget(struct argp_state *state, const char *text,
			struct wishes *wishes)
{
	return parse_real(state, "budget", "seconds", text, 0.1, 1e6,
			  &wishes->budget);
}

static int parse_epoch(struct argp_state *state, const char *text,
		       struct wishes *wishes)
{
	int rc = parse_real(state, "epoch", "microseconds", text, 20, 1e6,
			    &wishes->epoch_ns);

	wishes->epoch_ns *= 1e3;
	return rc;
}

static int parse_precision(struct argp_state *state, const char *text,
			   struct wishes *wishes)
{
	char *end;

	wishes->precision = strtod(text, &end) / 100;
	if (end != text && strcmp(end, "%") == 0 &&
	    wishes->precision >= 0.001 && wishes->precision <= 0.5)
		return 0;
	argp_error(state,
		   "--precision takes a percentage with its sign, from 0.1%% "
		   "to 50%%, as 2%%, not '%s'",
		   text);
	return EINVAL;
}

static int parse_count(struct argp_state *state, const char *option,
		       const char *text, unsigned *count)
{
	char *end;
	unsigned long value = strtoul(text, &end, 10);

	*count = (unsigned)value;
	if (end != text && !*end && *text != '-' && value >= 1 &&
	    value <= COUNT_MAX)
		return 0;
	argp_error(state, "--%s takes a number from 1 to %d, not '%s'", option,
		   COUNT_MAX, text);
	return EINVAL;
}

static int parse_seed(struct argp_state *state, const char *text,
		      struct wishes *wishes)
{
	char *end;

	errno = 0;
	wishes->seed = strtoull(text, &end, 10);
	wishes->have_seed = true;
	if (errno == 0 && end != text && !*end && *text != '-' &&
	    wishes->seed <= INT64_MAX)
		return 0;
	argp_error(state, "--seed takes a whole number below 2^63, not '%s'",
		   text);
	return EINVAL;
}

error_t session_parse(int key, char *arg, struct argp_state *state)
{
	struct wishes *wishes = state->input;

	switch (key) {
	case 'k':
		wishes->kernels = arg;
		return 0;
	case 'r':
		wishes->runners = arg;
		return 0;
	case 'w':
		wishes->workers = arg;
		return 0;
	case 'n':
		wishes->sizes = arg;
		return 0;
	case 'o':
		wishes->out = arg;
		return 0;
	case SESSION_PIN:
		return parse_pin(state, arg, wishes);
	case SESSION_ARENA:
		return parse_arena(state, arg, wishes);
	case SESSION_BUDGET:
		return parse_budget(state, arg, wishes);
	case SESSION_PRECISION:
		return parse_precision(state, arg, wishes);
	case SESSION_SEED:
		return parse_seed(state, arg, wishes);
	case SESSION_EPOCH:
		return parse_epoch(state, arg, wishes);
	case SESSION_ROUNDS:
		return parse_count(state, "rounds", arg, &wishes->rounds);
	case SESSION_GENERATIONS:
		return parse_count(state, "generations", arg,
				   &wishes->generations);
	case SESSION_OVERSUBSCRIBE:
		wishes->oversubscribe = true;
		return 0;
	case SESSION_QUIET:
		wishes->quiet = true;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

/* ------------------------------------------------------------- wishes */

bool wishes_counted(const struct wishes *wishes)
{
	return wishes->rounds || wishes->generations;
}

static double wished_epoch(const struct session *session)
{
	return session->wishes.epoch_ns > 0 ? session->wishes.epoch_ns
					    : EPOCH_NS;
}

static void complain(const struct session *session, const char *what)
{
	fprintf(stderr, "breakeven %s: %s\n", session->command, what);
}

/* A kernel named twice is measured once. */
static void drop_twins(struct engine *engine)
{
	size_t kept = 0;

	for (size_t k = 0; k < engine->nkernels; k++) {
		size_t twin = 0;

		while (twin < kept &&
		       strcmp(engine->kernels[twin], engine->kernels[k]) != 0)
			twin++;
		if (twin < kept)
			free(engine->kernels[k]);
		else
			engine->kernels[kept++] = engine->kernels[k];
	}
	engine->nkernels = kept;
}

/* Kernels of our own stand behind those that are asked for, uncounted. */
static int add_own(struct session *session)
{
	static const char *const own[] = {"empty", SELF_CHECK_KERNEL};
	enum { OWN = sizeof(own) / sizeof(own[0]) };
	struct engine *engine = &session->engine;
	char **grown = realloc(engine->kernels,
			       (engine->nkernels + OWN) * sizeof(*grown));

	if (!grown)
		return -ENOMEM;
	engine->kernels = grown;
	engine->empty_kernel = engine->nkernels;
	engine->self_check_kernel = engine->nkernels + 1;
	session->nlisted = engine->nkernels;
	for (size_t i = 0; i < OWN; i++) {
		grown[session->nlisted] = strdup(own[i]);
		if (!grown[session->nlisted++])
			return -ENOMEM;
	}
	return 0;
}

/* Once, before anything is measured: a kernel that cannot even be set up is a
 * mistake of the command line. 0, or the exit status. */
static int learn_facts(struct session *session)
{
	struct engine *engine = &session->engine;
	char error[ERROR_TEXT_MAX];

	engine->facts = json_array();
	for (size_t k = 0; k < engine->nkernels; k++) {
		json_t *facts = NULL;
		int rc = describe_kernel(engine->kernels[k], 1, &facts, error);

		if (rc) {
			complain(session, error);
			return USAGE;
		}
		json_array_append_new(engine->facts, facts);
	}
	return 0;
}

static int split_specs(struct session *session)
{
	const struct wishes *wishes = &session->wishes;
	struct engine *engine = &session->engine;

	if (list_split(wishes->kernels ? wishes->kernels : DEFAULT_KERNELS,
		       &engine->kernels, &engine->nkernels) < 0 ||
	    list_split(wishes->runners ? wishes->runners : DEFAULT_RUNNERS,
		       &session->runners, &session->nrunners) < 0) {
		complain(session, "a list of kernels or runners is empty, or "
				  "holds an empty name");
		return USAGE;
	}
	drop_twins(engine);
	if (add_own(session) < 0) {
		complain(session, "out of memory");
		return 1;
	}
	return learn_facts(session);
}

static int understand_numbers(struct session *session)
{
	const struct wishes *wishes = &session->wishes;
	char error[SPEC_ERROR_MAX] = "";
	int rc = 0;

	session->lo = SIZING_FIRST;
	if (wishes->sizes)
		rc = list_sizes(wishes->sizes, &session->lo, &session->hi,
				error, sizeof(error));
	if (rc == 0 && wishes->workers)
		rc = list_counts(wishes->workers, 1, 4096, session->workers,
				 SESSION_WORKERS_MAX, &session->nworkers, error,
				 sizeof(error));
	if (rc == 0)
		return 0;
	complain(session, error);
	return USAGE;
}

static void default_workers(struct session *session)
{
	if (session->nworkers)
		return;
	session->workers[0] =
		worker_count_default(session->topology, progress_notice);
	session->nworkers = 1;
}

/* ------------------------------------------------------------- resources */

/* How much of which memory. */
static int find_memory(struct session *session, char error[ERROR_TEXT_MAX])
{
	struct engine *engine = &session->engine;

	engine->memory = session->wishes.memory;
	capacity_find(engine);
	if (engine->memory != MEMORY_HUGE)
		return 0;
	if (engine->arena_size < HUGE_PAGE) {
		snprintf(error, ERROR_TEXT_MAX,
			 "--arena huge: a huge page is 2 MiB, and half of %s "
			 "leaves less for data: take fewer workers, or --arena "
			 "shared",
			 engine->memory_limit);
		return ERROR_FAILED;
	}
	/* Pages that were set aside are there for this; copies of the data are
	 * in others. */
	engine->source = memory_huge(
		&engine->arena_size,
		capacity_copies(engine) == 1 ? SIZE_MAX : engine->arena_size);
	if (engine->source != HUGE_NONE)
		return 0;
	snprintf(error, ERROR_TEXT_MAX,
		 "--arena huge: there are no huge pages here. As root, either "
		 "reserve some, `sysctl vm.nr_hugepages=512` for 1 GiB, or "
		 "allow transparent ones for shared memory, `echo advise "
		 ">/sys/kernel/mm/transparent_hugepage/shmem_enabled`");
	return ERROR_FAILED;
}

static int open_machine(struct session *session)
{
	char error[SPEC_ERROR_MAX] = "";

	if (topology_load(NULL, &session->topology, error, sizeof(error)) < 0) {
		complain(session, error);
		return 1;
	}
	session->engine.topology = session->topology;
	session->engine.pin = session->wishes.pin;
	session->engine.interrupt_fd = interrupt_open();
	session->engine.notice = progress_notice;
	session->engine.relay = progress_relay;
	session->engine.seed = session->wishes.seed;
	if (!session->wishes.have_seed &&
	    getrandom(&session->engine.seed, sizeof(uint32_t), 0) < 0)
		session->engine.seed = (uint64_t)time(NULL);
	return 0;
}

static int open_record(struct session *session)
{
	char error[RECORD_ERROR_MAX] = "out of memory";

	session->out = session->wishes.out ? strdup(session->wishes.out)
					   : outfile_new("", ".jsonl");
	session->engine.record = record_new();
	if (session->out && session->engine.record &&
	    record_attach(session->engine.record, session->out, error) == 0)
		return 0;
	complain(session, error);
	return ERROR_FAILED;
}

/* ------------------------------------------------------------- sizes */

/* A kernel that fails at its first size is not tried again, but noted once
 * there is a record: to wait for an answer may have taken long, which is not to
 * be at the cost of the others. */
static int size_kernel(struct session *session, struct engine *base, size_t k,
		       uint64_t llc, char error[ERROR_TEXT_MAX])
{
	struct sizes *sizes = &session->sizes[k];
	double start = now_s();
	int rc;

	progress_show(&session->progress, "looking at the sizes of %s",
		      base->kernels[k]);
	rc = sizing_find(base, k, session->lo, session->hi, llc, sizes, error);
	if (rc == ERROR_USAGE || rc == ERROR_INTERRUPTED)
		return rc;
	if (rc) {
		progress_notice(error);
		host_process_kill(&base->contenders[0].host);
		if (session->engine.deadline > 0)
			session->engine.deadline += now_s() - start;
	}
	if (rc && sizes->ns[0] == 0) {
		sizes->lost = (enum error_kind)rc;
		sizes->why = strdup(error);
		if (!sizes->why)
			return ERROR_FAILED;
	}
	if (sizes->count == 0)
		sizes->n[sizes->count++] = session->lo;
	return 0;
}

/* With the base alone, before there is a header to write notes after. */
static int find_sizes(struct session *session, char error[ERROR_TEXT_MAX])
{
	const struct engine *engine = &session->engine;
	struct engine base = {
		.topology = engine->topology,
		.pin = engine->pin,
		.kernels = engine->kernels,
		.nkernels = engine->nkernels,
		.epoch_ns = SHORTEST_EPOCH,
		.interrupt_fd = engine->interrupt_fd,
		.arena_size = engine->arena_size,
		.memory_limit = engine->memory_limit,
		.memory = engine->memory,
		.source = engine->source,
		.notice = engine->notice,
		.relay = engine->relay,
	};
	struct machine_shape shape;
	uint64_t llc;
	int rc;

	session->sizes = calloc(base.nkernels, sizeof(*session->sizes));
	if (!session->sizes)
		return ERROR_FAILED;
	topology_shape(session->topology, &shape);
	llc = shape.l3 ? shape.l3 : shape.l2;
	rc = lineup_open(&base, NULL, 0, NULL, 0, error);
	if (rc == 0)
		rc = engine_start_generation(&base, 1, error);
	for (size_t k = 0; rc == 0 && k < base.nkernels; k++)
		rc = size_kernel(session, &base, k, llc, error);
	engine_close(&base);
	return rc;
}

static uint64_t set_items(const struct session *session, size_t k, size_t s)
{
	double items = floor((double)session->sets[s] /
			     engine_get_fact(&session->engine, k, "bytes"));

	return items < 1 ? 1 : (uint64_t)items;
}

static bool set_fits(const struct session *session, size_t k, size_t s)
{
	char error[ERROR_TEXT_MAX];
	size_t size;

	return describe_size(session->engine.kernels[k],
			     set_items(session, k, s), &size, error) == 0 &&
	       size <= session->engine.arena_size;
}

/* Sizes that touch so many bytes, as far as there is memory for them. */
static int take_sets(struct session *session, char error[ERROR_TEXT_MAX])
{
	struct engine *engine = &session->engine;

	session->sizes = calloc(engine->nkernels, sizeof(*session->sizes));
	if (!session->sizes)
		return ERROR_FAILED;
	for (size_t k = 0; k < engine->nkernels; k++) {
		struct sizes *sizes = &session->sizes[k];

		if (engine_get_fact(engine, k, "bytes") <= 0) {
			snprintf(error, ERROR_TEXT_MAX,
				 "%s moves no memory: name kernels that do",
				 engine->kernels[k]);
			return ERROR_USAGE;
		}
		for (size_t s = 0; s < session->nsets; s++)
			if (sizes->count < SIZING_MAX &&
			    set_fits(session, k, s))
				sizes->n[sizes->count++] =
					set_items(session, k, s);
	}
	engine->epoch_ns = wished_epoch(session);
	return 0;
}

/* After the header: whose base failed already. */
static int note_lost(struct session *session)
{
	int rc = 0;

	for (size_t k = 0; rc == 0 && k < session->engine.nkernels; k++)
		if (session->sizes[k].lost)
			rc = engine_exclude_base(&session->engine, k, 0,
						 session->sizes[k].lost,
						 session->sizes[k].why);
	return rc;
}

/* After the header: which sets did not fit. */
static int note_unfit(struct session *session)
{
	struct engine *engine = &session->engine;
	struct note note = {.kind = "skipped",
			    .runner = engine->contenders[1].spec,
			    .workers = engine->contenders[1].workers};
	char reason[ERROR_TEXT_MAX];
	int rc = 0;

	snprintf(reason, sizeof(reason),
		 "it does not fit the %zu MiB that a run may use, its share of "
		 "%s",
		 engine->arena_size >> 20, engine->memory_limit);
	note.reason = reason;
	for (size_t k = 0; k < engine->nkernels; k++)
		for (size_t s = 0; rc == 0 && s < session->nsets; s++) {
			if (set_fits(session, k, s))
				continue;
			note.kernel = engine->kernels[k];
			note.n = set_items(session, k, s);
			rc = record_put_note(engine->record, &note);
		}
	return rc;
}

static void drop_long(struct sizes *sizes, double call_ns)
{
	while (sizes->count > 1 && sizes->ns[sizes->count - 1] > call_ns)
		sizes->count--;
}

/* Contenders that are measured twice, somewhere. */
static size_t count_hand(const struct engine *engine)
{
	size_t count = 0;

	for (size_t m = 0; m < engine->ncontenders; m++) {
		size_t k = 0;

		while (k < engine->nkernels &&
		       !registry_has_control(engine->kernels[k],
					     engine->contenders[m].bare))
			k++;
		count += k < engine->nkernels;
	}
	return count;
}

static size_t count_foreign(const struct engine *engine)
{
	size_t count = 0;

	for (size_t m = 0; m < engine->ncontenders; m++)
		count += contender_is(&engine->contenders[m], "foreign");
	return count;
}

/*
 * The longest call of a foreign contender, so that it makes do with so many
 * seconds at each kernel. A round takes two of them, to warm up and to time; to
 * prepare a size and to verify it takes as much as six. Of sizes that grow by a
 * factor of four, the largest takes three quarters. A short one may take a
 * scheduler's tick longer than it should.
 */
static double longest_foreign(const struct session *session, double seconds)
{
	size_t calls = session->generations * (2 * session->rounds + 6);

	return fmax(0.75 * seconds * 1e9 / (double)calls, FOREIGN_CALL);
}

/* Each contender has its part of the first pass, and a foreign one may not take
 * longer than that. */
static void limit_foreign(struct session *session)
{
	struct engine *engine = &session->engine;
	size_t slots = engine->ncontenders + 1 + count_hand(engine);

	if (!session->hi && session->wishes.budget > 0)
		engine->longest_ns = longest_foreign(
			session, FIRST_SHARE * session->wishes.budget /
					 (double)(slots * engine->nkernels));
}

/*
 * Fit the first pass into its share of the budget: shorter epochs first, then
 * fewer long calls. Sizes that the user named are not dropped. What a foreign
 * contender takes is found out on the way: each has its part set aside.
 */
static void fit_budget(struct session *session)
{
	struct engine *engine = &session->engine;
	double share = FIRST_SHARE * session->wishes.budget;
	size_t foreign = count_foreign(engine);
	double call_ns = session->hi ? INFINITY : LONGEST_CALL;
	size_t slots = engine->ncontenders + 1 + count_hand(engine);

	engine->epoch_ns = wished_epoch(session);
	if (session->wishes.budget == 0)
		return;
	limit_foreign(session);
	share *= (double)(slots - foreign) / (double)slots;
	slots -= foreign;
	while (sizing_pass_s(session->sizes, engine->nkernels, slots,
			     session->rounds, session->generations,
			     engine->epoch_ns, call_ns) > share) {
		if (engine->epoch_ns > SHORTEST_EPOCH &&
		    session->wishes.epoch_ns == 0)
			engine->epoch_ns *= 0.7;
		else if (call_ns > SHORTEST_CALL && !session->hi)
			call_ns *= 0.7;
		else
			break;
	}
	for (size_t k = 0; k < engine->nkernels; k++)
		drop_long(&session->sizes[k], call_ns);
}

/* ------------------------------------------------------------- header */

static int put_header(struct session *session)
{
	json_t *header = header_make(session);

	return header ? record_put_header(session->engine.record, header)
		      : -ENOMEM;
}

/* ------------------------------------------------------------- session */

static void default_budget(struct wishes *wishes, size_t pairs)
{
	char text[160];

	wishes->budget = fmin(fmax(6.0 * (double)pairs, 8), 150);
	if (wishes->precision == 0)
		return;
	wishes->budget *= PATIENCE;
	snprintf(text, sizeof(text),
		 "--precision may take up to %.0f s, and ends sooner when all "
		 "is known so well: --budget names another limit",
		 wishes->budget);
	progress_notice(text);
}

/* How the run ends: with its budget, or once all that was counted is done. */
static void set_end(struct session *session)
{
	struct engine *engine = &session->engine;
	struct wishes *wishes = &session->wishes;
	size_t pairs = engine->nkernels * (engine->ncontenders - 1);

	if (wishes->budget == 0 && !wishes_counted(wishes))
		default_budget(wishes, pairs);
	engine->narrow = wishes->precision > 0 ? log2((1 + wishes->precision) /
						      (1 - wishes->precision))
					       : NARROW;
	session->start = now_s();
	engine->budget_s = wishes->budget;
	/* The tables take a moment, too. */
	engine->deadline =
		wishes->budget > 0 ? session->start + 0.99 * wishes->budget : 0;
	progress_init(&session->progress, wishes->quiet, engine->deadline);
}

/* Make ready, up to and with the header. 0 or an enum error_kind. */
static int begin(struct session *session, char error[ERROR_TEXT_MAX])
{
	struct engine *engine = &session->engine;
	int rc = lineup_open(engine, session->runners, session->nrunners,
			     session->workers, session->nworkers, error);

	if (rc == 0)
		rc = lineup_check(engine, error);
	if (rc == 0)
		rc = lineup_add_bases(engine, error);
	if (rc == 0 && session->proof)
		rc = self_check_open(engine, error);
	if (rc == 0)
		rc = find_memory(session, error);
	if (rc)
		return rc;
	set_end(session);
	if (session->resume) {
		limit_foreign(session);
		return resume_session(session, error);
	}
	rc = session->nsets ? take_sets(session, error)
			    : find_sizes(session, error);
	if (rc)
		return rc;
	if (!session->nsets)
		fit_budget(session);
	rc = open_record(session);
	if (rc)
		return rc;
	if (put_header(session) < 0 || note_lost(session) ||
	    note_unfit(session) < 0) {
		snprintf(error, ERROR_TEXT_MAX,
			 "the record %s cannot be written: %s", session->out,
			 strerror(-session->engine.record->failure));
		/* Empty, it would only be in the way of the next run. */
		if (!session->engine.record->header)
			unlink(session->out);
		return ERROR_FAILED;
	}
	return 0;
}

/* The plan that was wished for, where it was; the command's own otherwise. */
static void take_plan(struct session *session)
{
	const struct wishes *wishes = &session->wishes;

	if (wishes->rounds)
		session->rounds = wishes->rounds;
	session->generations =
		wishes->generations ? wishes->generations : ENGINE_GENERATIONS;
	session->engine.oversubscribe = wishes->oversubscribe;
}

int session_open(struct session *session)
{
	char error[ERROR_TEXT_MAX] = "";
	int status = split_specs(session);
	int rc;

	take_plan(session);

	if (status == 0)
		status = understand_numbers(session);
	if (status == 0)
		status = open_machine(session);
	if (status)
		return status;
	default_workers(session);
	rc = begin(session, error);
	if (rc == 0)
		return 0;
	progress_clear(&session->progress);
	if (rc == ERROR_INTERRUPTED)
		return interrupt_status(session->engine.interrupt_fd);
	if (error[0])
		complain(session, error);
	return rc == ERROR_USAGE ? USAGE : 1;
}

/* What ended the run: `error`, or else what the record met. */
static void complain_of_end(const struct session *session, const char *error)
{
	const struct record *record = session->engine.record;
	int failure = record ? record->failure : 0;
	char text[ERROR_TEXT_MAX];

	snprintf(text, sizeof(text), "%s: %s%s", session->out,
		 strerror(failure ? -failure : ENOMEM),
		 failure == -ENOSPC ? ": make room, and go on with --resume"
				    : "");
	complain(session, error[0] ? error : text);
}

int session_close(struct session *session, int rc, const char *error)
{
	struct engine *engine = &session->engine;
	int status = rc || !engine_has_contenders(engine) ? 1 : 0;

	progress_clear(&session->progress);
	engine_close(engine);
	if (rc == ERROR_INTERRUPTED)
		status = interrupt_status(engine->interrupt_fd);
	else if (rc)
		complain_of_end(session, error);
	if (rc == 0 && !session->resume &&
	    engine->record->nblocks + engine->record->nnotes == 0) {
		unlink(session->out);
		session->empty = true;
	} else if (engine->record && engine->record->header &&
		   record_put_end(engine->record, rc == 0,
				  json_incref(session->splits)) < 0) {
		if (rc == 0)
			complain_of_end(session, "");
		status = status ? status : 1;
	}
	return status;
}

void session_free(struct session *session)
{
	list_free(session->engine.kernels, session->nlisted);
	list_free(session->runners, session->nrunners);
	record_free(session->engine.record);
	json_decref(session->splits);
	json_decref(session->engine.facts);
	topology_free(session->topology);
	for (size_t k = 0; session->sizes && k < session->engine.nkernels; k++)
		free(session->sizes[k].why);
	free(session->sizes);
	free(session->out);
}
