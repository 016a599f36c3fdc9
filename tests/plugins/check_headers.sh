#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# check_headers.sh ROOT HEADER...: each of these headers, which users include,
# stands alone, without a warning, in C and in C++, under each compiler that is
# here.

set -euo pipefail
cd "$1"
shift
headers=("$@")

# alone COMPILER LANGUAGE STANDARD
alone() {
	command -v "$1" >/dev/null || return 0
	for header in "${headers[@]}"; do
		"$1" -x "$2" "-std=$3" -Wall -Wextra -Wpedantic -Wconversion \
			-Werror -I . -fsyntax-only -include "$header" /dev/null
	done
}

for compiler in gcc clang; do
	alone $compiler c c17
done
for compiler in g++ clang++; do
	alone $compiler c++ c++17
done
