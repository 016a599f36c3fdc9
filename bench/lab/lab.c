/* SPDX-License-Identifier: MIT */
#include "bench/lab/lab.h"

#include "bench/cli/interrupt.h"
#include "bench/cli/turn.h"
#include "bench/lab/lesson_measure.h"
#include "core/random.h"
#include "core/suggest.h"
#include "report/lessons/course_page.h"
#include "report/lessons/lesson_page.h"
#include "system/topology.h"

#include <assert.h>
#include <errno.h>
#include <glob.h>
#include <math.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { WORKERS_MAX = 4, TYPED_MAX = 128 };

static_assert((int)LESSON_LETS_MAX <= (int)LAB_VALUES_MAX &&
		      LESSON_CHANGES_MAX + 3 <= (int)LAB_CHOICES_MAX,
	      "a lesson's names, and cpus, twice and workers");

/* ------------------------------------------------------------- lessons */

/* The place of a lesson from `from` on; lab->count: it is not there. */
static size_t lab_find(const struct lab *lab, size_t from, const char *name)
{
	while (from < lab->count && strcmp(lab->lessons[from].name, name) != 0)
		from++;
	return from;
}

static int lab_add(struct lab *lab, const char *name, const char *text,
		   struct error *error)
{
	struct lesson *grown =
		reallocarray(lab->lessons, lab->count + 1, sizeof(*grown));

	if (!grown)
		return error_set(error, ERROR_FAILED, "out of memory");
	lab->lessons = grown;
	return lesson_parse(&grown[lab->count++], name, text, error);
}

/* The whole file; NULL: it cannot be read, with errno. */
static char *lab_read_file(const char *path)
{
	FILE *file = fopen(path, "r");
	char *text = NULL;
	size_t size = 0;

	if (!file)
		return NULL;
	errno = 0;
	if (getdelim(&text, &size, '\0', file) < 0) {
		free(text);
		text = NULL;
	}
	fclose(file);
	return text;
}

static int lab_add_file(struct lab *lab, const char *path, struct error *error)
{
	char *text = lab_read_file(path);
	const char *slash = strrchr(path, '/');
	char name[LESSON_NAME_MAX];
	int rc;

	if (!text)
		return error_set(error, ERROR_USAGE, "%s: %s", path,
				 errno ? strerror(errno) : "it is empty");
	snprintf(name, sizeof(name), "%s", slash ? slash + 1 : path);
	name[strcspn(name, ".")] = '\0';
	rc = lab_find(lab, 0, name) < lab->count
		     ? error_set(error, ERROR_USAGE,
				 "%s: there is a lesson '%s' already: rename "
				 "the file",
				 path, name)
		     : lab_add(lab, name, text, error);
	free(text);
	return rc;
}

static int lab_add_folder(struct lab *lab, struct error *error)
{
	char pattern[512];
	glob_t files;
	int rc = 0;

	snprintf(pattern, sizeof(pattern), "%s/*.md", lab->folder);
	if (glob(pattern, 0, NULL, &files))
		return error_set(error, ERROR_USAGE,
				 "%s: no lesson is there: a lesson is a file "
				 "NAME.md",
				 lab->folder);
	for (size_t i = 0; rc == 0 && i < files.gl_pathc; i++)
		rc = lab_add_file(lab, files.gl_pathv[i], error);
	globfree(&files);
	return rc;
}

static int lab_add_all(struct lab *lab, struct error *error)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && lesson_files[i].name; i++)
		rc = lab_add(lab, lesson_files[i].name, lesson_files[i].text,
			     error);
	return rc == 0 && lab->folder ? lab_add_folder(lab, error) : rc;
}

/* ------------------------------------------------------------- choice */

static int lab_complain(const struct lab *lab, const char *name,
			struct error *error)
{
	struct suggestion near = {.word = name};

	for (size_t i = 0; i < lab->count; i++)
		suggestion_offer(&near, lab->lessons[i].name);
	if (near.name)
		return error_set(error, ERROR_USAGE,
				 "there is no lesson '%s': did you mean '%s'?",
				 name, near.name);
	error_set(error, ERROR_USAGE, "there is no lesson '%s', but:", name);
	for (size_t i = 0; i < lab->count; i++)
		error_append(error, ERROR_USAGE, " %s", lab->lessons[i].name);
	return ERROR_USAGE;
}

/* Those that were named come first, in that order, and the others go. */
static void lab_keep_named(struct lab *lab)
{
	size_t kept = 0;

	for (int i = 0; i < lab->nnames; i++) {
		size_t at = lab_find(lab, kept, lab->names[i]);
		struct lesson named;

		if (at == lab->count) /* it was named before */
			continue;
		named = lab->lessons[at];
		lab->lessons[at] = lab->lessons[kept];
		lab->lessons[kept++] = named;
	}
	for (size_t i = kept; i < lab->count; i++)
		lesson_free(&lab->lessons[i]);
	lab->count = kept;
}

