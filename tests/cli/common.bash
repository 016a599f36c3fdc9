# SPDX-License-Identifier: MIT
# For all .bats files here: BUILD is the build tree, SOURCE ours.

# shellcheck disable=SC2034 # used by those that load this
BREAKEVEN=$BUILD/breakeven
# shellcheck disable=SC2034
FAULTY=$BUILD/breakeven-faulty

bats_require_minimum_version 1.5.0

setup()
{
	cd "$BATS_TEST_TMPDIR" || return 1
}

# No process of the session `$1` is left within a second. Those that are dead
# and wait for a slow init to bury them do not count.
session_is_gone()
{
	for _ in $(seq 20); do
		# shellcheck disable=SC2009 # states, which pgrep does not give
		ps -s "$1" -o stat= | grep -qv Z || return 0
		sleep 0.05
	done
	echo "still running:"
	ps -s "$1" -o pid,stat,args
	return 1
}

# Start a command in a session of its own: its leader is $leader.
in_session()
{
	setsid "$@" >out 2>err &
	# shellcheck disable=SC2034
	leader=$!
}

# Wait until the record $1 has a block of what was asked for, behind those of
# the proof: until hosts are at work.
wait_for_block()
{
	for _ in $(seq 100); do
		grep -qs '"role":"runner"' "$1" && return 0
		sleep 0.05
	done
	echo "no block in $1"
	cat err
	return 1
}

# Evaluate a Python expression over the JSON report of record $1, called r.
holds()
{
	"$BREAKEVEN" report --format json "$1" >report.json
	/usr/bin/python3 -c "
import json, sys
r = json.load(open('report.json'))
if not ($2):
    sys.exit('does not hold: ' + sys.argv[1] + '\n' + json.dumps(r)[:3000])
" "$2"
}

# A short run; the record is $1.
short()
{
	local record=$1
	shift
	"$BREAKEVEN" bench -n 16..1024 --budget 2 --quiet -o "$record" "$@"
}
