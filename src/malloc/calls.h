/* SPDX-License-Identifier: MIT */
/*
 * Calls: what a watched process asks of its malloc(), written to the file "trace" of its report
 * as the kernel's events kmalloc and kfree, for "kalloc replay". Areas are not in it, as
 * there is no event of vmalloc().
 *
 * A line of an allocation is written after it and that of a free before it, so whatever threads
 * do, an address is free when it is allocated. What realloc() does is a free and an allocation.
 *
 * Lines wait in a buffer, under a lock that is held over a fork, in which they are written
 * out; the child has a file of its own. Any thread.
 */
#ifndef MALLOC_CALLS_H
#define MALLOC_CALLS_H

#include <stddef.h>

/* From now on it is written. */
void calls_begin(void);

/* @size bytes were asked for and @bytes serve at @p / what lies at @p is about to be freed. */
void calls_alloc(const void *p, size_t size, size_t bytes);
void calls_free(const void *p);

/* Write out what waits. */
void calls_flush(void);

/* Before a fork, and after it on both sides. */
void calls_freeze(void);
void calls_thaw(void);

#endif