int lab_open(struct lab *lab, struct error *error)
{
	int rc = lab_add_all(lab, error);

	for (int i = 0; rc == 0 && i < lab->nnames; i++)
		if (lab_find(lab, 0, lab->names[i]) == lab->count)
			rc = lab_complain(lab, lab->names[i], error);
	if (rc)
		return rc;
	if (lab->nnames)
		lab_keep_named(lab);
	lab->results = calloc(lab->count + 1, sizeof(*lab->results));
	if (!lab->results)
		return error_set(error, ERROR_FAILED, "out of memory");
	return 0;
}

void lab_free(struct lab *lab)
{
	for (size_t i = 0; i < lab->count; i++)
		lesson_free(&lab->lessons[i]);
	free(lab->lessons);
	free(lab->results);
}

/* ------------------------------------------------------------- changes */

static void lab_set(struct lab_answer *answer, const char *name,
		    const char *text, size_t length)
{
	struct lab_choice *choice = &answer->choices[answer->nchoices++];

	choice->name = name;
	snprintf(choice->text, LAB_CHOICE_MAX, "%.*s", (int)length, text);
}

static void lab_set_number(struct lab_answer *answer, const char *name,
			   size_t number)
{
	char text[LAB_CHOICE_MAX];

	snprintf(text, sizeof(text), "%zu", number);
	lab_set(answer, name, text, strlen(text));
}

/* A student gets the same in a lesson, whichever others there are. */
static uint64_t lab_mix_seed(const struct lab *lab, const struct lesson *lesson)
{
	uint64_t seed = lab->seed;

	for (const char *c = lesson->name; *c; c++)
		seed = random_mix(seed + (unsigned char)*c);
	return seed;
}

/* One of the words of the list. */
static void lab_set_one_of(struct lab_answer *answer,
			   const struct lesson_let *change, uint64_t *random)
{
	size_t count = 0, chosen;
	const char *at;

	for (at = change->what; *at; at += strspn(at, " ")) {
		at += strcspn(at, " ");
		count++;
	}
	chosen = (size_t)(random_uniform(random) * (double)count);
	at = change->what;
	for (size_t i = 0; i < chosen; i++) {
		at += strcspn(at, " ");
		at += strspn(at, " ");
	}
	lab_set(answer, change->name, at, strcspn(at, " "));
}

void lab_choose(struct lab *lab, const struct topology *topology)
{
	struct machine_shape shape;
	size_t cpus, workers;

	topology_shape(topology, &shape);
	cpus = shape.allowed;
	workers = cpus < 2 ? 2 : cpus > WORKERS_MAX ? WORKERS_MAX : cpus;
	for (size_t i = 0; i < lab->count; i++) {
		const struct lesson *lesson = &lab->lessons[i];
		struct lab_answer *answer = &lab->results[i].answer;
		uint64_t random = lab_mix_seed(lab, lesson);

		lab->results[i].lesson = lesson;
		*answer = (struct lab_answer){
			.lesson = lesson->name,
			.title = lesson->title,
			.unit = lesson->unit,
			.asked = lesson->answer,
			.predicted = NAN,
			.seconds = NAN,
			.why = "it was not its turn",
		};
		lab_set_number(answer, "cpus", cpus);
		lab_set_number(answer, "twice", 2 * cpus);
		lab_set_number(answer, "workers", workers);
		for (size_t k = 0; k < lesson->nchanges; k++)
			lab_set_one_of(answer, &lesson->changes[k], &random);
	}
}

/* ------------------------------------------------------------- records */

/* Its outcome is one of the lesson's, as its text has them now? */
static bool lab_knows_outcome(const struct lesson *lesson, const char *outcome)
{
	for (size_t i = 0; i < lesson->noutcomes; i++)
		if (strcmp(lesson->outcomes[i].name, outcome) == 0)
			return true;
	return false;
}

static void lab_restore_answer(struct lesson_result *result,
			       const struct lab_answer *found)
{
	struct lab_answer *answer = &result->answer;

	memcpy(answer->prediction, found->prediction, LAB_PREDICTION_MAX);
	answer->predicted = found->predicted;
	if (found->state == LAB_NOT_MEASURED ||
	    (found->outcome &&
	     !lab_knows_outcome(result->lesson, found->outcome)))
		return;
	*answer = *found;
	answer->unit = result->lesson->unit;
	answer->asked = result->lesson->answer;
}

void lab_restore(struct lab *lab, const struct lab_result *found)
{
	for (size_t i = 0; i < lab->count; i++)
		for (size_t k = 0; k < found->count; k++)
			if (strcmp(lab->lessons[i].name,
				   found->answers[k].lesson) == 0)
				lab_restore_answer(&lab->results[i],
						   &found->answers[k]);
}

