# SPDX-License-Identifier: MIT
#
# add_program(NAME [LIKE OTHER] SOURCE...)
#                                 a command with tables of kernels and runners,
#                                 to begin with those of another one
# add_kernel(NAME [VECTORISED])   NAME.c of the calling folder becomes a kernel
# add_runner(NAME [LIBRARY...] [LIKE OTHER])
#                                 NAME.c or NAME.cc of the calling folder becomes
#                                 a runner; with libraries, a module that is
#                                 loaded; LIKE: out of the code of another one
#                                 as well
# add_control(KERNEL RUNNER LIBRARY...)
#                                 KERNEL.c of the calling folder becomes that
#                                 kernel's loop written by hand for the runner
# Kernels and runners go to the program `breakeven`, or to the one named by
# `FOR PROGRAM`. They may come from another project, after add_subdirectory().

# The lists are kept as properties of the program, so that they are
# complete by the time its registry is generated. In a spec, dashes part words;
# in a symbol, underscores do. A name that does not match its symbol fails to
# link.

function(breakeven_table out program property before after)
	set(list "$<TARGET_PROPERTY:${program},${property}>")
	set(${out}
		"$<$<BOOL:${list}>:${before}$<JOIN:${list},${after}${before}>${after}>"
		PARENT_SCOPE)
endfunction()

function(add_program name)
	cmake_parse_arguments(arg "" "LIKE" "" ${ARGN})
	set(registry ${CMAKE_CURRENT_BINARY_DIR}/${name}_registry.c)
	breakeven_table(kernels ${name} BREAKEVEN_KERNELS
		"extern const struct kernel " "$<SEMICOLON>\n")
	breakeven_table(runners ${name} BREAKEVEN_RUNNERS
		"extern const struct runner " "$<SEMICOLON>\n")
	breakeven_table(kernel_rows ${name} BREAKEVEN_KERNELS "\t&" ",\n")
	breakeven_table(runner_rows ${name} BREAKEVEN_RUNNERS "\t&" ",\n")
	breakeven_table(module_rows ${name} BREAKEVEN_MODULES "\t{" "},\n")
	breakeven_table(control_rows ${name} BREAKEVEN_CONTROLS "\t{" "},\n")
	string(CONCAT text
		"/* Generated from the add_kernel() and add_runner() lines. */\n"
		"#include \"bench/registry.h\"\n\n"
		"${kernels}${runners}\n"
		"const struct kernel *const registry_kernels[] = {\n"
		"${kernel_rows}\tNULL,\n}$<SEMICOLON>\n\n"
		"const struct runner *const registry_runners[] = {\n"
		"${runner_rows}\tNULL,\n}$<SEMICOLON>\n\n"
		"const struct registry_module registry_modules[] = {\n"
		"${module_rows}\t{NULL, NULL},\n}$<SEMICOLON>\n\n"
		"const struct registry_control registry_controls[] = {\n"
		"${control_rows}\t{NULL, NULL},\n}$<SEMICOLON>\n")
	file(GENERATE OUTPUT ${registry} CONTENT "${text}")
	add_executable(${name} ${arg_UNPARSED_ARGUMENTS} ${registry})
	# Modules find what they call in the program that loads them.
	set_target_properties(${name} PROPERTIES ENABLE_EXPORTS ON
		RUNTIME_OUTPUT_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR})
	target_link_libraries(${name} PRIVATE
		-Wl,--whole-archive breakeven_team -Wl,--no-whole-archive
		breakeven_bench)
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

# One object code for all runners. A compiler may not fuse a * b + c, or the
# bits would depend on the instruction set.
function(breakeven_kernel_options target)
	target_compile_options(${target} PRIVATE -O3 -ffp-contract=off
		$<$<BOOL:${BREAKEVEN_NATIVE}>:-march=native>)
endfunction()

function(add_kernel name)
	cmake_parse_arguments(arg "VECTORISED" "FOR" "" ${ARGN})
	if(NOT arg_FOR)
		set(arg_FOR breakeven)
	endif()
	string(REPLACE "-" "_" symbol kernel_${name})
	set(target ${arg_FOR}_${symbol})
	add_library(${target} OBJECT ${name}.c)
	target_link_libraries(${target} PRIVATE breakeven_flags)
	breakeven_kernel_options(${target})
	if(arg_VECTORISED AND CMAKE_C_COMPILER_ID STREQUAL GNU)
		target_compile_options(${target} PRIVATE
			-fopt-info-vec-optimized=${CMAKE_CURRENT_BINARY_DIR}/${name}.vec)
		set_property(GLOBAL APPEND PROPERTY BREAKEVEN_VECTORISED
			${CMAKE_CURRENT_SOURCE_DIR}/${name}.c
			${CMAKE_CURRENT_BINARY_DIR}/${name}.vec)
	endif()
	target_link_libraries(${arg_FOR} PRIVATE ${target})
	set_property(TARGET ${arg_FOR} APPEND PROPERTY BREAKEVEN_OBJECTS ${target})
	set_property(TARGET ${arg_FOR} APPEND PROPERTY BREAKEVEN_KERNELS ${symbol})
