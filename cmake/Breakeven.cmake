# SPDX-License-Identifier: MIT
#
# add_program(NAME [LIKE OTHER | ALL_LEVELS] SOURCE...)
#                                 a command with tables of kernels and runners,
#                                 to begin with those of another one
# add_kernel(NAME [VECTORISED] [FUSED])
#                                 NAME.c of the calling folder becomes a kernel
# add_runner(NAME [LIBRARY...] [WITH SOURCE...])
#                                 NAME.c or NAME.cc of the calling folder becomes
#                                 a runner; with libraries, a module that is
#                                 loaded; WITH: out of these sources as well
# add_control(KERNEL RUNNER LIBRARY... [FUSED])
#                                 KERNEL_RUNNER.c of the calling folder becomes that
#                                 kernel's loop written by hand for the runner
# ALL_LEVELS: its kernels are compiled for several instruction sets, as they are
# for all programs where BREAKEVEN_NATIVE is off, if the compiler can.
# Kernels and runners go to the program `breakeven`, or to the one named by
# `FOR PROGRAM`. They may come from another project, after add_subdirectory().

# The lists are kept as properties of the program, so that they are
# complete by the time its registry is generated. In a spec, dashes part words;
# in a symbol, underscores do. A name that does not match its symbol fails to
# link.

# A cross compiler has no native CPU. gcc has a CPU with 512-bit vectors use 256
# of them, for the sake of code around the loops that runs slower then. These
# loops run alone, and up to 1.8 times faster.
function(breakeven_check_native)
	include(CheckCCompilerFlag)
	check_c_compiler_flag(-march=native BREAKEVEN_HAS_NATIVE)
	check_c_compiler_flag(-mprefer-vector-width=512 BREAKEVEN_HAS_VECTOR_WIDTH)
	set(flags -march=native)
	if(BREAKEVEN_HAS_VECTOR_WIDTH)
		list(APPEND flags -mprefer-vector-width=512)
	endif()
	set(BREAKEVEN_NATIVE_FLAGS ${flags} PARENT_SCOPE)
	if(CMAKE_CROSSCOMPILING OR NOT BREAKEVEN_HAS_NATIVE)
		message(STATUS "kernels are for any CPU of the target: the compiler cannot tell this machine's")
		set(BREAKEVEN_NATIVE OFF PARENT_SCOPE)
	endif()
endfunction()

# Kernels are compiled for the CPU of this machine; or, for any x86-64, once for
# each of its levels, of which bench/host/registry.c takes the best that the CPU has.
function(breakeven_check_levels)
	include(CheckCSourceCompiles)
	set(CMAKE_REQUIRED_FLAGS -march=x86-64-v4)
	check_c_source_compiles(
		"int main(void) { return __builtin_cpu_supports(\"x86-64-v4\"); }"
		BREAKEVEN_HAS_LEVELS)
endfunction()

# Best first, by the names that BREAKEVEN_ISA takes.
function(breakeven_levels out all)
	if(BREAKEVEN_HAS_LEVELS AND (all OR NOT BREAKEVEN_NATIVE))
		set(${out} v4 v3 baseline PARENT_SCOPE)
	elseif(BREAKEVEN_NATIVE)
		set(${out} native PARENT_SCOPE)
	else()
		set(${out} baseline PARENT_SCOPE)
	endif()
endfunction()

# Where a kernel is compiled several times, its symbol tells them apart.
function(breakeven_level_suffix out program level)
	get_target_property(levels ${program} BREAKEVEN_LEVELS)
	list(LENGTH levels count)
	set(${out} "" PARENT_SCOPE)
	if(count GREATER 1)
		set(${out} _${level} PARENT_SCOPE)
	endif()
endfunction()

function(breakeven_table out program property before after)
	set(list "$<TARGET_PROPERTY:${program},${property}>")
	set(${out}
		"$<$<BOOL:${list}>:${before}$<JOIN:${list},${after}${before}>${after}>"
		PARENT_SCOPE)
endfunction()

# Sets `tables` to the kernels at each level, and `rows` to those of the levels.
function(breakeven_level_tables program)
	get_target_property(levels ${program} BREAKEVEN_LEVELS)
	foreach(level IN LISTS levels)
		breakeven_level_suffix(suffix ${program} ${level})
		breakeven_table(declared ${program} BREAKEVEN_KERNELS
			"extern const struct kernel " "${suffix}$<SEMICOLON>\n")
		breakeven_table(listed ${program} BREAKEVEN_KERNELS
			"\t&" "${suffix},\n")
		string(APPEND tables "${declared}\n"
			"static const struct kernel *const kernels_${level}[] = {\n"
			"${listed}\tNULL,\n}$<SEMICOLON>\n\n")
		set(label ${level})
		set(here NULL)
		if(level MATCHES "^v")
			set(label x86-64-${level})
			set(here registry_has_${level})
		endif()
		string(APPEND rows
			"\t{\"${level}\", \"${label}\", ${here}, kernels_${level}},\n")
	endforeach()
	set(tables "${tables}" PARENT_SCOPE)
	set(rows "${rows}" PARENT_SCOPE)
