/* SPDX-License-Identifier: MIT */
/*
 * Records: what is put is what is read, nothing is torn, and no file, however
 * broken, does more harm than an error that names the line.
 */
#include "results/record.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define HEADER                                                                 \
	"{\"breakeven\":1,\"kernels\":[{\"name\":\"sum\"}],"                   \
	"\"runners\":[{\"name\":\"fork\",\"regime\":\"one-shot\"}]}\n"
#define SERIES                                                                 \
	"{\"runner\":\"serial\",\"workers\":1,\"role\":\"base\","              \
	"\"calls\":10,\"ns\":[1,2]}"
#define BLOCK(probes, series)                                                  \
	"{\"block\":{\"generation\":1,\"kernel\":\"sum\",\"n\":16,"            \
	"\"tiles\":2,\"probe_ns\":" probes ",\"series\":[" series "]}}\n"
#define PROBES "[[58.1,58.3],[null,null]]"
#define END    "{\"end\":\"2026-01-01T00:00:00Z\",\"complete\":true}\n"

struct scratch {
	char folder[64], path[96];
};

static int make_scratch(void **state)
{
	struct scratch *scratch = calloc(1, sizeof(*scratch));

	strcpy(scratch->folder, "/tmp/test_record.XXXXXX");
	if (!mkdtemp(scratch->folder))
		return -1;
	snprintf(scratch->path, sizeof(scratch->path), "%s/run.jsonl",
		 scratch->folder);
	*state = scratch;
	return 0;
}

static int remove_scratch(void **state)
{
	struct scratch *scratch = *state;

	unlink(scratch->path);
	rmdir(scratch->folder);
	free(scratch);
	return 0;
}

static void write_file(const char *path, const void *bytes, size_t count)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, count, file), count);
	assert_int_equal(fclose(file), 0);
}

static char *read_file(const char *path, size_t *size)
{
	FILE *file = fopen(path, "r");
	char *bytes = calloc(1, 1 << 16);

	assert_non_null(file);
	*size = fread(bytes, 1, 1 << 16, file);
	fclose(file);
	return bytes;
}

/* ------------------------------------------------------------- a record */

static json_t *header(void)
{
	return json_pack("{s:i,s:[{s:s},{s:s}],s:[{s:s,s:s,s:s,s:s,s:s}]}",
			 "breakeven", RECORD_SCHEMA, "kernels", "name", "sum",
			 "name", "dot", "runners", "name", "fork-pool", "unit",
			 "process", "lifetime", "pooled", "data", "shared",
			 "regime", "warm");
}

static double base_ns[] = {1000, 0, NAN};
static double runner_ns[] = {123456789, 2.25, 3};
static double cpu_ns[] = {246913578, NAN, 0};
static struct reading readings[] = {
	{58.1, 70000, 69000}, {58.3, 70000.25, 69000}, {NAN, NAN, NAN},
	{NAN, NAN, NAN},      {380, 90000, 70000},     {381.456, 1e6, NAN},
};
static struct series all_series[] = {
	{"serial", 1, ROLE_BASE, 1000, base_ns, NULL, NAN, 0},
	{"fork-pool", 2, ROLE_RUNNER, 7, runner_ns, cpu_ns, 81234.5, 6},
	{"direct", 1, ROLE_CONTROL, 1, base_ns, NULL, NAN, 0},
};
static const struct block block = {
	.generation = 3,
	.kernel = "dot",
	.n = UINT64_C(1) << 40,
	.tiles = 4096,
	.rounds = 3,
	.readings = readings,
	.throttled = 21,
	.cpus_changed = true,
	.nseries = 3,
	.series = all_series,
};
static const struct note note = {
	.kind = "failed",
	.runner = "fork",
	.workers = 2,
	.n = 4096,
	.generation = 2,
	.reason = "killed: \"why\"\n\xff\xfe",
};

static struct record *put_all(const char *path)
{
	struct record *record = record_new();
	struct block placed = block;
	char error[ERROR_TEXT_MAX];

	assert_non_null(record);
	assert_int_equal(record_attach(record, path, error), 0);
	assert_int_equal(record_put_header(record, header()), 0);
	placed.nodes = json_pack("[i,i]", 1024, 3072);
	assert_int_equal(record_put_block(record, &placed), 0);
	json_decref(placed.nodes);
	assert_int_equal(record_put_note(record, &note), 0);
	assert_int_equal(record_put_verdict(record, json_pack("{s:i}", "n", 1)),
			 0);
	assert_int_equal(
		record_put_end(record, true, json_pack("[{s:i}]", "n", 7)), 0);
	return record;
}

