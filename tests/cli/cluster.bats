#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The runner mpi over two machines: network namespaces of this one, each with an
# address and a host name of its own, joined by a cable.

load common

ours=be$$

setup_file()
{
	need_mpi
	need_open_mpi
	local works=
	if ip netns add $ours-0 2>/dev/null; then
		ip link add cable netns $ours-0 type veth \
			peer name other netns $ours-0 2>/dev/null &&
			ip netns exec $ours-0 unshare --uts hostname $ours-0 &&
			works=1
		ip netns delete $ours-0
	fi
	[ -n "$works" ] || skip "no network namespaces here"
}

setup()
{
	cd "$BATS_TEST_TMPDIR" || return 1
	local i
	for i in 1 2; do
		ip netns add $ours-$i
		ip -n $ours-$i link set lo up
	done
	ip link add cable netns $ours-1 type veth peer name cable netns $ours-2
	for i in 1 2; do
		ip -n $ours-$i addr add 10.77.0.$i/24 dev cable
		ip -n $ours-$i link set cable up
	done
	# As ssh: HOST COMMAND...
	cat >agent <<-'END'
	#!/bin/sh
	host=$1
	shift
	exec ip netns exec "$host" unshare --uts sh -c "hostname $host; $*"
	END
	chmod +x agent
	settle_mpi
	export BREAKEVEN_MPIEXEC="mpiexec --bind-to none
		--host $ours-1:2,$ours-2:2 --map-by node
		--mca plm_rsh_agent $PWD/agent
		--mca oob_tcp_if_include 10.77.0.0/24
		--mca btl_tcp_if_include 10.77.0.0/24"
}

teardown()
{
	local i
	for i in 1 2; do
		ip netns pids $ours-$i | xargs -r kill -KILL
		ip netns delete $ours-$i
	done
}

# A command on the first of the two.
# shellcheck disable=SC2016 # the inner shell expands it
on_first()
{
	ip netns exec $ours-1 unshare --uts \
		sh -c 'hostname $0; exec "$@"' $ours-1 "$@"
}

sent_bytes()
{
	ip netns exec $ours-2 cat /sys/class/net/cable/statistics/tx_bytes
}

nobody_is_on()
{
	[ -z "$(ip netns pids "$ours-$1")" ]
}

@test "ranks on two machines compute the same, and what they exchange is sent" {
	on_first "$BREAKEVEN" bench -r serial,mpi,mpi:data=shipped -n 64..4Ki \
		"${TWO[@]}" -k sum,square_map,stencil,scan "${ONCE[@]}" \
		-o x.jsonl >out 2>err
	grep -q '"role":"runner"' x.jsonl
	nothing_is_wrong x.jsonl
	# The results of square_map alone are that long.
	(($(sent_bytes) > 8 * 2 * 1024))
	wait_until nobody_is_on 2
}

@test "ranks of two threads on each machine compute the same" {
	on_first "$BREAKEVEN" bench -r mpi+openmp:threads=2,mpi+pthread-pool:threads=2 \
		-n 64..1Ki -w 4 --oversubscribe -k sum,stencil "${ONCE[@]}" \
		-o x.jsonl >out 2>err
	grep -q '"role":"runner"' x.jsonl
	nothing_is_wrong x.jsonl
	wait_until nobody_is_on 2
}

@test "memory is not shared between machines" {
	on_first "$BREAKEVEN" bench -r serial,mpi:mode=shm -n 64 -k sum \
		"${TWO[@]}" "${ONCE[@]}" -o x.jsonl >out 2>err
	grep -q '"reason":"ranks on several machines share no memory"' x.jsonl
}

@test "a machine that is cut off fails its cell within the time limit" {
	on_first "$BREAKEVEN" bench -k sum -r serial,mpi "${TWO[@]}" \
		"${ENDLESS[@]}" -o x.jsonl >out 2>err &
	wait_for_block x.jsonl
	ip -n $ours-1 link set cable down
	wait_until grep -q '"reason":"the host gave no answer within' x.jsonl
	kill -INT "$(pgrep -P $!)"
	wait $! || true
	# The other one ends by itself, once it has heard nothing for long.
	wait_until nobody_is_on 1
}

@test "a machine that cannot be reached is told as such" {
	ip -n $ours-1 link set cable down
	# shellcheck disable=SC2016 # so does the agent
	sed -i 's/^exec ip.*/echo "$host: no route to host" >\&2; exit 255/' agent
	on_first "$BREAKEVEN" bench -r serial,mpi -n 64 -k sum "${TWO[@]}" \
		"${ONCE[@]}" -o x.jsonl >out 2>err
	grep -o '"reason":"[^"]*"' x.jsonl >reason
	grep -q "started no worker" reason
}
