#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Where the time of a call goes, as a table, as JSON, and as a trace.

load common

leader= # set by in_session

# One round in each generation: what is said of it is asked, not how long it was.
trace()
{
	"$BREAKEVEN" trace --quiet --rounds 1 -w 2 "$@"
}

@test "the parts add up to the call, under every runner" {
	trace --format json -n 64Ki >x.json
	python3 - <<-'END'
	import json
	d = json.load(open("x.json"))
	assert d["kernel"] == "sum" and d["n"] == 65536 and d["tiles"] == 2, d
	rows = {r["runner"]: r for r in d["rows"]}
	skipped = {s["runner"] for s in d["skipped"]}
	assert not d["failed"], d["failed"]
	assert set(rows) | skipped == {
	    "fork", "pthread", "fork-pool", "pthread-pool", "openmp"}, d
	for name, r in rows.items():
	    parts = sum(r[p + "_ns"] for p in (
	        "create", "dispatch", "compute", "wait", "join", "collect"))
	    assert abs(parts / r["call_ns"] - 1) < 1e-3, r
	    assert r["creates"] == (name in ("fork", "pthread")), r
	    assert (r["create_ns"] > 0) == r["creates"], r
	    assert r["compute_ns"] > 0 and r["collect_ns"] > 0, r
	    assert 1 <= r["workers_seen"] <= r["workers"], r
	    assert r["plain_ns"] > 0 and r["stamps_cost"] > -1, r
	END
}

@test "the trace is what viewers take, and events nest within the call" {
	trace -k scan -n 100001 -w 3 -r fork,pthread-pool:schedule=dynamic \
		-o trace.json >table
	grep -q '^fork ' table
	python3 - <<-'END'
	import json
	d = json.load(open("trace.json"))
	events, passes, tiles = d["traceEvents"], 2, d["otherData"]["tiles"]
	assert tiles > 2
	for e in events:
	    assert e["ph"] in "MX" and e["name"], e
	    assert all(k in e for k in ("ts", "pid", "tid", "name")), e
	    assert e["ph"] == "M" or e["dur"] >= 0, e
	names = {e["pid"]: e["args"]["name"] for e in events
	         if e["name"] == "process_name"}
	assert set(names.values()) == {"fork", "pthread-pool:schedule=dynamic"}
	EPS = 1e-6
	for pid in names:
	    mine = [e for e in events if e["pid"] == pid and e["ph"] == "X"]
	    threads = {e["tid"]: e["args"]["name"] for e in events
	               if e["pid"] == pid and e["name"] == "thread_name"}
	    assert threads[0] == "caller" and len(threads) <= 3, threads
	    assert {e["tid"] for e in mine} <= set(threads)
	    [call] = [e for e in mine if e["name"] == "call"]
	    assert call["ts"] == 0 and call["tid"] == 0
	    for e in mine:
	        assert e["ts"] >= 0, e
	        assert e["ts"] + e["dur"] <= call["dur"] + EPS, (e, call)
	    ran = [(e["args"]["pass"], e["args"]["tile"]) for e in mine
	           if e["name"] == "tile"]
	    assert sorted(ran) == [(p, t) for p in range(passes)
	                           for t in range(tiles)]
	    # What one does, it does one after the other, in the call.
	    for tid in threads:
	        own = sorted((e for e in mine if e["tid"] == tid and e is not call),
	                     key=lambda e: e["ts"])
	        for a, b in zip(own, own[1:]):
	            assert a["ts"] + a["dur"] <= b["ts"] + EPS, (a, b)
	END
}

@test "a call of thousands of tiles is told whole" {
	trace -k collatz -n 70000 -r fork-pool -o trace.json >table
	python3 - <<-'END'
	import json
	d = json.load(open("trace.json"))
	ran = sorted(e["args"]["tile"] for e in d["traceEvents"]
	             if e["name"] == "tile")
	assert ran == list(range(d["otherData"]["tiles"])) and len(ran) == 4096
	END
}

@test "a table that fits 80 columns" {
	COLUMNS=80 trace -n 4Ki \
		-r pthread-pool:wait=spin:schedule=dynamic,fork-pool,fork >out
	cat out
	grep -Eq '^runner +call +create +dispatch +compute +wait +join +collect +stamps$' out
	grep -q '^pthread-pool:wait=spin:schedule=dynamic$' out
	grep -q '^fork-pool ' out
	run ! grep -qE '^.{81}' out
}

@test "whose times are planted is left out, and says why" {
	trace -k spin -n 4Ki -r planted,serial >out
	tr -s '\n ' '  ' <out | grep -q 'Left out: planted: its times are planted'
	grep -q '^serial ' out
}

@test "what is not understood is refused with what would be" {
	run -2 trace -k nonsense
	[[ $output == *"no kernel 'nonsense'"* ]]
	run -2 trace -r nonsense
	[[ $output == *"no runner 'nonsense'"* ]]
	run -2 trace -n 1..5
	[[ $output == *"one number"* ]]
	run -2 trace -n 0
	run -2 trace -w 0
	run -2 trace --rounds 0
	run -2 trace --rounds 8
	[[ $output == *"--rounds"*7* ]]
	run -2 trace --format xml
	[[ $output == *"html or json"* ]]
}

@test "a trace that cannot be written is an error" {
	run -1 trace -n 1Ki -r serial -o /dev/full
	[[ $output == *"/dev/full cannot be written"* ]]
	run -1 trace -n 1Ki -r serial -o nowhere/trace.json
	[[ $output == *"nowhere/trace.json"*"No such file"* ]]
}

@test "who computes something wrong has no rows, and fails the run" {
	run -1 "$FAULTY" trace --quiet --rounds 1 -k sum -n 64Ki -r skipper,fork-pool
	echo "$output"
	# Wherever the line ends.
	[[ ${output//$'\n'/ } == *"NOT WHOLE"* ]]
	[[ $output == *"Failed, and left out: skipper"* ]]
	[[ $output == *"fork-pool "* ]]
}

@test "an interrupt ends it, and leaves no process behind" {
	in_session "$BREAKEVEN" trace --quiet -k spin:ops=1000 -n 20000 -r fork-pool,fork
	wait_for_processes "$leader" 3 .
	kill -TERM "$leader"
	session_is_gone "$leader"
}

@test "Python runners are left out for what they lack, whatever the size" {
	for n in 16 64Ki; do
		run trace -r python-serial,python-pool -n $n
		echo "$output"
		[ "$status" -eq 1 ]
		[ "$(grep -c '^ *Left out: python-.*: a host in Python cuts no tiles' \
			<<<"$output")" -eq 2 ] || [[ $output == *python3* ]]
		[[ $output != *--sizes* ]]
	done
}
