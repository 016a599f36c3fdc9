/* SPDX-License-Identifier: MIT */
/*
 * How many CPUs of the whole machine are busy, with whatever it may be.
 */
#ifndef BREAKEVEN_SYSTEM_CPU_LOAD_H
#define BREAKEVEN_SYSTEM_CPU_LOAD_H

/*
 * CPU time that all CPUs have spent since the machine was started, in seconds,
 * in processes, in the kernel, or taken away by a hypervisor. /proc is looked
 * up below `root`, which is "" for the machine's own. NAN: it is not known.
 */
double cpu_load_busy_s(const char *root);

#endif
