#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Faults are really injected; each must be named, and nothing be left behind.

load common

leader= # set by in_session

RUNNERS="fork pthread fork-pool fork-pool:wait=spin fork-pool:wait=block
	pthread-pool pthread-pool:wait=spin openmp openmp:wait=active
	planted:workers=2 fork-cow spawn pipe-pool pipe-pool:channel=pipe
	pthread-gil"

faulty()
{
	"$FAULTY" bench -n 16..256 "${TWO[@]}" "${ONCE[@]}" "$@"
}

# ------------------------------------------------------------- 2, 3

@test "a worker that dies ends its cell with the signal named, the rest goes on" {
	local ways="segv:11 abrt:6 fpe:8"
	[ -z "$SANITIZE" ] || ways=segv:11
	for how in $ways; do
		rm -f x.jsonl
		faulty -k "fault:how=${how%:*}:at=64,sum" \
			-r fork,fork-pool,pipe-pool,fork-cow,spawn,pthread-pool,openmp \
			-o x.jsonl
		for runner in fork fork-pool pipe-pool fork-cow spawn; do
			grep '"note"' x.jsonl | grep "\"$runner\"" |
				grep -q "worker 1 (pid [0-9]*) was killed by signal ${how#*:} .*tiles \["
		done
		for runner in pthread-pool openmp; do
			grep '"note"' x.jsonl | grep "\"$runner\"" |
				grep -q "the host was killed by signal ${how#*:}"
		done
		holds x.jsonl "r['complete'] and
			all((c['verdict'] == 'failed') == (c['n'] == 64)
			for c in r['cells'] if c['kernel'] != 'sum') and
			all(c['runner_ns'] is None for c in r['cells']
			if c['verdict'] == 'failed') and
			all(c['verdict'] != 'failed' for c in r['cells']
			if c['kernel'] == 'sum') and
			len([c for c in r['cells'] if c['kernel'] == 'sum']) > 8"
	done
}

@test "leaving inside a task is no success, and the status is named" {
	local ways="exit0:0 exit99:99"
	[ -z "$SANITIZE" ] || ways=exit0:0
	for how in $ways; do
		rm -f x.jsonl
		faulty -k "fault:how=${how%:*}:at=64" \
			-r fork,fork-pool,pipe-pool,fork-cow,spawn,pthread-pool,openmp \
			-o x.jsonl
		[ "$(grep -c "left with status ${how#*:}" x.jsonl)" -eq 7 ]
		holds x.jsonl "len([c for c in r['cells']
			if c['verdict'] == 'failed']) == 7"
	done
}

@test "where nothing that was asked for was measured, the status says so" {
	for command in bench grid; do
		run "$FAULTY" $command -k fault:at=64 -r fork-pool,pthread-pool \
			-n 64 "${TWO[@]}" "${ONCE[@]}" -o $command.jsonl
		[ "$status" -eq 1 ]
		[[ $output == *"nothing that was asked for could be measured: "*"report $command.jsonl"* ]]
		"$BREAKEVEN" report $command.jsonl | grep -q 'NOT TRUSTED: nothing was measured'
	done
	# One runner, or one size, is something.
	for some in '-r fork-pool,serial -n 64' '-r fork-pool -n 16..64'; do
		rm -f x.jsonl
		# shellcheck disable=SC2086 # several words
		run "$FAULTY" bench -k fault:at=64 $some "${TWO[@]}" "${ONCE[@]}" \
			-o x.jsonl
		[ "$status" -eq 0 ]
		[[ $output != *"nothing that was asked for"* ]]
		grep -q '"note"' x.jsonl
	done
}

@test "a kernel that kills the serial base too is failed everywhere" {
	faulty -k fault:at=64:who=all,sum -r fork-pool,openmp -o x.jsonl
	grep '"note"' x.jsonl | grep -q "serial base: the host was killed by signal 11"
	holds x.jsonl "all(c['verdict'] != 'failed' for c in r['cells']
		if c['kernel'] == 'sum')"
}

# ------------------------------------------------------------- 30

@test "a kernel that computes wrong is invalid and publishes no time" {
	faulty -k fault:how=wrong:at=64 -r fork-pool,pthread,openmp -o x.jsonl
	holds x.jsonl "not r['trusted'] and
		len([c for c in r['cells'] if c['verdict'] == 'invalid']) == 3 and
		all(c['runner_ns'] is None and c['speedup'] is None
		for c in r['cells'] if c['verdict'] == 'invalid')"
}

@test "a runner that skips the last tile is invalid, for maps and reductions" {
	run faulty -k sum,square_map -r skipper -o x.jsonl
	[ "$status" -eq 1 ]
	holds x.jsonl "not r['trusted'] and len(r['cells']) > 0 and
		all(c['verdict'] == 'invalid' for c in r['cells']) and
		{b['verdict'] for b in r['breakeven']} == {'invalid'}"
}

