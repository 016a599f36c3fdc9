/* SPDX-License-Identifier: MIT */
#include "bench/commands/common/latency_page.h"

#include "bench/cli/cpu_list.h"
#include "bench/studies/latency_map.h"

#include <stdbool.h>
#include <stdio.h>

/* Readings of one pair that lie further apart are no single figure. */
static bool is_torn(const struct latency *cell)
{
	return cell->most > 1.5 * cell->least;
}

static void put_latency(struct doc *doc, double ns)
{
	fprintf(doc_cell(doc), "%.0f", ns);
	doc_number(doc, ns);
}

static void put_cell(struct doc *doc, const struct latency *cell)
{
	if (!(cell->median > 0)) {
		fputc('-', doc_cell(doc));
		return;
	}
	put_latency(doc, cell->median);
	if (is_torn(cell))
		doc_mark(doc, '~', "readings more than half apart");
}

/* True if a cell of it is torn. */
static bool put_cells(struct doc *doc, const struct latency_map *map)
{
	bool torn = false;

	for (unsigned b = 0; b < map->count; b++)
		fprintf(doc_column(doc, DOC_RIGHT), "%d", map->groups[b].name);
	for (unsigned a = 0; a < map->count; a++) {
		fprintf(doc_row(doc), "%d", map->groups[a].name);
		for (unsigned b = 0; b < map->count; b++) {
			const struct latency *cell =
				&map->cells[a * map->count + b];

			put_cell(doc, cell);
			torn = torn || is_torn(cell);
		}
	}
	return torn;
}

/* Of groups, what their places make of it. */
static void put_borders(struct doc *doc, const struct latency_map *map)
{
	static const char *const what[] = {"none", "of L3 caches",
					   "of NUMA nodes", "of packages"};

	fputs("By the border between the two CPUs", doc_table(doc));
	doc_column(doc, DOC_LEFT);
	fputs("least", doc_column(doc, DOC_RIGHT));
	fputs("median", doc_column(doc, DOC_RIGHT));
	fputs("most", doc_column(doc, DOC_RIGHT));
	for (int border = 0; border <= BORDER_PACKAGE; border++) {
		const struct latency *told = &map->by_border[border];

		if (!(told->median > 0))
			continue;
		fputs(what[border], doc_row(doc));
		put_latency(doc, told->least);
		put_latency(doc, told->median);
		put_latency(doc, told->most);
	}
}

/* Which CPUs the groups have. */
static void put_members(struct doc *doc, const struct latency_map *map)
{
	for (unsigned g = 0; g < map->count; g++) {
		FILE *out = doc_item(doc);

		fprintf(out, "%s %d: CPUs", map->what, map->groups[g].name);
		cpu_list_write(out, map->groups[g].cpus, map->groups[g].count);
	}
	if (map->left_out)
		fprintf(doc_paragraph(doc),
			"Left out: %u CPUs, of further packages",
			map->left_out);
}

int latency_page_build(struct doc *doc, const void *data)
{
	const struct latency_map *map = data;
	FILE *out = doc_table(doc);
	bool torn;

	fputs("A cache line to another CPU and back, in ns", out);
	if (map->what)
		fprintf(out,
			", by %s: the median of %d readings of each of %d "
			"pairs of CPUs at most",
			map->what, LATENCY_PASSES, LATENCY_PAIRS_MAX);
	else
		fprintf(out, ": the median of %d readings", LATENCY_PASSES);
	fputs(map->what ? map->what : "CPU", doc_column(doc, DOC_RIGHT));
	torn = put_cells(doc, map);
	if (torn)
		fprintf(doc_paragraph(doc),
			"~ readings more than half apart: other tasks use "
			"these CPUs, or a host moves them%s",
			map->what ? ", or pairs differ" : "");
	if (!map->what)
		return 0;
	put_borders(doc, map);
	put_members(doc, map);
	return 0;
}
