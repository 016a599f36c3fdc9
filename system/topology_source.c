/* SPDX-License-Identifier: MIT */
#include "system/topology_source.h"

#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum {
	/* CPUs of a synthetic machine: hwloc builds so many in a second. */
	SYNTHETIC_MAX = 4096,
	XML_INITIAL = 1 << 14, /* bytes of the buffer for a file, at first */
	XML_MAX = 1 << 26,     /* and at most */
	/* HWLOC_TOPOLOGY_EXPORT_XML_FLAG_V2 of hwloc 3, by which it writes what
	 * we read. */
	EXPORT_FOR_2 = 2,
};

static bool source_is_file(const char *name)
{
	size_t length = strlen(name);
	struct stat status;

	if (strcmp(name, "-") == 0 ||
	    (length > 4 && strcmp(name + length - 4, ".xml") == 0))
		return true;
	return stat(name, &status) == 0 && !S_ISDIR(status.st_mode);
}

/* The text of a file to its end. 0 or -errno. */
static int source_read_xml_text(FILE *file, struct topology_source *source)
{
	for (size_t capacity = XML_INITIAL; capacity <= XML_MAX;
	     capacity *= 2) {
		char *grown = realloc(source->xml, capacity + 1);

		if (!grown)
			return -ENOMEM;
		source->xml = grown;
		source->length += fread(grown + source->length, 1,
					capacity - source->length, file);
		grown[source->length] = '\0';
		if (source->length < capacity)
			return ferror(file) ? -errno : 0;
	}
	return -EFBIG;
}

static int source_read_xml(struct topology_source *source)
{
	bool standard = strcmp(source->name, "-") == 0;
	FILE *file = standard ? stdin : fopen(source->name, "re");
	int rc;

	if (!file)
		return -errno;
	rc = source_read_xml_text(file, source);
	if (!standard)
		fclose(file);
	return rc;
}

int topology_source_read(struct topology_source *source, struct error *error)
{
	int rc = source_is_file(source->name) ? source_read_xml(source) : 0;

	return rc == 0 ? 0
		       : error_set(error, ERROR_USAGE,
				   "'%s' cannot be read: %s: name a file that "
				   "`lstopo x.xml` wrote",
				   source->name, strerror(-rc));
}

/* The version of hwloc that wrote a file: 2, 3; 0: the file does not say. */
static long source_xml_version(const char *xml)
{
	static const char attribute[] = "version=\"";
	const char *begin = strstr(xml, "<topology");
	const char *version = begin ? strstr(begin, attribute) : NULL;

	if (!version || version > begin + strcspn(begin, ">"))
		return 0;
	return strtol(version + strlen(attribute), NULL, 10);
}

/* How many objects one level of a description has in each object of the level
 * above: "core:8", "8", "numa:2(memory=1GB)". Brackets do not count. */
static double source_level_arity(const char *level, size_t length)
{
	const char *colon = memchr(level, ':', length);
	size_t name = strcspn(level, "([");

	if (colon && (size_t)(colon - level) < name)
		level = colon + 1;
	return fmax(strtod(level, NULL), 1);
}

/* hwloc's time grows with the square of the number of siblings: it would build
 * a large description for hours. */
static bool source_is_too_large(const char *levels)
{
	double cpus = 1;

	for (size_t length; *levels; levels += length) {
		levels += strspn(levels, " \t\n");
		length = strcspn(levels, " \t\n");
		if (length)
			cpus *= source_level_arity(levels, length);
	}
	return cpus > SYNTHETIC_MAX;
}

int topology_source_set(hwloc_topology_t hwloc,
			const struct topology_source *source)
{
	if (!source->name)
		return 0;
	if (source->xml)
		return hwloc_topology_set_xmlbuffer(hwloc, source->xml,
						    (int)source->length);
	if (source_is_too_large(source->name)) {
		errno = E2BIG;
		return -1;
	}
	return hwloc_topology_set_synthetic(hwloc, source->name);
}

static int source_explain_file(const struct topology_source *source, int rc,
			       struct error *error)
{
	long version = source_xml_version(source->xml);

	if (rc == -EFAULT)
		return error_set(
			error, ERROR_USAGE,
			"'%s' is damaged, so that hwloc fails on it: write it "
			"anew with `lstopo x.xml`",
			source->name);
	if (version > HWLOC_API_VERSION >> 16)
		return error_set(
			error, ERROR_USAGE,
			"'%s' is of version %ld of hwloc, and version %d reads "
			"it: write it with `lstopo --export-xml-flags %d "
			"x.xml`",
			source->name, version, HWLOC_API_VERSION >> 16,
			EXPORT_FOR_2);
	return error_set(error, ERROR_USAGE,
			 "'%s' holds no topology: name a file that `lstopo "
			 "x.xml` wrote",
			 source->name);
}

int topology_source_explain(const struct topology_source *source, int rc,
			    struct error *error)
{
	const char *name = source->name;
	const enum error_kind kind = name ? ERROR_USAGE : ERROR_FAILED;

	if (rc == -ENOMEM)
		return error_set(error, kind, "out of memory");
	if (rc == -ENODEV)
		return error_set(
			error, kind,
			"'%s' allows no CPU: name a topology with allowed "
			"CPUs",
			name ? name : "this machine");
	if (rc == -E2BIG)
		return error_set(
			error, kind,
			"'%s' has too many CPUs: describe a machine of %d at "
			"most",
			name, SYNTHETIC_MAX);
	if (!name)
		return error_set(
			error, kind,
			"hwloc cannot read this machine's topology: %s",
			strerror(-rc));
	if (source->xml)
		return source_explain_file(source, rc, error);
	return error_set(error, kind,
			 "'%s' is no topology: name a file that `lstopo x.xml` "
			 "wrote, or levels as in \"pack:2 core:8 pu:2\"",
			 name);
}
