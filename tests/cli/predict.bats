#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# Break-even sizes with more workers than were measured.

load common

# Both records, with a number for each runner: where the host moves CPUs in each
# of the few rounds of a runner, it has none, rightly.
measure_both()
{
	rm -f run.jsonl dispatch.jsonl
	"$BREAKEVEN" bench -k sum,square_map -r pthread-pool,fork-pool "${TWO[@]}" \
		-n 64..64Ki --rounds 2 --generations 6 --quiet -o run.jsonl >/dev/null
	"$BREAKEVEN" dispatch -r pthread-pool,fork-pool "${TWO[@]}" --gaps 0 \
		--rounds 4 --quiet -o dispatch.jsonl >/dev/null
	for kernel in sum square_map; do
		for runner in pthread-pool fork-pool; do
			"$BREAKEVEN" predict run.jsonl dispatch.jsonl \
				-k $kernel -r $runner >/dev/null || return 1
		done
	done
}

setup_file()
{
	[ "$(nproc)" -ge 2 ] || skip "two workers would share a CPU"
	cd "$BATS_FILE_TMPDIR" || return 1
	for _ in 1 2 3 4 5 6; do
		measure_both 2>err && return
	done
	cat err
	return 1
}

setup()
{
	cd "$BATS_FILE_TMPDIR" || return 1
}

@test "predict marks what it says as predicted, and gives ranges" {
	"$BREAKEVEN" predict run.jsonl dispatch.jsonl -w 2,8,64 -f json >x.json
	python3 - x.json <<-'END'
		import json, sys
		found = json.load(open(sys.argv[1]))["predictions"]
		keys = {(p["kernel"], p["runner"], p["workers"]) for p in found}
		assert len(keys) == len(found) == 2 * 2 * 3, keys
		for p in found:
		    assert p["predicted"] is True, p
		    lo, n, hi = (p[k] or float("inf") for k in ("n_lo", "n_star", "n_hi"))
		    assert lo <= n <= hi, p
		    assert ("measured" in p) == (p["workers"] == 2), p
	END
	COLUMNS=100 "$BREAKEVEN" predict run.jsonl dispatch.jsonl >page
	[ "$(grep -c '^[0-9]*, predicted ' page)" -eq 14 ]
	[ "$(grep -c '^2, measured ' page)" -eq 2 ]
	grep -q "^Predicted, not measured: " page
	# A number that stands twice is asked once.
	"$BREAKEVEN" predict run.jsonl dispatch.jsonl -w 4,4,8 >page
	[ "$(grep -c '^4, predicted ' page)" -eq 2 ]
	[ "$(grep -c '^8, predicted ' page)" -eq 2 ]
}

@test "predict -k and -r leave one column, in every form" {
	"$BREAKEVEN" predict dispatch.jsonl run.jsonl -k sum -r fork-pool -w 16 \
		-f markdown >page
	[ "$(grep -c '^| 16, predicted' page)" -eq 1 ]
	run ! grep -q pthread-pool page
	"$BREAKEVEN" predict dispatch.jsonl run.jsonl -w 16 -f html >page.html
	grep -q "16, predicted" page.html
	grep -q "</html>" page.html
}

