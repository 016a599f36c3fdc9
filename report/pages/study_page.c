/* SPDX-License-Identifier: MIT */
#include "report/pages/study_page.h"

#include "analysis/studies/split.h"
#include "report/doc/text.h"
#include "report/lessons/class_page.h"
#include "report/pages/article_page.h"
#include "report/pages/calibration_page.h"
#include "report/pages/creation_page.h"
#include "report/pages/dispatch_page.h"
#include "report/pages/split_page.h"
#include "results/study_record.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { HEADLINE_VALUES = 5, HEADLINE_FIRST = 3 };

/* What is wanted of a study's result. */
struct study_request {
	const struct record *record;
	enum study_form form;
	FILE *out; /* NULL: only its values */
	const struct report_style *style;
	struct study_values *values;
};

/* ------------------------------------------------------------- studies */

static int study_take_creation(const json_t *object,
			       const struct study_request *request)
{
	const json_t *header = request->record->header;
	struct creation creation;
	int rc = creation_read(object, &creation);

	creation.machine = json_object_get(header, "machine");
	creation.build = json_object_get(header, "build");
	if (rc == 0 && !request->out)
		rc = creation_values(&creation, request->values);
	else if (rc == 0)
		rc = request->form == STUDY_JSON
			     ? creation_json(&creation, request->out)
			     : creation_table(&creation, request->out,
					      request->style);
	creation_free(&creation);
	return rc;
}

static int study_take_dispatch(const json_t *object,
			       const struct study_request *request)
{
	struct dispatch dispatch;
	int rc = dispatch_read(object, &dispatch);

	if (rc == 0 && !request->out)
		rc = dispatch_values(&dispatch, request->values);
	else if (rc == 0)
		rc = request->form == STUDY_JSON
			     ? dispatch_json(&dispatch, request->out)
			     : dispatch_table(&dispatch, request->out,
					      request->style);
	dispatch_free(&dispatch);
	return rc;
}

static int study_take_article(const json_t *object,
			      const struct study_request *request)
{
	const json_t *header = request->record->header;
	struct article article;
	int rc = article_read(object, &article);

	article.machine = json_object_get(header, "machine");
	article.build = json_object_get(header, "build");
	if (rc == 0 && !request->out)
		rc = article_values(&article, request->values);
	else if (rc == 0)
		rc = request->form == STUDY_JSON
			     ? article_json(&article, request->out)
			     : article_table(&article, request->out,
					     request->style);
	article_free(&article);
	return rc;
}

static int study_take_split(const json_t *object,
			    const struct study_request *request)
{
	struct split split;
	int rc = split_read(object, &split);

	if (rc == 0 && !request->out)
		rc = split_values(&split, request->values);
	else if (rc == 0)
		rc = request->form == STUDY_JSON
			     ? split_json(&split, request->out)
			     : split_table(&split, request->out,
					   request->style);
	split_free(&split);
	return rc;
}

static int study_take_calibration(const json_t *object,
				  const struct study_request *request)
{
	const json_t *header = request->record->header;
	struct calibration_result calibration;
	int rc = calibration_read(object, &calibration);

	calibration.interrupted =
		request->record->ended && !request->record->complete;
	if (rc == 0 && !request->out)
		rc = calibration_values(&calibration, request->values);
	else if (rc == 0)
		rc = request->form == STUDY_JSON
			     ? calibration_json(&calibration, header,
						request->out)
			     : calibration_table(&calibration, request->out,
						 request->style);
	calibration_free(&calibration);
	return rc;
}

static int study_take_lab(const json_t *object,
			  const struct study_request *request)
{
	struct class class = {.count = 0};
	struct lab_result lab;
	int rc = lab_result_read(object, &lab);

	if (rc == 0 && !request->out)
		rc = lab_result_values(&lab, request->values);
	else if (rc == 0)
		rc = class_add(&class, request->record);
	if (rc == 0 && request->out)
		rc = request->form == STUDY_JSON
			     ? class_json(&class, request->out)
			     : class_write(&class, request->out,
					   request->style);
	class_free(&class);
	lab_result_free(&lab);
	return rc;
}

/* A command's study. Its headline has the values whose names begin and end so,
 * by what stands between. */
static const struct study {
	const char *name;
	int (*take)(const json_t *object, const struct study_request *request);
	const char *says, *begin, *end;
} studies[] = {
	{"article", study_take_article, "a map of collatz in Python, ",
	 "collatz of 16384, python-", ""},
	{"calibrate", study_take_calibration, "intervals that hold the truth, ",
	 "", ": intervals that hold the truth"},
	{"creation", study_take_creation, "created from a parent of 1 MiB, ",
	 "", ", parent of 1 MiB in 4k pages"},
	{"dispatch", study_take_dispatch, "a call that does nothing, ", "",
	 ", empty, back to back"},
	{"lab", study_take_lab, "", "", ""},
	{"trace", study_take_split, "", "", ""},
};

