#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Kernels from files, good ones and all that can be wrong with one.

load common

# As the docs have it; $1 is the fault, the rest goes to the compiler.
faulty()
{
	cc -O2 -shared -fPIC -I "$SOURCE" -DFAULT="$1" "${@:2}" \
		"$SOURCE/tests/plugins/faulty.c" -o faulty.so
}

# Briefly, with a kernel of ours beside it.
short()
{
	"$BREAKEVEN" bench -k ./faulty.so,sum -r pthread-pool,fork-pool \
		--sizes 1Ki..4Ki "${ONCE[@]}" -o run.jsonl >out 2>err
}

# refused WORDS: nothing is measured, and the user is told why.
refused()
{
	run "$BREAKEVEN" list -k ./faulty.so
	[ "$status" -ne 0 ]
	[[ $output == *"./faulty.so"*"$1"* ]] || { echo "$output"; false; }
	run short
	[ "$status" -eq 2 ]
	grep -qF "$1" err || { cat err; false; }
	[ ! -e run.jsonl ]
}

# falls VERDICT WORDS: so it ends under every runner; sum is measured.
falls()
{
	rm -f run.jsonl
	short || { cat err; false; }
	"$BREAKEVEN" report -f json run.jsonl | /usr/bin/python3 -c "
import json, sys
report = json.load(sys.stdin)
found = [x for x in report['breakeven'] if x['kernel'] == './faulty.so']
assert len(found) == 2, report['breakeven']
for one in found:
    assert one['verdict'] == '$1' and '''$2''' in one['reason'], one
"
	holds run.jsonl "done >= {('sum', r, n)
		for r in ('pthread-pool', 'fork-pool') for n in (1024, 4096)}"
}

@test "my_kernel.c: built as it says, listed, measured under every runner" {
	cc -O3 -march=native -Wall -Wextra -Werror -shared -fPIC -I "$SOURCE" \
		"$SOURCE/examples/my_kernel.c" -o mine.so
	"$BREAKEVEN" list -k ./mine.so | grep -q 'polynomial.*a map of 16 bytes'
	"$BREAKEVEN" bench -k ./mine.so:degree=3 -n 1Ki..1Ki "${ONCE[@]}" \
		-r fork,pthread,fork-pool,pthread-pool,openmp,pipe-pool,fork-cow,spawn,pthread-gil \
		-o run.jsonl >out
	grep -q '^./mine.so:degree=3: polynomial: y\[i\] = c\[0\]' out
	holds run.jsonl "len({c['runner'] for c in r['cells']}) == 9 and
		{(k, n) for k, _, n in done} == {('./mine.so:degree=3', 1024)}
		and len(done) == 9"
	"$BREAKEVEN" trace -k ./mine.so -n 64Ki -r fork,fork-pool --rounds 1 --quiet |
		grep -q '^fork-pool'
	"$BREAKEVEN" roof -k ./mine.so -n 1Mi "${ONCE[@]}" -o roof.jsonl |
		grep -q mine.so
	"$BREAKEVEN" grid -k ./mine.so -r pthread-pool -n 1Ki..1Ki "${ONCE[@]}" \
		-o grid.jsonl --benchmark_format=json | grep -q '"./mine.so/'
}

@test "the five commands of the docs do what they say" {
	[ -z "$SANITIZE" ] || skip "once is enough"
	for folder in examples kernels core; do
		ln -s "$SOURCE/$folder" .
	done
	ln -s "$BUILD" build
	awk '/five commands/ { marked = 1; next }
		marked && /^```/ { if (inside) exit; inside = 1; next }
		inside' "$SOURCE/docs/adding-a-kernel.md" |
		sed 's|^build/breakeven bench.*so|& --rounds 1 -n 16..16Ki|' >five.sh
	[ "$(grep -c . five.sh)" -eq 5 ]
	EDITOR=true run --separate-stderr bash -e five.sh
	[ "$status" -eq 0 ]
	[[ $output == *"polynomial: y[i] = c[0]"*"a map of 16 bytes"* ]]
	[[ $output == *"./mine.so: polynomial"*"Speed-up over serial"* ]]
}

@test "threshold: the example of the docs builds, and chooses" {
	[ -z "$SANITIZE" ] || skip "once is enough"
	for folder in examples kernels core; do
		ln -s "$SOURCE/$folder" .
	done
	ln -s "$BUILD" build
	awk '/<!-- threshold/ { marked = 1; next }
		marked && /^```/ { if (inside) exit; inside = 1; next }
		inside' "$SOURCE/docs/thresholds.md" |
		sed 's|^build/breakeven bench|& --rounds 1 -n 16..16Ki|; s|^./threshold|& --quick|; /report/s/$/ || [ $? -eq 3 ]/' >steps.sh
	[ "$(grep -c . steps.sh)" -eq 7 ]
	run --separate-stderr bash -e steps.sh
	[ "$status" -eq 0 ]
	grep -qE '^#define BREAKEVEN_ROOTS_OPENMP ([0-9]+|SIZE_MAX)$' thresholds.h
	grep -qE "^(parallel above [0-9]+ items|serial at any size).*; ns per call" <<<"$output"
	[[ $output == *"at worst the branch takes"* ]]
}

