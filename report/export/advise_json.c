/* SPDX-License-Identifier: MIT */
#include "analysis/advise.h"
#include "report/export/export.h"
#include "results/json_value.h"

#include <errno.h>
#include <math.h>

enum { DIGITS = 9 };

static json_t *ratio(double log_ratio)
{
	return isfinite(log_ratio) ? json_number(exp(log_ratio)) : json_null();
}

static json_t *option_json(const struct advise_set *set,
			   const struct advise_option *option)
{
	return json_pack(
		"{s:s,s:I,s:s,s:s,s:b,s:b,s:o,s:o,s:o,s:o,s:s,s:o,s:o,s:b}",
		"runner", option->crossing->pair.runner, "workers",
		(json_int_t)option->crossing->pair.workers, "unit",
		option->runner->unit, "data", option->runner->data, "known",
		(int)option->known, "interpolated", (int)option->between,
		"call_ns", json_number(option->call_ns), "speedup",
		ratio(option->log_ratio), "speedup_lo",
		ratio(option->interval.lo), "speedup_hi",
		ratio(option->interval.hi), "verdict",
		cell_verdict_names[option->verdict], "open_ns",
		json_number(option->open_ns), "amortised_calls",
		json_number(advise_calls(option, set->serial_ns)), "tie",
		(int)option->tie);
}

/* What is best there; null where nothing is asked. Serial has no option. */
static json_t *choice_json(const struct advise_set *set)
{
	json_t *option;

	if (!set->options)
		return json_null();
	option = set->chosen ? option_json(set, set->chosen) : json_null();
	return json_pack("{s:I,s:s,s:o}", "n", (json_int_t)set->n, "use",
			 set->chosen ? set->chosen->crossing->pair.runner
				     : "serial",
			 "option", option);
}

static json_t *options_json(const struct advise_set *set)
{
	json_t *array = json_array();

	for (size_t i = 0; array && i < set->count; i++)
		if (json_array_append_new(array,
					  option_json(set, &set->options[i]))) {
			json_decref(array);
			array = NULL;
		}
	return array;
}

int advise_json_write(FILE *out, const struct advice *advice, const char *path)
{
	const struct advise_question *question = &advice->question;
	json_t *file = json_string(path); /* NULL: it is no UTF-8 */
	json_t *root = json_pack(
		"{s:o,s:b,s:b,s:s,s:I,s:o,s:s,s:s,s:I,s:I,s:b,s:o,s:o,s:o,s:o,"
		"s:o,s:o,s:o,s:o}",
		"file", file ? file : json_null(), "complete",
		(int)advice->findings->complete, "trusted",
		(int)advice->findings->trusted, "kernel", question->kernel, "n",
		(json_int_t)question->n, "calls", json_number(question->calls),
		"data", question->shipped ? "shipped" : "shared", "placement",
		advice->placement, "n_min", (json_int_t)advice->n_min, "n_max",
		(json_int_t)advice->n_max, "beyond",
		(int)(question->n != advice->here.n), "serial_ns",
		json_number(advice->here.serial_ns), "answer",
		choice_json(&advice->here), "options",
		options_json(&advice->here), "smaller",
		choice_json(&advice->smaller), "larger",
		choice_json(&advice->larger), "many_calls",
		choice_json(&advice->many_calls), "other_placement",
		choice_json(&advice->other_placement), "other_data",
		choice_json(&advice->other_data));
	int rc = json_put(out, root, DIGITS);

	return rc ? rc : report_flush(out);
}
