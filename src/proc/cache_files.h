/* SPDX-License-Identifier: MIT */
/*
 * /sys/kernel/slab/<cache>/...: what is known of one cache, a file for each
 * attribute. Counts are followed by those of each node, or CPU, that has any.
 *
 * A path is resolved each time it is used: the newest cache of that name counts,
 * '!' in the path stands for '/' in the name, and the list's lock is held while
 * the text is made.
 *
 * Differs from Linux 6.1: a folder has the cache's own name, where the kernel names
 * one that can be merged after its properties and links its names to it; a
 * constructor is an address, not a symbol. Only `shrink` can be written.
 */
#ifndef PROC_CACHE_FILES_H
#define PROC_CACHE_FILES_H

#include "machine.h"
#include "text.h"

/* Path of attribute @index, with "<cache>" for the name; NULL past the last. */
const char *cache_files_path(unsigned int index);

/* Return: 0, or -ENOENT if there is no such cache or attribute. */
int cache_files_show(struct text *text, struct kalloc_machine *m, const char *path);

/* Return: 0, -ENOENT, -EACCES (cannot be written), -EINVAL. */
int cache_files_store(struct kalloc_machine *m, const char *path, const char *input);

#endif
