/* SPDX-License-Identifier: MIT */
/* The tree's. A section of non_block_start() is one for the allocators, too. */
#include_next <linux/kernel.h>

#ifndef KALLOC_NON_BLOCKING
#define KALLOC_NON_BLOCKING

void kalloc_non_block_start(void);
void kalloc_non_block_end(void);

#undef non_block_start
#define non_block_start() kalloc_non_block_start()
#undef non_block_end
#define non_block_end() kalloc_non_block_end()

#endif
