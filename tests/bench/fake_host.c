/* SPDX-License-Identifier: MIT */
#include "tests/bench/fake_host.h"

#include "analysis/analyse.h"
#include "bench/cli/turn.h"
#include "bench/commands/commands.h"
#include "bench/host/host.h"
#include "bench/protocol/request.h"
#include "bench/protocol/wire.h"
#include "bench/session/self_check.h"
#include "core/random.h"

#include <fcntl.h>
#include <math.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#define MODEL	 "BREAKEVEN_FAKE_MODEL"
#define NOISE	 0.01
#define PROBE_NS 50000.0

/* ------------------------------------------------------------- the host */

struct fake {
	struct wire wire;
	json_t *model, *order;
	const char *runner;
	char kernel[64];
	uint64_t n; /* prepared */
	uint64_t random, probes, generation;
};

static double number(const json_t *object, const char *key, double otherwise)
{
	const json_t *value = json_object_get(object, key);

	return value ? json_number_value(value) : otherwise;
}

static const char *string(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "";
}

/* A call of n items, in ns. The kernel of the proof has its truth in steps. */
static double call_ns(const struct fake *fake)
{
	double serial = number(fake->model, "item_ns", 1) * (double)fake->n;
	const json_t *runner = json_object_get(
		json_object_get(fake->model, "runners"), fake->runner);
	double speedup = number(runner, "speedup", 1);

	if (strcmp(fake->runner, SELF_CHECK_PLANTED) == 0)
		return SELF_CHECK_ALPHA / SELF_CHECK_OPS *
			       number(fake->model, "item_ns", 1) +
		       serial / SELF_CHECK_SPEEDUP;
	if ((double)fake->n > number(runner, "beyond", INFINITY))
		speedup = number(runner, "speedup_beyond", speedup);
	return number(runner, "alpha_ns", 0) + serial / speedup;
}

/* As a measurement scatters, from one time to the next; the same each time the
 * test runs. */
static double scatter(struct fake *fake)
{
	return 1 + random_normal(&fake->random, NOISE);
}

static bool matches(const json_t *fault, const char *key, const char *value)
{
	const char *wanted = string(fault, key);

	return *wanted == '\0' || strcmp(wanted, value) == 0;
}

/* What goes wrong in this request, or NULL. */
static const char *fault_of(const struct fake *fake, const char *op)
{
	const json_t *faults = json_object_get(fake->model, "faults");

	for (size_t i = 0; i < json_array_size(faults); i++) {
		const json_t *fault = json_array_get(faults, i);

		if (matches(fault, "runner", fake->runner) &&
		    matches(fault, "kernel", fake->kernel) &&
		    matches(fault, "op", op) &&
		    (double)fake->n >= number(fault, "from", 0) &&
		    (double)fake->n <= number(fault, "to", INFINITY))
			return string(fault, "does");
	}
	return NULL;
}

static void answer(struct fake *fake, json_t *result)
{
	wire_send(&fake->wire, json_pack("{s:o}", "ok", result));
}

static json_t *probe(struct fake *fake)
{
	const json_t *trips = json_object_get(fake->model, "trips");
	size_t count = json_array_size(trips);
	double trip = 50, interference = PROBE_NS;

	if (count)
		trip = json_number_value(json_array_get(
			trips, (size_t)(fake->generation - 1) % count));
	if (fake->probes++ % 2)
		interference *= number(fake->model, "interference", 1);
	return json_pack("{s:f,s:f,s:f}", "ns", trip * scatter(fake),
			 "together_ns", interference * scatter(fake),
			 "alone_ns", PROBE_NS * scatter(fake));
}

static json_t *epoch(struct fake *fake, const json_t *request,
		     const char *fault)
{
	double calls = number(request, "calls", 1);
	json_int_t ns = (json_int_t)ceil(calls * call_ns(fake) * scatter(fake));
	bool differs = fault && strcmp(fault, "differ") == 0;

	return json_pack("{s:I,s:I,s:s}", "ns", ns, "cpu_ns", ns, "digest",
			 differs ? "00000000000000ff" : "");
}

static json_t *calibrate(const struct fake *fake, const json_t *request)
{
	double target = number(request, "target_ns", 1e6), ns = call_ns(fake);

	return json_pack("{s:I,s:f}", "calls",
			 (json_int_t)fmax(1, round(target / ns)), "call_ns",
			 ns);
}

/* Batches of calls that hand out nothing: what is left is what the runner
 * costs. */
static json_t *forkjoin(struct fake *fake)
{
	enum { BATCHES = 9 };
	json_t *ns = json_array();

	fake->n = 0;
	for (int i = 0; i < BATCHES; i++)
		json_array_append_new(ns,
				      json_real(call_ns(fake) * scatter(fake)));
	return json_pack("{s:o,s:f,s:f}", "ns", ns, "cpu_ns", 2 * call_ns(fake),
			 "p99", 3 * call_ns(fake));
}

