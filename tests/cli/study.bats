#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# What commands other than bench measure: their records serve all that those of
# bench serve. (calibrate.bats has its own.)
#
# shellcheck disable=SC2016 # messages quote commands

load common

leader= # set by in_session

# One record of each, and what was printed as it was made.
setup_file()
{
	local dispatch=(dispatch --quiet --rounds 2 -r "fork-pool,pthread-pool"
		-w 2 --gaps "0,100")
	cd "$BATS_FILE_TMPDIR" || return
	"$BREAKEVEN" article --quiet --runs 1 -f json -o article.jsonl \
		>article.json
	"$BREAKEVEN" creation --quiet --runs 6 --max 1Mi -f json \
		-o creation.jsonl >creation.json
	"$BREAKEVEN" "${dispatch[@]}" -f json -o dispatch.jsonl >dispatch.json
	"$BREAKEVEN" trace --quiet --rounds 1 -n 4096 -r fork-pool,pthread -w 2 \
		-f json --record trace.jsonl >trace.json
	COLUMNS=80 "$BREAKEVEN" "${dispatch[@]}" -o again.jsonl >again.txt
}

setup()
{
	cd "$BATS_TEST_TMPDIR" || return
	cp "$BATS_FILE_TMPDIR"/* .
}

@test "report prints what was printed, and every other form" {
	for study in article creation dispatch trace; do
		"$BREAKEVEN" report -f json "$study.jsonl" | cmp - "$study.json"
		"$BREAKEVEN" report -f html "$study.jsonl" | grep -qi '<!doctype html>'
		"$BREAKEVEN" report -f markdown "$study.jsonl" | grep -q '^| '
		"$BREAKEVEN" report -f csv "$study.jsonl" >numbers
		head -n 1 numbers | grep -q '^study,what,unit,value,lo,hi'
		grep -q "^$study,\"" numbers
	done
	grep -v '^Record: ' again.txt | sed '$d' >due.txt
	COLUMNS=80 "$BREAKEVEN" report again.jsonl | cmp - due.txt
	grep -q '^Record: again.jsonl$' again.txt
}

@test "what a study has not is refused" {
	run -2 "$BREAKEVEN" report -f header dispatch.jsonl
	[[ $output == *'`breakeven dispatch` has no header'*"csv or json"* ]]
	run -2 "$BREAKEVEN" report -f svg -o charts trace.jsonl
	[[ ! -e charts ]]
	run -2 "$BREAKEVEN" report -f csv trace.jsonl \
		"$SOURCE"/results/reference/*.jsonl
	[[ $output == *"different columns"* ]]
	run ! "$BREAKEVEN" advise sum 1Mi --from dispatch.jsonl
	[[ $output == *'is of `breakeven dispatch`'* ]]
	run ! "$BREAKEVEN" bench --resume dispatch.jsonl
}

@test "history lists them among runs" {
	LC_ALL=C.UTF-8 "$BREAKEVEN" history . >out
	grep -q ': dispatch$' out
	tr -s ' \n' ' ' <out | grep -Eq \
		'a call that does nothing, fork-pool with 2: [0-9.]+ (ns|µs|ms);'
	"$BREAKEVEN" history -f json . >out.json
	/usr/bin/python3 - <<-'END'
	import json
	runs = {run["command"][1]: run for run in json.load(open("out.json"))}
	assert set(runs) == {"article", "creation", "dispatch", "trace"}, runs
	assert all(run["complete"] for run in runs.values())
	assert "fork" in runs["creation"]["verdicts"][0]["says"]
	END
	# Without what the line is about, it has what there is.
	"$BREAKEVEN" dispatch --quiet --rounds 1 -r fork-pool "${TWO[@]:0:2}" \
		--gaps 100 -o gaps.jsonl >/dev/null
	LC_ALL=C.UTF-8 "$BREAKEVEN" history gaps.jsonl >out
	grep -q 'fork-pool with 2, empty, gaps of 100' out
	rm gaps.jsonl
}

@test "compare holds one against another, and finds what became slower" {
	"$BREAKEVEN" compare -f json dispatch.jsonl again.jsonl >out.json
	# Rounds that scatter little, and again with one number twice as large.
	/usr/bin/python3 - <<-'END'
	import json
	values = json.load(open("out.json"))[0]["values"]
	assert len(values) == 8, values
	assert all(v["verdict"] in ("less", "more", "unresolved") for v in values)
	lines = [json.loads(x) for x in open("dispatch.jsonl")]
	rows = [x["row"] for x in lines if "row" in x]
	for row in rows:
	    for key in ("raw_rounds_ns", "rounds_ns"):
	        if key in row:
	            row[key] = [100 + i for i in range(len(row[key]))]
	def write(path):
	    with open(path, "w") as out:
	        for line in lines:
	            print(json.dumps(line), file=out)
	write("even.jsonl")
	row = [row for row in rows if row["table"] == "rows"][0]
	row["rounds_ns"] = [2 * x for x in row["rounds_ns"]]
	write("slow.jsonl")
	for row in rows:
	    if "raw_rounds_ns" in row:
	        row["raw_rounds_ns"] = [3 * x for x in row["raw_rounds_ns"]]
	write("far.jsonl")
	END
	"$BREAKEVEN" compare even.jsonl far.jsonl | grep -q "elsewhere"
	run ! grep -q "elsewhere" <("$BREAKEVEN" compare even.jsonl slow.jsonl)
	run -1 "$BREAKEVEN" compare --fail-on slower=5% even.jsonl slow.jsonl
	[[ $(grep -c ' 2.00 \[.*\] -$' <<<"$output") -eq 1 ]]
	[[ $(grep -c ' 1.00 \[.*\] ?$' <<<"$output") -eq 7 ]]
	run -0 "$BREAKEVEN" compare --fail-on slower=5% even.jsonl even.jsonl
	run -2 "$BREAKEVEN" compare dispatch.jsonl trace.jsonl
	[[ $output == *"name records of one command"* ]]
	run -2 "$BREAKEVEN" compare -k sum dispatch.jsonl again.jsonl
	run -2 "$BREAKEVEN" compare --of speedup dispatch.jsonl again.jsonl
	run -0 "$BREAKEVEN" compare --fail-on slower=5% trace.jsonl trace.jsonl
	[[ $output == *"no number has an interval"* ]]
}

@test "a record that was cut off or edited is an error, and harms nothing" {
	for study in article creation dispatch trace; do
		head -n 1 "$study.jsonl" >cut.jsonl
		run -1 "$BREAKEVEN" report cut.jsonl
		[[ $output == *"cut.jsonl"*"cut off before its end"* ]]
		for key in rows what runner rounds_ns runs workers system pages; do
			sed "s/\"$key\":/\"$key-not\":/" "$study.jsonl" >odd.jsonl
			run "$BREAKEVEN" report -f csv odd.jsonl
			((status < 2)) || { echo "$study $key"; false; }
		done
	done
	sed 's/"study":"trace"/"study":"later"/' trace.jsonl >later.jsonl
	run -1 "$BREAKEVEN" report later.jsonl dispatch.jsonl
	[[ $output == *"later.jsonl"*"another version"* ]]
	[[ $output == *"What handing out work costs"* ]]
	# But for its end: not whole.
	sed '$d' dispatch.jsonl >cut.jsonl
	run -1 "$BREAKEVEN" report cut.jsonl
	run -3 "$BREAKEVEN" compare dispatch.jsonl cut.jsonl
	[[ $output == *"cut.jsonl lacks rows"* ]]
}

@test "a record is never overwritten, and the result not lost for want of one" {
	run -1 "$BREAKEVEN" dispatch --quiet -o dispatch.jsonl
	[[ $output == *"never overwritten"* ]]
	run -1 "$BREAKEVEN" trace --quiet --record nowhere/x.jsonl
	[[ $output == *"nowhere/x.jsonl"* ]]
	# A trace that cannot be written costs neither the page nor the record.
	run -1 "$BREAKEVEN" trace --quiet --rounds 1 -n 64 -r fork-pool -w 2 \
		--record x.jsonl -o nowhere/trace.json
	[[ $output == *"nowhere/trace.json"*"Parts of a call"* ]]
	"$BREAKEVEN" report x.jsonl >/dev/null
	cmp "$BATS_FILE_TMPDIR/dispatch.jsonl" dispatch.jsonl
}

@test "interrupted before there is a result, it leaves no record" {
	in_session "$BREAKEVEN" dispatch --quiet -r fork-pool -w 2 --rounds 300
	wait_for_processes "$leader" 2 .
	kill -INT "$leader"
	wait "$leader" || true
	session_is_gone "$leader"
	run ! compgen -G "breakeven-*"
}
