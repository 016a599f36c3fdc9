# SPDX-License-Identifier: MIT
# For all .bats files here: BUILD is the build tree, SOURCE ours.

# shellcheck disable=SC2034 # used by those that load this
BREAKEVEN=$BUILD/breakeven
# shellcheck disable=SC2034
FAULTY=$BUILD/breakeven-faulty

# Other tests run beside this one.
export BREAKEVEN_NO_LOCK=1

# What the user's environment says to libraries is told in notices.
mapfile -t names <"$SOURCE/tests/faults/library_variables.txt"
unset "${names[@]}" "${!OMPI_@}" names

bats_require_minimum_version 1.5.0

# The python3 that set-up installs: one that a version manager puts before it
# may take ten times as long to start.
PATH=/usr/bin:$PATH

setup()
{
	cd "$BATS_TEST_TMPDIR" || return 1
}

# wait_until COMMAND...: until it succeeds. What is waited for is an event; that
# it never comes is concluded late, and the later the slower the machine is.
wait_until()
{
	local tries

	until "$@"; do
		: "${tries:=$((10 * $(patience_s)))}"
		((tries-- > 0)) || { echo "never came true: $*"; return 1; }
		sleep 0.1
	done
}

# Seconds after which nothing more is to be expected: 30, and as many times more
# as it takes longer than 10 ms here and now to start a process.
patience_s()
{
	local start=$EPOCHREALTIME

	for _ in 1 2 3 4 5; do
		"${BASH:-bash}" -c :
	done
	local us=$(((${EPOCHREALTIME/./} - ${start/./}) / 5))
	echo $((30 * (us > 10000 ? us / 10000 : 1)))
}

# Processes of session `$1` that are not dead. Some wait for a slow init to reap
# them.
# shellcheck disable=SC2009 # states, which pgrep does not give
session_lives()
{
	ps -s "$1" -o stat= | grep -qv Z
}

session_ended()
{
	! session_lives "$1"
}

# No process of the session `$1` is left.
session_is_gone()
{
	wait_until session_ended "$1" || { ps -s "$1" -o pid,stat,args; return 1; }
}

# No process has $1, a regular expression, in its command line.
no_process_has()
{
	! pgrep -f -- "$1" >/dev/null
}

# Before what must leave nothing in /dev/shm, and after it. Other programs come
# and go there: what they have is theirs.
note_shared_memory()
{
	find /dev/shm -mindepth 1 -printf '%p\n' | sort >shm-before
}

nothing_new_in_shared_memory()
{
	local file

	find /dev/shm -mindepth 1 -user "$EUID" -printf '%p\n' | sort |
		comm -13 shm-before - | while read -r file; do
		if ! is_in_use "$file" && [ -e "$file" ]; then
			echo "left behind: $file"
			return 1
		fi
	done
}

# Does a living process have the file, mapped or open?
is_in_use()
{
	grep -qsF "$1" /proc/[0-9]*/maps ||
		find /proc/[0-9]*/fd -lname "$1" 2>/dev/null | grep -q .
}

# For the tests of the runner mpi: in setup_file, and in setup.
need_mpi()
{
	"$BREAKEVEN" list --names runners | grep -q '^mpi' ||
		skip "no MPI library was found when this was built"
}

need_open_mpi()
{
	mpiexec --version | grep -q "Open MPI\|OpenRTE" ||
		skip "written for the launcher of Open MPI"
}

# Root may start ranks. Other tests run beside this one: two ranks that poll
# without yielding wait for a turn of both CPUs in each call.
settle_mpi()
{
	export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
	export OMPI_MCA_mpi_yield_when_idle=1
}

# What was wrong in the record $1 is printed.
nothing_is_wrong()
{
	! grep -oE '"(reason|note)":"[^"]*"' "$1"
}

# Start a command in a session of its own: its leader is $leader.
in_session()
{
	setsid "$@" >out 2>err &
	# shellcheck disable=SC2034
	leader=$!
}

has_block()
{
	grep -qs '"role":"runner"' "$1"
}

# Wait until the record $1 has a block of what was asked for, behind those of
# the proof: until hosts are at work.
wait_for_block()
{
	wait_until has_block "$1" || { cat err; return 1; }
}

# The record $1 without the blocks of some kernels, `$2` as a|b: to read it takes
# so much less time, which under sanitizers is a second.
without_kernels()
{
	grep -vE "^\{\"block\":.*\"kernel\":\"($2)\"" "$1"
}

# At least $2 processes of session $1 have $3 in their command line.
# shellcheck disable=SC2009 # of a session, which pgrep does not take
session_runs()
{
	(($(ps -s "$1" -o args= | grep -c -- "$3") >= $2))
}

# Wait until $2 such processes run.
wait_for_processes()
{
	wait_until session_runs "$@"
}

# Evaluate a Python expression over the JSON report of record $1, called r, and
# over what was measured: the set `done` of (kernel, runner, items). A cell of the
# report lacks it where other tests disturbed all rounds, which on a busy machine
# they may.
holds()
{
	"$BREAKEVEN" report --format json "$1" >report.json
	/usr/bin/python3 -c "
import json, sys
r = json.load(open('report.json'))
blocks = [line['block'] for line in map(json.loads, open('$1'))
          if 'block' in line]
done = {(b['kernel'], s['runner'], b['n']) for b in blocks
        for s in b['series'] if s['role'] == 'runner' and any(s['ns'])}
if not ($2):
    sys.exit('does not hold: ' + sys.argv[1] + '\n' + json.dumps(r)[:3000])
" "$2"
}

# The least that measures anything: whether it can be measured is all that most
# tests ask. What is to be concluded takes more generations. Four rounds, for a
# round in which the CPUs change between near and far is given up, which here and
# there is one in fourteen. Short epochs take a third less.
ONCE=(--rounds 4 --generations 1 --epoch 100 --quiet)
# What takes minutes, to be killed; the budget ends it where that fails.
# shellcheck disable=SC2034 # used by those that load this
ENDLESS=(-n 16..256 --rounds 20 --generations 500 --epoch 100 --budget 600
	--quiet)

# Two workers, also on one CPU, or where a quota pays for less.
TWO=(-w 2)
[ "$(nproc)" -ge 2 ] || TWO+=(--oversubscribe)

# A short run of `bench`; the record is $1.
short()
{
	local record=$1
	shift
	"$BREAKEVEN" bench -n 16..1024 "${TWO[@]}" "${ONCE[@]}" -o "$record" "$@"
}

need_two_cpus()
{
	[ "$(nproc)" -ge 2 ] || skip "there is one CPU"
}
