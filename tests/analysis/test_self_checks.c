/* SPDX-License-Identifier: MIT */
/*
 * What a record proves of itself, which rounds its probes exclude, and what
 * runners cost besides their time.
 */
#include "analysis/analyse.h"
#include "analysis/findings.h"
#include "tests/analysis/made_up.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

enum { ROUNDS = 4 };

#define TRUTH 1000.0

/* What all blocks of a test have in common. */
struct scene {
	double probe_ns, last_probe_ns; /* of the last round of a block */
	double aa_control; /* its time, by that of serial; 0: not measured */
	double planted;	   /* its time, by what it should be; 0: the same */
	double cpu;	   /* of the runner, by its time; 0: not known */
	double noisy_n;	   /* all of its rounds are disturbed; 0: none */
	bool kinds;	   /* its CPUs are of two */
};

static const struct scene calm = {70000, 70000, 1, 1, 0, 0, false};

static double scatter(unsigned generation, size_t round)
{
	return 1 + 0.003 * sin((double)generation * 5 + (double)round * 2);
}

static void put_series(struct record *record, const struct scene *scene,
		       unsigned generation, const char *kernel, double n,
		       enum role role, double per_item, double alpha)
{
	struct reading readings[2 * ROUNDS];
	double base[ROUNDS], other[ROUNDS], base_cpu[ROUNDS], cpu[ROUNDS];
	struct series series[] = {
		{"serial", 1, ROLE_BASE, 1, base, base_cpu, NAN, 0},
		{"some", role == ROLE_RUNNER ? 4 : 1, role, 1, other, cpu, 5e4,
		 0},
	};
	const struct block block = {.generation = generation,
				    .kernel = kernel,
				    .n = (uint64_t)n,
				    .tiles = 8,
				    .rounds = ROUNDS,
				    .readings = readings,
				    .nseries = 2,
				    .series = series};

	for (size_t r = 0; r < ROUNDS; r++) {
		double probe = r + 1 == ROUNDS ? scene->last_probe_ns
					       : scene->probe_ns;

		if (n == scene->noisy_n)
			probe *= 2;
		readings[2 * r] = readings[2 * r + 1] =
			(struct reading){100, probe, 70000};
		base[r] = base_cpu[r] = 100 * n;
		other[r] = (alpha + per_item * n) * scatter(generation, r);
		cpu[r] = scene->cpu * other[r];
	}
	if (scene->cpu == 0)
		series[0].cpu_ns = series[1].cpu_ns = NULL;
	assert_int_equal(record_put_block(record, &block), 0);
}

/* A runner of four workers that pays from TRUTH items on, a twin, and a planted
 * one. */
static struct findings *find(const struct scene *scene, struct record **record)
{
	json_t *header = made_up_header("RelWithDebInfo", "");

	json_object_set_new(header, "proof",
			    json_pack("{s:f}", "items", TRUTH));
	if (scene->kinds)
		json_object_set_new(
			json_object_get(header, "machine"), "kinds",
			json_pack("[{s:i},{s:i}]", "cpus", 2, "cpus", 2));
	*record = record_new();
	assert_non_null(*record);
	assert_int_equal(record_put_header(*record, header), 0);
	for (unsigned g = 1; g <= 6; g++) {
		for (int n = 64; n < 20000; n *= 4)
			put_series(*record, scene, g, "sum", n, ROLE_RUNNER, 30,
				   70 * TRUTH);
		if (scene->aa_control > 0)
			put_series(*record, scene, g, "sum", 256,
				   ROLE_AA_CONTROL, 100 * scene->aa_control, 0);
		for (int side = -1; side <= 1 && scene->planted > 0; side += 2)
			put_series(*record, scene, g, "spin:ops=100",
				   TRUTH * pow(1.2, side), ROLE_SELF_CHECK,
				   50 * scene->planted,
				   50 * TRUTH * scene->planted);
	}
	assert_int_equal(record_put_end(*record, true, NULL), 0);
	return findings_make(*record);
}

