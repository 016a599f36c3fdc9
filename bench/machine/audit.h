/* SPDX-License-Identifier: MIT */
/*
 * The audit: what on this machine disturbs measurements. It looks, and changes
 * nothing.
 */
#ifndef BREAKEVEN_BENCH_MACHINE_AUDIT_H
#define BREAKEVEN_BENCH_MACHINE_AUDIT_H

#include "bench/machine/machine.h"

enum audit_level {
	AUDIT_FINE,
	AUDIT_MINOR,	/* may matter */
	AUDIT_DISTURBS, /* does */
	AUDIT_UNSEEN,	/* nothing here tells */
};

enum { AUDIT_MAX = 16 };

struct audit_line {
	const char *what;
	enum audit_level level;
	char found[96];
	const char *why, *remedy; /* static; NULL where it is fine */
};

struct audit {
	size_t count;
	struct audit_line lines[AUDIT_MAX];
};

/*
 * Look at everything, below `root` ("" for the machine's own: /proc and /sys
 * are looked up below it). `facts` are those of machine_collect().
 */
void audit_collect(const char *root, const struct machine_facts *facts,
		   struct audit *audit);

/* As the record's header holds it: [{"what", "level", "found"}, ...]; a new
 * reference. */
json_t *audit_json(const struct audit *audit);

/* The word for a level: "fine", "minor", "disturbs", "unseen". */
const char *audit_level_name(enum audit_level level);

#endif
