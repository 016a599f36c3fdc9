#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The commands that measure, and what they leave.

load common

@test "the examples print what the article's programs print" {
	run "$BUILD/examples/process"
	[ "$status" -eq 0 ]
	[ "${#lines[@]}" -eq 5 ]
	for i in 0 1 2 3 4; do
		grep -Eq "^Child process Process-$i is running, process ID is: [0-9]+$" <<<"$output"
	done
	[ "$(grep -Eo '[0-9]+$' <<<"$output" | sort -u | wc -l)" -eq 5 ]
	run "$BUILD/examples/pool_map"
	[ "$status" -eq 0 ]
	[ "$output" = "[1, 4, 9, 16, 25]" ]
}

@test "bench prints a table and keeps a complete record" {
	run short x.jsonl -k sum,square_map -r fork-pool,serial --seed 7
	echo "$output"
	[ "$status" -eq 0 ]
	[[ $output == *sum*square_map* ]]
	holds x.jsonl "r['complete'] and
		{c['kernel'] for c in r['cells']} == {'sum', 'square_map'} and
		{c['runner'] for c in r['cells']} == {'fork-pool', 'serial'} and
		all(c['base'] == 'serial' and c['regime'] == 'warm' and
		c['placement'] in ('near', 'far', 'one', 'unknown')
		for c in r['cells']) and len(r['breakeven']) >= 4"
}

@test "what is counted is the whole plan, and needs no budget" {
	short x.jsonl -k sum -r fork-pool,pthread-pool --rounds 4 --generations 3
	/usr/bin/python3 - <<-'END'
	import json
	lines = [json.loads(line) for line in open("x.jsonl")]
	plan = lines[0]["plan"]
	assert (plan["rounds"], plan["generations"], plan["budget_s"]) == (4, 3, 0)
	assert plan["epoch_ns"] == 100e3
	blocks = [x["block"] for x in lines if "block" in x]
	assert {b["generation"] for b in blocks} == {1, 2, 3}
	seen = [(b["generation"], b["n"], s["runner"], len(s["ns"]))
	        for b in blocks if b["kernel"] == "sum" for s in b["series"]
	        if s["role"] == "runner"]
	assert sorted(seen) == sorted(
	    (g, n, r, 4) for g in (1, 2, 3) for n in (16, 64, 256, 1024)
	    for r in ("fork-pool", "pthread-pool")), seen
	assert lines[-1]["complete"]
	END
	# A budget beside it may end it sooner.
	run short y.jsonl -k sum -r fork-pool --generations 1000 --budget 0.5
	[ "$status" -le 1 ]
	[ ! -e y.jsonl ] || holds y.jsonl "r['complete']"
}

@test "more workers than CPUs are capped, or allowed where that is asked for" {
	need_two_cpus
	short x.jsonl -k sum -r pthread-pool:workers=64 2>err
	grep -q 'capped' err
	holds x.jsonl "all(c['workers'] < 64 for c in r['cells'])"
	short y.jsonl -k sum -r pthread-pool:workers=64 --oversubscribe 2>err
	run ! grep -q 'capped' err
	grep -q 'they take turns' err
	holds y.jsonl "{c['workers'] for c in r['cells']} == {64}"
}

@test "names in the report are those that the user typed" {
	short x.jsonl -k spin:ops=25 -r planted:alpha=50000:speedup=2,fork-pool:wait=spin
	holds x.jsonl "{c['runner'] for c in r['cells']} ==
		{'planted:alpha=50000:speedup=2', 'fork-pool:wait=spin'} and
		{c['kernel'] for c in r['cells']} == {'spin:ops=25'}"
}

@test "several numbers of workers are several rows" {
	short x.jsonl -k sum -r pthread-pool,planted:workers=2 -w 1,2
	holds x.jsonl "{(c['runner'], c['workers']) for c in r['cells']} ==
		{('pthread-pool', 1), ('pthread-pool', 2), ('planted:workers=2', 2)}"
}

@test "the regime tells creation from dispatch" {
	short x.jsonl -k sum -r fork,pthread,fork-pool
	holds x.jsonl "{(c['runner'], c['regime']) for c in r['cells']} ==
		{('fork', 'one-shot'), ('pthread', 'one-shot'), ('fork-pool', 'warm')}"
}

