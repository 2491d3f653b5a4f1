/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include <fcntl.h>
#include <kalloc/look.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "map.h"
#include "ram.h"

/* A file that grows past RLIMIT_FSIZE is a signal that ends the process. */
static bool is_too_large(size_t bytes)
{
	struct rlimit limit;

	return getrlimit(RLIMIT_FSIZE, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY &&
	       bytes > limit.rlim_cur;
}

/* Whether the descriptor is that of the file still, not closed nor another one's by now. */
static bool has_file(const struct ram *ram)
{
	struct stat st;

	return fstat(ram->fd, &st) == 0 && st.st_dev == ram->device && st.st_ino == ram->inode;
}

int ram_create(struct ram *ram, size_t bytes, bool is_private)
{
	struct stat st;
	int fd;

	*ram = (struct ram){ .fd = -1, .is_private = is_private, .bytes = bytes };
	if (is_private)
		return 0;
	if (is_too_large(bytes))
		return -EFBIG;
	fd = memfd_create(KALLOC_LOOK_MEMFD, MFD_CLOEXEC);

	if (fd < 0)
		return -errno;
	if (ftruncate(fd, (off_t)bytes) < 0 || fstat(fd, &st) < 0) {
		int err = -errno;

		close(fd);
		return err;
	}
	ram->fd = fd;
	ram->device = st.st_dev;
	ram->inode = st.st_ino;
	return 0;
}

void ram_destroy(struct ram *ram)
{
	if (!ram->is_private && has_file(ram))
		close(ram->fd);
	ram->fd = -1;
}

static int map_shared(const struct ram *ram, void *at, size_t offset, size_t bytes, int flags)
{
	void *p;

	if (!has_file(ram))
		return -EBADF;
	p = mmap(at, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED | flags, ram->fd,
		 (off_t)offset);
	return p == MAP_FAILED ? -errno : 0;
}

int ram_map(const struct ram *ram, void *at, size_t offset, size_t bytes)
{
	return ram->is_private ? map_commit(at, bytes) : map_shared(ram, at, offset, bytes, 0);
}

int ram_hide(void *at, size_t bytes)
{
	return mprotect(at, bytes, PROT_NONE) ? -errno : 0;
}

/*
 * What replaces a mapping becomes one with its neighbours that fault. A program may have limited
 * its address space to less than it has: that allows none, but private memory can go as well
 * by itself.
 */
int ram_unmap(const struct ram *ram, void *at, size_t bytes)
{
	int err = map_uncommit(at, bytes);

	if (err && ram->is_private) {
		err = ram_hide(at, bytes);
		if (!err)
			map_forget(at, bytes);
	}
	return err;
}

int ram_map_now(const struct ram *ram, void *at, size_t offset, size_t bytes)
{
	return ram->is_private ? map_commit(at, bytes)
			       : map_shared(ram, at, offset, bytes, MAP_POPULATE);
}

/* Copy one run of @bytes at @offset from file to file through a buffer. */
static int copy_run(int from, int to, off_t offset, size_t bytes)
{
	char buf[1 << 14];

	while (bytes) {
		ssize_t n = pread(from, buf, min(bytes, sizeof(buf)), offset);

		if (n <= 0)
			return n < 0 ? -errno : -EIO;
		for (ssize_t done = 0, put; done < n; done += put) {
			put = pwrite(to, buf + done, (size_t)(n - done), offset + done);
			if (put < 0)
				return -errno;
		}
		offset += n;
		bytes -= (size_t)n;
	}
	return 0;
}

/* Copy the runs of @from that hold data; ENXIO says that none is left. */
static int copy_data(const struct ram *from, const struct ram *to)
{
	off_t data = 0;

	while ((data = lseek(from->fd, data, SEEK_DATA)) >= 0) {
		off_t end = lseek(from->fd, data, SEEK_HOLE);
		int err = end < 0 ? -errno : copy_run(from->fd, to->fd, data, (size_t)(end - data));

		if (err)
			return err;
		data = end;
	}
	return errno == ENXIO ? 0 : -errno;
}

int ram_copy(const struct ram *from, struct ram *to)
{
	int err = ram_create(to, from->bytes, from->is_private);

	if (err || from->is_private)
		return err;
	err = has_file(from) ? copy_data(from, to) : -EBADF;
	if (err)
		ram_destroy(to);
	return err;
}

void ram_drop(const struct ram *ram, size_t offset, size_t bytes)
{
	if (has_file(ram))
		fallocate(ram->fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, (off_t)offset,
			  (off_t)bytes);
}