static void drop(struct findings *findings, struct record *record)
{
	findings_free(findings);
	record_free(record);
}

static bool distrusts(const struct findings *findings, const char *what)
{
	for (size_t i = 0; i < findings->nreasons; i++)
		if (strstr(findings->reasons[i], what))
			return true;
	return false;
}

static void a_good_run_is_trusted(void **state)
{
	struct record *record;
	struct findings *findings = find(&calm, &record);

	(void)state;
	assert_non_null(findings);
	assert_true(findings->trusted);
	assert_int_equal(findings->checks.aa_sizes, 1);
	assert_int_equal(findings->checks.aa_differ, 0);
	assert_true(fabs(findings->checks.found / TRUTH - 1) < 0.01);
	assert_true(findings->checks.found_interval.lo < TRUTH &&
		    findings->checks.found_interval.hi > TRUTH);
	assert_true(fabs(findings->checks.compute - 1) < 1e-9);
	assert_true(findings->checks.trip_ns[0] == 100 &&
		    findings->checks.trip_ns[1] == 100);
	assert_int_equal(findings->gated, 0);
	/* What proves is not compared. */
	assert_int_equal(findings->ncrossings, 1);
	drop(findings, record);
}

/* A ceiling would take a slow CPU for a disturbed one. The gate stands. */
static void unequal_cpus_have_no_ceiling(void **state)
{
	struct scene scene = calm;
	struct record *record;
	struct findings *findings;

	(void)state;
	scene.kinds = true;
	findings = find(&scene, &record);
	assert_non_null(findings);
	assert_true(findings->checks.unequal);
	assert_true(isnan(findings->checks.compute));
	assert_true(findings->trusted);
	assert_int_equal(findings->gated, 0);
	drop(findings, record);
}

static void a_proof_that_fails_is_named(void **state)
{
	struct scene scene = calm;
	struct findings *findings;
	struct record *record;

	(void)state;
	scene.aa_control = 1.05;
	findings = find(&scene, &record);
	assert_false(findings->trusted);
	assert_true(distrusts(findings, "second serial"));
	assert_false(distrusts(findings, "known break-even"));
	drop(findings, record);
	scene = calm;
	scene.planted = 1.1;
	findings = find(&scene, &record);
	assert_false(findings->trusted);
	assert_true(distrusts(findings, "known break-even"));
	drop(findings, record);
}