endfunction()

function(add_program name)
	cmake_parse_arguments(arg "ALL_LEVELS" "LIKE" "" ${ARGN})
	set(registry ${CMAKE_CURRENT_BINARY_DIR}/${name}_registry.c)
	add_executable(${name} ${arg_UNPARSED_ARGUMENTS} ${registry})
	if(arg_LIKE)
		get_target_property(levels ${arg_LIKE} BREAKEVEN_LEVELS)
	else()
		breakeven_levels(levels ${arg_ALL_LEVELS})
	endif()
	set_target_properties(${name} PROPERTIES BREAKEVEN_LEVELS "${levels}")
	breakeven_level_tables(${name})
	breakeven_table(runners ${name} BREAKEVEN_RUNNERS
		"extern const struct runner " "$<SEMICOLON>\n")
	breakeven_table(runner_rows ${name} BREAKEVEN_RUNNERS "\t&" ",\n")
	breakeven_table(module_rows ${name} BREAKEVEN_MODULES "\t{" "},\n")
	breakeven_table(control_rows ${name} BREAKEVEN_CONTROLS "\t{" "},\n")
	string(CONCAT text
		"/* Generated from the add_kernel() and add_runner() lines. */\n"
		"#include \"bench/host/registry.h\"\n\n"
		"${tables}"
		"const struct registry_level registry_levels[] = {\n"
		"${rows}\t{NULL, NULL, NULL, NULL},\n}$<SEMICOLON>\n\n"
		"${runners}\n"
		"const struct runner *const registry_runners[] = {\n"
		"${runner_rows}\tNULL,\n}$<SEMICOLON>\n\n"
		"const struct registry_module registry_modules[] = {\n"
		"${module_rows}\t{NULL, NULL},\n}$<SEMICOLON>\n\n"
		"const struct registry_control registry_controls[] = {\n"
		"${control_rows}\t{NULL, NULL},\n}$<SEMICOLON>\n")
	file(GENERATE OUTPUT ${registry} CONTENT "${text}")
	# Modules find what they call in the program that loads them.
	set_target_properties(${name} PROPERTIES ENABLE_EXPORTS ON
		RUNTIME_OUTPUT_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR})
	target_link_libraries(${name} PRIVATE
		-Wl,--whole-archive breakeven_team -Wl,--no-whole-archive
		breakeven_commands)
	if(arg_LIKE)
		breakeven_copy_tables(${arg_LIKE} ${name})
	endif()
endfunction()

function(breakeven_copy_tables from to)
	foreach(property KERNELS RUNNERS MODULES CONTROLS OBJECTS)
		get_target_property(value ${from} BREAKEVEN_${property})
		if(value)
			set_target_properties(${to} PROPERTIES
				BREAKEVEN_${property} "${value}")
		endif()
	endforeach()
	get_target_property(objects ${to} BREAKEVEN_OBJECTS)
	target_link_libraries(${to} PRIVATE ${objects})
	# Beside the other, whose modules it shares.
	get_target_property(folder ${from} RUNTIME_OUTPUT_DIRECTORY)
	set_target_properties(${to} PROPERTIES
		RUNTIME_OUTPUT_DIRECTORY ${folder})
	add_dependencies(${to} ${from})
endfunction()

# FUSED: the compiler may fuse a * b + c. It may not elsewhere, or the bits would
# depend on the instruction set; a kernel is FUSED if its products are exact.
function(breakeven_optimise target fused)
	if(fused)
		target_compile_options(${target} PRIVATE -O3 -ffp-contract=fast)
	else()
		target_compile_options(${target} PRIVATE -O3 -ffp-contract=off)
	endif()
endfunction()

