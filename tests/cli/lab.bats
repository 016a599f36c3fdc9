#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Lessons: what they ask, measure and conclude, and what is wrong with some.

load common

lab()
{
	"$BREAKEVEN" lab --no-lock -o "$(mktemp -u lab-XXXXXX.jsonl)" "$@"
}

# Type lines into a lab on a terminal, each once `$file` has its text:
# type_into FILE TEXT LINE TEXT LINE ...
type_into()
{
	local file=$1

	shift
	while (($#)); do
		wait_until grep -q "$1" "$file"
		printf '%b' "$2"
		shift 2
	done
}

# A lesson in the folder `mine`, whose "Measure" has these lines.
# shellcheck disable=SC2016 # no command, but a listing
write_lesson()
{
	mkdir -p mine
	{
		printf '# Threads\n\n```c\n\tx();\n```\n\n'
		printf '## Question\n\nWho, of {n} items?\n\n## Measure\n\n'
		printf -- '- %s\n' "$@"
		printf '\n## Fast\n\nFast: {gain}.\n\n## Slow\n\nSlow: {gain}.\n'
	} >mine/own.md
}

@test "lessons that look at processes see the same on every machine" {
	lab --no-pause process memory crash </dev/null >out
	grep -q '^Measured: 6 process IDs\.$' out
	grep -q '^Measured: 0 as the parent sees it\.$' out
	grep -q '^Measured: 0 workers\.$' out
	tr -s '\n ' ' ' <out |
		grep -q 'With five threads it says 5, with five processes 0\.'
	tr -s '\n ' ' ' <out |
		grep -q 'Of four threads 0 are left.* Of four processes 3 are left'
	run ! grep -q "^Teacher" out
	lab --no-pause --answers process </dev/null | grep -q "^Teacher"
}

@test "a lesson of one's own is measured, and says what follows" {
	write_lesson 'measure: bench -k sum -r planted:alpha=1000000:workers=1 -n {n} --rounds 2 --generations 4' \
		'change n: 64 128' 'let gain: speed-up sum planted:alpha=1000000:workers=1' \
		'answer: gain' 'unit: times as fast' \
		'outcome Slow: below 0.5' 'outcome Fast: above 0.5'
	lab --no-pause --lessons mine own --seed 1 </dev/null >out
	grep -Eq '^Who, of (64|128) items\?$' out
	grep -Eq '^Measured: 0\.[0-9]* \[0\.[0-9]*,0\.[0-9]*\] times as fast\.' out
	grep -Eq '^Slow: 0\.' out
	tr -s '\n ' ' ' <out | grep -q 'The brackets are right in [0-9.]* of 100 cases'
	# The same seed asks the same.
	lab --no-pause --lessons mine own --seed 1 </dev/null | grep '^Who' |
		cmp - <(grep '^Who' out)
}

@test "a prediction is asked for, and stands beside what was measured" {
	printf 'many\n5\n' >typed
	script -qec "'$BREAKEVEN' lab --no-lock process -o own.jsonl" typescript <typed
	grep -q 'Your prediction, process IDs (Enter: none): ' typescript
	grep -q 'That is no number' typescript
	grep -q 'You said 5\. Measured: 6 process IDs\.' typescript
	grep -q '^0 of 1 predictions were right\.' typescript
	grep -q '^Record: own\.jsonl' typescript
}

@test "a lab leaves a record, which report tells" {
	"$BREAKEVEN" lab --no-lock --no-pause --seat Ada -o ada.jsonl process crash </dev/null
	"$BREAKEVEN" report ada.jsonl | grep -q '^Ada  *6  *0$'
	"$BREAKEVEN" report -f csv ada.jsonl | grep -q '^lab,"process: pids",,6,6,6'
	"$BREAKEVEN" report -f json ada.jsonl |
		jq -e '.labs[0] | .seat == "Ada" and .lessons[1].outcome == "None"'
	# In the order in which they are named, each once.
	lab --no-pause crash process crash </dev/null | grep '^Measured' |
		cmp - <(printf 'Measured: 0 workers.\nMeasured: 6 process IDs.\n')
	"$BREAKEVEN" history . | grep -q 'process: pids: 6; crash: threads: 0'
	jq -e '.command == ["breakeven","lab","process","crash","--no-lock","--no-pause","--seat","Ada","-o","ada.jsonl"]' <(head -n1 ada.jsonl)
	# A file that is there stays as it is.
	cp ada.jsonl before
	run -1 "$BREAKEVEN" lab --no-pause -o ada.jsonl process
	cmp ada.jsonl before
}

@test "Ctrl-C keeps what was predicted, and --resume goes on" {
	touch typescript
	type_into typescript 'Your prediction' '6\n' 'There are 6' '\n' \
		'Four workers' '4\n' 'Of four threads' '\003' |
		script -qec "'$BREAKEVEN' lab --no-lock -o own.jsonl process crash memory" \
			-f typescript >/dev/null || [ $? -eq 130 ]
	grep -q 'go on with: breakeven lab --resume own\.jsonl' typescript
	[ "$(jq -s '[.[] | select(.row.state == "told").row.lesson] | join(" ")' own.jsonl)" = '"process crash"' ]
	run -0 lab_resume own.jsonl
	[[ $output == *"Processes have memory of their own"* ]]
	[[ $output != *"Every process has a number"* ]]
	[[ $output == *"1 of 2 predictions were right."* ]]
	"$BREAKEVEN" report own.jsonl | grep -q '^seat 1  *6 +  *0 -  *0$'
	# All is measured: nothing is measured any more.
	cp own.jsonl before
	lab_resume own.jsonl
	[ "$(grep -c '"row"' own.jsonl)" -eq "$(grep -c '"row"' before)" ]
}

lab_resume()
{
	"$BREAKEVEN" lab --no-lock --no-pause --resume "$@" </dev/null
}

@test "what cannot be resumed" {
	run -2 lab_resume none.jsonl
	[[ $output == *"none.jsonl: No such file or directory"* ]]
	cp "$SOURCE"/results/reference/epyc-2cpu-20261125.jsonl other.jsonl
	run -2 lab_resume other.jsonl
	[[ $output == *"other.jsonl is no record of \`breakeven lab\`"* ]]
	cmp other.jsonl "$SOURCE"/results/reference/epyc-2cpu-20261125.jsonl
	lab --no-pause process -o own.jsonl </dev/null
	run -2 lab_resume own.jsonl crash
	[[ $output == *"--resume goes on with a lab as it was begun"* ]]
	run -2 "$BREAKEVEN" lab --seat ""
	[[ $output == *"a name of at most 32 characters"* ]]
	lab --no-pause --seat "$(printf 'é%.0s' {1..32})" process </dev/null
	run -2 lab --no-pause --seat "$(printf 'é%.0s' {1..33})" process
	[[ $output == *"a name of at most 32 characters"* ]]
}

@test "a class is one page" {
	mkdir class
	lab --no-pause -o own.jsonl process memory crash order </dev/null >/dev/null
	"$SOURCE/tests/report/class_records.py" own.jsonl class 20
	cp "$SOURCE"/results/reference/epyc-2cpu-20261125.jsonl class
	"$BREAKEVEN" lab collect class -f html >class.html 2>err
	grep -q 'breakeven lab: 1 record of something else: passed over' err
	grep -q 'predictions and results of 20 seats' class.html
	[ "$(grep -c '<svg id="chart-' class.html)" -eq 4 ]
	grep -q 'seat T' class.html
	rm class/epyc*
	"$BREAKEVEN" report -f html class/*.jsonl | cmp - class.html
	"$BREAKEVEN" lab collect class -f json | jq -e '.labs | length == 20'
	"$BREAKEVEN" lab collect class/seat00.jsonl class | grep -q 'of 21 seats'
	"$BREAKEVEN" lab collect class | grep -q '^order  *20  *[0-9]* of 20 '
}

@test "a class of nothing" {
	mkdir class
	run -1 "$BREAKEVEN" lab collect class
	[[ $output == *"breakeven lab: there is no record of a lab"* ]]
	run -2 "$BREAKEVEN" lab collect
	[[ $output == *"name the records of the class"* ]]
	echo '{"breakeven":1,"study":"lab"}' >class/cut.jsonl
	run -1 "$BREAKEVEN" lab collect class
	[[ $output == *"class/cut.jsonl: it was cut off before its first lesson"* ]]
}

@test "the course as a page has its answers folded" {
	lab --no-pause -f html process crash </dev/null >page.html
	[ "$(grep -c '<summary>The answer, on this machine</summary>' page.html)" -eq 2 ]
	grep -q 'href="#r0-process">' page.html
	grep -q '<pre><code>for (int i = 0; i &lt; 5; i++)$' page.html
	lab --no-pause -f markdown process </dev/null |
		grep -q '^## Every process has a number of its own$'
}

@test "a lesson that there is not, and one that is none" {
	run -2 lab --no-pause creatoin
	[[ $output == *"there is no lesson 'creatoin': did you mean 'creation'?"* ]]
	run -2 lab --no-pause xyzzy
	[[ $output == *"there is no lesson 'xyzzy', but: ruler process "* ]]
	write_lesson 'let gain: demo pids' 'answer: gain'
	run -2 lab --no-pause --lessons mine own
	[[ $output == *"own.md:11: its section 'Measure' names nothing to measure"* ]]
	run -2 lab --no-pause --lessons none own
	[[ $output == *"none: no lesson is there"* ]]
	cp "$SOURCE/docs/lessons/crash.md" mine
	run -2 lab --no-pause --lessons mine crash
	[[ $output == *"mine/crash.md: there is a lesson 'crash' already: rename"* ]]
	rm mine/crash.md
	write_lesson 'measure: demo nothing' 'let gain: demo pids' \
		'answer: gain' 'outcome Fast: above 1' 'outcome Slow: below 1'
	run -2 lab --no-pause --lessons mine own
	[[ $output == *"breakeven lab: own: there is no demo 'nothing'"* ]]
	write_lesson 'measure: bench -k nothing' 'let gain: demo pids' \
		'answer: gain' 'outcome Fast: above 1' 'outcome Slow: below 1'
	run -2 lab --no-pause --lessons mine own
	[[ $output == *"breakeven lab: own: breakeven bench: "*"'nothing'"* ]]
}

@test "what cannot be measured is said, and the next lesson follows" {
	write_lesson 'measure: bench -k sum -r planted:workers=1 -n 64 --rounds 2 --generations 1' \
		'let gain: speed-up dot planted:workers=1' \
		'answer: gain' 'outcome Slow: below 0.5' 'outcome Fast: above 0.5'
	lab --no-pause --lessons mine crash own </dev/null >out
	grep -q "^Not measured: 'speed-up dot planted:workers=1' was not measured" out
	grep -q '^Measured: 0 workers' out
}
