/* SPDX-License-Identifier: MIT */
#include "report/chart/html_chart.h"

#include "report/doc/html_text.h"
#include "report/doc/text.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const char id_mark[] = "<title>c";

static int find_pictures(struct pictures *pictures)
{
	const char *svg;
	size_t at = 0, size;

	while (gnuplot_next(&pictures->output, chart_marks[CHART_PAGE], &at,
			    &svg, &size)) {
		const char *id = memmem(svg, size, id_mark, strlen(id_mark));
		struct picture *grown = reallocarray(
			pictures->list, pictures->count + 1, sizeof(*grown));

		if (!grown)
			return -ENOMEM;
		pictures->list = grown;
		if (id)
			grown[pictures->count++] = (struct picture){
				.id = (unsigned)strtoul(id + strlen(id_mark),
							NULL, 10),
				.svg = svg,
				.size = size,
			};
	}
	return 0;
}

int pictures_draw(pictures_script *write, void *data, struct pictures *pictures)
{
	struct draft_text draft;
	FILE *script = text_begin(&draft);
	char *text;
	int rc = -ENOMEM;

	*pictures = (struct pictures){.count = 0};
	if (script)
		rc = write(script, data);
	text = text_end(&draft);
	if (!text)
		return -ENOMEM;
	if (rc == 0 &&
	    gnuplot_run(text, strlen(text), chart_marks[CHART_PAGE],
			&pictures->output, pictures->missing) == -ENOMEM)
		rc = -ENOMEM;
	free(text);
	return rc ? rc : find_pictures(pictures);
}

void pictures_free(struct pictures *pictures)
{
	gnuplot_free(&pictures->output);
	free(pictures->list);
}

static const struct picture *find(const struct pictures *pictures, unsigned id)
{
	for (size_t i = 0; i < pictures->count; i++)
		if (pictures->list[i].id == id)
			return &pictures->list[i];
	return NULL;
}

/* From `from` to behind `to`; NULL: it is not there. */
static const char *find_part(const struct picture *picture, const char *from,
			     const char *to, const char **end)
{
	const char *all = picture->svg + picture->size;
	const char *begin =
		memmem(picture->svg, picture->size, from, strlen(from));

	*end = begin ? memmem(begin, (size_t)(all - begin), to, strlen(to))
		     : NULL;
	if (!*end)
		return NULL;
	*end += strlen(to);
	return begin;
}

static void put_marks(FILE *out, const struct pictures *pictures)
{
	const char *begin = NULL, *end;

	if (pictures->count > 0)
		begin = find_part(pictures->list, "<defs>", "</defs>", &end);
	if (!begin)
		return;
	fputs("<svg class=\"marks\" aria-hidden=\"true\">", out);
	fwrite(begin, 1, (size_t)(end - begin), out);
	fputs("</svg>\n", out);
}

bool pictures_has(const struct pictures *pictures, unsigned id)
{
	return find(pictures, id) != NULL;
}

void pictures_put_opening(struct doc *doc, const struct pictures *pictures,
			  bool first)
{
	if (pictures->missing[0])
		fprintf(doc_note(doc, DOC_NOTE),
			"The charts are left out: %s. The numbers are all "
			"here.",
			pictures->missing);
	if (first)
		put_marks(doc_html(doc), pictures);
}

void pictures_put_swatch(FILE *out, struct chart_look look)
{
	const char *colour = strcmp(look.colour, "#000000") == 0
				     ? "currentColor"
				     : look.colour;

	fprintf(out,
		"<svg aria-hidden=\"true\" viewBox=\"0 0 28 12\" "
		"color=\"%s\"><path stroke=\"currentColor\" d=\"M0 6h28\"%s/>"
		"<use href=\"#gpPt%d\" transform=\"translate(14,6) "
		"scale(4)\"/></svg>",
		colour, look.dash > 1 ? " stroke-dasharray=\"5 3\"" : "",
		look.point - 1);
}

void pictures_put_key(FILE *out, struct chart_look look, const char *name)
{
	fputs("<li>", out);
	pictures_put_swatch(out, look);
	html_put(out, name);
	fputs("</li>\n", out);
}

void pictures_put_caption(FILE *out, unsigned id, const char *caption)
{
	fputs("<figcaption>", out);
	html_put(out, caption);
	fprintf(out,
		" <a class=\"link\" href=\"#chart-%u\" "
		"aria-label=\"Link to this chart\">#</a></figcaption>\n",
		id);
}

static const char *line_end(const char *line, const char *all)
{
	const char *end = memchr(line, '\n', (size_t)(all - line));

	return end ? end + 1 : all;
}

static bool begins(const char *line, const char *all, const char *with)
{
	size_t length = strlen(with);

	return (size_t)(all - line) >= length &&
	       memcmp(line, with, length) == 0;
}

/* gnuplot's group around all of a chart begins before its marks, and is opened
 * anew. It opens one, too, for each change of its pen, and uses few of them. */
static void put_lines(FILE *out, const char *line, const char *all)
{
	while (line < all) {
		const char *end = line_end(line, all);

		if (begins(line, all, "<g fill=") && begins(end, all, "</g>\n"))
			end = line_end(end, all);
		else
			fwrite(line, 1, (size_t)(end - line), out);
		line = end;
	}
}

bool pictures_put(FILE *out, const struct pictures *pictures, unsigned id,
		  const char *label, const char *groups)
{
	const struct picture *picture = find(pictures, id);
	const char *box, *box_end, *body, *end;

	if (!picture)
		return false;
	box = find_part(picture, "viewBox=\"", "\"\n", &box_end);
	body = find_part(picture, "</defs>", "</svg>", &end);
	if (!box || !body)
		return false;
	fprintf(out,
		"<svg id=\"chart-%u\" class=\"chart\" role=\"img\" "
		"tabindex=\"0\" data-groups=\"%s\" %.*s ",
		id, groups, (int)(box_end - box - 1), box);
	fputs("aria-label=\"", out);
	html_put(out, label);
	fputs("\"><g>", out);
	put_lines(out, body + strlen("</defs>"), end);
	fputc('\n', out);
	return true;
}
