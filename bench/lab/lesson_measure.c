/* SPDX-License-Identifier: MIT */
#include "bench/lab/lesson_measure.h"

#include "bench/lab/lesson_source.h"
#include "core/clock.h"
#include "report/doc/text.h"
#include "system/cpu_load.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

/* CPUs that others may use while a lesson measures. */
#define BUSY_CPUS 0.3
/* Of less time /proc/stat, which counts in ticks of 10 ms, does not tell it. */
#define SHORTEST_S 0.5
/* Rounds that other load may disturb. */
#define GATED_PART 0.3

/* The sources of a lesson, and what else was at work meanwhile. */
struct lesson_measurement {
	struct lesson_result *result;
	size_t count;
	struct lesson_source sources[LESSON_MEASURES_MAX];
	double others; /* CPUs; NaN: not known */
};

/* ------------------------------------------------------------- running */

/* The text with what was chosen in its place, to be freed; NULL: out of
 * memory. */
static char *measure_fill(const struct lesson_result *result, const char *text)
{
	struct draft_text draft;
	FILE *out = text_begin(&draft);

	if (out)
		lesson_result_put(out, result, text, strlen(text));
	return text_end(&draft);
}

static double measure_seconds(struct timeval time)
{
	return (double)time.tv_sec + 1e-6 * (double)time.tv_usec;
}

/* CPU time of this process, and of all its children that have ended. */
static double measure_own_s(void)
{
	struct rusage self, children;

	getrusage(RUSAGE_SELF, &self);
	getrusage(RUSAGE_CHILDREN, &children);
	return measure_seconds(self.ru_utime) + measure_seconds(self.ru_stime) +
	       measure_seconds(children.ru_utime) +
	       measure_seconds(children.ru_stime);
}

/* 0, or the exit status of what failed. */
static int measure_run_all(struct lesson_measurement *measurement)
{
	struct lesson_result *result = measurement->result;
	const struct lesson *lesson = result->lesson;
	double busy = cpu_load_busy_s(""), own = measure_own_s();
	double start = now_s();
	int status = 0;

	for (size_t i = 0; status == 0 && i < lesson->nmeasures; i++) {
		char *command = measure_fill(result, lesson->measures[i]);

		status =
			command ? lesson_source_run(&measurement->sources[i],
						    command, result->answer.why)
				: 1;
		measurement->count += status == 0;
		free(command);
	}
	result->answer.seconds = now_s() - start;
	measurement->others = result->answer.seconds < SHORTEST_S
				      ? NAN
				      : (cpu_load_busy_s("") - busy -
					 (measure_own_s() - own)) /
						result->answer.seconds;
	return status;
}

/* ------------------------------------------------------------- values */

/* Of a value that may be never, or of which an end is not known: whatever both
 * intervals allow. */
static struct interval measure_divide(const struct lab_value *a,
				      const struct lab_value *b)
{
	struct interval ratio = {a->interval.lo / b->interval.hi,
				 a->interval.hi / b->interval.lo};

	/* "Never" over "never" may be anything. */
	if (!(ratio.lo >= 0))
		ratio.lo = 0;
	if (!(ratio.hi >= 0))
		ratio.hi = INFINITY;
	return ratio;
}

/* "A B", of two values before. */
static bool measure_take_ratio(const struct lab_answer *answer,
			       const char *names, struct lab_value *value)
{
	char first[LESSON_NAME_MAX], second[LESSON_NAME_MAX];
	const struct lab_value *a, *b;
	struct interval log_ratio;

	if (sscanf(names, "%31s %31s", first, second) != 2)
		return false;
	a = lab_find_value(answer, first);
	b = lab_find_value(answer, second);
	if (!a || !b)
		return false;
	log_ratio = stats_log_ratio(
		&(struct stats_measured){b->value, b->interval},
		&(struct stats_measured){a->value, a->interval});
	value->kind = LAB_RATIO;
	value->value = a->value / b->value;
	value->interval = isfinite(log_ratio.lo)
				  ? (struct interval){exp(log_ratio.lo),
						      exp(log_ratio.hi)}
				  : measure_divide(a, b);
	value->confidence = fmin(a->confidence, b->confidence);
	return true;
}

