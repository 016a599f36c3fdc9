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

#include <assert.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#define NARROW	  (1.0 / 12) /* octaves, of a break-even interval: enough */
#define PATIENCE  10	     /* times the budget, for a precision */
#define LONGEST_S 150	     /* that a run takes by default */

enum { USAGE = 2 };

static_assert((int)WORKER_COUNTS_MAX <= (int)CLI_COUNTS_MAX,
	      "a rule counts no more than may be named");

/* ------------------------------------------------------------- names */

static void complain(const struct session *session, const char *what)
{
	const char *side = session->plan.turns.side;

	fprintf(stderr, "breakeven %s: %s%s%s%s\n", session->plan.command,
		side ? "side " : "", side ? side : "", side ? ": " : "", what);
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

	engine->facts = json_array();
	for (size_t k = 0; k < engine->nkernels; k++) {
		json_t *facts = NULL;
		int rc = describe_kernel(engine->program, engine->kernels[k], 1,
					 &facts, &engine->error);

		if (rc) {
			complain(session, engine->error.text);
			return USAGE;
		}
		json_array_append_new(engine->facts, facts);
	}
	return 0;
}

int session_understand(struct session *session)
{
	const struct session_options *options = &session->plan.options;
	struct engine *engine = &session->engine;

	if (engine->facts)
		return 0;

	if (list_split(options->kernels, &engine->kernels, &engine->nkernels) <
		    0 ||
	    list_split(options->runners, &session->runners,
		       &session->nrunners) < 0) {
		complain(session, "out of memory");
		return 1;
	}
	drop_twins(engine);
	if (add_own(session) < 0) {
		complain(session, "out of memory");
		return 1;
	}
	return learn_facts(session);
}

/* What decides how many workers there are. */
static const struct topology *session_machine(const struct session *session)
{
	return session->pretended ? session->pretended : session->topology;
}

static void default_workers(struct session *session)
{
	struct cli_counts *workers = &session->plan.options.workers;
	worker_count_rule *rule = session->plan.worker_rule;
	struct worker_counts counts;

	if (workers->count)
		return;
	(rule ? rule : worker_count_all)(session_machine(session),
					 progress_notice, &counts);
	workers->count = counts.count;
	memcpy(workers->at, counts.at, counts.count * sizeof(*counts.at));
}

/* ------------------------------------------------------------- resources */

/* How much of which memory. */
static int find_memory(struct session *session)
{
	struct engine *engine = &session->engine;

	engine->memory = (enum memory)session->plan.options.memory;
	engine->sharers = session_plan_sides(&session->plan) - 1;
	capacity_find(engine);
	if (engine->memory != MEMORY_HUGE)
		return 0;
	if (engine->arena_size < HUGE_PAGE)
		return error_set(
			&engine->error, ERROR_FAILED,
			"--arena huge: a huge page is 2 MiB, and half of %s "
			"leaves less for data: take fewer workers, or --arena "
			"shared",
			engine->memory_limit);
	/* Pages that were set aside are there for this; copies of the data are
	 * in others. */
	engine->source =
		memory_huge(&engine->arena_size,
			    capacity_copies(engine) + engine->sharers == 1
				    ? SIZE_MAX
				    : engine->arena_size);
	if (engine->source != HUGE_NONE)
		return 0;
	return error_set(
		&engine->error, ERROR_FAILED,
		"--arena huge: there are no huge pages here. As root, either "
		"reserve some, `sysctl vm.nr_hugepages=512` for 1 GiB, or "
		"allow transparent ones for shared memory, `echo advise "
		">/sys/kernel/mm/transparent_hugepage/shmem_enabled`");
}

uint64_t session_draw_number(void)
{
	uint32_t seed;

	return getrandom(&seed, sizeof(seed), 0) == sizeof(seed)
		       ? seed
		       : (uint64_t)time(NULL);
}

/* Its CPUs are not here, so that no worker is bound. 0, or the exit status. */
static int open_pretended(struct session *session)
{
	struct session_options *options = &session->plan.options;
	struct error error;

	if (topology_load(options->pretend, &session->pretended, &error)) {
		complain(session, error.text);
		return USAGE;
	}
	options->pin = PIN_NONE;
	session->engine.oversubscribe = true;
	return 0;
}

