#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# check_vectorised.sh SOURCE COMPILER OPTION...: does the compiler, with these
# options, vectorise a loop of the source's run function, or of the one over
# items that it calls? It says so itself: gcc by -fopt-info, clang by its
# optimisation record. Compiled anew, since gcc appends to its report, and what
# it said of an earlier source would pass for this one.

set -euo pipefail

source=$1
shift
name=$(basename "$source" .c)

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
report=$folder/report

case $("$1" --version) in
*clang*) tell=(-foptimization-record-file="$report"
	-foptimization-record-passes=loop-vectorize) ;;
*) tell=(-fopt-info-vec-optimized="$report") ;;
esac
"$@" "${tell[@]}" -c "$source" -o "$folder/object"

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
	{ echo "$name: no loop of lines $first-$last is vectorised"; exit 1; }