@test "workers with memory of their own compute the same" {
	[ -z "$SANITIZE" ] || skip "once is enough"
	kernels=square_map,sum,dot,minmax,triad,copy,fill,stencil,scan,histogram,matmul,mandelbrot,collatz
	run short x.jsonl -k "$kernels" \
		-r pipe-pool,pipe-pool:channel=pipe,fork-cow,spawn,pthread-gil
	echo "$output"
	[ "$status" -eq 0 ]
	holds x.jsonl "{c['verdict'] for c in r['cells']} <=
		{'slower', 'unresolved', 'equal', 'faster'} and
		{(c['runner'], c['regime']) for c in r['cells']} ==
		{('pipe-pool', 'warm+ship'), ('pipe-pool:channel=pipe', 'warm+ship'),
		('fork-cow', 'one-shot'), ('spawn', 'one-shot'), ('pthread-gil', 'warm')}"
}

@test "workers with memory of their own need no shared arena" {
	short x.jsonl -k sum,square_map --arena private -r pipe-pool,fork-cow,fork,spawn
	holds x.jsonl "{(c['runner'], c['verdict'] == 'skipped') for c in r['breakeven']} ==
		{('pipe-pool', False), ('fork-cow', False), ('fork', True), ('spawn', True)}"
}

@test "--memory says on which nodes data lies, and where it was found" {
	for policy in first-touch local interleave 0; do
		rm -f x.jsonl
		short x.jsonl -k sum,square_map -r pthread-pool,fork-pool,fork-cow \
			--memory $policy
		grep -q "\"memory\":\"$policy\"" x.jsonl
		if ! grep -q '"nodes":null' x.jsonl && grep -q '"nodes":' x.jsonl; then
			run ! grep -q '"nodes":\[0*\]' x.jsonl
			COLUMNS=400 "$BREAKEVEN" report x.jsonl >page
			grep -q "by --memory $policy; of its pages, [0-9]* % were found" page
		fi
		holds x.jsonl "all(c['verdict'] != 'invalid' for c in r['cells'])"
	done
	run --separate-stderr -2 "$BREAKEVEN" bench --memory 4095
	# shellcheck disable=SC2154 # set by run
	[[ $stderr == *"this machine has "*" NUMA node"* ]]
	run --separate-stderr -2 "$BREAKEVEN" bench --memory elsewhere
	[[ $stderr == *"first-touch, local, interleave"* ]]
	run --separate-stderr -2 "$BREAKEVEN" bench --memory first-touch --pin none
	[[ $stderr == *"--pin none"* ]]
}

@test "the table fits 100 columns without colour" {
	short x.jsonl -k sum,dot -r fork,pthread,fork-pool,pthread-pool,openmp >table
	run ! grep -q $'\033' table
	run ! grep -Eq '^.{101,}$' table
	COLUMNS=80 "$BREAKEVEN" report x.jsonl >narrow
	run ! grep -Eq '^.{81,}$' narrow
}

@test "every format tells the same numbers" {
	generations=6
	[ -z "$SANITIZE" ] || generations=1
	short x.jsonl -k sum -r fork-pool --generations "$generations"
	"$BREAKEVEN" report --format csv x.jsonl >x.csv
	"$BREAKEVEN" report --format json x.jsonl >x.json
	/usr/bin/python3 - <<-END
	import csv, json
	rows = list(csv.DictReader(open('x.csv')))
	cells = json.load(open('x.json'))['cells']
	times = [float(r['runner_ns']) for r in rows if r['n'] and r['runner_ns']]
	cells = [c for c in cells if c['runner_ns']]
	assert len(times) == len(cells) and json.load(open('x.json'))['cells']
	for t, c in zip(times, cells):
	    assert abs(t / c['runner_ns'] - 1) < 1e-4, (t, c)
	END
}

@test "grid: google-benchmark's filter, list, file and compare.py" {
	run "$BREAKEVEN" grid -k sum,dot -r fork-pool -n 64..256 -o a.jsonl \
		--benchmark_list_tests
	[ "$status" -eq 0 ]
	[[ $output == *sum/fork-pool*n:64* ]]
	for i in 1 2; do
		"$BREAKEVEN" grid -k sum,dot -r fork-pool,openmp -n 64..256 \
			"${ONCE[@]}" -o "$i.jsonl" '--benchmark_filter=sum/(fork-pool|serial)' \
			--benchmark_out="$i.json" >console
		grep -q 'sum/fork-pool' console
		run ! grep -q 'dot/\|openmp' console
	done
	run /usr/bin/python3 /usr/share/benchmark/compare.py benchmarks 1.json 2.json
	echo "$output"
	[ "$status" -eq 0 ]
	[[ $output == *sum/fork-pool* ]]
}

