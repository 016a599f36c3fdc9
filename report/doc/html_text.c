/* SPDX-License-Identifier: MIT */
#include "report/doc/html_text.h"

#include "report/doc/doc_blocks.h"

#include <ctype.h>
#include <string.h>

void html_put_part(FILE *out, const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		switch (text[i]) {
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
			fputc(iscntrl((unsigned char)text[i]) ? ' ' : text[i],
			      out);
			break;
		}
	}
}

void html_put(FILE *out, const char *text)
{
	html_put_part(out, text, strlen(text));
}

void html_put_text(FILE *out, const char *text)
{
	struct doc_span span;

	while (doc_next_span(&text, &span)) {
		fputs(span.code ? "<code>" : "", out);
		html_put_part(out, span.text, span.length);
		fputs(span.code ? "</code>" : "", out);
	}
}
