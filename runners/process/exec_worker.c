/* SPDX-License-Identifier: MIT */
#include "runners/process/exec_worker.h"

#include "system/child.h"
#include "system/child_fork.h"
#include "system/self.h"

#include <dlfcn.h>
#include <errno.h>
#include <link.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#ifndef MAP_FIXED_NOREPLACE
#	define MAP_FIXED_NOREPLACE 0x100000
#endif

enum { TRIES_MAX = 20 };

/* ISO C does not convert between pointers to functions and to data. */
union function {
	tile_fn *run;
	void *address;
	uintptr_t number;
};

static_assert(sizeof(tile_fn *) == sizeof(void *),
	      "pointers to functions and to data have one size");

bool exec_order_locate(struct exec_order *order, const struct job *job)
{
	union function function = {.run = job->run};
	struct link_map *object;
	void *found = NULL;
	Dl_info info;

	if (!dladdr1(function.address, &info, &found, RTLD_DL_LINKMAP) ||
	    !found)
		return false;
	object = found;
	order->offset = function.number - object->l_addr;
	order->file[0] = '\0';
	/* The program's name is empty; other names may be relative paths. */
	return object->l_name[0] == '\0' ||
	       realpath(object->l_name, order->file) != NULL;
}

/* Write the reason to the order, where the caller reads it. */
static int exec_worker_give_up(int fd, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static int exec_worker_give_up(int fd, const char *format, ...)
{
	char error[EXEC_ERROR_MAX] = "";
	va_list args;

	va_start(args, format);
	vsnprintf(error, sizeof(error), format, args);
	va_end(args);
	if (pwrite(fd, error, sizeof(error),
		   offsetof(struct exec_order, error)) < 0)
		perror("worker");
	return 1;
}

/* 0 or -errno. -EEXIST: another mapping of this program lies there. */
static int exec_worker_map(const struct exec_order *order)
{
	for (int m = 0; m < TEAM_MAPS; m++) {
		const struct team_map *map = &order->maps[m];
		void *at;

		if (map->size == 0)
			continue;
		at = mmap(map->base, map->size, PROT_READ | PROT_WRITE,
			  MAP_SHARED | MAP_FIXED_NOREPLACE, map->fd, 0);
		if (at == MAP_FAILED)
			return -errno;
		/* An older kernel ignores the flag and maps elsewhere. */
		if (at != map->base)
			return -EEXIST;
	}
	return 0;
}

/* Stack and libraries lie at random addresses: execute once more, to get
 * others. The fourth argument counts tries. */
static int exec_worker_try_again(char **argv, int tries, int fd)
{
	char count[16];
	char *again[] = {argv[0], argv[1], argv[2], argv[3], count, NULL};

	snprintf(count, sizeof(count), "%d", tries + 1);
	if (tries >= TRIES_MAX)
		return exec_worker_give_up(fd,
					   "no room at the caller's addresses");
	execv(self_program(), again);
	return exec_worker_give_up(fd, "cannot execute itself: %s",
				   strerror(errno));
}

static tile_fn *exec_worker_find(const struct exec_order *order)
{
	void *handle = dlopen(order->file[0] ? order->file : NULL, RTLD_NOW);
	union function function;
	struct link_map *object;

	if (!handle || dlinfo(handle, RTLD_DI_LINKMAP, (void *)&object) < 0)
		return NULL;
	function.number = object->l_addr + order->offset;
	return function.run;
}

static int exec_worker_number(const char *text)
{
	return (int)strtol(text, NULL, 10);
}

int exec_worker_main(int argc, char **argv)
{
	int fd = argc > 3 ? exec_worker_number(argv[2]) : -1;
	unsigned worker = argc > 3 ? (unsigned)exec_worker_number(argv[3]) : 0;
	struct exec_order order;
	struct range share;
	int rc;

	if (pread(fd, &order, sizeof(order), 0) != sizeof(order)) {
		fputs("This command is not for users.\n", stderr);
		return 2;
	}
	child_setup(order.parent, order.by_main);
	rc = exec_worker_map(&order);
	if (rc == -EEXIST)
		return exec_worker_try_again(
			argv, argc > 4 ? exec_worker_number(argv[4]) : 0, fd);
	if (rc < 0)
		return exec_worker_give_up(
			fd, "cannot map the memory of the team: %s",
			strerror(-rc));
	order.job.run = exec_worker_find(&order);
	if (!order.job.run)
		return exec_worker_give_up(
			fd, "cannot load what it is to run: %.100s", dlerror());
	share = plan_share(&order.job.plan, order.workers, worker);
	job_run(&order.job, share.begin, share.end);
	_exit(CHILD_DONE);
}
