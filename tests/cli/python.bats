#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Python as runners: their host by hand, and under the controller.

load common

leader= # set by in_session

PYTHON="python-serial python-pool python-threads python-executor"

drive()
{
	/usr/bin/python3 "$SOURCE/tests/cli/drive_host.py" \
		"${2:-$BUILD/modules/python_host.py}" "$1"
}

# A python3 on the PATH that says it is Python 3.8.
old_python()
{
	mkdir -p bin
	cat >bin/python3 <<-'END'
		#!/bin/sh
		shift 2
		exec /usr/bin/python3 -c 'import runpy, sys
		sys.version_info = (3, 8, 20)
		sys.argv = sys.argv[1:]
		runpy.run_path(sys.argv[0], run_name="__main__")' "$@"
	END
	chmod +x bin/python3
}

# ------------------------------------------------------------- by hand

@test "the host in Python computes, and says so as the protocol has it" {
	drive computes
	drive unbound
}

@test "what it cannot do it refuses, and goes on" {
	drive refuses
}

@test "a host in Python that computes wrong is invalid" {
	for wrong in 'x * x + (x > 0)' 'x * -x'; do
		sed "s/^    return x \* x\$/    return $wrong/" \
			"$BUILD/modules/python_host.py" >wrong.py
		run ! cmp -s wrong.py "$BUILD/modules/python_host.py"
		drive wrong wrong.py
	done
}

@test "a dead worker is told, where Python's own pool would hang" {
	drive worker_dies
	drive worker_dies_at_work
}

@test "no worker outlives its host, whatever it is at" {
	note_shared_memory
	drive nobody_survives
	nothing_new_in_shared_memory
}

@test "a stopped host goes on" {
	drive stands_still
}

@test "the script is what was built, and compiles" {
	cmp "$SOURCE/scripts/python_host.py" "$BUILD/modules/python_host.py"
	cp "$SOURCE/scripts/python_host.py" .
	/usr/bin/python3 -W error -m py_compile python_host.py
}

# ------------------------------------------------------------- measured

@test "Python runners stand beside others, over serial and over Python's own" {
	short x.jsonl -k square_map,sum -r python-pool,fork-pool 2>err
	grep -q 'python-serial is measured too: python-pool is compared' err
	run ! grep -q '"note"' x.jsonl
	head -n 1 x.jsonl | grep -q '"name":"python-pool".*"base":"python-serial"'
	holds x.jsonl "r['complete'] and
		{(c['runner'], c['base']) for c in r['cells']} ==
		{('python-pool', 'serial'), ('python-pool', 'python-serial'),
		('python-serial', 'serial'), ('fork-pool', 'serial')} and
		{(c['runner'], c['regime']) for c in r['cells']} ==
		{('python-pool', 'warm+ship'), ('python-serial', 'warm'),
		('fork-pool', 'warm')}"
	holds x.jsonl "{(b['kernel'], b['base']) for b in r['breakeven']
		if b['runner'] == 'python-pool' and b['open_ns'] > 0 and
		b['cpu_ratio'] > 0} == {(k, b) for k in ('sum', 'square_map')
		for b in ('serial', 'python-serial')}"
	head -n 1 x.jsonl | grep -q '"program":{"path":"/.*","version":"Python 3'
	COLUMNS=80 "$BREAKEVEN" report --all x.jsonl >table
	tr -s '\n ' '  ' <table |
		grep -q '\. Python 3[^(]* (/[^)]*) runs python-pool, python-serial\.'
	grep -q '^Speed-up over python-serial' table
	grep -q '^Break-even size over python-serial' table
	run ! grep -Eq '^.{81,}$' table
	"$BREAKEVEN" report --format csv x.jsonl |
		grep -q '^breakeven,sum,python-pool,2,[a-z]*,warm+ship,python-serial,'
}

@test "a base that was asked for is added once" {
	for serial in python-serial python-serial:workers=1; do
		rm -f x.jsonl
		short x.jsonl -k sum -r python-threads,python-executor,$serial 2>err
		run ! grep -q 'is measured too' err
		holds x.jsonl "{c['base'] for c in r['cells']} ==
			{'serial', '$serial'} and
			{c['runner'] for c in r['cells'] if c['base'] != 'serial'} ==
			{'python-threads', 'python-executor'}"
	done
}

@test "every Python runner is measured, and stands still while it is parked" {
	short x.jsonl -k sum -r "$(tr ' ' , <<<"$PYTHON")"
	run ! grep -q '"note"' x.jsonl
	holds x.jsonl "r['complete'] and {x for _, x, _ in done} ==
		set('$PYTHON'.split())"
}

