#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# FAULTS rows 39 to 41: what a sandbox or a container takes away. Which call has
# which consequence is bench/test_sandbox's.

load common

REFUSE=$BUILD/tests/refuse
RUN="-k sum -r fork-pool -w 2 -n 16 --rounds 4 --generations 1 --quiet -o x.jsonl"

# Words of $RUN are arguments. Its notices go to err.
measure()
{
	# shellcheck disable=SC2086
	"$@" "$BREAKEVEN" bench $RUN >out 2>err
	cat err
	[ -s x.jsonl ]
	run ! grep '"note"' x.jsonl
}

# A shell command in a mount namespace of its own.
in_namespace()
{
	unshare -m true 2>/dev/null || skip "mounting takes root"
	unshare -m bash -ec "$@"
}

@test "a run goes on where calls are refused, with one notice" {
	"$REFUSE" mbind EPERM true || skip "no seccomp filters here"
	measure "$REFUSE" sched_setscheduler,sched_setaffinity,membarrier,mbind,fallocate,perf_event_open,prctl,madvise,pidfd_open EPERM
	[ "$(grep -c notice err)" -eq 1 ]
	grep -q "missing here: sched_setaffinity (workers run unpinned)" err
}

@test "what a run cannot do without is one error, at once" {
	"$REFUSE" mbind EPERM true || skip "no seccomp filters here"
	for call in sched_getaffinity memfd_create kill waitid setpgid; do
		# shellcheck disable=SC2086
		run "$REFUSE" $call ENOSYS "$BREAKEVEN" bench $RUN
		echo "$output"
		[ "$status" -eq 1 ]
		[[ $output == *"$call"*"allow"* ]]
		[ "${#lines[@]}" -eq 1 ]
		[ ! -e x.jsonl ]
	done
	run "$REFUSE" sched_getaffinity EPERM "$BREAKEVEN" machine
	[ "$status" -eq 1 ]
	[[ $output == *"sched_getaffinity"* ]]
}

@test "the library does without fallocate and others" {
	"$REFUSE" mbind EPERM true || skip "no seccomp filters here"
	run "$REFUSE" fallocate,sched_getaffinity,sched_setaffinity,prctl,madvise,pidfd_open,membarrier \
		EPERM "$BUILD/examples/pool_map"
	[ "$status" -eq 0 ]
	[ "$output" = "[1, 4, 9, 16, 25]" ]
}

@test "no /proc and no /sys: one notice, and no false facts" {
	[ -z "$SANITIZE" ] || skip "sanitizers need a /proc"
	in_namespace 'mount -t tmpfs none /sys; while mountpoint -q /proc; do umount -l /proc; done; "$@" >out 2>err' \
		- "$BREAKEVEN" machine
	[ ! -s err ]
	grep -q "SMT *no cores are known" out || grep -q "0 cores" out
	run ! grep "CPUs on 0 cores" out
	grep -q "hypervisor *not known" out
	measure unshare -m bash -ec 'mount -t tmpfs none /sys
		while mountpoint -q /proc; do umount -l /proc; done
		exec "$@"' -
	[ "$(grep -c . err)" -eq 2 ]
	grep -q "notice: missing here: /proc (.*), /sys (" err
}

@test "/dev/shm is not needed" {
	in_namespace 'mount -t tmpfs -o ro none /dev/shm; "$@"' - \
		"$BUILD/examples/pool_map"
	measure unshare -m bash -ec 'mount -t tmpfs none /dev; mknod -m 666 \
		/dev/null c 1 3; exec "$@"' -
	run ! grep notice err
}

@test "a folder that cannot be written to is one error, at once" {
	mkdir here
	run in_namespace 'mount --bind here here; mount -o remount,ro,bind here
		cd here; "$@"' - "$BREAKEVEN" bench -k sum -r serial -n 16 --budget 1
	[ "$status" -ne 0 ] && [[ $output != *skip* ]]
	[[ $output == *"Read-only"*"name a file"* ]]
}

@test "a file called results, and no HOME" {
	touch results
	env -u HOME -u TMPDIR "$BREAKEVEN" bench -k sum -r serial -n 16 \
		--rounds 4 --generations 1 --quiet >out 2>err || [ $? -eq 1 ]
	ls breakeven-*.jsonl
}

@test "a clock of 10 ms or that stands still is refused" {
	[ -z "$SANITIZE" ] || skip "the sanitizer must be preloaded first"
	for step in 10000000 0; do
		LD_PRELOAD=$BUILD/tests/bad_clock.so BAD_CLOCK=$step \
			run timeout 60 "$BREAKEVEN" bench -k sum -r serial -o x.jsonl
		echo "$output"
		[ "$status" -eq 1 ]
		[[ $output == *"the clock "*"CLOCK_MONOTONIC"* ]]
		[ ! -e x.jsonl ]
	done
	LD_PRELOAD=$BUILD/tests/bad_clock.so BAD_CLOCK=0 run timeout 60 \
		"$BREAKEVEN" machine
	[ "$status" -eq 0 ]
	[[ $output == *"stands still"* ]]
}