@test "--require-trust: a run that is not trusted ends with 3" {
	run -3 short x.jsonl -k sum -r serial --require-trust
	[[ $output == *"NOT TRUSTED, and --require-trust was given"* ]]
	grep -q '^{"end"' x.jsonl
	run -3 "$BREAKEVEN" grid -k sum -r serial -n 16 "${ONCE[@]}" \
		--require-trust -o y.jsonl
	[[ $output == *"NOT TRUSTED, and --require-trust was given"* ]]
}

@test "grid: google-benchmark's own mistakes are refused" {
	run "$BREAKEVEN" grid -k sum -r serial -n 64 --benchmark_no_such_flag=1
	[ "$status" -eq 2 ]
	run "$BREAKEVEN" grid -k sum -r serial -n 64 --benchmark_enable_random_interleaving=true
	[ "$status" -eq 2 ]
	run "$BREAKEVEN" grid -k sum -r serial -n 64 --benchmark_filter=nothing_matches
	[ "$status" -eq 2 ]
	[[ $output == *"no cell matches"* ]]
	run "$BREAKEVEN" grid -k sum -r serial -n 64 --benchmark_out=/dev/full
	[ "$status" -eq 1 ]
	# The file is read, whatever flags follow its own.
	run -1 "$BREAKEVEN" grid -k sum -r serial -n 16 "${ONCE[@]}" -o z.jsonl \
		--benchmark_out=/dev/full --benchmark_counters_tabular=true
	[[ $output == *"/dev/full was not written whole"* ]]
}

