#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# FAULTS row 37: variables that libraries of ours read by themselves.

load common

# Every variable of every library's documentation, set to $1; then a command.
with_all()
{
	local value=$1 name
	shift
	(
		while read -r name; do
			export "$name=$value"
		done <"$SOURCE/tests/faults/library_variables.txt"
		exec "$@"
	)
}

# What was to be measured, and what was, without how long it took.
cells()
{
	grep -o '"kernels":\[.*"generations"\|"note".*' "$1"
	grep -c '"block"' "$1"
}

@test "no library's variable changes what is measured, or reaches memory" {
	common=(-k sum -r openmp -w 2 -n 16..64 --rounds 4 --generations 1 --quiet)
	"$BREAKEVEN" bench "${common[@]}" -o plain.jsonl
	for value in 4 "-1,b;c=%s"; do
		rm -f x.jsonl
		with_all "$value" "$BREAKEVEN" bench "${common[@]}" -o x.jsonl \
			>out 2>err || { cat err; false; }
		run ! grep 'Sanitizer\|runtime error\|libgomp\|hwloc' err
		[ "$(grep -c "notice: ignored" err)" -eq 1 ]
		[ "$(cells x.jsonl)" = "$(cells plain.jsonl)" ]
	done
}

@test "google-benchmark's variables do not reach a grid" {
	with_all 3 "$BREAKEVEN" grid -k sum -r serial -n 16 \
		--rounds 4 --generations 1 -o x.jsonl >out 2>err || { cat err; false; }
	run ! grep 'Sanitizer\|runtime error' err
	grep -q 'manual_time' out
	[ ! -e 3 ]
}

@test "the machine is the one at hand, whatever hwloc is told" {
	"$BREAKEVEN" machine | grep "we may use\|topology" >plain
	"$BREAKEVEN" plan --topology "pack:2 core:4 pu:1" >planned
	for value in "pack:2 core:8 pu:2" 0; do
		with_all "$value" "$BREAKEVEN" machine >out
		grep "we may use\|topology" out >machine
		diff plain machine
		with_all "$value" "$BREAKEVEN" plan --topology "pack:2 core:4 pu:1" |
			diff planned -
	done
}

@test "Python takes nothing from the environment" {
	mkdir bin
	# shellcheck disable=SC2016 # that shell is to expand it
	printf '#!/bin/sh\necho "$1" >%s/flag\n' "$PWD" >bin/python3
	chmod +x bin/python3
	PATH=$PWD/bin:$PATH run "$BREAKEVEN" bench -k sum -r python-serial \
		-n 16 --rounds 4 --generations 1 --quiet -o x.jsonl
	[ "$(cat flag)" = -I ]
}

@test "what is measured under a setting says so, in the record as well" {
	MALLOC_ARENA_MAX=1 "$BREAKEVEN" bench -k sum -r serial -n 16 \
		--rounds 4 --generations 1 --quiet -o x.jsonl 2>err
	grep -q "notice: set for all that is measured: .*MALLOC_ARENA_MAX" err
	grep -q '"environment":\[.*"MALLOC_ARENA_MAX=1"' x.jsonl
	run "$BREAKEVEN" report --all x.jsonl
	[[ $output == *"Again:"*"MALLOC_ARENA_MAX=1"* ]]
}
