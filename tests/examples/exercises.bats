#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Exercises: what students get is wrong, and says so; our solutions are right.

load ../cli/common

@test "every exercise is unsolved, and has a solution" {
	local count=0 exercise name

	for exercise in "$SOURCE"/examples/exercises/*_check.c; do
		name=$(basename "$exercise" _check.c)
		grep -q "^### .*\`$name\`" "$SOURCE/docs/teaching/exercises.md"
		grep -q 'TODO' "$SOURCE/examples/exercises/$name.c"
		run "$BUILD/examples/exercises/$name"
		[ "$status" -ne 0 ] && [[ $output != *right* ]]
		run -0 "$BUILD/examples/exercises/${name}_solution"
		[[ $output == right:* ]]
		((++count))
	done
	[ "$count" -ge 6 ]
}
