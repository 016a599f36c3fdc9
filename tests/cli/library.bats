#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The library as others get it: installed, and found by pkg-config.

load common

# compile COMPILER FILE...: as a user does, with what pkg-config says; sanitizers
# where the library has them.
compile()
{
	local compiler=$1 flags
	shift
	read -ra flags < <(pkg-config --cflags breakeven)
	"$compiler" -Wall -Wextra -Wno-unused-parameter -Werror \
		${SANITIZE:+-fsanitize=$SANITIZE} "${flags[@]}" "$@"
}

# The program in the manual's EXAMPLES.
example()
{
	sed -n '/^\.Sh EXAMPLES/,/^\.Ed/p' "$1" | sed '1,/^\.Bd/d; /^\.Ed/d' |
		sed 's/\\e/\\/g'
}

# Install below a DESTDIR, and have pkg-config find it there.
install_it()
{
	DESTDIR=$PWD/stage cmake --install "$BUILD" --prefix /usr/local >log ||
		{ cat log; return 1; }
	prefix=$PWD/stage/usr/local
	export PKG_CONFIG_PATH=$prefix/lib/pkgconfig
	export LD_LIBRARY_PATH=$prefix/lib
}

@test "what is installed builds programs in C and C++ by pkg-config alone" {
	install_it
	read -ra libs < <(pkg-config --libs breakeven)
	example "$prefix/share/man/man3/breakeven.3" >manual.c
	compile "${CC:-cc}" manual.c -o manual "${libs[@]}"
	run ./manual
	[ "$status" -eq 0 ]
	[ "$output" = $'1\n4\n9\n16\n25' ]
	cp "${SOURCE:?}/examples/squares.cc" .
	compile "${CXX:-c++}" -std=c++11 squares.cc -o squares "${libs[@]}"
	run ./squares
	[ "$status" -eq 0 ]
	[[ $output == *166916750.0* ]]
}

@test "the static library needs the C library and no other" {
	install_it
	cp "$SOURCE/examples/pool_map.c" .
	compile "${CC:-cc}" pool_map.c -o pool_map "$prefix/lib/libbreakeven.a"
	LD_LIBRARY_PATH='' run ./pool_map
	[ "$status" -eq 0 ]
	[ "$output" = "[1, 4, 9, 16, 25]" ]
	[ -n "$SANITIZE" ] ||
		! ldd pool_map | grep -vE 'linux-vdso|libc\.so|ld-linux'
}

@test "each public function is exported, has a page, and nothing else is" {
	install_it
	sed -nE '/^typedef/d; s/^[a-z].*\b((pool|process)_[a-z_]+)\(.*/\1/p' \
		"$SOURCE/lib/breakeven.h" | sort >header
	[ "$(wc -l <header)" -eq 11 ]
	nm -D --defined-only "$prefix/lib/libbreakeven.so" |
		awk '$2 == "T" { print $3 }' | sort >shared
	nm -g --defined-only "$prefix/lib/libbreakeven.a" |
		awk 'NF == 3 && $2 ~ /[A-Z]/ { print $3 }' | sort >static
	diff header shared
	diff header static
	while read -r function; do
		[ -f "$prefix/share/man/man3/$function.3" ]
		grep -q "^\.F[no] .*\b$function\b" "$prefix/share/man/man3/breakeven.3"
	done <header
}

@test "a crash costs a pool of processes its workers, and one of threads its process" {
	run --separate-stderr "$BUILD/examples/isolation"
	echo "$output"
	[ "$status" -eq 0 ]
	[ "${#lines[@]}" -eq 3 ]
	[[ ${lines[0]} =~ worker\ [1-4]\ \(pid\ [0-9]+\)\ was\ killed\ by\ signal\ 11 ]]
	[[ ${lines[0]} == *"items [5, 6)"* ]]
	[[ ${lines[1]} == *"all 8 items"* ]]
	[[ ${lines[2]} == *"whole process was killed by signal 11"* ]]
}

@test "the library is used in C++" {
	run "$BUILD/examples/squares"
	[ "$status" -eq 0 ]
	[[ $output == *166916750.0* ]]
}
