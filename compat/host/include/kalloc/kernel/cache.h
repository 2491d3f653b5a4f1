/* SPDX-License-Identifier: MIT */
/*
 * How a cache ends in a program that has readers and grace periods, of which libkalloc knows
 * none: who has found an object of a cache with SLAB_TYPESAFE_BY_RCU may look at it for as long
 * as it reads, whether the object was freed or not.
 */
#ifndef KALLOC_KERNEL_CACHE_H
#define KALLOC_KERNEL_CACHE_H

#include <kalloc/slab.h>

/* kalloc_cache_destroy() once nobody can look at an object of @s any more; of NULL it is 0. */
int kalloc_retire_cache(struct kmem_cache *s);

#undef kmem_cache_destroy
#if KALLOC_LINUX_VERSION < KERNEL_VERSION(2, 6, 19)
#define kmem_cache_destroy(s) kalloc_retire_cache(s)
#else
#define kmem_cache_destroy(s) ((void)kalloc_retire_cache(s))
#endif

#endif
