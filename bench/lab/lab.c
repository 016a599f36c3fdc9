/* SPDX-License-Identifier: MIT */
#include "bench/lab/lab.h"

#include "bench/lab/lesson_measure.h"
#include "core/random.h"
#include "core/suggest.h"
#include "report/lessons/lesson_page.h"
#include "system/topology.h"

#include <errno.h>
#include <glob.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { WORKERS_MAX = 4, TYPED_MAX = 128 };

/* ------------------------------------------------------------- lessons */

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
	rc = lab_add(lab, name, text, error);
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

static bool lab_is_named(const struct lab *lab, const char *name)
{
	for (int i = 0; i < lab->nnames; i++)
		if (strcmp(lab->names[i], name) == 0)
			return true;
	return lab->nnames == 0;
}

static bool lab_has(const struct lab *lab, const char *name)
{
	for (size_t i = 0; i < lab->count; i++)
		if (strcmp(lab->lessons[i].name, name) == 0)
			return true;
	return false;
}

/* Keep those that were named, in the order of the course. */
static void lab_keep_named(struct lab *lab)
{
	size_t kept = 0;

	for (size_t i = 0; i < lab->count; i++) {
		if (lab_is_named(lab, lab->lessons[i].name))
			lab->lessons[kept++] = lab->lessons[i];
		else
			lesson_free(&lab->lessons[i]);
	}
	lab->count = kept;
}

int lab_open(struct lab *lab, struct error *error)
{
	int rc = lab_add_all(lab, error);

	for (int i = 0; rc == 0 && i < lab->nnames; i++)
		if (!lab_has(lab, lab->names[i]))
			rc = lab_complain(lab, lab->names[i], error);
	if (rc)
		return rc;
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

static void lab_set(struct lesson_result *result, const char *name,
		    const char *text, size_t length)
{
	result->chosen[result->nchosen].name = name;
	snprintf(result->chosen[result->nchosen++].text, LESSON_CHOSEN_MAX,
		 "%.*s", (int)length, text);
}

static void lab_set_number(struct lesson_result *result, const char *name,
			   size_t number)
{
	char text[LESSON_CHOSEN_MAX];

	snprintf(text, sizeof(text), "%zu", number);
	lab_set(result, name, text, strlen(text));
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
static void lab_set_one_of(struct lesson_result *result,
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
	lab_set(result, change->name, at, strcspn(at, " "));
}

void lab_choose(struct lab *lab, const struct topology *topology)
{
	struct machine_shape shape;
	size_t cpus, workers;

	topology_shape(topology, &shape);
	cpus = shape.allowed;
	workers = cpus < 2 ? 2 : cpus > WORKERS_MAX ? WORKERS_MAX : cpus;
	for (size_t i = 0; i < lab->count; i++) {
		struct lesson_result *result = &lab->results[i];
		uint64_t random = lab_mix_seed(lab, &lab->lessons[i]);

		*result = (struct lesson_result){
			.lesson = &lab->lessons[i],
			.predicted = NAN,
			.predicted_outcome = -1,
			.outcome = LESSON_NOT_MEASURED,
			.why = "it was not its turn",
		};
		lab_set_number(result, "cpus", cpus);
		lab_set_number(result, "twice", 2 * cpus);
		lab_set_number(result, "workers", workers);
		for (size_t k = 0; k < lab->lessons[i].nchanges; k++)
			lab_set_one_of(result, &lab->lessons[i].changes[k],
				       &random);
	}
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

/* A line that was typed, without its end. False: there is none any more. */
static bool lab_read_line(char line[TYPED_MAX])
{
	if (!fgets(line, TYPED_MAX, stdin))
		return false;
	line[strcspn(line, "\n")] = '\0';
	return true;
}

static void lab_ask(struct lesson_result *result)
{
	const struct lesson *lesson = result->lesson;
	char line[TYPED_MAX];

	for (;;) {
		printf("\nYour prediction%s%s (Enter: none): ",
		       lesson->unit ? ", " : ": which of them",
		       lesson->unit ? lesson->unit : "");
		fflush(stdout);
		if (!lab_read_line(line) || !line[strspn(line, " \t")])
			return;
		if (lesson_result_predict(result, line + strspn(line, " \t")))
			return;
		printf("That is no %s.\n",
		       lesson->unit ? "number: as 10, 2.5 or 64Ki; or never"
				    : "one of them: type its number");
	}
}

static bool lab_is_last(const struct lab *lab, size_t i)
{
	return i + 1 == lab->count;
}

int lab_teach(struct lab *lab, size_t i, const struct report_style *style)
{
	struct lesson_result *result = &lab->results[i];
	const struct lab_page page = {lab, result};
	char line[TYPED_MAX];
	int rc;

	if (style->form == DOC_TERMINAL) {
		doc_print(lab_build_before, &page, stdout, style);
		if (lab->pause)
			lab_ask(result);
		printf("\nMeasuring ...\n\n");
		fflush(stdout);
	}
	rc = lesson_measure(result);
	if (rc || style->form != DOC_TERMINAL)
		return rc;
	doc_print(lab_build_after, &page, stdout, style);
	if (!lab_is_last(lab, i)) {
		fputs(lab->pause ? "\nEnter: the next lesson " : "\n", stdout);
		fflush(stdout);
		if (lab->pause && lab_read_line(line))
			fputc('\n', stdout);
	}
	return 0;
}

/* ------------------------------------------------------------- the course */

static int lab_build_course(struct doc *doc, const void *data)
{
	const struct lab *lab = data;

	fputs("Processes, threads, and from which size on",
	      doc_heading(doc, 1));
	doc_contents(doc);
	for (size_t i = 0; i < lab->count; i++) {
		lesson_put_before(doc, &lab->results[i], 2);
		fputs("The answer, on this machine", doc_fold(doc));
		lesson_put_after(doc, &lab->results[i], lab->teacher);
		doc_unfold(doc);
	}
	return 0;
}

int lab_write(const struct lab *lab, FILE *out,
	      const struct report_style *style)
{
	return doc_print(lab_build_course, lab, out, style);
}
