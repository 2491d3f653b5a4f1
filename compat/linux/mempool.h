/* SPDX-License-Identifier: MIT */
/* Memory pools: libkalloc's, unless the program brings the tree's own mm/mempool.c. */
#ifdef KALLOC_TREE_MEMPOOL
#include_next <linux/mempool.h>
#else
#ifndef _LINUX_MEMPOOL_H
#define _LINUX_MEMPOOL_H

#include <linux/wait.h>
#include <linux/compiler.h>
#include <kalloc/mempool.h>

#endif
#endif