# The flags of a program that hides all that it does not declare.
@test "a kernel in C++, and one whose symbols are hidden, are found" {
	for compiler in g++ clang++; do
		command -v $compiler || continue
		$compiler -std=gnu++20 -O3 -march=native -fvisibility=hidden \
			-Wall -Werror -shared -fPIC -I "$SOURCE" \
			"$SOURCE/tests/plugins/halve.cc" -o halve.so
		"$BREAKEVEN" list -k ./halve.so | grep -q "^halve: y"
	done
	cc -O2 -fvisibility=hidden -shared -fPIC -I "$SOURCE" \
		"$SOURCE/examples/my_kernel.c" -o mine.so
	"$BREAKEVEN" list -k ./mine.so | grep '^polynomial'
}

@test "two files with kernels of the same name are two kernels" {
	[ -z "$SANITIZE" ] || skip "once is enough"
	cc -O2 -shared -fPIC -I "$SOURCE" "$SOURCE/examples/my_kernel.c" -o a.so
	cp a.so b.so
	"$BREAKEVEN" bench -k ./a.so,./b.so,./a.so:degree=2 -n 1Ki..1Ki \
		-r pthread-pool "${ONCE[@]}" -o run.jsonl >out
	# As they have one name, each is called by its file.
	"$BREAKEVEN" report -f header run.jsonl >thresholds.h || [ $? -eq 3 ]
	[ "$(grep -cE '^#define BREAKEVEN_[AB]_SO_(DEGREE_2_)?PTHREAD_POOL ' thresholds.h)" -eq 3 ]
	holds run.jsonl "{k for k, _, _ in done} ==
		{'./a.so', './b.so', './a.so:degree=2'}"
}

@test "what is no kernel is refused, with what to do" {
	rm -f faulty.so
	refused "No such file"
	mkdir faulty.so
	refused "no such file"
	rmdir faulty.so
	echo "not an ELF file" >faulty.so
	refused "cannot be loaded"
	faulty NOTHING -DNAMELESS
	refused "has no symbol breakeven_kernel"
	faulty WRONG_ABI
	refused "of ABI 1, this breakeven has"
	faulty NO_RUN
	refused "no .run"
	faulty NO_CHECK
	refused "its results cannot be checked"
	faulty BAD_NAME
	refused "its .name"
	faulty BAD_FORMULA
	refused "its .formula"
	faulty HUGE_CONTEXT
	refused ".ctx_size"
	faulty OPEN_OPTIONS
	refused "an option lacks"
	faulty FILLS_ALL
	run short
	[ "$status" -eq 2 ]
	grep -q "4096 items need .* MiB, but a run may use" err
}

@test "what crashes before it is measured is refused, by name" {
	faulty CRASH_LOAD
	refused "Aborted"
	faulty CRASH_SETUP
	refused "Aborted"
	faulty TOUCH_IN_SETUP
	refused "touches none of it"
}

# shellcheck disable=SC2030 # `falls` runs nothing that is asked here
@test "what crashes or is wrong later is named, and the rest goes on" {
	faulty CRASH_FILL
	falls failed "Aborted"
	faulty CRASH_RUN
	falls failed "Aborted"
	faulty CRASH_CHECK
	falls failed "Aborted"
	faulty WRONG_RESULT
	falls invalid "came out wrong"
	faulty NO_TWO_ALIKE
	falls invalid "came out wrong"
	faulty IN_PLACE_HEALED
	falls invalid "its loop changes its input"
	faulty WRITES_BEHIND
	falls invalid "wrote behind"
}

# not_listed WORDS: list -k runs it, and says what is wrong.
# shellcheck disable=SC2031 # they are those of its own run
not_listed()
{
	run "$BREAKEVEN" list -k ./faulty.so
	[ "$status" -eq 1 ]
	[[ $output == *"./faulty.so"*"$1"* ]] || { echo "$output"; false; }
}

@test "list -k runs it twice, and says what is wrong" {
	faulty NOTHING
	"$BREAKEVEN" list -k ./faulty.so | grep -q '^faulty: y'
	faulty IN_PLACE
	not_listed "its loop changes its input"
	faulty IN_PLACE_HEALED
	not_listed "its loop changes its input"
	faulty NO_TWO_ALIKE
	not_listed "came out wrong"
	faulty POISONS_INPUT
	not_listed "nothing that .run reads"
	faulty WRONG_RESULT
	not_listed "came out wrong"
	faulty WRITES_BEHIND
	not_listed "wrote behind"
	faulty CRASH_RUN
	not_listed "Aborted"
}

@test "what crashes from a size on is measured below it" {
	faulty CRASH_SETUP_LATER
	short || { cat err; false; }
	grep -q "set up for 4096 items.*Aborted" err
	holds run.jsonl "{n for k, _, n in done if k == './faulty.so'} ==
		{1024}"
}
