/* SPDX-License-Identifier: MIT */
/* Frames, and what else kernel code expects to come with them. */
#ifndef _LINUX_MM_H
#define _LINUX_MM_H

#include <linux/err.h>
#include <linux/gfp.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/overflow.h>
#include <linux/shrinker.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

#define offset_in_page(p)    ((unsigned long)(p) & ~PAGE_MASK)
#define PAGE_ALIGNED(addr)   IS_ALIGNED((unsigned long)(addr), PAGE_SIZE)
#define virt_to_head_page(x) compound_head(virt_to_page(x))

#endif
