/* SPDX-License-Identifier: MIT */
/*
 * Where samples of a known truth cross.
 */
#include "core/random.h"
#include "stats/stats.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

enum { SAMPLES_MAX = 4096 };

#define TRUTH	4000.0
#define SPEEDUP 1.9

static struct stats_sample samples[SAMPLES_MAX];
static size_t count;

/* The same numbers in every run. */
static uint64_t random_state;

static double noise(double sigma)
{
	return random_normal(&random_state, sigma);
}

/* Serial takes n, the runner alpha + n / SPEEDUP, such that they meet at
 * TRUTH. */
static double log_ratio(double n)
{
	double alpha = TRUTH * (1 - 1 / SPEEDUP);

	return log(n / (alpha + n / SPEEDUP));
}

static void put(double n, unsigned generation, double error)
{
	samples[count++] =
		(struct stats_sample){n, log_ratio(n) + error, generation};
}

static bool find(double n0, struct stats_crossing *crossing)
{
	return stats_crossing(samples, count, n0, 0.05, crossing) == 0;
}

static void without_noise_it_is_exact(void **state)
{
	static const double sizes[] = {1024, 3300, 4800, 16384};
	struct stats_crossing crossing;

	(void)state;
	count = 0;
	for (int s = 0; s < 4; s++)
		for (unsigned g = 1; g <= 6; g++)
			for (int r = 0; r < 4; r++)
				put(sizes[s], g, 0);
	/* n0 need not be right. */
	for (int n0 = 3600; n0 < 4500; n0 += 100) {
		assert_true(find(n0, &crossing));
		assert_int_equal(crossing.samples, 48);
		assert_true(fabs(crossing.n_star - TRUTH) < 1e-6);
		/* As wide as 0.25 % of the ratio, times the sensitivity. */
		assert_true(fabs(crossing.sensitivity - 1 / (1 - 1 / SPEEDUP)) <
			    1e-6);
		assert_true(fabs(crossing.n.hi / TRUTH - 1 -
				 0.0025 * crossing.sensitivity) < 1e-6);
	}
}

/* Rounds scatter by 5 %, generations by another 1 %, and in each tenth round
 * something gets in the way of one of the two. */
static void simulate(void)
{
	static const double sizes[] = {3300, 4800};
	double shift[12];

	count = 0;
	for (int g = 0; g < 12; g++)
		shift[g] = noise(0.01);
	for (int s = 0; s < 2; s++)
		for (unsigned g = 1; g <= 12; g++)
			for (int r = 0; r < 6; r++) {
				double burst = 0;

				if (random_uniform(&random_state) < 0.1)
					burst = random_uniform(&random_state) <
								0.5
							? 1
							: -1;
				put(sizes[s], g,
				    shift[g - 1] + noise(0.05) + burst);
			}
}

static void the_interval_holds_the_truth(void **state)
{
	enum { RUNS = 1000 };
	int inside = 0;
	double widths = 0;

	(void)state;
	for (int run = 0; run < RUNS; run++) {
		struct stats_crossing crossing;

		simulate();
		assert_true(find(TRUTH, &crossing));
		assert_true(fabs(crossing.n_star / TRUTH - 1) < 0.1);
		inside += crossing.n.lo <= TRUTH && TRUTH <= crossing.n.hi;
		widths += crossing.n.hi / crossing.n.lo;
	}
	/* 95 %, less 1.7 standard errors of a thousand. */
	if (inside < 938)
		fail_msg("only %d of %d hold the truth", inside, RUNS);
	assert_true(widths / RUNS < 1.15);
}

static void too_little_is_nothing(void **state)
{
	struct stats_crossing crossing;

	(void)state;
	count = 0;
	assert_false(find(TRUTH, &crossing));
	/* Many rounds, but five generations. */
	for (int s = 0; s < 2; s++)
		for (unsigned g = 1; g <= 5; g++)
			for (int r = 0; r < 9; r++)
				put(s ? 4800 : 3300, g, 0);
	assert_false(find(TRUTH, &crossing));
	/* One size alone does not say how the ratio rises. */
	count = 0;
	for (unsigned g = 1; g <= 6; g++)
		for (int r = 0; r < 9; r++)
			put(3300, g, noise(0.01));
	assert_false(find(TRUTH, &crossing));
}

/* Times jump where a cache ends: what lies beyond all sizes is not known. */
static void says_whether_it_lies_between_sizes(void **state)
{
	struct stats_crossing crossing;

	(void)state;
	random_state = 7;
	count = 0;
	for (unsigned g = 1; g <= 24; g++)
		put(0.8 * TRUTH, g, noise(0.01));
	for (unsigned g = 1; g <= 24; g++)
		put(3.2 * TRUTH, g, noise(0.01));
	assert_true(find(TRUTH, &crossing));
	assert_false(crossing.between);
	/* One that is near enough, and above. */
	for (unsigned g = 1; g <= 24; g++)
		samples[24 + g - 1].n = 1.4 * TRUTH;
	for (unsigned g = 1; g <= 24; g++)
		samples[24 + g - 1].log_ratio =
			log_ratio(1.4 * TRUTH) + noise(0.01);
	assert_true(find(TRUTH, &crossing));
	assert_true(crossing.between);
	assert_true(crossing.n.lo < TRUTH && crossing.n.hi > TRUTH);
}

static void what_does_not_rise_does_not_cross(void **state)
{
	struct stats_crossing crossing;

	(void)state;
	count = 0;
	for (int s = 0; s < 2; s++)
		for (unsigned g = 1; g <= 6; g++)
			for (int r = 0; r < 9; r++) {
				put(s ? 4800 : 3300, g, 0);
				samples[count - 1].log_ratio *= -1;
			}
	assert_false(find(TRUTH, &crossing));
}

static void a_size_that_disagrees_is_heeded(void **state)
{
	struct stats_crossing agreed, crossing;

	(void)state;
	simulate();
	assert_true(find(TRUTH, &agreed));
	for (unsigned g = 1; g <= 12; g++)
		put(5000, g, -0.3);
	assert_true(find(TRUTH, &crossing));
	assert_true(crossing.n.hi > 1.2 * agreed.n.hi);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_noise_it_is_exact),
		cmocka_unit_test(the_interval_holds_the_truth),
		cmocka_unit_test(too_little_is_nothing),
		cmocka_unit_test(says_whether_it_lies_between_sizes),
		cmocka_unit_test(what_does_not_rise_does_not_cross),
		cmocka_unit_test(a_size_that_disagrees_is_heeded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
