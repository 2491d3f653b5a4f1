/* SPDX-License-Identifier: MIT */
/*
 * A machine's memory: one memfd, so that a frame can be mapped at several
 * addresses at once (its linear address and any vmalloc address). Offset in the
 * file = physical address. The host commits a page of it at first touch; holes
 * cost nothing.
 */
#ifndef PLAT_RAM_H
#define PLAT_RAM_H

#include "base.h"

struct ram {
	int fd;
	size_t bytes;
};

/* Return: 0; -EFBIG (RLIMIT_FSIZE), -ENOMEM, -EMFILE ... as memfd_create and ftruncate give. */
int ram_create(struct ram *ram, size_t bytes);
void ram_destroy(struct ram *ram);

/*
 * Map [offset, offset + bytes) at @at, readable and writable, replacing what was
 * mapped there. All three page-aligned. Return: 0 or -ENOMEM.
 */
int ram_map(const struct ram *ram, void *at, size_t offset, size_t bytes);

/* Make a piece of what ram_map() showed fault. Return: 0 or -ENOMEM. */
int ram_hide(void *at, size_t bytes);

/* As ram_map(), and the host commits and shows every page of it now, not at the first touch. */
int ram_map_now(const struct ram *ram, void *at, size_t offset, size_t bytes);

/*
 * A second memfd with the same contents (only the parts in use are copied), for
 * the child of a fork. Return: 0 or a negative errno.
 */
int ram_copy(const struct ram *from, struct ram *to);

/* Give [offset, offset + bytes) back to the host; it reads as zero afterwards. */
void ram_drop(const struct ram *ram, size_t offset, size_t bytes);

#endif
