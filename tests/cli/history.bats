#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# A list of runs, from the first and the last lines of their records.

load common

reference=results/reference

history()
{
	"$BREAKEVEN" history "$@"
}

@test "runs are listed, the newest first, with what they concluded" {
	history "$SOURCE/$reference" >out
	[ "$(grep -nm1 'AMD EPYC' out | cut -d: -f1)" -lt "$(grep -n 'Xeon' out | cut -d: -f1)" ]
	grep -Eq 'sum: +fork never; pthread 1,703,161' out
	[ "$(wc -L <out)" -le 100 ]
	COLUMNS=60 history "$SOURCE/$reference" >out
	[ "$(grep -v jsonl out | wc -L)" -le 60 ]
}

@test "one kernel under one runner is a line a run; verdicts are the record's" {
	history -k sum -r openmp "$SOURCE/$reference" >out
	[ "$(grep -c '^2026-' out)" -eq 3 ]
	grep -q '26,800 \[25,967 \.\. 27,413\]' out
	run --separate-stderr history -k nope "$SOURCE/$reference"
	[ "$status" -eq 1 ]
	[ -z "$output" ]
	# shellcheck disable=SC2154 # set by run
	[[ $stderr == *"the kernel 'nope'; there is "*sum* ]]
	history -f json "$SOURCE/$reference" >all.json
	/usr/bin/python3 - "$SOURCE/$reference" <<-'END'
	import glob, json, sys
	runs = json.load(open("all.json"))
	assert len(runs) == 3
	for run in runs:
	    lines = [json.loads(x) for x in open(run["file"])]
	    due = [x["verdict"] for x in lines if "kernel" in x.get("verdict", {})
	           and x["verdict"].get("base", "serial") == "serial"]
	    assert run["verdicts"] == due and run["complete"]
	    assert run["machine"] == lines[0]["machine"]
	END
}

@test "what cannot be read, or was cut off, is told, and the rest is listed" {
	mkdir runs
	cp "$SOURCE/$reference/epyc-2cpu-20261125.jsonl" runs/whole.jsonl
	head -n 200 runs/whole.jsonl >runs/cut.jsonl
	head -c 100 runs/whole.jsonl >runs/header.jsonl
	echo '{"breakeven":99}' >runs/newer.jsonl
	: >runs/empty.jsonl
	run --separate-stderr history runs nosuch.jsonl
	[ "$status" -eq 1 ]
	[[ $output == *INTERRUPTED*runs/cut.jsonl* ]]
	[[ $output == *runs/whole.jsonl* ]]
	# shellcheck disable=SC2154 # set by run
	for name in runs/header.jsonl runs/newer.jsonl runs/empty.jsonl \
		nosuch.jsonl; do
		[[ $stderr == *"$name: "* ]]
	done
	[[ $stderr == *"newer breakeven"* ]]
}

@test "a run leaves whether it was trusted; by default, records here" {
	"$BREAKEVEN" bench -k sum -r serial -n 16..16 "${ONCE[@]}" >out
	history -f json >list.json
	"$BREAKEVEN" report -f json ./*.jsonl >report.json
	/usr/bin/python3 - <<-'END'
	import json
	(run,) = json.load(open("list.json"))
	assert run["complete"]
	assert run["trusted"] == json.load(open("report.json"))["trusted"]
	END
	rm ./*.jsonl
	run history
	[ "$status" -eq 0 ]
	[[ $output == *"no record"* ]]
}
