# SPDX-License-Identifier: MIT
# `breakeven ab`: two kernels, or two builds, measured by turns.
load common

leader= # set by in_session

# What measures something, in the least time.
LEAST=(-r pthread-pool -n 64..256 --rounds 4 --epoch 100 --quiet)

# Evaluate a Python expression over the JSON of a comparison, called c.
says()
{
	/usr/bin/python3 -c "
import json, sys
c = json.load(open('out.json'))[0]
if not ($1):
    sys.exit('does not hold: ' + sys.argv[1] + '\n' + json.dumps(c)[:3000])
" "$1"
}

# The field $2 of the header of record $1.
header()
{
	head -n 1 "$1" | /usr/bin/python3 -c "
import json, sys
print(json.load(sys.stdin)$2)"
}

# On a busy machine, rounds are left out, and it may be that nothing is proven.
@test "two kernels: what takes a thousand times as long is found" {
	run --separate-stderr "$BREAKEVEN" ab spin:ops=10 spin:ops=10000 \
		"${LEAST[@]}" --generations 12 --fail-on slower=50% \
		--format json -o x.jsonl
	echo "$output" >out.json
	says 'len(c["cells"]) > 0'
	says 'all(x["verdict"] in ("slower", "unresolved") and x["ratio"] > 9
	          for x in c["cells"])'
	says 'all(x["kernel"] == "spin:ops=10" and
	          x["kernel_b"] == "spin:ops=10000" for x in c["cells"])'
	says 'c["a"]["file"] == "x-a.jsonl" and c["b"]["file"] == "x-b.jsonl"'
	says "(c['limits'][0]['proven'] > 0) == ($status == 1) and $status < 2"
	says 'any(x["verdict"] == "slower" for x in c["cells"]) or
	      all(x["generations_a"] < 12 for x in c["cells"])'
	run "$BREAKEVEN" compare --format json --fail-on slower=50% \
		x-a.jsonl x-b.jsonl
	[ "$output" = "$(<out.json)" ]
}

@test "compare says the same again, of the records that are left" {
	"$BREAKEVEN" ab sum sum "${LEAST[@]}" --generations 12 --format json \
		-o x.jsonl >out.json
	says 'len(c["cells"]) > 0 and c["a"]["complete"] and c["paired"]'
	"$BREAKEVEN" compare --format json x-a.jsonl x-b.jsonl >again.json
	cmp out.json again.json
	[ "$(header x-a.jsonl '["turns"]["side"]')" = a ]
	[ "$(header x-b.jsonl '["turns"]["side"]')" = b ]
	[ "$(header x-a.jsonl '["turns"]["run"]')" = \
		"$(header x-b.jsonl '["turns"]["run"]')" ]
	# Of another run they are not of the same moments.
	sed '1s/"run":"[0-9a-f]*"/"run":"0"/' x-b.jsonl >other.jsonl
	"$BREAKEVEN" compare --format json x-a.jsonl other.jsonl >out.json
	says 'not c["paired"]'
}

@test "two builds, by their folders or as programs" {
	local folder=${BREAKEVEN%/*}

	"$BREAKEVEN" ab "$folder" "$folder/breakeven" -k sum "${LEAST[@]}" \
		--generations 12 --format json -o x.jsonl >out.json
	says 'len(c["cells"]) > 0'
	[ "$(header x-b.jsonl '["build"]["program"]')" = \
		"$(realpath "$folder/breakeven")" ]
	[ "$(header x-b.jsonl '["build"]["commit"]')" = \
		"$("$BREAKEVEN" --version | sed -n 's/^commit: *//p')" ]
}

# Sizes that are found take less of a generation than its share of the budget.
@test "a budget ends it, and what was measured is told" {
	run "$BREAKEVEN" ab sum sum -r pthread-pool --quiet --budget 6 \
		-o x.jsonl
	if ((status == 3)); then # a very slow machine
		[[ $output == *"give it more --budget"* ]]
	else
		((status == 0))
		[[ $output =~ "Of "[0-9]+" cells" ]]
		grep -q '"generation":2,' x-a.jsonl
		grep -q '"generation":2,' x-b.jsonl
	fi
}

@test "a folder of a kernel's name does not hide it" {
	mkdir sum
	"$BREAKEVEN" ab sum sum "${LEAST[@]}" --generations 1 -o x.jsonl >out
}

@test "an interrupt ends it with the signal's status, and leaves nobody" {
	in_session "$BREAKEVEN" ab sum sum "${LEAST[@]}" --generations 1000 \
		-o x.jsonl
	# By then, both sides have cells in common.
	wait_until grep -qs '"generation":4,' x-b.jsonl
	kill -INT "$leader"
	status=0
	wait "$leader" || status=$?
	[ "$status" -eq 130 ]
	session_is_gone "$leader"
	[ "$(tail -n 1 err)" = "the records are x-a.jsonl and x-b.jsonl" ]
	"$BREAKEVEN" compare x-a.jsonl x-b.jsonl >out
}

@test "what is no pair of sides is refused, with what would be" {
	mkdir hollow
	run -2 "$BREAKEVEN" ab sum
	[[ $output == *"name two kernels"* ]]
	run -2 "$BREAKEVEN" ab sum dot minmax
	[[ $output == *"two sides"* ]]
	run -2 "$BREAKEVEN" ab sum dot,minmax
	[[ $output == *"name one kernel"* ]]
	run -2 "$BREAKEVEN" ab sum "${BREAKEVEN%/*}"
	[[ $output == *"two of one kind"* ]]
	run -2 "$BREAKEVEN" ab hollow hollow
	[[ $output == *"no \`breakeven\` in this folder"* ]]
	run -2 "$BREAKEVEN" ab sum dot -k sum
	[[ $output == *"the sides are kernels"* ]]
	run -2 "$BREAKEVEN" ab sum summ
	[[ $output == *"summ"* ]]
	run -2 "$BREAKEVEN" ab ./none.so ./none.so
	[[ $output == *"none.so"* ]]
	[ -z "$(find . -name '*.jsonl')" ]
}
