#!/usr/bin/env bats
# SPDX-License-Identifier: MIT

# A ctest that says what we want to hear: its status, and a report.
setup()
{
	PATH=$BATS_TEST_TMPDIR:$PATH
	cat >"$BATS_TEST_TMPDIR/ctest" <<-'END'
	#!/bin/bash
	[[ $* == *-N* ]] && { echo "Total Tests: 3"; exit; }
	printf '<testsuite\n\ttests="3"\n\tfailures="%s"\n\tdisabled="0"\n\tskipped="%s"\n>\n' \
		"$FAILURES" "$SKIPPED" >"${@: -1}"
	exit "$STATUS"
	END
	chmod +x "$BATS_TEST_TMPDIR/ctest"
}

@test "what passed and what was skipped is told, for all trees" {
	STATUS=0 FAILURES=0 SKIPPED=1 run "$SOURCE/scripts/run-tests" asan test
	[ "$status" -eq 0 ]
	[[ $output == *"4 passed, 0 failed, 2 skipped"* ]]
}

@test "a test that failed is an error" {
	STATUS=8 FAILURES=2 SKIPPED=0 run "$SOURCE/scripts/run-tests" test
	[ "$status" -eq 1 ]
	[[ $output == *"1 passed, 2 failed, 0 skipped"* ]]
}

@test "so are tests whose program is gone, which the report calls skipped" {
	STATUS=8 FAILURES=0 SKIPPED=2 run "$SOURCE/scripts/run-tests" test
	[ "$status" -eq 1 ]
	[[ $output == *"1 passed, 1 failed, 2 skipped"* ]]
}
