/* SPDX-License-Identifier: MIT */
#include "bench/cli/cpu_list.h"

/* How many of the CPUs, from the first on, lie at one distance. */
static unsigned cpu_list_run(const int *cpus, unsigned count)
{
	unsigned length = count < 2 ? count : 2;

	while (length < count &&
	       cpus[length] - cpus[length - 1] == cpus[1] - cpus[0])
		length++;
	return length;
}

/* "5", or a run of `length` CPUs as `taskset -c` takes it: "0-6:2". */
static void cpu_list_write_run(const int *cpus, unsigned length, char *text,
			       size_t size)
{
	int last = cpus[length - 1], stride = cpus[1] - cpus[0];

	if (stride == 1)
		snprintf(text, size, "%d-%d", cpus[0], last);
	else
		snprintf(text, size, "%d-%d:%d", cpus[0], last, stride);
}

void cpu_list_write(FILE *out, const int *cpus, unsigned count)
{
	for (unsigned i = 0; i < count;) {
		unsigned length = cpu_list_run(cpus + i, count - i);
		char text[40];

		if (length < 3 || cpus[i + 1] < cpus[i]) {
			length = 1;
			snprintf(text, sizeof(text), "%d", cpus[i]);
		} else {
			cpu_list_write_run(cpus + i, length, text,
					   sizeof(text));
		}
		fprintf(out, "%s %s", i ? "," : "", text);
		i += length;
	}
}