static void assert_same_time(double a, double b)
{
	if (isnan(a) || isnan(b))
		assert_true(isnan(a) && isnan(b));
	else
		assert_true(fabs(a - b) <= 0.005);
}

static void check_all(const struct record *record)
{
	const struct block *read = &record->blocks[0];

	assert_true(record->ended && record->complete);
	assert_int_equal(json_integer_value(json_object_get(
				 json_array_get(record->splits, 0), "n")),
			 7);
	assert_int_equal(record->nkernels, 2);
	assert_string_equal(record->kernels[1], "dot");
	assert_int_equal(record->nrunners, 1);
	assert_string_equal(record->runners[0].spec, "fork-pool");
	assert_string_equal(record->runners[0].data, "shared");
	assert_string_equal(record->runners[0].regime, "warm");
	assert_int_equal(record->nblocks, 1);
	assert_int_equal(read->generation, 3);
	assert_string_equal(read->kernel, "dot");
	assert_true(read->n == block.n && read->tiles == block.tiles);
	assert_int_equal(read->rounds, 3);
	assert_int_equal(read->throttled, 21);
	assert_true(read->cpus_changed);
	assert_int_equal(json_integer_value(json_array_get(read->nodes, 1)),
			 3072);
	assert_int_equal(read->nseries, 3);
	for (size_t i = 0; i < 6; i++) {
		assert_same_time(read->readings[i].trip_ns,
				 readings[i].trip_ns);
		assert_same_time(read->readings[i].together_ns,
				 readings[i].together_ns);
		assert_same_time(read->readings[i].alone_ns,
				 readings[i].alone_ns);
	}
	for (size_t s = 0; s < 3; s++) {
		assert_string_equal(read->series[s].runner,
				    all_series[s].runner);
		assert_int_equal(read->series[s].workers,
				 all_series[s].workers);
		assert_int_equal(read->series[s].role, all_series[s].role);
		assert_true(read->series[s].calls == all_series[s].calls);
		for (size_t r = 0; r < 3; r++)
			assert_same_time(read->series[s].ns[r],
					 all_series[s].ns[r]);
		assert_true(!read->series[s].cpu_ns == !all_series[s].cpu_ns);
		for (size_t r = 0; all_series[s].cpu_ns && r < 3; r++)
			assert_same_time(read->series[s].cpu_ns[r],
					 all_series[s].cpu_ns[r]);
	}
	assert_true(read->series[1].open_ns == 81234.5);
	assert_int_equal(read->series[1].tiles, 6);
	assert_int_equal(read->series[0].tiles, 0);
	assert_int_equal(record->nnotes, 1);
	assert_null(record->notes[0].kernel);
	assert_string_equal(record->notes[0].kind, "failed");
	assert_int_equal(record->notes[0].n, 4096);
	/* What no JSON can hold is replaced, and the rest is kept. */
	assert_string_equal(record->notes[0].reason, "killed: \"why\"\n?\?");
}

static void what_is_put_is_read(void **state)
{
	struct scratch *scratch = *state;
	struct record *record = put_all(scratch->path), *read;
	char error[ERROR_TEXT_MAX];

	check_all(record);
	assert_int_equal(record_read(scratch->path, &read, error), 0);
	check_all(read);
	assert_true(read->blocks[0].readings[5].trip_ns ==
		    record->blocks[0].readings[5].trip_ns);
	record_free(read);
	record_free(record);
}

static void works_without_a_file(void **state)
{
	struct record *record = record_new();

	(void)state;
	assert_int_equal(record_put_header(record, header()), 0);
	for (int i = 0; i < 100; i++)
		assert_int_equal(record_put_block(record, &block), 0);
	assert_int_equal(record->nblocks, 100);
	assert_string_equal(record->blocks[99].kernel, "dot");
	record_free(record);
}

/* ------------------------------------------------------------- refusals */

static void never_overwrites(void **state)
{
	struct scratch *scratch = *state;
	struct record *record = record_new();
	char error[ERROR_TEXT_MAX] = "", *text;
	size_t size;

	write_file(scratch->path, "precious", 8);
	assert_int_equal(record_attach(record, scratch->path, error), -EEXIST);
	assert_non_null(strstr(error, "never overwritten"));
	text = read_file(scratch->path, &size);
	assert_string_equal(text, "precious");
	free(text);
	assert_int_equal(record_attach(record, "/nowhere/at/all", error),
			 -ENOENT);
	assert_non_null(strstr(error, "folder"));
	record_free(record);
}

