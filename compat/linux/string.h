/* SPDX-License-Identifier: MIT */
/* The tree's; copies in memory of their own are libkalloc's (kalloc/slab.h). */
#include_next <linux/string.h>

#ifndef KALLOC_STRING_H
#define KALLOC_STRING_H

#undef kmemdup
extern void *kmemdup(const void *src, size_t len, gfp_t gfp);

#endif
