/* SPDX-License-Identifier: MIT */
#include "bench/machine/cpuinfo.h"

#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static FILE *open_cpuinfo(const char *root)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/proc/cpuinfo", root);
	return fopen(path, "re");
}

/* Split a line "key<tab>: value": returns the value, and ends the line behind
 * the key. NULL: it is no such line. */
static char *cpuinfo_split_line(char *line)
{
	char *colon = strchr(line, ':');

	if (!colon)
		return NULL;
	line[strcspn(line, "\t:")] = '\0';
	colon += strspn(colon, ": \t");
	colon[strcspn(colon, "\n")] = '\0';
	return colon;
}

void cpuinfo_value(const char *root, const char *key, char *value, size_t size)
{
	FILE *file = open_cpuinfo(root);
	char line[4096];

	value[0] = '\0';
	while (file && !value[0] && fgets(line, sizeof(line), file)) {
		char *text = cpuinfo_split_line(line);

		if (text && strcmp(line, key) == 0)
			snprintf(value, size, "%s", text);
	}
	if (file)
		fclose(file);
}

/* ------------------------------------------------------------- ARM */

enum { ARM = 0x41 };

static const struct {
	unsigned long implementer;
	const char *name;
} implementers[] = {
	{ARM, "ARM"},
	{0x42, "Broadcom"},
	{0x43, "Cavium"},
	{0x46, "Fujitsu"},
	{0x48, "HiSilicon"},
	{0x4e, "NVIDIA"},
	{0x50, "Applied Micro"},
	{0x51, "Qualcomm"},
	{0x53, "Samsung"},
	{0x56, "Marvell"},
	{0x61, "Apple"},
	{0x6d, "Microsoft"},
	{0xc0, "Ampere"},
};

static const struct {
	unsigned long implementer, part;
	const char *name;
} parts[] = {
	{ARM, 0xd03, "Cortex-A53"},    {ARM, 0xd04, "Cortex-A35"},
	{ARM, 0xd05, "Cortex-A55"},    {ARM, 0xd07, "Cortex-A57"},
	{ARM, 0xd08, "Cortex-A72"},    {ARM, 0xd09, "Cortex-A73"},
	{ARM, 0xd0a, "Cortex-A75"},    {ARM, 0xd0b, "Cortex-A76"},
	{ARM, 0xd0c, "Neoverse-N1"},   {ARM, 0xd0d, "Cortex-A77"},
	{ARM, 0xd40, "Neoverse-V1"},   {ARM, 0xd41, "Cortex-A78"},
	{ARM, 0xd44, "Cortex-X1"},     {ARM, 0xd46, "Cortex-A510"},
	{ARM, 0xd47, "Cortex-A710"},   {ARM, 0xd48, "Cortex-X2"},
	{ARM, 0xd49, "Neoverse-N2"},   {ARM, 0xd4a, "Neoverse-E1"},
	{ARM, 0xd4d, "Cortex-A715"},   {ARM, 0xd4e, "Cortex-X3"},
	{ARM, 0xd4f, "Neoverse-V2"},   {ARM, 0xd80, "Cortex-A520"},
	{ARM, 0xd81, "Cortex-A720"},   {ARM, 0xd82, "Cortex-X4"},
	{ARM, 0xd84, "Neoverse-V3"},   {ARM, 0xd8e, "Neoverse-N3"},
	{0x43, 0x0af, "ThunderX2"},    {0x46, 0x001, "A64FX"},
	{0x48, 0xd01, "TaiShan-v110"}, {0xc0, 0xac3, "Ampere-1"},
	{0xc0, 0xac4, "Ampere-1a"},
};

static const char *cpuinfo_implementer_name(unsigned long implementer)
{
	for (size_t i = 0; i < sizeof(implementers) / sizeof(*implementers);
	     i++)
		if (implementers[i].implementer == implementer)
			return implementers[i].name;
	return NULL;
}

static const char *cpuinfo_part_name(unsigned long implementer,
				     unsigned long part)
{
	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++)
		if (parts[i].implementer == implementer &&
		    parts[i].part == part)
			return parts[i].name;
	return NULL;
}

static void cpuinfo_name_core(unsigned long implementer, unsigned long part,
			      char *name, size_t size)
{
	const char *maker = cpuinfo_implementer_name(implementer);
	const char *core = cpuinfo_part_name(implementer, part);

	if (maker && core)
		snprintf(name, size, "%s %s", maker, core);
	else if (maker)
		snprintf(name, size, "%s part 0x%lx", maker, part);
	else
		snprintf(name, size, "ARM implementer 0x%lx part 0x%lx",
			 implementer, part);
}

/* Each kind of core once, in the order of the CPUs. */
static void cpuinfo_add_core(const char *name, char *model, size_t size)
{
	size_t used = strlen(model);

	if (!strstr(model, name))
		snprintf(model + used, size - used, "%s%s", used ? ", " : "",
			 name);
}

static void cpuinfo_arm_model(const char *root, char *model, size_t size)
{
	FILE *file = open_cpuinfo(root);
	unsigned long implementer = 0;
	char line[4096], name[64];

	while (file && fgets(line, sizeof(line), file)) {
		char *text = cpuinfo_split_line(line);

		if (text && strcmp(line, "CPU implementer") == 0)
			implementer = strtoul(text, NULL, 0);
		if (!text || strcmp(line, "CPU part") != 0)
			continue;
		cpuinfo_name_core(implementer, strtoul(text, NULL, 0), name,
				  sizeof(name));
		cpuinfo_add_core(name, model, size);
	}
	if (file)
		fclose(file);
}

void cpuinfo_model(const char *root, char *model, size_t size)
{
	/* x86 and others; then POWER, and RISC-V. */
	static const char *const keys[] = {"model name", "cpu", "uarch"};

	model[0] = '\0';
	for (size_t i = 0; !model[0] && i < sizeof(keys) / sizeof(*keys); i++)
		cpuinfo_value(root, keys[i], model, size);
	if (!model[0])
		cpuinfo_arm_model(root, model, size);
}
