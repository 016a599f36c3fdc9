#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# How many workers; and machines that are not here, for whole runs.

load common

SIXTEEN="pack:2 numa:2 l3:1 core:4 pu:1"

setup_file()
{
	cd "$BATS_FILE_TMPDIR" || return 1
	"$BUILD/breakeven" scale --pretend "$SIXTEEN" -k sum,square_map \
		-r pthread-pool,fork-pool -n 256..16Ki --rounds 1 --epoch 50 \
		--generations 6 --quiet -o scale.jsonl >page 2>notes
}

@test "scale measures the numbers of workers at which a machine changes" {
	page=$BATS_FILE_TMPDIR/page
	grep -q "How many workers" "$page"
	grep -q "NOT TRUSTED.*pretended" <(tr '\n' ' ' <"$page")
	for table in "what is best at each size" "by number of workers" \
		"laws fitted"; do
		grep -q "$table" "$page"
	done
	"$BREAKEVEN" report -f scale-json "$BATS_FILE_TMPDIR/scale.jsonl" >x.json
	python3 - x.json <<-'END'
		import json, sys
		d = json.load(open(sys.argv[1]))
		assert d["workers"] == [1, 2, 4, 8, 16], d["workers"]
		assert d["complete"] and not d["trusted"], d
		assert len(d["lines"]) == 4, d["lines"]
		for line in d["lines"]:
		    assert [p["workers"] for p in line["points"]] == d["workers"]
		    assert line["n"] == 16384, line
		    for p in line["points"]:
		        ratio = p["speedup"] / p["workers"]
		        assert abs(p["efficiency"] - ratio) < 1e-4 * ratio, p
		sizes = [b["n"] for b in d["best"] if b["kernel"] == "sum"]
		assert sizes == [256, 1024, 4096, 16384], sizes
	END
}

@test "charts: speed-ups by number of workers, in the page and as files" {
	"$BREAKEVEN" report -f scale-html -o scale.html \
		"$BATS_FILE_TMPDIR/scale.jsonl"
	grep -q "</html>" scale.html
	for kernel in sum square_map; do
		grep -q "<h2[^>]*>$kernel" scale.html
	done
	# Speed-ups of two kernels; what is best may not be known.
	(($(grep -c 'class="chart"' scale.html) >= 2))
	grep -q "pthread-pool with 1, 16.*items: " scale.html
	"$BREAKEVEN" report -f svg -o charts "$BATS_FILE_TMPDIR/scale.jsonl"
	for kernel in sum square_map; do
		python3 -c 'import sys, xml.dom.minidom as x; x.parse(sys.argv[1])' \
			charts/$kernel-workers.svg
	done
	PATH=/nowhere "$BREAKEVEN" report -f scale-html -o bare.html \
		"$BATS_FILE_TMPDIR/scale.jsonl"
	grep -q "charts are left out: .*gnuplot" bare.html
	run ! grep -q 'class="chart"' bare.html
}

@test "every worker has work, and every result is serial's" {
	python3 - "$BATS_FILE_TMPDIR/scale.jsonl" <<-'END'
		import json, sys
		lines = [json.loads(line) for line in open(sys.argv[1])]
		assert lines[0]["pretended"], lines[0]
		assert lines[0]["machine"]["cpus"] == 16
		blocks = [line["block"] for line in lines if "block" in line]
		assert not [line for line in lines if "note" in line]
		kernels = [b for b in blocks if b["kernel"] in ("sum", "square_map")]
		assert kernels
		for b in kernels:
		    shares = min(16, b["n"] // 64)
		    assert b["tiles"] == shares, b
		    for s in b["series"]:
		        if s["role"] == "runner" and s["workers"] < 16:
		            assert s.get("tiles", b["tiles"]) == min(
		                s["workers"], shares), (b["n"], s)
	END
}

@test "the record of scale is a run: report, history and compare take it" {
	cp "$BATS_FILE_TMPDIR/scale.jsonl" .
	"$BREAKEVEN" report --brief scale.jsonl >brief
	grep -q "^sum *16 " brief
	"$BREAKEVEN" report -f html scale.jsonl >page.html
	grep -q "</html>" page.html
	"$BREAKEVEN" report -f csv scale.jsonl >cells
	grep -q "^cell,sum,pthread-pool,16," cells
	COLUMNS=200 "$BREAKEVEN" history scale.jsonl >runs
	grep -q "NOT TRUSTED" runs
	# A cell of each kernel, runner, number of workers and size.
	"$BREAKEVEN" compare scale.jsonl scale.jsonl >same
	grep -q "all 80 cells" <(tr '\n' ' ' <same)
	for format in scale table markdown; do
		"$BREAKEVEN" report -f "$format" scale.jsonl >/dev/null
	done
}

@test "a bench on a pretended machine of 64 cores takes two, a cache, and all" {
	"$BREAKEVEN" bench --pretend "pack:2 l3:4 core:8 pu:2" -k sum \
		-r pthread-pool -n 64Ki --rounds 1 --epoch 50 --generations 1 \
		--quiet -o x.jsonl >/dev/null 2>notes
	grep -q "64 workers at most, one for each core: .* --workers 128" notes
	grep -o '"name":"pthread-pool"[^}]*' x.jsonl | grep -o '"workers":[0-9]*' |
		tr '\n' ' ' | grep -q '"workers":2 "workers":8 "workers":64'
}

@test "what cannot be pretended is refused" {
	run -2 "$BREAKEVEN" bench --pretend "core:nonsense" -k sum
	[[ $output == *"core:nonsense"* ]]
	run -2 "$BREAKEVEN" scale --pretend "$PWD/none.xml" -k sum
	[[ $output == *"none.xml"* ]]
	run -0 "$BREAKEVEN" scale --help
	[[ $output != *"pretend"* ]]
}

@test "a record of one number of workers has no page of several" {
	"$BREAKEVEN" bench -k sum -r pthread-pool -w 1 -n 1Ki --rounds 1 \
		--generations 1 --epoch 50 --quiet -o x.jsonl >/dev/null
	"$BREAKEVEN" report -f scale x.jsonl >page
	grep -q "One number of workers was measured" page
}
