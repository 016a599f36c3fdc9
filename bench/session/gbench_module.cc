/* SPDX-License-Identifier: MIT */
#include "bench/session/gbench_module.h"

#include <benchmark/benchmark.h>

#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <regex.h>
#include <string>
#include <unistd.h>
#include <vector>

namespace
{

/* What google-benchmark 1.7 appends to a name of ours. */
std::string full_name(const char *name, unsigned iterations)
{
	return std::string(name) + "/iterations:" + std::to_string(iterations) +
	       "/manual_time";
}

class silent_reporter : public benchmark::BenchmarkReporter
{
      public:
	bool ReportContext(const Context &) override
	{
		return true;
	}
	void ReportRuns(const std::vector<Run> &) override
	{
	}
};

/* One iteration is one round, and takes what its host says. */
void run_cell(benchmark::State &state, const gbench_cell &cell, size_t index,
	      gbench_fn *measure, void *arg)
{
	/* Leaving the loop early aborts the process, unless an error was
	 * reported first. */
	for (auto _ : state) { /* NOLINT(clang-analyzer-deadcode.*) */
		double seconds = 0;
		const char *error = measure(arg, index, &seconds);

		if (error) {
			state.SkipWithError(error);
			return;
		}
		state.SetIterationTime(seconds);
	}
	state.SetItemsProcessed(
		static_cast<int64_t>(cell.items * state.iterations()));
	if (cell.bytes > 0)
		state.SetBytesProcessed(static_cast<int64_t>(
			cell.bytes * static_cast<double>(state.iterations())));
}

unsigned repetitions = 1;

/* It looks once what the CPU is, and complains of each file that it misses.
 * What is not to be had has been said. */
void look_quietly()
{
	int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
	int kept = null < 0 ? -1 : fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 10);

	if (kept >= 0)
		dup2(null, STDERR_FILENO);
	benchmark::CPUInfo::Get();
	if (kept >= 0) {
		dup2(kept, STDERR_FILENO);
		close(kept);
	}
	if (null >= 0)
		close(null);
}

/* Does POSIX extended `pattern` occur in `text`? -1: it is no pattern. */
int matches(const std::string &pattern, const std::string &text)
{
	regex_t regex;
	int rc;

	if (regcomp(&regex, pattern.c_str(), REG_EXTENDED | REG_NOSUB) != 0)
		return -1;
	rc = regexec(&regex, text.c_str(), 0, nullptr, 0);
	regfree(&regex);
	return rc == 0;
}

const char *configure(int argc, char **argv)
{
	const char flag[] = "--benchmark_repetitions=";

	for (int i = 1; i < argc; i++) {
		if (std::strncmp(argv[i], flag, sizeof(flag) - 1) == 0)
			repetitions = static_cast<unsigned>(std::strtoul(
				argv[i] + sizeof(flag) - 1, nullptr, 10));
		if (std::strstr(argv[i], "_random_interleaving") != nullptr)
			return "--benchmark_enable_random_interleaving: rounds "
			       "are interleaved already, in a seeded order "
			       "(--seed)";
	}
	if (repetitions < 1 || repetitions > 1000)
		return "--benchmark_repetitions takes a number from 1 to 1000";
	benchmark::Initialize(&argc, argv);
	if (benchmark::ReportUnrecognizedArguments(argc, argv))
		return "google-benchmark does not know the option above (see "
		       "its --help)";
	if (matches(benchmark::GetBenchmarkFilter(), "") < 0)
		return "--benchmark_filter is no regular expression";
	return nullptr;
}

void context(const char *key, const char *value)
{
	benchmark::AddCustomContext(key, value);
}

unsigned get_repetitions(void)
{
	return repetitions;
}

bool selects(const char *name, unsigned iterations)
{
	std::string filter = benchmark::GetBenchmarkFilter();
	bool inverted = !filter.empty() && filter[0] == '-';

	if (filter.empty() || filter == "all")
		return true;
	if (inverted)
		filter.erase(0, 1);
	return (matches(filter, full_name(name, iterations)) == 1) != inverted;
}

size_t run(const struct gbench_cell *cells, size_t count, unsigned iterations,
	   gbench_fn *measure, void *arg, bool silent)
{
	silent_reporter nothing;

	look_quietly();
	for (size_t i = 0; i < count; i++) {
		const gbench_cell &cell = cells[i];

		benchmark::RegisterBenchmark(
			cell.name,
			[&cell, i, measure, arg](benchmark::State &state) {
				run_cell(state, cell, i, measure, arg);
			})
			->Iterations(iterations)
			->UseManualTime();
	}
	return silent ? benchmark::RunSpecifiedBenchmarks(&nothing)
		      : benchmark::RunSpecifiedBenchmarks();
}

} // namespace

extern "C" const gbench_module gbench_module = {
	configure, context, get_repetitions, selects, run,
};
