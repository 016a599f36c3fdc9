/* SPDX-License-Identifier: MIT */
/*
 * What a run proves of itself, in words.
 */
#include "report/doc/text.h"
#include "report/doc/words.h"

#include <math.h>
#include <string.h>

static void put_items(FILE *out, double n)
{
	fputs(text_count(round(n)).s, out);
}

static bool say_twins(FILE *out, const struct findings *findings)
{
	const struct self_checks *proof = &findings->checks;

	if (proof->aa_sizes == 0)
		return false;
	fprintf(out,
		"Proof: serial against a second serial differs at %zu of %zu "
		"sizes; their medians are within %.1f %%",
		proof->aa_differ, proof->aa_sizes,
		100 * expm1(proof->aa_worst));
	return true;
}

static bool say_planted(FILE *out, const struct findings *findings)
{
	const struct self_checks *proof = &findings->checks;

	if (isnan(proof->known_truth))
		return false;
	fputs("Proof: a runner that by its making pays from ", out);
	put_items(out, proof->known_truth);
	fputs(" items on was found to pay from ", out);
	if (isnan(proof->found)) {
		fputs("an unknown size on: too few rounds", out);
		return true;
	}
	put_items(out, proof->found);
	fputs(" [", out);
	put_items(out, proof->found_interval.lo);
	fputs(", ", out);
	put_items(out, proof->found_interval.hi);
	fputs("]", out);
	return true;
}

static bool say_ceiling(FILE *out, const struct findings *findings)
{
	const struct self_checks *proof = &findings->checks;

	if (proof->unequal) {
		fputs("Ceiling: none is told, since the CPUs are of several "
		      "kinds, which differ in speed",
		      out);
		return true;
	}
	if (isnan(proof->compute))
		return false;
	fprintf(out,
		"Ceiling: with all CPUs in use at work, without touching "
		"memory, each keeps %.0f %% %s of its speed alone",
		100 * proof->compute,
		text_range(100 * proof->compute_interval.lo,
			   100 * proof->compute_interval.hi, 0)
			.s);
	return true;
}

static bool say_trips(FILE *out, const struct findings *findings)
{
	const double *ns = findings->checks.trip_ns;
	const double *links = findings->checks.link_ns;

	if (isnan(ns[1]))
		return false;
	fprintf(out,
		"Distance: a cache line to the next CPU and back takes %s (the "
		"middle half of the readings: %s to %s)",
		text_time(ns[1]).s, text_time(ns[0]).s, text_time(ns[2]).s);
	if (findings->checks.link_workers)
		fprintf(out,
			"; between a worker of a pool of %u and the one that "
			"releases it, there and back, %s to %s, in the median "
			"%s",
			findings->checks.link_workers, text_time(links[0]).s,
			text_time(links[2]).s, text_time(links[1]).s);
	fputs("; handing out work costs in proportion, so compare runs that "
	      "agree in it",
	      out);
	return true;
}

static bool same_verdict(const struct breakeven *a, const struct breakeven *b)
{
	if (a->verdict != b->verdict)
		return false;
	return isnan(a->n_star) || isnan(b->n_star) ||
	       (a->n_lo <= b->n_hi && b->n_lo <= a->n_hi);
}

/* Runners with another verdict; returns how many. */
static size_t put_changed(FILE *out, const struct findings *findings)
{
	size_t changed = 0;

	for (size_t i = 0; i < findings->ncrossings; i++) {
		const struct crossing *crossing = &findings->crossings[i];

		if (same_verdict(&crossing->at, &crossing->ungated))
			continue;
		fputs(changed++ ? "; " : ", but with them ", out);
		fputs(crossing->pair.kernel, out);
		fputs(" under ", out);
		fputs(crossing->pair.runner, out);
		fprintf(out, " is %s",
			breakeven_verdict_names[crossing->ungated.verdict]);
		if (isnan(crossing->ungated.n_star))
			continue;
		fputs(", n = ", out);
		put_items(out, crossing->ungated.n_star);
	}
	return changed;
}

static bool say_gated(FILE *out, const struct findings *findings)
{
	if (isnan(findings->checks.compute) && !findings->checks.unequal)
		return false;
	fprintf(out,
		"Disturbed: %zu of %zu rounds (%.1f %%), as their canaries "
		"say; they do not count",
		findings->gated, findings->rounds,
		findings->rounds ? 100.0 * (double)findings->gated /
					   (double)findings->rounds
				 : 0.0);
	if (findings->gated && put_changed(out, findings) == 0)
		fputs(", and with them every break-even would be the same, "
		      "within its interval",
		      out);
	return true;
}

static bool say_throttled(FILE *out, const struct findings *findings)
{
	size_t cells = 0;

	for (size_t i = 0; i < findings->ncells; i++)
		cells += findings->cells[i].throttled;
	if (findings->throttled == 0)
		return false;
	fprintf(out,
		"Throttled: a CPU quota stopped the run %llu time%s, while %zu "
		"of %zu cells were measured",
		(unsigned long long)findings->throttled,
		findings->throttled == 1 ? "" : "s", cells, findings->ncells);
	return true;
}

bool words_proof(FILE *out, const struct findings *findings, unsigned index)
{
	switch (index) {
	case 0:
		return say_twins(out, findings);
	case 1:
		return say_planted(out, findings);
	case 2:
		return say_ceiling(out, findings);
	case 3:
		return say_trips(out, findings);
	case 4:
		return say_gated(out, findings);
	case 5:
		return say_throttled(out, findings);
	default:
		return false;
	}
}
