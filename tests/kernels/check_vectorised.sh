#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# check_vectorised.sh SOURCE REPORT: has the compiler vectorised a loop of the
# source's run function, or of the one over items that it calls, according to
# what it reported (gcc's -fopt-info, or clang's optimisation record)?

set -euo pipefail

source=$1 report=$2
name=$(basename "$source" .c)

read -r first last < <(awk -v name="$name" '
	(index($0, name "_items(") || index($0, name "_run(")) && !first { first = NR }
	first && /^}/ { print first, NR; exit }' "$source")

vectorised_lines() {
	sed -nE 's/^[^:]*:([0-9]+):.*loop vectorized.*/\1/p
		/^Name: +Vectorized$/,/^DebugLoc:/s/.* Line: ([0-9]+),.*/\1/p' \
		"$report"
}

vectorised_lines | awk -v first="$first" -v last="$last" '
	$1 >= first && $1 <= last { found = 1 }
	END { exit !found }' ||
	{ echo "$name: no loop of lines $first-$last was vectorised"; exit 1; }
