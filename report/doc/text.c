/* SPDX-License-Identifier: MIT */
#include "report/doc/text.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ------------------------------------------------------------- numbers */

/* Three digits that count, for 1 <= x < 1000 and a little beyond. */
static int decimals(double x)
{
	if (x >= 99.95)
		return 0;
	return x >= 9.995 ? 1 : 2;
}

struct text text_time(double ns)
{
	const char *const units[] = {"ns", "\u00b5s", "ms", "s"};
	struct text text;
	int unit = 0;

	while (unit < 3 && ns >= 999.5) {
		ns /= 1000;
		unit++;
	}
	snprintf(text.s, sizeof(text.s), "%.*f %s", decimals(ns), ns,
		 units[unit]);
	return text;
}

struct text text_ratio(double ratio, bool narrow)
{
	struct text text;

	if (ratio >= 0.0995 || (narrow && ratio >= 0.005)) {
		snprintf(text.s, sizeof(text.s), "%.*f", decimals(ratio),
			 ratio);
		return text;
	}
	if (ratio < 1e-7)
		snprintf(text.s, sizeof(text.s), ratio > 0 ? "%.0e" : "0",
			 ratio);
	else
		snprintf(text.s, sizeof(text.s), "%.*f",
			 1 - (int)floor(log10(ratio * 1.005)), ratio);
	return text;
}

/* In brackets; NULL: a bound that is not known. */
static struct text bounds(const char *lo, const char *hi)
{
	struct text text = {"[unknown]"};

	if (lo && hi)
		snprintf(text.s, sizeof(text.s), "[%.22s,%.22s]", lo, hi);
	else if (hi)
		snprintf(text.s, sizeof(text.s), "[at most %.22s]", hi);
	else if (lo)
		snprintf(text.s, sizeof(text.s), "[at least %.22s]", lo);
	return text;
}

struct text text_interval(double log_lo, double log_hi, bool narrow)
{
	struct text lo = text_ratio(exp(log_lo), narrow);
	struct text hi = text_ratio(exp(log_hi), narrow);

	return bounds(isfinite(log_lo) ? lo.s : NULL,
		      isfinite(log_hi) ? hi.s : NULL);
}

struct text text_range(double lo, double hi, int digits)
{
	char below[24], above[24];

	snprintf(below, sizeof(below), "%.*f", digits, lo);
	snprintf(above, sizeof(above), "%.*f", digits, hi);
	return bounds(isfinite(lo) ? below : NULL, isfinite(hi) ? above : NULL);
}

/* ------------------------------------------------------------- sentences */

static bool continues(char c)
{
	return ((unsigned char)c & 0xc0) == 0x80;
}

size_t text_width(const char *text)
{
	size_t width = 0;

	for (; *text; text++)
		width += !continues(*text);
	return width;
}

void text_clean(FILE *out, const char *text, bool utf8)
{
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;
		bool c1 = c == 0xc2 && (unsigned char)text[1] < 0xa0;

		if (c < 0x80)
			fputc(iscntrl(c) ? ' ' : c, out);
		else if (utf8 && !c1)
			fputc(c, out);
		else if (!continues(*text))
			fputc('?', out);
		if (utf8 && c1 && text[1])
			text++;
	}
}

/* No longer than what they replace. */
static const struct {
	const char *sign, *ascii;
} signs[] = {
	{"\u00d7", "x"},  {"\u00b5", "u"},  {"\u2013", "-"},  {"\u2026", "..."},
	{"\u2192", "->"}, {"\u2265", ">="}, {"\u2264", "<="},
};

/* What stands for the character at *text in ASCII, behind which *text moves. */
static const char *ascii_for(const char **text)
{
	for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++) {
		size_t length = strlen(signs[i].sign);

		if (strncmp(*text, signs[i].sign, length) == 0) {
			*text += length;
			return signs[i].ascii;
		}
	}
	for ((*text)++; continues(**text);)
		(*text)++;
	return "?";
}

void text_plain(char *text, bool utf8)
{
	const char *from = text, *begin = text;

	while (*from) {
		unsigned char c = (unsigned char)*from;
		bool c1 = c == 0xc2 && (unsigned char)from[1] < 0xa0;

		if (c >= 0x80 && !utf8) {
			for (const char *a = ascii_for(&from); *a; a++)
				*text++ = *a;
			continue;
		}
		from += c1 && from[1] ? 2 : 1;
		*text++ = c1 || iscntrl(c) ? ' ' : (char)c;
	}
	while (text > begin && text[-1] == ' ')
		text--;
	*text = '\0';
}

FILE *text_begin(struct draft_text *draft)
{
	*draft = (struct draft_text){.file = NULL};
	draft->file = open_memstream(&draft->text, &draft->size);
	return draft->file;
}

char *text_end(struct draft_text *draft)
{
	bool bad;

	if (!draft->file)
		return NULL;
	bad = ferror(draft->file);
	if (fclose(draft->file) == 0 && !bad)
		return draft->text;
	free(draft->text);
	return NULL;
}

/* Where the piece that must stay on one line ends. */
static const char *piece_end(const char *text)
{
	int depth = 0;

	for (; *text; text++) {
		if (*text == '[')
			depth++;
		if (*text == ']' && depth > 0)
			depth--;
		if (text[1] == '\0')
			return text + 1;
		if (text[1] == ' ' && text[2] != '[' && depth == 0 &&
		    !isdigit((unsigned char)*text))
			return text + 1;
	}
	return text;
}

void text_wrap(FILE *out, const char *text, size_t used, unsigned columns,
	       unsigned indent)
{
	size_t column = used;
	bool first = true;

	while (*text) {
		const char *end = piece_end(text);
		char *piece = strndup(text, (size_t)(end - text));
		size_t width = piece ? text_width(piece) : 0;

		if (!first && column + 1 + width > columns) {
			fprintf(out, "\n%*s", (int)indent, "");
			column = indent;
		} else if (!first) {
			fputc(' ', out);
			column++;
		}
		fwrite(text, 1, (size_t)(end - text), out);
		column += width;
		first = false;
		free(piece);
		text = *end ? end + 1 : end;
	}
	fputc('\n', out);
}

void text_paragraph(FILE *out, const char *text, unsigned columns,
		    unsigned indent)
{
	text_wrap(out, text, 0, columns, indent);
}

int text_end_paragraph(FILE *out, struct draft_text *draft, unsigned columns,
		       unsigned indent)
{
	char *text = text_end(draft);

	if (!text)
		return -ENOMEM;
	text_paragraph(out, text, columns, indent);
	free(text);
	return 0;
}
