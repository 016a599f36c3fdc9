#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The runner mpi: ranks, which a launcher starts.

load common

leader= # set by in_session

setup_file()
{
	need_mpi
}

setup()
{
	cd "$BATS_TEST_TMPDIR" || return 1
	settle_mpi
}

# What one run of the runner $2 says of it, in record $1, where it does not
# work.
reason_of()
{
	local record=$1 runner=$2
	shift 2
	"$BREAKEVEN" bench -k sum -r "serial,$runner" -n 64 "${TWO[@]}" \
		"${ONCE[@]}" -o "$record" "$@" >out 2>err || { cat err; return 1; }
	grep -o '"reason":"[^"]*"' "$record"
}

@test "every kernel comes out right: data that stays, is sent, or is shared" {
	for runner in mpi mpi:data=shipped mpi:mode=shm; do
		"$BREAKEVEN" bench -r "serial,$runner" -n 16Ki..16Ki "${TWO[@]}" \
			-k empty,square_map,dot,minmax,triad,stencil,scan,histogram \
			"${ONCE[@]}" -o "$runner.jsonl" >out 2>err
		grep -q '"role":"runner"' "$runner.jsonl"
		nothing_is_wrong "$runner.jsonl"
	done
}

@test "so it does where ranks outnumber CPUs, and some have no items" {
	"$BREAKEVEN" bench -r serial,mpi,mpi:data=shipped -n 3..300 -w 3 \
		--oversubscribe -k stencil,scan,dot,matmul "${ONCE[@]}" -o x.jsonl \
		>out 2>err
	grep -q '"role":"runner"' x.jsonl
	nothing_is_wrong x.jsonl
}

# Blocks of the record $1 in which the runner $2 was measured.
has_measured()
{
	grep -q "\"runner\":\"$2\",\"workers\":[0-9]*,\"role\":\"runner\"" "$1"
}

@test "ranks of several threads: every split of the workers comes out right" {
	local data=mpi+pthread-pool:data=shipped
	local window=mpi+pthread-pool:mode=shm:schedule=dynamic
	# Four shares, and of histogram several tiles in each.
	"$BREAKEVEN" bench -n 1Ki..1Ki -w 4 --oversubscribe -k stencil,scan,dot \
		-r "serial,mpi+openmp,$data,$window" "${ONCE[@]}" -o x.jsonl \
		>out 2>err
	"$BREAKEVEN" bench -n 256Ki..256Ki -w 4 --oversubscribe -k histogram \
		-r mpi+openmp:threads=2:schedule=guided "${ONCE[@]}" -o y.jsonl \
		>>out 2>>err
	nothing_is_wrong x.jsonl
	nothing_is_wrong y.jsonl
	for threads in 1 2 4; do
		for runner in mpi+openmp "$data" "$window"; do
			has_measured x.jsonl "$runner:threads=$threads"
		done
	done
	has_measured y.jsonl mpi+openmp:threads=2:schedule=guided
}

@test "ranks of several threads: each thread is on its CPU" {
	(($(nproc) >= 2)) || skip "one CPU"
	"$BREAKEVEN" bench -r mpi+pthread-pool,mpi+openmp:wait=passive -n 4Ki -k sum \
		"${TWO[@]}" "${ONCE[@]}" -o x.jsonl >out 2>err
	nothing_is_wrong x.jsonl
	run ! grep -q "unpinned" err
	has_measured x.jsonl mpi+openmp:wait=passive:threads=2
}

@test "ranks of several threads: workers that cannot be shared out are refused" {
	[[ $(reason_of a.jsonl mpi+openmp:threads=3) == \
		*"2 workers cannot be shared out to ranks of 3 threads each"* ]]
}

@test "dispatch times the step in which ranks meet; they cannot poll for it" {
	"$BREAKEVEN" dispatch --quiet --rounds 1 --gaps 0 --format json \
		-r mpi,mpi:mode=shm "${TWO[@]:0:2}" >x.json
	python3 - <<-'END'
	import json
	rows = json.load(open("x.json"))["rows"]
	assert {(r["runner"], r["pattern"]) for r in rows} == {
	    ("mpi", "empty"), ("mpi:mode=shm", "empty")}, rows
	assert all(ns > 0 for r in rows for ns in r["rounds_ns"]), rows
	END
}

