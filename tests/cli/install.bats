#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# What `make install` and `make deb` put where, and completion on the line.

load common

installed()
{
	[ -z "$SANITIZE" ] || skip "what users get is installed"
	DESTDIR=$PWD/root cmake --install "$BUILD" --prefix /opt/x >/dev/null
	there=$PWD/root/opt/x
}

# Kernels, a module with a library, a script beside: all found from where it is.
works()
{
	"$1" list -k sum | grep -q '^sum: s += a'
	"$1" bench -k sum -r openmp,fork-pool,python-serial -n 16..16 \
		"${ONCE[@]}" -o run.jsonl >out
	holds run.jsonl "{x for _, x, _ in done} >=
		{'openmp', 'fork-pool'}"
	rm run.jsonl
}

@test "below DESTDIR it works, and where it is moved to" {
	installed
	works "$there/bin/breakeven"
	mv root elsewhere
	works "$PWD/elsewhere/opt/x/bin/breakeven"
}

@test "a kernel of one's own needs nothing but what is installed" {
	installed
	include=$(PKG_CONFIG_PATH=$(dirname "$(find root -name breakeven.pc)") \
		pkg-config --variable=kernels breakeven)
	cc -O2 -shared -fPIC -I "$include" \
		"$there/share/doc/breakeven/examples/my_kernel.c" -o mine.so
	"$there/bin/breakeven" list -k ./mine.so | grep -q '^polynomial'
	g++ -std=gnu++20 -O2 -fvisibility=hidden -shared -fPIC -I "$include" \
		"$SOURCE/tests/plugins/halve.cc" -o halve.so
	"$there/bin/breakeven" list -k ./halve.so | grep -q '^halve'
}

@test "each command has a page, with all that it takes" {
	installed
	pages=$there/share/man/man1
	for command in $("$BREAKEVEN" --help | sed -n 's/^  \([a-z]*\) .*/\1/p'); do
		page=$pages/breakeven-$command.1
		grep -q "^breakeven-$command .- " "$page"
		plain=$(sed 's/\\//g' "$page")
		for option in $("$BREAKEVEN" "$command" --help |
			sed -n 's/^ .*--\([a-z_-]*\).*/\1/p'); do
			[[ $plain == *"--$option"* ]] ||
				{ echo "$command lacks --$option"; false; }
		done
		grep -A 2 '^.SH EXAMPLES' "$page" | tail -n 1 |
			grep -q '^\.B breakeven ' ||
			{ echo "$command lacks an example"; false; }
	done
	grep -q 'EXAMPLES' "$pages/breakeven.1"
	grep -A 1 '^3$' "$pages/breakeven-bench.1" | grep -q 'require.*trust'
}

