/* SPDX-License-Identifier: MIT */
#include "bench/studies/self_run.h"

#include "system/child.h"
#include "system/child_fork.h"
#include "system/self.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

/* What a run leaves: two files without names. */
struct self_outputs {
	int record, words; /* what it said on standard error */
	char path[32];	   /* of the record */
};

static int self_outputs_open(struct self_outputs *outputs)
{
	outputs->record = memfd_create("record", 0);
	outputs->words = memfd_create("words", MFD_CLOEXEC);
	if (outputs->record < 0 || outputs->words < 0)
		return -errno;
	snprintf(outputs->path, sizeof(outputs->path), "/dev/fd/%d",
		 outputs->record);
	return 0;
}

static void self_outputs_close(struct self_outputs *outputs)
{
	if (outputs->record >= 0)
		close(outputs->record);
	if (outputs->words >= 0)
		close(outputs->words);
}

/* Words that may be written to, as execv() wants them. */
struct self_words {
	char *argv[SELF_RUN_WORDS_MAX + 6];
	size_t count, used;
	char text[SELF_RUN_TEXT_MAX];
};

static void self_add_word(struct self_words *words, const char *word)
{
	size_t size = strlen(word) + 1;

	if (words->count + 1 == sizeof(words->argv) / sizeof(*words->argv) ||
	    size > sizeof(words->text) - words->used)
		_exit(126);
	words->argv[words->count++] =
		memcpy(words->text + words->used, word, size);
	words->used += size;
}

static void self_exec(const char *const *words,
		      const struct self_outputs *outputs)
{
	struct self_words own = {.count = 0};

	self_add_word(&own, "breakeven");
	for (; *words; words++)
		self_add_word(&own, *words);
	self_add_word(&own, "--quiet");
	self_add_word(&own, "--no-lock");
	self_add_word(&own, "-o");
	self_add_word(&own, outputs->path);
	dup2(open("/dev/null", O_RDWR), STDOUT_FILENO);
	dup2(outputs->words, STDERR_FILENO);
	execv(self_program(), own.argv);
	_exit(127);
}

static void self_read_words(int words, char why[ERROR_TEXT_MAX])
{
	ssize_t got = pread(words, why, ERROR_TEXT_MAX - 1, 0);

	why[got > 0 ? got : 0] = '\0';
	why[strcspn(why, "\n")] = '\0';
	if (!why[0])
		snprintf(why, ERROR_TEXT_MAX, "it gave no reason");
}

/* Its exit status; as of a shell, if a signal ended it. */
static int self_wait(pid_t pid)
{
	int status = 0;

	if (child_wait(pid, &status))
		return 1;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int self_run(const char *const *words, struct record **record,
	     char why[ERROR_TEXT_MAX])
{
	struct self_outputs outputs;
	pid_t pid = self_outputs_open(&outputs);
	int status = 1;

	if (pid == 0)
		pid = child_fork();
	if (pid == 0)
		self_exec(words, &outputs);
	if (pid < 0)
		snprintf(why, ERROR_TEXT_MAX, "%s", strerror(-pid));
	else
		status = self_wait(pid);
	if (pid > 0 && status == 0)
		status = record_read(outputs.path, record, why) ? 1 : 0;
	else if (pid > 0)
		self_read_words(outputs.words, why);
	self_outputs_close(&outputs);
	return status;
}
