#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# In real control groups, of version 1 or 2, where they can be made.

load common

group= # set by new_group

# Write each VALUE=FILE of $group whose file is there. One at least must be.
set_limits()
{
	local limit limited=

	for limit in "$@"; do
		[ -e "$group/${limit#*=}" ] || continue
		echo "${limit%%=*}" >"$group/${limit#*=}"
		limited=1
	done
	[ -n "$limited" ]
}

# A new control group of a controller, and its limits.
new_group()
{
	local controller=$1 parent=/sys/fs/cgroup

	shift
	[ "$(id -u)" -eq 0 ] || skip "only root can make control groups"
	[ ! -d "$parent/$controller" ] || parent=$parent/$controller
	group=$parent/breakeven-$$-$BATS_TEST_NUMBER
	mkdir "$group" 2>err || skip "no control group can be made: $(<err)"
	set_limits "$@" || skip "no controller '$controller' in $parent"
}

in_group()
{
	# shellcheck disable=SC2016 # those of the shell that is started
	bash -c 'echo $$ >"$0/cgroup.procs" && exec "$@"' "$group" "$@"
}

teardown()
{
	[ -z "$group" ] || [ ! -d "$group" ] || rmdir "$group"
}

new_memory_group()
{
	[ -z "$SANITIZE" ] || skip "sanitizers need more memory"
	new_group memory "$1=memory.limit_in_bytes" "$1=memory.max" \
		"0=memory.swap.max"
}

killed()
{
	cat "$group"/memory.{oom_control,events} 2>/dev/null |
		sed -n 's/^oom_kill //p'
}

@test "in a small memory group, sizes that fit are measured" {
	new_memory_group 64M
	run -0 in_group "$BREAKEVEN" bench -k sum --rounds 4 --generations 1 \
		--quiet -o x.jsonl
	[ "$(killed)" -eq 0 ]
	holds x.jsonl "len({x for _, x, _ in done}) == 5"
	run ! grep -q '"note"' x.jsonl
	run -2 in_group "$BREAKEVEN" bench -k sum -n 16..16Mi --quiet
	[[ $output == *"need 128."*" MiB, but a run may use"*"control group"*"--sizes"* ]]
	run -0 in_group "$BREAKEVEN" roof -k sum -n 32Ki,1Gi --budget 90 \
		--quiet -o roof.jsonl
	[ "$(killed)" -eq 0 ]
	grep '"note"' roof.jsonl | grep '"sum"' |
		grep -q '"n":134217728.*does not fit.*control group'
	grep '"block"' roof.jsonl | grep -q '"sum"'
}

@test "what the kernel kills in a memory group is told, and the rest stands" {
	new_memory_group 96M
	for who in worker all; do
		rm -f x.jsonl
		run -0 in_group "$FAULTY" bench -n 16..256 --quiet \
			--rounds 4 --generations 1 "${TWO[@]}" \
			-k "fault:how=fill:at=64:who=$who,sum" \
			-r fork-pool,pthread-pool -o x.jsonl
		[ "$(grep -c 'killed by signal 9 .*out of memory in its control group: ' x.jsonl)" -eq 2 ]
		holds x.jsonl "{c['n'] for c in r['cells']
			if c['verdict'] == 'failed'} == {64} and
			{n for k, _, n in done if k != 'sum'} == {16} and
			len({x for x in done if x[0] == 'sum'}) >= 6"
	done
	[ "$(killed)" -ge 3 ]
}

@test "a run that a CPU quota stops is not trusted, and says so" {
	[ -z "$SANITIZE" ] || skip "under sanitizers no run is trusted"
	need_two_cpus # or there is one worker without a quota, too
	new_group cpu 10000=cpu.cfs_period_us 1000=cpu.cfs_quota_us \
		"1000 10000=cpu.max"
	run -0 in_group "$BREAKEVEN" machine
	[[ $output =~ "CPU quota:"\ +"0.1 CPUs' worth of time" ]]
	[[ $output =~ "workers:"\ +"1, unless" ]]
	# More, to be done sooner. The period is so short that it is used up
	# however busy the machine is.
	set_limits 5000=cpu.cfs_quota_us "5000 10000=cpu.max"
	for command in plan "trace -k sum -n 64 --rounds 1 --quiet" \
		"dispatch -r fork-pool --gaps 0 --rounds 1 --quiet"; do
		# shellcheck disable=SC2086
		run -0 in_group "$BREAKEVEN" $command
		[[ $output == *"control group grants 0.5 of "*": 1 worker unless"* ]]
	done
	run -0 in_group "$BREAKEVEN" bench -k sum -r pthread-pool -n 64 \
		--rounds 9 --generations 1 --quiet -o x.jsonl
	[[ $output == *"control group grants 0.5 of "* ]]
	grep '"block"' x.jsonl | grep -q '"throttled":[1-9]'
	holds x.jsonl "not r['trusted'] and
		r['machine']['quota_cpus'] == 0.5 and
		any('CPU quota' in reason for reason in r['reasons']) and
		any(c['throttled'] for c in r['cells'])"
}
