#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# check_vectorised.sh SOURCE REPORT: has the compiler vectorised a loop of the
# source's run function, or of the one over items that it calls, according to
# what it reported?

set -euo pipefail

source=$1 report=$2
name=$(basename "$source" .c)

read -r first last < <(awk -v name="$name" '
	(index($0, name "_items(") || index($0, name "_run(")) && !first { first = NR }
	first && /^}/ { print first, NR; exit }' "$source")

awk -F: -v first="$first" -v last="$last" '
	/loop vectorized/ && $2 >= first && $2 <= last { found = 1 }
	END { exit !found }' "$report" ||
	{ echo "$name: no loop of lines $first-$last was vectorised"; exit 1; }
