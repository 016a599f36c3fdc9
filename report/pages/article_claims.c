/* SPDX-License-Identifier: MIT */
#include "report/doc/text.h"
#include "report/pages/article_page.h"
#include "results/json_value.h"

#include <math.h>
#include <string.h>

/* Gains that differ by less are as good as one another. */
#define ALIKE 1.1

/* How many times as long as `b` `a` takes, or as fast as `a` `b` is; NAN. */
static double gain(const struct article_row *a, const struct article_row *b)
{
	return a && b && b->ms > 0 ? a->ms / b->ms : NAN;
}

/* Beyond doubt: their intervals do not meet. */
static bool beats(const struct article_row *a, const struct article_row *b)
{
	return a && b && a->hi < b->lo;
}

static void put(json_t *numbers, const char *key, double value)
{
	json_object_set_new(numbers, key, json_number(value));
}

static const char *ratio(double value, struct text *room)
{
	if (!isfinite(value))
		return "an unknown number of";
	*room = text_ratio(value, true);
	return room->s;
}

/* The next size of a task beyond n, or 0. */
static uint64_t next_size(const struct article *article, const char *what,
			  uint64_t n)
{
	uint64_t next = 0;

	for (size_t i = 0; i < article->nrows; i++) {
		const struct article_row *row = &article->rows[i];

		if (strcmp(row->what, what) == 0 && row->n > n &&
		    (next == 0 || row->n < next))
			next = row->n;
	}
	return next;
}

/* ------------------------------------------------------------- memory */

static void tell_memory(const char *language,
			const struct article_memory *memory, FILE *out,
			json_t *numbers)
{
	const bool as_said = memory->process == 0 && memory->thread == 1;

	if (memory->process < 0 || memory->thread < 0) {
		fprintf(out, "In %s: not measured. ", language);
		return;
	}
	fprintf(out,
		"In %s %s: where a child process wrote 1 into a variable, its "
		"parent still reads %d; where a thread did, it reads %d. ",
		language, as_said ? "yes" : "NO", memory->process,
		memory->thread);
	json_object_set_new(numbers, language,
			    json_pack("{s:i,s:i}", "after_process",
				      memory->process, "after_thread",
				      memory->thread));
}

static void answer_memory(const struct article *article, FILE *out,
			  json_t *numbers)
{
	tell_memory("C", &article->c_memory, out, numbers);
	tell_memory("Python", &article->python_memory, out, numbers);
}

/* ------------------------------------------------------------- computing */

/* One language: its serial way, processes and threads. */
struct trio {
	const char *language, *key, *serial, *processes, *threads;
};

static const struct trio trios[] = {
	{"Python", "python", ARTICLE_PYTHON_LIST, ARTICLE_PYTHON_POOL,
	 ARTICLE_PYTHON_THREADS},
	{"C", "c", ARTICLE_C_SERIAL, ARTICLE_C_SHARED, ARTICLE_C_THREADS},
};
enum { TRIOS = sizeof(trios) / sizeof(*trios) };

/* Beyond doubt: at the ends of their intervals, too, `b` is hardly faster. */
static bool gains_nothing(const struct article_row *a,
			  const struct article_row *b)
{
	return a->hi < ALIKE * b->lo;
}

static const char *judge(const struct article_row *serial,
			 const struct article_row *processes,
			 const struct article_row *threads)
{
	if (!threads || !processes || !isfinite(gain(threads, processes)))
		return "it cannot be told";
	if (gains_nothing(serial, processes) && gains_nothing(serial, threads))
		return "no, neither gains";
	if (!beats(processes, serial) && !beats(threads, serial))
		return "it cannot be told";
	if (gains_nothing(threads, processes) &&
	    gains_nothing(processes, threads))
		return "no, threads gain as much";
	if (beats(processes, threads))
		return "yes";
	return beats(threads, processes) ? "no, threads gain more"
					 : "it cannot be told";
}

static void compute_by(const struct article *article, uint64_t n,
		       const struct trio *trio, FILE *out, json_t *numbers)
{
	const struct article_row *serial =
		article_row(article, ARTICLE_COMPUTE, n, trio->serial);
	const struct article_row *processes =
		article_row(article, ARTICLE_COMPUTE, n, trio->processes);
	const struct article_row *threads =
		article_row(article, ARTICLE_COMPUTE, n, trio->threads);
	struct text p, t;

	if (!serial || (!processes && !threads)) {
		fprintf(out, "In %s: not measured. ", trio->language);
		return;
	}
	fprintf(out,
		"In %s %s: processes run it %s times as fast as one alone, "
		"threads %s times. ",
		trio->language, judge(serial, processes, threads),
		ratio(gain(serial, processes), &p),
		ratio(gain(serial, threads), &t));
	json_object_set_new(numbers, trio->key,
			    json_pack("{s:o,s:o}", "processes_gain",
				      json_number(gain(serial, processes)),
				      "threads_gain",
				      json_number(gain(serial, threads))));
}

