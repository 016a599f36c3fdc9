/* SPDX-License-Identifier: MIT */
/*
 * What somebody who polls does between two looks.
 */
#ifndef BREAKEVEN_CORE_RELAX_H
#define BREAKEVEN_CORE_RELAX_H

#include <stdint.h>

/* Tell the CPU that this is a loop that waits. */
static inline void cpu_relax(void)
{
#if defined(__x86_64__) || defined(__i386__)
	__builtin_ia32_pause();
#elif defined(__aarch64__)
	__asm__ volatile("yield");
#endif
}

enum { RELAX_TURNS = 256 };

/*
 * What RELAX_TURNS of it take, in ns, at least 1: 12 ns each on one CPU, 50 on
 * another. Timed anew by each call, in some 50 us.
 */
int64_t relax_time(void);

/* The turns that take about `ns`, at least 1, where relax_time() said so. */
int relax_turns(int64_t ns, int64_t relax_time_ns);

#endif
