/* SPDX-License-Identifier: MIT */
/*
 * Charts as files, for papers (SVG) and slides (PNG): one for each table of the
 * report, all drawn before the first is written.
 */
#include "report/chart/plots.h"
#include "report/chart/chart.h"
#include "report/chart/gnuplot.h"
#include "report/doc/text.h"
#include "results/atomic_file.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct plots {
	struct chart chart;
	const struct report_style *style;
	const char *folder, *suffix;
	FILE *script, *names; /* a name a line, in the order of the script */
};

/* As a part of a file's name, which begins with no dot or dash. */
static void put_part(FILE *names, const char *text)
{
	while (*text && !isalnum((unsigned char)*text))
		text++;
	for (; *text; text++)
		fputc(isalnum((unsigned char)*text) || strchr("._", *text)
			      ? *text
			      : '-',
		      names);
}

static void put_name(struct plots *plots, const struct view *view,
		     const char *what)
{
	if (plots->style->count > 1)
		fprintf(plots->names, "%u-", plots->style->index + 1);
	if (view) {
		put_part(plots->names, view->kernel);
		if (!view_is_first(view)) {
			fputs("-over-", plots->names);
			put_part(plots->names, view->base);
		}
		if (plots->chart.findings->nplacements > 1 &&
		    *view->placement) {
			fputc('-', plots->names);
			put_part(plots->names, view->placement);
		}
		fputc('-', plots->names);
	}
	fprintf(plots->names, "%s.%s\n", what, plots->suffix);
}

static int collect_view(void *data, const struct view *view)
{
	struct plots *plots = data;

	for (int kind = 0; !view->rare && kind < CHART_KINDS; kind++)
		if (chart_view(plots->script, &plots->chart,
			       (enum chart_kind)kind, view))
			put_name(plots, view, chart_names[kind]);
	return 0;
}

/* Where the record says it. */
static int collect_split(struct plots *plots, const char *kernel)
{
	const struct view of = {
		.kernel = kernel, .placement = "", .base = "serial"};
	struct split split;
	int rc = split_find(plots->chart.record, kernel, &split);

	if (rc == 0 && chart_split(plots->script, &plots->chart, &split))
		put_name(plots, &of, "split");
	split_free(&split);
	return rc == -ENOMEM ? rc : 0;
}

/* Where the record has several numbers of workers. */
static void collect_scaling(struct plots *plots, const struct scaling *scaling,
			    const char *kernel)
{
	const struct view of = {
		.kernel = kernel, .placement = "", .base = "serial"};

	if (scaling->nworkers < 2)
		return;
	if (chart_speedups(plots->script, &plots->chart, scaling, kernel))
		put_name(plots, &of, "workers");
	if (chart_envelope(plots->script, &plots->chart, scaling, kernel))
		put_name(plots, &of, "best");
}

static int collect_kernel(struct plots *plots, const struct scaling *scaling,
			  const char *kernel)
{
	int rc = view_each(plots->chart.record, plots->chart.findings, kernel,
			   collect_view, plots);

	if (rc)
		return rc;
	collect_scaling(plots, scaling, kernel);
	return collect_split(plots, kernel);
}

static int collect(struct plots *plots)
{
	struct scaling scaling;
	const char *kernel;
	int rc = scaling_make(plots->chart.record, plots->chart.findings,
			      &scaling);

	for (size_t k = 0;
	     rc == 0 && (kernel = findings_kernel(plots->chart.findings, k));
	     k++)
		rc = collect_kernel(plots, &scaling, kernel);
	scaling_free(&scaling);
	if (rc == 0 && chart_creation(plots->script, &plots->chart))
		put_name(plots, NULL, "creation");
	return rc;
}

static int write_file(const char *path, const char *bytes, size_t size)
{
	struct atomic_file file;
	int rc = atomic_file_begin(&file, path);

	if (rc)
		return rc;
	fwrite(bytes, 1, size, file.file);
	return atomic_file_commit(&file);
}

/* Of the picture that is named by the line at `name`. */
static int write_picture(const struct plots *plots, const char *name,
			 const char *picture, size_t size,
			 char error[PLOTS_ERROR_MAX])
{
	char *path;
	int rc;

	if (asprintf(&path, "%s/%.*s", plots->folder, (int)strcspn(name, "\n"),
		     name) < 0)
		return -ENOMEM;
	rc = write_file(path, picture, size);
	if (rc)
		snprintf(error, PLOTS_ERROR_MAX, "%s cannot be written: %s",
			 path, strerror(-rc));
	free(path);
	return rc;
}

static int write_pictures(const struct plots *plots, const char *names,
			  const struct gnuplot_output *output,
			  char error[PLOTS_ERROR_MAX])
{
	const char *picture;
	size_t at = 0, size;
	int rc = 0;

	while (rc == 0 && *names &&
	       gnuplot_next(output, chart_marks[plots->chart.use], &at,
			    &picture, &size)) {
		rc = write_picture(plots, names, picture, size, error);
		names += strcspn(names, "\n") + 1;
	}
	if (rc == 0 && *names) {
		snprintf(error, PLOTS_ERROR_MAX,
			 "gnuplot left out some of the charts");
		rc = -EIO;
	}
	return rc;
}

static int draw(const struct plots *plots, const char *script,
		const char *names, char error[PLOTS_ERROR_MAX])
{
	struct gnuplot_output output;
	int rc;

	if (!*names) {
		snprintf(error, PLOTS_ERROR_MAX,
			 "there is nothing to draw: it takes two sizes of a "
			 "kernel at least");
		return -ENODATA;
	}
	rc = gnuplot_run(script, strlen(script), chart_marks[plots->chart.use],
			 &output, error);
	if (rc == 0 && mkdir(plots->folder, 0777) < 0 && errno != EEXIST) {
		rc = -errno;
		snprintf(error, PLOTS_ERROR_MAX,
			 "the folder %s cannot be made: %s", plots->folder,
			 strerror(-rc));
	}
	if (rc == 0)
		rc = write_pictures(plots, names, &output, error);
	gnuplot_free(&output);
	return rc;
}

static int write_plots(struct plots *plots, char error[PLOTS_ERROR_MAX])
{
	struct draft_text script, names;
	char *script_text, *names_text = NULL;
	int rc = -ENOMEM;

	plots->script = text_begin(&script);
	if (!plots->script)
		return rc;
	plots->names = text_begin(&names);
	if (plots->names) {
		rc = collect(plots);
		names_text = text_end(&names);
	}
	script_text = text_end(&script);
	if (!script_text || !names_text)
		rc = -ENOMEM;
	if (rc == 0)
		rc = draw(plots, script_text, names_text, error);
	free(script_text);
	free(names_text);
	return rc;
}

int svg_write(const char *folder, const struct record *record,
	      const struct findings *findings, const struct report_style *style,
	      char error[PLOTS_ERROR_MAX])
{
	struct plots plots = {
		.chart = {CHART_SVG, 0, record, findings},
		.style = style,
		.folder = folder,
		.suffix = "svg",
	};

	return write_plots(&plots, error);
}

int png_write(const char *folder, const struct record *record,
	      const struct findings *findings, const struct report_style *style,
	      char error[PLOTS_ERROR_MAX])
{
	struct plots plots = {
		.chart = {CHART_PNG, 0, record, findings},
		.style = style,
		.folder = folder,
		.suffix = "png",
	};

	return write_plots(&plots, error);
}