# One object code for all runners.
function(breakeven_compile_kernel program name level source fused)
	string(REPLACE "-" "_" symbol kernel_${name})
	breakeven_level_suffix(suffix ${program} ${level})
	set(target ${program}_${symbol}${suffix})
	add_library(${target} OBJECT ${source})
	target_link_libraries(${target} PRIVATE breakeven_flags)
	breakeven_optimise(${target} ${fused})
	if(suffix)
		target_compile_definitions(${target} PRIVATE
			${symbol}=${symbol}${suffix})
	endif()
	if(level STREQUAL native)
		target_compile_options(${target} PRIVATE ${BREAKEVEN_NATIVE_FLAGS})
	elseif(level MATCHES "^v")
		target_compile_options(${target} PRIVATE -march=x86-64-${level})
	endif()
	# Without, loops out of the caches run at nine tenths.
	if(level STREQUAL v4)
		target_compile_options(${target} PRIVATE -mtune=icelake-server
			-mprefer-vector-width=512)
	endif()
	target_link_libraries(${program} PRIVATE ${target})
	set_property(TARGET ${program} APPEND PROPERTY
		BREAKEVEN_OBJECTS ${target})
endfunction()

# Of several levels, v3 is looked at: SSE2 lacks what some kernels need.
function(breakeven_note_vectorised program name)
	get_target_property(levels ${program} BREAKEVEN_LEVELS)
	list(LENGTH levels count)
	set(target ${program}_kernel_${name})
	if(count GREATER 1)
		string(APPEND target _v3)
	endif()
	set_property(GLOBAL APPEND PROPERTY BREAKEVEN_VECTORISED
		${CMAKE_CURRENT_SOURCE_DIR}/${name}.c ${target})
endfunction()

function(breakeven_add_kernel program name source fused)
	string(REPLACE "-" "_" symbol kernel_${name})
	get_target_property(levels ${program} BREAKEVEN_LEVELS)
	foreach(level IN LISTS levels)
		breakeven_compile_kernel(${program} ${name} ${level} ${source}
			${fused})
	endforeach()
	set_property(TARGET ${program} APPEND PROPERTY BREAKEVEN_KERNELS ${symbol})
	set_property(TARGET ${program} APPEND PROPERTY BREAKEVEN_SOURCES ${source})
	if(fused)
		set_property(TARGET ${program} APPEND PROPERTY
			BREAKEVEN_FUSED ${source})
	endif()
endfunction()

function(add_kernel name)
	cmake_parse_arguments(arg "VECTORISED;FUSED" "FOR" "" ${ARGN})
	if(NOT arg_FOR)
		set(arg_FOR breakeven)
	endif()
	breakeven_add_kernel(${arg_FOR} ${name}
		${CMAKE_CURRENT_SOURCE_DIR}/${name}.c ${arg_FUSED})
	if(arg_VECTORISED AND CMAKE_C_COMPILER_ID MATCHES "GNU|Clang")
		breakeven_note_vectorised(${arg_FOR} ${name})
	endif()
endfunction()

# A module stands beside its program, in the build tree and where both are
# installed.
function(breakeven_add_module program target)
	set_target_properties(${target} PROPERTIES
		LIBRARY_OUTPUT_DIRECTORY $<TARGET_FILE_DIR:${program}>/modules)
	add_dependencies(${program} ${target})
	if(program STREQUAL breakeven)
		install(TARGETS ${target} DESTINATION lib/breakeven)
	endif()
endfunction()

function(add_runner name)
	cmake_parse_arguments(arg "" "FOR" "WITH" ${ARGN})
	if(NOT arg_FOR)
		set(arg_FOR breakeven)
	endif()
	string(REGEX REPLACE "[-+]" "_" symbol runner_${name})
	set(target ${arg_FOR}_${symbol})
	set(libraries ${arg_UNPARSED_ARGUMENTS})
	set(source ${name}.c)
	set(language C)
	if(EXISTS ${CMAKE_CURRENT_SOURCE_DIR}/${name}.cc)
		set(source ${name}.cc)
		set(language CXX)
	endif()
	if(NOT libraries)
		add_library(${target} OBJECT ${source})
		target_link_libraries(${target} PRIVATE breakeven_flags)
		target_link_libraries(${arg_FOR} PRIVATE ${target})
		set_property(TARGET ${arg_FOR} APPEND PROPERTY
			BREAKEVEN_OBJECTS ${target})
		set_property(TARGET ${arg_FOR} APPEND PROPERTY
			BREAKEVEN_RUNNERS ${symbol})
		return()
	endif()
	foreach(library IN LISTS libraries)
		if(NOT TARGET ${library})
			string(REGEX REPLACE "^.*::" "" missing ${library})
			if(NOT CMAKE_C_COMPILER_ID STREQUAL GNU)
				string(APPEND missing " for ${CMAKE_C_COMPILER_ID}'s code")
			endif()
			message(STATUS "runner ${name} is left out: no ${missing}")
			set_property(TARGET ${arg_FOR} APPEND PROPERTY
				BREAKEVEN_MODULES "\"${name}\", \"${missing}\"")
			return()
		endif()
	endforeach()
	add_library(${target} MODULE ${source} ${arg_WITH})
	target_link_libraries(${target} PRIVATE breakeven_flags ${libraries})
	set_target_properties(${target} PROPERTIES PREFIX "" OUTPUT_NAME ${name}
		LINKER_LANGUAGE ${language})
	breakeven_add_module(${arg_FOR} ${target})
	set_property(TARGET ${arg_FOR} APPEND PROPERTY
		BREAKEVEN_MODULES "\"${name}\", NULL")
