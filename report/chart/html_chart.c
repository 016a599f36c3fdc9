/* SPDX-License-Identifier: MIT */
#include "report/chart/html_chart.h"

#include "report/chart/chart.h"
#include "report/doc/html_text.h"

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

int pictures_draw(const char *script, size_t length, struct pictures *pictures)
{
	int rc;

	*pictures = (struct pictures){.count = 0};
	rc = gnuplot_run(script, length, &pictures->output, pictures->missing);
	if (rc == -ENOMEM)
		return rc;
	return rc ? 0 : find_pictures(pictures);
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

void pictures_put_marks(FILE *out, const struct pictures *pictures)
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

/* gnuplot opens a group for each change of its pen, and uses few of them. */
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
	fputs("\">", out);
	put_lines(out, body + strlen("</defs>"), end);
	fputc('\n', out);
	return true;
}