@test "predict says which record is missing, twofold, or of something else" {
	run --separate-stderr -2 "$BREAKEVEN" predict run.jsonl
	run --separate-stderr -2 "$BREAKEVEN" predict run.jsonl run.jsonl
	# shellcheck disable=SC2154 # set by run
	[[ $stderr == *"both of runs"* ]]
	run --separate-stderr -2 "$BREAKEVEN" predict dispatch.jsonl dispatch.jsonl
	[[ $stderr == *"breakeven bench"* ]]
	run --separate-stderr -1 "$BREAKEVEN" predict run.jsonl nowhere.jsonl
	[[ $stderr == *nowhere.jsonl* ]]
	run --separate-stderr -2 "$BREAKEVEN" predict run.jsonl dispatch.jsonl -w 1
	run --separate-stderr -1 "$BREAKEVEN" predict run.jsonl dispatch.jsonl \
		-k dot
	[[ $stderr == *"nothing is predicted for kernel dot: the run must have it"* ]]
	run --separate-stderr -1 "$BREAKEVEN" predict run.jsonl dispatch.jsonl \
		-r tbb
	[[ $stderr == *"under runner tbb: a record of \`dispatch\` must have it"* ]]
	"$BREAKEVEN" roof -k sum --bytes 32Ki "${ONCE[@]}" -o roof.jsonl >/dev/null
	run --separate-stderr -2 "$BREAKEVEN" predict roof.jsonl dispatch.jsonl
	[[ $stderr == *"roof.jsonl is of \`breakeven roof\`"* ]]
	"$BREAKEVEN" trace -k sum -n 64 -r pthread-pool "${TWO[@]}" --rounds 1 \
		--quiet --record trace.jsonl >/dev/null
	run --separate-stderr -2 "$BREAKEVEN" predict run.jsonl trace.jsonl
	[[ $stderr == *"breakeven trace"* ]]
}

@test "what says nothing of handing out is left out, and told" {
	"$BREAKEVEN" predict run.jsonl dispatch.jsonl >page
	"$BREAKEVEN" dispatch -r pthread-pool -w $(($(nproc) + 1)) --gaps 0 \
		--rounds 1 --quiet -o crowd.jsonl >/dev/null
	"$BREAKEVEN" dispatch -r pthread-pool -w 2 -t 64 --gaps 0 --rounds 1 \
		--quiet -o tiles.jsonl >/dev/null
	"$BREAKEVEN" dispatch -r pipe-pool -w 2 --gaps 0 --rounds 1 --quiet \
		-o ships.jsonl >/dev/null
	run --separate-stderr -0 "$BREAKEVEN" predict crowd.jsonl run.jsonl \
		tiles.jsonl dispatch.jsonl ships.jsonl
	[ "$output" = "$(<page)" ]
	# shellcheck disable=SC2154 # set by run
	[[ $stderr == *"crowd.jsonl is left out"*"tiles.jsonl is left out"*"pipe-pool is left out"* ]]
	# Runners that the run lacks are asked what they are, or are unknown here.
	"$BREAKEVEN" predict run.jsonl \
		<(sed "s/pthread-pool/openmp/" dispatch.jsonl) -r openmp -w 2 |
		grep -q "^2, predicted "
	for runner in mpi nonesuch pipe-pool:workers=2; do
		run --separate-stderr -0 "$BREAKEVEN" predict run.jsonl \
			dispatch.jsonl <(sed "s/pipe-pool/$runner/" ships.jsonl)
		[ "$output" = "$(<page)" ]
		[[ $stderr == *"$runner is left out"* ]]
	done
	run --separate-stderr -0 "$BREAKEVEN" predict run.jsonl \
		<(sed 's/"model":"[^"]*"/"model":"another"/' dispatch.jsonl)
	[[ $stderr == *"another CPU"* ]]
}

# together NS FILE: FILE, in which a cache line takes so long everywhere.
together()
{
	python3 - "$@" <<-'END'
		import re, sys
		ns, path = sys.argv[1:]
		for line in open(path):
		    line = re.sub(r'"probe_ns":\[[^"]*\]\]',
		                  lambda found: re.sub(r"[\d.]+|null", ns, found[0]), line)
		    line = re.sub(r'"raw_rounds_ns":\[[^"]*?\]',
		                  lambda found: re.sub(r"[\d.]+|null", ns, found[0]), line)
		    print(line, end="")
	END
}

@test "predict tells that the CPUs were apart otherwise" {
	together 80.5 run.jsonl >near.jsonl
	together 81.5 dispatch.jsonl >same.jsonl
	together 9000.5 dispatch.jsonl >apart.jsonl
	run -0 "$BREAKEVEN" predict near.jsonl same.jsonl
	[[ $output != *"measure both again"* ]]
	run -0 "$BREAKEVEN" predict near.jsonl apart.jsonl
	[[ $output == *"9.00 "* && $output == *"measure"*"both again"* ]]
}