static int open_machine(struct session *session)
{
	struct error error;

	if (!session->topology &&
	    topology_load(NULL, &session->topology, &error)) {
		complain(session, error.text);
		return 1;
	}
	if (session->plan.options.pretend && open_pretended(session))
		return USAGE;
	session->engine.topology = session->topology;
	session->engine.pretended = session->pretended;
	session->engine.pin = (enum pin_policy)session->plan.options.pin;
	session->engine.interrupt_fd = interrupt_open();
	session->engine.notice = progress_notice;
	session->engine.relay = progress_relay;
	session->engine.seed = session->plan.options.seed;
	if (session->engine.seed == SESSION_NO_SEED)
		session->engine.seed = session_draw_number();
	return 0;
}

static int open_record(struct session *session)
{
	char error[ERROR_TEXT_MAX] = "out of memory";

	session->out = session->plan.options.out
			       ? strdup(session->plan.options.out)
			       : outfile_new("", "");
	session->engine.record = record_new();
	if (session->out && session->engine.record &&
	    record_attach(session->engine.record, session->out, error) == 0)
		return 0;
	complain(session, error);
	return ERROR_FAILED;
}

/* ------------------------------------------------------------- header */

static int put_header(struct session *session)
{
	json_t *header = header_make(&session->plan, &session->engine);

	json_object_set_new(header, "links", header_links(&session->engine));
	return header ? record_put_header(session->engine.record, header)
		      : -ENOMEM;
}

/* ------------------------------------------------------------- session */

/* And tell it: it is long. */
static void default_budget(struct session_plan *plan, size_t pairs)
{
	struct session_options *options = &plan->options;
	double longest = plan->longest_s > 0 ? plan->longest_s : LONGEST_S;
	bool precise = options->precision > 0;
	char text[160];

	options->budget = fmin(fmax(6.0 * (double)pairs, 8), longest) *
			  (precise ? PATIENCE : 1);
	if (options->quiet && !precise)
		return;
	snprintf(text, sizeof(text),
		 "this may take up to %.0f s%s: --budget names another limit",
		 options->budget,
		 precise ? ", and ends sooner when all is known so well" : "");
	progress_notice(text);
}

/* How the run ends: with its budget, or once all that was counted is done. */
static void set_end(struct session *session)
{
	struct engine *engine = &session->engine;
	struct session_options *options = &session->plan.options;
	size_t pairs = engine->nkernels * (engine->ncontenders - 1) *
		       session_plan_sides(&session->plan);

	if (options->budget == 0 && !session_is_counted(options))
		default_budget(&session->plan, pairs);
	engine->narrow = options->precision > 0
				 ? log2((1 + options->precision) /
					(1 - options->precision))
				 : NARROW;
	session->start = now_s();
	engine->budget_s = options->budget;
	/* The tables take a moment, too. */
	engine->deadline = options->budget > 0
				   ? session->start + 0.99 * options->budget
				   : 0;
	progress_init(&session->progress, options->quiet, engine->deadline);
}

/* And the length of an epoch. */
static int find_sizes(struct session *session)
{
	struct session_plan *plan = &session->plan;
	struct engine *engine = &session->engine;
	int rc;

	if (plan->like)
		return session_plan_take_like(plan, engine);
	engine->epoch_ns = session_epoch_ns(&plan->options);
	if (plan->nsets)
		return session_plan_take_sets(plan, engine);
	rc = session_plan_find_sizes(plan, engine, &session->progress);
	if (rc == 0)
		session_plan_fit(plan, engine);
	return rc;
}

/* Make ready, up to and with the header. 0 or an enum error_kind, which the
 * engine's error explains, or which is told already. */
