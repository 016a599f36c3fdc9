/* SPDX-License-Identifier: MIT */
/*
 * T. Hoefler and R. Belli, Scientific Benchmarking of Parallel Computing
 * Systems: Twelve ways to tell the masses when reporting performance results,
 * SC'15. docs/twelve-rules.md says more of each.
 */
#include "report/pages/page_rules.h"

#include <stddef.h>

const char *const page_rules[] = {
	"Name the base case and its absolute time: serial, in the first lines "
	"and in every table of times.",
	"Say what was left out, and why: under 'Left out'.",
	"Arithmetic means for costs only: there are no means here.",
	"Do not summarise ratios: none is averaged over kernels, sizes or "
	"runners.",
	"Say whether values are deterministic, and give intervals: none is, "
	"and every speed-up and break-even size has one.",
	"Assume no normal distribution: medians and order statistics.",
	"Compare soundly: a verdict is a claim about an interval, which shares "
	"its error rate with all others of its table.",
	"Ask whether the median is what is wanted: for many calls it is; for "
	"the tail of single ones, `breakeven dispatch`.",
	"Document all factors and the set-up: the machine and the build are "
	"below, the whole of it in the record.",
	"Say how time was measured, synchronised and summarised: under "
	"'Method'.",
	"Show upper bounds: the dashed line in each chart of speed-ups.",
	"Plot what is needed: lines join neighbouring sizes of one kernel, on "
	"logarithmic scales; a break-even size is a mark with its interval.",
	NULL,
};
