// SPDX-License-Identifier: MIT
// The library in C++: a vector is an array as well, and a task can be a lambda
// that captures nothing. What it takes else comes through `user`.
#include <breakeven.h>

#include <cstdio>
#include <numeric>
#include <vector>

int main()
{
	constexpr double scale = 0.5;
	std::vector<int> numbers(1000);
	std::vector<double> squares(numbers.size());
	pool_error error{};
	pool_options options{};
	pool *workers = nullptr;
	double factor = scale;

	std::iota(numbers.begin(), numbers.end(), 1);
	options.user = &factor;
	options.user_size = sizeof(factor);
	options.error = &error;
	int rc = pool_open(&workers, 0, POOL_PROCESSES, &error);
	if (rc == 0) {
		rc = pool_map(
			workers,
			[](void *user, size_t, const void *in, void *out) {
				const double x = *static_cast<const int *>(in);

				*static_cast<double *>(out) =
					x * x * *static_cast<double *>(user);
				return 0;
			},
			numbers.data(), sizeof(int), squares.data(),
			sizeof(double), numbers.size(), &options);
		pool_close(&workers, nullptr);
	}
	if (rc != 0) {
		std::fprintf(stderr, "squares: %s\n", error.text);
		return 1;
	}
	std::printf("half the squares up to 1000 add up to %.1f\n",
		    std::accumulate(squares.begin(), squares.end(), 0.0));
	return 0;
}
