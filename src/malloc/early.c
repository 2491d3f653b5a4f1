/* SPDX-License-Identifier: MIT */
#include "early.h"

#define EARLY_ALIGN 16UL

char early_memory[EARLY_BYTES] __attribute__((aligned(4096)));

static size_t used; /* bytes of it, read and written atomically */

/* Where a block of @align begins that has room for its word and lies behind @used_bytes. */
static size_t block_at(size_t used_bytes, size_t align)
{
	return (used_bytes + sizeof(size_t) + align - 1) & ~(align - 1);
}

void *early_alloc(size_t size, size_t align)
{
	size_t before = __atomic_load_n(&used, __ATOMIC_RELAXED), at;

	align = align > EARLY_ALIGN ? align : EARLY_ALIGN;
	do {
		at = block_at(before, align);
		if (align > EARLY_BYTES || at >= EARLY_BYTES || size > EARLY_BYTES - at)
			return NULL;
	} while (!__atomic_compare_exchange_n(&used, &before, at + size, false, __ATOMIC_RELAXED,
					      __ATOMIC_RELAXED));
	((size_t *)(early_memory + at))[-1] = size;
	return early_memory + at;
}

size_t early_size(const void *p)
{
	return ((const size_t *)p)[-1];
}
