/* SPDX-License-Identifier: MIT */
/*
 * What a table of options takes, what it refuses with which words, and its
 * help. What is printed goes to a file, and is looked at there.
 */
#include "bench/cli/options.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { TEXT = 8192, WORDS = 40 };

struct inner {
	unsigned depth;
};

struct taken {
	bool quiet, verbose;
	unsigned rounds;
	struct cli_counts workers;
	uint64_t seed, bytes, items;
	double budget_s, precision;
	struct cli_sizes sets;
	struct cli_range sizes;
	int pin;
	const char *kernels, *out, *page, *kernel;
	struct cli_files files;
	struct inner inner;
	char hooked;
};

static bool take_letter(const char *text, void *field)
{
	*(char *)field = text[0];
	return text[0] && !text[1];
}

static const char *const policies[] = {"near", "far", "none", NULL};

static const struct cli_option inner_options[] = {
	{"depth", 0, OPT_COUNT(1, 9), offsetof(struct inner, depth), "N",
	 "How deep"},
	CLI_ROW_END,
};

#define AT(field) offsetof(struct taken, field)

static const struct cli_option options[] = {
	{"rounds", 0, OPT_COUNT(1, 1000), AT(rounds), "N", "How many"},
	{"workers", 'w', OPT_COUNTS(1, 64), AT(workers), "LIST", "Workers"},
	{"seed", 0, OPT_WHOLE, AT(seed), "N", "Seed"},
	{"budget", 'b', OPT_REAL(0.1, 1e6), AT(budget_s), "SECONDS", "Time"},
	{"precision", 0, OPT_PERCENT(0.1, 50), AT(precision), "PERCENT",
	 "How well"},
	{"bytes", 0, OPT_SIZE(1 << 20), AT(bytes), "BYTES", "Memory"},
	{"sets", 0, OPT_SIZES, AT(sets), "LIST", "Several"},
	{"set", 's', OPT_ALIAS("sets"), 0, NULL, NULL},
	{"sizes", 'n', OPT_RANGE, AT(sizes), "LO..HI", "Sizes"},
	{"pin", 0, OPT_CHOICE(policies), AT(pin), "POLICY", "Where"},
	{"kernels", 'k', OPT_KERNELS, AT(kernels), "LIST", "What"},
	{"output", 'o', OPT_OUTPUT, AT(out), "FILE", "Where to"},
	{"html", 0, OPT_LONE_OUTPUT, AT(page), "FILE", "A page"},
	{"letter", 0, OPT_HOOK(take_letter, "one letter"), AT(hooked), "L",
	 "A letter"},
	{"verbose", 'v', OPT_FLAG, AT(verbose), NULL, "Say more"},
	{NULL, 0, OPT_TABLE(inner_options), AT(inner), NULL, NULL},
	CLI_ROW_QUIET(struct taken, quiet),
	CLI_ROW_END,
};

static const char *check(const struct cli_parse *parse, void *data)
{
	const struct taken *taken = data;

	return taken->quiet && cli_given_beside(parse, ",quiet,rounds,")
		       ? "--quiet goes with --rounds alone"
		       : NULL;
}

static const struct cli_example examples[] = {
	{"breakeven test --rounds 5", "Five."},
	{NULL, NULL},
};

static const struct cli_command command = {
	.name = "test",
	.doc = "Count.",
	.options = options,
	.examples = examples,
	.check = check,
};

static const struct cli_option two_arguments[] = {
	{NULL, 0, OPT_KERNEL, AT(kernel), "KERNEL", "a kernel and a size"},
	{NULL, 0, OPT_SIZE(1), AT(items), "ITEMS", "a kernel and a size"},
	{"rounds", 0, OPT_COUNT(1, 1000), AT(rounds), "N", "How many"},
	CLI_ROW_END,
};

static const struct cli_option files_options[] = {
	{NULL, 0, OPT_FILES(2), AT(files), "A B...", "two records"},
	{"rounds", 0, OPT_COUNT(1, 1000), AT(rounds), "N", "How many"},
	CLI_ROW_END,
};

static const struct cli_command with_arguments = {
	.name = "test",
	.doc = "Count.",
	.options = two_arguments,
	.examples = examples,
};
static const struct cli_command with_files = {
	.name = "test",
	.doc = "Count.",
	.options = files_options,
	.examples = examples,
};

/* What is parsed points into these. */
static char line[256];
static char *argv[WORDS];

