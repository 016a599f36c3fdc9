# SPDX-License-Identifier: MIT
# `breakeven advise`: which record it asks, and what it says.
load common

EPYC=$BATS_FILE_TMPDIR/epyc.jsonl
XEON=$SOURCE/results/reference/xeon-2cpu-20261123.jsonl

setup_file()
{
	without_kernels "$SOURCE/results/reference/epyc-2cpu-20261125.jsonl" \
		"square_map_f64|dot|minmax" >"$EPYC"
}

advise()
{
	run --separate-stderr "$BREAKEVEN" advise "$@"
}

# Evaluate a Python expression over the JSON of the advice, called a.
advised()
{
	local what=$1
	shift
	"$BREAKEVEN" advise --format json "$@" >advised.json || return 1
	/usr/bin/python3 -c "
import json, sys
a = json.load(open('advised.json'))
if not ($what):
    sys.exit('does not hold: ' + sys.argv[1] + '\n' + json.dumps(a)[:3000])
" "$what"
}

@test "small sizes are serial's, large ones a pool's" {
	advise sum 16 --from "$EPYC"
	[ "$status" -eq 0 ]
	[[ $output == *"Use serial"* ]]
	advise sum 1Mi --from "$EPYC"
	[ "$status" -eq 0 ]
	[[ $output == *"Use openmp with 2 workers"*"cannot be told apart"* ]]
	advise sum 10k --from "$EPYC"
	[[ ${output//$'\n'    / } == *"; fork-pool with 2 workers may be faster still, it cannot be told: 2.34"* ]]
	advised 'a["answer"]["use"] == "serial" and
		a["larger"]["n"] > 4096' sum 16 --from "$EPYC"
	advised 'a["n"] == 10000 and a["answer"]["option"]["interpolated"] and
		a["smaller"]["use"] == "serial"' sum 10k --from "$EPYC"
}

@test "a pool that has to be created is spread over calls" {
	advised 'a["answer"]["use"] == "serial" and
		a["many_calls"]["use"] == "pthread-pool"' \
		sum 10k --calls 10 --from "$EPYC"
	advised 'a["answer"]["use"] == "pthread-pool"' \
		sum 10k --calls 1000000 --from "$EPYC"
}

@test "data that has to be shipped leaves nothing here but serial" {
	advised 'a["answer"]["use"] == "serial" and a["options"] == [] and
		a["other_data"]["use"] == "openmp"' \
		sum 1Mi --data shipped --from "$EPYC"
}

@test "beyond what was measured is said" {
	advise sum 1Gi --from "$EPYC"
	[ "$status" -eq 0 ]
	[[ $output == *"BEYOND what was measured, 16 to 4 Mi items"* ]]
}

@test "without --from, the newest record that holds the kernel is asked" {
	advise sum 10k
	[ "$status" -eq 1 ]
	[[ $stderr == *"breakeven bench -k 'sum'"* ]]
	cp "$EPYC" breakeven-a.jsonl
	touch -d '1 hour ago' breakeven-a.jsonl
	advised 'a["file"] == "breakeven-a.jsonl"' sum 10k
	mkdir -p results/runs
	cp "$XEON" results/runs/b.jsonl
	advised 'a["file"] == "results/runs/b.jsonl"' sum 10k
	# What does not hold it, or cannot be read, is passed over.
	sed 's/"sum"/"mus"/g' "$EPYC" >breakeven-c.jsonl
	echo nonsense >breakeven-d.jsonl
	mkdir breakeven-e.jsonl
	advised 'a["file"] == "results/runs/b.jsonl"' sum 10k
	advised 'a["file"] == "breakeven-c.jsonl"' mus 10k
	advise sum 10k
	[[ $stderr == *"breakeven-d.jsonl"* ]]
}

@test "a trusted record of the same machine goes before a newer one that is not" {
	head -n 900 "$EPYC" >breakeven-torn.jsonl
	cp "$XEON" breakeven-other.jsonl
	touch -d '2 hours ago' breakeven-other.jsonl
	advised 'a["file"] == "breakeven-torn.jsonl"' square_map 4Ki
	cp "$EPYC" breakeven-whole.jsonl
	touch -d '1 hour ago' breakeven-whole.jsonl
	advised 'a["file"] == "breakeven-whole.jsonl" and a["trusted"]' \
		square_map 4Ki
	advise square_map 4Ki
	[[ $stderr == *"breakeven-torn.jsonl is newer, but NOT TRUSTED"* ]]
}

@test "an interrupted record answers, with a warning first" {
	head -n 900 "$EPYC" >torn.jsonl
	advise square_map 4Ki --from torn.jsonl
	[ "$status" -eq 0 ]
	[[ ${lines[0]} == "Warning: the record is NOT TRUSTED"* ]]
}

@test "a wrong use is told" {
	advise nosuch 10k --from "$EPYC"
	[ "$status" -eq 2 ]
	[[ $stderr == *"there is square_map, square_map_f64, sum, dot"* ]]
	local wrong
	for wrong in "" "sum" "sum 0" "sum 10x" "sum 1..4" "sum 10k 3" \
		"sum 10k --calls 0" "sum 10k --calls many" \
		"sum 10k --data here" "sum 10k --format csv"; do
		# shellcheck disable=SC2086 # they are words
		advise $wrong
		[ "$status" -eq 2 ]
		[ -n "$stderr" ]
	done
	advise sum 10k --from missing.jsonl
	[ "$status" -eq 1 ]
	run -1 bash -c "'$BREAKEVEN' advise sum 10k --from '$EPYC' >/dev/full"
}

@test "advice keeps within its columns" {
	local n
	for n in 16 10k 1Mi 1Gi; do
		COLUMNS=80 LC_ALL=C "$BREAKEVEN" advise sum "$n" --calls 7 \
			--from "$EPYC" >advice
		run grep -cP '^.{81}|[^\x00-\x7f]' advice
		[ "$output" -eq 0 ]
	done
}
