/* SPDX-License-Identifier: MIT */
/*
 * Common to tests of runners: memory for jobs as in a host, teams, and cases
 * that run in processes of their own.
 */
#ifndef BREAKEVEN_TESTS_RUNNERS_STAGE_H
#define BREAKEVEN_TESTS_RUNNERS_STAGE_H

#include "bench/host/registry.h"
#include "runners/process/exec_worker.h"
#include "system/child.h"
#include "system/child_fork.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	WORKERS_MAX = 128,
	TEXT = 1024,
	WIDTH_MAX = 3,
	SHIPPED = 1 << 20, /* items of an array */
	CASE_SECONDS = 600,
	CASES_MAX = 16, /* at once */
	TRIES_MAX = 9,	/* of a case, each with twice the timeout */
};

/* Like the arena of a host: workers see it as their runner's `data` says. */
struct stage_data {
	struct partial partials[PLAN_TILES_MAX * WIDTH_MAX];
	int64_t in[SHIPPED], out[SHIPPED];
};

/* Like the common part of a host: shared with all workers of any kind. */
struct stage_common {
	struct stage_common *self; /* as a job's context, it leads here */
	struct stage_data *data;
	int bound[WORKERS_MAX];
	char failure[TEXT];
	void *own; /* the test's, behind this */
};

struct stage {
	struct stage_common *common;
	struct stage_data *data;
	size_t common_size, own_size;
	int common_fd, data_fd;
	double timeout_s; /* of cases now, see stage_spec() */
};

/* A mutable global: cmocka's tests have no argument that could lead here. */
static struct stage stage;

static void *stage_map(const char *name, size_t size, int *fd)
{
	void *base;

	*fd = memfd_create(name, MFD_CLOEXEC);
	if (*fd < 0 || ftruncate(*fd, (off_t)size) < 0)
		return NULL;
	base = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, *fd, 0);
	return base == MAP_FAILED ? NULL : base;
}

/* With `own_size` bytes for the test, in memory that all workers share. */
static void *stage_open(size_t own_size)
{
	stage.own_size = own_size;
	stage.common_size = sizeof(*stage.common) + CACHE_LINE + own_size;
	stage.common = stage_map("common", stage.common_size, &stage.common_fd);
	stage.data = stage_map("data", sizeof(*stage.data), &stage.data_fd);
	if (!stage.common || !stage.data)
		return NULL;
	stage.common->self = stage.common;
	stage.common->data = stage.data;
	stage.common->own = (char *)(stage.common + 1) + CACHE_LINE -
			    sizeof(*stage.common) % CACHE_LINE;
	return stage.common->own;
}

/* The stage, from the context of a job. */
static inline struct stage_common *get_stage(const void *ctx)
{
	return *(struct stage_common *const *)ctx;
}

#define fail_in_child(...)                                                     \
	do {                                                                   \
		snprintf(stage.common->failure, TEXT, __VA_ARGS__);            \
		return -1;                                                     \
	} while (0)

/* The timeout of the first try. */
#define TIMEOUT_S 0.3

/* The spec, with the present timeout in place of an @. */
static inline const char *stage_spec(const char *spec, char out[SPEC_TEXT_MAX])
{
	const char *at = strchr(spec, '@');

	if (!at)
		return spec;
	snprintf(out, SPEC_TEXT_MAX, "%.*s%g%s", (int)(at - spec), spec,
		 stage.timeout_s, at + 1);
	return out;
}

/* A runner, and its team ready to be opened. NULL with `failure` filled; errno
 * is ENOTSUP if it was not built. */
static inline const struct runner *stage_team(const char *spec,
					      unsigned workers,
					      struct team *team)
{
	struct error error;
	char timed[SPEC_TEXT_MAX];
	const struct runner *runner;

	spec = stage_spec(spec, timed);
	runner = registry_runner(spec, &error);
	*team = (struct team){
		.workers = workers,
		.oversubscribed = true,
		.bound = stage.common->bound,
		.maps = {{stage.data, sizeof(*stage.data), stage.data_fd},
			 {stage.common, stage.common_size, stage.common_fd}},
	};
	if (!runner ||
	    spec_parse(spec, runner->options, team->options, &error)) {
		snprintf(stage.common->failure, TEXT, "%s", error.text);
		errno = error.kind == ERROR_SKIPPED ? ENOTSUP : EINVAL;
		return NULL;
	}
	/* Otherwise results would come back without being shipped. */
	if (runner->data == DATA_INHERITED &&
	    mmap(stage.data, sizeof(*stage.data), PROT_READ | PROT_WRITE,
		 MAP_PRIVATE | MAP_FIXED, stage.data_fd, 0) == MAP_FAILED)
		return NULL;
	return runner;
}

/* Is no child left, not even a zombie? */
static inline bool stage_is_clean(void)
{
	return waitpid(-1, NULL, WNOHANG) == -1 && errno == ECHILD;
}