/* A call of two tiles, which two workers run at once: a tenth of it to hand
 * them out, another to come back. A stamp takes one more tenth. */
static json_t *split(struct fake *fake, bool differs)
{
	double call = call_ns(fake) * scatter(fake), tenth = call / 10;

	return json_pack(
		"{s:s,s:f,s:f,s:f,s:f,s:f,s:f,s:f,s:f,s:f,s:f,s:[[i,I]],s:i,"
		"s:I,s:i}",
		"digest", differs ? "00000000000000ff" : "", "plain_ns",
		10 * tenth, "stamped_ns", 11 * tenth, "call_ns", 10 * tenth,
		"create_ns", 0.0, "dispatch_ns", tenth, "compute_ns", 7 * tenth,
		"wait_ns", tenth, "join_ns", tenth, "collect_ns", 0.0,
		"workers", 2.0, "passes", 0, (json_int_t)call, "tiles", 2,
		"collected", (json_int_t)call, "caller", 11);
}

/* Those of its tiles, one at a time. */
static json_t *stamp(const json_t *request)
{
	int tile = (int)number(request, "from", 0);

	return json_pack("{s:[[i,i,i,i]]}", "stamps", 11 + tile, tile,
			 100 * tile, 100 * tile + 50);
}

static json_t *footprint(void)
{
	return json_pack("{s:f,s:f,s:f,s:f}", "control", 1024.0, "processes",
			 2.0, "pss_kib", 300.0, "page_tables_kib", 50.0);
}

/* What the fault says, rather than an answer; whether it is one. */
static bool fail_as(struct fake *fake, const char *fault)
{
	const struct timespec dawdling = {.tv_nsec = 80000000};

	if (!fault || strcmp(fault, "differ") == 0)
		return false;
	if (strcmp(fault, "dawdle") == 0) {
		nanosleep(&dawdling, NULL);
		return false;
	}
	if (strcmp(fault, "die") == 0)
		kill(getpid(), SIGTERM);
	if (strcmp(fault, "leave") == 0) {
		fputs("this host leaves\n", stderr);
		_exit(3);
	}
	wire_send(&fake->wire,
		  json_pack("{s:{s:s,s:s}}", "error", "kind", fault, "message",
			    "as the model has it"));
	return true;
}

static json_t *opening(const struct fake *fake)
{
	return json_pack("{s:O,s:i}", "bound",
			 json_object_get(fake->order, "cpus"), "open_ns", 1000);
}

static void serve(struct fake *fake, const json_t *request)
{
	const char *op = string(request, "op"), *fault;

	if (strcmp(op, "prepare") == 0) {
		snprintf(fake->kernel, sizeof(fake->kernel), "%s",
			 string(request, "kernel"));
		fake->n = (uint64_t)number(request, "n", 1);
	}
	fault = fault_of(fake, op);
	if (fail_as(fake, fault))
		return;
	if (strcmp(op, "open") == 0)
		answer(fake, opening(fake));
	else if (strcmp(op, "calibrate") == 0)
		answer(fake, calibrate(fake, request));
	else if (strcmp(op, "epoch") == 0)
		answer(fake, epoch(fake, request, fault));
	else if (strcmp(op, "probe") == 0)
		answer(fake, probe(fake));
	else if (strcmp(op, "forkjoin") == 0)
		answer(fake, forkjoin(fake));
	else if (strcmp(op, "split") == 0)
		answer(fake, split(fake, fault != NULL));
	else if (strcmp(op, "stamps") == 0)
		answer(fake, stamp(request));
	else if (strcmp(op, "footprint") == 0)
		answer(fake, footprint());
	else
		answer(fake, json_pack("{s:s,s:i}", "digest", "", "tiles", 2));
}

void fake_host(int argc, char **argv)
{
	static struct fake fake = {.wire = {.fd = HOST_CONTROL_FD}};
	const char *model = getenv(MODEL);
	json_t *request;

	if (argc < 3 || strcmp(argv[1], "host") != 0)
		return;
	if (!model)
		_exit(4);
	fake.model = json_loads(model, 0, NULL);
	fake.order = json_loads(argv[2], 0, NULL);
	if (!fake.model || !fake.order)
		_exit(4);
	fake.runner = string(fake.order, "runner");
	fake.generation = (uint64_t)number(fake.order, "generation", 1);
	fake.random = random_mix(fake.generation);
	for (const char *c = fake.runner; *c; c++)
		fake.random = random_mix(fake.random ^ (unsigned char)*c);
	answer(&fake, json_is_true(json_object_get(fake.model, "eager"))
			      ? opening(&fake)
			      : json_object());
	while (wire_receive(&fake.wire, -1, -1, &request) == 0) {
		if (json_object_get(request, "close")) {
			answer(&fake, json_object());
			break;
		}
		serve(&fake, request);
		json_decref(request);
	}
	_exit(0);
}

/* ------------------------------------------------------------- the run */

