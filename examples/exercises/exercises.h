/* SPDX-License-Identifier: MIT */
/*
 * What the exercises ask for: a function each, in the file of its name. Its
 * program checks it, says what is wrong, and ends with 0 once it is right.
 * docs/teaching/exercises.md has the tasks.
 */
#ifndef BREAKEVEN_EXAMPLES_EXERCISES_H
#define BREAKEVEN_EXAMPLES_EXERCISES_H

#include <stddef.h>

/* Start so many processes, each of which adds 1 to a variable, and wait for
 * them. What the variable says in the parent; -1: a process failed. */
int count_children(int children);

/* The sum of a[0..n), computed by `workers` processes, a part each; -1: a
 * process failed. Numbers are small, their sum is not. */
long sum_in_processes(const int *a, size_t n, int workers);

/* The part [*lo, *hi) of n items that worker `index` of `workers` has. Every
 * item belongs to one worker, and no part is larger than another by more than
 * one item. */
void share_of(size_t n, size_t workers, size_t index, size_t *lo, size_t *hi);

/* The sum of a[0..n) as so many workers would compute it: the same, to the last
 * bit, for every number of workers. */
double sum_of_workers(const double *a, size_t n, size_t workers);

/* Run all tasks, each of which may crash. done[i] becomes 1 if task i ran to
 * its end, and else 0. How many did. */
int run_tasks(void (*const tasks[])(void), int n, int *done);

/* A call takes a + b * n nanoseconds. The least n at which the parallel call is
 * faster than the serial one; -1: it never is. */
struct cost {
	double a, b;
};
long break_even_items(struct cost serial, struct cost parallel);

#endif