/* cli_parse() of words, with one stream sent to `text`. */
static int parse(const struct cli_command *table, const char *words,
		 FILE *stream, char text[TEXT], struct taken *taken)
{
	static char name[] = "breakeven test";
	FILE *file = tmpfile();
	int fd = fileno(stream), before = dup(fd), status, argc = 1;
	char *rest = line, *word;
	size_t got;

	assert_non_null(file);
	snprintf(line, sizeof(line), "%s", words);
	argv[0] = name;
	while (*words && (word = strsep(&rest, " ")))
		argv[argc++] = word;
	argv[argc] = NULL;
	fflush(stream);
	assert_true(dup2(fileno(file), fd) >= 0);
	status = cli_parse(table, argc, argv, taken);
	fflush(stream);
	assert_true(dup2(before, fd) >= 0);
	close(before);
	rewind(file);
	got = fread(text, 1, TEXT - 1, file);
	text[got] = '\0';
	fclose(file);
	return status;
}

static struct taken take(const char *words)
{
	struct taken taken = {.pin = -1};
	char text[TEXT];

	assert_int_equal(parse(&command, words, stderr, text, &taken), CLI_GO);
	assert_string_equal(text, "");
	return taken;
}

static void test_kinds(void **state)
{
	struct taken t = take("--rounds 5 -w1,2 --seed=9 -b 2.5 --precision 2% "
			      "--bytes 256Mi --sets 1k,2Ki -n 16..4Mi --pin "
			      "far -k sum,dot -o x --html=y --letter z -v "
			      "--depth 3");

	(void)state;
	assert_int_equal(t.rounds, 5);
	assert_int_equal(t.workers.count, 2);
	assert_int_equal(t.workers.at[1], 2);
	assert_int_equal(t.seed, 9);
	assert_true(t.budget_s == 2.5);
	assert_true(fabs(t.precision - 0.02) < 1e-12);
	assert_int_equal(t.bytes, 256 << 20);
	assert_int_equal(t.sets.count, 2);
	assert_int_equal(t.sets.at[1], 2048);
	assert_int_equal(t.sizes.lo, 16);
	assert_int_equal(t.sizes.hi, 4 << 20);
	assert_int_equal(t.pin, 1);
	assert_string_equal(t.kernels, "sum,dot");
	assert_string_equal(t.out, "x");
	assert_string_equal(t.page, "y");
	assert_int_equal(t.hooked, 'z');
	assert_true(t.verbose && !t.quiet);
	assert_int_equal(t.inner.depth, 3);
}

static void test_spellings(void **state)
{
	(void)state;
	assert_int_equal(take("--ro=7").rounds, 7);
	assert_string_equal(take("--out z").out, "z");
	assert_string_equal(take("--html").page, "");
	assert_null(take("").page);
	assert_int_equal(take("--set 4,5").sets.at[1], 5);
	assert_int_equal(take("-s4").sets.at[0], 4);
	assert_int_equal(take("-s 4,1Ki,4,1024").sets.count, 2);
	assert_int_equal(take("-w 2,2,1").workers.count, 2);
	assert_true(take("-v -b1").verbose);
	assert_true(take("-v -b1").budget_s == 1);
	assert_int_equal(take("--rounds 5 --rounds 6").rounds, 6);
}

static void test_arguments(void **state)
{
	static const char *const moved[] = {"a",	"b", "--c", "-",
					    "--rounds", "4", "--"};
	struct taken taken = {.rounds = 0};
	char text[TEXT];

	(void)state;
	assert_int_equal(parse(&with_arguments, "sum --rounds 2 10k", stderr,
			       text, &taken),
			 CLI_GO);
	assert_string_equal(taken.kernel, "sum");
	assert_int_equal(taken.items, 10000);
	assert_int_equal(taken.rounds, 2);
	assert_int_equal(parse(&with_files, "a --rounds 4 b -- --c -", stderr,
			       text, &taken),
			 CLI_GO);
	assert_int_equal(taken.rounds, 4);
	assert_int_equal(taken.files.count, 4);
	assert_string_equal(taken.files.at[0], "a");
	assert_string_equal(taken.files.at[2], "--c");
	assert_string_equal(taken.files.at[3], "-");
	for (size_t i = 0; i < sizeof(moved) / sizeof(*moved); i++)
		assert_string_equal(argv[i + 1], moved[i]);
}

/* In the command's name, in two lines, of which the second tells where to read
 * more. */
static void refused(const struct cli_command *table, const char *words,
		    const char *error)
{
	struct taken taken = {.rounds = 0};
	char text[TEXT], whole[TEXT];

	assert_int_equal(parse(table, words, stderr, text, &taken), 2);
	snprintf(whole, sizeof(whole),
		 "breakeven test: %s\nTry 'breakeven test --help'\n", error);
	assert_string_equal(text, whole);
}

