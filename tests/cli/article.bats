#!/usr/bin/env bats
# SPDX-License-Identifier: MIT

load common

leader= # set by in_session

article()
{
	"$BREAKEVEN" article --quiet --runs 1 "$@"
}

# What cannot be written.
to_full()
{
	"$@" >/dev/full
}

@test "the JSON keeps its contract" {
	article --format json >x.json
	python3 - <<-'END'
	import json
	d = json.load(open("x.json"))
	rows = {(r["what"], r["n"], r["system"]): r for r in d["rows"]}
	assert len(rows) == len(d["rows"])
	assert all(r["ms"] > 0 and "lo" in r and "hi" in r for r in d["rows"])
	systems = ["c-serial", "c-shared", "c-threads"]
	if d["python"]:
	    systems += ["python-list", "python-pool", "python-threads"]
	for what, n in [("square", 5), ("square", 1000), ("square", 100000),
	                ("square", 1000000), ("collatz", 16384)]:
	    for system in systems:
	        assert (what, n, system) in rows, (what, n, system)
	for what, n in [("start-join", 5), ("pool", 4)]:
	    assert (what, n, "c-processes") in rows
	    assert not d["python"] or (what, n, "python-processes") in rows
	shipped = [r for r in d["rows"] if r["system"] == "c-shipped"]
	assert shipped or [o for o in d["left_out"] if "c-shipped" in o["what"]]
	assert len(d["claims"]) == 4
	for claim in d["claims"]:
	    assert claim["claim"] and claim["answer"] and claim["numbers"], claim
	memory = d["claims"][0]["numbers"]
	for language in ["C"] + (["Python"] if d["python"] else []):
	    assert memory[language] == {"after_process": 0, "after_thread": 1}
	assert d["machine"]["kernel"] and d["build"]["compiler"]
	END
}

@test "a table that fits 80 columns, with the claims" {
	COLUMNS=80 article >out
	run ! grep -qE '^.{81}' out
	grep -q "^Map square over 1,000,000 numbers" out
	grep -q '^"Processes have their own memory' out
	grep -q '^"Which one to choose' out
}

@test "what is not understood is refused with what would be" {
	run -2 article --runs 0
	[[ $output == *"--runs"* ]]
	run -2 article --format xml
	[[ $output == *"html or json"* ]]
	run -2 article --max 3
	run -2 article more
	PATH=/nowhere run -1 to_full article
	[[ $output == *"standard output"* ]]
}

@test "without python3 the rest is measured" {
	PATH=/nowhere run -0 "$BREAKEVEN" article --quiet --runs 1
	[[ $output == *"Left out: Python: there is no python3"* ]]
	[[ $output == *"c-shared"* ]]
}

# Pools of Python's would wait for ever for a parent that was killed.
@test "killed, it takes the Pythons with it" {
	command -v python3 || skip "no python3"
	in_session "$BREAKEVEN" article --quiet --runs 1000
	wait_for_processes "$leader" 4 python_host.py
	kill -KILL "$leader"
	session_is_gone "$leader"
}

@test "an interrupt ends it with the signal's status, and leaves nobody" {
	for signal in INT:130 TERM:143; do
		in_session "$BREAKEVEN" article --quiet --runs 1000
		# Interrupts are heeded from when it has children on.
		wait_for_processes "$leader" 2 .
		kill -"${signal%:*}" "$leader"
		status=0
		wait "$leader" || status=$?
		[[ $status == "${signal#*:}" ]]
		session_is_gone "$leader"
	done
}

# Kill a worker of the pool of Python's that stays, in session $1. The workers are
# the children that a Python has in two looks: other children end at once, and a
# worker that dies while its pool is being created is replaced by Python, with
# nothing lost and nothing to name.
kill_pool_worker()
{
	local python workers

	for python in $(ps --ppid "$1" -o pid=,args= |
		awk '/python_host.py/ { print $1 }'); do
		workers=$(ps --ppid "$python" -o pid= | xargs)
		if [[ $workers == *" "* && $workers == "${seen[$python]:-}" ]]; then
			kill -KILL "${workers%% *}"
			return
		fi
		seen[$python]=$workers
	done
	return 1
}

@test "a Python that dies on the way is left out, and the rest is whole" {
	command -v python3 || skip "no python3"
	in_session "$BREAKEVEN" article --quiet --runs 1 --format json
	wait_for_processes "$leader" 2 python_host.py
	kill -KILL "$(ps --ppid "$leader" -o pid=,args= |
		awk '/python_host.py/ { print $1; exit }')"
	wait "$leader"
	python3 - <<-'END'
	import json
	d = json.load(open("out"))
	assert any(r["system"] == "c-shared" for r in d["rows"])
	assert any("python3" in o["reason"] for o in d["left_out"]), d["left_out"]
	END
}

# Pool.map() itself would wait for ever for what the worker was to compute.
@test "a worker of Python's that dies is named, and the rest is whole" {
	command -v python3 || skip "no python3"
	local -A seen=()

	in_session "$BREAKEVEN" article --quiet --runs 2 --format json
	wait_until kill_pool_worker "$leader"
	wait "$leader"
	python3 - <<-'END'
	import json
	d = json.load(open("out"))
	assert any(r["system"] == "c-shared" for r in d["rows"])
	reasons = [o["reason"] for o in d["left_out"]]
	assert any("a worker (pid" in r and "signal 9" in r and "map" in r
	           for r in reasons), d["left_out"]
	assert sum(r["system"] == "python-pool" for r in d["rows"]) >= 3
	END
}
