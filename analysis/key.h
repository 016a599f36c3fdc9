/* SPDX-License-Identifier: MIT */
/*
 * Keys: where a cell stands among all, as places in lists of names.
 */
#ifndef BREAKEVEN_ANALYSIS_KEY_H
#define BREAKEVEN_ANALYSIS_KEY_H

#include <stddef.h>
#include <stdint.h>

/* Where a cell stands among all. Names are places in the lists of struct
 * samples, which begin with those of the header. */
struct key {
	size_t kernel;
	size_t base; /* what it is compared with; 0: serial, else a runner's
			place and 1 */
	size_t runner;
	unsigned workers, placement;
	uint64_t n;
};

struct names {
	size_t count;
	const char **list; /* the strings belong to the record */
};

/* Room for so many names. 0 or -ENOMEM; names_free() undoes it. */
int names_init(struct names *names, size_t room);
void names_free(struct names *names);

/* The place of `name`, appended where it is new: for that there is room as long
 * as it comes from the record. */
size_t names_find(struct names *names, const char *name);

/* < 0, 0, > 0 as in qsort(): by what a table is of, its kernel, base and
 * placement; by all but n; by all. */
int key_compare_table(const struct key *a, const struct key *b);
int key_compare_pair(const struct key *a, const struct key *b);
int key_compare(const struct key *a, const struct key *b);

#endif
