/* SPDX-License-Identifier: MIT */
#include "core/spec.h"

#include "core/error.h"

#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int spec_name(const char *spec, char name[SPEC_NAME_MAX])
{
	size_t length = strcspn(spec, ":");

	if (length == 0 || length >= SPEC_NAME_MAX)
		return -EINVAL;
	memcpy(name, spec, length);
	name[length] = '\0';
	return 0;
}

static void spec_append(char *text, size_t size, const char *format,
			const char *word)
{
	size_t used = strlen(text);

	snprintf(text + used, size - used, format, word);
}

static void spec_append_values(const struct option_spec *option, char *text,
			       size_t size)
{
	char range[64];

	snprintf(range, sizeof(range), "%.15g..%.15g", option->min,
		 option->max);
	spec_append(text, size, "%s",
		    option->type == OPTION_CHOICE ? option->choices : range);
}

/* "schedule=static|dynamic (default static), chunk=0..1000 (default 0)" */
static void spec_list_options(const struct option_spec *options, char *text,
			      size_t size)
{
	const struct option_spec *option = options;

	text[0] = '\0';
	for (; option && option->key; option++) {
		spec_append(text, size,
			    option == options ? "%s=" : ", %s=", option->key);
		spec_append_values(option, text, size);
		spec_append(text, size, " (default %s)", option->fallback);
	}
}

static int spec_refuse(const char *spec, const struct option_spec *options,
		       const char *what, struct error *error)
{
	char known[ERROR_TEXT_MAX / 2];

	spec_list_options(options, known, sizeof(known));
	if (known[0])
		return error_set(error, ERROR_USAGE,
				 "'%.96s': %.96s; it takes %s", spec, what,
				 known);
	return error_set(error, ERROR_USAGE,
			 "'%.96s': %.96s; it takes no options", spec, what);
}

static bool spec_parse_choice(const char *choices, const char *text,
			      union option_value *value)
{
	size_t length = strlen(text);

	value->choice = 0;
	for (const char *at = choices;; value->choice++) {
		size_t word = strcspn(at, "|");

		if (word == length && strncmp(at, text, length) == 0)
			return true;
		if (at[word] == '\0')
			return false;
		at += word + 1;
	}
}

static bool spec_parse_number(const struct option_spec *option,
			      const char *text, union option_value *value)
{
	char *end;
	double number;

	/* Neither blanks nor hexadecimal digits, which strtod() takes. */
	if (text[strspn(text, "+-.0123456789Ee")] != '\0')
		return false;
	number = strtod(text, &end);
	if (end == text || *end || !isfinite(number) || number < option->min ||
	    number > option->max)
		return false;
	if (option->type == OPTION_REAL) {
		value->real = number;
		return true;
	}
	errno = 0;
	value->count = strtol(text, &end, 10);
	return errno == 0 && *end == '\0';
}

static bool spec_parse_value(const struct option_spec *option, const char *text,
			     union option_value *value)
{
	if (option->type == OPTION_CHOICE)
		return spec_parse_choice(option->choices, text, value);
	return spec_parse_number(option, text, value);
}

/* One "key=value", to its place. NULL, or what is wrong with it. */
static const char *spec_parse_option(char *text,
				     const struct option_spec *options,
				     union option_value *values,
				     unsigned *given)
{
	char *equals = strchr(text, '=');
	size_t i = 0;

	if (!equals)
		return "an option is key=value";
	*equals = '\0';
	while (options && options[i].key && strcmp(options[i].key, text) != 0)
		i++;
	if (!options || !options[i].key) {
		*equals = '=';
		return "there is no such option";
	}
	*equals = '=';
	if (*given & 1u << i)
		return "the option is given twice";
	*given |= 1u << i;
	return spec_parse_value(&options[i], equals + 1, &values[i])
		       ? NULL
		       : "the value is not one that it takes";
}

int spec_parse(const char *spec, const struct option_spec *options,
	       union option_value values[SPEC_OPTIONS_MAX], struct error *error)
{
	char text[SPEC_TEXT_MAX], *at, *rest = text;
	unsigned given = 0;

	for (size_t i = 0; options && options[i].key; i++)
		if (i == SPEC_OPTIONS_MAX ||
		    !spec_parse_value(&options[i], options[i].fallback,
				      &values[i]))
			return spec_refuse(spec, options,
					   "its table of options is bad",
					   error);
	if (strlen(spec) >= sizeof(text))
		return spec_refuse(spec, options, "it is too long", error);
	snprintf(text, sizeof(text), "%s", spec);
	strsep(&rest, ":");
	while ((at = strsep(&rest, ":")) != NULL) {
		const char *wrong =
			spec_parse_option(at, options, values, &given);
		char what[160];

		if (!wrong)
			continue;
		snprintf(what, sizeof(what), "'%.64s': %s", at, wrong);
		return spec_refuse(spec, options, what, error);
	}
	return 0;
}

/* Where ":key=" stands in the spec, or NULL. */
static const char *spec_find_option(const char *spec, const char *key)
{
	size_t length = strlen(key);

	for (const char *at = strchr(spec, ':'); at; at = strchr(at + 1, ':'))
		if (strncmp(at + 1, key, length) == 0 && at[1 + length] == '=')
			return at;
	return NULL;
}

int spec_read(const char *spec, const char *key, char *value, size_t size)
{
	const char *at = spec_find_option(spec, key);
	const char *begin = at ? at + strlen(key) + 2 : NULL;
	size_t length;

	if (!at)
		return 0;
	length = strcspn(begin, ":");
	if (length >= size || spec_find_option(begin, key))
		return -EINVAL;
	memcpy(value, begin, length);
	value[length] = '\0';
	return 1;
}

int spec_take(char *spec, const char *key, char *value, size_t size)
{
	int rc = spec_read(spec, key, value, size);
	char *at, *rest;

	if (rc <= 0)
		return rc;
	at = spec + (spec_find_option(spec, key) - spec);
	rest = at + strlen(key) + 2 + strlen(value);
	memmove(at, rest, strlen(rest) + 1);
	return 1;
}
