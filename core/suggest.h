/* SPDX-License-Identifier: MIT */
/*
 * "Did you mean": the name that a mistyped word is nearest to.
 */
#ifndef BREAKEVEN_CORE_SUGGEST_H
#define BREAKEVEN_CORE_SUGGEST_H

#ifdef __cplusplus
extern "C" {
#endif

/* Begins as {.word = "sun"}, and is offered each name that is valid. */
struct suggestion {
	const char *word;
	const char *name;  /* the nearest so far; NULL: none is near */
	unsigned distance; /* how far it is */
};

/*
 * Keep `name` if it is nearer to the word than the names before. The distance
 * is how many letters to add, leave out, replace, or swap with the next one
 * (Damerau 1964, without overlaps); a third of the word's letters is the limit.
 * Words of more than 63 letters have no suggestion.
 */
void suggestion_offer(struct suggestion *suggestion, const char *name);

#ifdef __cplusplus
}
#endif

#endif
