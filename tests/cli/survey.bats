#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# Records of many machines side by side.

load common

REFERENCE=$SOURCE/results/reference

@test "survey has a row for each machine, and tells no names" {
	COLUMNS=200 "$BREAKEVEN" survey "$REFERENCE" >page
	records=$(find "$REFERENCE" -name '*.jsonl' | wc -l)
	grep -q "^$records records beside one another" page
	[ "$(grep -c ' yes$' page)" -eq "$records" ]
	[ "$(grep -c '^C  Intel' page)" -eq 6 ] # the machines, five kernels
	while read -r name; do
		run ! grep -qw "$name" page
	done < <(cat "$REFERENCE"/*.jsonl | grep -o '"hostname":"[^"]*"' |
		cut -d'"' -f4 | sort -u)
	"$BREAKEVEN" survey --named "$REFERENCE" >named
	grep -q "xeon-2cpu" named
}

@test "survey -k and -r leave one number a machine, in every form" {
	"$BREAKEVEN" survey -k sum -r openmp -f markdown "$REFERENCE" >page
	[ "$(grep -c '^| [ABC]  .*,.*\[' page)" -eq 3 ]
	run ! grep -q "fork " page
	"$BREAKEVEN" survey -k sum -r openmp -f html "$REFERENCE" >page.html
	grep -q "</html>" page.html
	[ "$(grep -c 'class="chart"' page.html)" -eq 1 ]
	[ "$(grep -o 'openmp pays from [0-9,]* items' page.html | sort -u | wc -l)" -eq 3 ]
	"$BREAKEVEN" survey -f html "$REFERENCE" >page.html
	[ "$(grep -c 'class="chart"' page.html)" -eq 5 ]
	"$BREAKEVEN" survey -k sum -r openmp -f json "$REFERENCE" >x.json
	python3 - x.json <<-'END'
		import json, sys
		machines = json.load(open(sys.argv[1]))["machines"]
		assert len(machines) == 3
		for m in machines:
		    assert "hostname" not in m and m["trusted"], m
		    [one] = m["breakeven"]
		    assert one["kernel"] == "sum" and one["runner"] == "openmp"
		    assert one["n_lo"] <= one["n_star"] <= one["n_hi"], one
	END
}

@test "what is no record of a run is left out, and said" {
	"$BREAKEVEN" dispatch -r pthread-pool --gaps 0 --budget 1 --quiet \
		-o d.jsonl >/dev/null 2>&1 || true
	echo nonsense >x.jsonl
	cp "$REFERENCE"/xeon*.jsonl .
	run -1 "$BREAKEVEN" survey .
	[[ $output == *"1 record beside"* ]]
	[[ $output == *"x.jsonl"*"no record"* ]]
	run -1 "$BREAKEVEN" survey -k nope "$REFERENCE"
	[[ $output == *"nothing of these records"* ]]
	run -2 "$BREAKEVEN" survey
}
