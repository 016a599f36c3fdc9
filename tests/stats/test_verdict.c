/* SPDX-License-Identifier: MIT */
/* Verdicts at their borders, and the names that tables and records show. */
#include "stats/stats.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static enum cell_verdict judge(double lo, double hi)
{
	return stats_verdict((struct interval){lo, hi});
}

static void sign_decides(void **state)
{
	(void)state;
	assert_int_equal(judge(0.1, 0.2), CELL_FASTER);
	assert_int_equal(judge(1e-9, INFINITY), CELL_FASTER);
	assert_int_equal(judge(-0.2, -0.1), CELL_SLOWER);
	assert_int_equal(judge(-INFINITY, -1e-9), CELL_SLOWER);
	assert_int_equal(judge(-0.1, 0.1), CELL_UNRESOLVED);
	assert_int_equal(judge(0, 0.1), CELL_UNRESOLVED);
	assert_int_equal(judge(-0.1, 0), CELL_UNRESOLVED);
	assert_int_equal(judge(-INFINITY, INFINITY), CELL_UNRESOLVED);
}

static void equal_wins_over_the_others(void **state)
{
	(void)state;
	assert_int_equal(judge(-0.01, 0.01), CELL_EQUAL);
	assert_int_equal(judge(0.001, 0.01), CELL_EQUAL);
	assert_int_equal(judge(-0.01, -0.001), CELL_EQUAL);
	assert_int_equal(judge(log(0.981), log(1.019)), CELL_EQUAL);
	assert_int_equal(judge(0.001, log(1.021)), CELL_FASTER);
	assert_int_equal(judge(log(0.979), -0.001), CELL_SLOWER);
	assert_int_equal(judge(log(0.979), 0.01), CELL_UNRESOLVED);
	assert_int_equal(judge(-0.01, log(1.021)), CELL_UNRESOLVED);
}

static void names_follow_the_enums(void **state)
{
	(void)state;
	assert_string_equal(cell_verdict_names[CELL_FASTER], "faster");
	assert_string_equal(cell_verdict_names[CELL_SLOWER], "slower");
	assert_string_equal(cell_verdict_names[CELL_EQUAL], "equal");
	assert_string_equal(cell_verdict_names[CELL_UNRESOLVED], "unresolved");
	assert_string_equal(cell_verdict_names[CELL_INVALID], "invalid");
	assert_string_equal(cell_verdict_names[CELL_SKIPPED], "skipped");
	assert_string_equal(cell_verdict_names[CELL_FAILED], "failed");
	assert_string_equal(breakeven_verdict_names[BREAKEVEN_AT], "at");
	assert_string_equal(breakeven_verdict_names[BREAKEVEN_ALWAYS],
			    "always");
	assert_string_equal(breakeven_verdict_names[BREAKEVEN_NEVER], "never");
	assert_string_equal(breakeven_verdict_names[BREAKEVEN_WINDOW],
			    "window");
	assert_string_equal(breakeven_verdict_names[BREAKEVEN_UNRESOLVED],
			    "unresolved");
	assert_string_equal(breakeven_verdict_names[BREAKEVEN_INVALID],
			    "invalid");
	assert_string_equal(breakeven_verdict_names[BREAKEVEN_SKIPPED],
			    "skipped");
	assert_string_equal(breakeven_verdict_names[BREAKEVEN_FAILED],
			    "failed");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sign_decides),
		cmocka_unit_test(equal_wins_over_the_others),
		cmocka_unit_test(names_follow_the_enums),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