endfunction()

function(add_runner name)
	cmake_parse_arguments(arg "" "FOR;LIKE" "" ${ARGN})
	if(NOT arg_FOR)
		set(arg_FOR breakeven)
	endif()
	string(REPLACE "-" "_" symbol runner_${name})
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
			message(STATUS "runner ${name} is left out: no ${library}")
			set_property(TARGET ${arg_FOR} APPEND PROPERTY
				BREAKEVEN_MODULES "\"${name}\", \"${library}\"")
			return()
		endif()
	endforeach()
	# The code apart, so that another runner can be made of it.
	add_library(${target}_code OBJECT ${source})
	target_link_libraries(${target}_code PRIVATE breakeven_flags ${libraries})
	set_target_properties(${target}_code PROPERTIES
		POSITION_INDEPENDENT_CODE ON)
	add_library(${target} MODULE $<TARGET_OBJECTS:${target}_code>)
	if(arg_LIKE)
		string(REPLACE "-" "_" like ${arg_FOR}_runner_${arg_LIKE}_code)
		target_sources(${target} PRIVATE $<TARGET_OBJECTS:${like}>)
	endif()
	target_link_libraries(${target} PRIVATE breakeven_flags ${libraries})
	set_target_properties(${target} PROPERTIES PREFIX "" OUTPUT_NAME ${name}
		LINKER_LANGUAGE ${language}
		LIBRARY_OUTPUT_DIRECTORY $<TARGET_FILE_DIR:${arg_FOR}>/modules)
	add_dependencies(${arg_FOR} ${target})
	set_property(TARGET ${arg_FOR} APPEND PROPERTY
		BREAKEVEN_MODULES "\"${name}\", NULL")
endfunction()

function(add_control kernel runner)
	cmake_parse_arguments(arg "" "FOR" "" ${ARGN})
	if(NOT arg_FOR)
		set(arg_FOR breakeven)
	endif()
	foreach(library IN LISTS arg_UNPARSED_ARGUMENTS)
		if(NOT TARGET ${library})
			return()
		endif()
	endforeach()
	string(REPLACE "-" "_" target ${arg_FOR}_control_${kernel}_${runner})
	add_library(${target} MODULE ${kernel}.c)
	target_link_libraries(${target} PRIVATE
		breakeven_flags ${arg_UNPARSED_ARGUMENTS})
	breakeven_kernel_options(${target})
	set_target_properties(${target} PROPERTIES
		PREFIX "" OUTPUT_NAME ${runner}.${kernel}
		LIBRARY_OUTPUT_DIRECTORY $<TARGET_FILE_DIR:${arg_FOR}>/modules)
	add_dependencies(${arg_FOR} ${target})
	set_property(TARGET ${arg_FOR} APPEND PROPERTY
		BREAKEVEN_CONTROLS "\"${kernel}\", \"${runner}\"")
endfunction()

# What a record says of the build that made it.
function(breakeven_build_facts)
	execute_process(COMMAND git -C ${breakeven_SOURCE_DIR}
		describe --always --dirty
		OUTPUT_VARIABLE commit OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
	string(TOUPPER "${CMAKE_BUILD_TYPE}" type)
	set(flags "${CMAKE_C_FLAGS} ${CMAKE_C_FLAGS_${type}} kernels: -O3 -ffp-contract=off")
	if(BREAKEVEN_NATIVE)
		string(APPEND flags " -march=native")
	endif()
	set_source_files_properties(bench/build_facts.c PROPERTIES COMPILE_DEFINITIONS
		"BUILD_VERSION=\"${PROJECT_VERSION}\";BUILD_COMMIT=\"${commit}\";BUILD_TYPE=\"${CMAKE_BUILD_TYPE}\";BUILD_SANITIZER=\"${BREAKEVEN_SANITIZE}\";BUILD_COMPILER=\"${CMAKE_C_COMPILER_ID} ${CMAKE_C_COMPILER_VERSION}\";BUILD_FLAGS=\"${flags}\"")
endfunction()
