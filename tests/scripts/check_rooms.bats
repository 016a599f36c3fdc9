#!/usr/bin/env bats
# SPDX-License-Identifier: MIT

setup()
{
	cd "$BATS_TEST_TMPDIR" || exit
	git init -q .
	mkdir -p scripts bench/host bench/nowhere
	cp "$SOURCE/scripts/check-rooms" scripts/
	cp "$SOURCE/CONTRIBUTING.md" .
	printf '#include "bench/host/x.h"\n#include "core/clock.h"\n' \
		>bench/host/x.c
}

@test "a file includes from its own room, and from those that its room may" {
	run scripts/check-rooms
	[ "$status" -eq 0 ]
	[ -z "$output" ]
}

@test "an arrow that goes up is an error" {
	echo '#include "bench/engine/engine.h"' >>bench/host/x.c
	run scripts/check-rooms
	[ "$status" -eq 1 ]
	[[ $output == *"bench/host/x.c:3 includes bench/engine/engine.h"* ]]
}

@test "so is a room that the table does not have" {
	echo '#include "core/clock.h"' >bench/nowhere/x.c
	run scripts/check-rooms
	[ "$status" -eq 1 ]
	[[ $output == *"bench/nowhere/x.c is in none"* ]]
}
