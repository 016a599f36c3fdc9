/* SPDX-License-Identifier: MIT */
/*
 * Python's
 *
 *	with Pool(4) as pool:
 *		print(pool.map(square, [1, 2, 3, 4, 5]))
 */
#include <breakeven.h>

#include <stdint.h>
#include <stdio.h>

enum { WORKERS = 4, ITEMS = 5 };

static int square(void *user, size_t index, const void *in, void *out)
{
	const int64_t *x = in;
	int64_t *y = out;

	(void)user, (void)index;
	*y = *x * *x;
	return 0;
}

static void print_list(const int64_t *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		printf("%s%lld", i ? ", " : "[", (long long)list[i]);
	puts("]");
}

int main(void)
{
	static const int64_t in[ITEMS] = {1, 2, 3, 4, 5};
	struct pool_error error;
	struct pool_options options = {.error = &error};
	int64_t out[ITEMS];
	struct pool *pool;
	int rc = pool_open(&pool, WORKERS, POOL_PROCESSES, &error);

	if (rc == 0) {
		rc = pool_map(pool, square, in, sizeof(*in), out, sizeof(*out),
			      ITEMS, &options);
		pool_close(&pool, NULL);
	}
	if (rc == 0)
		print_list(out, ITEMS);
	else
		fprintf(stderr, "pool_map: %s\n", error.text);
	return rc != 0;
}
