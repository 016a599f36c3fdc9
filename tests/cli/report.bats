#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# What a record is told as, in files.

load common

reference=results/reference/epyc-2cpu-20261125.jsonl
other=results/reference/xeon-2cpu-20261123.jsonl

report()
{
	"$BREAKEVEN" report "$@"
}

@test "svg and png: a file for each chart, in a folder that is made" {
	report -f svg -o charts "$SOURCE/$reference"
	report -f png -o charts "$SOURCE/$reference"
	svgs=(charts/*.svg) pngs=(charts/*.png)
	[ ${#svgs[@]} -eq 11 ]
	[ ${#pngs[@]} -eq 11 ]
	for svg in charts/*.svg; do
		python3 -c 'import sys, xml.dom.minidom as x; x.parse(sys.argv[1])' "$svg"
		[ "$(grep -c '</svg>' "$svg")" -eq 1 ]
	done
	grep -q 'pthread-pool' charts/sum-speedup.svg
	grep -q 'serial' charts/sum-time.svg
	for png in charts/*.png; do
		[ "$(head -c 4 "$png" | tail -c 3)" = PNG ]
		[ "$(tail -c 8 "$png" | head -c 4)" = IEND ]
	done
}

@test "svg: several records keep apart" {
	report -f svg -o both "$SOURCE/$reference" "$SOURCE/$other"
	ls both/1-sum-speedup.svg both/2-sum*speedup.svg
	all=(both/*)
	[ ${#all[@]} -gt 20 ]
}

@test "svg: no folder, none that can be made, no gnuplot, nothing to draw" {
	run -2 "$BREAKEVEN" report -f svg "$SOURCE/$reference"
	[[ $output == *"name a folder"* ]]
	touch file
	run -1 "$BREAKEVEN" report -f svg -o file "$SOURCE/$reference"
	[[ $output == *"file"*"Not a directory"* ]]
	PATH=/nowhere run -1 "$BREAKEVEN" report -f svg -o none "$SOURCE/$reference"
	[[ $output == *"no gnuplot"*"gnuplot-nox"* ]]
	[ ! -e none ]
	head -n 1 "$SOURCE/$reference" >empty.jsonl
	run -1 "$BREAKEVEN" report -f svg -o none empty.jsonl
	[[ $output == *"nothing to draw"* ]]
	[ ! -e none ]
}

@test "svg: a gnuplot that fails is quoted, and leaves nothing" {
	mkdir bin
	printf '#!/bin/sh\necho "line 0: no such terminal" >&2\nexit 3\n' >bin/gnuplot
	chmod +x bin/gnuplot
	PATH=$PWD/bin run -1 "$BREAKEVEN" report -f svg -o none "$SOURCE/$reference"
	[[ $output == *"gnuplot says: line 0: no such terminal"* ]]
	[ ! -e none ]
	PATH=$PWD/bin report -f html -o page.html "$SOURCE/$reference"
	grep -q 'charts are left out: gnuplot says: line 0' page.html
}

@test "html: one kernel, one size; a record that was cut off says so" {
	head -n 40 "$SOURCE/$reference" >cut.jsonl
	report -f html -o page.html cut.jsonl
	grep -q 'NOT TRUSTED' page.html
	[[ $(tail -n 1 page.html) == "</html>" ]]
}

@test "bench --html leaves a page, and says where" {
	short there.jsonl -k sum -r serial --html 2>err
	[[ $(cat err) == *"the page is file://$PWD/there.html"* ]]
	grep -q '</html>' there.html
	short next.jsonl -k sum -r serial --html="named so.html" 2>err
	[[ $(cat err) == *"named%20so.html"* ]]
	grep -q '</html>' "named so.html"
	run -1 "$BREAKEVEN" bench -k sum -r serial -n 16..1024 --budget 2 \
		--quiet -o third.jsonl --html=/nowhere/page.html
	[[ $output == *"/nowhere/page.html cannot be written"* ]]
	grep -q '"complete":true' third.jsonl
}
