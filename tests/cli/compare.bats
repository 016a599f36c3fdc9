# SPDX-License-Identifier: MIT
# `breakeven compare` as CI and people run it.
load common

WHOLE=$SOURCE/results/reference/epyc-2cpu-20261125.jsonl
EPYC=$BATS_FILE_TMPDIR/epyc.jsonl
XEON=$SOURCE/results/reference/xeon-2cpu-20261123.jsonl

setup_file()
{
	without_kernels "$WHOLE" "square_map_f64|minmax" >"$EPYC"
}

# The record $1 with all times of the runner $2 multiplied by $3, as $4.
stretch()
{
	/usr/bin/python3 - "$@" <<-'EOF'
	import json, sys
	source, runner, factor, target = sys.argv[1:]
	with open(target, 'w') as out:
	    for line in open(source):
	        data = json.loads(line)
	        for s in data.get('block', {}).get('series', []):
	            if s['runner'] == runner:
	                s['ns'] = [x and x * float(factor) for x in s['ns']]
	        out.write(json.dumps(data) + '\n')
	EOF
}

compare()
{
	run --separate-stderr "$BREAKEVEN" compare "$@"
}

# Evaluate a Python expression over the JSON of the comparison, called c.
compared()
{
	local what=$1
	shift
	"$BREAKEVEN" compare --format json "$@" >compared.json ||
		[ $? -eq 1 ] || return 1
	/usr/bin/python3 -c "
import json, sys
c = json.load(open('compared.json'))
if not ($what):
    sys.exit('does not hold: ' + sys.argv[1] + '\n' + json.dumps(c)[:3000])
" "$what"
}

@test "two machines are compared by their speed-ups, and by time on request" {
	compare "$XEON" "$EPYC"
	[ "$status" -eq 0 ]
	[[ $output =~ CPU\ +Intel\(R\)\ Xeon\(R\)\ Processor\ +AMD\ EPYC ]]
	[[ $output == *"Warning: the CPUs differ"* ]]
	compared 'c[0]["of"] == "speedup"' "$XEON" "$EPYC"
	compared 'c[0]["of"] == "time" and c[0]["comparisons"] == 300' \
		--of time "$XEON" "$WHOLE"
}

@test "a page says what to beware of" {
	compare -f html "$EPYC" "$EPYC"
	[ "$status" -eq 0 ]
	# Words of the glossary are links.
	[[ $(sed 's/<a class="word"[^>]*>//; s/<\/a>//' <<<"$output") == \
		*"<strong>Warning:</strong> a record is compared"* ]]
	[[ $output == *"</html>"* ]]
}

@test "a record is not slower than itself" {
	compare "$EPYC" "$EPYC" --fail-on slower=0 --fail-on breakeven=0
	[ "$status" -eq 0 ]
	[[ $output == *"Warning: a record is compared with itself"* ]]
	compared 'all(x["verdict"] in ("equal", "unresolved")
		for x in c[0]["cells"])' "$EPYC" "$EPYC"
}

@test "--fail-on finds a runner that became slower, and no other" {
	stretch "$EPYC" openmp 2.5 after.jsonl
	compare "$EPYC" after.jsonl --fail-on slower=5%
	[ "$status" -eq 1 ]
	[[ $output == *"Limit slower=5%: "* ]]
	compared 'c[0]["limits"][0]["proven"] >= 20 and
		{x["runner"] for x in c[0]["cells"]
		 if x["verdict"] == "slower"} == {"openmp"}' \
		"$EPYC" after.jsonl --fail-on slower=5%
	compare "$EPYC" after.jsonl --fail-on slower=5% -r fork,pthread-pool
	[ "$status" -eq 0 ]
	compare after.jsonl "$EPYC" --fail-on slower=5%
	[ "$status" -eq 0 ]
	compare after.jsonl "$EPYC" --fail-on faster=5%
	[ "$status" -eq 1 ]
	compare "$EPYC" after.jsonl --fail-on breakeven=5%
	[ "$status" -eq 1 ]
}

@test "kernels and runners of one record are compared under other names" {
	compare "$EPYC" "$EPYC" -r openmp=fork-pool -k sum --fail-on faster=5
	[ "$status" -eq 1 ]
	[[ $output == *"to fork-pool"* ]]
	compare "$EPYC" "$EPYC" -k sum=dot -r openmp --fail-on slower=5
	[ "$status" -eq 1 ]
	[[ $output == *"sum to dot"* ]]
}

@test "a third record is compared with the first" {
	stretch "$EPYC" fork 3 after.jsonl
	compare "$EPYC" "$EPYC" after.jsonl -k sum --fail-on slower=5%
	[ "$status" -eq 1 ]
	[[ $output == *"C: after.jsonl"* ]]
	"$BREAKEVEN" compare -f json "$EPYC" "$EPYC" after.jsonl |
		/usr/bin/python3 -c 'import json, sys
assert len(json.load(sys.stdin)) == 2'
}

@test "an interrupted record is compared, with a warning" {
	head -n 900 "$EPYC" >torn.jsonl
	compare "$EPYC" torn.jsonl
	[ "$status" -eq 0 ]
	[[ $output == *"Warning: B is not trusted"* ]]
}

@test "no answer is status 3, and leaves no file" {
	compare "$EPYC" missing.jsonl
	[ "$status" -eq 3 ]
	[[ $stderr == *"missing.jsonl"* ]]
	echo '{"breakeven":99}' >newer.jsonl
	compare newer.jsonl "$EPYC"
	[ "$status" -eq 3 ]
	head -n 1 "$EPYC" >empty.jsonl
	compare "$EPYC" empty.jsonl --fail-on slower=5%
	[ "$status" -eq 3 ]
	[[ $stderr == *"nothing is in both"* ]]
	compare "$EPYC" "$EPYC" -o missing/out
	[ "$status" -eq 3 ]
	run -3 bash -c "'$BREAKEVEN' compare '$EPYC' '$EPYC' >/dev/full"
}

@test "a wrong use is status 2, and is told" {
	local wrong
	for wrong in "--fail-on slower" "--fail-on slower=x" \
		"--fail-on slower=-1" "--fail-on bigger=5%" \
		"--fail-on slower=5%%" "--of both" "--format csv" "-k nosuch" \
		"-r openmp=nosuch" "-k sum,"; do
		# shellcheck disable=SC2086 # they are words
		compare $wrong "$EPYC" "$EPYC"
		[ "$status" -eq 2 ]
		[ -n "$stderr" ]
	done
	compare
	[ "$status" -eq 2 ]
	compare "$EPYC"
	[ "$status" -eq 2 ]
	[[ $stderr == *"name two records"* ]]
	compare "$EPYC" "$EPYC" -k nosuch
	[[ $stderr == *"has square_map, square_map_f64, sum, dot, minmax"* ]]
}

@test "a table keeps within its columns" {
	COLUMNS=80 LC_ALL=C "$BREAKEVEN" compare "$XEON" "$EPYC" \
		--fail-on slower=5% >table || [ $? -eq 1 ]
	run grep -cE '^.{81}' table
	[ "$output" -eq 0 ]
	run grep -cP '[^\x00-\x7f]' table
	[ "$output" -eq 0 ]
}
