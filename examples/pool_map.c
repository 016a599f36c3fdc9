/* SPDX-License-Identifier: MIT */
/*
 * Python's
 *
 *	with Pool(4) as pool:
 *		print(pool.map(square, [1, 2, 3, 4, 5]))
 *
 * on the fork-pool runner: four processes, the caller among them, over memory
 * that they share, so that nothing has to be shipped.
 */
#include "runners/runner.h"
#include "runners/team/shared.h"

#include <stdint.h>
#include <stdio.h>

enum { WORKERS = 4, ITEMS = 5 };

extern const struct runner runner_fork_pool;

struct map {
	const int64_t *in;
	int64_t *out;
};

/* What the workers see: it lies in shared memory. */
struct common {
	struct map map;
	int64_t in[ITEMS], out[ITEMS];
	struct partial partials[ITEMS];
	int bound[WORKERS];
};

static int64_t square(int64_t x)
{
	return x * x;
}

static void task(const void *ctx, size_t begin, size_t end, struct partial *out)
{
	const struct map *map = ctx;

	(void)out;
	for (size_t i = begin; i < end; i++)
		map->out[i] = square(map->in[i]);
}

static void print_list(const int64_t *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		printf("%s%lld", i ? ", " : "[", (long long)list[i]);
	puts("]");
}

int main(void)
{
	struct common *common = shared_alloc(sizeof(*common));
	struct team team = {.workers = WORKERS};
	struct job job = {.run = task, .width = 1, .plan = plan_make(ITEMS, 1)};
	int rc;

	if (!common) {
		perror("pool_map: no shared memory");
		return 1;
	}
	for (int i = 0; i < ITEMS; i++)
		common->in[i] = i + 1;
	common->map = (struct map){common->in, common->out};
	team.bound = common->bound;
	job.ctx = &common->map;
	job.partials = common->partials;
	rc = runner_fork_pool.open(&team);
	if (rc == 0) {
		rc = runner_fork_pool.dispatch(&team, &job);
		runner_fork_pool.close(&team);
	}
	if (rc == 0)
		print_list(common->out, ITEMS);
	else
		fprintf(stderr, "pool_map: %s\n", team.error);
	shared_free(common, sizeof(*common));
	return rc < 0;
}