enum { WORDS_MAX = 64 };

/* In a child: become the command, with its words and outputs. */
static void become_command(const struct cli_command *command,
			   const char *folder, const char *model,
			   const char *arguments)
{
	char *words = strdup(arguments), *argv[WORDS_MAX] = {NULL}, *rest;
	char *program = strdup(command->name);
	char option[] = "-o", record[] = "--record", path[] = "run.jsonl";
	char workers[] = "-w2", oversubscribe[] = "--oversubscribe";
	int argc = 0, file;

	if (!words || !program || chdir(folder) < 0)
		_exit(4);
	setenv(MODEL, model, 1);
	setenv(TURN_NO_LOCK, "1", 1);
	file = open("text", O_CREAT | O_WRONLY | O_TRUNC, 0600);
	dup2(file, STDOUT_FILENO);
	dup2(file, STDERR_FILENO);
	argv[argc++] = program;
	argv[argc++] = command == &command_trace ? record : option;
	argv[argc++] = path;
	/* Whatever a quota pays for; hosts of this kind share a CPU well. */
	argv[argc++] = workers;
	if (command == &command_bench)
		argv[argc++] = oversubscribe;
	for (char *word = strtok_r(words, " ", &rest);
	     word && argc < WORDS_MAX - 1; word = strtok_r(NULL, " ", &rest))
		argv[argc++] = word;
	exit(command->run(argc, argv));
}

static char *read_text(const char *folder)
{
	char path[128];
	FILE *file;
	char *text = NULL;
	size_t size = 0;

	snprintf(path, sizeof(path), "%s/text", folder);
	file = fopen(path, "r");
	if (file && getdelim(&text, &size, '\0', file) < 0 && text)
		*text = '\0';
	if (file)
		fclose(file);
	return text;
}

bool fake_trusted(const struct fake_run *run)
{
	static const char *const reasons[] = {
		"a Debug build",
		"a build with sanitizers",
		"CPU quota",
	};

	for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++)
		if (strstr(run->text, reasons[i]))
			return true;
	return run->findings->trusted || !fake_two_cpus();
}

bool fake_two_cpus(void)
{
	cpu_set_t set;

	return sched_getaffinity(0, sizeof(set), &set) < 0 ||
	       CPU_COUNT(&set) >= 2;
}

struct fake_run fake_bench(const char *model, const char *arguments)
{
	return fake_command(&command_bench, model, arguments);
}

struct fake_run fake_command(const struct cli_command *command,
			     const char *model, const char *arguments)
{
	struct fake_run run = {.folder = "/tmp/breakeven-fake-XXXXXX"};
	char path[128], error[ERROR_TEXT_MAX] = "";
	int status = -1;
	pid_t pid;

	assert_non_null(mkdtemp(run.folder));
	fflush(NULL);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0)
		become_command(command, run.folder, model, arguments);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	run.text = read_text(run.folder);
	assert_non_null(run.text);
	if (!WIFEXITED(status))
		fail_msg("%s died of signal %d:\n%s", command->name,
			 WTERMSIG(status), run.text);
	run.status = WEXITSTATUS(status);
	snprintf(path, sizeof(path), "%s/run.jsonl", run.folder);
	if (access(path, F_OK) == 0) {
		if (record_read(path, &run.record, error) < 0)
			fail_msg("%s", error);
		if (!run.record->study) {
			run.findings = findings_make(run.record);
			assert_non_null(run.findings);
		}
	}
	return run;
}

void fake_free(struct fake_run *run)
{
	static const char *const left[] = {"run.jsonl", "text"};
	char path[128];

	for (size_t i = 0; i < sizeof(left) / sizeof(*left); i++) {
		snprintf(path, sizeof(path), "%s/%s", run->folder, left[i]);
		unlink(path);
	}
	assert_int_equal(rmdir(run->folder), 0);
	findings_free(run->findings);
	record_free(run->record);
	free(run->text);
}

const struct crossing *fake_crossing(const struct fake_run *run,
				     const char *kernel, const char *runner)
{
	assert_non_null(run->findings);
	for (size_t i = 0; i < run->findings->ncrossings; i++) {
		const struct pair *pair = &run->findings->crossings[i].pair;

		if (strcmp(pair->kernel, kernel) == 0 &&
		    strcmp(pair->runner, runner) == 0 &&
		    strcmp(pair->base, "serial") == 0)
			return &run->findings->crossings[i];
	}
	fail_msg("no %s under %s:\n%s", kernel, runner, run->text);
	return NULL;
}

const struct cell *fake_cell(const struct fake_run *run, const char *kernel,
			     const char *runner, uint64_t n)
{
	const struct crossing *crossing = fake_crossing(run, kernel, runner);

	for (size_t i = 0; i < run->findings->ncells; i++)
		if (run->findings->cells[i].n == n &&
		    pair_equal(&run->findings->cells[i].pair, &crossing->pair))
			return &run->findings->cells[i];
	return NULL;
}
