/* SPDX-License-Identifier: MIT */
/*
 * The records of labs, as one page.
 */
#ifndef BREAKEVEN_BENCH_COMMANDS_COMMON_CLASS_RUN_H
#define BREAKEVEN_BENCH_COMMANDS_COMMON_CLASS_RUN_H

/*
 * Read the records of labs in these files and folders, and write one page of
 * them all to standard output: `format` is an enum doc_form or CLI_JSON. What
 * cannot be read is told; other records of a folder are passed over, which is
 * told, too. Returns the exit status.
 */
int class_run(const char *program, char *const *places, int nplaces,
	      int format);

#endif
