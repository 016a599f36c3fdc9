/* SPDX-License-Identifier: MIT */
/*
 * Pseudo-random numbers: the same for the same seed.
 */
#ifndef BREAKEVEN_CORE_RANDOM_H
#define BREAKEVEN_CORE_RANDOM_H

#include <stdint.h>

/* The number after x of Vigna's SplitMix64. */
static inline uint64_t random_mix(uint64_t x)
{
	x += UINT64_C(0x9e3779b97f4a7c15);
	x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
	return x ^ x >> 31;
}

/* The next of a sequence, whose state moves on. */
static inline uint64_t random_next(uint64_t *state)
{
	uint64_t value = random_mix(*state);

	*state += UINT64_C(0x9e3779b97f4a7c15);
	return value;
}

/* The next number, in [0, 1). */
static inline double random_uniform(uint64_t *state)
{
	return (double)(random_next(state) >> 11) * 0x1p-53;
}

/* The next number, roughly normal around 0. Takes twelve uniform ones. */
static inline double random_normal(uint64_t *state, double sigma)
{
	double sum = 0;

	for (int i = 0; i < 12; i++)
		sum += random_uniform(state);
	return sigma * (sum - 6);
}

#endif
