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

@test "the answer comes first; --brief ends with it, --all leaves nothing out" {
	record=$SOURCE/results/reference/epyc-2cpu-20261125.jsonl
	COLUMNS=80 "$BREAKEVEN" report "$record" >usual
	head -n 12 usual | grep -Eq '^sum +never +1,680,000 +6,380 +6,090 +26,800 +1.90 '
	[ "$(wc -l <usual)" -le 120 ]
	run ! grep -Eq '^.{81}' <(iconv -f UTF-8 -t ASCII//TRANSLIT usual)
	grep -q '^  fork-pool (a pool of processes) needs 0.96 to 1.05 times' usual
	grep -q '^  fork (processes created per call) never pays' usual
	run ! grep -q 'Can it be trusted' usual
	COLUMNS=80 "$BREAKEVEN" report --brief "$record" >brief
	[ "$(wc -l <brief)" -le 20 ]
	cmp brief <(head -n "$(wc -l <brief)" usual)
	COLUMNS=80 "$BREAKEVEN" report --all "$record" >all
	for words in '[1,608,258 .. 1,748,081]' 'Median time of a call' \
		'Can it be trusted?' 'How to repeat it'; do
		grep -qF "$words" all
	done
}

@test "what never pays does so up to a size at which every kernel was measured" {
	sed '/"kernel":"sum","n":[1-4]......,/d' \
		"$SOURCE/$reference" >cut.jsonl
	report --brief cut.jsonl | tr -s '\n ' ' ' >answer
	grep -q 'fork (processes created per call) never pays: up to 256 Ki items' answer
}

@test "of more than two workers, how far apart they are is told" {
	sed '1s/"plan":/"links":{"workers":64,"least_ns":41.5,"median_ns":180.25,"most_ns":412},&/' \
		"$SOURCE/$reference" >many.jsonl
	report --all many.jsonl | tr -s '\n ' ' ' |
		grep -q "; between a worker of a pool of 64 and the one that releases it, there and back, 41.5 ns to 412 ns, in the median 180 ns;"
	holds many.jsonl "r['proof']['links'] == {'workers': 64,
		'least_ns': 41.5, 'median_ns': 180.25, 'most_ns': 412}"
	holds "$SOURCE/$reference" "r['proof']['links'] is None"
	for links in 7 '{"workers":8}' '{"workers":-1,"least_ns":1,"median_ns":2,"most_ns":3}' \
		'{"workers":8,"least_ns":1,"median_ns":"two","most_ns":3}' \
		'{"workers":8,"least_ns":3,"median_ns":2,"most_ns":1}'; do
		sed "1s/\"plan\":/\"links\":$links,&/" "$SOURCE/$other" >odd.jsonl
		holds odd.jsonl "r['proof']['links'] is None"
	done
}

@test "json of several records is an array of their objects" {
	run --separate-stderr report -f json "$SOURCE/$reference" "$SOURCE/$other"
	python3 -c 'import json, sys
one, two = json.load(sys.stdin)
assert one["machine"]["model"] != two["machine"]["model"]' <<<"$output"
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
	# One that is content, and draws nothing.
	ln -sf "$(type -P true)" bin/gnuplot
	PATH=$PWD/bin run -1 "$BREAKEVEN" report -f svg -o none "$SOURCE/$reference"
	[[ $output == *"drawn nothing"* ]]
	PATH=$PWD/bin report -f html -o page.html "$SOURCE/$reference"
	grep -q 'charts are left out: gnuplot ended well' page.html
	run ! grep -Eq '<figcaption|<figure class="bars"' page.html
}

@test "html: each element of a chart that is opened is closed" {
	report -f html -o page.html "$SOURCE/$reference"
	/usr/bin/python3 -c "
import re
page = open('page.html').read()
charts = re.findall(r'<svg id=\"chart-.*?</svg>', page, re.S)
assert len(charts) > 5, len(charts)
for chart in charts:
    opened = []
    for close, tag, rest in re.findall(r'<(/?)(\w+)([^>]*)>', chart):
        if close:
            assert opened.pop() == tag, (tag, opened)
        elif not rest.endswith('/'):
            opened.append(tag)
    assert not opened, opened"
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
	grep -q 'Where the time of a call goes' there.html
	report -f json there.jsonl | /usr/bin/python3 -c "
import json, sys
split, = json.load(sys.stdin)['splits']
assert split['kernel'] == 'sum' and split['n'] > 0
assert [row['runner'] for row in split['rows']] == ['serial']"
	short next.jsonl -k sum -r serial --html="named so.html" 2>err
	[[ $(cat err) == *"named%20so.html"* ]]
	grep -q '</html>' "named so.html"
	run -1 "$BREAKEVEN" bench -k sum -r serial -n 16..1024 "${ONCE[@]}" \
		-o third.jsonl --html=/nowhere/page.html
	[[ $output == *"/nowhere/page.html cannot be written"* ]]
	grep -q '"complete":true' third.jsonl
}