@test "private memory leaves out processes, and says why" {
	run short x.jsonl -k sum,square_map -r fork,fork-pool,pthread-pool,openmp \
		--arena private
	echo "$output"
	[ "$status" -eq 0 ]
	[[ $output == *"private memory"* ]]
	[ "$(grep -c 'skipped: fork.* private memory' <<<"${output//$'\n'    / }")" -eq 2 ]
	head -n 1 x.jsonl | grep -q '"arena":"private"'
	holds x.jsonl "r['complete'] and r['arena'] == 'private' and
		{(c['runner'], c['verdict'] == 'skipped') for c in r['breakeven']} ==
		{('fork', True), ('fork-pool', True), ('pthread-pool', False),
		('openmp', False)} and
		{x for _, x, _ in done} == {'pthread-pool', 'openmp'}"
}

@test "huge pages are had, or what is missing is said before anything runs" {
	run short x.jsonl -k sum -r pthread-pool,fork-pool --arena huge
	echo "$output"
	if [ "$status" -eq 0 ]; then
		[[ $output == *"huge pages"* ]]
		holds x.jsonl "r['arena'] == 'huge' and
			all(c['verdict'] != 'failed' for c in r['cells'])"
	else
		[ "$status" -eq 1 ]
		[[ $output == *vm.nr_hugepages*shmem_enabled* ]]
		[ ! -e x.jsonl ]
	fi
}

@test "grid: the kind of memory is in google-benchmark's context" {
	"$BREAKEVEN" grid -k sum -r pthread-pool -n 64 --arena private \
		"${ONCE[@]}" -o x.jsonl --benchmark_format=json >x.json
	grep -q '"arena": "private"' x.json
}

@test "openmp is measured beside loops written by hand" {
	# What it costs is told of six generations.
	"$BREAKEVEN" bench -k dot,triad,sum -r openmp,pthread-pool -n 1Mi \
		--rounds 2 --epoch 100 --quiet --all -o x.jsonl >table
	tr -s ' \n' ' ' <table >words
	grep -q 'openmp .*costs .* over a loop written by hand (dot, n = 1 Mi' words
	grep -q 'by hand (triad' words
	[ "$(grep -c '"runner":"openmp","workers":[0-9]*,"role":"control"' x.jsonl)" -ge 12 ]
	run ! grep -q '"note"' x.jsonl
	holds x.jsonl "[(c['kernel'], c['runner']) for c in r['controls']] ==
		[('dot', 'openmp'), ('triad', 'openmp')] and
		all(c['cost'] > 0 for c in r['controls']) and
		{c['runner'] for c in r['cells']} == {'openmp', 'pthread-pool'}"
	"$BREAKEVEN" grid -k dot -r openmp -n 1Mi --rounds 1 --quiet -o y.jsonl \
		--benchmark_format=json >y.json 2>said
	grep -q 'by hand (dot' said
	/usr/bin/python3 -m json.tool y.json >/dev/null
}

@test "roof: speeds beside their ceilings, and again from the record" {
	COLUMNS=80 "$BREAKEVEN" roof -n 16Ki,64Ki,100Gi --rounds 1 --quiet \
		-o x.jsonl >table
	cat table
	run ! grep -Eq '^.{81,}$| $' table
	# One of one worker, and one of all where there are more.
	tables=$(grep -c '^GB/s and share of the ceiling, ' table)
	for kernel in square_map square_map_f64 triad sum dot minmax copy fill; do
		[ "$(grep -cE "^$kernel +[0-9]" table)" -eq "$tables" ]
	done
	grep -q 'Left out' table
	grep -q 'does not fit' table
	COLUMNS=80 "$BREAKEVEN" report --format roof x.jsonl | cmp - table
	"$BREAKEVEN" report --format roof-json x.jsonl >x.json
	/usr/bin/python3 - <<-END
	import json
	speeds = json.load(open('x.json'))['speeds']
	assert len(speeds) == 8 * 3 * $tables
	for s in speeds:
	    here = s['working_set'] < 1 << 20
	    assert (s['gbs'] is not None) == here, s
	    assert (s['share'] is not None) == (here and s['kind'] != 'ceiling'), s
	    item = {'sum': 8, 'minmax': 8, 'fill': 8, 'triad': 24}.get(s['kernel'], 16)
	    assert s['n'] == s['working_set'] // item, s
	for s in (16384, 65536):
	    for w in {x['workers'] for x in speeds}:
	        # In any generation one of them is the fastest.
	        of = [x for x in speeds if x['kind'] == 'reader'
	              and x['working_set'] == s and x['workers'] == w]
	        assert max(x['share'] for x in of) <= 1
	        assert max(x['share_interval'][1] for x in of) == 1
	END
}

@test "roof: a pool of one worker is not told twice" {
	"$BREAKEVEN" roof -k sum -n 16Ki -w 1 "${ONCE[@]}" -o x.jsonl >table
	[ "$(grep -c '^GB/s and share of the ceiling, ' table)" -eq 1 ]
	[ "$(grep -cE '^sum +[0-9]' table)" -eq 1 ]
	need_two_cpus
	"$BREAKEVEN" roof -k sum -n 16Ki -w 2 "${ONCE[@]}" -o y.jsonl >table
	[ "$(grep -c '^GB/s and share of the ceiling, ' table)" -eq 2 ]
}

@test "roof: what has no working sets says so, and kernels are chosen" {
	short x.jsonl -k sum -r serial
	"$BREAKEVEN" report --format roof x.jsonl | grep -q 'no working sets'
	"$BREAKEVEN" roof -k sum -n 16Ki "${ONCE[@]}" --format json \
		-w 1 -o y.jsonl >y.json
	grep -q '"kernel": "copy"' y.json
	grep -q '"kernel": "sum"' y.json
	run ! grep -q triad y.json
}

@test "the same seed gives the same order, and is in the record" {
	short a.jsonl -k sum -r serial --seed 42
	head -n 1 a.jsonl | grep -q '"seed":42'
}

@test "a kernel or runner is one file and one line, out of tree too" {
	[ -z "$SANITIZE" ] || skip "built once is enough"
	"$SOURCE/tests/outoftree/check_docs.sh"
	# With the flags of the build that is tested, for ccache to know it: but
	# for the kernels, for any CPU.
	command -v ccache && export CMAKE_C_COMPILER_LAUNCHER=ccache \
		CMAKE_CXX_COMPILER_LAUNCHER=ccache
	cmake -S "$SOURCE/tests/outoftree" -B build -G Ninja -DBUILD_TESTING=OFF \
		-DBREAKEVEN_NATIVE=OFF -DCMAKE_BUILD_TYPE=RelWithDebInfo \
		-DBREAKEVEN_WERROR=ON
	cmake --build build --target breakeven -- -j 2
	run build/breakeven/breakeven list
	[[ $output == *$'\n'"cube "*$'\n'"c11-threads "* ]]
	build/breakeven/breakeven bench -k cube -r c11-threads,openmp -n 16..1024 \
		"${ONCE[@]}" -o x.jsonl
	run ! grep -q '"note"' x.jsonl
	holds x.jsonl "r['complete'] and
		{c['runner'] for c in r['cells']} == {'c11-threads', 'openmp'}"
	BREAKEVEN_ISA=baseline build/breakeven/breakeven bench -k cube \
		-r c11-threads -n 16..64 "${ONCE[@]}" -o y.jsonl
	head -n 1 y.jsonl | grep -q '"kernels":"baseline"'
}
