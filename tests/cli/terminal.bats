#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# What goes to a terminal, and what must not go anywhere else.

load common

ESCAPE=$'\033'

# Run a command line with a terminal of $WIDTH columns, or 60, as its standard
# output and error; what it shows goes to the file `shown`.
on_terminal()
{
	status=0
	TERM=${TERM_IS-xterm} script -qefc "stty cols ${WIDTH-60}; exec $1" /dev/null \
		>shown </dev/null || status=$?
	cat -v shown
}

TRACE="'$BREAKEVEN' trace -r fork-pool -n 1000 -w 2 --rounds 2"

@test "progress is shown on a terminal, with the time left, and taken away" {
	on_terminal "$TRACE >out"
	[ "$status" -eq 0 ]
	grep -q "$ESCAPE\[K\[ *[0-9]* s left\] round" shown
	# Nothing is left of it.
	[ "$(tail -c 4 shown)" = $'\r'"${ESCAPE}[K" ]
	run ! grep -q "$ESCAPE" out
}

@test "a line of progress is never wider than the terminal" {
	WIDTH=40 on_terminal "'$BREAKEVEN' bench -k spin:ops=1000000,sum -n 16 \
		-r fork-pool --rounds 2 --generations 1 -o x.jsonl >out"
	[ "$status" -eq 0 ]
	tr '\r' '\n' <shown | sed "s/$ESCAPE\[K//" >lines
	grep -q 'starting the processes' lines
	grep -q 'spin:ops=1000000' lines
	run ! grep -q '^.\{40\}' <(grep '^\[' lines)
}

@test "dispatch says when it looks at memory" {
	on_terminal "'$BREAKEVEN' dispatch -r fork-pool -w 2 --rounds 1 --gaps 0 \
		--memory >out"
	[ "$status" -eq 0 ]
	grep -q 's\( left\)\?\] what fork-pool holds in memory' shown
	grep -q 'fork-pool' out
}

# The file $1 says at most, and once, how long it takes, if that is long here.
no_progress()
{
	[ "$(grep -c . "$1")" -le 1 ] || return 1
	run ! grep -qv '^breakeven: notice: this takes about [0-9]* s.*$' "$1"
}

@test "no progress with --quiet, on a dumb terminal, or to a file" {
	on_terminal "$TRACE --quiet >out"
	[ "$status" -eq 0 ]
	[ ! -s shown ]
	for term in dumb ''; do
		TERM_IS=$term on_terminal "$TRACE >out"
		[ "$status" -eq 0 ]
		no_progress shown
	done
	on_terminal "$TRACE >out 2>err"
	[ ! -s shown ]
	no_progress err
}

@test "notices and google-benchmark's lines begin where progress was taken away" {
	on_terminal "'$BREAKEVEN' grid -k sum -n 16..64 \
		-r fork-pool:workers=64,pthread-gil --rounds 1 -o x.jsonl"
	[ "$status" -eq 0 ]
	grep -q 's\( left\)\?\] sum, 64 items, generation 6 of 6' shown
	grep -q 'generations: 6 of fresh processes' shown
	# Each with a line of its own, once what was cleared is gone.
	sed "s/.*\r$ESCAPE\[K//; s/$ESCAPE\[[0-9;]*m//g" shown >lines
	[ "$(grep -c '^sum/[^ ]*/workers:' lines)" -eq 36 ]
	[ "$(grep -c '/workers:[0-9]*/' lines)" -eq 36 ]
	grep -q '^breakeven: notice: 64 workers asked for' lines
	run ! grep -q 'items, generation\|looking at' lines
}

@test "what a host says begins where progress was taken away" {
	on_terminal "'$FAULTY' bench -k sum -r skipper,serial -n 16..64 \
		--rounds 2 --generations 1 -o x.jsonl >out"
	sed "s/.*\r$ESCAPE\[K//" shown >lines
	grep -q '^skipper: the last tile will be skipped' lines
	run ! grep -q '^\[.*left\]' lines
}

@test "colours: on a terminal alone, not on a dumb one, not with NO_COLOR" {
	without_kernels "$SOURCE/results/reference/epyc-2cpu-20261125.jsonl" \
		'square_map|square_map_f64|dot|minmax' >sum.jsonl
	record=sum.jsonl
	on_terminal "'$BREAKEVEN' report '$record'"
	grep -q "$ESCAPE\[3" shown
	NO_COLOR=1 on_terminal "'$BREAKEVEN' report '$record'"
	run ! grep -q "$ESCAPE" shown
	TERM_IS=dumb on_terminal "'$BREAKEVEN' report '$record'"
	run ! grep -q "$ESCAPE" shown
	NO_COLOR=1 on_terminal "'$BREAKEVEN' grid -k sum -n 16 -r fork \
		${ONCE[*]} -o y.jsonl"
	# A notice takes away what may stand in its line.
	run ! grep -q "$ESCAPE\[[0-9;]*m" shown
	"$BREAKEVEN" report "$record" >out
	run ! grep -q "$ESCAPE" out
}