@test "kernels that Python does not compute are skipped, once, with the reason" {
	short x.jsonl -k dot,sum -r python-pool,python-serial
	[ "$(grep -c '"note"' x.jsonl)" -eq 2 ]
	[ "$(grep '"note"' x.jsonl | grep -c '"skipped".*"dot".*"n":0.*square_map and sum alone')" -eq 2 ]
	holds x.jsonl "{b['verdict'] for b in r['breakeven']
		if b['kernel'] == 'dot'} == {'skipped'} and
		{(k, r) for k, r, _ in done} ==
		{('sum', 'python-pool'), ('sum', 'python-serial')}"
}

@test "a runner that computes none of the kernels is refused at once" {
	run --separate-stderr -2 "$BREAKEVEN" bench -k spin,dot \
		-r python-pool,pthread-pool -o x.jsonl
	# shellcheck disable=SC2154 # set by run
	[[ $stderr == *"python-pool computes none of these kernels"*"square_map, sum"* ]]
	[ -z "$output" ]
	[ ! -e x.jsonl ]
	# The host in Python says the same of itself.
	[ "$(sed -n 's/^KERNELS = {\(.*\)}$/\1/p' "$SOURCE/scripts/python_host.py" |
		grep -o '"[a-z_]*"' | tr -d '"' | paste -sd' ')" = "square_map sum" ]
}

@test "without python3, or with an old one, they are skipped with the reason" {
	for place in nowhere bin; do
		[ $place = nowhere ] || old_python
		rm -f x.jsonl
		PATH=$PWD/$place "$BREAKEVEN" bench -k sum \
			-r python-pool,fork-pool -n 16..64 "${ONCE[@]}" \
			-o x.jsonl
		grep '"note"' x.jsonl >notes
		[ "$(grep -c 'install.*3.9 or newer' notes)" -eq 2 ]
		run ! grep -vq '"skipped"' notes
		holds x.jsonl "r['complete'] and {x for _, x, _ in done} ==
			{'fork-pool'} and
			{b['verdict'] for b in r['breakeven']
			if b['runner'] != 'fork-pool'} == {'skipped'}"
	done
}

@test "lists that do not fit the memory are refused, smaller ones kept" {
	run prlimit --as=3000000000 "$BREAKEVEN" bench -k square_map \
		-r python-serial -n 1000..8M "${ONCE[@]}" -o x.jsonl
	echo "$output"
	[ -z "$SANITIZE" ] || skip "sanitizers need more address space"
	[ "$status" -eq 0 ]
	[ "$(grep -c '"note"' x.jsonl)" -eq 1 ]
	grep '"note"' x.jsonl | grep -q 'more than a host in Python may use'
	holds x.jsonl "done"
}

@test "options of Python runners are a table, too" {
	run "$BREAKEVEN" bench -r python-pool:chunks=3
	[ "$status" -eq 2 ]
	[[ $output == *chunks*chunk=0* ]]
	run "$BREAKEVEN" bench -r python-serial:chunk=3
	[ "$status" -eq 2 ]
	"$BREAKEVEN" list | grep -q '^python-executor '
}

@test "dispatch leaves them out, and says why" {
	run "$BREAKEVEN" dispatch -r python-pool,pthread-pool --rounds 1 \
		--gaps 0 --quiet
	echo "$output"
	[[ $output == *"Left out: python-pool: a host in Python times kernels"* ]]
}

# ------------------------------------------------------------- left behind

@test "killing the controller leaves no Python behind" {
	note_shared_memory
	for runner in $PYTHON; do
		in_session "$BREAKEVEN" bench -k sum -r "$runner" "${ENDLESS[@]}" \
			-o "$runner.jsonl"
		wait_for_block "$runner.jsonl"
		kill -KILL "$leader"
		session_is_gone "$leader"
	done
	nothing_new_in_shared_memory
}

@test "killing the whole session leaves no shared memory of Python's" {
	note_shared_memory
	in_session "$BREAKEVEN" bench -k sum \
		-r "$(tr ' ' , <<<"$PYTHON")" "${ENDLESS[@]}" -o x.jsonl
	wait_for_block x.jsonl
	pkill -KILL -s "$leader"
	session_is_gone "$leader"
	nothing_new_in_shared_memory
}

@test "an interrupted run leaves no Python behind" {
	in_session "$BREAKEVEN" bench -k sum -r python-pool,python-executor \
		"${ENDLESS[@]}" -o x.jsonl
	wait_for_block x.jsonl
	kill -INT "$leader"
	status=0
	wait "$leader" || status=$?
	[ "$status" -eq 130 ]
	session_is_gone "$leader"
	tail -n 1 x.jsonl | grep -q '"complete":false'
}
