#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# When a run may begin.

load common

setup()
{
	cd "$BATS_TEST_TMPDIR" || return 1
	unset BREAKEVEN_NO_LOCK
	SMALL=(-k sum -r fork-pool "${TWO[@]}" -n 16..64 "${ONCE[@]}")
}

teardown()
{
	[ -z "${first-}" ] || kill -INT "$first" || true
	wait
}

# One that measures until it is stopped.
start_first()
{
	"$BREAKEVEN" bench "${SMALL[@]}" --rounds 1000 --generations 1000 \
		-o first.jsonl >/dev/null 2>&1 &
	first=$!
	wait_until test -s first.jsonl
}

@test "a run waits for the one that measures already, or is told not to" {
	start_first
	"$BREAKEVEN" bench "${SMALL[@]}" -o second.jsonl >out 2>err &
	second=$!
	wait_until grep -q "another run measures.*(process $first)" err
	"$BREAKEVEN" bench "${SMALL[@]}" --no-lock -o third.jsonl
	BREAKEVEN_NO_LOCK=1 "$BREAKEVEN" trace "${TWO[@]}" -n 16 -r fork-pool \
		--rounds 1 --quiet
	[ ! -e second.jsonl ]
	kill -INT "$first"
	wait "$second"
	first=
	[ -s second.jsonl ]
}

@test "what waits can be stopped, and leaves nothing" {
	start_first
	for command in "bench ${SMALL[*]} -o x" "dispatch -r fork-pool" \
		"trace -r fork-pool" "article" "creation -o x" "calibrate"; do
		: >err
		# shellcheck disable=SC2086 # words
		"$BREAKEVEN" $command >out 2>err &
		second=$!
		wait_until grep -q "another run measures" err
		kill -INT "$second"
		status=0
		wait "$second" || status=$?
		[ "$status" -eq 130 ] || { echo "$command: $status"; false; }
		[ ! -e x ]
	done
}

@test "a name that is wrong is told at once" {
	start_first
	run -2 "$BREAKEVEN" bench -k nope
	run -2 "$BREAKEVEN" dispatch -r nope
	run -2 "$BREAKEVEN" trace -r nope
}

@test "--wait-for-quiet says what it waits for, and begins in any case" {
	run -0 "$BREAKEVEN" bench "${SMALL[@]}" --no-lock --wait-for-quiet=1 \
		-o x.jsonl
	[ -s x.jsonl ]
	while :; do :; done &
	first=$!
	run -0 "$BREAKEVEN" bench "${SMALL[@]}" --no-lock --wait-for-quiet=1 \
		-o y.jsonl
	[[ $output == *" CPUs are busy with other things: "* ]]
	[[ $output == *"measuring all the same"* ]]
	kill "$first"
	first=
}
