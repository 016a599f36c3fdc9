#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Bad input gets a clear error that lists what would be right.

load common

refused()
{
	run "$BREAKEVEN" "$@"
	echo "$output"
	[ "$status" -eq 2 ]
}

@test "an unknown command lists the commands" {
	refused dance
	[[ $output == *"no command 'dance'"*bench*grid*report* ]]
}

@test "a slip in a command or an option has a suggestion, in two lines" {
	refused bnech
	[[ ${lines[0]} == *"no command 'bnech': did you mean 'bench'?" ]]
	refused help histroy
	[[ ${lines[0]} == *"did you mean 'history'?" ]]
	refused bench --bugdet 5
	[ "${lines[0]}" = \
		"breakeven bench: there is no option '--bugdet': did you mean '--budget'?" ]
	[ "${lines[1]}" = "Try 'breakeven bench --help'" ]
	[ "${#lines[@]}" -eq 2 ]
}

@test "help, help COMMAND, -h and --help say the same" {
	cmp <("$BREAKEVEN" help) <("$BREAKEVEN" --help)
	cmp <("$BREAKEVEN" -h) <("$BREAKEVEN" --help)
	cmp <("$BREAKEVEN" help trace) <("$BREAKEVEN" trace --help)
	cmp <("$BREAKEVEN" trace -h) <("$BREAKEVEN" trace --help)
	cmp <("$BREAKEVEN" trace -k sum --usage) <("$BREAKEVEN" trace --help)
}

# A letter means the same wherever it is shown, whatever its long name.
@test "letters mean one thing in all commands" {
	for command in $("$BREAKEVEN" help | sed -n 's/^  \([a-z]*\) .*/\1/p'); do
		"$BREAKEVEN" help "$command" | sed '/^Examples:/,$d' |
			sed -n 's/^  \(-[a-zA-Z]\), --\([a-z-]*\).*/\1 \2/p'
	done | sort -u >letters
	cat letters
	diff - letters <<-'END'
		-F fail-on
		-c calls
		-d data
		-f format
		-h help
		-i from
		-k kernel
		-k kernels
		-n items
		-n sizes
		-o output
		-r runner
		-r runners
		-t tiles
		-w workers
	END
}

@test "spellings of earlier versions go on working" {
	local record=$SOURCE/results/reference/xeon-2cpu-20261123.jsonl
	short x.jsonl -k sum -r serial
	for option in --out --output; do
		"$BREAKEVEN" bench -k sum -r serial -n 16 "${ONCE[@]}" \
			$option y$option.jsonl
		# What repeats the run leaves another record.
		COLUMNS=400 "$BREAKEVEN" report --all y$option.jsonl >out
		grep 'breakeven bench -k sum -r serial -n 16' out
		run ! grep "breakeven bench.*$option" out
	done
	"$BREAKEVEN" roof -k sum -n 16Ki "${ONCE[@]}" --out=n.jsonl >/dev/null
	"$BREAKEVEN" roof -k sum --sizes 16Ki "${ONCE[@]}" -o s.jsonl >/dev/null
	grep -q '"working_sets":\[16384\]' n.jsonl
	grep -q '"working_sets":\[16384\]' s.jsonl
	cmp <("$BREAKEVEN" compare -c speedup "$record" "$record") \
		<("$BREAKEVEN" compare --of speedup "$record" "$record")
}

@test "no command at all is a usage error" {
	refused
	[[ $output == *Usage* ]]
}

@test "every command gives help on standard output" {
	for command in bench grid roof trace report compare advise list machine \
		plan; do
		run "$BREAKEVEN" $command --help
		[ "$status" -eq 0 ]
		[[ $output == *"Usage: breakeven $command"* ]]
		[ -z "$("$BREAKEVEN" $command --help 2>&1 >/dev/null)" ]
	done
}

@test "explain: a term in any form, all of them, and a slip" {
	"$BREAKEVEN" explain false sharing >one
	[ "$(head -n 1 one)" = "false sharing" ]
	grep -q "in one cache line" one
	"$BREAKEVEN" explain Forks | cmp - <("$BREAKEVEN" explain fork)
	"$BREAKEVEN" explain >all
	[ "$(grep -c '^  [^ ].*: ' all)" -eq "$(grep -c '^## ' "$SOURCE/docs/glossary.md")" ]
	run -2 "$BREAKEVEN" explain genration
	[[ $output == *"no entry for 'genration': did you mean 'generation'?"* ]]
	run -2 "$BREAKEVEN" explain xyzzyx
	[[ $output == *"no entry for 'xyzzyx': \`breakeven explain\` lists all"* ]]
	run -2 "$BREAKEVEN" explain "$(printf '%0100d' 0)" x
	[[ $output == *"no term is that long"* ]]
	run -1 sh -c "\"$BREAKEVEN\" explain >/dev/full"
}