/* NULL: this breakeven does not know it. */
static const struct study *study_find(const char *name)
{
	for (size_t i = 0; i < sizeof(studies) / sizeof(*studies); i++)
		if (strcmp(studies[i].name, name) == 0)
			return &studies[i];
	return NULL;
}

static int study_take(const struct study_request *request)
{
	const struct study *study = study_find(request->record->study);
	json_t *object = study_record_object(request->record);
	int rc = !object ? -ENOMEM
		 : study ? study->take(object, request)
			 : -EINVAL;

	json_decref(object);
	return rc;
}

/* ------------------------------------------------------------- numbers */

static int study_take_values(const struct record *record,
			     struct study_values *values)
{
	const struct study_request request = {.record = record,
					      .values = values};

	return study_take(&request);
}

int study_read_values(const struct record *record, struct study_values *values)
{
	return record->ended ? study_take_values(record, values) : -EINVAL;
}

int study_check(const struct record *record)
{
	struct study_values values = {.count = 0};
	int rc = study_read_values(record, &values);

	study_values_free(&values);
	return rc;
}

static void study_put_end(FILE *out, double value)
{
	if (isfinite(value))
		fprintf(out, ",%.7g", value);
	else
		fputc(',', out);
}

/* RFC 4180. A name may hold commas. */
static int study_csv(const struct record *record, FILE *out,
		     const struct report_style *style)
{
	struct study_values values = {.count = 0};
	int rc = study_read_values(record, &values);

	if (rc == 0 && report_begins(style))
		fputs("study,what,unit,value,lo,hi\r\n", out);
	for (size_t i = 0; rc == 0 && i < values.count; i++) {
		const struct study_value *one = &values.values[i];

		fprintf(out, "%s,\"", record->study);
		for (const char *c = one->what; *c; c++)
			fprintf(out, *c == '"' ? "\"\"" : "%c", *c);
		fprintf(out, "\",%s,%.7g", one->unit, one->value);
		study_put_end(out, one->interval.lo);
		study_put_end(out, one->interval.hi);
		fputs("\r\n", out);
	}
	study_values_free(&values);
	return rc;
}

int study_write(const struct record *record, enum study_form form, FILE *out,
		const struct report_style *style)
{
	const struct study_request request = {
		.record = record, .form = form, .out = out, .style = style};
	int rc = form == STUDY_CSV ? study_csv(record, out, style)
				   : study_take(&request);

	return rc ? rc : report_flush(out);
}

struct text study_value_text(const struct study_value *value)
{
	struct text text;

	if (strcmp(value->unit, "ns") == 0)
		return text_time(value->value);
	snprintf(text.s, sizeof(text.s), "%.4g%s%s", value->value,
		 value->unit[0] ? " " : "", value->unit);
	return text;
}

/* Where the value's own part of its name lies; NULL: it is none of them. */
static const char *study_own_name(const struct study *study, const char *what,
				  size_t *length)
{
	size_t begin = strlen(study->begin), end = strlen(study->end);
	size_t all = strlen(what);

	if (all < begin + end || strncmp(what, study->begin, begin) != 0 ||
	    strcmp(what + all - end, study->end) != 0)
		return NULL;
	*length = all - begin - end;
	return what + begin;
}

/* Of `most` values at the most. Returns whether there is any. */
static bool study_put_headline(FILE *out, const struct study *study,
			       const struct study_values *values, size_t most)
{
	size_t count = 0, length;

	for (size_t i = 0; i < values->count && count < most; i++) {
		const char *name =
			study_own_name(study, values->values[i].what, &length);

		if (name)
			fprintf(out, "%s%.*s: %s", count++ ? "; " : study->says,
				(int)length, name,
				study_value_text(&values->values[i]).s);
	}
	return count > 0;
}

char *study_headline(const struct record *record)
{
	/* Of one that left out what its headline is about. */
	static const struct study any = {.says = "", .begin = "", .end = ""};
	const struct study *study = study_find(record->study);
	struct study_values values = {.count = 0};
	struct draft_text draft;

	if (!text_begin(&draft))
		return NULL;
	if (study && study_take_values(record, &values) == 0 &&
	    !study_put_headline(draft.file, study, &values, HEADLINE_VALUES))
		study_put_headline(draft.file, &any, &values, HEADLINE_FIRST);
	study_values_free(&values);
	return text_end(&draft);
}
