# SPDX-License-Identifier: MIT
#
# CPack runs this over the files that it is about to pack. It adds what Debian
# asks of each package, and compresses manual pages and changelogs, without
# names and dates, so that the same files give the same package.
set(source ${CMAKE_CURRENT_LIST_DIR}/..)
string(TIMESTAMP date "%a, %d %b %Y %H:%M:%S +0000" UTC)
foreach(component IN LISTS CPACK_COMPONENTS_ALL)
	string(TOUPPER ${component} upper)
	set(package ${CPACK_DEBIAN_${upper}_PACKAGE_NAME})
	set(share ${CPACK_TEMPORARY_DIRECTORY}/${component}/usr/share)
	configure_file(${source}/LICENSE ${share}/doc/${package}/copyright COPYONLY)
	file(WRITE ${share}/doc/${package}/changelog
		"breakeven (${CPACK_PACKAGE_VERSION}) unstable; urgency=medium\n\n"
		"  * See CHANGELOG.md, which the package breakeven has.\n\n"
		" -- ${CPACK_PACKAGE_CONTACT}  ${date}\n")
endforeach()
configure_file(${source}/cmake/debian/breakeven.lintian
	${CPACK_TEMPORARY_DIRECTORY}/command/usr/share/lintian/overrides/breakeven
	COPYONLY)
file(GLOB_RECURSE plain
	"${CPACK_TEMPORARY_DIRECTORY}/*/usr/share/man/*.[1-9]"
	"${CPACK_TEMPORARY_DIRECTORY}/*/usr/share/doc/*/changelog")
execute_process(COMMAND gzip -9nf ${plain} COMMAND_ERROR_IS_FATAL ANY)