@test "list keeps within the terminal, and says the same at any width" {
	for columns in 60 80 200; do
		COLUMNS=$columns "$BREAKEVEN" list >shown
		# A command is not broken, for it is to be pasted.
		run ! grep "^.\{$((columns + 1))\}" \
			<(grep -v '^  breakeven bench' shown)
		tr -s ' \n' ' ' <shown >$columns.words
	done
	cmp 60.words 80.words
	cmp 80.words 200.words
	grep -q '^fork-pool  *processes .* (process, pooled, data shared)$' shown
	run "$BREAKEVEN" list
	[ "$status" -eq 0 ]
	run bash -c "'$BREAKEVEN' list >/dev/full"
	[ "$status" -eq 1 ]
}

@test "what list shows as a command is one" {
	command=$("$BREAKEVEN" list | sed -n 's/^  breakeven bench //p')
	# shellcheck disable=SC2086 # several words
	"$BREAKEVEN" bench $command -n 16 "${ONCE[@]}" -o x.jsonl
	run ! grep -q '"note"' x.jsonl
}

@test "an unknown kernel lists the kernels" {
	refused bench -k nosuch
	[[ $output == *"no kernel 'nosuch'"*square_map*dot* ]]
}

@test "an unknown instruction set lists those that are there" {
	for isa in v9 ''; do
		BREAKEVEN_ISA=$isa refused list
		[[ $output == *"BREAKEVEN_ISA=$isa:"*"valid here: "* ]]
		[[ $output == *native* ]] || [[ $output == *baseline* ]]
		BREAKEVEN_ISA=$isa refused bench -k sum -r serial
		[[ $output == *"BREAKEVEN_ISA=$isa:"* ]]
	done
}

@test "an unknown runner lists the runners" {
	refused bench -r nosuch
	[[ $output == *"no runner 'nosuch'"*fork-pool*openmp* ]]
}

@test "a kernel or a runner with a slip in its name has a suggestion" {
	refused bench -k sun
	[[ $output == *"no kernel 'sun': did you mean 'sum'?"* ]]
	refused bench -r fork-poll:wait=spin
	[[ $output == *"no runner 'fork-poll': did you mean 'fork-pool'?"* ]]
}

@test "an unknown option of a kernel lists its options" {
	refused bench -k spin:opps=3
	[[ $output == *opps*ops* ]]
	refused bench -k sum:x=1
	[[ $output == *"no options"* ]]
}

@test "an unknown or bad option of a runner lists its options" {
	refused bench -r fork-pool:weight=spin
	[[ $output == *weight*'wait=spin|adaptive|block'* ]]
	refused bench -r openmp:schedule=magic
	[[ $output == *magic*'static|dynamic|guided'* ]]
	refused bench -r openmp:chunk=-1
	refused bench -r openmp:chunk=1:chunk=2
	refused bench -r planted:speedup=0
}

@test "bad numbers of workers" {
	for workers in 0 -1 1000000 x '1,,' ''; do
		refused bench "-w$workers"
	done
	refused bench -r fork:workers=0
	refused bench -r fork:workers=1000000
	refused bench -r serial:workers=2
}

@test "bad sizes" {
	for sizes in 0 0..5 9..3 x 1..x -5 1.. 1e99 99999999999999999999; do
		refused bench "-n$sizes"
	done
}

@test "sizes that no memory holds are refused before anything is touched" {
	run "$BREAKEVEN" bench -k sum -r serial -n 1..100G -o big.jsonl
	echo "$output"
	[ "$status" -eq 2 ]
	[[ $output == *MiB*sizes* ]]
	[ ! -e big.jsonl ]
}

@test "bad budgets, seeds and policies" {
	refused bench --budget 0
	refused bench --budget x
	refused bench --budget nan
	for count in 0 -1 x 1001 1.5 ''; do
		refused bench "--rounds=$count"
		[[ $output == *"--rounds takes a number from 1 to 1000, not '$count'"* ]]
		refused grid "--generations=$count"
	done
	# Without its sign, it would be a budget that nobody asked for.
	for precision in 2 0.05% 51% x% nan% ''; do
		refused bench "--precision=$precision"
		[[ $output == *"--precision takes a percentage with its sign"*"'$precision'"* ]]
	done
	for epoch in 0 19 x nan 1e7 '100us'; do
		refused bench --epoch "$epoch"
		[[ $output == *"--epoch takes microseconds from 20 to 1000000, not '$epoch'"* ]]
	done
	refused bench --seed x
	refused bench --seed -1
	refused bench --pin everywhere
	refused plan --pin everywhere
}