static void test_wrong_options(void **state)
{
	(void)state;
	refused(&command, "--junk", "there is no option '--junk'");
	refused(&command, "--bugdet=5",
		"there is no option '--bugdet': did you mean '--budget'?");
	refused(&command, "--s 5",
		"'--s' may be one of --seed, --sets, --sizes");
	refused(&command, "-x", "there is no option '-x'");
	refused(&command, "stray", "unexpected argument 'stray'");
	refused(&command, "--quiet=5", "--quiet takes no value, so not '5'");
	refused(&command, "--rounds",
		"--rounds needs a value: it takes a "
		"number from 1 to 1000");
	refused(&command, "-vb1", "--verbose takes no value, so not 'b1'");
	refused(&command, "--quiet -b 5", "--quiet goes with --rounds alone");
	refused(&with_arguments, "sum", "name a kernel and a size");
	refused(&with_arguments, "sum 5 6", "unexpected argument '6'");
	refused(&with_arguments, "sum x",
		"ITEMS takes one number of items from 1 to 2^48, as 256Mi or "
		"10k, not 'x'");
	refused(&with_files, "a", "name two records");
}

static void test_wrong_values(void **state)
{
	(void)state;
	refused(&command, "--rounds 0",
		"--rounds takes a number from 1 to 1000, not '0'");
	refused(&command, "-w 1,,2",
		"--workers takes numbers from 1 to 64, as 1,2,4, not '1,,2'");
	refused(&command, "--seed -1",
		"--seed takes a whole number below 2^63, not '-1'");
	refused(&command, "--budget 0",
		"--budget takes seconds from 0.1 to 1000000, not '0'");
	refused(&command, "--precision 2",
		"--precision takes a percentage with its sign, from 0.1% to "
		"50%, as 2%, not '2'");
	refused(&command, "--bytes 12",
		"--bytes takes one number of bytes from 1Mi to 2^48, as 256Mi "
		"or 10k, not '12'");
	refused(&command, "--sets 1,x",
		"--sets takes up to 16 sizes from 1 to 2^48, as 32Ki,1Mi, not "
		"'1,x'");
	refused(&command, "-n 9..3",
		"--sizes takes a range LO..HI from 1 to 2^48, as 16..4Mi or "
		"1k..2M, not '9..3'");
	refused(&command, "--pin at",
		"--pin takes near, far or none, not 'at'");
	refused(&command, "-k sum,",
		"--kernels takes names with a comma between them, not 'sum,'");
	refused(&command, "--letter ab", "--letter takes one letter, not 'ab'");
}

static void test_bad_numbers(void **state)
{
	static const char *const wrong[] = {
		"--rounds=",
		"--rounds=-1",
		"--rounds=1001",
		"--rounds=1.5",
		"--rounds=+1",
		"--seed=",
		"--seed=1x",
		"--budget=",
		"--budget=nan",
		"--budget=1s",
		"--budget=1e7",
		"--precision=nan%",
		"--precision=51%",
		"--precision=2%%",
		"--bytes=1Mi..2Mi",
		"--sets=",
		"--sets=1..2",
		"--kernels=",
		"--kernels=,a",
		"--kernels=a,,b",
		"--seed=9223372036854775808",
		"--sets=1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		struct taken taken = {.rounds = 0};
		char text[TEXT];

		if (parse(&command, wrong[i], stderr, text, &taken) != 2)
			fail_msg("%s is not refused", wrong[i]);
	}
}

static size_t count_of(const char *text, const char *words)
{
	size_t count = 0;

	for (; (text = strstr(text, words)); text += strlen(words))
		count++;
	return count;
}

static void test_help(void **state)
{
	static const char *const ways[] = {"--help", "-h", "--usage", "-?",
					   "-b 1 --he"};
	static const char *const once[] = {
		"  -w, --workers=LIST         Workers\n",
		"      --html[=FILE]          A page\n",
		"      --quiet                No progress on standard error\n",
		"      --depth=N              How deep\n",
		"\nExamples:\n  breakeven test --rounds 5\n        Five.\n",
	};

	(void)state;
	for (size_t w = 0; w < sizeof(ways) / sizeof(*ways); w++) {
		struct taken taken = {.rounds = 0};
		char text[TEXT];

		assert_int_equal(parse(&command, ways[w], stdout, text, &taken),
				 0);
		assert_int_equal(
			strncmp(text,
				"Usage: breakeven test [OPTION...]\nCount.\n",
				41),
			0);
		for (size_t i = 0; i < sizeof(once) / sizeof(*once); i++)
			assert_int_equal(count_of(text, once[i]), 1);
		assert_int_equal(count_of(text, "--set="), 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_kinds),
		cmocka_unit_test(test_spellings),
		cmocka_unit_test(test_arguments),
		cmocka_unit_test(test_wrong_options),
		cmocka_unit_test(test_wrong_values),
		cmocka_unit_test(test_bad_numbers),
		cmocka_unit_test(test_help),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