static void answer_compute(const struct article *article, FILE *out,
			   json_t *numbers)
{
	uint64_t n = next_size(article, ARTICLE_COMPUTE, 0);

	for (size_t i = 0; i < TRIOS; i++)
		compute_by(article, n, &trios[i], out, numbers);
	fprintf(out,
		"(%s, %s numbers, %u workers.) Python's threads share one "
		"interpreter lock; C's share nothing that they need.",
		ARTICLE_COMPUTE, text_count((double)n).s, article->workers);
}

/* ------------------------------------------------------------- creating */

/* How many items are done the serial way while a pool comes and goes. */
static void tell_pool(const struct article *article, const struct trio *trio,
		      const char *pool, FILE *out, json_t *numbers)
{
	const struct article_row *made =
		article_row(article, ARTICLE_POOL, 4, pool);
	const struct article_row *serial = NULL;
	double items;

	for (uint64_t n = 0; (n = next_size(article, ARTICLE_SQUARE, n));)
		serial = article_row(article, ARTICLE_SQUARE, n, trio->serial);
	if (!made || !serial)
		return;
	items = made->ms / serial->ms * (double)serial->n;
	fprintf(out,
		"In %s a pool of four processes costs %s to create and tear "
		"down: meanwhile one alone squares %s numbers. ",
		trio->language, text_time(made->ms * 1e6).s,
		text_count(items).s);
	json_object_set_new(numbers, trio->key,
			    json_pack("{s:o,s:o}", "pool_ms",
				      json_number(made->ms), "items_meanwhile",
				      json_number(items)));
}

/* The sizes at which `a` beats `b` beyond doubt, or, `open`, at which neither
 * beats the other; none: 0. */
static size_t put_sizes(const struct article *article, const char *a,
			const char *b, bool open, const char *before, FILE *out)
{
	size_t count = 0;

	for (uint64_t n = 0; (n = next_size(article, ARTICLE_SQUARE, n));) {
		const struct article_row *x =
			article_row(article, ARTICLE_SQUARE, n, a);
		const struct article_row *y =
			article_row(article, ARTICLE_SQUARE, n, b);

		if (!x || !y ||
		    (open ? beats(x, y) || beats(y, x) : !beats(x, y)))
			continue;
		fprintf(out, "%s%s", count ? " and " : before,
			text_count((double)n).s);
		count++;
	}
	return count;
}

static void tell_where_it_pays(const struct article *article,
			       const char *serial, const char *system,
			       FILE *out)
{
	size_t pays = put_sizes(article, system, serial, false,
				": it pays at n = ", out);
	size_t open = put_sizes(article, system, serial, true,
				pays ? "; it cannot be told at n = "
				     : ": no size is proven to pay here, and "
				       "it cannot be told at n = ",
				out);

	fputs(pays || open ? ". " : ": it never pays here. ", out);
}

/* By n: how many times as long as the serial way a map takes on a pool that is
 * up. */
static void tell_map(const struct article *article, const char *name,
		     const char *serial, const char *system, FILE *out,
		     json_t *numbers)
{
	json_t *by_n = json_object();
	const char *comma = "";

	if (!article_row(article, ARTICLE_SQUARE,
			 next_size(article, ARTICLE_SQUARE, 0), system)) {
		json_decref(by_n);
		return;
	}
	fprintf(out, "%s takes, in times of one alone, ", name);
	for (uint64_t n = 0; (n = next_size(article, ARTICLE_SQUARE, n));) {
		double times =
			gain(article_row(article, ARTICLE_SQUARE, n, system),
			     article_row(article, ARTICLE_SQUARE, n, serial));
		struct text room;
		char key[32];

		snprintf(key, sizeof(key), "%llu", (unsigned long long)n);
		put(by_n, key, times);
		fprintf(out, "%s%s at n = %s", comma, ratio(times, &room),
			text_count((double)n).s);
		comma = ", ";
	}
	tell_where_it_pays(article, serial, system, out);
	json_object_set_new(numbers, system, by_n);
}

