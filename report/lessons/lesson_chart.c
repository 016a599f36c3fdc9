/* SPDX-License-Identifier: MIT */
#include "report/lessons/lesson_chart.h"

#include "report/doc/text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void lesson_chart_name(char name[LESSON_CHART_NAME_MAX], const char *text)
{
	size_t end = strnlen(text, LESSON_CHART_NAME_MAX - 1);

	while (end && (text[end] & 0xc0) == 0x80)
		end--;
	memcpy(name, text, end);
	name[end] = '\0';
}

struct chart_strip_row lesson_chart_row(const struct lab_answer *answer,
					const struct lab_value *value,
					const char *name)
{
	bool asked = value == lab_asked_value(answer);

	return (struct chart_strip_row){
		.name = name,
		.value = value ? value->value : NAN,
		.lo = value ? value->interval.lo : NAN,
		.hi = value ? value->interval.hi : NAN,
		.predicted = asked ? answer->predicted : NAN,
	};
}

const char *lesson_chart_unit(const struct lab_answer *answer)
{
	static const char *const units[LAB_KINDS] = {"times", "items", "ns",
						     "count"};
	const struct lab_value *asked = lab_asked_value(answer);

	if (asked && asked->kind == LAB_ITEMS)
		return "items";
	return answer->unit ? answer->unit : units[asked ? asked->kind : 0];
}

static char *make_caption(const char *title, const char *shows)
{
	struct draft_text draft;
	FILE *out = text_begin(&draft);

	if (!out)
		return NULL;
	text_clean(out, title, true);
	fprintf(out, ": %s.", shows);
	return text_end(&draft);
}

void lesson_chart_put(struct doc *doc, const struct pictures *pictures,
		      unsigned id, const char *title, const char *shows)
{
	char *caption;
	FILE *out;

	if (!pictures_has(pictures, id))
		return;
	caption = make_caption(title, shows);
	out = doc_html(doc);
	fputs("<figure class=\"bars\">\n<ul class=\"key lines\">", out);
	pictures_put_key(out, chart_line_look(CHART_STRIP_MEASURED),
			 "measured, with its interval");
	pictures_put_key(out, chart_line_look(CHART_STRIP_PREDICTED),
			 "predicted");
	fputs("</ul>\n", out);
	if (caption && pictures_put(out, pictures, id, caption, ""))
		pictures_put_caption(out, id, caption);
	fputs("</figure>\n", out);
	free(caption);
}
