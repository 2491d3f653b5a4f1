/* SPDX-License-Identifier: MIT */
/* kmem_cache and kmalloc: libkalloc's, under all the names that trees have for them. */
#ifndef _LINUX_SLAB_H
#define _LINUX_SLAB_H

#include <linux/gfp.h>
#include <linux/overflow.h>
#include <linux/string.h>
#include <linux/types.h>
#include <linux/workqueue.h>
#include <linux/rcupdate.h>
#include <linux/percpu-refcount.h>
#include <linux/kasan.h>
#include <kalloc/kernel/cache.h>
#include <kalloc/slab.h>
#include <kalloc/vmalloc.h>

#if KALLOC_LINUX_VERSION >= KERNEL_VERSION(6, 4, 0)
#include <linux/cleanup.h>
#include <linux/hash.h>
#endif

/* Where a cache's free pointer lies is the library's affair. */
typedef struct {
	unsigned long v;
} freeptr_t;

/* There is no KFENCE. */
#define SLAB_SKIP_KFENCE 0

struct list_lru;
struct mem_cgroup;

/* How src/slab/cache.h begins: mm/ files look into caches. */
struct kmem_cache {
	unsigned long supply[6];
	unsigned int sheaf_most;
	struct kalloc_machine *machine;
	void *cpu_slab;
	slab_flags_t flags;
	unsigned int nr_cpus;
	unsigned int offset;
	unsigned int size;
	unsigned int object_size;
	unsigned int inuse;
	unsigned int align;
	unsigned int red_left_pad;
	unsigned long min_partial;
	unsigned int cpu_partial;
	unsigned int cpu_partial_slabs;
	unsigned int oo, min;
	gfp_t allocflags;
	int refcount;
	void (*ctor)(void *object);
};

#define kmem_cache_alloc_lru(s, lru, flags) ((void)(lru), kmem_cache_alloc((s), (flags)))

#define __assume_kmalloc_alignment
#define __assume_slab_alignment
#define __assume_page_alignment
#define ARCH_SLAB_MINALIGN			     8

#define kmalloc_track_caller(size, flags)	     kmalloc((size), (flags))
#define kmalloc_node_track_caller(size, flags, node) kmalloc_node((size), (flags), (node))

/* From 6.10 each name has a twin that leaves no tag. There are no tags here. */
#define kmalloc_noprof		     kmalloc
#define kzalloc_noprof		     kzalloc
#define kmalloc_node_noprof	     kmalloc_node
#define __kmalloc_noprof	     __kmalloc
#define __kmalloc_node_noprof	     __kmalloc_node
#define kmalloc_array_noprof	     kmalloc_array
#define kmalloc_array_node_noprof    kmalloc_array_node
#define kcalloc_noprof		     kcalloc
#define krealloc_noprof		     krealloc
#define krealloc_array_noprof	     krealloc_array
#define kmem_cache_alloc_noprof	     kmem_cache_alloc
#define kmem_cache_alloc_node_noprof kmem_cache_alloc_node
#define kmem_cache_alloc_bulk_noprof kmem_cache_alloc_bulk
#define kmem_cache_alloc_lru_noprof  kmem_cache_alloc_lru
#define kmalloc_track_caller_noprof  kmalloc_track_caller
#define __kmalloc_cache_noprof	     kmalloc_trace
#define kvmalloc_noprof		     kvmalloc
#define kvmalloc_node_noprof	     kvmalloc_node
#define kvzalloc_noprof		     kvzalloc
#define kvmalloc_array_noprof	     kvmalloc_array

#define __ksize(object)		     ksize(object)
#define slab_is_available()	     true

#define kmem_dump_obj(object)	     ((void)(object), false)
#define kmem_valid_obj(object)	     ((void)(object), false)

#if KALLOC_LINUX_VERSION >= KERNEL_VERSION(6, 4, 0)
DEFINE_FREE(kfree, void *, if (!IS_ERR_OR_NULL(_T)) kfree(_T))
DEFINE_FREE(kvfree, void *, if (!IS_ERR_OR_NULL(_T)) kvfree(_T))
#endif

#endif
