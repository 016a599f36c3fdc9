/* SPDX-License-Identifier: MIT */
#include "report/export/export.h"

#include <math.h>
#include <string.h>

/*
 * RFC 4180. One header row, then rows of two kinds that the first column tells
 * apart, so that one file can be read in one go: `cell`, a speed-up at one
 * size, and `breakeven`, the size from which it pays. What a kind does not
 * have is empty.
 */
static const char columns[] =
	"table,kernel,runner,workers,placement,regime,base,n,serial_ns,"
	"runner_ns,speedup,speedup_lo,speedup_hi,verdict,n_star,n_lo,n_hi,"
	"n_end,n_end_lo,n_end_hi,rounds,generations,reason\r\n";

static void put_text(FILE *out, const char *text)
{
	fputc(',', out);
	if (!text)
		return;
	if (text[strcspn(text, ",\"\r\n")] == '\0') {
		fputs(text, out);
		return;
	}
	fputc('"', out);
	for (; *text; text++) {
		if (*text == '"')
			fputc('"', out);
		fputc(*text, out);
	}
	fputc('"', out);
}

static void put_number(FILE *out, double number)
{
	fputc(',', out);
	if (isfinite(number))
		fprintf(out, "%.9g", number);
}

static void put_ratio(FILE *out, double log_ratio)
{
	put_number(out, isfinite(log_ratio) ? exp(log_ratio) : NAN);
}

static void put_nothing(FILE *out, int columns_left)
{
	while (columns_left-- > 0)
		fputc(',', out);
}

static void put_pair(FILE *out, const struct pair *pair)
{
	put_text(out, pair->kernel);
	put_text(out, pair->runner);
	fprintf(out, ",%u", pair->workers);
	put_text(out, pair->placement);
	put_text(out, pair->regime);
	put_text(out, pair->base);
}

static void put_cell(FILE *out, const struct cell *cell)
{
	fputs("cell", out);
	put_pair(out, &cell->pair);
	fprintf(out, ",%llu", (unsigned long long)cell->n);
	put_number(out, cell->serial_ns);
	put_number(out, cell->runner_ns);
	put_ratio(out, cell->log_ratio);
	put_ratio(out, cell->interval.lo);
	put_ratio(out, cell->interval.hi);
	put_text(out, cell_verdict_names[cell->verdict]);
	put_nothing(out, 6);
	fprintf(out, ",%zu,%u", cell->rounds, cell->generations);
	put_text(out, cell->reason);
	fputs("\r\n", out);
}

static void put_crossing(FILE *out, const struct crossing *crossing)
{
	const struct breakeven *at = &crossing->at;

	fputs("breakeven", out);
	put_pair(out, &crossing->pair);
	fprintf(out, ",%llu", (unsigned long long)crossing->n_max);
	put_nothing(out, 2);
	put_ratio(out, crossing->asymptote);
	put_ratio(out, crossing->asymptote_interval.lo);
	put_ratio(out, crossing->asymptote_interval.hi);
	put_text(out, breakeven_verdict_names[at->verdict]);
	put_number(out, at->n_star);
	put_number(out, at->n_lo);
	put_number(out, at->n_hi);
	put_number(out, at->n_end);
	put_number(out, at->n_end_lo);
	put_number(out, at->n_end_hi);
	put_nothing(out, 2);
	put_text(out, crossing->reason);
	fputs("\r\n", out);
}

int csv_write(FILE *out, const struct record *record,
	      const struct findings *findings, const struct report_style *style)
{
	(void)record;
	if (report_begins(style))
		fputs(columns, out);
	for (size_t i = 0; i < findings->ncells; i++)
		put_cell(out, &findings->cells[i]);
	for (size_t i = 0; i < findings->ncrossings; i++)
		put_crossing(out, &findings->crossings[i]);
	return report_flush(out);
}