@test "what a host says that lives on reaches the user" {
	faulty -k sum -r skipper,serial -o x.jsonl 2>err
	grep -q '^skipper: the last tile will be skipped$' err
}

# ------------------------------------------------------------- 15

@test "libgomp gives up when no thread is to be had, and the suite goes on" {
	[ "$(id -u)" -eq 0 ] || skip "only root can become somebody else"
	# Where another user can come to: not below our own directory.
	place=$(mktemp -d /tmp/breakeven-15.XXXXXX)
	cp -r "$BREAKEVEN" "$BUILD/modules" "$place"
	chmod -R a+rwX "$place"
	# As many tasks as the controller and its seven hosts, with those of the
	# self-check and of the probe: openmp's is left without a thread.
	# The sanitizer's search for leaks would need one, too.
	(cd "$place" && ASAN_OPTIONS=$ASAN_OPTIONS:detect_leaks=0 \
		setpriv --reuid=$((40000 + $$ % 20000)) --clear-groups \
		prlimit --nproc=8 ./breakeven bench -k sum \
		-r pthread:workers=1,fork-pool:workers=1,openmp:workers=2 \
		-n 16..64 --oversubscribe "${ONCE[@]}" -o x.jsonl >out 2>err) || true
	cp "$place"/x.jsonl "$place"/err .
	rm -r "$place"
	cat err
	grep '"note"' x.jsonl | grep '"openmp:workers=2"' | grep -q \
		'the host left with status 1, saying: libgomp: Thread creation failed: Resource temporarily unavailable'
	run ! grep -q '^libgomp' err
	holds x.jsonl "r['complete'] and
		{x for _, x, _ in done} ==
		{'pthread:workers=1', 'fork-pool:workers=1'}"
}

# ------------------------------------------------------------- 34

@test "a host that uses CPU time while it is parked is invalid" {
	faulty -k sum -r leaker,pthread-pool -o x.jsonl
	grep '"note"' x.jsonl | grep -q "spin leak: it used"
	holds x.jsonl "{c['verdict'] for c in r['cells'] + r['breakeven']
		if c['runner'] == 'leaker'} == {'invalid'}"
	holds x.jsonl "all(c['verdict'] != 'invalid' for c in r['cells']
		if c['runner'] != 'leaker')"
}

@test "a host is parked when what left its group sleeps, too" {
	faulty -k sum -r lingerer,pthread-pool -o x.jsonl
	run ! grep -q "spin leak" x.jsonl
}

@test "parked hosts of every runner stand still, however they wait" {
	short x.jsonl -k sum -r openmp:wait=active,pthread-pool:wait=spin,fork-pool:wait=spin
	run ! grep -q "spin leak" x.jsonl
}

# ------------------------------------------------------------- 8, 18

@test "killing the controller leaves nothing behind, with each runner" {
	[ -z "$SANITIZE" ] || skip "once is enough"
	for runner in $RUNNERS; do
		in_session "$BREAKEVEN" bench -k sum -r "$runner" "${ENDLESS[@]}" \
			-o "$runner.jsonl"
		wait_for_block "$runner.jsonl"
		kill -KILL "$leader"
		session_is_gone "$leader"
	done
}

@test "killing the whole session leaves no shared memory, and a new run starts" {
	note_shared_memory
	in_session "$BREAKEVEN" bench -k sum -r fork-pool,openmp "${ENDLESS[@]}" \
		-o a.jsonl
	wait_for_block a.jsonl
	pkill -KILL -s "$leader"
	session_is_gone "$leader"
	short b.jsonl -k sum -r fork-pool
	nothing_new_in_shared_memory
}

# ------------------------------------------------------------- 10, 28

interrupted()
{
	local signal=$1 expected=$2 times=$3

	rm -f x.jsonl
	in_session "$BREAKEVEN" bench -k sum,dot -r fork-pool,openmp "${ENDLESS[@]}" \
		-o x.jsonl
	wait_for_block x.jsonl
	for _ in $(seq "$times"); do
		kill "-$signal" "$leader" || true
	done
	status=0
	wait "$leader" || status=$?
	echo "status $status"
	[ "$status" -eq "$expected" ]
	session_is_gone "$leader"
	tail -n 1 x.jsonl | grep -q '"complete":false'
	holds x.jsonl "not r['complete'] and not r['trusted'] and
		len(r['cells']) > 0"
}

@test "SIGINT ends with 130, the samples kept" {
	interrupted INT 130 1
}

@test "SIGINT twice is SIGINT" {
	interrupted INT 130 2
}

@test "SIGTERM ends with 143" {
	interrupted TERM 143 1
}

# ------------------------------------------------------------- 20

