/* SPDX-License-Identifier: MIT */
/* kmem_cache and kmalloc: libkalloc's. */
#ifndef _LINUX_SLAB_H
#define _LINUX_SLAB_H

#include <linux/gfp.h>
#include <linux/overflow.h>
#include <linux/rcupdate.h>
#include <linux/types.h>
#include <kalloc/kernel/cache.h>
#include <kalloc/slab.h>
#include <kalloc/vmalloc.h>

#endif
