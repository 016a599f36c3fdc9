/* SPDX-License-Identifier: MIT */
#include "bench/cli/progress.h"

#include "bench/cli/terminal.h"
#include "core/clock.h"
#include "core/random.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#define CLEAR_LINE "\r\033[K"

enum { LINE = 512 };

void progress_init(struct progress *progress, bool quiet, double end)
{
	*progress = (struct progress){
		.on = !quiet && terminal_obeys(STDERR_FILENO),
		.start = now_s(),
		.end = end,
	};
	progress->part_start = progress->start;
	progress->told = quiet || progress->on;
}

/* Waiting is bearable where its end is known: without a terminal to show it,
 * tell it once, unless it is near. */
static void progress_tell(struct progress *progress)
{
	enum { NEAR_S = 5 };
	double seconds = progress->end - progress->start;
	char text[64];

	if (progress->told)
		return;
	progress->told = true;
	if (seconds < NEAR_S)
		return;
	snprintf(text, sizeof(text), "this takes about %.0f s", seconds);
	progress_notice(text);
}

void progress_part(struct progress *progress, double done)
{
	double now = now_s();

	if (done > 0) {
		/* The line that first says what is left waits for nothing. */
		if (progress->end <= now)
			progress->what = NULL;
		progress->end = progress->part_start +
				(now - progress->part_start) / done;
		progress_tell(progress);
	} else {
		progress->part_start = now;
	}
}

/* A line that wraps could not be taken away again: the last column stays
 * free. */
static void put(const char *line)
{
	int room = (int)terminal_width(STDERR_FILENO) - 1;

	fprintf(stderr, CLEAR_LINE "%.*s", room, line);
	fflush(stderr);
}

void progress_show(struct progress *progress, const char *format, ...)
{
	double now = now_s();
	char line[LINE];
	int used;
	va_list args;

	if (!progress->on || (format == progress->what && progress->shown > 0 &&
			      now - progress->shown < 0.1))
		return;
	progress->shown = now;
	progress->what = format;
	if (progress->end > now)
		used = snprintf(line, sizeof(line), "[%3.0f s left] ",
				ceil(progress->end - now));
	else
		used = snprintf(line, sizeof(line), "[%3.0f s] ",
				now - progress->start);
	va_start(args, format);
	vsnprintf(line + used, sizeof(line) - (size_t)used, format, args);
	va_end(args);
	put(line);
}

void progress_clear(struct progress *progress)
{
	if (progress->on && progress->shown > 0)
		fputs(CLEAR_LINE, stderr);
	progress->shown = 0;
}

void progress_make_way(void)
{
	if (terminal_obeys(STDERR_FILENO))
		fputs(CLEAR_LINE, stderr);
}

/* Was it told already? Two sides of a run meet the same machine. */
static bool progress_was_told(const char *text)
{
	enum { TOLD = 64 };
	static uint64_t told[TOLD];
	static size_t count;
	uint64_t hash = 0;

	for (const char *at = text; *at; at++)
		hash = random_mix(hash ^ (unsigned char)*at);
	for (size_t i = 0; i < count && i < TOLD; i++)
		if (told[i] == hash)
			return true;
	told[count++ % TOLD] = hash;
	return false;
}

void progress_notice(const char *text)
{
	if (progress_was_told(text))
		return;
	progress_make_way();
	fprintf(stderr, "breakeven: notice: %s\n", text);
}

void progress_relay(const char *words)
{
	progress_make_way();
	fputs(words, stderr);
}
