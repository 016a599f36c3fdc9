/* SPDX-License-Identifier: MIT */
/*
 * for (i = 0; i < n; i++) { print item i into a buffer; s += digest of it; }
 *
 * as a point in time, by gmtime_r() and strftime(); or as a number, by
 * snprintf(). In the GNU C library, gmtime_r() and localtime_r() take the lock
 * of the time zone's data, for any zone, so that threads wait for each other;
 * snprintf() takes no lock. Each process has a lock of its own. random() takes
 * a lock as well, but holds it only for a few additions.
 */
#include "core/step.h"
#include "kernels/kernel.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { LOCALE_PRINT_CALL };
enum { CALL_TIME, CALL_NUMBER, CALL_RANDOM };

enum {
	PERIOD = 1021, /* different items */
	DAY = 86400,
	APART = DAY + 3661, /* seconds from one item to the next */
	TEXT = 64,
};

static const struct option_spec locale_print_options[] = {
	[LOCALE_PRINT_CALL] = {.key = "call",
			       .type = OPTION_CHOICE,
			       .choices = "time|number|random",
			       .fallback = "time",
			       .help = "gmtime_r() and strftime(), snprintf(), "
				       "or random(), printing nothing"},
	{.key = NULL},
};

struct locale_print {
	unsigned call;
};

static int locale_print_setup(void *ctx, struct arena *arena, size_t n,
			      const union option_value *options)
{
	struct locale_print *print = ctx;

	(void)arena, (void)n;
	print->call = options[LOCALE_PRINT_CALL].choice;
	return 0;
}

static uint64_t print_digest(const char *text, size_t length)
{
	uint64_t x = length;

	for (size_t i = 0; i < length; i++)
		x = x * 31 + (unsigned char)text[i];
	return step(x);
}

/* 0: it cannot be printed, and the result will be wrong. */
static uint64_t locale_print_time(size_t i)
{
	time_t when = (time_t)(i % PERIOD) * APART;
	char text[TEXT];
	struct tm tm;

	if (!gmtime_r(&when, &tm))
		return 0;
	return print_digest(text,
			    strftime(text, TEXT, "%Y-%m-%d %H:%M:%S", &tm));
}

/* Eighths: exact in binary and in decimal. */
static uint64_t locale_print_number(size_t i)
{
	char text[TEXT];
	int length = snprintf(text, TEXT, "%.3f", (double)(i % PERIOD) / 8);

	return length > 0 ? print_digest(text, (size_t)length) : 0;
}

static void locale_print_run(const void *ctx, size_t begin, size_t end,
			     struct partial *out)
{
	const struct locale_print *print = ctx;
	uint64_t s = 0;

	for (size_t i = begin; i < end; i++)
		switch (print->call) {
		case CALL_TIME:
			s += locale_print_time(i);
			break;
		case CALL_NUMBER:
			s += locale_print_number(i);
			break;
		default:
			/* Which item gets which number varies: count them. */
			s += random() >= 0;
		}
	out->u64[0] = s;
}

static void locale_print_combine(const struct partial *partials, size_t tiles,
				 struct partial *result)
{
	*result = (struct partial){.u64 = {0}};
	for (size_t t = 0; t < tiles; t++)
		result->u64[0] += partials[t].u64[0];
}

/* ------------------------------------------------------------- by hand */

static char *put_digits(char *at, unsigned value, int digits)
{
	for (int i = digits; i-- > 0; value /= 10)
		at[i] = (char)('0' + value % 10);
	return at + digits;
}

/* Hinnant's civil_from_days, from 1970 on. */
static char *put_date(char *at, unsigned day)
{
	unsigned since = day + 719468, era = since / 146097;
	unsigned of_era = since % 146097;
	unsigned year =
		(of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) /
		365;
	unsigned of_year = of_era - (365 * year + year / 4 - year / 100);
	unsigned march = (5 * of_year + 2) / 153;
	unsigned month = march < 10 ? march + 3 : march - 9;

	at = put_digits(at, year + era * 400 + (month <= 2), 4);
	*at++ = '-';
	at = put_digits(at, month, 2);
	*at++ = '-';
	return put_digits(at, of_year - (153 * march + 2) / 5 + 1, 2);
}

static uint64_t expect_time(size_t i)
{
	unsigned when = (unsigned)i * APART, second = when % DAY;
	char text[TEXT], *at = put_date(text, when / DAY);

	*at++ = ' ';
	at = put_digits(at, second / 3600, 2);
	*at++ = ':';
	at = put_digits(at, second / 60 % 60, 2);
	*at++ = ':';
	at = put_digits(at, second % 60, 2);
	return print_digest(text, (size_t)(at - text));
}

static uint64_t expect_number(size_t i)
{
	unsigned whole = (unsigned)i / 8;
	char text[TEXT], *at = text;

	at = put_digits(at, whole, whole < 10 ? 1 : whole < 100 ? 2 : 3);
	*at++ = '.';
	at = put_digits(at, (unsigned)i % 8 * 125, 3);
	return print_digest(text, (size_t)(at - text));
}

/* Whole periods, and a last one that is cut. */
static bool locale_print_expect(const void *ctx, size_t n,
				const struct partial *result)
{
	const struct locale_print *print = ctx;
	uint64_t s = 0;

	if (print->call == CALL_RANDOM)
		return result->u64[0] == n;
	for (size_t i = 0; i < PERIOD; i++)
		s += (n / PERIOD + (i < n % PERIOD)) *
		     (print->call == CALL_TIME ? expect_time(i)
					       : expect_number(i));
	return result->u64[0] == s;
}

const struct kernel kernel_locale_print = {
	.abi = KERNEL_ABI,
	.name = "locale_print",
	.formula = "print item i into a buffer",
	.grain = 8,
	.options = locale_print_options,
	.ctx_size = sizeof(struct locale_print),
	.setup = locale_print_setup,
	.run = locale_print_run,
	.combine = locale_print_combine,
	.expect = locale_print_expect,
};
