/* SPDX-License-Identifier: MIT */
/*
 * Early: memory for whoever asks before there is a machine: the dynamic linker and resolvers
 * of IFUNCs while the program is being put together, and what booting the machine itself
 * calls. A few blocks, cut one after the other from a piece of the library's own data and
 * never given back. Any thread, no lock.
 *
 * A block lies behind a word that says how large it is.
 */
#ifndef MALLOC_EARLY_H
#define MALLOC_EARLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define EARLY_BYTES (256UL << 10)

extern char early_memory[EARLY_BYTES] __attribute__((visibility("hidden")));

/* Return: zeroed memory aligned to @align, a power of two; NULL if there is no more of it. */
void *early_alloc(size_t size, size_t align);

/* Whether @p came from early_alloc(). */
static inline bool early_has(const void *p)
{
	return (uintptr_t)p - (uintptr_t)early_memory < EARLY_BYTES;
}

/* Bytes of a block. */
size_t early_size(const void *p);

#endif