@test "json is as docs/report.schema.json says" {
	short run.jsonl -k sum,empty -r serial,openmp,planted -w 1,2
	head -n 60 run.jsonl >cut.jsonl
	for record in "$SOURCE/$reference" "$SOURCE/$other" run.jsonl cut.jsonl; do
		report -f json "$record" >report.json
		/usr/bin/python3 - "$SOURCE/docs/report.schema.json" <<-'END'
			import json, jsonschema, sys
			schema = json.load(open(sys.argv[1]))
			jsonschema.Draft202012Validator.check_schema(schema)
			jsonschema.validate(json.load(open("report.json")), schema)
		END
	done
}

@test "benchmark: compare.py takes it, and its times are the record's" {
	report -f benchmark -o 1.json "$SOURCE/$reference"
	cp 1.json 2.json
	run -0 /usr/bin/python3 /usr/share/benchmark/compare.py benchmarks 1.json 2.json
	[[ $output == *"U Test, Repetitions: 6 vs 6"* ]]
	report -f json "$SOURCE/$reference" >report.json
	/usr/bin/python3 - <<-'END'
		import json, statistics
		times = {}
		for b in json.load(open("1.json"))["benchmarks"]:
		    times.setdefault(b["name"], []).append(b["real_time"])
		cells = [c for c in json.load(open("report.json"))["cells"]
		         if c["runner_ns"]]
		for c in cells:
		    name = "{kernel}/{runner}/workers:{workers}/n:{n}".format(**c)
		    assert len(times[name]) >= c["generations"], name
		    assert min(times[name]) <= c["runner_ns"] <= max(times[name]), c
		bases = {(c["kernel"], c["n"]) for c in cells}
		assert len(times) == len(cells) + len(bases)
	END
	run -2 "$BREAKEVEN" report -f benchmark "$SOURCE/$reference" "$SOURCE/$other"
	[[ $output == *"one record only"* ]]
}

@test "header: C and C++ take it, and its thresholds are the record's" {
	report -f header -o thresholds.h "$SOURCE/$reference"
	report -f json "$SOURCE/$reference" >report.json
	/usr/bin/python3 - >use.c <<-'END'
		import json, math
		print('#include "thresholds.h"\n#include "thresholds.h"')
		print("int main(void)\n{\n\tsize_t n = 1;\n")
		for b in json.load(open("report.json"))["breakeven"]:
		    name = "BREAKEVEN_" + (b["kernel"] + "_" + b["runner"]).upper()
		    due = f'{math.ceil(b["n_star"]) - 1}u' if b["n_star"] else "SIZE_MAX"
		    name = name.replace("-", "_")
		    print(f"\tif ({name} != {due} || n > {name})\n\t\treturn 1;")
		print("\treturn 0;\n}")
	END
	sed -i '1i #include <stddef.h>' use.c
	cc -std=c11 -Wall -Wextra -Werror -pedantic use.c -o use && ./use
	c++ -x c++ -std=c++17 -Wall -Wextra -Werror -pedantic use.c -o use && ./use
	grep -q 'sum under openmp, 2 workers: from 26,800 items' thresholds.h
}

@test "header: what is not known never pays; names tell workers apart" {
	head -n 1 "$SOURCE/$reference" >none.jsonl
	echo '{"note":{"kind":"failed","kernel":"sum","runner":"openmp:schedule=dynamic","workers":2,"n":0,"generation":1,"reason":"so */ be it"}}' >>none.jsonl
	echo '{"note":{"kind":"failed","kernel":"sum","runner":"openmp:schedule=dynamic","workers":4,"n":0,"generation":1,"reason":"no"}}' >>none.jsonl
	run --separate-stderr -3 "$BREAKEVEN" report -f header -o thresholds.h none.jsonl
	# shellcheck disable=SC2154 # set by run
	[[ $stderr == *"2 thresholds are not known"* ]]
	grep -q '^#define BREAKEVEN_SUM_OPENMP_SCHEDULE_DYNAMIC_W2 SIZE_MAX$' thresholds.h
	grep -q '^#define BREAKEVEN_SUM_OPENMP_SCHEDULE_DYNAMIC_W4 SIZE_MAX$' thresholds.h
	grep -q '^#define BREAKEVEN_SUM_OPENMP_SCHEDULE_DYNAMIC_W4_KNOWN 0$' thresholds.h
	grep -q 'NOT TRUSTED' thresholds.h
	cc -fsyntax-only -Wall -Werror -x c thresholds.h
}

@test "a record of a million samples takes no more than 200 MiB" {
	[ -z "$SANITIZE" ] || skip "sanitizers need more memory"
	"$SOURCE/tests/report/big_record.py" "$SOURCE/$reference" >big.jsonl
	/usr/bin/python3 - "$BREAKEVEN" <<-'END'
	import resource, subprocess, sys
	for form in ("table", "benchmark", "html"):
	    subprocess.run([sys.argv[1], "report", "-f", form, "-o", "out",
	                    "big.jsonl"], check=True)
	most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
	assert most < 200 << 10, most
	END
	[ "$(stat -c %s out)" -lt $((2 << 20)) ]
}