@test "ranks that are parked use no CPU" {
	in_session "$BREAKEVEN" bench -k sum -r serial,mpi -n 64..1Ki \
		"${TWO[@]}" --rounds 40 --generations 1 --quiet -o x.jsonl
	wait "$leader"
	run ! grep "spin leak" x.jsonl
}

@test "without a launcher, or with one that starts nothing, the reason is told" {
	export BREAKEVEN_MPIEXEC=/nonexistent/mpiexec
	[[ $(reason_of a.jsonl mpi) == *"cannot be executed: No such file"* ]]
	BREAKEVEN_MPIEXEC="sh -c false"
	[[ $(reason_of b.jsonl mpi) == *"sh ended with status "* ]]
	# Whose ranks do not find one another.
	printf '#!/bin/sh\nshift 2\n"$@" &\n"$@"\nwait\n' >launcher
	chmod +x launcher
	BREAKEVEN_MPIEXEC=$PWD/launcher
	[[ $(reason_of c.jsonl mpi) == *"started 1 ranks instead of 2"* ]]
}

@test "Open MPI's own refusals are quoted" {
	need_open_mpi
	BREAKEVEN_MPIEXEC="mpiexec --host localhost:1" \
		run reason_of a.jsonl mpi
	[[ $output == *"not enough slots"* ]]
	((EUID == 0)) || skip "not root"
	unset OMPI_ALLOW_RUN_AS_ROOT
	[[ $(reason_of b.jsonl mpi) == *"set OMPI_ALLOW_RUN_AS_ROOT=1"* ]]
}

@test "mode=shm and data=shipped exclude each other" {
	[[ $(reason_of a.jsonl mpi:mode=shm:data=shipped) == *"exclude each other"* ]]
}

# A rank of the run of controller $1: what the order names, and a token.
a_rank()
{
	pgrep -f "^[^ ]*breakeven host .*\"parent\":${1}[,}].*/[0-9a-f]+\$" |
		tail -n 1
}

# One that is ending anyway is not missed.
it_is_told()
{
	kill -KILL "$(a_rank "$leader")" 2>/dev/null
	grep -q '"reason":"\(.*mpiexec\|the host gave no answer within\)' x.jsonl
}

# Open MPI's launcher says what has happened, but for some once in a hundred
# kills, when it waits for ever: then the time limit ends the cell.
@test "a rank that dies fails its cell with the reason, and leaves no process" {
	local quoted=0
	for _ in 1 2 3; do
		rm -f x.jsonl
		in_session "$BREAKEVEN" bench -k sum -r serial,mpi "${TWO[@]}" \
			"${ENDLESS[@]}" -o x.jsonl
		wait_for_block x.jsonl
		wait_until it_is_told
		kill -INT "$leader"
		wait "$leader" || true
		session_is_gone "$leader"
		quoted=$(grep -c '"reason":".*mpiexec' x.jsonl || true)
		[ "$quoted" -eq 0 ] || break
	done
	[ "$quoted" -gt 0 ]
}

folder_is_empty()
{
	[ -z "$(ls -A "$1")" ]
}

@test "killing the controller leaves no rank, no launcher and no file" {
	mkdir files
	export TMPDIR=$PWD/files
	export OMPI_MCA_btl_vader_backing_directory=$TMPDIR
	in_session "$BREAKEVEN" bench -k sum -r serial,mpi "${TWO[@]}" "${ENDLESS[@]}" \
		-o x.jsonl
	wait_for_block x.jsonl
	kill -KILL "$leader"
	wait "$leader" || true
	# They may be in sessions of their own; their order names the controller.
	wait_until no_process_has "\"parent\":${leader}[,}]"
	wait_until folder_is_empty files
}
