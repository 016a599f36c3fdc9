/* SPDX-License-Identifier: MIT */
/*
 * One document, of each kind of block, in its three forms, which are compared
 * whole.
 */
#include "report/doc/doc.h"

#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct report_style usual = {.columns = 60, .count = 1};

static void put_table(struct doc *doc)
{
	fputs("Speed-up", doc_table(doc));
	fputs("items", doc_column(doc, DOC_RIGHT));
	fputs("fork-pool:pin=none", doc_column(doc, DOC_LEFT));
	fputs("2 workers", doc_column_note(doc));
	fputs("time", doc_column(doc, DOC_RIGHT));
	fputs("4 Ki", doc_row(doc));
	doc_number(doc, 4096);
	doc_cell(doc);
	doc_ratio(doc, log(1.5), (struct interval){log(1.25), log(1.75)});
	doc_mark(doc, '+', "faster");
	doc_time(doc, 1500);
	fputs("64 Ki", doc_row(doc));
}

/* The same at every call. */
static int build(struct doc *doc, const void *data)
{
	(void)data;
	fputs("A title", doc_heading(doc, 1));
	fputs("NOT TRUSTED: <why>", doc_note(doc, DOC_BAD));
	doc_contents(doc);
	fputs("One\ncontrol \033 character, 2 \u00d7 3 \u00b5s, `code` and "
	      "a_b.",
	      doc_paragraph(doc));
	doc_paragraph(doc); /* without text: not written */
	fputs("for (i = 0; i < n; i++)", doc_code(doc));
	doc_code(doc);
	fputs("    `a_b`\033 += i;", doc_code(doc));
	fputs("A section", doc_heading(doc, 3));
	fputs("plain item", doc_item(doc));
	fputs("fork", doc_term(doc));
	fputs("never", doc_meaning(doc));
	fputs("pthread-pool", doc_term(doc));
	fputs("from 3,240 items", doc_meaning(doc));
	fputs("The numbers", doc_fold(doc));
	put_table(doc);
	doc_unfold(doc);
	fputs("<hr>\n", doc_html(doc));
	return 0;
}

static char *write_as(enum doc_form form, struct report_style style)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	style.form = form;
	assert_int_equal(doc_print(build, NULL, out, &style), 0);
	fclose(out);
	return text;
}

static void a_terminal_has_it_in_columns(void **state)
{
	static const char expect[] =
		"A title\n"
		"NOT TRUSTED: <why>\n"
		"One control   character, 2 x 3 us, `code` and a_b.\n"
		"\n"
		"    for (i = 0; i < n; i++)\n"
		"\n"
		"        `a_b`  += i;\n"
		"\n"
		"A section\n"
		"  plain item\n"
		"  fork:         never\n"
		"  pthread-pool: from 3,240 items\n"
		"\n"
		"Speed-up\n"
		"       fork-pool\n"
		"       :pin=none\n"
		"items  2 workers               time\n"
		" 4 Ki  1.50 [1.25,1.75] +   1.50 us\n"
		"64 Ki\n";
	char *text = write_as(DOC_TERMINAL, usual);

	(void)state;
	assert_string_equal(text, expect);
	free(text);
}

static void markdown_is_escaped(void **state)
{
	static const char expect[] =
		"# A title\n"
		"\n"
		"> NOT TRUSTED: \\<why\\>\n"
		"\n"
		"One control   character, 2 x 3 us, `code` and a\\_b.\n"
		"\n"
		"    for (i = 0; i < n; i++)\n"
		"\n"
		"        `a_b`  += i;\n"
		"\n"
		"### A section\n"
		"\n"
		"- plain item\n"
		"- fork: never\n"
		"- pthread-pool: from 3,240 items\n"
		"\n"
		"Speed-up:\n"
		"\n"
		"| items | fork-pool:pin=none, 2 workers | time |\n"
		"| ---: | :--- | ---: |\n"
		"| 4 Ki | 1.50 [1.25,1.75] + | 1.50 us |\n"
		"| 64 Ki |  |  |\n";
	char *text = write_as(DOC_MARKDOWN, usual);

	(void)state;
	assert_string_equal(text, expect);
	free(text);
}

