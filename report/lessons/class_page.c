/* SPDX-License-Identifier: MIT */
#include "report/lessons/class_page.h"

#include "report/chart/html_chart.h"
#include "report/doc/doc.h"
#include "report/doc/text.h"
#include "report/lessons/lesson_chart.h"
#include "report/lessons/lesson_result.h"
#include "results/json_value.h"
#include "results/study_record.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { DIGITS = 9 };

/* ------------------------------------------------------------- reading */

int class_add(struct class *class, const struct record *record)
{
	struct class_seat *grown =
		reallocarray(class->seats, class->count + 1, sizeof(*grown));
	struct class_seat *seat;
	int rc;

	if (!grown)
		return -ENOMEM;
	class->seats = grown;
	seat = &grown[class->count];
	*seat = (struct class_seat){.object = study_record_object(record)};
	rc = seat->object ? lab_result_read(seat->object, &seat->lab) : -ENOMEM;
	if (rc) {
		lab_result_free(&seat->lab);
		json_decref(seat->object);
		return rc;
	}
	seat->header = json_incref(record->header);
	class->count++;
	return 0;
}

void class_free(struct class *class)
{
	for (size_t i = 0; i < class->count; i++) {
		lab_result_free(&class->seats[i].lab);
		json_decref(class->seats[i].object);
		json_decref(class->seats[i].header);
	}
	free(class->seats);
}

/* ------------------------------------------------------------- lessons */

/* The same lesson asks for the same in every version, or it is another one. */
static bool is_same_lesson(const struct lab_answer *a,
			   const struct lab_answer *b)
{
	return strcmp(a->lesson, b->lesson) == 0 &&
	       strcmp(a->unit ? a->unit : "", b->unit ? b->unit : "") == 0;
}

/* What a seat has of the lesson; NULL: nothing. */
static const struct lab_answer *seat_find(const struct class_seat *seat,
					  const struct lab_answer *lesson)
{
	for (size_t i = 0; i < seat->lab.count; i++)
		if (is_same_lesson(&seat->lab.answers[i], lesson))
			return &seat->lab.answers[i];
	return NULL;
}

/* Is there something to tell: a prediction, or a result? */
static bool is_begun(const struct lab_answer *answer)
{
	return answer->prediction[0] || answer->state != LAB_NOT_MEASURED;
}

/* Is this the first seat that began the lesson? */
static bool is_first(const struct class *class, size_t seat,
		     const struct lab_answer *lesson)
{
	const struct lab_answer *answer;

	if (!is_begun(lesson))
		return false;
	for (size_t i = 0; i < seat; i++) {
		answer = seat_find(&class->seats[i], lesson);
		if (answer && is_begun(answer))
			return false;
	}
	return true;
}

/* Call `each` once for every lesson that was begun. */
static void class_each(const struct class *class, void *data,
		       void (*each)(void *data,
				    const struct lab_answer *lesson))
{
	for (size_t s = 0; s < class->count; s++)
		for (size_t i = 0; i < class->seats[s].lab.count; i++)
			if (is_first(class, s, &class->seats[s].lab.answers[i]))
				each(data, &class->seats[s].lab.answers[i]);
}

/* Seats without a name are numbered. */
static void put_seat(FILE *out, const struct class *class, size_t seat)
{
	const char *name = class->seats[seat].lab.seat;

	if (name && name[0])
		text_clean(out, name, true);
	else
		fprintf(out, "seat %zu", seat + 1);
}

/* ------------------------------------------------------------- summary */

/* A lesson over all seats. Its numbers are sorted. */
struct class_tally {
	const struct lab_answer *lesson;
	size_t measured, predicted, right;
	size_t nvalues, nguesses;
	double *values, *guesses;
};