/* A case: 0, or anything else with `failure` filled. */
typedef int stage_case(const char *spec, unsigned workers);

/* Run a case in a process of its own, with an alarm. False: it failed; `end`
 * says how its process ended. */
static inline bool stage_run(stage_case *check, const char *spec,
			     unsigned workers, char end[CHILD_END_MAX])
{
	pid_t pid;

	stage.common->failure[0] = '\0';
	pid = child_fork();
	if (pid == 0) {
		alarm(CASE_SECONDS);
		_exit(check(spec, workers) ? 1 : CHILD_DONE);
	}
	if (pid > 0)
		return child_reap(pid, end);
	snprintf(end, CHILD_END_MAX, "was not forked: %s", strerror(-pid));
	return false;
}

/* A macro, to print the name of the case and its line. */
#define in_child(check, spec, workers)                                         \
	do {                                                                   \
		char end_[CHILD_END_MAX];                                      \
                                                                               \
		if (!stage_run(check, spec, workers, end_))                    \
			fail_msg("%s, %s with %u workers: %s %s", #check,      \
				 spec, (unsigned)(workers), end_,              \
				 stage.common->failure);                       \
	} while (0)

/* A case on a stage of its own, in a child, which copies its failure to
 * `failure`. */
static inline pid_t stage_start(stage_case *check, const char *spec,
				unsigned workers, char failure[TEXT])
{
	pid_t pid = child_fork();
	int rc = -1;

	if (pid != 0)
		return pid;
	alarm(CASE_SECONDS);
	if (stage_open(stage.own_size)) {
		rc = check(spec, workers);
		memcpy(failure, stage.common->failure, TEXT);
	}
	_exit(rc ? 1 : CHILD_DONE);
}

/* Should a case that failed so be tried again? A busy machine may miss a short
 * timeout. */
typedef bool stage_excuse(const char *failure);

static inline bool stage_no_excuse(const char *failure)
{
	(void)failure;
	return false;
}

/* One case for several runners. */
struct stage_cases {
	stage_case *check;
	const char *const *specs;
	size_t count;
	unsigned workers;
	bool due[CASES_MAX];	/* has not passed yet */
	char (*told)[TEXT];	/* failures, shared with the processes */
	char failure[2 * TEXT]; /* of a case that failed without excuse */
};

/* Run all cases that are due at the same time. False: one failed without
 * excuse. */
static inline bool stage_play(struct stage_cases *cases, stage_excuse *excuse)
{
	pid_t pids[CASES_MAX] = {0};
	char end[CHILD_END_MAX];
	bool good = true;

	for (size_t i = 0; i < cases->count; i++) {
		/* The failure of an earlier try excuses no later one. */
		cases->told[i][0] = '\0';
		if (cases->due[i])
			pids[i] = stage_start(cases->check, cases->specs[i],
					      cases->workers, cases->told[i]);
	}
	for (size_t i = 0; i < cases->count; i++) {
		if (!cases->due[i])
			continue;
		snprintf(end, sizeof(end), "was not forked");
		cases->due[i] = pids[i] <= 0 || !child_reap(pids[i], end);
		if (!cases->due[i] || excuse(cases->told[i]))
			continue;
		good = false;
		snprintf(cases->failure, sizeof(cases->failure),
			 "%s with %u workers: %s %s", cases->specs[i],
			 cases->workers, end, cases->told[i]);
	}
	return good;
}

/* Run a case that mostly waits, for all of these runners at the same time. */
static inline bool stage_run_all(struct stage_cases *cases,
				 stage_excuse *excuse)
{
	size_t size = cases->count * TEXT;
	bool good = true;

	cases->told = mmap(NULL, size, PROT_READ | PROT_WRITE,
			   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (cases->told == MAP_FAILED)
		return false;
	memset(cases->due, true, sizeof(cases->due));
	stage.timeout_s = TIMEOUT_S;
	for (int try = 1; good && memchr(cases->due, true, cases->count);
	     try++) {
		good = stage_play(cases,
				  try < TRIES_MAX ? excuse : stage_no_excuse);
		stage.timeout_s *= 2;
	}
	munmap(cases->told, size);
	return good;
}

#define in_children_unless(excuse, check_, specs_, workers_)                   \
	do {                                                                   \
		struct stage_cases cases_ = {                                  \
			.check = (check_),                                     \
			.specs = (specs_),                                     \
			.count = sizeof(specs_) / sizeof(*(specs_)),           \
			.workers = (workers_),                                 \
		};                                                             \
                                                                               \
		_Static_assert(sizeof(specs_) / sizeof(*(specs_)) <=           \
				       CASES_MAX,                              \
			       "more than run at once");                       \
		if (!stage_run_all(&cases_, excuse))                           \
			fail_msg("%s, %s", #check_, cases_.failure);           \
	} while (0)

#define in_children(check, specs, workers)                                     \
	in_children_unless(stage_no_excuse, check, specs, workers)

#endif
