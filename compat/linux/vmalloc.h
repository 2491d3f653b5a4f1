/* SPDX-License-Identifier: MIT */
/* vmalloc: libkalloc's, under all the names that trees have for it. */
#ifndef _LINUX_VMALLOC_H
#define _LINUX_VMALLOC_H

#include <linux/spinlock.h>
#include <linux/init.h>
#include <linux/list.h>
#include <linux/llist.h>
#include <linux/overflow.h>
#include <linux/rbtree.h>
#include <asm/page.h>
#include <linux/gfp.h>
#include <kalloc/vmalloc.h>

struct notifier_block;

#define vmalloc_noprof	      vmalloc
#define vzalloc_noprof	      vzalloc
#define vmalloc_node_noprof   vmalloc_node
#define vmalloc_user_noprof   vmalloc_user
#define __vmalloc_noprof      __vmalloc
#define __vmalloc_node_noprof __vmalloc_node
#define vmalloc_huge_noprof   vmalloc_huge
#define vmalloc_array_noprof  vmalloc_array
#define vcalloc_noprof	      vcalloc
#define __vmalloc_array(n, size, flags)                                            \
	({                                                                         \
		size_t kalloc_bytes;                                               \
		__builtin_mul_overflow((size_t)(n), (size_t)(size), &kalloc_bytes) \
			? NULL                                                     \
			: __vmalloc(kalloc_bytes, (flags));                        \
	})

#define vmalloc_init() ((void)0)

#endif