static int compare_doubles(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static void tally_add(struct class_tally *tally,
		      const struct lab_answer *answer)
{
	const struct lab_value *asked = lab_asked_value(answer);

	if (asked && !isnan(asked->value))
		tally->values[tally->nvalues++] = asked->value;
	if (!isnan(answer->predicted))
		tally->guesses[tally->nguesses++] = answer->predicted;
	tally->measured += asked != NULL;
	tally->predicted += lab_is_judged(answer);
	tally->right += lab_is_right(answer);
}

/* NaN of none. */
static double middle(const double *sorted, size_t count)
{
	if (count == 0)
		return NAN;
	return count % 2 ? sorted[count / 2]
			 : (sorted[count / 2 - 1] + sorted[count / 2]) / 2;
}

/* A number of the lesson's kind; NaN: an empty cell. */
static void put_number(struct doc *doc, const struct class_tally *tally,
		       double number)
{
	const struct lab_value *asked = lab_asked_value(tally->lesson);
	const struct lab_value value = {.kind = asked ? asked->kind : LAB_COUNT,
					.value = number};
	FILE *out = doc_cell(doc);

	if (!isnan(number))
		lesson_value_put(out, &value);
}

/* What most of them said. */
static const char *find_commonest(const struct class *class,
				  const struct lab_answer *lesson)
{
	const char *commonest = "";
	size_t most = 0;

	for (size_t i = 0; i < class->count; i++) {
		const struct lab_answer *a =
			seat_find(&class->seats[i], lesson);
		size_t count = 0;

		for (size_t k = 0; a && a->prediction[0] && k < class->count;
		     k++) {
			const struct lab_answer *b =
				seat_find(&class->seats[k], lesson);

			count += b && strcmp(a->prediction, b->prediction) == 0;
		}
		if (count > most) {
			most = count;
			commonest = a->prediction;
		}
	}
	return commonest;
}

static void put_tally(struct doc *doc, const struct class *class,
		      const struct class_tally *tally)
{
	size_t count = tally->nvalues;

	text_clean(doc_row(doc), tally->lesson->lesson, true);
	fprintf(doc_cell(doc), "%zu", tally->measured);
	if (tally->predicted)
		fprintf(doc_cell(doc), "%zu of %zu", tally->right,
			tally->predicted);
	else
		doc_cell(doc);
	if (tally->nguesses)
		put_number(doc, tally, middle(tally->guesses, tally->nguesses));
	else
		text_clean(doc_cell(doc), find_commonest(class, tally->lesson),
			   true);
	put_number(doc, tally, middle(tally->values, count));
	put_number(doc, tally, count ? tally->values[0] : NAN);
	put_number(doc, tally, count ? tally->values[count - 1] : NAN);
	text_clean(doc_cell(doc), lesson_chart_unit(tally->lesson), true);
}

/* What a walk over all lessons fills. */
struct class_walk {
	const struct class *class;
	struct doc *doc;
	const struct pictures *pictures;
	FILE *script;
	unsigned chart;		      /* id of the next one */
	double *values, *guesses;     /* room for a number from each seat */
	struct chart_strip_row *rows; /* likewise */
	char (*names)[LESSON_CHART_NAME_MAX]; /* of the seats */
};

static void put_lesson_tally(void *data, const struct lab_answer *lesson)
{
	struct class_walk *walk = data;
	struct class_tally tally = {.lesson = lesson,
				    .values = walk->values,
				    .guesses = walk->guesses};

	for (size_t i = 0; i < walk->class->count; i++) {
		const struct lab_answer *answer =
			seat_find(&walk->class->seats[i], lesson);

		if (answer)
			tally_add(&tally, answer);
	}
	qsort(tally.values, tally.nvalues, sizeof(double), compare_doubles);
	qsort(tally.guesses, tally.nguesses, sizeof(double), compare_doubles);
	put_tally(walk->doc, walk->class, &tally);
}

static void put_summary(struct class_walk *walk)
{
	static const char *const heads[] = {"measured", "right", "said",
					    "median",	"least", "most"};
	struct doc *doc = walk->doc;

	fputs("Predictions that were right, and what was measured",
	      doc_table(doc));
	fputs("lesson", doc_column(doc, DOC_LEFT));
	for (size_t i = 0; i < sizeof(heads) / sizeof(*heads); i++)
		fputs(heads[i], doc_column(doc, DOC_RIGHT));
	fputs("in", doc_column(doc, DOC_LEFT));
	class_each(walk->class, walk, put_lesson_tally);
	fputs("Right: of those who predicted something, and whose machine "
	      "could tell. Said: the median prediction, or the commonest.",
	      doc_paragraph(doc));
}

/* ------------------------------------------------------------- charts */

static void draw_lesson(void *data, const struct lab_answer *lesson)
{
	struct class_walk *walk = data;
	const struct chart chart = {.use = CHART_PAGE, .id = walk->chart++};
	size_t count = 0;

	for (size_t i = 0; i < walk->class->count; i++) {
		const struct lab_answer *answer =
			seat_find(&walk->class->seats[i], lesson);

		if (answer && is_begun(answer))
			walk->rows[count++] = lesson_chart_row(
				answer, lab_asked_value(answer),
				walk->names[i]);
	}
	chart_strip(walk->script, &chart, walk->rows, count,
		    lesson_chart_unit(lesson));
}

static int draw_all(FILE *script, void *data)
{
	struct class_walk *walk = data;
	const struct chart marks = {.use = CHART_PAGE, .id = PICTURES_MARKS};

	walk->script = script;
	class_each(walk->class, walk, draw_lesson);
	chart_marks_only(script, &marks);
	walk->chart = 0;
	return 0;
}

static void put_chart(void *data, const struct lab_answer *lesson)
{
	struct class_walk *walk = data;
	unsigned id = walk->chart++;

	if (!pictures_has(walk->pictures, id))
		return;
	doc_anchor(walk->doc, "%.20s", lesson->lesson);
	fputs(lesson->title, doc_heading(walk->doc, 3));
	lesson_chart_put(walk->doc, walk->pictures, id, lesson->title,
			 "what was measured at each seat, and what was "
			 "predicted there");
}

static void put_charts(struct class_walk *walk)
{
	if (!walk->pictures)
		return;
	doc_anchor(walk->doc, "lessons");
	fputs("Lesson by lesson", doc_heading(walk->doc, 2));
	class_each(walk->class, walk, put_chart);
}

/* ------------------------------------------------------------- seats */

static void put_head(void *data, const struct lab_answer *lesson)
{
	const struct class_walk *walk = data;

	text_clean(doc_column(walk->doc, DOC_RIGHT), lesson->lesson, true);
}

static void put_value(struct doc *doc, const struct lab_value *asked)
{
	const struct interval *interval = &asked->interval;
	const struct lab_value exact = {.kind = asked->kind,
					.value = asked->value};

	if (asked->kind == LAB_RATIO && asked->confidence > 0 &&
	    !isnan(asked->value)) {
		doc_cell(doc);
		doc_ratio(doc, log(asked->value),
			  (struct interval){log(interval->lo),
					    log(interval->hi)});
		return;
	}
	lesson_value_put(doc_cell(doc), &exact);
	if (asked->confidence > 0 && isfinite(asked->value) &&
	    isfinite(interval->lo) && isfinite(interval->hi))
		fprintf(doc_range(doc), "[%s .. %s]",
			text_count(interval->lo).s, text_count(interval->hi).s);
}

/* A cell of the row that was begun last. */
static void put_field(void *data, const struct lab_answer *lesson)
{
	const struct class_walk *walk = data;
	const struct class_seat *seat = &walk->class->seats[walk->chart];
	const struct lab_answer *answer = seat_find(seat, lesson);
	const struct lab_value *asked = answer ? lab_asked_value(answer) : NULL;
	bool right = asked && lab_is_right(answer);

	if (asked)
		put_value(walk->doc, asked);
	else
		doc_cell(walk->doc);
	if (asked && lab_is_judged(answer))
		doc_mark(walk->doc, right ? '+' : '-',
			 right ? "predicted" : "predicted otherwise");
}

/* "AMD EPYC 7B13, 2 CPUs" */
static void put_machine(FILE *out, const struct class_seat *seat)
{
	const json_t *machine = json_object_get(seat->header, "machine");
	const char *model = json_string_in(machine, "model");
	json_int_t cpus =
		json_integer_value(json_object_get(machine, "allowed"));

	text_clean(out, model ? model : "unknown", true);
	fprintf(out, ", %lld CPU%s", (long long)cpus, cpus == 1 ? "" : "s");
}

static void put_seats(struct class_walk *walk)
{
	struct doc *doc = walk->doc;

	doc_anchor(doc, "seats");
	fputs("Seat by seat", doc_heading(doc, 2));
	fputs("What was asked for, as measured at each seat; + stands where it "
	      "was predicted, - where something else was",
	      doc_table(doc));
	fputs("seat", doc_column(doc, DOC_LEFT));
	class_each(walk->class, walk, put_head);
	for (size_t i = 0; i < walk->class->count; i++) {
		put_seat(doc_row(doc), walk->class, i);
		walk->chart = (unsigned)i;
		class_each(walk->class, walk, put_field);
	}
	fputs("Machines", doc_heading(doc, 3));
	for (size_t i = 0; i < walk->class->count; i++) {
		put_seat(doc_term(doc), walk->class, i);
		put_machine(doc_meaning(doc), &walk->class->seats[i]);
	}
}

/* ------------------------------------------------------------- the page */

static const char *seat_version(const struct class_seat *seat)
{
	const char *version = json_string_in(seat->header, "version");

	return version ? version : "unknown";
}

/* Numbers of different versions may have been measured differently. */
static void put_versions(struct doc *doc, const struct class *class)
{
	bool differ = false;
	FILE *out;

	for (size_t i = 1; i < class->count; i++)
		differ |= strcmp(seat_version(&class->seats[i]),
				 seat_version(&class->seats[0])) != 0;
	if (!differ)
		return;
	out = doc_note(doc, DOC_WARNING);
	fputs("these records are of different versions of breakeven, which may "
	      "measure differently:",
	      out);
	for (size_t i = 0; i < class->count; i++) {
		fputc(' ', out);
		put_seat(out, class, i);
		fputs(" (", out);
		text_clean(out, seat_version(&class->seats[i]), true);
		fputc(')', out);
	}
}

static int build_class(struct doc *doc, const void *data)
{
	const struct class_walk *page = data;
	struct class_walk walk = *page;
	FILE *out = doc_heading(doc, 1);

	walk.doc = doc;
	fputs("Lessons: predictions and results", out);
	if (walk.class->count > 1)
		fprintf(out, " of %zu seats", walk.class->count);
	if (walk.pictures)
		pictures_put_opening(doc, walk.pictures, true);
	put_versions(doc, walk.class);
	put_summary(&walk);
	put_charts(&walk);
	put_seats(&walk);
	return 0;
}

static int name_seats(struct class_walk *walk)
{
	for (size_t i = 0; i < walk->class->count; i++) {
		struct draft_text draft;
		FILE *out = text_begin(&draft);
		char *text;

		if (out)
			put_seat(out, walk->class, i);
		text = text_end(&draft);
		if (!text)
			return -ENOMEM;
		lesson_chart_name(walk->names[i], text);
		free(text);
	}
	return 0;
}

int class_write(const struct class *class, FILE *out,
		const struct report_style *style)
{
	size_t room = class->count + 1;
	struct pictures pictures = {.count = 0};
	struct class_walk walk = {
		.class = class,
		.values = calloc(room, sizeof(*walk.values)),
		.guesses = calloc(room, sizeof(*walk.guesses)),
		.rows = calloc(room, sizeof(*walk.rows)),
		.names = calloc(room, sizeof(*walk.names)),
	};
	int rc = walk.values && walk.guesses && walk.rows && walk.names
			 ? name_seats(&walk)
			 : -ENOMEM;

	if (rc == 0 && style->form == DOC_HTML) {
		rc = pictures_draw(draw_all, &walk, &pictures);
		walk.pictures = &pictures;
	}
	if (rc == 0)
		rc = doc_print(build_class, &walk, out, style);
	pictures_free(&pictures);
	free(walk.values);
	free(walk.guesses);
	free(walk.rows);
	free(walk.names);
	return rc;
}

/* ------------------------------------------------------------- JSON */

static json_t *seat_json(const struct class_seat *seat)
{
	json_t *lab = lab_result_json(&seat->lab);
	json_t *lessons = json_object_get(lab, "lessons");

	json_object_set(lab, "time", json_object_get(seat->header, "time"));
	json_object_set(lab, "version",
			json_object_get(seat->header, "version"));
	json_object_set(lab, "machine",
			json_object_get(seat->header, "machine"));
	for (size_t i = 0; i < seat->lab.count; i++)
		json_array_append_new(lessons,
				      lab_answer_json(&seat->lab.answers[i]));
	return lab;
}

int class_json(const struct class *class, FILE *out)
{
	json_t *labs = json_array();

	for (size_t i = 0; i < class->count; i++)
		json_array_append_new(labs, seat_json(&class->seats[i]));
	return json_put(out, json_pack("{s:o}", "labs", labs), DIGITS);
}
