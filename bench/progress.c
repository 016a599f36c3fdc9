/* SPDX-License-Identifier: MIT */
#include "bench/progress.h"

#include "bench/engine.h"

#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#define CLEAR_LINE "\r\033[K"

void progress_init(struct progress *progress, bool quiet, double end)
{
	*progress = (struct progress){
		.on = !quiet && isatty(STDERR_FILENO),
		.start = engine_now(),
		.end = end,
	};
}

void progress_show(struct progress *progress, const char *format, ...)
{
	double now = engine_now();
	va_list args;

	if (!progress->on || now - progress->shown < 0.1)
		return;
	progress->shown = now;
	fputs(CLEAR_LINE, stderr);
	if (progress->end > now)
		fprintf(stderr, "[%3.0f s left] ", progress->end - now);
	else
		fprintf(stderr, "[%3.0f s] ", now - progress->start);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fflush(stderr);
}

void progress_clear(struct progress *progress)
{
	if (progress->on && progress->shown > 0)
		fputs(CLEAR_LINE, stderr);
}

void progress_notice(const char *text)
{
	fprintf(stderr, "breakeven: notice: %s\n", text);
}
