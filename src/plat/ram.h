/* SPDX-License-Identifier: MIT */
/*
 * A machine's memory: one memfd, so that a frame can be mapped at several
 * addresses at once (its linear address and any vmalloc address). Offset in the
 * file = physical address. The host commits a page of it at first touch; holes
 * cost nothing.
 *
 * Or it is private: no file, and what ram_map() shows is memory of the reservation itself,
 * zero-filled. Each address has memory of its own then, two that are given one offset do not
 * see each other's; in return nothing is to be copied for the child of a fork, as the host
 * does it page by page when one of both writes, and no descriptor has to stay open.
 */
#ifndef PLAT_RAM_H
#define PLAT_RAM_H

#include "base.h"

struct ram {
	int fd;
	bool is_private;
	size_t bytes;
	u64 device, inode; /* of the file: the program may close what it does not know of */
};

/*
 * @is_private: without a file. Return: 0; -EFBIG (RLIMIT_FSIZE), -ENOMEM, -EMFILE ... as
 * memfd_create and ftruncate give; private memory is always there.
 */
int ram_create(struct ram *ram, size_t bytes, bool is_private);
void ram_destroy(struct ram *ram);

/*
 * Map [offset, offset + bytes) at @at, a piece of a reservation, readable and writable,
 * replacing what was mapped there. All three page-aligned. Return: 0; -ENOMEM; -EBADF: the
 * program has closed the file.
 */
int ram_map(const struct ram *ram, void *at, size_t offset, size_t bytes);

/* Make a piece of what ram_map() showed fault. Return: 0 or -ENOMEM. */
int ram_hide(void *at, size_t bytes);

/* The same for good: private memory there goes back to the host. Return: 0 or -ENOMEM. */
int ram_unmap(const struct ram *ram, void *at, size_t bytes);

/* As ram_map(), and the host commits and shows every page of it now, not at the first touch. */
int ram_map_now(const struct ram *ram, void *at, size_t offset, size_t bytes);

/*
 * A second memfd with the same contents (only the parts in use are copied), for
 * the child of a fork; of private memory it is the same. Return: 0 or a negative errno.
 */
int ram_copy(const struct ram *from, struct ram *to);

/* Give [offset, offset + bytes) of the file back to the host; it reads as zero afterwards. */
void ram_drop(const struct ram *ram, size_t offset, size_t bytes);

#endif