@test "the package holds the same, and says what it needs" {
	[ -z "$SANITIZE" ] || skip "what users get is packaged"
	cpack -G DEB --config "$BUILD/CPackConfig.cmake" -B "$PWD" >/dev/null
	package=$(echo breakeven_*.deb)
	dpkg-deb -f "$package" Depends | grep -q 'libhwloc.*libjansson'
	dpkg-deb -f "$package" Recommends | grep -q gnuplot
	dpkg-deb -x "$package" there
	works "$PWD/there/usr/bin/breakeven"
	[ -f there/usr/share/doc/breakeven/copyright ]
	[ -f there/usr/share/bash-completion/completions/breakeven ]
	[ -f there/usr/share/zsh/site-functions/_breakeven ]
	[ -f there/usr/share/fish/vendor_completions.d/breakeven.fish ]
	[ -f there/usr/share/man/man1/breakeven-bench.1.gz ]
	# Stripped, and found without the paths of the machine that built them.
	for file in there/usr/bin/breakeven there/usr/lib/breakeven/*.so; do
		sections=$(readelf -SdW "$file")
		[[ $sections != *RUNPATH* && $sections != *.symtab* ]]
	done
	# The library and what it takes to build with it are packages apart.
	dpkg-deb -c libbreakeven0_*.deb >files
	grep -q "libbreakeven\.so\.0 " files
	dpkg-deb -c libbreakeven-dev_*.deb >files
	grep -q "/breakeven\.h$" files
	dpkg-deb -f libbreakeven-dev_*.deb Depends | grep -q '^libbreakeven0 (= '
	[ ! -d there/usr/include ]
	[ -z "$(find there -name 'libbreakeven*')" ]
}

@test "--version says what one has to know to help" {
	"$BREAKEVEN" --version >out
	for line in "breakeven [0-9]" "commit: " "compiler: " "flags: " \
		"kernels: " "libraries: hwloc [0-9]" "modules: .*openmp"; do
		grep -q "^$line" out || { cat out; false; }
	done
}

# completes LINE WORDS...: what would be offered at the end of the line.
completes()
{
	local line=$1 reply
	shift
	reply=$(bash -c '
		. "$1"
		COMP_LINE=$2 COMP_POINT=${#2}
		_breakeven
		printf "%s\n" "${COMPREPLY[@]}"' - "$SOURCE/scripts/completion/breakeven.bash" \
		"$BREAKEVEN $line")
	for word; do
		grep -qxF -- "$word" <<<"$reply" ||
			{ echo "no '$word' in: $reply"; false; }
	done
	offered=$reply
}

@test "completion: commands, options, names, their options, values, files" {
	completes "be" bench
	[ "$offered" = bench ]
	completes "" bench report --version
	completes "bench --bu" --budget
	completes "bench -k squ" square_map square_map_f64
	completes "bench -k sum,tri" sum,triad sum,triad:store=auto
	completes "bench -r fork-pool:" wait=spin chunk=
	completes "bench -r fork-pool:wait=" spin adaptive block
	completes "bench -r serial,fork-pool:wait=spin:sched" schedule=dynamic
	completes "bench --pin=sc" scatter
	completes "report -f ma" markdown
	completes "advise --data sh" shared shipped
	touch mine.so run.jsonl other.txt
	completes "bench -k ./mi" ./mine.so
	completes "report -f csv " run.jsonl
	[[ $offered != *other.txt* ]]
}

@test "completion: spellings of earlier versions are not offered" {
	completes "roof --" --bytes --help
	[[ $offered != *--sizes* ]]
	completes "machine --" --latency
	completes "help his" history
	completes "history -k su" sum
	completes "advise su" sum
	completes "advise --from ./ --calls 5 tri" triad
}

@test "completion: zsh gets the words, and whether a blank follows" {
	command -v zsh || skip "there is no zsh"
	touch run.jsonl
	# shellcheck disable=SC2016 # for the other shell
	zsh -f -c '
		compadd() { print -r -- "[$2]" $words_only }
		words=("${(@)argv[2,-1]}") CURRENT=$#words
		source $1' "$SOURCE/scripts/completion/_breakeven" \
		"$SOURCE/scripts/completion/_breakeven" \
		"$BREAKEVEN" bench --pin=sc >out
	[ "$(cat out)" = "[ ] --pin=scatter" ]
}

@test "completion: fish gets the words and what they mean" {
	command -v fish || skip "there is no fish"
	PATH=$BUILD:$PATH HOME=$PWD fish --no-config -c "
		source $SOURCE/scripts/completion/breakeven.fish
		complete -C 'breakeven bench --bud'
		complete -C 'breakeven bench --pin=sc'" >out
	grep -q "^--budget	Time" out
	grep -qx -- "--pin=scatter" out
}

# As they stand: each option is one that the command has.
@test "the examples of each command can be pasted" {
	for command in $("$BREAKEVEN" help | sed -n 's/^  \([a-z]*\) .*/\1/p'); do
		"$BREAKEVEN" help "$command" | sed '1,/^Examples:/d' |
			sed -n 's/^  \(breakeven .*\)/\1/p' >examples
		[ -s examples ] || { echo "$command has none"; false; }
		while read -r _ name words; do
			known=$("$BREAKEVEN" help "$name" | sed '/^Examples:/,$d' |
				grep -oE '^  +(-[a-zA-Z], )?--[a-z-]+' | tr -s ', ' '\n')
			for word in $words; do
				[[ $word != -* || $word == --benchmark_* ]] ||
					grep -qxe "$word" <<<"$known" ||
					{ echo "$name has no $word"; false; }
			done
		done <examples
	done
}
