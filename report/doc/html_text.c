/* SPDX-License-Identifier: MIT */
#include "report/doc/html_text.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

static void put_escaped(FILE *out, const char *text)
{
	for (; *text; text++) {
		switch (*text) {
		case '&':
			fputs("&amp;", out);
			break;
		case '<':
			fputs("&lt;", out);
			break;
		case '>':
			fputs("&gt;", out);
			break;
		case '"':
			fputs("&quot;", out);
			break;
		default:
			fputc(*text, out);
			break;
		}
	}
}

void html_put(FILE *out, const char *text)
{
	struct draft_text draft;
	char *clean;

	if (!text_begin(&draft))
		return;
	text_clean(draft.file, text, true);
	clean = text_end(&draft);
	if (clean)
		put_escaped(out, clean);
	free(clean);
}

int html_put_draft(FILE *out, struct draft_text *draft, const char *tag)
{
	char *text = text_end(draft);

	if (!text)
		return -ENOMEM;
	fprintf(out, "<%s>", tag);
	html_put(out, text);
	fprintf(out, "</%s>\n", tag);
	free(text);
	return 0;
}

void html_put_value(FILE *out, const char *told, double value)
{
	if (!isfinite(value)) {
		html_put(out, told);
		return;
	}
	fprintf(out, "<data value=\"%.9g\">", value);
	html_put(out, told);
	fputs("</data>", out);
}
