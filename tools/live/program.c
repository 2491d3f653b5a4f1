/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../commands.h"
#include "program.h"

/* What stands in the place of the host's; /sys/kernel/slab is a folder. */
static const char *const covered[] = {
	"/proc/buddyinfo",
	"/proc/kpagecount",
	"/proc/kpageflags",
	"/proc/meminfo",
	"/proc/pagetypeinfo",
	"/proc/slabinfo",
	"/proc/vmallocinfo",
	"/proc/vmstat",
	"/proc/zoneinfo",
	"/sys/kernel/slab",
	"/sys/kernel/debug/page_owner",
};

static bool file_write(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	bool ok = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);

	if (fd >= 0)
		close(fd);
	return ok;
}

/* The user is who he was, in a namespace where he may mount. */
static bool user_become(unsigned int uid, unsigned int gid)
{
	char map[64];

	snprintf(map, sizeof(map), "%u %u 1", uid, uid);
	if (!file_write("/proc/self/setgroups", "deny") || !file_write("/proc/self/uid_map", map))
		return false;
	snprintf(map, sizeof(map), "%u %u 1", gid, gid);
	return file_write("/proc/self/gid_map", map);
}

static bool namespace_enter(void)
{
	unsigned int uid = getuid(), gid = getgid();

	if (unshare(CLONE_NEWNS) &&
	    (unshare(CLONE_NEWUSER | CLONE_NEWNS) || !user_become(uid, gid)))
		return false;
	/* What is mounted from now on is seen by nobody else. */
	return mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0;
}

/* Some files are there with some parameters only, which shows when they are opened. */
static bool is_there(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

static void cover(const char *command, const char *folder)
{
	for (size_t i = 0; i < sizeof(covered) / sizeof(covered[0]); i++) {
		char from[256];

		snprintf(from, sizeof(from), "%s%s", folder, covered[i]);
		if (!is_there(from))
			continue;
		if (access(covered[i], F_OK))
			fprintf(stderr, "%s: this host has no %s to put the machine's over\n",
				command, covered[i]);
		else if (mount(from, covered[i], NULL, MS_BIND, NULL))
			fprintf(stderr, "%s: %s: %s\n", command, covered[i], strerror(errno));
	}
}

/* Send @fd to the process at the other end of @socket. Return: 0, or -1 with errno set. */
static int fd_send(int socket, int fd)
{
	char control[CMSG_SPACE(sizeof(fd))] = { 0 }, byte = 0;
	struct iovec data = { .iov_base = &byte, .iov_len = 1 };
	struct msghdr message = { .msg_iov = &data,
				  .msg_iovlen = 1,
				  .msg_control = control,
				  .msg_controllen = sizeof(control) };
	struct cmsghdr *head = CMSG_FIRSTHDR(&message);

	head->cmsg_level = SOL_SOCKET;
	head->cmsg_type = SCM_RIGHTS;
	head->cmsg_len = CMSG_LEN(sizeof(fd));
	memcpy(CMSG_DATA(head), &fd, sizeof(fd));
	return sendmsg(socket, &message, 0) == 1 ? 0 : -1;
}

/* Mount a FUSE file system at @folder. Return: its other end, or -1 with errno set. */
static int fuse_mount_at(const char *folder)
{
	int fd = open("/dev/fuse", O_RDWR | O_CLOEXEC);
	char options[128];

	if (fd < 0)
		return -1;
	snprintf(options, sizeof(options),
		 "fd=%d,rootmode=40000,user_id=%u,group_id=%u,allow_other", fd, getuid(), getgid());
	if (mount("kalloc", folder, "fuse.kalloc", MS_NOSUID | MS_NODEV | MS_RDONLY, options) == 0)
		return fd;
	close(fd);
	return -1;
}

void program_become(const char *command, const char *folder, char **argv, int socket)
{
	int fd;

	if (!namespace_enter()) {
		fprintf(stderr, "%s: no mounts of its own are allowed here: %s\n", command,
			strerror(errno));
		_exit(STATUS_FAILED);
	}
	fd = fuse_mount_at(folder);
	if (fd < 0 || fd_send(socket, fd)) {
		fprintf(stderr, "%s: FUSE cannot be mounted here: %s\n", command, strerror(errno));
		_exit(STATUS_FAILED);
	}
	close(fd);
	close(socket);
	cover(command, folder);
	signal(SIGINT, SIG_DFL);
	signal(SIGQUIT, SIG_DFL);
	execvp(argv[0], argv);
	fprintf(stderr, "%s: %s: %s\n", command, argv[0], strerror(errno));
	_exit(errno == ENOENT ? 127 : 126);
}