endfunction()

function(add_control kernel runner)
	cmake_parse_arguments(arg "FUSED" "FOR" "" ${ARGN})
	if(NOT arg_FOR)
		set(arg_FOR breakeven)
	endif()
	# A kernel at one level cannot be compared with a loop at another.
	if(NOT BREAKEVEN_NATIVE)
		return()
	endif()
	foreach(library IN LISTS arg_UNPARSED_ARGUMENTS)
		if(NOT TARGET ${library})
			return()
		endif()
	endforeach()
	string(REPLACE "-" "_" target ${arg_FOR}_control_${kernel}_${runner})
	add_library(${target} MODULE ${kernel}_${runner}.c)
	target_link_libraries(${target} PRIVATE
		breakeven_flags ${arg_UNPARSED_ARGUMENTS})
	breakeven_optimise(${target} ${arg_FUSED})
	target_compile_options(${target} PRIVATE ${BREAKEVEN_NATIVE_FLAGS})
	set_target_properties(${target} PROPERTIES
		PREFIX "" OUTPUT_NAME ${runner}.${kernel})
	breakeven_add_module(${arg_FOR} ${target})
	set_property(TARGET ${arg_FOR} APPEND PROPERTY
		BREAKEVEN_CONTROLS "\"${kernel}\", \"${runner}\"")
endfunction()

# What a record says of the build that made it.
function(breakeven_build_facts source)
	execute_process(COMMAND git -C ${breakeven_SOURCE_DIR}
		describe --always --dirty
		OUTPUT_VARIABLE commit OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
	string(TOUPPER "${CMAKE_BUILD_TYPE}" type)
	string(STRIP "${CMAKE_C_FLAGS} ${CMAKE_C_FLAGS_${type}}" flags)
	string(APPEND flags " kernels: -O3 -ffp-contract=off (fast if FUSED)")
	if(BREAKEVEN_NATIVE)
		list(JOIN BREAKEVEN_NATIVE_FLAGS " " native)
		string(APPEND flags " ${native}")
	elseif(BREAKEVEN_HAS_LEVELS)
		string(APPEND flags " -march=x86-64-v3, -v4 where the CPU has them")
	endif()
	set_source_files_properties(${source} PROPERTIES COMPILE_DEFINITIONS
		"BUILD_VERSION=\"${PROJECT_VERSION}\";BUILD_COMMIT=\"${commit}\";BUILD_TYPE=\"${CMAKE_BUILD_TYPE}\";BUILD_SANITIZER=\"${BREAKEVEN_SANITIZE}\";BUILD_COMPILER=\"${CMAKE_C_COMPILER_ID} ${CMAKE_C_COMPILER_VERSION}\";BUILD_FLAGS=\"${flags}\";BUILD_LIBRARIES=\"hwloc ${hwloc_VERSION}, google-benchmark ${benchmark_VERSION}, jansson ${jansson_VERSION}\"")
endfunction()

# Text files as strings of a program: page.css becomes `const char page_css[]`.
function(breakeven_strings target)
	set(text "/* Generated from ${ARGN}. */\n")
	foreach(file IN LISTS ARGN)
		set_property(DIRECTORY APPEND PROPERTY
			CMAKE_CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${file})
		get_filename_component(name ${file} NAME)
		string(MAKE_C_IDENTIFIER ${name} symbol)
		file(READ ${file} bytes HEX)
		string(REGEX REPLACE "(..)" "0x\\1," bytes "${bytes}")
		string(APPEND text "extern const char ${symbol}[];\n"
			"const char ${symbol}[] = {${bytes}0};\n")
	endforeach()
	set(source ${CMAKE_CURRENT_BINARY_DIR}/${target}_strings.c)
	file(CONFIGURE OUTPUT ${source} CONTENT "${text}" @ONLY)
	target_sources(${target} PRIVATE ${source})
endfunction()
