#!/usr/bin/env bats
# SPDX-License-Identifier: MIT

load common

leader= # set by in_session

dispatch()
{
	"$BREAKEVEN" dispatch --quiet --rounds 1 "$@"
}

# The first worker of runner $2 in session $1: a child of its host's, and alike.
a_worker()
{
	ps -s "$1" -o pid=,ppid=,args= | awk -v host="host.*$2" '
		$0 ~ host { parent[$1] = $2 }
		END { for (pid in parent)
			if (parent[pid] in parent) { print pid; exit } }'
}

# A worker that is killed while its host closes is not missed: so another one,
# until the run has ended.
it_has_lost_one()
{
	kill -KILL "$(a_worker "$@")" 2>/dev/null
	session_ended "$1"
}

@test "the JSON keeps its contract" {
	dispatch --format json --gaps 0,100 -r pthread-pool,fork-pool >x.json
	python3 - <<-'END'
	import json
	d = json.load(open("x.json"))
	assert d["placement"] in ("near", "far", "mixed", "unknown")
	assert d["raw_pingpong_ns"] is None or d["raw_pingpong_ns"] > 0
	rows = {(r["runner"], r["pattern"], r["gap_us"]): r for r in d["rows"]}
	assert len(rows) == len(d["rows"]) == 8
	for runner in ("pthread-pool", "fork-pool"):
	    for pattern in ("empty", "rendezvous"):
	        for gap in (0, 100):
	            r = rows[runner, pattern, gap]
	            # Rounds in which the CPUs moved do not count: it may be all.
	            assert r["ns"] is None or r["ns"] > 0 and r["ns_p99"] > 0, r
	            assert (r["ns"] is None) == (r["cpu_ns"] is None), r
	            assert all(ns > 0 for ns in r["rounds_ns"]), r
	END
}

@test "more workers than CPUs meet, too" {
	dispatch --format json -w 5 --gaps 0 -r pthread-pool,fork-pool \
		>x.json 2>err
	[ "$(nproc)" -ge 5 ] || [ "$(grep -c "they take turns" err)" -eq 1 ]
	python3 - <<-'END'
	import json
	d = json.load(open("x.json"))
	assert d["workers"] == 5 and len(d["rows"]) == 4
	assert all(ns > 0 for r in d["rows"] for ns in r["rounds_ns"]), d["rows"]
	END
}

@test "a table that fits 80 columns" {
	COLUMNS=80 dispatch -r pthread-pool:wait=spin,fork-pool,fork >out
	grep -q "rendezvous" out
	grep -q "^pthread-pool:wait=spin " out
	run ! grep -qE '^.{81}' out
}

@test "what is not understood is refused with what would be" {
	run -2 dispatch -r nonsense
	[[ $output == *"there is no runner 'nonsense'"* ]]
	run -2 dispatch --format xml
	[[ $output == *"html or json"* ]]
	run -2 dispatch --tiles 5000
	[[ $output == *"tiles"* ]]
	run -2 dispatch -w 0
	run -2 dispatch --gaps 1,x
}

@test "who loses a worker has no rows, is named with it, and fails the run" {
	in_session "$BREAKEVEN" dispatch --quiet --gaps 0 --rounds 60 -w 2 \
		--format json -r fork-pool:wait=spin,pthread-pool
	wait_until it_has_lost_one "$leader" fork-pool
	status=0
	wait "$leader" || status=$?
	[[ $status == 1 ]]
	python3 - <<-'END'
	import json
	d = json.load(open("out"))
	assert {r["runner"] for r in d["rows"]} == {"pthread-pool"}, d["rows"]
	[failed] = d["failed"]
	assert failed["runner"] == "fork-pool:wait=spin", failed
	assert "worker 1" in failed["reason"], failed
	assert "signal 9" in failed["reason"], failed
	END
}

# A control group of our own for so many tasks, in $group: version 1 or 2.
make_group()
{
	for root in /sys/fs/cgroup/pids /sys/fs/cgroup; do
		group=$root/breakeven-test-$$
		mkdir "$group" 2>/dev/null || continue
		echo "$1" 2>/dev/null >"$group/pids.max" && return 0
		rmdir "$group"
	done
	return 1
}

# FAULTS row 14: the limit is not the user's but the group's.
@test "a limit of the control group is named, and nobody is left in it" {
	make_group 20 || skip "no control group can be made here"
	status=0
	(
		echo "$BASHPID" >"$group/cgroup.procs"
		exec "$BREAKEVEN" dispatch --quiet --rounds 1 --gaps 0 \
			--format json -w 30 -r fork-pool,pthread-pool
	) >x.json 2>err || status=$?
	left=$(wc -l <"$group/cgroup.procs")
	wait_until rmdir "$group"
	[[ $status == 1 ]]
	[[ $left == 0 ]]
	[ ! -d "$group" ]
	python3 - <<-'END'
	import json
	d = json.load(open("x.json"))
	assert not d["rows"], d["rows"]
	for one in d["failed"]:
	    assert "pids.max" in one["reason"], one
	assert len(d["failed"]) == 2, d["failed"]
	END
}

@test "an interrupt ends it, and leaves no process behind" {
	in_session "$BREAKEVEN" dispatch --quiet --rounds 90 -r fork-pool
	wait_for_processes "$leader" 3 .
	kill -TERM "$leader"
	session_is_gone "$leader"
}

@test "LLVM's runtime leaves no shared memory" {
	ls "$BUILD"/modules/openmp-llvm.so || skip "openmp-llvm is not built"
	note_shared_memory
	dispatch --gaps 0 -r openmp-llvm
	nothing_new_in_shared_memory
}
