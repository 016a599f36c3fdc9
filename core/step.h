/* SPDX-License-Identifier: MIT */
/*
 * The unit of counted work. The `spin` kernel and the `planted` runner consist
 * of it, and of nothing else that takes time, so the break-even size of one
 * under the other can be calculated.
 */
#ifndef BREAKEVEN_CORE_STEP_H
#define BREAKEVEN_CORE_STEP_H

#include <stddef.h>
#include <stdint.h>

/*
 * One dependent integer step. The xor-shift keeps a compiler from folding
 * several steps into one multiply-add, which it may do with a plain LCG.
 */
static inline uint64_t step(uint64_t x)
{
	x ^= x >> 29;
	return x * UINT64_C(0xbf58476d1ce4e5b9);
}

/*
 * for (i = 0; i < count; i++) x = step(x);
 */
static inline uint64_t step_chain(uint64_t x, size_t count)
{
	for (size_t i = 0; i < count; i++)
		x = step(x);
	return x;
}

/*
 * Wait until the chain before it has been computed. Without this, a core with
 * hundreds of instructions in flight starts the next chain before this one
 * ends, and a tile costs less than its steps.
 */
static inline void step_fence(void)
{
#if defined(__x86_64__) || defined(__i386__)
	__asm__ volatile("lfence" ::: "memory");
#elif defined(__aarch64__)
	__asm__ volatile("isb" ::: "memory");
#else
	__asm__ volatile("" ::: "memory");
#endif
}

#endif