static void answer_creating(const struct article *article, FILE *out,
			    json_t *numbers)
{
	tell_pool(article, &trios[0], ARTICLE_PYTHON_PROCESSES, out, numbers);
	tell_pool(article, &trios[1], ARTICLE_C_PROCESSES, out, numbers);
	fputs("With a pool that is up: ", out);
	tell_map(article, "Python's Pool.map of square", ARTICLE_PYTHON_LIST,
		 ARTICLE_PYTHON_POOL, out, numbers);
	tell_map(article, "C's over shared memory", ARTICLE_C_SERIAL,
		 ARTICLE_C_SHARED, out, numbers);
	tell_map(article, "C's with the data shipped", ARTICLE_C_SERIAL,
		 ARTICLE_C_SHIPPED, out, numbers);
}

/* ------------------------------------------------------------- choosing */

static bool is_of(const struct article_row *row, const char *language)
{
	return strncmp(row->system, language, strlen(language)) == 0;
}

static const struct article_row *fastest(const struct article *article,
					 const char *what, uint64_t n,
					 const char *language)
{
	const struct article_row *best = NULL;

	for (size_t i = 0; i < article->nrows; i++) {
		const struct article_row *row = &article->rows[i];

		if (row->n == n && strcmp(row->what, what) == 0 &&
		    is_of(row, language) && (!best || row->ms < best->ms))
			best = row;
	}
	return best;
}

/* The fastest, and all that cannot be told from it. */
static json_t *winners(const struct article *article, const char *what,
		       uint64_t n, const char *language, FILE *out)
{
	const struct article_row *best = fastest(article, what, n, language);
	json_t *names = json_array();

	for (size_t i = 0; best && i < article->nrows; i++) {
		const struct article_row *row = &article->rows[i];

		if (row->n != n || strcmp(row->what, what) != 0 ||
		    !is_of(row, language) || beats(best, row))
			continue;
		fprintf(out, "%s%s", json_array_size(names) ? " or " : "",
			row->system);
		json_array_append_new(names, json_string(row->system));
	}
	return names;
}

static void choose(const struct article *article, const char *what, FILE *out,
		   json_t *list)
{
	for (uint64_t n = 0; (n = next_size(article, what, n));) {
		json_t *c, *python;

		fprintf(out, "%s of %s: ", what, text_count((double)n).s);
		c = winners(article, what, n, "c-", out);
		if (fastest(article, what, n, "c-") &&
		    fastest(article, what, n, "python-"))
			fputs(", ", out);
		python = winners(article, what, n, "python-", out);
		fputs(". ", out);
		json_array_append_new(list,
				      json_pack("{s:s,s:I,s:o,s:o}", "what",
						what, "n", (json_int_t)n, "c",
						c, "python", python));
	}
}

static void answer_choosing(const struct article *article, FILE *out,
			    json_t *numbers)
{
	json_t *list = json_array();

	fputs("The fastest here: ", out);
	choose(article, ARTICLE_SQUARE, out, list);
	choose(article, ARTICLE_COMPUTE, out, list);
	json_object_set_new(numbers, "fastest", list);
}

const struct article_claim article_claims[] = {
	{"Processes have their own memory, threads share it.", answer_memory},
	{"Compute-intensive work often gains more from processes than from "
	 "threads.",
	 answer_compute},
	{"Creating processes can cost more than executing directly.",
	 answer_creating},
	{"Which one to choose depends on the task.", answer_choosing},
	{NULL, NULL},
};

const struct article_race article_races[] = {
	{"Pool.map of square against C over shared memory", ARTICLE_SQUARE,
	 1000000, ARTICLE_PYTHON_POOL, ARTICLE_C_SHARED},
	{"Pool.map of square against C with the data shipped", ARTICLE_SQUARE,
	 1000000, ARTICLE_PYTHON_POOL, ARTICLE_C_SHIPPED},
	{"creating and closing Pool(4) against C's processes", ARTICLE_POOL, 4,
	 ARTICLE_PYTHON_PROCESSES, ARTICLE_C_PROCESSES},
	{"five times Process start and join against C's processes",
	 ARTICLE_START, 5, ARTICLE_PYTHON_PROCESSES, ARTICLE_C_PROCESSES},
	{NULL, NULL, 0, NULL, NULL},
};

double article_race(const struct article *article,
		    const struct article_race *race)
{
	return gain(article_row(article, race->what, race->n, race->python),
		    article_row(article, race->what, race->n, race->c));
}