@test "every order of runners finishes, with the same results" {
	[ -z "$SANITIZE" ] || skip "once is enough"
	runners=(fork pthread fork-pool pthread-pool openmp)
	for first in 0 1 2 3 4; do
		order=$(printf '%s,' "${runners[@]:first}" "${runners[@]:0:first}")
		short "$first.jsonl" -k sum -r "${order%,}"
		run ! grep -q '"note"' "$first.jsonl"
		holds "$first.jsonl" "r['complete'] and
			len({c['runner'] for c in r['cells']}) == 5"
	done
}

# ------------------------------------------------------------- 21

@test "one allowed CPU caps the workers, with a notice" {
	run taskset -c "$(taskset -cp $$ | sed 's/.*: //; s/[-,].*//')" \
		"$BREAKEVEN" bench -k sum -r fork-pool,pthread,openmp -w 2 \
		-n 16..1024 "${ONCE[@]}" -o x.jsonl
	echo "$output"
	[ "$status" -eq 0 ]
	[[ $output == *"capped to 1"* ]]
	holds x.jsonl "{c['workers'] for c in r['cells']} == {1}"
}

@test "a kernel that cannot bind runs unpinned, with a notice" {
	[ -z "$SANITIZE" ] || skip "the sanitizer must be preloaded first"
	need_two_cpus
	for errno in EINVAL EPERM ENOSYS; do
		rm -f x.jsonl
		LD_PRELOAD=$BUILD/tests/no_affinity.so NO_AFFINITY=$errno \
			run "$BREAKEVEN" bench -k sum -r fork-pool -n 16..64 \
			"${TWO[@]}" "${ONCE[@]}" -o x.jsonl
		echo "$output"
		[ "$status" -eq 0 ]
		[[ $output == *"unpinned"* ]]
	done
}

# ------------------------------------------------------------- 23

@test "the user's OMP_ variables do not reach the measurement" {
	[ -z "$SANITIZE" ] || skip "once is enough"
	for setting in OMP_NUM_THREADS=64 OMP_NUM_THREADS=abc OMP_NUM_THREADS=2,2 \
		OMP_THREAD_LIMIT=1 OMP_DYNAMIC=true OMP_PROC_BIND=master \
		GOMP_CPU_AFFINITY=0 OMP_WAIT_POLICY=passive \
		BREAKEVEN_HOST_AGAIN=1; do
		rm -f x.jsonl
		env "$setting" "$BREAKEVEN" bench -k sum -r openmp:workers=2 \
			-n 16..64 "${ONCE[@]}" -o x.jsonl 2>err
		run ! grep -q '"note"' x.jsonl
		run ! grep -q 'libgomp\|unpinned' err
	done
}

# ------------------------------------------------------------- 24

@test "more workers than items, one item, ragged sizes" {
	short a.jsonl -k sum,square_map,minmax -r fork-pool,pthread-pool,openmp -n 1
	short b.jsonl -k sum -r openmp:schedule=dynamic:chunk=1000000 -n 131..1031
	for record in a b; do
		run ! grep -q '"note"' $record.jsonl
		holds $record.jsonl "r['complete'] and len(r['cells']) > 0"
	done
}

# ------------------------------------------------------------- 27

@test "a full disk, a closed pipe, a closed standard output" {
	short x.jsonl -k sum -r serial
	for format in table csv markdown json; do
		run bash -c "'$BREAKEVEN' report --format $format x.jsonl >/dev/full"
		[ "$status" -eq 1 ]
		[[ $output == *"standard output"* ]]
		run bash -c "'$BREAKEVEN' report --format $format x.jsonl >&-"
		[ "$status" -eq 1 ]
		[[ $output == *"standard output"* ]]
	done
	run bash -c "'$BREAKEVEN' list | true; echo \${PIPESTATUS[0]}"
	[[ $output == *1 ]] || [[ $output == 0 ]]
	run "$BREAKEVEN" bench -k sum -r serial -n 16 "${ONCE[@]}" -o /dev/full
	[ "$status" -eq 1 ]
	# Files in memory are files, too.
	run prlimit --fsize=25000 "$BREAKEVEN" bench -k sum -r serial -n 16 \
		"${ONCE[@]}" -o none.jsonl
	[ "$status" -eq 1 ]
	[[ $output == *"ulimit -f"* ]]
	[ ! -e none.jsonl ]
	for command in machine plan list "history ." "survey x.jsonl x.jsonl" \
		"bench -k sum -r serial -n 16 ${ONCE[*]} -o y.jsonl"; do
		run bash -c "'$BREAKEVEN' $command 2>&1 >/dev/full"
		[ "$status" -eq 1 ]
		[ "$(grep -c "No space left" <<<"$output")" -eq 1 ]
	done
}

@test "started with SIGCHLD and SIGPIPE ignored" {
	trap '' CHLD PIPE
	short x.jsonl -k sum -r fork,fork-pool
	run ! grep -q '"note"' x.jsonl
}
