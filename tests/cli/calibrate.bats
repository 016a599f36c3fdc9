#!/usr/bin/env bats
# SPDX-License-Identifier: MIT

load common

leader= # set by in_session

calibrate()
{
	"$BREAKEVEN" calibrate --quiet "$@"
}

# Start what takes long, with all of its files in this folder.
start_long()
{
	in_session env TMPDIR="$PWD" "$BREAKEVEN" calibrate --quiet \
		--runs 50 --generations 6 -o cut.jsonl
	wait_for_processes "$leader" 2 .
}

# End it by signal $1: its exit status, and that nothing else is left.
end_long()
{
	local status=0

	kill "-$1" "$leader"
	wait "$leader" || status=$?
	[ "$status" -eq "$2" ]
	session_is_gone "$leader"
	[ "$(echo *)" = "cut.jsonl err out" ]
}

@test "the JSON keeps its contract, and the same seed plants the same" {
	for i in 1 2; do
		calibrate --runs 1 --generations 1 --seed 7 --format json \
			-o "$i.jsonl" >"$i.json"
		"$BREAKEVEN" report -f json "$i.jsonl" | cmp - "$i.json"
	done
	/usr/bin/python3 - <<-'END'
	import json
	a, b = (json.load(open(f"{i}.json")) for i in (1, 2))
	assert a["simulated"] == b["simulated"]
	truths = [[t["truth"] for t in d["planted"]["details"]] for d in (a, b)]
	assert truths[0] == truths[1] and len(truths[0]) == 1
	d = a
	for kind in ("planted", "burst", "simulated"):
	    assert {"runs", "covered", "median_width"} <= set(d[kind]), d
	assert d["planted"]["runs"] == d["burst"]["runs"] == 1
	assert d["planted"]["failed"] == d["burst"]["failed"] == 0
	assert d["simulated"]["runs"] >= 1000
	assert d["simulated"]["covered"] >= 930
	assert set(d["aa"]) == {"tables", "false_calls"}
	assert d["aa"]["tables"] == 1
	assert {"cells", "wrong_sign"} <= set(d["burst"])
	END
}

@test "an interrupt ends it, and leaves neither process nor file" {
	start_long
	end_long TERM 143
	tail -n 1 cut.jsonl | grep -q '"complete":false'
	"$BREAKEVEN" report cut.jsonl >page
	grep -q '^simulated  *1000 ' page
	grep -q 'it was interrupted' page
}

@test "killed, it leaves neither process nor file" {
	start_long
	end_long KILL 137
}

@test "what is not understood is refused" {
	run -2 "$BREAKEVEN" calibrate --runs 0
	[[ $output == *"nothing to do"* ]]
	run -2 "$BREAKEVEN" calibrate --runs -1
	[[ $output == *"--runs takes a number from 0"* ]]
	run -2 "$BREAKEVEN" calibrate --format xml
}

# One generation is too little for any size.
@test "runs that refuse to answer have no figures, and are no errors" {
	COLUMNS=80 calibrate --runs 1 --tables 0 --generations 1 >table
	cat table
	grep -q '^planted, quiet  *1  *0  *0  *-  *-  *-  *-  *-$' table
	grep -q '^No size was told by 1 and 1 runs: .* no error' table
	grep -q '^ *1 and 1 runs did not trust themselves, and 0 failed' table
	run ! grep '^.\{81\}' table
}