@test "bad kinds of memory" {
	for command in bench grid roof; do
		refused $command --arena heap
		[[ $output == *heap* && $output == *"shared, private or huge"* ]]
	done
}

@test "roof: bad sizes, workers, formats, and kernels that move no memory" {
	for sizes in 0 x 1Ki..2Ki 32Ki,,1Mi ''; do
		refused roof "-n$sizes"
	done
	refused roof -w 1,2
	refused roof --format csv
	[[ $output == *"html or json"* ]]
	refused roof -k empty -n 32Ki
	[[ $output == *"moves no memory"* ]]
	refused roof -k nosuch
}

@test "unknown options and stray arguments are refused, with where to read" {
	for command in bench grid roof trace report compare advise list machine \
		plan; do
		refused $command --no-such-option
		[[ $output == *no-such-option* ]]
		[[ $output == *--help* ]]
	done
	refused bench stray
	refused list stray
}

@test "report: bad formats and files" {
	refused report --format pdf x.jsonl
	[[ $output == *table*markdown*csv*json* ]]
	refused report
	run "$BREAKEVEN" report missing.jsonl
	[ "$status" -eq 1 ]
	[[ $output == *missing.jsonl* ]]
}

@test "report -o: the file is there whole, or not at all" {
	local record=$SOURCE/results/reference/xeon-2cpu-20261123.jsonl
	echo old >there.csv
	"$BREAKEVEN" report -f csv -o there.csv "$record" "$record"
	[ "$(grep -c ^table there.csv)" -eq 1 ]
	[ "$(grep -c ^breakeven, there.csv)" -gt 2 ]
	echo old >there.csv
	run -1 "$BREAKEVEN" report -f csv -o there.csv "$record" missing.jsonl
	[ "$(cat there.csv)" = old ]
	run -1 "$BREAKEVEN" report -f csv -o /dev/full "$record"
	[[ $output == *"/dev/full cannot be written"* ]]
	run -1 "$BREAKEVEN" report -f csv -o /nowhere/x "$record"
	[[ $output == *"/nowhere/x cannot be written"* ]]
	[ "$(ls)" = there.csv ]
}

@test "an output that cannot be written or is there already" {
	run "$BREAKEVEN" bench -k sum -r serial -n 16 "${ONCE[@]}" -o /nowhere/x
	[ "$status" -eq 1 ]
	[[ $output == */nowhere/x* ]]
	echo kept >there.jsonl
	run "$BREAKEVEN" bench -k sum -r serial -n 16 "${ONCE[@]}" -o there.jsonl
	[ "$status" -eq 1 ]
	[[ $output == *"exists"* ]]
	[ "$(cat there.jsonl)" = kept ]
	run -1 "$BREAKEVEN" bench -k sum -r serial -n 16 "${ONCE[@]}" \
		-o /dev/fd/5 5>>there.jsonl
	[[ $output == *"exists"* ]]
	[ "$(cat there.jsonl)" = kept ]
}

@test "a record goes to a descriptor that is open, as a pipe to gzip" {
	"$BREAKEVEN" bench -k sum -r serial -n 16 "${ONCE[@]}" \
		-o /dev/fd/5 5> >(gzip >x.gz)
	wait_until gzip -tq x.gz
	gunzip <x.gz >x.jsonl
	"$BREAKEVEN" report x.jsonl >out
	run -1 "$BREAKEVEN" bench -k sum -r serial -n 16 -o /dev/fd/1
	[[ $output == *"/dev/fd/1: "*"the report or messages go there"* ]]
	run -1 "$BREAKEVEN" bench -k sum -r serial -n 16 -o /dev/stdout
	[[ $output == *"/dev/stdout: "*"the report or messages go there"* ]]
	# 3 to 9 are breakeven's own by then.
	for fd in 3 5 9; do
		run -1 bash -c "'$BREAKEVEN' bench -k sum -r serial -n 16 \
			-o /dev/fd/$fd $fd>&-"
		[[ $output == *"Bad file descriptor"* ]]
	done
	run -1 "$BREAKEVEN" bench -k sum -r serial -n 16 -o /dev/fd/5 5<x.jsonl
	[[ $output == *"Bad file descriptor"*"open it to be written to"* ]]
	run ! "$BREAKEVEN" bench --resume=<(cat x.jsonl)
	[[ $output == *"only a record that is a file can be resumed"* ]]
}