static void html_is_nested_and_escaped(void **state)
{
	static const char expect[] =
		"<article id=\"r0\">\n"
		"<h1>A title</h1>\n"
		"<p class=\"trust no\"><a class=\"word\" "
		"href=\"#r0-word-trusted\">NOT TRUSTED</a>: &lt;why&gt;</p>\n"
		"<nav aria-label=\"Sections\"><ul>\n"
		"</ul></nav>\n"
		"<p>One control   character, 2 \u00d7 3 \u00b5s, "
		"<code>code</code> and a_b.</p>\n"
		"<pre><code>for (i = 0; i &lt; n; i++)\n"
		"\n"
		"    `a_b`  += i;\n"
		"</code></pre>\n"
		"<h3>A section</h3>\n"
		"<ul>\n"
		"<li>plain <a class=\"word\" "
		"href=\"#r0-word-item\">item</a></li>\n"
		"<li><a class=\"word\" href=\"#r0-word-fork\">fork</a>: "
		"never</li>\n"
		"<li>pthread-pool: from 3,240 items</li>\n"
		"</ul>\n"
		"<details><summary>The numbers</summary>\n"
		"<div class=\"scroll\" tabindex=\"0\"><table>\n"
		"<caption><a class=\"word\" href=\"#r0-word-speed-up\">"
		"Speed-up</a></caption>\n"
		"<thead><tr><th scope=\"col\" class=\"text\">items</th>"
		"<th scope=\"col\">fork-pool:pin=none<br><small>2 workers"
		"</small></th><th scope=\"col\">time</th></tr></thead>\n"
		"<tbody>\n"
		"<tr><th scope=\"row\"><data value=\"4096\">4 Ki</data></th>"
		"<td class=\"plus\"><data value=\"1.5\">1.50</data> <small>"
		"[1.25,1.75]</small> <abbr title=\"faster\">+</abbr></td>"
		"<td><data value=\"1500\">1.50 \u00b5s</data></td></tr>\n"
		"<tr><th scope=\"row\">64 Ki</th><td></td><td></td></tr>\n"
		"</tbody></table></div>\n"
		"</details>\n"
		"<hr>\n";
	char *text = write_as(DOC_HTML, usual);
	char *article = strstr(text, "<article");
	char *words = strstr(text, "<details class=\"words\">");

	(void)state;
	assert_non_null(article);
	assert_non_null(words);
	/* What each of them means is that of docs/glossary.md. */
	assert_non_null(strstr(words, "<dt id=\"r0-word-item\">item</dt><dd>"));
	assert_non_null(strstr(words, "</dl></details>\n</article>\n"));
	*words = '\0';
	assert_string_equal(article, expect);
	free(text);
}

/* ------------------------------------------------------------- the rest */

static int build_sections(struct doc *doc, const void *data)
{
	FILE *out = doc_heading(doc, 2);

	(void)data;
	doc_anchor(doc, "first");
	fputs("First", out);
	fputs("Second", doc_heading(doc, 2));
	return 0;
}

static void sections_are_closed(void **state)
{
	struct report_style style = usual;
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	(void)state;
	style.form = DOC_HTML;
	style.index = 3;
	style.count = 5;
	assert_int_equal(doc_print(build_sections, NULL, out, &style), 0);
	fclose(out);
	assert_string_equal(text, "<article id=\"r3\">\n"
				  "<section id=\"r3-first\">\n"
				  "<h2>First</h2>\n</section>\n<section>\n"
				  "<h2>Second</h2>\n</section>\n</article>\n");
	free(text);
}

/* Intervals are left out before the table is parted, unless all is wanted. */
static void narrow_terminals_lose_intervals_first(void **state)
{
	struct report_style narrow = usual;
	char *text;

	(void)state;
	narrow.columns = 24;
	text = write_as(DOC_TERMINAL, narrow);
	assert_non_null(strstr(text, " 4 Ki 1.50+     1.50 us\n"));
	assert_non_null(strstr(text, "Intervals are left out"));
	free(text);
	narrow.detail = STYLE_ALL;
	text = write_as(DOC_TERMINAL, narrow);
	assert_non_null(strstr(text, "[1.25,1.75]"));
	assert_null(strstr(text, "Intervals are left out"));
	free(text);
}

static int build_wrapped(struct doc *doc, const void *data)
{
	(void)data;
	doc_table(doc);
	fputs("what", doc_column(doc, DOC_LEFT));
	fputs("found", doc_column(doc, DOC_WRAP));
	fputs("swap", doc_row(doc));
	fputs("some of it is in use, which may stop a run for a while",
	      doc_cell(doc));
	return 0;
}

static void the_last_column_may_wrap(void **state)
{
	struct report_style style = usual;
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	(void)state;
	style.columns = 40;
	assert_int_equal(doc_print(build_wrapped, NULL, out, &style), 0);
	fclose(out);
	assert_string_equal(text, "what  found\n"
				  "swap  some of it is in use, which may\n"
				  "      stop a run for a while\n");
	free(text);
}

static int fail_always(struct doc *doc, const void *data)
{
	(void)doc;
	(void)data;
	return -EINVAL;
}

static void errors_are_returned(void **state)
{
	FILE *full = fopen("/dev/full", "w");

	(void)state;
	assert_non_null(full);
	assert_int_equal(doc_print(fail_always, NULL, full, &usual), -EINVAL);
	assert_int_equal(doc_print(build, NULL, full, &usual), -ENOSPC);
	fclose(full);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_terminal_has_it_in_columns),
		cmocka_unit_test(markdown_is_escaped),
		cmocka_unit_test(html_is_nested_and_escaped),
		cmocka_unit_test(sections_are_closed),
		cmocka_unit_test(narrow_terminals_lose_intervals_first),
		cmocka_unit_test(the_last_column_may_wrap),
		cmocka_unit_test(errors_are_returned),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
