/* SPDX-License-Identifier: MIT */
#include "system/machine_lock.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { WAITERS_MAX = 4096 };

/* Abstract: the name begins with a zero byte. */
static socklen_t machine_lock_address(const char *name, struct sockaddr_un *to)
{
	*to = (struct sockaddr_un){.sun_family = AF_UNIX};
	snprintf(to->sun_path + 1, sizeof(to->sun_path) - 1, "%s", name);
	return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 +
			   strlen(to->sun_path + 1));
}

int machine_lock_try(const char *name)
{
	struct sockaddr_un address;
	socklen_t size = machine_lock_address(name, &address);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), saved;

	if (fd >= 0 && bind(fd, (struct sockaddr *)&address, size) == 0 &&
	    listen(fd, WAITERS_MAX) == 0)
		return fd;
	saved = errno;
	if (fd >= 0)
		close(fd);
	return -saved;
}

int machine_lock_watch(const char *name, pid_t *holder)
{
	struct sockaddr_un address;
	struct ucred peer = {.pid = 0};
	socklen_t size = machine_lock_address(name, &address);
	socklen_t peer_size = sizeof(peer);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	int saved;

	*holder = 0;
	if (fd >= 0 && connect(fd, (struct sockaddr *)&address, size) == 0) {
		getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &peer_size);
		*holder = peer.pid;
		return fd;
	}
	saved = errno;
	if (fd >= 0)
		close(fd);
	return -saved;
}
