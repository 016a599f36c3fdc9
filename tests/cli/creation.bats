#!/usr/bin/env bats
# SPDX-License-Identifier: MIT

load common

leader= # set by in_session

creation()
{
	"$BREAKEVEN" creation --quiet --runs 3 --max 4Mi "$@"
}

# What cannot be written.
to_full()
{
	"$@" >/dev/full
}

within_40_mb()
{
	ulimit -v 40000
	"$@"
}

@test "the JSON keeps its contract, so does the record, and faults are counted" {
	creation --format json -o x.jsonl >x.json
	"$BREAKEVEN" report --format json x.jsonl | cmp - x.json
	python3 - <<-'END'
	import json
	d = json.load(open("x.json"))
	rows = {(r["what"], r["parent_mib"], r["pages"]): r for r in d["rows"]}
	assert len(rows) == len(d["rows"])
	c = ["pthread", "fork", "vfork", "posix_spawn", "clone_vm",
	     "pthread-pool-2", "pthread-pool-4", "fork-pool-2", "fork-pool-4"]
	for what in c:
	    for mib in (1, 4):
	        r = rows[what, mib, "4k"]
	        assert r["us"] > 0 and "lo" in r and "hi" in r, r
	assert {r["pages"] for r in d["rows"]} <= {"4k", "huge"}
	if d["python"]:
	    python = {r["what"] for r in d["rows"]} - set(c)
	    assert {"python-process-5", "python-pool-4"} <= python, python
	faults = {(f["what"], f["pages"]) for f in d["faults"]}
	for who in ("parent", "child"):
	    assert (f"first touch, {who}", "4k") in faults, faults
	    assert (f"copy-on-write, {who}", "4k") in faults, faults
	assert all(f["ns"] > 0 for f in d["faults"])
	# One for each page that is touched, one for each that is copied.
	assert all(0.9 < f["faults"] < 1.2 for f in d["faults"]
	           if f["pages"] == "4k"), d["faults"]
	law = [l for l in d["laws"] if l["what"] == "fork"]
	assert law and all(l["sizes"] >= 2 for l in law), law
	assert d["machine"]["kernel"] and d["build"]["compiler"]
	for one in d["left_out"]:
	    assert one["what"] and one["reason"], one
	END
}

@test "a record where records go when nobody says, and a table in 80 columns" {
	mkdir results
	COLUMNS=80 creation >out
	[[ -s $(echo results/runs/creation-*.jsonl) ]]
	grep -q "^Record: results/runs/creation-" out
	run ! grep -qE '^.{81}' out
	tr '\n' ' ' <out | grep -q \
		"fork takes .* per MiB resident in 4K pages"
}

@test "what is not understood is refused with what would be" {
	run -2 creation --max 12
	[[ $output == *"--max takes one number of bytes from 1Mi to 2^48, as 256Mi"* ]]
	run -2 creation --max lots
	run -2 creation --runs 2
	[[ $output == *"--runs"* ]]
	run -2 creation --format xml
	[[ $output == *"html or json"* ]]
	run -2 creation more
	[[ -z $(ls) ]]
}

@test "a record is never overwritten, and must be writable" {
	echo mine >x.json
	run -1 creation -o x.json
	[[ $output == *"x.json"*"never overwritten"* ]]
	[[ $(cat x.json) == mine ]]
	run -1 creation -o nowhere/x.json
	[[ $output == *"nowhere/x.json"* ]]
	run -1 to_full creation --max 1Mi
	[[ $output == *"standard output"* ]]
}

@test "sizes beyond a limit on address space are named with it" {
	[[ -z $SANITIZE ]] || skip "sanitizers need more address space"
	PATH=/nowhere run -0 within_40_mb creation --max 1Gi
	[[ $output == *"a parent of 1024 MiB: half of the address space"* ]]
	[[ $output == *"ulimit -v"* ]]
}

@test "without python3 the rest is measured" {
	PATH=/nowhere run -0 "$BREAKEVEN" creation --quiet --runs 3 --max 1Mi
	[[ $output == *"Left out: Python: there is no python3"* ]]
	[[ $output == *"posix_spawn"* ]]
}

@test "an interrupt ends it with the signal's status, and leaves nothing" {
	for signal in INT:130 TERM:143; do
		in_session "$BREAKEVEN" creation --quiet --max 256Mi --runs 999
		wait_for_processes "$leader" 2 .
		kill -"${signal%:*}" "$leader"
		status=0
		wait "$leader" || status=$?
		[[ $status == "${signal#*:}" ]]
		session_is_gone "$leader"
		run ! compgen -G "*.json*"
	done
}

@test "killed, it takes all that it created with it" {
	in_session "$BREAKEVEN" creation --quiet --max 256Mi --runs 999
	wait_for_processes "$leader" 2 .
	kill -KILL "$leader"
	session_is_gone "$leader"
}

@test "killed while Python creates, it takes that with it" {
	command -v python3 || skip "no python3"
	in_session "$BREAKEVEN" creation --quiet --max 1Mi --runs 20
	wait_for_processes "$leader" 1 python_host.py
	kill -KILL "$leader"
	session_is_gone "$leader"
}
