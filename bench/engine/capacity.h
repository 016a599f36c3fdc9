/* SPDX-License-Identifier: MIT */
/*
 * How much data a run may prepare without a process of its own being killed for
 * it: the controller, the hosts and their workers share the memory, and the
 * limit of a control group, with the data.
 */
#ifndef BREAKEVEN_BENCH_ENGINE_CAPACITY_H
#define BREAKEVEN_BENCH_ENGINE_CAPACITY_H

#include "bench/engine/engine.h"

/* Bytes that all processes of the engine's contenders take besides data, where
 * one takes `process`. */
uint64_t capacity_processes(const struct engine *engine, uint64_t process);

/* How many times the data is held at once: by each host where memory is
 * private, by workers that are sent it, or copy what they write to, and by
 * ranks, all of which are taken to be on this machine. */
size_t capacity_copies(const struct engine *engine);

/* Fill in arena_size and memory_limit, as the machine is now; 1 MiB where there
 * is less, which may suffice. All contenders have been added. */
void capacity_find(struct engine *engine);

/* Is there room for an arena of the size that is set? If not, returns
 * ERROR_FAILED, and the engine's error says how much there is. All contenders
 * have been added. */
int capacity_check(struct engine *engine);

#endif