@test "a record goes to a descriptor that does not block, and is full" {
	python3 - "$BREAKEVEN" <<-'END'
		import fcntl, os, subprocess, sys, time
		out, into = os.pipe()
		fcntl.fcntl(into, fcntl.F_SETPIPE_SZ, 4096)
		os.set_blocking(into, False)
		bench = subprocess.Popen(
		    [sys.argv[1], "bench", "-k", "sum,dot", "-r", "serial,pthread",
		     "-n", "16..1024", "--rounds", "4", "--generations", "1",
		     "--epoch", "100", "--quiet", "-o", f"/dev/fd/{into}"],
		    pass_fds=[into], stdout=subprocess.DEVNULL)
		os.close(into)
		with open("x.jsonl", "wb") as record:
		    while piece := os.read(out, 512):
		        record.write(piece)
		        time.sleep(0.002)
		assert bench.wait() == 0
		assert os.path.getsize("x.jsonl") > 3 * 4096
	END
	"$BREAKEVEN" report x.jsonl >out
}

@test "plan: a machine that is not here" {
	run "$BREAKEVEN" plan --topology "pack:2 core:8 pu:2" -w 4 --pin scatter
	[ "$status" -eq 0 ]
	[[ $output == *scatter* ]]
	# Two workers a package, numbered one package after the other.
	[ "$(awk '/^ *[0-9]+ / { printf "%s", $3 }' <<<"$output")" = 0011 ]
	[[ $output == *"1 across packages"* ]]
	refused plan --topology "nonsense"
	[[ $output == *nonsense* ]]
	refused plan --topology missing.xml
}

@test "plan: the tree by which a pool releases its workers" {
	"$BREAKEVEN" plan --topology "pack:2 l3:8 core:16 pu:2" -w 2,8,256 \
		--pin core >out
	tr -s '\n ' ' ' <out >words
	grep -q "down 1 level: to 7 within an L3 cache core" words
	grep -q "down 5 levels: to 240 within an L3 cache, to 14 across L3 caches, to 1 across packages" words
	[ "$(grep -c 'release goes' out)" -eq 2 ]
}

@test "plan: columns stand apart, however many items there are" {
	"$BREAKEVEN" plan --topology pu:4 -w 4 --pin none -n 281474976710656 >out
	[ "$(grep -c '^ *[0-9]  *1,024  *70,368,744,17[0-9],[0-9]*  *[0-9,]*  *[0-9,]*$' out)" -eq 4 ]
}

@test "the taxonomy and all options are listed" {
	run "$BREAKEVEN" list
	[ "$status" -eq 0 ]
	for name in empty square_map square_map_f64 sum dot minmax spin serial \
		pthread pthread-pool fork fork-pool openmp planted; do
		[[ $output == *$'\n'"$name "* ]]
	done
}

@test "machine: how far apart the CPUs are" {
	(($(nproc) > 1)) || skip "one CPU"
	(($(nproc) <= 16)) || skip "so many are told in groups"
	"$BREAKEVEN" machine --latency | tee matrix
	awk -v count="$(nproc)" '
		NR == 1 || /^~/ || !NF { next }
		{ gsub("~", "") }
		NR == 2 { if (NF != count + 1) exit 1; next }
		{ rows++; for (i = 2; i <= NF; i++) ns[rows, i - 1] = $i + 0 }
		END {
			if (rows != count) exit 1
			for (a = 1; a <= rows; a++)
				for (b = 1; b <= rows; b++) {
					if (ns[a, b] != ns[b, a]) exit 1
					if (a != b && ns[a, b] <= 0) exit 1
				}
		}' matrix
	run -1 taskset -c 0 "$BREAKEVEN" machine --latency
	[[ $output == *"needs two CPUs"* ]]
	run -2 "$BREAKEVEN" machine --latency --topology "pack:1 core:2"
	[[ $output == *"cannot go with --topology"* ]]
}

@test "machine: what disturbs is told with why and what to do" {
	"$BREAKEVEN" machine >out
	awk '/^What disturbs/ { on = 1; next }
		on && /^(minor|disturbs|unseen) / { open = 2 }
		on && /^ +(why|do): ./ { open-- }
		on && /^fine / && open > 0 { exit 1 }
		END { exit !on || open > 0 }' out
	COLUMNS=60 "$BREAKEVEN" machine | sed '1,/^What disturbs/d' >narrow
	[ -s narrow ]
	run ! grep '^.\{61\}' narrow
}