static bool measure_take(const struct lesson_measurement *measurement,
			 const char *what, struct lab_value *value)
{
	if (strncmp(what, "ratio ", 6) == 0)
		return measure_take_ratio(&measurement->result->answer,
					  what + 6, value);
	for (size_t i = 0; i < measurement->count; i++)
		if (lesson_source_take(&measurement->sources[i], what, value))
			return true;
	return false;
}

/* Why does the first run lack it? The first reason on its record, or NULL. */
static const char *measure_find_reason(
	const struct lesson_measurement *measurement)
{
	for (size_t i = 0; i < measurement->count; i++) {
		const struct record *record = measurement->sources[i].record;

		if (record && record->nnotes)
			return record->notes[0].reason;
	}
	return NULL;
}

static void measure_take_all(struct lesson_measurement *measurement)
{
	struct lesson_result *result = measurement->result;
	struct lab_answer *answer = &result->answer;
	const struct lesson *lesson = result->lesson;

	for (size_t i = 0; i < lesson->nlets; i++) {
		const struct lesson_let *let = &lesson->lets[i];
		struct lab_value value = {.name = let->name};
		char *what = measure_fill(result, let->what);
		const char *reason;

		if (what && measure_take(measurement, what, &value)) {
			answer->values[answer->nvalues++] = value;
			free(what);
			continue;
		}
		reason = measure_find_reason(measurement);
		answer->state = LAB_SKIPPED;
		snprintf(answer->why, sizeof(answer->why),
			 "'%s' was not measured%s%s", what ? what : let->what,
			 reason ? ": " : "", reason ? reason : "");
		free(what);
		return;
	}
}

/* ------------------------------------------------------------- outcome */

/* What else was at work, in words? False: nothing that counts. */
static bool measure_was_busy(const struct lesson_measurement *measurement,
			     char why[ERROR_TEXT_MAX])
{
	for (size_t i = 0; i < measurement->count; i++) {
		const struct findings *findings =
			measurement->sources[i].findings;

		if (findings &&
		    (findings->throttled ||
		     (double)findings->gated >
			     GATED_PART * (double)findings->rounds)) {
			snprintf(why, ERROR_TEXT_MAX,
				 "other load, or a CPU quota, disturbed the "
				 "measurement");
			return true;
		}
	}
	if (!(measurement->others > BUSY_CPUS))
		return false;
	snprintf(why, ERROR_TEXT_MAX,
		 "meanwhile other programs, or the host of this virtual "
		 "machine, used %.1f CPUs",
		 measurement->others);
	return true;
}

static void measure_judge(struct lesson_measurement *measurement)
{
	const struct lesson *lesson = measurement->result->lesson;
	struct lab_answer *answer = &measurement->result->answer;
	const struct lab_value *asked = lab_asked_value(answer);
	char busy[ERROR_TEXT_MAX];
	bool was_busy = measure_was_busy(measurement, busy);
	int outcome =
		lesson_outcome(lesson, asked->interval.lo, asked->interval.hi);

	if (outcome == 0 || (outcome > 0 && !was_busy)) {
		answer->state = LAB_TOLD;
		answer->outcome = lesson->outcomes[outcome].name;
		return;
	}
	answer->state = LAB_UNCLEAR;
	snprintf(answer->why, sizeof(answer->why), "%s",
		 was_busy ? busy
			  : "the interval holds more than one answer, or "
			    "none of those that this lesson knows");
}

int lesson_measure(struct lesson_result *result)
{
	struct lesson_measurement measurement = {.result = result};
	struct lab_answer *answer = &result->answer;
	int status;

	answer->why[0] = '\0';
	status = measure_run_all(&measurement);

	answer->nvalues = 0;
	answer->state = status && status < 128 ? LAB_SKIPPED : LAB_NOT_MEASURED;
	if (status == 0)
		measure_take_all(&measurement);
	if (status == 0 && answer->state == LAB_NOT_MEASURED)
		measure_judge(&measurement);
	for (size_t i = 0; i < LESSON_MEASURES_MAX; i++)
		lesson_source_free(&measurement.sources[i]);
	if (status == 2)
		return ERROR_USAGE;
	return status > 128 ? ERROR_INTERRUPTED : 0;
}
