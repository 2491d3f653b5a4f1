/* SPDX-License-Identifier: MIT */
/*
 * The flags of requests: libkalloc's. The suites have the kernel's types from a header of
 * their own, so libkalloc's is read as kernel code reads it.
 */
#ifndef KALLOC_SUITE_GFP_TYPES_H
#define KALLOC_SUITE_GFP_TYPES_H

#include <linux/types.h>

typedef unsigned int slab_flags_t;

#define __KERNEL__
#include <kalloc/gfp.h>
#undef __KERNEL__

#endif
