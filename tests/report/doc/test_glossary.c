/* SPDX-License-Identifier: MIT */
/*
 * The words of a glossary, found and matched; and those of docs/glossary.md.
 */
#include "report/doc/glossary.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

#include <cmocka.h>

static const char small[] =
	"# Words\n\nThe words.\n\n"
	"## cache\n\nAlso: L1, caches of a CPU.\n\nSmall memory. It is fast.\n"
	"\n## cache line\n\nIts piece.\n"
	"\n## near and far\n\nAlso: distance.\n\nAsked as: near, far.\n\n"
	"How far. `code` too.\n";

static bool part_is(struct glossary_part part, const char *text)
{
	return part.length == strlen(text) &&
	       memcmp(part.at, text, part.length) == 0;
}

static void entries_have_three_parts(void **state)
{
	struct glossary glossary;

	(void)state;
	glossary_parse(&glossary, small);
	assert_int_equal(glossary.nentries, 3);
	assert_true(part_is(glossary.entries[0].name, "cache"));
	assert_true(part_is(glossary.entries[0].also, "L1, caches of a CPU"));
	assert_true(
		part_is(glossary.entries[0].text, "Small memory. It is fast."));
	assert_true(part_is(glossary.entries[1].also, ""));
	assert_true(part_is(glossary.entries[2].also, "distance"));
	assert_true(part_is(glossary.entries[2].text, "How far. `code` too."));
	assert_true(part_is(glossary_first_sentence(glossary.entries[0].text),
			    "Small memory."));
	assert_true(part_is(glossary_first_sentence(glossary.entries[1].text),
			    "Its piece."));
}

static void a_term_is_found_in_any_form(void **state)
{
	static const struct {
		const char *term;
		int entry; /* -1: none */
	} cases[] = {
		{"cache", 0},		{"Caches", 0},	     {"l1", 0},
		{"caches of a cpu", 0}, {"cache lines", 1},  {"near", 2},
		{"distance", 2},	{"NEAR AND FAR", 2}, {"cach", -1},
		{"cache lined", -1},	{"cache of", -1},    {"", -1},
		{"cachess", -1},
	};
	struct glossary glossary;

	(void)state;
	glossary_parse(&glossary, small);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const struct glossary_entry *found =
			glossary_find(&glossary, cases[i].term);

		if (found != (cases[i].entry < 0
				      ? NULL
				      : &glossary.entries[cases[i].entry]))
			fail_msg("'%s'", cases[i].term);
	}
}

/* What a text begins with: as many characters; 0: nothing. */
static size_t matched(const char *text)
{
	struct glossary glossary;
	size_t length;

	glossary_parse(&glossary, small);
	return glossary_match(&glossary,
			      (struct glossary_part){text, strlen(text)},
			      &length)
		       ? length
		       : 0;
}

static void the_longest_term_is_matched(void **state)
{
	(void)state;
	assert_int_equal(matched("cache lines of both"), 11);
	assert_int_equal(matched("Caches, of"), 6);
	assert_int_equal(matched("cache-line"), 0);
	assert_int_equal(matched("cach"), 0);
	assert_int_equal(matched("cached"), 0);
	/* A plain word is only asked for. */
	assert_int_equal(matched("near the end"), 0);
	assert_int_equal(matched("near and far"), 12);
}

static void check_entry(const struct glossary *glossary, size_t i)
{
	const struct glossary_entry *entry = &glossary->entries[i];
	const struct glossary_part last = glossary->entries[i ? i - 1 : 0].name;
	size_t least = last.length < entry->name.length ? last.length
							: entry->name.length;
	int order = strncasecmp(last.at, entry->name.at, least);

	if (i && (order > 0 || (order == 0 && last.length > least)))
		fail_msg("'%.*s' comes too late", (int)entry->name.length,
			 entry->name.at);
	if (entry->text.length < 20 ||
	    entry->text.at[entry->text.length - 1] != '.')
		fail_msg("'%.*s' says too little", (int)entry->name.length,
			 entry->name.at);
}

/* Of docs/glossary.md: in order, all read, and no term stands twice. */
static void ours_is_in_order(void **state)
{
	struct glossary glossary;

	(void)state;
	glossary_read(&glossary);
	assert_in_range(glossary.nentries, 50, GLOSSARY_ENTRIES_MAX - 1);
	assert_in_range(glossary.nterms, 100, GLOSSARY_TERMS_MAX - 1);
	for (size_t i = 0; i < glossary.nentries; i++)
		check_entry(&glossary, i);
	for (size_t i = 0; i < glossary.nterms; i++) {
		struct glossary_part name = glossary.terms[i].name;

		for (size_t k = 0; k < i; k++)
			if (glossary.terms[k].name.length == name.length &&
			    strncasecmp(glossary.terms[k].name.at, name.at,
					name.length) == 0)
				fail_msg("'%.*s' stands twice",
					 (int)name.length, name.at);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(entries_have_three_parts),
		cmocka_unit_test(a_term_is_found_in_any_form),
		cmocka_unit_test(the_longest_term_is_matched),
		cmocka_unit_test(ours_is_in_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
