/* SPDX-License-Identifier: MIT */
/*
 * What a runner costs beside its time, in words.
 */
#include "report/doc/text.h"
#include "report/doc/words.h"

#include <math.h>
#include <stdio.h>

enum { METG, ERROR, MODEL, CPU, CPU_PAYS, CREATION, CALLS };

const char words_costs_caption[] =
	"What it costs beside; where no size is named, at the largest";

const char *const words_costs[WORDS_COSTS] = {
	[METG] = "task, half of use",  [ERROR] = "1 % moves the size",
	[MODEL] = "a + b n would say", [CPU] = "CPU time",
	[CPU_PAYS] = "saves CPU time", [CREATION] = "created in",
	[CALLS] = "calls to pay that",
};

static struct text nothing(void)
{
	return (struct text){""};
}

static struct text times(double ratio)
{
	struct text text = nothing();

	if (isfinite(ratio))
		snprintf(text.s, sizeof(text.s), "x %s",
			 text_ratio(ratio, true).s);
	return text;
}

static struct text percent(double factor)
{
	struct text text = nothing();

	if (isfinite(factor))
		snprintf(text.s, sizeof(text.s), "by %.1f %%", factor);
	return text;
}

static struct text time_of(double ns)
{
	return isfinite(ns) ? text_time(ns) : nothing();
}

/* "from 3,726 to 6,616": a window ends, too. */
static struct text cpu_range(const struct breakeven *at)
{
	struct text from = nothing(), text;

	if (isfinite(at->n_star))
		snprintf(from.s, sizeof(from.s), "from %.20s",
			 text_count(at->n_star).s);
	if (at->verdict != BREAKEVEN_WINDOW || !isfinite(at->n_end))
		return from;
	snprintf(text.s, sizeof(text.s), "%.26s%sto %.16s", from.s,
		 from.s[0] ? " " : "", text_count(at->n_end).s);
	return text;
}

static struct text cpu_pays(const struct breakeven *at)
{
	switch (at->verdict) {
	case BREAKEVEN_AT:
	case BREAKEVEN_WINDOW:
		return cpu_range(at);
	case BREAKEVEN_ALWAYS:
		return (struct text){"always"};
	case BREAKEVEN_NEVER:
		return (struct text){"never"};
	default:
		return (struct text){"?"};
	}
}

/* Outside of the interval, the times are not straight lines there. */
static struct text model(const struct crossing *crossing)
{
	const struct breakeven *at = &crossing->at;
	struct text text = nothing();

	if (isnan(at->n_star) || isnan(crossing->model))
		return text;
	if (crossing->model >= at->n_lo && crossing->model <= at->n_hi)
		snprintf(text.s, sizeof(text.s), "%s",
			 text_count(crossing->model).s);
	else
		snprintf(text.s, sizeof(text.s), "no fit");
	return text;
}

/* At least one: the first call has to be there. */
static struct text calls(double amortised)
{
	return isfinite(amortised) ? text_count(fmax(1, ceil(amortised)))
				   : nothing();
}

struct text words_cost(const struct crossing *crossing, unsigned row)
{
	switch (row) {
	case METG:
		return time_of(crossing->metg_ns);
	case ERROR:
		return percent(crossing->sensitivity);
	case MODEL:
		return model(crossing);
	case CPU:
		return times(exp(-crossing->cpu_log_ratio));
	case CPU_PAYS:
		return isnan(crossing->cpu_log_ratio)
			       ? nothing()
			       : cpu_pays(&crossing->cpu_at);
	case CREATION:
		return time_of(crossing->open_ns);
	default:
		return calls(crossing->amortised);
	}
}

static bool is_known(const struct view *view, unsigned row)
{
	for (size_t c = 0; c < view->ncolumns; c++)
		if (words_cost(view->columns[c], row).s[0])
			return true;
	return false;
}

unsigned words_costs_known(const struct view *view, unsigned rows[WORDS_COSTS])
{
	unsigned count = 0;

	for (unsigned row = 0; row < WORDS_COSTS; row++)
		if (is_known(view, row))
			rows[count++] = row;
	return count;
}
