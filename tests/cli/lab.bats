#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Lessons: what they ask, measure and conclude, and what is wrong with some.

load common

lab()
{
	"$BREAKEVEN" lab --no-lock "$@"
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
	script -qec "'$BREAKEVEN' lab --no-lock process" typescript <typed
	grep -q 'Your prediction, process IDs (Enter: none): ' typescript
	grep -q 'That is no number' typescript
	grep -q 'You said 5\. Measured: 6 process IDs\.' typescript
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
