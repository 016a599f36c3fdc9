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
	holds run.jsonl "{c['runner'] for c in r['cells'] if c['rounds']} >=
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
	done
	grep -q 'EXAMPLES' "$pages/breakeven.1"
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
		printf "%s\n" "${COMPREPLY[@]}"' - "$SOURCE/scripts/completion.bash" \
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
