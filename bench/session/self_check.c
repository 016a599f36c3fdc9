/* SPDX-License-Identifier: MIT */
#include "bench/session/self_check.h"

#include "bench/engine/exclusion.h"
#include "bench/engine/lineup.h"
#include "bench/engine/round.h"
#include "bench/session/sizing.h"

#include <stdint.h>

/* A factor of 1.2 to both sides of the truth, as the search does it. */
#define ASIDE 1.2

enum { ROUNDS = 4 };

int self_check_open(struct engine *engine)
{
	int rc = lineup_add_self_check(engine, "serial");

	if (rc == 0)
		engine->aa_control = engine->ncontenders;
	return rc ? rc : lineup_add_self_check(engine, SELF_CHECK_PLANTED);
}

static int measure_at(struct engine *engine, uint64_t n)
{
	const size_t contenders[] = {ENGINE_BASE, engine->aa_control + 1};
	struct group group;
	int rc = 0;

	if (engine_is_excluded(engine, contenders[1], engine->self_check_kernel,
			       n) ||
	    engine_has_block(engine, engine->generation,
			     engine->self_check_kernel, n))
		return 0;
	if (group_init(&group, engine->self_check_kernel, n, contenders, 2,
		       ROUNDS) < 0)
		return ERROR_FAILED;
	while (rc == 0 && group.done < group.rounds && !group.lost)
		rc = engine_round(engine, &group);
	group_free(&group);
	return rc;
}

/* Its calls take as long as that many steps of the kernel, which are shorter
 * than an epoch. */
double self_check_s(const struct engine *engine)
{
	enum { SIZES = 2, SLOTS = 2, PROBES = 2 };

	return engine->nself_checks
		       ? SIZES * ROUNDS *
				 (SLOTS * sizing_epoch_s(engine, 0) +
				  PROBES * engine->ask_s)
		       : 0;
}

int self_check_measure(struct engine *engine)
{
	int rc;

	if (!engine->nself_checks)
		return 0;
	rc = measure_at(engine, (uint64_t)(SELF_CHECK_TRUTH / ASIDE));
	return rc ? rc
		  : measure_at(engine, (uint64_t)(SELF_CHECK_TRUTH * ASIDE));
}