static int begin(struct session *session)
{
	struct session_plan *plan = &session->plan;
	struct engine *engine = &session->engine;
	int rc;

	engine->pages = plan->options.pages;
	rc = lineup_open(engine, session->runners, session->nrunners,
			 session->plan.options.workers.at,
			 session->plan.options.workers.count);

	if (rc == 0)
		rc = lineup_check(engine);
	if (rc == 0)
		rc = lineup_add_bases(engine);
	if (rc == 0)
		rc = page_policy_check(engine, &engine->error);
	if (rc == 0 && session->plan.proof)
		rc = self_check_open(engine);
	if (rc == 0)
		rc = turn_wait(&plan->options.turn, engine->interrupt_fd);
	if (rc == 0)
		rc = find_memory(session);
	if (rc)
		return rc;
	set_end(session);
	if (session->resume) {
		session_plan_limit_calls(plan, engine);
		return resume_plan(plan, engine);
	}
	rc = find_sizes(session);
	if (rc)
		return rc;
	rc = open_record(session);
	if (rc)
		return rc;
	if (put_header(session) < 0 || session_plan_put_notes(plan, engine)) {
		/* Empty, it would only be in the way of the next run. */
		if (!session->engine.record->header)
			unlink(session->out);
		return error_set(&engine->error, ERROR_FAILED,
				 "the record %s cannot be written: %s",
				 session->out,
				 strerror(-engine->record->failure));
	}
	return 0;
}

/* The plan that was asked for; else the command's own. */
static void take_plan(struct session *session)
{
	const struct session_options *options = &session->plan.options;

	if (options->rounds)
		session->plan.rounds = options->rounds;
	session->plan.generations = options->generations ? options->generations
							 : ENGINE_GENERATIONS;
	session->plan.looks &= !session_is_counted(options);
	session->engine.oversubscribe = options->oversubscribe;
	if (!session->plan.options.sizes.hi)
		session->plan.options.sizes.lo = SIZING_FIRST;
}

int session_open(struct session *session)
{
	int status = session_understand(session);
	int rc;

	take_plan(session);
	if (status == 0)
		status = open_machine(session);
	if (status)
		return status;
	default_workers(session);
	rc = begin(session);
	if (rc == 0)
		return 0;
	progress_clear(&session->progress);
	if (rc == ERROR_INTERRUPTED)
		return interrupt_status(session->engine.interrupt_fd);
	if (session->engine.error.text[0])
		complain(session, session->engine.error.text);
	return rc == ERROR_USAGE ? USAGE : 1;
}

static void complain_of_record(const struct session *session)
{
	const struct record *record = session->engine.record;
	int failure = record ? record->failure : 0;
	bool resumes = strcmp(session->plan.command, "bench") == 0 &&
		       record_path_descriptor(session->out) < 0;
	const char *advice = failure == -ENOSPC ? ": make room, and "
			     : failure == -EFBIG
				     ? ": raise the limit on files, ulimit -f, "
				       "and "
				     : "";
	char text[ERROR_TEXT_MAX];

	snprintf(text, sizeof(text), "%s: %s%s%s", session->out,
		 strerror(failure ? -failure : ENOMEM), advice,
		 !*advice  ? ""
		 : resumes ? "go on with --resume"
			   : "run it again");
	complain(session, text);
}

int session_close(struct session *session, int rc)
{
	struct engine *engine = &session->engine;
	int status = rc || !engine_has_contenders(engine) ? 1 : 0;

	progress_clear(&session->progress);
	engine_close(engine);
	if (rc == ERROR_INTERRUPTED)
		status = interrupt_status(engine->interrupt_fd);
	else if (rc == ERROR_LATE)
		status = 1; /* what ended it is told by others */
	else if (rc && engine->error.text[0] &&
		 !(engine->record && engine->record->failure))
		complain(session, engine->error.text);
	else if (rc)
		complain_of_record(session);
	if (rc == 0 && !session->resume &&
	    engine->record->nblocks + engine->record->nnotes == 0) {
		unlink(session->out);
		session->empty = true;
	} else if (engine->record && engine->record->header &&
		   record_put_end(engine->record, rc == 0,
				  json_incref(session->splits)) < 0) {
		if (rc == 0)
			complain_of_record(session);
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
	topology_free(session->pretended);
	session_plan_free(&session->plan, session->engine.nkernels);
	free(session->out);
}
