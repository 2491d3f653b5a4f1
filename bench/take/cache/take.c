/* SPDX-License-Identifier: MIT */
#include "take.h"

struct kmem_cache *take_cache;

void take_boot(void)
{
	take_cache = kmem_cache_create("bench", TAKE_SIZE, 0, SLAB_PANIC, NULL);
}