json_t *lab_object(const struct lab *lab)
{
	const struct lab_result found = {
		.seat = lab->seat, .seed = lab->seed, .folder = lab->folder};
	json_t *object = lab_result_json(&found);

	for (size_t i = 0; i < lab->count; i++)
		json_array_append_new(json_object_get(object, "lessons"),
				      lab_answer_json(&lab->results[i].answer));
	return object;
}

static void lab_keep(const struct lab *lab, const struct lab_answer *answer)
{
	if (lab->keep)
		lab->keep(lab->data, answer);
}

/* ------------------------------------------------------------- teaching */

/* A lesson, and which part of it. */
struct lab_page {
	const struct lab *lab;
	const struct lesson_result *result;
};

static int lab_build_before(struct doc *doc, const void *data)
{
	const struct lab_page *page = data;

	lesson_put_before(doc, page->result, 1);
	return 0;
}

static int lab_build_after(struct doc *doc, const void *data)
{
	const struct lab_page *page = data;

	lesson_put_after(doc, page->result, page->lab->teacher);
	return 0;
}

/* A line that was typed, without its end; "" if there are none any more. 0, or
 * ERROR_INTERRUPTED. */
static int lab_read_line(const struct lab *lab, char line[TYPED_MAX])
{
	struct pollfd fds[] = {{.fd = lab->interrupt_fd, .events = POLLIN},
			       {.fd = STDIN_FILENO, .events = POLLIN}};

	fflush(stdout);
	line[0] = '\0';
	while (poll(fds, 2, -1) < 0 && errno == EINTR)
		;
	if (interrupt_pending(lab->interrupt_fd))
		return ERROR_INTERRUPTED;
	if (!fgets(line, TYPED_MAX, stdin))
		line[0] = '\0';
	line[strcspn(line, "\n")] = '\0';
	return 0;
}

/* Until something is predicted, or Enter alone is typed. 0, or
 * ERROR_INTERRUPTED. */
static int lab_ask(const struct lab *lab, struct lesson_result *result)
{
	const struct lesson *lesson = result->lesson;
	char line[TYPED_MAX];

	for (;;) {
		const char *typed = line;

		printf("\nYour prediction%s%s (Enter: none): ",
		       lesson->unit ? ", " : ": which of them",
		       lesson->unit ? lesson->unit : "");
		if (lab_read_line(lab, line))
			return ERROR_INTERRUPTED;
		typed += strspn(typed, " \t");
		if (!*typed)
			return 0;
		if (lesson_result_predict(result, typed)) {
			lab_keep(lab, &result->answer);
			return 0;
		}
		printf("That is no %s.\n",
		       lesson->unit ? "number: as 10, 2.5 or 64Ki; or never"
				    : "one of them: type its number");
	}
}

static int lab_show_question(const struct lab *lab,
			     struct lesson_result *result,
			     const struct report_style *style)
{
	const struct lab_page page = {lab, result};

	doc_print(lab_build_before, &page, stdout, style);
	if (result->answer.prediction[0])
		printf("\nYour prediction was %s.\n",
		       result->answer.prediction);
	else if (lab->pause && lab_ask(lab, result))
		return ERROR_INTERRUPTED;
	printf("\nMeasuring ...\n\n");
	fflush(stdout);
	return 0;
}

static int lab_show_answer(const struct lab *lab, size_t i,
			   const struct report_style *style)
{
	const struct lab_page page = {lab, &lab->results[i]};
	char line[TYPED_MAX];

	doc_print(lab_build_after, &page, stdout, style);
	if (i + 1 == lab->count)
		return 0;
	fputs(lab->pause ? "\nEnter: the next lesson " : "\n", stdout);
	return lab->pause ? lab_read_line(lab, line) : 0;
}

/* While students think, others measure. */
static int lab_measure(const struct lab *lab, struct lesson_result *result)
{
	int lock, rc = turn_take(lab->turn, lab->interrupt_fd, &lock);

	if (rc == 0)
		rc = lesson_measure(result);
	if (lock >= 0)
		close(lock);
	if (rc == 0 && interrupt_pending(lab->interrupt_fd))
		rc = ERROR_INTERRUPTED;
	if (result->answer.state != LAB_NOT_MEASURED)
		lab_keep(lab, &result->answer);
	return rc;
}

int lab_teach(struct lab *lab, size_t i, const struct report_style *style)
{
	struct lesson_result *result = &lab->results[i];
	bool shown = style->form == DOC_TERMINAL;
	int rc = 0;

	if (result->answer.state != LAB_NOT_MEASURED)
		return 0;
	if (shown)
		rc = lab_show_question(lab, result, style);
	if (rc == 0)
		rc = lab_measure(lab, result);
	return rc == 0 && shown ? lab_show_answer(lab, i, style) : rc;
}

int lab_write(const struct lab *lab, FILE *out,
	      const struct report_style *style)
{
	const struct course course = {lab->results, lab->count, lab->teacher};

	return course_write(&course, out, style);
}
