/* SPDX-License-Identifier: MIT */
#include "report/lessons/course_page.h"

#include "report/doc/text.h"
#include "report/lessons/lesson_chart.h"
#include "report/lessons/lesson_page.h"

#include <stdlib.h>
#include <string.h>

struct course_page {
	const struct course *course;
	const struct pictures *pictures; /* NULL: the format has none */
};

/* ------------------------------------------------------------- charts */

/* What was measured, and not made of other values: its name in a chart is what
 * the lesson asks for, without the first word. */
struct course_chart {
	size_t count;
	struct chart_strip_row rows[LESSON_LETS_MAX];
	char names[LESSON_LETS_MAX][LESSON_CHART_NAME_MAX];
};

static bool is_measured(const struct lesson_let *let)
{
	return strncmp(let->what, "ratio ", 6) != 0 &&
	       strncmp(let->what, "demo ", 5) != 0;
}

/* False: out of memory. */
static bool chart_name(const struct lesson_result *result, const char *what,
		       char name[LESSON_CHART_NAME_MAX])
{
	struct draft_text draft;
	FILE *out = text_begin(&draft);
	char *text;

	what += strcspn(what, " ");
	what += strspn(what, " ");
	if (out)
		lesson_result_put(out, result, what, strlen(what));
	text = text_end(&draft);
	lesson_chart_name(name, text ? text : "");
	free(text);
	return text != NULL;
}

static void chart_gather(const struct lesson_result *result, enum lab_kind kind,
			 struct course_chart *chart)
{
	const struct lesson *lesson = result->lesson;

	chart->count = 0;
	for (size_t i = 0; i < lesson->nlets; i++) {
		const struct lesson_let *let = &lesson->lets[i];
		const struct lab_value *value =
			lab_find_value(&result->answer, let->name);
		char *name = chart->names[chart->count];

		if (value && value->kind == kind && is_measured(let) &&
		    chart_name(result, let->what, name))
			chart->rows[chart->count++] =
				lesson_chart_row(&result->answer, value, name);
	}
}

/* Do all names end so? */
static bool chart_shares(const struct course_chart *chart, const char *end)
{
	for (size_t i = 0; i < chart->count; i++) {
		const char *name = chart->names[i];

		if (strlen(name) <= strlen(end) ||
		    strcmp(name + strlen(name) - strlen(end), end) != 0)
			return false;
	}
	return true;
}

/* "spin, empty" and "block, empty" differ in what is before the comma. */
static void chart_cut_names(struct course_chart *chart)
{
	char shared[LESSON_CHART_NAME_MAX];
	const char *comma = strchr(chart->names[0], ',');

	while (comma && !chart_shares(chart, comma))
		comma = strchr(comma + 1, ',');
	if (!comma)
		return;
	snprintf(shared, sizeof(shared), "%s", comma);
	for (size_t i = 0; i < chart->count; i++)
		chart->names[i][strlen(chart->names[i]) - strlen(shared)] =
			'\0';
}

/* The first kind of which there are several values to be held side by side. */
static void draw_lesson(FILE *script, const struct lesson_result *result,
			unsigned id)
{
	static const char *const units[LAB_COUNT] = {"times as fast as serial",
						     "items", "ns"};
	const struct chart chart = {.use = CHART_PAGE, .id = id};
	struct course_chart own;

	for (enum lab_kind kind = LAB_RATIO; kind < LAB_COUNT; kind++) {
		chart_gather(result, kind, &own);
		if (own.count > 1) {
			chart_cut_names(&own);
			chart_strip(script, &chart, own.rows, own.count,
				    units[kind]);
			return;
		}
	}
}

static int draw_all(FILE *script, void *data)
{
	const struct course *course = data;
	const struct chart marks = {.use = CHART_PAGE, .id = PICTURES_MARKS};

	for (size_t i = 0; i < course->count; i++)
		draw_lesson(script, &course->results[i], (unsigned)i);
	chart_marks_only(script, &marks);
	return 0;
}

/* ------------------------------------------------------------- the page */

static void put_lesson(struct doc *doc, const struct course_page *page,
		       size_t i)
{
	const struct course *course = page->course;

	lesson_put_before(doc, &course->results[i], 2);
	fputs("The answer, on this machine", doc_fold(doc));
	if (page->pictures)
		lesson_chart_put(doc, page->pictures, (unsigned)i,
				 course->results[i].lesson->title,
				 "what was measured, on one axis");
	lesson_put_after(doc, &course->results[i], course->teacher);
	doc_unfold(doc);
}

static int build_course(struct doc *doc, const void *data)
{
	const struct course_page *page = data;

	fputs("Processes, threads, and from which size on",
	      doc_heading(doc, 1));
	if (page->pictures)
		pictures_put_opening(doc, page->pictures, true);
	doc_contents(doc);
	for (size_t i = 0; i < page->course->count; i++)
		put_lesson(doc, page, i);
	return 0;
}

int course_write(const struct course *course, FILE *out,
		 const struct report_style *style)
{
	struct pictures pictures = {.count = 0};
	bool drawn = style->form == DOC_HTML;
	const struct course_page page = {course, drawn ? &pictures : NULL};
	struct course own = *course;
	int rc = drawn ? pictures_draw(draw_all, &own, &pictures) : 0;

	if (rc == 0)
		rc = doc_print(build_course, &page, out, style);
	pictures_free(&pictures);
	return rc;
}