static void refuses_what_a_reader_would(void **state)
{
	struct scratch *scratch = *state;
	struct record *record = record_new();
	struct series no_calls = all_series[0];
	struct block bad = block;
	char error[ERROR_TEXT_MAX], *before, *after;
	size_t size_before, size_after;

	assert_int_equal(record_attach(record, scratch->path, error), 0);
	assert_int_equal(record_put_block(record, &block), -EINVAL);
	assert_int_equal(record_put_header(record, header()), 0);
	before = read_file(scratch->path, &size_before);
	no_calls.calls = 0;
	bad.series = &no_calls;
	bad.nseries = 1;
	assert_int_equal(record_put_block(record, &bad), -EINVAL);
	bad = block;
	bad.n = 0;
	assert_int_equal(record_put_block(record, &bad), -EINVAL);
	bad.n = UINT64_MAX;
	assert_int_equal(record_put_block(record, &bad), -EINVAL);
	assert_int_equal(record_put_header(record, header()), -EINVAL);
	assert_int_equal(record->nblocks, 0);
	after = read_file(scratch->path, &size_after);
	assert_int_equal(size_before, size_after);
	free(before);
	free(after);
	record_free(record);
}

static void set_file_limit(rlim_t bytes)
{
	struct rlimit limit;

	assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
	limit.rlim_cur = bytes;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static void a_full_disk_tears_nothing(void **state)
{
	struct scratch *scratch = *state;
	struct record *record = record_new(), *read;
	char error[ERROR_TEXT_MAX];
	struct stat before, after;

	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(record_attach(record, scratch->path, error), 0);
	assert_int_equal(record_put_header(record, header()), 0);
	assert_int_equal(stat(scratch->path, &before), 0);
	set_file_limit((rlim_t)before.st_size + 20);
	assert_int_equal(record_put_block(record, &block), -EFBIG);
	set_file_limit((rlim_t)before.st_size);
	assert_int_equal(record_put_block(record, &block), -EFBIG);
	set_file_limit(RLIM_INFINITY);
	assert_int_equal(stat(scratch->path, &after), 0);
	assert_int_equal(before.st_size, after.st_size);
	assert_int_equal(record->nblocks, 0);
	assert_int_equal(record_put_block(record, &block), 0);
	assert_int_equal(record_put_end(record, false, NULL), 0);
	assert_int_equal(record_read(scratch->path, &read, error), 0);
	assert_int_equal(read->nblocks, 1);
	assert_true(read->ended && !read->complete);
	record_free(read);
	record_free(record);
}

/* ------------------------------------------------------------- damage */

static void readable_at_every_length(void **state)
{
	struct scratch *scratch = *state;
	size_t size, blocks = 0, header_size;
	char error[ERROR_TEXT_MAX], *bytes;

	record_free(put_all(scratch->path));
	bytes = read_file(scratch->path, &size);
	header_size = (size_t)(strchr(bytes, '\n') - bytes);
	for (size_t length = 0; length <= size; length++) {
		struct record *record;
		int rc;

		write_file(scratch->path, bytes, length);
		rc = record_read(scratch->path, &record, error);
		if (length < header_size) {
			assert_int_equal(rc, -EINVAL);
			assert_null(record);
			assert_non_null(strstr(error, scratch->path));
			continue;
		}
		assert_int_equal(rc, 0);
		assert_true(record->nblocks >= blocks);
		blocks = record->nblocks;
		assert_int_equal(record->complete, length + 1 >= size);
		record_free(record);
	}
	assert_int_equal(blocks, 1);
	free(bytes);
}

static void survives_any_byte(void **state)
{
	struct scratch *scratch = *state;
	char error[ERROR_TEXT_MAX], *bytes;
	size_t size, refused = 0;

	record_free(put_all(scratch->path));
	bytes = read_file(scratch->path, &size);
	for (size_t i = 0; i < 3 * size; i++) {
		char kept = bytes[i / 3];
		struct record *record;
		int rc;

		bytes[i / 3] = "\0\xff["[i % 3];
		write_file(scratch->path, bytes, size);
		bytes[i / 3] = kept;
		error[0] = '\0';
		rc = record_read(scratch->path, &record, error);
		assert_int_equal(rc == 0, error[0] == '\0');
		refused += rc != 0;
		record_free(record);
	}
	assert_true(refused > size);
	free(bytes);
}

static const struct {
	const char *text, *says;
	int rc;
} broken[] = {
	{"", "empty", -EINVAL},
	{"\x89PNG\r\n\x1a\n", ":1: this is no record", -EINVAL},
	{"items,speedup\n16,1.8\n", ":1: this is no record", -EINVAL},
	{"[1,2,3]\n", ":1: this is no record", -EINVAL},
	{"{\"name\":\"x\"}\n", ":1: this is no record", -EINVAL},
	{"{\"breakeven\":2}\n",
	 ":1: written by a newer breakeven: schema 2, this one reads up to 1: "
	 "upgrade",
	 -ENOTSUP},
	{"{\"breakeven\":0}\n", "schema", -EINVAL},
	{"{\"breakeven\":\"1\"}\n", "schema", -EINVAL},
	{"{\"breakeven\":1}\n", "\"kernels\"", -EINVAL},
	{"{\"breakeven\":1,\"kernels\":[{}],\"runners\":[]}\n", "\"name\"",
	 -EINVAL},
	{"{\"breakeven\":1,\"kernels\":[],\"runners\":{}}\n", "\"runners\"",
	 -EINVAL},
	{"{\"breakeven\":1,\"kernels\":[],\"runners\":[{\"name\":1}]}\n",
	 "\"name\"", -EINVAL},
	{BLOCK(PROBES, SERIES), ":1: this is no record", -EINVAL},
	{HEADER HEADER, ":2: a second header", -EINVAL},
	{HEADER END END, ":3: a line after the end", -EINVAL},
	{HEADER "{\"block\":[]}\n", ":2: \"block\"", -EINVAL},
	{HEADER "{\"block\":{}}\n", ":2: \"generation\"", -EINVAL},
	{HEADER "{\"blok\":{}}\n", ":2: neither", -EINVAL},
	{HEADER "\n" END, ":2: this is not JSON", -EINVAL},
	{HEADER "{\"note\":{\"kind\":\"failed\",\"runner\":\"fork\","
		"\"workers\":-1}}\n",
	 "\"workers\"", -EINVAL},
	{HEADER "{\"note\":{\"kind\":\"failed\",\"runner\":\"fork\","
		"\"workers\":1,\"n\":1.5}}\n",
	 "\"n\"", -EINVAL},
	{HEADER "{\"note\":{\"kind\":7}}\n", "\"kind\"", -EINVAL},
	{HEADER "{\"end\":\"\",\"complete\":\"yes\"}\n", "\"complete\"",
	 -EINVAL},
	{HEADER "{\"end\":\"\",\"end\":\"\"}\n", "duplicate", -EINVAL},
	{HEADER "{\"end\":\"\",\"complete\":true,\"splits\":7}\n", "\"splits\"",
	 -EINVAL},
	{HEADER BLOCK("[[1,2]]", SERIES), "\"ns\" has 2 numbers", -EINVAL},
	{HEADER BLOCK("[[1,2,3],[1,2]]", SERIES), "has 3 numbers", -EINVAL},
	{HEADER BLOCK("[[1,2],7]", SERIES), "must be an array", -EINVAL},
	{HEADER BLOCK("[[1,-2],[1,2]]", SERIES), "times of 0 or more", -EINVAL},
	{HEADER BLOCK("7", SERIES), "\"probe_ns\"", -EINVAL},
	{HEADER BLOCK(PROBES, "7"), "\"runner\"", -EINVAL},
	{HEADER BLOCK(PROBES, "{\"runner\":\"x\",\"workers\":1,\"role\":"
			      "\"king\"}"),
	 "\"role\"", -EINVAL},
	{HEADER BLOCK(PROBES, "{\"runner\":\"x\",\"workers\":1,\"role\":"
			      "\"base\",\"calls\":-3}"),
	 "\"calls\"", -EINVAL},
	{HEADER BLOCK(PROBES, "{\"runner\":\"x\",\"workers\":1,\"role\":"
			      "\"base\",\"calls\":1,\"ns\":[1,\"2\"]}"),
	 "times of 0 or more", -EINVAL},
	{HEADER BLOCK(PROBES, "{\"runner\":\"x\",\"workers\":5000000000}"),
	 "\"workers\"", -EINVAL},
	{HEADER "{\"block\":{\"generation\":99999999999999999999}}\n",
	 ":2:", -EINVAL},
};

static void names_line_and_fault(void **state)
{
	struct scratch *scratch = *state;

	for (size_t i = 0; i < sizeof(broken) / sizeof(broken[0]); i++) {
		char error[ERROR_TEXT_MAX] = "";
		struct record *record;

		write_file(scratch->path, broken[i].text,
			   strlen(broken[i].text));
		assert_int_equal(record_read(scratch->path, &record, error),
				 broken[i].rc);
		assert_null(record);
		assert_non_null(strstr(error, scratch->path));
		if (!strstr(error, broken[i].says))
			fail_msg("\"%s\" does not say \"%s\"", error,
				 broken[i].says);
	}
}

static void reads_what_it_may(void **state)
{
	static const char *const fine[] = {
		HEADER,
		HEADER BLOCK(PROBES, SERIES) END,
		HEADER BLOCK("[]", ""),
		HEADER BLOCK(PROBES, SERIES) "{\"torn\":",
		HEADER "{\"verdict\":{\"what\":[\"ever\"]}}\n",
	};
	struct scratch *scratch = *state;

	for (size_t i = 0; i < sizeof(fine) / sizeof(fine[0]); i++) {
		char error[ERROR_TEXT_MAX];
		struct record *record;

		write_file(scratch->path, fine[i], strlen(fine[i]));
		assert_int_equal(record_read(scratch->path, &record, error), 0);
		assert_string_equal(record->runners[0].unit, "unknown");
		record_free(record);
	}
}

static void nul_bytes_are_told(void **state)
{
	static const char text[] = HEADER "{\"note\":\0}\n" END;
	struct scratch *scratch = *state;
	char error[ERROR_TEXT_MAX] = "";
	struct record *record;

	write_file(scratch->path, text, sizeof(text) - 1);
	assert_int_equal(record_read(scratch->path, &record, error), -EINVAL);
	assert_non_null(strstr(error, ":2: "));
	assert_non_null(strstr(error, "NUL byte"));
	/* At the end they are what a crash of the machine may leave. */
	write_file(scratch->path, text, sizeof(HEADER) + 9);
	assert_int_equal(record_read(scratch->path, &record, error), 0);
	record_free(record);
}

static void endless_lines_are_refused(void **state)
{
	struct scratch *scratch = *state;
	char error[ERROR_TEXT_MAX] = "";
	struct record *record;

	write_file(scratch->path, HEADER, sizeof(HEADER) - 1);
	assert_int_equal(truncate(scratch->path, 1 << 30), 0);
	assert_int_equal(record_read(scratch->path, &record, error), -EFBIG);
	assert_non_null(strstr(error, ":2: "));
	assert_non_null(strstr(error, "64 MiB"));
}

static void deep_nesting_is_refused(void **state)
{
	struct scratch *scratch = *state;
	char error[ERROR_TEXT_MAX] = "", *deep = malloc(100001);
	struct record *record;

	memset(deep, '[', 100000);
	deep[100000] = '\n';
	write_file(scratch->path, deep, 100001);
	assert_int_equal(record_read(scratch->path, &record, error), -EINVAL);
	assert_non_null(strstr(error, ":1: "));
	free(deep);
}

static void no_file_is_told(void **state)
{
	char error[ERROR_TEXT_MAX] = "";
	struct record *record;

	(void)state;
	assert_int_equal(record_read("/nowhere.jsonl", &record, error),
			 -ENOENT);
	assert_non_null(strstr(error, "/nowhere.jsonl: No such file"));
	assert_int_equal(record_read("/tmp", &record, error), -EISDIR);
	assert_non_null(strstr(error, "/tmp"));
}

#define test(name)                                                             \
	cmocka_unit_test_setup_teardown(name, make_scratch, remove_scratch)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test(what_is_put_is_read),
		test(works_without_a_file),
		test(never_overwrites),
		test(refuses_what_a_reader_would),
		test(a_full_disk_tears_nothing),
		test(readable_at_every_length),
		test(survives_any_byte),
		test(names_line_and_fault),
		test(reads_what_it_may),
		test(nul_bytes_are_told),
		test(endless_lines_are_refused),
		test(deep_nesting_is_refused),
		test(no_file_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
