#!/usr/bin/env bats
# SPDX-License-Identifier: MIT

load common

# The last column of the table in docs/twelve-rules.md.
# shellcheck disable=SC2016 # backticks, as the page has them
phrases()
{
	sed -n 's/^| [0-9].* | `\(.*\)` |$/\1/p' "$SOURCE/docs/twelve-rules.md"
}

@test "a report keeps the twelve rules, and says so where the docs say" {
	need_two_cpus # for a ceiling, and a distance
	[ "$(phrases | wc -l)" -eq 12 ]
	"$BREAKEVEN" bench -k sum -r fork-pool,pthread-pool,openmp -n 16..4Ki \
		"${TWO[@]}" --arena private --rounds 2 --epoch 100 --quiet -o x.jsonl >/dev/null
	COLUMNS=400 "$BREAKEVEN" report --all x.jsonl >table
	"$BREAKEVEN" report --format markdown x.jsonl >page
	while read -r phrase; do
		echo "looking for: $phrase"
		grep -qF -- "$phrase" table
		grep -qF -- "${phrase%:}" page
	done < <(phrases)
}
