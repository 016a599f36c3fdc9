/* SPDX-License-Identifier: MIT */
/*
 * The pause of a polling thread between two looks.
 */
#ifndef BREAKEVEN_CORE_RELAX_H
#define BREAKEVEN_CORE_RELAX_H

#include <stdint.h>

/* Tell the CPU that this loop waits. */
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
 * The time of RELAX_TURNS calls of cpu_relax(), in ns, at least 1. One call
 * takes 12 ns on one CPU and 50 ns on another. Measures it again at each call,
 * for some 50 us.
 */
int64_t relax_time(void);

/* How many calls take about `ns`, at least 1; relax_time_ns is what
 * relax_time() returned. */
int relax_turns(int64_t ns, int64_t relax_time_ns);

#endif
