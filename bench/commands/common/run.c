/* SPDX-License-Identifier: MIT */
#include "bench/commands/common/run.h"

#include "analysis/analyse.h"
#include "bench/cli/terminal.h"
#include "bench/session/gbench.h"
#include "bench/session/grid.h"
#include "report/pages/report.h"

#include <stdio.h>
#include <string.h>

static struct grid grid_of(struct session *session, unsigned first,
			   unsigned generations)
{
	return (struct grid){
		.engine = &session->engine,
		.sizes = session->plan.sizes,
		.first = first,
		.generations = generations,
		.rounds = session->plan.rounds,
		.control = true,
		.proof = session->plan.proof,
		.silent = true,
		.progress = &session->progress,
	};
}

static int measure_more(struct session *session, unsigned first,
			unsigned generations)
{
	const struct grid grid = grid_of(session, first, generations);

	return grid_more(&grid);
}

/* google-benchmark takes the longer for a cell the more of them there are. The
 * first generation of a plan with looks proves each kernel at each size, so
 * that the next one tells better what a generation takes: the run that begins
 * with it keeps its pace. */
int run_grid(struct session *session)
{
	unsigned all = session->plan.generations;
	unsigned most = session->plan.looks ? 1 : ENGINE_GENERATIONS;
	unsigned few = all < most ? all : most;
	const struct grid grid = grid_of(session, 1, few);
	char *no_flags[] = {session->plan.argv[0], NULL};
	const char *wrong = gbench_configure(1, no_flags);
	size_t cells;
	int rc;

	if (wrong)
		return error_set(&session->engine.error, ERROR_FAILED, "%s",
				 wrong);
	rc = grid_run(&grid, &cells);
	if (rc == 0 && all > few)
		rc = measure_more(session, few + 1, all - few);
	return rc;
}

int run_more(struct session *session, unsigned generations)
{
	return measure_more(session, session->engine.generation + 1,
			    generations);
}

int run_judge(const struct session *session, const struct findings *findings,
	      int status)
{
	/* What was interrupted says no more than that. */
	if (status > 1)
		return status;
	if (!findings_measured(findings) &&
	    session->engine.record->nnotes > 0) {
		fprintf(stderr,
			"%s: nothing that was asked for could be measured: "
			"`breakeven report %s` says why\n",
			session->plan.argv[0], session->out);
		return 1;
	}
	if (status || findings->trusted || !session->plan.options.require_trust)
		return status;
	fprintf(stderr,
		"%s: the run is NOT TRUSTED, and --require-trust was given: "
		"`breakeven report %s` says why\n",
		session->plan.argv[0], session->out);
	return RUN_UNTRUSTED;
}

static int print_report(const struct session *session,
			const struct findings *findings,
			const struct run_print *print)
{
	struct report_style style;
	int rc;

	terminal_style(&style);
	style.form = print->form;
	style.detail = print->detail;
	rc = report_find(print->format)
		     ->write(stdout, session->engine.record, findings, &style);
	return output_finish(session->plan.argv[0], rc);
}

static void tell_precision(const struct session *session,
			   const struct findings *findings)
{
	bool resumes = strcmp(session->plan.command, "bench") == 0;
	double asked = session->plan.options.precision;
	size_t known, vague = findings_count_vague(
			      findings, session->engine.narrow, &known);

	if (asked > 0 && vague > 0)
		fprintf(stderr,
			"%s: %zu of %zu break-even sizes are known less well "
			"than to %g %%: give it more --budget%s\n",
			session->plan.argv[0], vague, known, 100 * asked,
			resumes ? ", or go on by --resume" : "");
}

/* Returns the exit status. */
static int conclude(const struct session *session,
		    const struct run_print *print, int status)
{
	struct findings *findings = findings_make(session->engine.record);

	if (!findings)
		return status ? status : 1;
	if (print_report(session, findings, print) && status == 0)
		status = 1;
	/* What was interrupted says no more than that. */
	if (status <= 1)
		tell_precision(session, findings);
	status = run_judge(session, findings, status);
	findings_free(findings);
	return status;
}

int run_end(struct session *session, int rc, const struct run_print *print)
{
	int status = session_close(session, rc);

	if (session->empty) {
		fprintf(stderr,
			"%s: nothing was measured within the budget: give it "
			"more --budget\n",
			session->plan.argv[0]);
		return 1;
	}
	status = conclude(session, print, status);
	fprintf(stderr, "the record is %s\n", session->out);
	if (rc && strcmp(session->plan.command, "bench") == 0 &&
	    record_path_descriptor(session->out) < 0)
		fprintf(stderr,
			"go on with it by: breakeven bench --resume %s\n",
			session->out);
	return status;
}
