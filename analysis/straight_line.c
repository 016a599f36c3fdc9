/* SPDX-License-Identifier: MIT */
#include "analysis/straight_line.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { FEWEST = 3 /* sizes that make a line */ };

/* Bytes of an item; 0: none, or not known. */
static double line_get_bytes(const struct record *record, const char *kernel)
{
	json_t *kernels = json_object_get(record->header, "kernels"), *one;
	size_t i;

	json_array_foreach(kernels, i, one)
	{
		const char *name =
			json_string_value(json_object_get(one, "name"));

		if (name && strcmp(name, kernel) == 0)
			return json_number_value(json_object_get(one, "bytes"));
	}
	return 0;
}

/* Which of the caches holds so many bytes: 0 to 3, the last is memory. */
static int line_find_level(const struct record *record, double bytes)
{
	static const char *const caches[] = {"l1d", "l2", "l3"};
	json_t *machine = json_object_get(record->header, "machine");
	int level = 0;

	while (level < 3 && bytes > json_number_value(json_object_get(
					    machine, caches[level])))
		level++;
	return level;
}

static void line_judge(struct crossing *crossing,
		       const struct findings *findings,
		       const struct record *record, struct stats_time *serial,
		       struct stats_time *runner)
{
	double bytes = line_get_bytes(record, crossing->pair.kernel);
	int level = line_find_level(record, bytes * crossing->at.n_star);
	struct stats_line serial_line, runner_line;
	size_t count = 0;

	for (size_t i = 0; i < findings->ncells; i++) {
		const struct cell *cell = &findings->cells[i];
		double n = (double)cell->n;

		if (!(cell->serial_ns > 0) || !(cell->runner_ns > 0) ||
		    !pair_equal(&cell->pair, &crossing->pair) ||
		    line_find_level(record, bytes * n) != level)
			continue;
		serial[count] = (struct stats_time){n, cell->serial_ns};
		runner[count++] = (struct stats_time){n, cell->runner_ns};
	}
	if (count >= FEWEST && stats_line(serial, count, &serial_line) == 0 &&
	    stats_line(runner, count, &runner_line) == 0)
		crossing->model = stats_lines_meet(&serial_line, &runner_line);
}

int model_judge(struct findings *findings, const struct record *record)
{
	size_t room = findings->ncells + 1;
	struct stats_time *serial = calloc(room, sizeof(*serial));
	struct stats_time *runner = calloc(room, sizeof(*runner));
	int rc = serial && runner ? 0 : -ENOMEM;

	for (size_t i = 0; rc == 0 && i < findings->ncrossings; i++)
		if (!isnan(findings->crossings[i].at.n_star))
			line_judge(&findings->crossings[i], findings, record,
				   serial, runner);
	free(serial);
	free(runner);
	return rc;
}
