/* SPDX-License-Identifier: MIT */
/*
 * Specs: how a user names a kernel or a runner with its options, as in
 * `openmp:schedule=dynamic:chunk=4096`. Options are separated by colons, so
 * that commas can separate specs.
 */
#ifndef BREAKEVEN_CORE_SPEC_H
#define BREAKEVEN_CORE_SPEC_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

struct error;

enum {
	SPEC_NAME_MAX = 64,   /* longest name, with its final NUL */
	SPEC_OPTIONS_MAX = 8, /* most options that a kernel or runner takes */
	SPEC_TEXT_MAX = 512,  /* longest spec, with its final NUL */
};

enum option_type {
	OPTION_COUNT = 1, /* a whole number within [min, max] */
	OPTION_REAL,	  /* a finite number within [min, max] */
	OPTION_CHOICE,	  /* one of `choices`; its value is the index */
};

/* One option that a kernel or runner takes. A table of them ends with key ==
 * NULL. */
struct option_spec {
	const char *key;
	enum option_type type;
	const char *choices;  /* "spin|adaptive|block" for OPTION_CHOICE */
	const char *fallback; /* the default, as a user would write it */
	double min, max;
	const char *help;
};

union option_value {
	long count;
	double real;
	unsigned choice;
};

/*
 * Copy the part of `spec` before its first colon to `name`.
 * -EINVAL when it is empty or does not fit.
 */
int spec_name(const char *spec, char name[SPEC_NAME_MAX]);

/*
 * Fill `values`, parallel to `options` (NULL: takes none), with the defaults
 * and then with what `spec` says. 0; ERROR_USAGE for an unknown key, a key
 * given twice, or a bad value: `error` then says which, and lists the valid
 * ones.
 */
int spec_parse(const char *spec, const struct option_spec *options,
	       union option_value values[SPEC_OPTIONS_MAX],
	       struct error *error);

/* Copy the value of `key=value` in `spec` to `value`. 1: it is there; 0: it is
 * not; -EINVAL: it is there twice, or does not fit. */
int spec_read(const char *spec, const char *key, char *value, size_t size);

/* The same, and remove it from `spec`, in place. */
int spec_take(char *spec, const char *key, char *value, size_t size);

#ifdef __cplusplus
}
#endif

#endif
