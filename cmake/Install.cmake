# SPDX-License-Identifier: MIT
#
# Beside the command and its library: manual pages, completion, documents, and
# a package of it all.
include(GNUInstallDirs)

# The pages are made from what the command says of itself, so it must run here.
find_program(HELP2MAN help2man)
if(CMAKE_CROSSCOMPILING)
	message(STATUS "cross building: there will be no manual pages of the command, since this machine cannot run it")
elseif(HELP2MAN)
	file(GLOB includes CONFIGURE_DEPENDS scripts/man/*.h2m)
	add_custom_command(OUTPUT man/breakeven.1
		COMMAND ${breakeven_SOURCE_DIR}/scripts/man-pages
			$<TARGET_FILE:breakeven> ${CMAKE_CURRENT_BINARY_DIR}/man
		DEPENDS breakeven scripts/man-pages ${includes} VERBATIM)
	add_custom_target(man ALL DEPENDS man/breakeven.1)
	install(DIRECTORY ${CMAKE_CURRENT_BINARY_DIR}/man/
		DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
else()
	message(STATUS "help2man was not found: there will be no manual pages of the command")
endif()

install(FILES scripts/completion/breakeven.bash RENAME breakeven
	DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
install(FILES scripts/completion/_breakeven
	DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/site-functions)
install(FILES scripts/completion/breakeven.fish
	DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)
install(FILES README.md CHANGELOG.md TYPE DOC)
install(FILES LICENSE TYPE DOC RENAME copyright)
install(DIRECTORY docs examples TYPE DOC)

# Three packages, by component. The library alone is tied to its version.
set(library libbreakeven${PROJECT_VERSION_MAJOR})
set(CPACK_GENERATOR DEB)
set(CPACK_COMPONENTS_ALL command library dev)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_PACKAGE_CONTACT "The breakeven authors <breakeven@invalid.invalid>")
# A package's summary is the first line of its component's description; one
# for the whole would come before it.
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "")
set(CPACK_COMPONENT_COMMAND_DESCRIPTION
"from which size on does a parallel loop pay?
Runs compute kernels serially, on threads, with OpenMP and in processes,
pinned to CPUs, in short interleaved pairs with the serial loop, and tells
from which size on each of these backends pays, with an interval. For your
own loop, too, from a shared object.")
set(CPACK_COMPONENT_LIBRARY_DESCRIPTION
"pools of threads and of processes for loops
One interface maps a function over items on threads, or on processes that
share memory, as breakeven measures them.")
set(CPACK_COMPONENT_DEV_DESCRIPTION
"pools of threads and of processes for loops (development)
The header of the library, its static form, and the headers for kernels of
one's own that breakeven measures.")
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_GENERATE_SHLIBS ON)
set(CPACK_DEBIAN_COMMAND_PACKAGE_NAME breakeven)
set(CPACK_DEBIAN_COMMAND_PACKAGE_SECTION devel)
set(CPACK_DEBIAN_COMMAND_PACKAGE_RECOMMENDS "gnuplot-nox, python3")
set(CPACK_DEBIAN_LIBRARY_PACKAGE_NAME ${library})
set(CPACK_DEBIAN_LIBRARY_PACKAGE_SECTION libs)
set(CPACK_DEBIAN_LIBRARY_PACKAGE_CONTROL_EXTRA
	${breakeven_SOURCE_DIR}/cmake/debian/triggers)
set(CPACK_DEBIAN_DEV_PACKAGE_NAME libbreakeven-dev)
set(CPACK_DEBIAN_DEV_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_DEV_PACKAGE_DEPENDS "${library} (= ${PROJECT_VERSION})")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_PRE_BUILD_SCRIPTS ${breakeven_SOURCE_DIR}/cmake/Package.cmake)
include(CPack)
