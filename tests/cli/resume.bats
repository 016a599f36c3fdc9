#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2154 # leader, of common.bash
# Runs that were interrupted, and go on.

load common

# $1: the record, if not run.jsonl.
begin()
{
	in_session "$BREAKEVEN" bench -k sum,dot -r pthread-pool,fork-pool \
		-n 16..1Ki --rounds 3 --epoch 200 --quiet -o "${1:-run.jsonl}"
}

go_on()
{
	local status=0

	"$BREAKEVEN" bench --resume run.jsonl --quiet >out 2>err || status=$?
	cat err
	return "$status"
}

has_blocks()
{
	(($(grep -cs '"block"' run.jsonl) >= $1))
}

teardown()
{
	! mountpoint -q disk || umount disk
}

# The record is whole: one header, one end at its end, each cell of the first
# pass in each of six generations once, and all that follows in others.
is_whole()
{
	/usr/bin/python3 - run.jsonl <<-'END'
	import collections, json, sys
	lines = [json.loads(line) for line in open(sys.argv[1])]
	assert "breakeven" in lines[0] and lines[-1].get("complete") is True
	assert sum("breakeven" in x or "end" in x for x in lines) == 2
	seen = collections.Counter(
	    (b["kernel"], b["n"], b["generation"])
	    for b in (x["block"] for x in lines if "block" in x)
	    if b["kernel"] in ("sum", "dot"))
	sizes = {k["name"]: k["sizes"] for k in lines[0]["kernels"]}
	assert sizes == {k: [16, 64, 256, 1024] for k in ("sum", "dot")}, sizes
	for kernel in sizes:
	    for n in sizes[kernel]:
	        for generation in range(1, 7):
	            assert seen[kernel, n, generation] == 1, (kernel, n, generation)
	END
	"$BREAKEVEN" report run.jsonl >out
	grep -q '^Speed-up over serial' out
}

@test "a run that was killed goes on, wherever it was" {
	# After so many blocks.
	moments="9 25 45"
	[ -z "$SANITIZE" ] || moments=25
	for moment in $moments; do
		rm -f run.jsonl
		begin
		wait_until has_blocks "$moment"
		kill -KILL "$leader"
		session_is_gone "$leader"
		go_on || { cat err; false; }
		is_whole
		[ "$(grep -c '"resumed"' run.jsonl)" -eq 1 ]
	done
}

@test "a run that was asked to stop says how to go on, and does" {
	signals="INT TERM"
	[ -z "$SANITIZE" ] || signals=TERM
	for signal in $signals; do
		rm -f run.jsonl
		begin
		wait_for_block run.jsonl
		kill -"$signal" "$leader"
		wait "$leader" || true
		grep -q 'go on with it by: breakeven bench --resume run.jsonl' err
		go_on
		is_whole
	done
}

@test "it can be interrupted again and again" {
	[ -z "$SANITIZE" ] || skip "once is enough"
	begin
	for blocks in 10 20 30; do
		wait_until has_blocks "$blocks"
		kill -KILL "$leader"
		session_is_gone "$leader"
		in_session "$BREAKEVEN" bench --resume run.jsonl --quiet
	done
	wait "$leader"
	is_whole
}

@test "a torn last line is cut off, and one without its end is ended" {
	[ -z "$SANITIZE" ] || skip "once is enough"
	begin
	wait_until has_blocks 20
	kill -KILL "$leader"
	session_is_gone "$leader"
	cp run.jsonl cut.jsonl
	head -c -20 cut.jsonl >run.jsonl
	go_on
	is_whole
	head -c -1 cut.jsonl >run.jsonl
	go_on
	is_whole
}

@test "a disk that was full: the rest is measured once there is room" {
	mkdir disk
	mount -t tmpfs -o size=24k none disk 2>err || skip "$(<err)"
	begin disk/run.jsonl
	wait "$leader" || true
	cat err
	grep -q 'disk/run.jsonl: No space left on device: make room' err
	[ "$(grep -c '"complete":true' disk/run.jsonl)" -eq 0 ]
	mount -o remount,size=1m disk
	ln -s disk/run.jsonl run.jsonl
	go_on
	is_whole
}

@test "a finished run is given more time" {
	"$BREAKEVEN" bench -k sum -r fork-pool "${TWO[@]}" -n 16..64 --budget 4 \
		--epoch 100 --quiet -o run.jsonl >/dev/null
	cp run.jsonl before.jsonl
	grep -q '"end":.*"complete":true' run.jsonl
	# Refused, it stays as it is.
	run "$BREAKEVEN" bench --resume run.jsonl -k sum
	[ "$status" -eq 2 ]
	BREAKEVEN_ISA=baseline run "$BREAKEVEN" bench --resume run.jsonl --quiet
	[ "$status" -ne 0 ]
	cmp run.jsonl before.jsonl
	"$BREAKEVEN" bench --resume run.jsonl --budget 6 --quiet >out
	/usr/bin/python3 - <<-'END'
	import json
	before, after = ([json.loads(line) for line in open(name)]
	                 for name in ("before.jsonl", "run.jsonl"))
	body = [x for x in before if "verdict" not in x and "end" not in x]
	assert after[:len(body)] == body
	assert after[-1]["complete"] is True
	assert sum("end" in x for x in after) == 1
	verdicts = [x["verdict"] for x in after if "verdict" in x]
	assert sum("resumed" in v for v in verdicts) == 1
	assert sum("trusted" in v for v in verdicts) == 1
	END
	"$BREAKEVEN" report run.jsonl >/dev/null
}

@test "what is complete, foreign, in use or of another machine is refused" {
	begin
	wait_for_block run.jsonl
	run "$BREAKEVEN" bench --resume run.jsonl --quiet
	[ "$status" -eq 1 ]
	[[ $output == *"a run is writing this record"* ]]
	wait "$leader"
	is_whole
	cp run.jsonl whole.jsonl
	run go_on
	[ "$status" -eq 1 ]
	grep -q 'this run is complete, as its rounds were counted' err
	cmp run.jsonl whole.jsonl
	head -n 30 whole.jsonl | sed '1s/"model":"[^"]*"/"model":"Another"/' >run.jsonl
	run go_on
	[ "$status" -ne 0 ]
	grep -q 'machine.model is not what it was: "Another" then' err
	head -n 30 whole.jsonl | sed '1s/"bench"/"roof"/' >run.jsonl
	run go_on
	[ "$status" -eq 2 ]
	grep -q 'no record of .bench' err
	head -n 30 whole.jsonl | sed '1s/"sizes":\[[0-9,]*\],*//g; 1s/,}/}/g' >run.jsonl
	run go_on
	[ "$status" -ne 0 ]
	echo "no record" >run.jsonl
	run go_on
	[ "$status" -eq 1 ]
	for option in "-k sum" "-r fork" "-n 16..64" "--seed 1" "--pin none"; do
		# shellcheck disable=SC2086 # an option and its value
		run "$BREAKEVEN" bench --resume whole.jsonl $option
		[ "$status" -eq 2 ]
	done
}