static void a_proof_that_was_not_made_is_named(void **state)
{
	static const struct {
		double aa_control, planted;
		const char *says;
	} cases[] = {
		{0, 1, "was not measured beside a second serial"},
		{1, 0, "a known break-even size was not measured"},
		{0, 0, "no self-check was made"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct scene scene = calm;
		struct findings *findings;
		struct record *record;

		scene.aa_control = cases[i].aa_control;
		scene.planted = cases[i].planted;
		findings = find(&scene, &record);
		assert_false(findings->trusted);
		assert_int_equal(findings->nreasons, 1);
		assert_true(distrusts(findings, cases[i].says));
		drop(findings, record);
	}
}

static void disturbed_rounds_do_not_count(void **state)
{
	struct scene scene = calm;
	struct findings *findings;
	struct record *record;

	(void)state;
	scene.last_probe_ns = 1.2 * scene.probe_ns;
	findings = find(&scene, &record);
	assert_int_equal(findings->gated, 0);
	drop(findings, record);
	scene.last_probe_ns = 1.3 * scene.probe_ns;
	findings = find(&scene, &record);
	assert_int_equal(findings->gated, findings->rounds / ROUNDS);
	assert_int_equal(findings->cells[0].rounds, 6 * (ROUNDS - 1));
	assert_true(findings->trusted);
	/* It would be the same with them: they are no different here. */
	assert_int_equal(findings->crossings[0].ungated.verdict,
			 findings->crossings[0].at.verdict);
	drop(findings, record);
}

static void a_cell_that_was_always_disturbed_is_shown(void **state)
{
	struct scene scene = calm;
	struct findings *findings;
	struct record *record;

	(void)state;
	scene.noisy_n = 4096;
	findings = find(&scene, &record);
	assert_int_equal(findings->gated, 6 * ROUNDS);
	assert_int_equal(findings->ncells, 5);
	for (size_t i = 0; i < findings->ncells; i++)
		assert_int_equal(findings->cells[i].rounds, 6 * ROUNDS);
	drop(findings, record);
}

/* As if a block of a good run had been measured meanwhile. */
static struct findings *find_with(uint64_t throttled, bool cpus_changed,
				  struct record **record)
{
	struct findings *findings = find(&calm, record);

	assert_true(findings->trusted);
	findings_free(findings);
	(*record)->blocks[0].throttled = throttled;
	(*record)->blocks[0].cpus_changed = cpus_changed;
	return findings_make(*record);
}

static void what_came_from_outside_is_named(void **state)
{
	struct findings *findings;
	struct record *record;
	size_t flagged = 0;

	(void)state;
	findings = find_with(21, false, &record);
	assert_false(findings->trusted);
	assert_true(distrusts(findings, "CPU quota"));
	assert_false(distrusts(findings, "cpuset"));
	assert_int_equal(findings->throttled, 21);
	for (size_t i = 0; i < findings->ncells; i++)
		flagged += findings->cells[i].throttled;
	assert_int_equal(flagged, 1);
	assert_true(findings->cells[0].throttled);
	drop(findings, record);
	findings = find_with(0, true, &record);
	assert_false(findings->trusted);
	assert_true(distrusts(findings, "cpuset"));
	assert_false(distrusts(findings, "CPU quota"));
	drop(findings, record);
}

static void costs_beside_the_time(void **state)
{
	struct scene scene = calm;
	struct findings *findings;
	const struct crossing *crossing;
	struct record *record;
	double gain;

	(void)state;
	scene.cpu = 4;
	findings = find(&scene, &record);
	crossing = &findings->crossings[0];
	assert_int_equal(crossing->at.verdict, BREAKEVEN_AT);
	/* At 16,384 items: 100 n against 70,000 + 30 n, of four workers. */
	assert_int_equal(crossing->n_max, 16384);
	gain = 70 * 16384 - 7e4;
	assert_true(fabs(crossing->amortised * gain / 5e4 - 1) < 0.01);
	assert_true(fabs(exp(crossing->cpu_log_ratio) * 4 * (7e4 + 491520) /
				 1638400 -
			 1) < 0.01);
	assert_int_equal(crossing->cpu_at.verdict, BREAKEVEN_NEVER);
	/* Half of four workers' time: a ratio of 2, at 3,500 items, where each
	 * of the eight tiles has 4 / 8 of the call's 175,000 ns. */
	assert_true(fabs(crossing->metg_ns / 87500 - 1) < 0.01);
	drop(findings, record);
}

static void costs_that_are_not_known(void **state)
{
	struct record *record;
	struct findings *findings = find(&calm, &record);

	(void)state;
	assert_true(isnan(findings->crossings[0].cpu_log_ratio));
	assert_int_equal(findings->crossings[0].cpu_at.verdict,
			 BREAKEVEN_UNRESOLVED);
	drop(findings, record);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_good_run_is_trusted),
		cmocka_unit_test(what_came_from_outside_is_named),
		cmocka_unit_test(unequal_cpus_have_no_ceiling),
		cmocka_unit_test(a_proof_that_fails_is_named),
		cmocka_unit_test(a_proof_that_was_not_made_is_named),
		cmocka_unit_test(disturbed_rounds_do_not_count),
		cmocka_unit_test(a_cell_that_was_always_disturbed_is_shown),
		cmocka_unit_test(costs_beside_the_time),
		cmocka_unit_test(costs_that_are_not_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
